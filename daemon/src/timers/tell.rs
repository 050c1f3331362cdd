//! A warning or a breach is told: event, entry on the ticket, mails to agents, within the commit of its mark.

use crate::active::Active;
use crate::notify::{AgentNews, tell_agents};
use crate::outbox::add_entry;
use crate::store::error::StoreError;
use crate::store::events;
use crate::store::kv::Transaction;
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::EntryNumber;
use maildesk_core::notification::{Doer, target_words};
use maildesk_core::settings::AgentNotice;
use maildesk_core::sla::{Plan, Sign, Telling};
use maildesk_core::ticket::{Author, Entry, EntryKind, Ticket};

/// Gives the ticket as it is afterwards.
pub(super) fn tell(
    tx: &mut Transaction<'_>,
    active: &Active,
    plan: &Plan,
    ticket: Ticket,
    telling: &Telling,
    now: Timestamp,
) -> Result<Ticket, StoreError> {
    let told = if telling.mail { mail(tx, active, plan, &ticket, telling, now)? } else { Vec::new() };
    let (number, policy) = (ticket.number, plan.name.to_string());
    let (target, due) = (telling.mark.clock.target.words().to_owned(), telling.due);
    events::append(
        tx,
        now,
        match telling.mark.sign {
            Sign::Warning(lead) => DomainEvent::SlaWarning {
                ticket: number,
                target,
                lead: lead.to_string(),
                due,
                policy,
                told: told.clone(),
            },
            Sign::Breach => DomainEvent::SlaBreached { ticket: number, target, due, policy, told: told.clone() },
        },
    )?;
    // A warning about what has happened meanwhile would only puzzle who reads the thread.
    if telling.over && telling.mark.sign != Sign::Breach {
        return Ok(ticket);
    }
    let entry = Entry::new(Author::System, EntryKind::Sla, sentence(plan, telling, &told), now);
    add_entry(tx, &ticket, entry, now)
}

/// Queues the mails; gives whom they go to.
fn mail(
    tx: &mut Transaction<'_>,
    active: &Active,
    plan: &Plan,
    ticket: &Ticket,
    telling: &Telling,
    now: Timestamp,
) -> Result<Vec<String>, StoreError> {
    let notice = match telling.mark.sign {
        Sign::Warning(_) => AgentNotice::SlaWarning,
        Sign::Breach => AgentNotice::SlaBreached,
    };
    // The entry that says so is written next.
    let entry = EntryNumber(ticket.entries + 1);
    let news = AgentNews { notice, ticket, entry, message: "", doer: Doer::Clock, but_not: &[] };
    let target = telling.mark.clock.target;
    let due = telling.due.unwrap_or(telling.came);
    tell_agents(
        tx,
        active,
        &news,
        |values, reader| {
            values
                .with("sla.target", target_words(target, reader.language))
                .with_time("sla.due", due)
                .with("sla.policy", plan.name.as_str())
        },
        now,
    )
    .map(|heard| heard.told)
}

/// For the thread: `first response due 2026-11-23 10:00 CET, 80% used; told ann, bob`.
fn sentence(plan: &Plan, telling: &Telling, told: &[String]) -> String {
    let target = telling.mark.clock.target.words();
    let time = |at: Timestamp| at.to_zoned(plan.zone().clone()).strftime("%Y-%m-%d %H:%M %Z").to_string();
    let what = match (telling.mark.sign, telling.due) {
        (Sign::Breach, _) => format!("{target} was due {}", time(telling.came)),
        (Sign::Warning(_), Some(due)) => format!("{target} is due {}", time(due)),
        (Sign::Warning(_), None) => format!("{target} is due soon"),
    };
    let sign = match telling.mark.sign {
        Sign::Warning(lead) => format!(", warning at {lead}"),
        Sign::Breach => String::new(),
    };
    let whom = if told.is_empty() { String::new() } else { format!("; told {}", told.join(", ")) };
    format!("{what} (policy {}{sign}){whom}", plan.name)
}
