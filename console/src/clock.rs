//! The only place that asks what time it is, and in which zone people read it.

use jiff::{Timestamp, tz::TimeZone};

/// A moment and the zone it is shown in.
#[derive(Debug, Clone)]
pub struct Clock {
    pub now: Timestamp,
    pub zone: TimeZone,
}

impl Clock {
    /// The system's time and zone (`TZ`, or `/etc/localtime`).
    #[expect(clippy::disallowed_methods, reason = "this is the clock that the rest of the console asks")]
    pub fn system() -> Self {
        Self { now: Timestamp::now(), zone: TimeZone::system() }
    }
}
