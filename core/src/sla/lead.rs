//! How long before a breach people are warned: a share of the target, or minutes of working time before its end.

use serde::{Deserialize, Serialize};
use std::fmt;

/// When a warning comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Lead {
    /// Once so many per cent of the target are used up, 1 to 99.
    Share(u8),
    /// So many working minutes before the target is used up.
    Minutes(u32),
}

/// Why a text is no lead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not the time of a warning; write 80% for a share of the target, or 30m or 2h for working time before its end"
)]
pub struct NotLead(String);

impl Lead {
    /// # Errors
    /// [`NotLead`].
    pub fn parse(text: &str) -> Result<Self, NotLead> {
        let number = |digits: &str| match digits.bytes().all(|b| b.is_ascii_digit()) {
            true => digits.parse::<u32>().ok().filter(|number| *number > 0),
            false => None,
        };
        let text = text.trim();
        let read = match (text.strip_suffix('%'), text.strip_suffix('m'), text.strip_suffix('h')) {
            (Some(share), ..) => {
                number(share).and_then(|n| u8::try_from(n).ok()).filter(|share| *share < 100).map(Self::Share)
            }
            (_, Some(minutes), _) => number(minutes).map(Self::Minutes),
            (_, _, Some(hours)) => number(hours).and_then(|hours| hours.checked_mul(60)).map(Self::Minutes),
            _ => None,
        };
        read.ok_or_else(|| NotLead(crate::text::clean_line(text)))
    }

    /// Milliseconds of working time after which the warning comes, of a target of so many minutes. Nothing where the
    /// target is not longer than the lead.
    pub(super) fn after(self, target_minutes: u32) -> Option<i64> {
        let target = i64::from(target_minutes) * 60_000;
        let after = match self {
            Self::Share(share) => target * i64::from(share) / 100,
            Self::Minutes(minutes) => target - i64::from(minutes) * 60_000,
        };
        (after > 0).then_some(after)
    }
}

impl fmt::Display for Lead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(share) => write!(f, "{share}%"),
            Self::Minutes(minutes) if minutes % 60 == 0 => write!(f, "{}h", minutes / 60),
            Self::Minutes(minutes) => write!(f, "{minutes}m"),
        }
    }
}

impl TryFrom<String> for Lead {
    type Error = NotLead;
    fn try_from(text: String) -> Result<Self, NotLead> {
        Self::parse(&text)
    }
}

impl From<Lead> for String {
    fn from(lead: Lead) -> Self {
        lead.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_are_read_and_written() {
        for (text, want, after) in [
            ("80%", "80%", Some(48 * 60_000)),
            ("30m", "30m", Some(30 * 60_000)),
            ("90m", "90m", None),
            ("2h", "2h", None),
            ("60m", "1h", None),
        ] {
            let lead = Lead::parse(text).unwrap();
            assert_eq!((lead.to_string().as_str(), lead.after(60)), (want, after), "{text}");
            assert_eq!(Lead::parse(want).unwrap(), lead);
        }
        for text in ["", "%", "0%", "100%", "300%", "-5m", "+5m", "5", "5 min", "0m", "99999999999h", "4294967295h"] {
            assert!(Lead::parse(text).is_err(), "{text:?}");
        }
    }
}
