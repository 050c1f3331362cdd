//! Tickets that are one matter, and one that is two.

use super::Session;
use super::ticket::subject;
use crate::failure::Failure;
use crate::json::ticket::{Merge, Split};
use crate::output::{Page, Span, Style};
use clap::Args;
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::rpc::{MergeView, MovedTickets, SplitView, TicketMove};

#[derive(Debug, Args)]
pub struct MergeArgs {
    /// Number of the ticket that both are from then on
    into: u64,
    /// Number of the ticket that becomes part of it
    from: u64,
    /// Say what would be; change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub struct SplitArgs {
    /// Number of the ticket
    number: u64,
    /// Numbers of the entries that become a ticket of their own
    #[arg(required = true)]
    entries: Vec<u32>,
    /// Subject of the new ticket; the old one's where it is not given
    #[arg(long)]
    subject: Option<String>,
    /// Say what would be; change nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn merge(given: MergeArgs, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let wanted = TicketMove::Merge { source: TicketNumber(given.from), target: TicketNumber(given.into) };
    show(client.ticket_move(wanted, given.dry_run).await?, given.dry_run, session)
}

/// What a merge does, or would.
pub(crate) fn merge_page(view: &MergeView, dry_run: bool) -> Page {
    let (mut page, target) = (Page::default(), &view.target);
    let (done, gets) = if dry_run { ("would be merged", "it would get") } else { ("merged", "it got") };
    page.line([
        Span::strong(format!("#{} {done} into #{}", view.source, target.number)),
        Span::dim(subject(&target.subject)),
    ]);
    let entries = if view.entries == 1 { "1 entry".into() } else { format!("{} entries", view.entries) };
    page.line([Span::plain(format!("{gets} {entries}, and answers to #{} go there", view.source))]);
    if !view.tags.is_empty() {
        page.line([Span::plain(format!("{gets} the tags {}", view.tags.join(", ")))]);
    }
    if let Some(before) = view.raised_from {
        let (before, now) = (before.word(), target.priority.word());
        page.line([Span::plain(format!("priority {before} -> {now}, as #{} has", view.source))]);
    }
    if let Some(agent) = &view.assigned {
        page.line([Span::plain(format!("{gets} {agent} as agent in charge"))]);
    }
    if let Some(before) = &view.opened_from {
        page.line([Span::plain(format!("{before} -> {}: #{} wants an answer", target.status.word(), view.source))]);
    }
    if view.mails_waiting > 0 {
        let mails = if view.mails_waiting == 1 { "1 mail".into() } else { format!("{} mails", view.mails_waiting) };
        let queue = format!("{mails} of #{} still to be sent: maildesk outbox list", view.source);
        page.line([Span::new(Style::Attention, queue)]);
    }
    if let Some(other) = &view.other_requester {
        let said = format!("{other} asked in #{}: answers go to {} alone", view.source, target.contact);
        page.line([Span::new(Style::Attention, said)]);
    }
    page
}

pub(super) async fn split(given: SplitArgs, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let entries = given.entries.into_iter().map(EntryNumber).collect();
    let wanted = TicketMove::Split { ticket: TicketNumber(given.number), entries, subject: given.subject };
    show(client.ticket_move(wanted, given.dry_run).await?, given.dry_run, session)
}

fn show(moved: MovedTickets, dry_run: bool, session: &mut Session<'_>) -> Result<(), Failure> {
    match (moved, session.output.json()) {
        (MovedTickets::Merged(view), true) => {
            session.output.answer("maildesk.ticket.merge/1", &Merge::of(*view, dry_run), None)
        }
        (MovedTickets::Merged(view), false) => session.output.page(&merge_page(&view, dry_run)),
        (MovedTickets::Split(view), true) => {
            session.output.answer("maildesk.ticket.split/1", &Split::of(*view, dry_run), None)
        }
        (MovedTickets::Split(view), false) => session.output.page(&split_page(&view, dry_run)),
    }
}

/// What a split does, or would.
pub(crate) fn split_page(view: &SplitView, dry_run: bool) -> Page {
    let (mut page, new) = (Page::default(), &view.new);
    let done = if dry_run { "would be split from" } else { "split from" };
    page.line([Span::strong(format!("#{} {done} #{}", new.number, view.old.number)), Span::dim(subject(&new.subject))]);
    let numbers = view.entries.iter().map(|entry| format!("{} -> {}", entry.was, entry.is)).collect::<Vec<_>>();
    page.line([Span::plain(format!("entries {}; its contact is {}", numbers.join(", "), new.contact))]);
    page
}
