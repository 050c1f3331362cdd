//! Commands in an agent's mail: `#resolve`, `#assign me` and their kin, each on a line of its own before any other text.
//!
//! What an agent writes is read strictly: a line at the head that begins with `#` and a letter is meant as a command,
//! and one that cannot be done stops all that the mail asks for. Nobody else's mail is read this way.

mod leading;
mod orders;
#[cfg(test)]
mod tests;
mod words;

pub use leading::{Leading, leading};
pub use orders::{Asked, Orders, read};
pub use words::{allowed, sentence};

use crate::ticket::Rejected;

/// Commands of one mail at the most.
pub const MOST_COMMANDS: usize = 20;

/// A command that cannot be done, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The line as it was written; empty: it is the mail as a whole.
    pub line: String,
    pub problem: Problem,
}

/// What is wrong with a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    Unknown,
    /// Something stands behind a command that takes nothing.
    TakesNothing,
    NeedsWho,
    UnknownAgent,
    NeedsPriority,
    NeedsTime,
    Past,
    NeedsTag,
    BadTag,
    TooManyTags,
    /// `#note` without a text.
    NoText,
    TooMany,
    /// The ticket's status does not allow it.
    NotNow(crate::ticket::Status),
    /// The text cannot be sent on, so nothing else is done either.
    NotSent(String),
}

impl Slip {
    fn new(line: &str, problem: Problem) -> Self {
        Self { line: line.to_owned(), problem }
    }

    /// The command of this line was refused by the ticket.
    pub fn refused(line: &str, rejected: Rejected, status: crate::ticket::Status) -> Self {
        let problem = match rejected {
            Rejected::NotFrom { .. } => Problem::NotNow(status),
            // No command of a mail merges or splits, and a mail to a merged ticket goes on to where it stands.
            Rejected::Merged { .. }
            | Rejected::IntoItself(_)
            | Rejected::IntoItsSource { .. }
            | Rejected::StaysWithTicket { .. } => Problem::NotNow(status),
            Rejected::Past { .. } => Problem::Past,
            Rejected::BadTag(_) => Problem::BadTag,
            Rejected::BadUser(_) => Problem::UnknownAgent,
            Rejected::TooManyTags => Problem::TooManyTags,
            Rejected::EmptyText => Problem::NoText,
        };
        Self::new(line, problem)
    }

    /// The text that came with the commands cannot be sent on.
    pub fn not_sent(why: String) -> Self {
        Self::new("", Problem::NotSent(why))
    }
}
