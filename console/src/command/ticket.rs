//! `maildesk ticket`: list, read, answer, note, and the verbs that change it.

use super::listing::{Listing, collect, mention_rest};
use super::{Session, input, ticket_change, ticket_moves, ticket_page, ticket_reply};
use crate::client::Client;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json::ticket::{Thread, Ticket};
use crate::output::time::{distance, relative};
use crate::output::{Column, Page, Span, Style, Table};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{EntryView, Rows, TicketOrder, TicketQuery, TicketRow};
use maildesk_core::ticket::{Priority, Status};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Tickets, the newest first
    List {
        /// Only tickets of this status
        #[arg(long, value_parser = ["new", "open", "pending", "resolved", "closed"])]
        status: Option<String>,
        /// due: only tickets with a due time, the one that is due first at the head
        #[arg(long, value_parser = ["newest", "oldest", "due"])]
        sort: Option<String>,
        /// Only tickets with this word in number, subject, contact or customer, or with `key:word` (status, priority,
        /// assignee, mailbox, tag, from, customer); `!` before it: without. Several: all must hold
        #[arg(long, value_name = "WORD")]
        find: Vec<String>,
        #[command(flatten)]
        listing: Listing,
    },
    /// One ticket with its whole thread
    Show {
        /// Number of the ticket
        number: u64,
        /// Show quotes and signatures too
        #[arg(long)]
        quotes: bool,
    },
    /// Answer the customer by mail
    Reply(ticket_reply::ReplyArgs),
    /// Add a note that customers do not see
    Note {
        /// Number of the ticket
        number: u64,
        #[command(flatten)]
        text: GivenText,
    },
    /// Say that it is done, and tell the customer
    Resolve(ticket_change::Resolve),
    /// Let it wait for the customer, or until a time
    Pend(ticket_change::Pend),
    /// Say that it is over; nobody is told
    Close(ticket_change::Number),
    /// Go on with it
    Reopen(ticket_change::Number),
    /// Put an agent in charge
    Assign(ticket_change::Assign),
    /// Say how much it matters
    Priority(ticket_change::Prioritise),
    /// Add or take away tags
    Tag(ticket_change::Tag),
    /// Make one ticket part of another: one matter
    Merge(ticket_moves::MergeArgs),
    /// Make a ticket of its own of some entries: two matters
    Split(ticket_moves::SplitArgs),
}

/// Where a text comes from.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct GivenText {
    /// The text itself
    #[arg(long, allow_hyphen_values = true)]
    text: Option<String>,
    /// A file with the text
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Read it from standard input
    #[arg(value_name = "-", value_parser = ["-"])]
    standard_input: Option<String>,
}

impl GivenText {
    pub(super) async fn read(self) -> Result<String, Failure> {
        match (self.text, self.file) {
            (Some(text), _) => Ok(text),
            (None, Some(file)) => input::read_text(&file).await,
            (None, None) => input::read_text("-".as_ref()).await,
        }
    }
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { status, sort, find, listing } => {
            let sort = sort.as_deref();
            let order = if sort == Some("due") { TicketOrder::Due } else { TicketOrder::Newest };
            let words = find.iter().flat_map(|words| words.split_whitespace()).map(str::to_owned).collect();
            list(TicketQuery { status, order, reversed: sort == Some("oldest"), words }, &listing, session).await
        }
        Verb::Show { number, quotes } => show(TicketNumber(number), quotes, session).await,
        Verb::Reply(given) => ticket_reply::reply(given, session).await,
        Verb::Note { number, text } => {
            let text = text.read().await?;
            let row = session.client().await?.ticket_note(TicketNumber(number), text).await?;
            changed(row, "maildesk.ticket.note/1", "the note is kept", session)
        }
        Verb::Resolve(given) => ticket_change::resolve(given, session).await,
        Verb::Pend(given) => ticket_change::pend(given, session).await,
        Verb::Close(number) => ticket_change::close(&number, session).await,
        Verb::Reopen(number) => ticket_change::reopen(&number, session).await,
        Verb::Assign(given) => ticket_change::assign(given, session).await,
        Verb::Priority(given) => ticket_change::prioritise(given, session).await,
        Verb::Tag(given) => ticket_change::tag(given, session).await,
        Verb::Merge(given) => ticket_moves::merge(given, session).await,
        Verb::Split(given) => ticket_moves::split(given, session).await,
    }
}

