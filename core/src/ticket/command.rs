//! What can be done to a ticket, and what follows from it.

use super::{Author, Entry, EntryKind, Status, Ticket};
use crate::ids::{EntryNumber, Revision, TicketNumber};
use jiff::Timestamp;

/// One change of a ticket. An entry's number is given when it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A public comment of the contact. `automatic`: a vacation notice or the like, which moves no status.
    Comment { entry: Entry, automatic: bool },
    /// A public answer of an agent.
    Reply { entry: Entry },
    /// An internal entry of anyone.
    Note { entry: Entry },
}

/// The ticket after the command, and the entries that were added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub ticket: Ticket,
    pub entries: Vec<Entry>,
}

/// Why a command cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("the text is empty")]
    EmptyText,
    #[error("ticket {number} is {status}: {action} cannot be done")]
    NotFrom { number: TicketNumber, action: &'static str, status: &'static str },
    #[error("{until} is not in the future")]
    Past { until: Timestamp },
    #[error("\"{0}\" is no tag: use 1 to 60 characters without a comma")]
    BadTag(String),
    #[error("\"{0}\" is no user name")]
    BadUser(String),
    #[error("a ticket has at most 50 tags")]
    TooManyTags,
    #[error("ticket {number} was merged into #{into}: use that one")]
    Merged { number: TicketNumber, into: TicketNumber },
    #[error("ticket {0} cannot be merged into itself")]
    IntoItself(TicketNumber),
    #[error("ticket {named} was merged into {ticket} before: {ticket} cannot be merged into it")]
    IntoItsSource { ticket: TicketNumber, named: TicketNumber },
    #[error("entry {entry} tells of #{ticket} itself and stays with it")]
    StaysWithTicket { ticket: TicketNumber, entry: EntryNumber },
}

/// Applies a command at a time. Nothing is changed when it is rejected.
pub fn apply(ticket: &Ticket, command: Command, now: Timestamp) -> Result<Applied, Rejected> {
    ticket.refuse_merged()?;
    let mut applied = Applied { ticket: ticket.clone(), entries: Vec::new() };
    match command {
        Command::Comment { entry, automatic } => {
            append(&mut applied, Entry { automatic, ..entry });
            // The customer has spoken: what waited or was done is open again.
            if !automatic && !matches!(ticket.status, Status::New | Status::Open) {
                change_status(&mut applied, Status::Open, Author::System, now);
            }
        }
        Command::Reply { entry } => {
            refuse_empty(&entry)?;
            append(&mut applied, entry);
            if ticket.status == Status::New {
                applied.ticket.status = Status::Open;
            }
        }
        Command::Note { entry } => {
            refuse_empty(&entry)?;
            append(&mut applied, entry);
        }
    }
    applied.ticket.updated = now;
    applied.ticket.revision = Revision(ticket.revision.0 + 1);
    Ok(applied)
}

fn refuse_empty(entry: &Entry) -> Result<(), Rejected> {
    let says_nothing = entry.text.trim().is_empty() && entry.attachments.is_empty() && entry.remarks.is_empty();
    if says_nothing { Err(Rejected::EmptyText) } else { Ok(()) }
}

fn append(applied: &mut Applied, mut entry: Entry) {
    applied.ticket.entries += 1;
    entry.number = EntryNumber(applied.ticket.entries);
    applied.entries.push(entry);
}

pub(crate) fn change_status(applied: &mut Applied, status: Status, author: Author, now: Timestamp) {
    let text = format!("{} -> {}", applied.ticket.status.word(), status.word());
    applied.ticket.status = status;
    note_change(applied, author, text, now);
}

/// Says in the thread what was changed.
pub(super) fn note_change(applied: &mut Applied, author: Author, text: String, now: Timestamp) {
    append(applied, Entry::new(author, EntryKind::StatusChange, text, now));
}

impl Entry {
    /// An entry of text alone; its number is given when it is applied.
    pub fn new(author: Author, kind: EntryKind, text: String, at: Timestamp) -> Self {
        Self {
            number: EntryNumber(0),
            at,
            author,
            kind,
            text,
            folds: Vec::new(),
            attachments: Vec::new(),
            remarks: Vec::new(),
            message_id: None,
            mail: None,
            raw: None,
            outbox: None,
            automatic: false,
            came_from: None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::ids::ContactId;
    use crate::settings::MailboxName;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    pub(crate) fn ticket(status: Status) -> Ticket {
        Ticket {
            status,
            entries: 1,
            revision: Revision(3),
            ..Ticket::begun(
                TicketNumber(7),
                "printer".into(),
                ContactId(1),
                MailboxName::parse("support").unwrap(),
                NOW,
            )
        }
    }

    pub(crate) fn entry(kind: EntryKind, text: &str) -> Entry {
        Entry::new(Author::Agent { name: "ann".into() }, kind, text.into(), NOW)
    }

    #[test]
    fn a_customer_reopens_but_a_vacation_notice_does_not() {
        let done = ticket(Status::Resolved { at: NOW });
        let comment = |automatic| Command::Comment { entry: entry(EntryKind::Comment, "again"), automatic };
        let reopened = apply(&done, comment(false), NOW).unwrap();
        assert_eq!((reopened.ticket.status, reopened.entries.len(), reopened.ticket.entries), (Status::Open, 2, 3));
        assert_eq!(reopened.ticket.revision, Revision(4));
        assert_eq!(apply(&done, comment(true), NOW).unwrap().ticket.status, done.status);
    }

    #[test]
    fn a_reply_opens_a_new_ticket_and_needs_text() {
        let new = ticket(Status::New);
        let replied = apply(&new, Command::Reply { entry: entry(EntryKind::Comment, "hello") }, NOW).unwrap();
        assert_eq!((replied.ticket.status, replied.entries[0].number), (Status::Open, EntryNumber(2)));
        assert_eq!(
            apply(&new, Command::Reply { entry: entry(EntryKind::Comment, " \n") }, NOW),
            Err(Rejected::EmptyText)
        );
        assert_eq!(apply(&new, Command::Note { entry: entry(EntryKind::Note, "") }, NOW), Err(Rejected::EmptyText));
    }
}
