//! The name of a time zone, such as `Europe/Berlin`.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A zone of the system's zone database (IANA), which jiff reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

/// The zone is not in the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a time zone that this machine knows; use a name such as Europe/Berlin, or UTC")]
pub struct UnknownZone(String);

impl ZoneName {
    /// # Errors
    /// [`UnknownZone`] where the database has none of this name.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        match name == "UTC" || TimeZone::get(name).is_ok() {
            true => Ok(Self(name.to_owned())),
            false => Err(UnknownZone(crate::text::clean_line(name))),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone itself; UTC where the database has lost it since it was named.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl Default for ZoneName {
    fn default() -> Self {
        Self("UTC".into())
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ZoneName {
    type Error = UnknownZone;
    fn try_from(name: String) -> Result<Self, UnknownZone> {
        Self::parse(&name)
    }
}

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> Self {
        name.0
    }
}
