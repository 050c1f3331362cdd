//! An agent's answer with the files that go along. Their bytes come before it, piece by piece.

use super::RequestKey;
use crate::ids::TicketNumber;
use serde::{Deserialize, Serialize};

/// Bytes of all files of one answer at the most: few servers take larger mails, and a mail that is sent is in memory.
pub const MOST_FILE_BYTES: u64 = 25 << 20;

/// Files of one answer at the most.
pub const MOST_FILES: usize = 50;

/// An answer to the customer of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketReply {
    pub number: TicketNumber,
    pub text: String,
    pub files: Vec<GivenFile>,
    /// Also to an address that is suppressed.
    pub even_if_suppressed: bool,
}

/// A file that was given piece by piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenFile {
    /// What its pieces were given under.
    pub upload: RequestKey,
    pub name: String,
    /// Bytes, so that a lost piece is noticed.
    pub size: u64,
}
