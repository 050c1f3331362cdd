//! Addresses that are not written to for a time, because mail to them came back.

use crate::address::Address;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One address that is not written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    pub address: Address,
    /// Why, in words for people.
    pub reason: String,
    pub since: Timestamp,
    /// Absent: until a person removes it.
    pub expires: Option<Timestamp>,
}

impl Suppression {
    /// Whether it counts at this time.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }

    /// One sentence for people.
    pub fn sentence(&self) -> String {
        let until = self.expires.map(|expires| format!(" until {expires:.0}")).unwrap_or_default();
        format!("{} is suppressed{until}: {}", self.address, self.reason)
    }
}
