//! `maildesk outbox`: mails to send and what became of them.

use super::Session;
use super::listing::{Listing, collect, mention_rest};
use super::ticket::subject;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json::outbox::{Entry, Row};
use crate::output::time::{both, exact, relative};
use crate::output::{Column, Page, Span, Style, Table, size};
use clap::Subcommand;
use maildesk_core::ids::OutboxId;
use maildesk_core::notification::Kind;
use maildesk_core::outbox::OutboxState;
use maildesk_core::rpc::{OutboxQuery, OutboxRow, OutboxView};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Mails of the outbox
    List {
        /// Only mails in this state
        #[arg(long, value_parser = ["due", "sent", "failed", "cancelled"])]
        state: Option<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// One mail with every attempt
    Show {
        /// Number of the mail, as `outbox list` says
        id: u64,
        /// The MIME message exactly as it is or will be sent
        #[arg(long)]
        message: bool,
    },
    /// Try it now
    Retry {
        /// Number of the mail, as `outbox list` says
        id: u64,
    },
    /// Never send it
    Cancel {
        /// Number of the mail, as `outbox list` says
        id: u64,
    },
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { state, listing } => list(state, &listing, session).await,
        Verb::Show { id, message: true } if session.output.json() => {
            Err(Failure::Usage(format!("--message gives the bytes of mail {id}: leave out --json")))
        }
        Verb::Show { id, message: true } => {
            let message = session.client().await?.outbox_message(OutboxId(id)).await?;
            session.output.bytes(&message)
        }
        Verb::Show { id, message: false } => {
            let view = session.client().await?.outbox_entry(OutboxId(id)).await?;
            if session.output.json() {
                return session.output.answer("maildesk.outbox.show/1", &Entry::from(view), None);
            }
            let page = page(&view, session.output.clock());
            session.output.page(&page)
        }
        Verb::Retry { id } => {
            let row = session.client().await?.outbox_retry(OutboxId(id)).await?;
            changed(row, "maildesk.outbox.retry/1", "is tried now", session)
        }
        Verb::Cancel { id } => {
            let row = session.client().await?.outbox_cancel(OutboxId(id)).await?;
            changed(row, "maildesk.outbox.cancel/1", "will not be sent", session)
        }
    }
}

async fn list(state: Option<String>, listing: &Listing, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let query = OutboxQuery { state };
    let rows = collect(listing, async |window| client.outbox(query.clone(), window).await).await?;
    if session.output.json() {
        let mails: Vec<Row> = rows.rows.into_iter().map(Row::from).collect();
        return session.output.answer("maildesk.outbox.list/1", &mails, rows.next);
    }
    let clock = session.output.clock().clone();
    let mut table = Table::new([
        Column::Number("Id"),
        Column::Word("State"),
        Column::Word("When"),
        Column::Number("Tries"),
        Column::Text("To"),
        Column::Text("Subject"),
        Column::Text("Said"),
    ]);
    for row in &rows.rows {
        let cells = [
            row.id.to_string(),
            row.state.word().to_owned(),
            when(&row.state, &clock),
            row.attempts.to_string(),
            row.to.clone(),
            subject(&row.subject),
            said(row),
        ];
        table.row(state_style(row), cells);
    }
    let empty = match &query.state {
        Some(state) => format!("No mail of the outbox is {state}; maildesk outbox list shows all."),
        None => "The outbox is empty: nothing was sent yet.".into(),
    };
    session.output.table(&table, &empty)?;
    mention_rest(&rows);
    Ok(())
}

fn when(state: &OutboxState, clock: &Clock) -> String {
    match state {
        OutboxState::Due { at } if *at <= clock.now => "now".into(),
        OutboxState::Due { at }
        | OutboxState::Sent { at, .. }
        | OutboxState::Failed { at, .. }
        | OutboxState::Cancelled { at, .. } => relative(*at, clock),
    }
}

fn said(row: &OutboxRow) -> String {
    match &row.state {
        OutboxState::Failed { reason, .. } => reason.clone(),
        OutboxState::Cancelled { by, .. } => format!("by {by}"),
        OutboxState::Sent { .. } | OutboxState::Due { .. } => row.said.clone().unwrap_or_else(|| "-".into()),
    }
}

/// A mail that waits after a refusal stands out, one that failed more so.
fn state_style(row: &OutboxRow) -> Style {
    match row.state {
        OutboxState::Due { .. } if row.attempts > 0 => Style::Attention,
        OutboxState::Due { .. } | OutboxState::Sent { .. } => Style::Plain,
        OutboxState::Failed { .. } => Style::Bad,
        OutboxState::Cancelled { .. } => Style::Dim,
    }
}

fn page(view: &OutboxView, clock: &Clock) -> Page {
    let row = &view.row;
    let mut page = Page::default();
    page.line([Span::strong(format!("mail {} {}", row.id, subject(&row.subject)))]);
    let state = match &row.state {
        OutboxState::Due { at } => format!("due {}", both(*at, clock)),
        OutboxState::Sent { at, server_said } => format!("sent {}: {server_said}", both(*at, clock)),
        OutboxState::Failed { at, reason } => format!("failed {}: {reason}", both(*at, clock)),
        OutboxState::Cancelled { at, by } => format!("cancelled {} by {by}", both(*at, clock)),
    };
    let entry = view.entry.map(|entry| format!(", entry {entry}")).unwrap_or_default();
    page.fields([
        ("state", Some(state)),
        ("kind", Some(kind_words(row.kind).to_owned())),
        ("ticket", row.ticket.map(|ticket| format!("#{ticket}{entry}"))),
        ("from", Some(view.from.clone())),
        ("to", Some(row.to.clone())),
        ("sender", Some(row.sender.to_string())),
        ("message id", Some(format!("<{}>", view.message_id))),
        ("size", Some(size::bytes(row.size))),
        ("created", Some(both(row.created, clock))),
    ]);
    page.empty_line();
    if view.attempts.is_empty() {
        page.line([Span::dim("not tried yet")]);
    }
    for attempt in &view.attempts {
        page.line([Span::dim(exact(attempt.at, clock)), Span::plain(&attempt.said)]);
    }
    page
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::TicketAcknowledgement => "acknowledgement of a new ticket",
        Kind::AgentReply => "answer of an agent",
        Kind::TicketResolved => "notice that a ticket is resolved",
        Kind::SlaWarning => "SLA warning",
        Kind::SlaBreached => "SLA breach",
        Kind::Invitation => "invitation of an agent",
    }
}

fn changed(row: OutboxRow, schema: &'static str, what: &str, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer(schema, &Row::from(row), None);
    }
    let mut page = Page::default();
    page.line([Span::strong(format!("mail {}", row.id)), Span::plain(format!("to {} {what}", row.to))]);
    session.output.page(&page)
}