async fn list(query: TicketQuery, listing: &Listing, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let rows = collect(listing, async |window| client.tickets(query.clone(), window).await).await?;
    if session.output.json() {
        let tickets: Vec<Ticket> = rows.rows.into_iter().map(Ticket::from).collect();
        return session.output.answer("maildesk.ticket.list/1", &tickets, rows.next);
    }
    let clock = session.output.clock().clone();
    let table = table(rows.rows.iter(), &|at| relative(at, &clock));
    let empty = match &query.status {
        _ if !query.words.is_empty() => format!("No ticket matches '{}'.", query.words.join(" ")),
        _ if query.order == TicketOrder::Due => "No ticket has a due time; maildesk ticket list shows all.".into(),
        Some(status) => format!("No ticket is {status}; maildesk ticket list shows all."),
        None => "No tickets yet: they appear when mail comes in. maildesk mailbox list shows what is polled.".into(),
    };
    session.output.table(&table, &empty)?;
    mention_rest(&rows);
    Ok(())
}

/// The list as people read it; `when` says how its times are told.
pub(crate) fn table<'a>(rows: impl Iterator<Item = &'a TicketRow>, when: &dyn Fn(Timestamp) -> String) -> Table {
    let rows: Vec<&TicketRow> = rows.collect();
    // Where something is due, that is worth more than how long a thread is.
    let with_due = rows.iter().any(|row| row.sla.is_some());
    let mut table = Table::new([
        Column::Number("No"),
        Column::Word("Status"),
        Column::Text("Subject"),
        Column::Name("Contact"),
        Column::Name("Customer"),
        if with_due { Column::Word("Due") } else { Column::Number("Entries") },
        Column::Word("Updated"),
    ]);
    for row in rows {
        let due = row.sla.as_ref().map_or_else(|| "-".into(), |brief| brief.due.map_or_else(|| "paused".into(), when));
        let cells = [
            row.number.to_string(),
            status_words(row),
            subject(&row.subject),
            row.contact.clone(),
            row.customer.clone().unwrap_or_else(|| "-".into()),
            if with_due { due } else { row.entries.to_string() },
            when(row.updated),
        ];
        table.row(row_style(row.status), cells);
    }
    table
}

/// The list beside a thread: when each is due where anything is, else how old its newest entry is.
pub(crate) fn narrow_table<'a>(rows: impl Iterator<Item = &'a TicketRow>, clock: &Clock) -> Table {
    let rows: Vec<&TicketRow> = rows.collect();
    let with_due = rows.iter().any(|row| row.sla.is_some());
    // What is late says so.
    let until = |due: Timestamp| format!("{}{}", if due < clock.now { "!" } else { "" }, distance(due, clock));
    let last = if with_due { "Due" } else { "Age" };
    let mut table = Table::new([Column::Number("No"), Column::Text("Subject"), Column::Number(last)]);
    for row in rows {
        let due = row.sla.as_ref().map_or_else(|| "-".into(), |brief| brief.due.map_or_else(|| "paused".into(), until));
        let last = if with_due { due } else { distance(row.updated, clock) };
        let cells = [row.number.to_string(), subject(&row.subject), last];
        table.row(row_style(row.status), cells);
    }
    table
}

/// The status, with the priority where it is not the usual one.
pub(crate) fn status_words(row: &TicketRow) -> String {
    match row.priority {
        Priority::Normal => row.status.word().to_owned(),
        other => format!("{}, {}", row.status.word(), other.word()),
    }
}

/// A subject, or words in its place.
pub(super) fn subject(given: &str) -> String {
    if given.trim().is_empty() { "(no subject)".into() } else { given.to_owned() }
}

fn row_style(status: Status) -> Style {
    match status {
        Status::New => Style::Strong,
        Status::Open | Status::Pending { .. } => Style::Plain,
        Status::Resolved { .. } | Status::Closed { .. } => Style::Dim,
    }
}

async fn show(number: TicketNumber, quotes: bool, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let view = client.ticket(number).await?;
    let entries = all_entries(&client, number).await?;
    if session.output.json() {
        return session.output.answer("maildesk.ticket.show/1", &Thread::of(view, entries), None);
    }
    let page = ticket_page::page(
        &view,
        &entries,
        quotes,
        session.output.reading_width(),
        session.output.clock(),
        "--quotes shows them",
    );
    session.output.page(&page)
}

pub(crate) async fn all_entries(client: &Client, number: TicketNumber) -> Result<Vec<EntryView>, Failure> {
    let everything = Listing { limit: 1, all: true, after: None };
    let Rows { rows, .. } = collect(&everything, async |window| client.ticket_entries(number, window).await).await?;
    Ok(rows)
}

pub(super) fn changed(
    row: TicketRow,
    schema: &'static str,
    what: &str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer(schema, &Ticket::from(row), None);
    }
    let mut page = Page::default();
    page.line([Span::strong(format!("#{}", row.number)), Span::plain(what), Span::dim(subject(&row.subject))]);
    session.output.page(&page)
}
