//! `maildesk mail`: the verdict log.

use super::Session;
use super::held::{Words, each};
use super::listing::Listing;
use super::mail_search::{Search, search};
use super::ticket::subject;
use super::{mail_trace, pieces};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json::mail::{Judged, Mail};
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Style, Table, notice, size};
use clap::Subcommand;
use jiff::Timestamp;
use maildesk_core::ids::MailId;
use maildesk_core::route::{JudgedMail, MailAction, Outcome};
use maildesk_core::rpc::{FoundMails, MailRow};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Mails as they were judged, the newest first; conditions search
    List {
        #[command(flatten)]
        search: Box<Search>,
        #[command(flatten)]
        listing: Listing,
    },
    /// One mail with every step that led to its verdict
    Show {
        /// Number of the mail, as `mail list` says
        id: u64,
        /// The raw mail, byte by byte
        #[arg(long)]
        raw: bool,
    },
    /// Let a mail through that a rule or a block dropped
    Release {
        /// Number of the mail, as `mail list` says
        id: u64,
        /// Change nothing, say what would be
        #[arg(long)]
        dry_run: bool,
    },
    /// Judge a dropped mail anew by today's settings; without --yes only the new verdict is shown
    Replay {
        /// Number of the mail, as `mail list` says
        id: u64,
        /// Let the new verdict count
        #[arg(long)]
        yes: bool,
    },
    /// Why a mail became what it is: every stage and rule with its reason, and what it took
    Why {
        /// Number of the mail, as `mail list` says
        id: u64,
    },
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { search: conditions, listing } => {
            let searched = search(&conditions, &listing, session).await?;
            let empty = if searched.stopped.is_some() { "No mail so far." } else { "No mail." };
            list(searched.found, searched.stopped, "maildesk.mail.list/1", empty, session)
        }
        Verb::Show { id, raw } => {
            let client = session.client().await?;
            let judged = client.mail(MailId(id)).await?;
            if !raw {
                return show(judged, "maildesk.mail.show/1", session);
            }
            pieces::raw_mail(&client, &judged, session).await
        }
        Verb::Release { id, dry_run } => {
            let words = Words { schema: "maildesk.mail.release/1", done: "released" };
            each(MailAction::Release, &[MailId(id)], dry_run, &words, session).await
        }
        Verb::Replay { id, yes } => {
            let words = Words { schema: "maildesk.mail.replay/1", done: "judged anew" };
            each(MailAction::Replay, &[MailId(id)], !yes, &words, session).await
        }
        Verb::Why { id } => {
            let judged = session.client().await?.mail(MailId(id)).await?;
            why(judged, "maildesk.mail.why/1", session)
        }
    }
}

pub(super) fn list(
    found: FoundMails,
    stopped: Option<String>,
    schema: &'static str,
    empty: &str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if session.output.json() {
        let mails: Vec<Mail> = found.rows.into_iter().map(Mail::from).collect();
        return session.output.answer_with(schema, &mails, found.next, stopped.as_slice());
    }
    let clock = session.output.clock().clone();
    let table = table(&found.rows, &|at| relative(at, &clock));
    session.output.table(&table, empty)?;
    match stopped {
        Some(stopped) => notice(&stopped),
        None if found.next.is_some() => {
            notice(&format!("{} rows; --all shows every one, --limit N more", found.rows.len()));
        }
        None => {}
    }
    Ok(())
}

/// The list as people read it; `when` says how its times are told.
pub(crate) fn table(rows: &[MailRow], when: &dyn Fn(Timestamp) -> String) -> Table {
    let mut table = Table::new([
        Column::Number("Id"),
        Column::Word("When"),
        Column::Word("Mailbox"),
        Column::Text("From"),
        Column::Text("Subject"),
        Column::Text("Verdict"),
    ]);
    for row in rows {
        let cells = [
            row.id.to_string(),
            when(row.at),
            row.mailbox.to_string(),
            row.from.clone(),
            subject(&row.subject),
            row.outcome.sentence(),
        ];
        table.row(outcome_style(&row.outcome), cells);
    }
    table
}

fn outcome_style(outcome: &Outcome) -> Style {
    match outcome {
        Outcome::NewTicket { .. }
        | Outcome::Comment { .. }
        | Outcome::AgentReply { .. }
        | Outcome::InvitationAccepted { .. } => Style::Plain,
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

pub(super) fn page(judged: &JudgedMail, clock: &Clock) -> Page {
    let mut page = Page::default();
    page.line([Span::strong(format!("mail {} {}", judged.id, subject(&judged.subject)))]);
    let issues: Vec<&str> = judged.issues.iter().map(|issue| issue.words()).collect();
    page.fields([
        ("verdict", Some(judged.outcome.sentence())),
        ("from", Some(judged.from.clone())),
        ("mailbox", Some(format!("{}, UID {} of {}", judged.mailbox, judged.uid, judged.uid_validity))),
        ("received", judged.received.map(|at| both(at, clock))),
        ("judged", Some(both(judged.at, clock))),
        ("message id", judged.message_id.as_ref().map(|id| format!("<{id}>"))),
        ("size", Some(size::bytes(judged.size))),
        ("raw mail", judged.raw.map(|hash| format!("sha256 {hash}"))),
        ("filters", mail_trace::effect(&judged.effect)),
        ("issues", Some(issues.join(", ")).filter(|text| !text.is_empty())),
    ]);
    page.empty_line();
    let width = judged.trace.iter().map(|step| step.step.chars().count()).max().unwrap_or(0);
    for step in &judged.trace {
        page.line([Span::exact(Style::Dim, &format!("{:width$} ", step.step)), Span::plain(&step.said)]);
    }
    page
}

/// Every stage with its reason and its time.
pub(super) fn why(judged: JudgedMail, schema: &'static str, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer(schema, &Judged::from(judged), None);
    }
    let mut page = Page::default();
    let title = format!("mail {} {}", judged.id, subject(&judged.subject));
    page.line([Span::strong(title), Span::dim(format!("from {}", judged.from))]);
    mail_trace::add_stages(&mut page, &judged, session.output.clock());
    session.output.page(&page)
}
