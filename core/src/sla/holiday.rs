//! Days on which a calendar is closed: `2026-04-03 Good Friday`, or every year `*-12-25 Christmas Day`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// When a holiday is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolidayDate {
    On(Date),
    /// Every year; the 29th of February in leap years only.
    Yearly {
        month: i8,
        day: i8,
    },
}

/// One day, or the same day of every year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Holiday {
    pub date: HolidayDate,
    /// One clean line, possibly empty.
    pub name: String,
}

/// Why a text is no holiday.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a holiday; write 2026-04-03 Good Friday, or for every year *-12-25 Christmas Day")]
pub struct NotHoliday(String);

impl Holiday {
    /// With the name cleaned and at most 80 characters long.
    pub fn new(date: HolidayDate, name: &str) -> Self {
        Self { date, name: crate::text::clean_line(name).chars().take(80).collect() }
    }

    /// # Errors
    /// [`NotHoliday`] where the date does not exist.
    pub fn parse(text: &str) -> Result<Self, NotHoliday> {
        let wrong = || NotHoliday(crate::text::clean_line(text));
        let (date, name) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        // jiff would also take a time behind the day.
        let read = |text: &str| text.parse::<Date>().ok().filter(|_| text.len() == 10).ok_or_else(wrong);
        let date = match date.strip_prefix("*-") {
            // A leap year knows every day.
            Some(day) => {
                read(&format!("2000-{day}")).map(|date| HolidayDate::Yearly { month: date.month(), day: date.day() })?
            }
            None => HolidayDate::On(read(date)?),
        };
        Ok(Self::new(date, name))
    }
}

impl fmt::Display for HolidayDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(date) => date.fmt(f),
            Self::Yearly { month, day } => write!(f, "*-{month:02}-{day:02}"),
        }
    }
}

impl fmt::Display for Holiday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => self.date.fmt(f),
            name => write!(f, "{} {name}", self.date),
        }
    }
}

impl TryFrom<String> for Holiday {
    type Error = NotHoliday;
    fn try_from(text: String) -> Result<Self, NotHoliday> {
        Self::parse(&text)
    }
}

impl From<Holiday> for String {
    fn from(holiday: Holiday) -> Self {
        holiday.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_are_read_and_written() {
        for text in ["2026-04-03 Good Friday", "*-12-25 Christmas Day", "2026-01-01", "*-02-29 Leap"] {
            assert_eq!(Holiday::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "2026-02-30", "*-13-01", "25.12.2026", "Christmas", "2026-04-03T10:00 x"] {
            assert!(Holiday::parse(text).is_err(), "{text:?}");
        }
    }
}
