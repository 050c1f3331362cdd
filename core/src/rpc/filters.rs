//! What travels about filters: the list with its counts, and dry runs.

use super::MailRow;
use crate::filter::{Filter, Shadowed};
use crate::ids::{MailId, Revision};
use crate::route::Difference;
use crate::settings::FilterName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Bytes of a mail that can be tried at the most: it travels in one frame.
pub const MAX_TRIAL: u64 = 7 << 20;

/// Every rule in the order in which they run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiltersView {
    /// Of the settings that hold them.
    pub revision: Revision,
    pub rows: Vec<FilterRow>,
    pub shadowed: Vec<Shadowed>,
}

/// A rule and how often it matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterRow {
    pub filter: Filter,
    pub hits: FilterHits,
}

/// How often a rule matched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterHits {
    pub count: u64,
    pub last: Option<Timestamp>,
    /// The mail that it matched last.
    pub mail: Option<MailId>,
}

/// A part of a dry run, the newest mails first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunPart {
    pub changed: Vec<ChangedMail>,
    /// Mails that were judged anew.
    pub looked_at: u32,
    /// Mails whose bytes are not kept: they cannot be judged anew.
    pub without_bytes: Vec<MailId>,
    /// Where to go on; absent at the end of the log.
    pub next: Option<u64>,
}

/// A mail that the tried rules would judge otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedMail {
    /// As it was judged.
    pub mail: MailRow,
    pub differences: Vec<Difference>,
    /// Rules that would match and did not.
    pub rules_new: Vec<FilterName>,
    /// Rules that matched and would not.
    pub rules_gone: Vec<FilterName>,
    /// Rules that match in both.
    pub rules_same: Vec<FilterName>,
}
