//! `maildesk status`: everything at one glance.

use super::{Finished, Session, health};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json::status::{Status, state_word};
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Table, size};
use clap::Args;
use maildesk_core::rpc::{Access, Counts, SentCopyStatus, StatusView, Welcome, WorkState};
use maildesk_core::text::counted;

#[derive(Debug, Args)]
pub struct Arguments {
    /// End with exit code 6 where a mailbox, a sender, its copies or the storage is faulty
    #[arg(long)]
    pub check: bool,
}

pub(super) async fn run(arguments: Arguments, session: &mut Session<'_>) -> Result<Finished, Failure> {
    let client = session.client().await?;
    let view = client.status().await?;
    let faulty = states(&view).any(|state| matches!(state, WorkState::Faulty { .. }));
    if session.output.json() {
        session.output.answer("maildesk.status/1", &Status::of(view, client.welcome()), None)?;
    } else {
        show(&view, client.welcome(), session)?;
    }
    Ok(if arguments.check && faulty { Finished::WithFindings } else { Finished::Well })
}

fn states(view: &StatusView) -> impl Iterator<Item = &WorkState> {
    let mailboxes = view.mailboxes.iter().map(|mailbox| &mailbox.state);
    let senders = view.senders.iter().map(|sender| &sender.state);
    let copies = view.sent_copies.iter().map(|copy| &copy.state);
    mailboxes.chain(senders).chain(copies).chain([&view.storage.state])
}

fn show(view: &StatusView, welcome: &Welcome, session: &mut Session<'_>) -> Result<(), Failure> {
    let clock = session.output.clock().clone();
    let mut page = Page::default();
    page.line([Span::strong(format!("maildeskd {}", view.version))]);
    let access = match welcome.access {
        Access::Read => "may read",
        Access::Write => "may read and write",
    };
    page.fields([
        ("started", Some(both(view.started, &clock))),
        ("you", Some(format!("{}, {access}", welcome.user))),
        ("memory", Some(size::bytes(view.memory))),
        ("disk free", Some(size::bytes(view.disk_free))),
        ("tickets", Some(tickets(&view.counts))),
        ("outbox", Some(outbox(&view.counts))),
        ("silent mode", view.silent.as_deref().map(silent)),
        ("directory", Some(directory(&view.counts))),
        ("storage", Some(storage(view))),
        ("clean-up", view.clean_up.map(|done| format!("{}: {}", both(done.at, &clock), done.sentence()))),
    ]);
    page.empty_line();
    session.output.add_table(&mut page, &mailboxes(view, &clock), "No mailbox is set up: maildesk settings apply FILE");
    page.empty_line();
    session.output.add_table(&mut page, &senders(view), "No sender is set up: maildesk settings apply FILE");
    for mailbox in &view.mailboxes {
        health::explain(&mut page, &format!("mailbox {}", mailbox.name), &mailbox.state, &clock);
    }
    for sender in &view.senders {
        health::explain(&mut page, &format!("sender {}", sender.name), &sender.state, &clock);
    }
    for copy in &view.sent_copies {
        health::explain(&mut page, &sent_copy(copy), &copy.state, &clock);
    }
    health::explain(&mut page, &format!("storage {}", view.storage.place), &view.storage.state, &clock);
    session.output.page(&page)
}

/// How many tickets came of how many mails.
pub fn tickets(counts: &Counts) -> String {
    let mails = counted(counts.mails, "mail");
    format!("{} from {mails}, {} in quarantine", counts.tickets, counts.quarantined)
}

/// How many people and customers are known.
pub fn directory(counts: &Counts) -> String {
    let contacts = counted(counts.contacts, "contact");
    format!("{contacts}, {}", counted(counts.customers, "customer"))
}

fn outbox(counts: &Counts) -> String {
    format!(
        "{} due, {} held, {} sent, {} failed, {} cancelled",
        counts.outbox_due, counts.outbox_held, counts.outbox_sent, counts.outbox_failed, counts.outbox_cancelled
    )
}

fn silent(allowed: &[String]) -> String {
    let to = if allowed.is_empty() { "to nobody".into() } else { format!("only to {}", allowed.join(", ")) };
    format!("on: mail leaves {to}, all else is held (maildesk outbox list --held silent)")
}

fn sent_copy(copy: &SentCopyStatus) -> String {
    let SentCopyStatus { sender, mailbox, folder, waiting, .. } = copy;
    format!("sent copies of {sender}, to \"{folder}\" of mailbox {mailbox} ({waiting} waiting)")
}

fn storage(view: &StatusView) -> String {
    let waiting = match view.counts.uploads_waiting {
        0 => String::new(),
        waiting => format!(", {waiting} uploads waiting"),
    };
    format!("{}, {}{waiting}", view.storage.place, state_word(&view.storage.state))
}

fn mailboxes(view: &StatusView, clock: &Clock) -> Table {
    let mut table = Table::new([
        Column::Text("Mailbox"),
        Column::Word("State"),
        Column::Word("Last poll"),
        Column::Number("Judged"),
    ]);
    for mailbox in &view.mailboxes {
        let polled = mailbox.last_poll.map_or("never".into(), |at| relative(at, clock));
        let cells = [mailbox.name.to_string(), state_word(&mailbox.state).into(), polled, mailbox.judged.to_string()];
        table.row(health::style(&mailbox.state), cells);
    }
    table
}

fn senders(view: &StatusView) -> Table {
    let mut table = Table::new([Column::Text("Sender"), Column::Word("State"), Column::Number("Sent")]);
    for sender in &view.senders {
        let cells = [sender.name.to_string(), state_word(&sender.state).into(), sender.sent.to_string()];
        table.row(health::style(&sender.state), cells);
    }
    table
}
