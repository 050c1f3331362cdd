//! `maildesk mail`: the verdict log.

use super::Session;
use super::listing::{Listing, collect, mention_rest};
use super::ticket::subject;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json::mail::{Judged, Mail};
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Style, Table, size};
use clap::Subcommand;
use maildesk_core::ids::MailId;
use maildesk_core::route::{JudgedMail, Outcome};
use maildesk_core::rpc::{MailQuery, MailRow, Rows};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Mails as they were judged, the newest first
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// One mail with every step that led to its verdict
    Show {
        /// Number of the mail, as `mail list` says
        id: u64,
    },
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { listing } => {
            let rows = rows(MailQuery::default(), &listing, session).await?;
            list(rows, "maildesk.mail.list/1", "No mail was judged yet.", session)
        }
        Verb::Show { id } => {
            let judged = session.client().await?.mail(MailId(id)).await?;
            show(judged, "maildesk.mail.show/1", session)
        }
    }
}

pub(super) async fn rows(
    query: MailQuery,
    listing: &Listing,
    session: &mut Session<'_>,
) -> Result<Rows<MailRow>, Failure> {
    let client = session.client().await?;
    Ok(collect(listing, async |window| client.mails(query.clone(), window).await).await?)
}

pub(super) fn list(
    rows: Rows<MailRow>,
    schema: &'static str,
    empty: &str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if session.output.json() {
        let mails: Vec<Mail> = rows.rows.into_iter().map(Mail::from).collect();
        return session.output.answer(schema, &mails, rows.next);
    }
    let clock = session.output.clock().clone();
    let mut table = Table::new([
        Column::Number("Id"),
        Column::Word("When"),
        Column::Word("Mailbox"),
        Column::Text("From"),
        Column::Text("Subject"),
        Column::Text("Verdict"),
    ]);
    for row in &rows.rows {
        let cells = [
            row.id.to_string(),
            relative(row.at, &clock),
            row.mailbox.to_string(),
            row.from.clone(),
            subject(&row.subject),
            row.outcome.sentence(),
        ];
        table.row(outcome_style(&row.outcome), cells);
    }
    session.output.table(&table, empty)?;
    mention_rest(&rows);
    Ok(())
}

fn outcome_style(outcome: &Outcome) -> Style {
    match outcome {
        Outcome::NewTicket { .. } | Outcome::Comment { .. } => Style::Plain,
        Outcome::UnverifiedNote { .. } | Outcome::BounceNote { .. } => Style::Attention,
        Outcome::Dropped { .. } => Style::Dim,
        Outcome::Quarantined { .. } => Style::Bad,
    }
}

pub(super) fn show(judged: JudgedMail, schema: &'static str, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer(schema, &Judged::from(judged), None);
    }
    let page = page(&judged, session.output.clock());
    session.output.page(&page)
}

fn page(judged: &JudgedMail, clock: &Clock) -> Page {
    let mut page = Page::default();
    page.line([Span::strong(format!("mail {} {}", judged.id, subject(&judged.subject)))]);
    let issues: Vec<String> = judged.issues.iter().filter_map(issue_word).collect();
    page.fields([
        ("verdict", Some(judged.outcome.sentence())),
        ("from", Some(judged.from.clone())),
        ("mailbox", Some(format!("{}, UID {} of {}", judged.mailbox, judged.uid, judged.uid_validity))),
        ("received", judged.received.map(|at| both(at, clock))),
        ("judged", Some(both(judged.at, clock))),
        ("message id", judged.message_id.as_ref().map(|id| format!("<{id}>"))),
        ("size", Some(size::bytes(judged.size))),
        ("raw mail", judged.raw.map(|hash| format!("sha256 {hash}"))),
        ("issues", Some(issues.join(", ")).filter(|text| !text.is_empty())),
    ]);
    page.empty_line();
    let width = judged.trace.iter().map(|step| step.step.chars().count()).max().unwrap_or(0);
    for step in &judged.trace {
        page.line([Span::exact(Style::Dim, &format!("{:width$} ", step.step)), Span::plain(&step.said)]);
    }
    page
}

/// `broken_encoding` as `broken encoding`.
fn issue_word(issue: &maildesk_core::mail::MailIssue) -> Option<String> {
    let value = serde_json::to_value(issue).ok()?;
    Some(value.as_str()?.replace('_', " "))
}
