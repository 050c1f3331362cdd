//! Applying a macro: each ticket wholly or not at all, and what it would be before.

use super::{Session, name};
use crate::client::{Client, ClientError};
use crate::command::Finished;
use crate::command::ticket::subject;
use crate::failure::Failure;
use crate::json::macros::{Applications, Applied};
use crate::output::{Page, Span, Style};
use clap::Args;
use maildesk_core::ids::{Revision, TicketNumber};
use maildesk_core::macros::{MacroName, SavedMacro};
use maildesk_core::rpc::{MacroCall, MacroOutcome, RpcError};

#[derive(Debug, Args)]
pub struct Chosen {
    /// Name of the macro
    #[arg(value_parser = name)]
    name: MacroName,
    /// Numbers of tickets
    #[arg(required = true)]
    tickets: Vec<u64>,
}

#[derive(Debug, Args)]
pub struct Apply {
    #[command(flatten)]
    chosen: Chosen,
    /// Do it; without, what would be is shown
    #[arg(long)]
    yes: bool,
    /// Do it only if the macro still is this revision
    #[arg(long)]
    revision: Option<u64>,
}

/// What one ticket came to.
pub(super) struct Ended {
    pub(super) ticket: TicketNumber,
    pub(super) result: Result<MacroOutcome, String>,
}

pub(super) async fn preview(chosen: Chosen, session: &mut Session<'_>) -> Result<Finished, Failure> {
    let client = session.client().await?;
    let saved = client.macro_saved(chosen.name.clone()).await?;
    let ended = all(&client, &saved, &chosen.tickets, true).await?;
    show(&ended, &saved, true, "maildesk.macro.preview/1", session)?;
    let sound = ended.iter().all(|one| one.result.is_ok());
    Ok(if sound { Finished::Well } else { Finished::WithFindings })
}

pub(super) async fn apply(given: Apply, session: &mut Session<'_>) -> Result<Finished, Failure> {
    let client = session.client().await?;
    let saved = client.macro_saved(given.chosen.name.clone()).await?;
    if let Some(seen) = given.revision.map(Revision).filter(|seen| *seen != saved.revision) {
        return Err(ClientError::Refused(RpcError::Conflict { seen, now: saved.revision }).into());
    }
    let dry_run = !given.yes;
    let ended = all(&client, &saved, &given.chosen.tickets, dry_run).await?;
    if !dry_run || !session.output.json() {
        show(&ended, &saved, dry_run, "maildesk.macro.apply/1", session)?;
    }
    if dry_run {
        return Err(Failure::Usage("nothing was done yet: add --yes".into()));
    }
    let sound = ended.iter().all(|one| one.result.is_ok());
    Ok(if sound { Finished::Well } else { Finished::WithRefusals })
}

/// One ticket after the other. What is about one ticket stays with it; what is about the daemon or the macro ends it all.
async fn all(client: &Client, saved: &SavedMacro, tickets: &[u64], dry_run: bool) -> Result<Vec<Ended>, Failure> {
    let mut ended: Vec<Ended> = Vec::with_capacity(tickets.len());
    for ticket in tickets.iter().copied().map(TicketNumber) {
        if ended.iter().any(|one| one.ticket == ticket) {
            continue;
        }
        let call = MacroCall { name: saved.content.name.clone(), seen: saved.revision, ticket, dry_run };
        let result = match client.macro_apply(call).await {
            Ok(outcome) => Ok(outcome),
            Err(ClientError::Refused(refused @ (RpcError::Rejected(_) | RpcError::NotFound { .. }))) => {
                Err(refused.to_string())
            }
            Err(error) => return Err(error.into()),
        };
        ended.push(Ended { ticket, result });
    }
    Ok(ended)
}

fn show(
    ended: &[Ended],
    saved: &SavedMacro,
    dry_run: bool,
    schema: &'static str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if session.output.json() {
        let tickets = ended.iter().map(|one| Applied::of(one.ticket, one.result.clone())).collect();
        let name = saved.content.name.clone();
        return session.output.answer(schema, &Applications { name, revision: saved.revision, dry_run, tickets }, None);
    }
    let mut page = Page::default();
    for (position, one) in ended.iter().enumerate() {
        if position > 0 {
            page.empty_line();
        }
        match &one.result {
            Ok(outcome) => page.append(outcome_page(outcome, dry_run)),
            Err(refused) => page.line([
                Span::strong(format!("#{}", one.ticket)),
                Span::new(Style::Bad, format!("untouched, {refused}")),
            ]),
        }
    }
    session.output.page(&page)
}

/// What a macro did to a ticket, or would, and whether that can be taken back.
fn outcome_page(outcome: &MacroOutcome, dry_run: bool) -> Page {
    let mut page = done_page(outcome, dry_run);
    if let Some(reply) = outcome.reply.as_ref().filter(|reply| reply.held_until.is_some()) {
        let how = if dry_run { String::new() } else { format!(": maildesk outbox cancel {}", reply.outbox) };
        page.indented(2, [Span::dim(format!("the answer can be taken back{how}{}", what_stays(outcome)))]);
    }
    page
}

/// What is not taken back with the answer: people should know before.
pub(crate) fn what_stays(outcome: &MacroOutcome) -> &'static str {
    match (outcome.changes.is_empty(), outcome.note.is_some()) {
        (true, false) => "",
        (true, true) => "; the note stays",
        (false, false) => "; what changed stays",
        (false, true) => "; what changed and the note stay",
    }
}

/// What a macro did to a ticket, or would.
pub(crate) fn done_page(outcome: &MacroOutcome, dry_run: bool) -> Page {
    let (mut page, ticket) = (Page::default(), &outcome.ticket);
    page.line([Span::strong(format!("#{}", ticket.number)), Span::dim(subject(&ticket.subject))]);
    for change in &outcome.changes {
        page.indented(2, [Span::plain(change)]);
    }
    if let Some(reply) = &outcome.reply {
        let what = match dry_run {
            true => format!("answer to {}: {}", reply.to, reply.subject),
            false => format!("mail {} to {}: {}", reply.outbox, reply.to, reply.subject),
        };
        page.indented(2, [Span::plain(what)]);
        quoted(&mut page, &reply.text);
    }
    if let Some(note) = &outcome.note {
        page.indented(2, [Span::plain("note")]);
        quoted(&mut page, note);
    }
    if outcome.changes.is_empty() && outcome.reply.is_none() && outcome.note.is_none() {
        page.indented(2, [Span::dim("nothing changes")]);
    }
    page
}

fn quoted(page: &mut Page, text: &str) {
    for line in maildesk_core::text::clean_block(text).lines() {
        page.indented(4, [Span::exact(Style::Dim, line)]);
    }
}
