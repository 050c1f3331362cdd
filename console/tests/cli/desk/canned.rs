//! What the canned answers share: the script of the test, windows, refusals.

use super::{Script, answers};
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::filter::Filter;
use maildesk_core::ids::{BlobHash, EntryNumber, EventSeq, MailId, OutboxId, Revision, TicketNumber};
use maildesk_core::macros::Macro;
use maildesk_core::rpc::*;
use maildesk_core::settings::FieldProblem;
use serde_bytes::ByteBuf;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
pub(crate) struct Canned {
    pub(crate) script: Arc<Mutex<Script>>,
}

pub(super) type Answer<T> = Result<T, RpcError>;

impl Canned {
    pub(super) async fn allowed(&self) -> Answer<()> {
        let (silent, refusal) = {
            let mut script = self.script.lock().unwrap();
            script.called = true;
            (script.silent, script.refusal.clone())
        };
        if silent {
            std::future::pending::<()>().await;
        }
        refusal.map_or(Ok(()), Err)
    }

    pub(super) fn settings_view(&self) -> SettingsView {
        let mut settings = answers::settings();
        if self.script.lock().unwrap().with_filters {
            settings.filter = answers::filters();
        }
        SettingsView { revision: Revision(4), settings }
    }

    pub(super) fn piece(&self, hash: BlobHash, offset: u64, limit: u32) -> Answer<ByteBuf> {
        let known = [answers::attachment_bytes(), answers::RAW.to_vec()];
        let Some(bytes) = known.into_iter().find(|bytes| BlobHash::of(bytes) == hash) else {
            return missing("blob", hash);
        };
        let mut piece: Vec<u8> = bytes.into_iter().skip(offset as usize).take(limit as usize).collect();
        if self.script.lock().unwrap().damaged {
            piece.iter_mut().for_each(|byte| *byte = !*byte);
        }
        Ok(ByteBuf::from(piece))
    }

    pub(super) fn note(&self, what: String) -> usize {
        let mut script = self.script.lock().unwrap();
        script.asked.push(what);
        script.asked.len()
    }

    pub(super) fn import(&self, rows: usize, dry_run: bool) -> Answer<Imported> {
        let calls = self.note(format!("import {rows} dry_run={dry_run}"));
        if self.script.lock().unwrap().refuse_import_after.is_some_and(|batches| calls > batches) {
            let said = "no customer is named \"Nobody\"";
            return Err(match dry_run {
                true => RpcError::Invalid(vec![FieldProblem {
                    field: "line 2: customer".into(),
                    problem: said.into(),
                    remedy: "import it first".into(),
                }]),
                false => RpcError::Rejected(said.into()),
            });
        }
        Ok(Imported { added: rows as u32, changed: 0, unchanged: 0 })
    }
}

pub(super) fn window<T>(rows: Vec<T>, window: Window, id: impl Fn(&T) -> u64) -> Rows<T> {
    let mut rows: Vec<T> = match window.after {
        Some(after) => rows.into_iter().skip_while(|row| id(row) != after).skip(1).collect(),
        None => rows,
    };
    let more = rows.len() > window.limit as usize;
    rows.truncate(window.limit as usize);
    Rows { next: rows.last().map(id).filter(|_| more), rows }
}

pub(super) fn missing<T>(what: &str, name: impl ToString) -> Answer<T> {
    Err(RpcError::NotFound { what: what.into(), name: name.to_string() })
}

pub(super) fn ticket_row(number: TicketNumber) -> Answer<TicketRow> {
    answers::tickets().into_iter().find(|row| row.number == number).map_or_else(|| missing("ticket", number), Ok)
}

/// The mail is in the second call's part of the log; the third comes to the end.
pub(super) fn found_mails(query: &MailQuery, part: Window) -> FoundMails {
    let mut found = FoundMails { looked_at: 5000, back_to: Some(answers::minutes_ago(30)), ..FoundMails::default() };
    match part.after {
        None if !query.is_open() => found.next = Some(5000),
        None | Some(5000) => {
            found.rows = vec![answers::mail_row()];
            found.next = part.after.map(|_| 10_000);
        }
        Some(_) => {}
    }
    found
}

pub(super) fn next_event(seen: EventSeq, wait_ms: u32) -> Answer<EventBatch> {
    let event = |seq, what| Event { seq: EventSeq(seq), at: answers::minutes_ago(1), what };
    let all = [
        event(1, DomainEvent::StorageFault { meaning: answers::HOSTILE.into() }),
        event(2, DomainEvent::StorageRecovered),
    ];
    let events: Vec<Event> = all.into_iter().filter(|event| event.seq > seen).take(1).collect();
    if events.is_empty() && wait_ms > 0 {
        // A follower waits; here the daemon goes away in the middle of that.
        return Err(RpcError::Stopping);
    }
    let next = events.last().map_or(seen, |event| event.seq);
    Ok(EventBatch { events, next, gap: false })
}

pub(super) fn filters_view() -> FiltersView {
    let filters = answers::filters();
    let hits = FilterHits { count: 7, last: Some(answers::minutes_ago(3)), mail: Some(MailId(9)) };
    let row = |filter: &Filter| FilterRow { filter: filter.clone(), hits };
    FiltersView {
        revision: Revision(4),
        rows: filters.iter().map(row).collect(),
        shadowed: maildesk_core::filter::shadowed(&filters),
    }
}

pub(super) fn moved_tickets(wanted: TicketMove) -> Answer<MovedTickets> {
    match wanted {
        TicketMove::Merge { source, target } => {
            Ok(MovedTickets::Merged(Box::new(answers::merged(source, ticket_row(target)?))))
        }
        TicketMove::Split { ticket, entries, .. } => {
            let entries = (1..).zip(entries).map(|(is, was)| MovedEntry { was, is: EntryNumber(is) }).collect();
            let (old, new) = (ticket_row(ticket)?, ticket_row(ticket)?);
            Ok(MovedTickets::Split(Box::new(SplitView { old, new, entries })))
        }
    }
}

pub(super) fn changed_macros(all: Vec<MacroChange>) -> Vec<MacroChanged> {
    let fate = |to: &Option<Macro>| if to.is_some() { MacroFate::Changed } else { MacroFate::Removed };
    all.into_iter().map(|one| MacroChanged { what: fate(&one.to), name: one.name, revision: Revision(4) }).collect()
}

/// Ticket 1 is closed.
pub(super) fn applied(call: &MacroCall) -> Answer<MacroOutcome> {
    let ticket = ticket_row(call.ticket)?;
    if call.ticket == TicketNumber(1) {
        return Err(RpcError::Rejected("ticket 1 is closed: resolve cannot be done".into()));
    }
    let reply = MacroReply {
        to: "ann@acme.example".into(),
        subject: "Re: [#2] fire".into(),
        text: "Hello Ann,\n\nit is on its way.".into(),
        outbox: OutboxId(5),
        held_until: None,
    };
    Ok(MacroOutcome { ticket, reply: Some(reply), note: None, changes: vec!["open -> resolved".into()] })
}

/// Rules by name, and whether they are on.
pub(super) fn named(filters: Option<Vec<Filter>>) -> Option<Vec<String>> {
    filters.map(|all| all.iter().map(|one| format!("{} {}", one.name, one.enabled)).collect())
}
