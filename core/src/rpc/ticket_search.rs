//! Searching tickets: which ones are wanted, from which end of the list, and what their words mean.

use super::TicketOrder;
use crate::ticket::Ticket;
use serde::{Deserialize, Serialize};

/// Conditions that must all hold; the default holds for every ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketQuery {
    /// A status word; absent: all.
    pub status: Option<String>,
    pub order: TicketOrder,
    /// From the other end of the list. Not of [`TicketOrder::Due`].
    pub reversed: bool,
    /// What a ticket must hold, without regard to case: a word of its number, subject, contact or customer, or
    /// `key:part` of one field ([`SEARCHED`]); with `!` before it, what it must not hold.
    pub words: Vec<String>,
}

/// The fields that a word can be bound to. `assignee:nobody` finds tickets that nobody is in charge of.
pub const SEARCHED: [&str; 8] = ["subject", "from", "customer", "status", "priority", "assignee", "mailbox", "tag"];

/// The people of a ticket, for the words that concern them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Name and addresses of the contact.
    pub contact: String,
    pub customer: String,
}

impl TicketQuery {
    /// Whether every ticket of the status matches.
    pub fn is_open(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the ticket has all of the words. Its people are asked for only where a word may concern them.
    ///
    /// # Errors
    /// What `people` fails with.
    pub fn matches<E>(&self, ticket: &Ticket, people: impl FnOnce() -> Result<People, E>) -> Result<bool, E> {
        let (mut known, mut ask) = (None, Some(people));
        for word in &self.words {
            let (wanted, word) = word.strip_prefix('!').map_or((true, word.as_str()), |word| (false, word));
            let word = word.to_lowercase();
            let held = match own(ticket, &word) {
                Held::Yes => true,
                Held::No => false,
                Held::AskPeople(part) => {
                    if let Some(ask) = ask.take() {
                        known = Some(ask()?);
                    }
                    known.as_ref().is_some_and(|people| part.is_in(people))
                }
            };
            if held != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

enum Held<'a> {
    Yes,
    No,
    AskPeople(Part<'a>),
}

/// What of a ticket's people a word concerns.
enum Part<'a> {
    Contact(&'a str),
    Customer(&'a str),
    Both(&'a str),
}

impl Part<'_> {
    fn is_in(&self, people: &People) -> bool {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(part);
        match self {
            Self::Contact(part) => holds(&people.contact, part),
            Self::Customer(part) => holds(&people.customer, part),
            Self::Both(part) => holds(&people.contact, part) || holds(&people.customer, part),
        }
    }
}

/// What the ticket itself says of a word in lower case.
fn own<'a>(ticket: &Ticket, word: &'a str) -> Held<'a> {
    let told = |holds: bool| if holds { Held::Yes } else { Held::No };
    let subject = |part: &str| ticket.subject.to_lowercase().contains(part);
    match word.split_once(':') {
        Some(("subject", part)) => told(subject(part)),
        Some(("status", part)) => told(ticket.status.word() == part),
        Some(("priority", part)) => told(ticket.priority.word() == part),
        Some(("mailbox", part)) => told(ticket.mailbox.as_str() == part),
        Some(("tag", part)) => told(ticket.tags.iter().any(|tag| tag.to_lowercase() == part)),
        Some(("assignee", "nobody")) => told(ticket.assignee.is_none()),
        Some(("assignee", part)) => told(ticket.assignee.as_ref().is_some_and(|name| name.to_lowercase() == part)),
        Some(("from", part)) => Held::AskPeople(Part::Contact(part)),
        Some(("customer", part)) => Held::AskPeople(Part::Customer(part)),
        _ if format!("#{}", ticket.number).contains(word) || subject(word) => Held::Yes,
        _ => Held::AskPeople(Part::Both(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ContactId, TicketNumber};
    use crate::settings::MailboxName;
    use crate::ticket::{Priority, Status};
    use jiff::Timestamp;

    fn ticket() -> Ticket {
        Ticket {
            status: Status::Open,
            priority: Priority::High,
            assignee: Some("Ana".into()),
            tags: vec!["VIP".into()],
            entries: 1,
            ..Ticket::begun(
                TicketNumber(484),
                "Der Drucker brennt ÜBEL".into(),
                ContactId(1),
                MailboxName::parse("support").unwrap(),
                Timestamp::UNIX_EPOCH,
            )
        }
    }

    #[test]
    fn each_word_both_ways() {
        let people = || People { contact: "Kenji Itō k.ito@umbrella.test".into(), customer: "Umbrella".into() };
        for (word, want) in [
            ("drucker", true),
            ("übel", true),
            ("#484", true),
            ("84", true),
            ("#485", false),
            ("itō", true),
            ("umbrella.test", true),
            ("nothing", false),
            ("subject:brennt", true),
            ("subject:kenji", false),
            ("from:K.ITO", true),
            ("from:brennt", false),
            ("customer:umbrella", true),
            ("customer:kenji", false),
            ("status:open", true),
            ("status:new", false),
            ("priority:high", true),
            ("assignee:ana", true),
            ("assignee:nobody", false),
            ("mailbox:support", true),
            ("tag:vip", true),
            ("tag:vi", false),
        ] {
            for (word, want) in [(word.to_owned(), want), (format!("!{word}"), !want)] {
                let query = TicketQuery { words: vec![word.clone()], ..TicketQuery::default() };
                assert_eq!(query.matches::<()>(&ticket(), || Ok(people())), Ok(want), "{word}");
            }
        }
        let both = TicketQuery { words: vec!["drucker".into(), "!tag:vip".into()], ..TicketQuery::default() };
        assert_eq!(both.matches::<()>(&ticket(), || Ok(people())), Ok(false));
    }

    #[test]
    fn people_are_asked_for_only_where_they_matter() {
        let asks = |word: &str| {
            let query = TicketQuery { words: vec![word.into()], ..TicketQuery::default() };
            query.matches(&ticket(), || Err(())).is_err()
        };
        assert_eq!(
            ["drucker", "status:new", "!drucker", "kenji", "from:x"].map(asks),
            [false, false, false, true, true]
        );
    }
}
