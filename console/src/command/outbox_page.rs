//! Mails of the outbox as people read them: the table and the page of one mail.

use super::ticket::subject;
use crate::clock::Clock;
use crate::output::time::{both, exact, relative};
use crate::output::{Column, Page, Span, Style, Table, size};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::OutboxState;
use maildesk_core::rpc::{OutboxRow, OutboxView};

pub(crate) fn table(rows: &[OutboxRow], clock: &Clock) -> Table {
    let mut table = Table::new([
        Column::Number("Id"),
        Column::Word("State"),
        Column::Word("When"),
        Column::Number("Tries"),
        Column::Text("To"),
        Column::Text("Subject"),
        Column::Text("Said"),
    ]);
    for row in rows {
        let cells = [
            row.id.to_string(),
            state_word(row).to_owned(),
            when(&row.state, clock),
            row.attempts.to_string(),
            row.to.clone(),
            subject(&row.subject),
            said(row),
        ];
        table.row(state_style(row), cells);
    }
    table
}

/// The state, or `sending` while it is on a connection.
pub fn state_word(row: &OutboxRow) -> &'static str {
    if row.sending && row.state.is_waiting() { "sending" } else { row.state.word() }
}

fn when(state: &OutboxState, clock: &Clock) -> String {
    match state {
        OutboxState::Due { at } if *at <= clock.now => "now".into(),
        OutboxState::Held { until: Some(at), .. }
        | OutboxState::Held { since: at, until: None, .. }
        | OutboxState::Due { at }
        | OutboxState::Sent { at, .. }
        | OutboxState::Failed { at, .. }
        | OutboxState::Cancelled { at, .. } => relative(*at, clock),
    }
}

fn said(row: &OutboxRow) -> String {
    let last = || row.said.clone().unwrap_or_else(|| "-".into());
    match &row.state {
        OutboxState::Failed { reason, .. } => reason.clone(),
        OutboxState::Cancelled { by, .. } => format!("by {by}"),
        OutboxState::Held { reason, .. } => format!("held {}", reason.words()),
        OutboxState::Due { .. } => row.waits_for.map_or_else(last, |first| format!("waits for mail {first}")),
        OutboxState::Sent { .. } => last(),
    }
}

/// A mail that waits after a refusal stands out, one that failed more so.
fn state_style(row: &OutboxRow) -> Style {
    match row.state {
        OutboxState::Due { .. } if row.deferrals > 0 => Style::Attention,
        OutboxState::Due { .. } | OutboxState::Sent { .. } => Style::Plain,
        OutboxState::Failed { .. } => Style::Bad,
        OutboxState::Held { .. } | OutboxState::Cancelled { .. } => Style::Dim,
    }
}

fn state_words(row: &OutboxRow, clock: &Clock) -> String {
    if row.sending && row.state.is_waiting() {
        return "is being sent at this moment".into();
    }
    match &row.state {
        OutboxState::Held { since, until: None, reason } => {
            format!("held {} since {}; maildesk outbox release {}", reason.words(), both(*since, clock), row.id)
        }
        OutboxState::Held { until: Some(until), reason, .. } => {
            format!("held {}; it goes {}", reason.words(), both(*until, clock))
        }
        OutboxState::Due { at } => {
            let due = if *at <= clock.now { "due now".into() } else { format!("due {}", both(*at, clock)) };
            match (row.waits_for, row.deferrals) {
                (Some(first), _) => {
                    format!("waits for mail {first} of the same ticket to the same person, which goes first")
                }
                (None, 0) => due,
                (None, 1) => format!("{due}, after a temporary refusal"),
                (None, times) => format!("{due}, after {times} temporary refusals"),
            }
        }
        OutboxState::Sent { at, server_said } => format!("sent {}: {server_said}", both(*at, clock)),
        OutboxState::Failed { at, reason } => format!("failed {}: {reason}", both(*at, clock)),
        OutboxState::Cancelled { at, by } => format!("cancelled {} by {by}", both(*at, clock)),
    }
}

pub(crate) fn page(view: &OutboxView, clock: &Clock) -> Page {
    let row = &view.row;
    let mut page = Page::default();
    page.line([Span::strong(format!("mail {} {}", row.id, subject(&row.subject)))]);
    let entry = view.entry.map(|entry| format!(", entry {entry}")).unwrap_or_default();
    let next_try = row.state.due_at().filter(|at| *at > clock.now).map(|at| both(at, clock));
    page.fields([
        ("state", Some(state_words(row, clock))),
        ("next try", next_try),
        ("kind", Some(kind_words(row.kind).to_owned())),
        ("ticket", row.ticket.map(|ticket| format!("#{ticket}{entry}"))),
        ("from", Some(view.from.clone())),
        ("to", Some(row.to.clone())),
        ("sender", Some(row.sender.to_string())),
        ("message id", Some(format!("<{}>", view.message_id))),
        ("size", Some(size::bytes(row.size))),
        ("files", files(view)),
        ("created", Some(both(row.created, clock))),
    ]);
    page.empty_line();
    if view.attempts.is_empty() {
        page.line([Span::dim("not tried yet")]);
    }
    for attempt in &view.attempts {
        page.line([Span::dim(exact(attempt.at, clock)), Span::plain(&attempt.said)]);
        if let Some(meaning) = &attempt.meaning {
            page.indented(2, [Span::dim("means:"), Span::plain(meaning)]);
        }
        if let Some(remedy) = &attempt.remedy {
            page.indented(2, [Span::dim("try:"), Span::plain(remedy)]);
        }
    }
    page
}

/// Names and sizes of the files that go along.
fn files(view: &OutboxView) -> Option<String> {
    let named = view.attachments.iter().map(|file| format!("{} {}", file.name, size::bytes(file.size)));
    let named: Vec<String> = named.collect();
    (!named.is_empty()).then(|| named.join(", "))
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::TicketAcknowledgement => "acknowledgement of a new ticket",
        Kind::AgentReply => "answer of an agent",
        Kind::TicketResolved => "notice that a ticket is resolved",
        Kind::SlaWarning => "SLA warning",
        Kind::SlaBreached => "SLA breach",
        Kind::Invitation => "invitation",
        Kind::AgentNewTicket => "notice of a new ticket to an agent",
        Kind::AgentCustomerReplied => "notice of a customer's message to an agent",
        Kind::InvitationAnswer => "answer to who was invited",
        Kind::CommandRefused => "answer to an agent whose commands were refused",
        Kind::AgentReminder => "reminder of a ticket to an agent",
        Kind::AgentAssigned => "notice of an assignment to an agent",
    }
}
