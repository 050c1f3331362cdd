//! Times as a person wants them just now: relative, local or UTC.

use super::desk::{Desk, Times};
use crate::output::time;
use jiff::Timestamp;
use jiff::tz::TimeZone;

impl Times {
    pub(super) fn next(self) -> Self {
        match self {
            Self::Relative => Self::Local,
            Self::Local => Self::Utc,
            Self::Utc => Self::Relative,
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Relative => "times are relative now",
            Self::Local => "times are local now",
            Self::Utc => "times are UTC now",
        }
    }
}

impl Desk {
    /// A time for a glance.
    pub fn glance(&self, at: Timestamp) -> String {
        match self.times {
            Times::Relative => time::relative(at, &self.clock),
            Times::Local | Times::Utc => self.exact(at),
        }
    }

    /// A time for a table: always exact.
    pub fn exact(&self, at: Timestamp) -> String {
        time::short(at, &self.zoned())
    }

    /// The clock in the zone that is wanted.
    pub fn zoned(&self) -> crate::clock::Clock {
        let mut clock = self.clock.clone();
        if self.times == Times::Utc {
            clock.zone = TimeZone::UTC;
        }
        clock
    }

    /// `14:03:27 UTC` for the header.
    pub fn wall(&self) -> String {
        let clock = self.zoned();
        clock.now.to_zoned(clock.zone).strftime("%H:%M:%S %Z").to_string()
    }
}
