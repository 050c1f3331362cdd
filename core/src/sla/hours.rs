//! Open hours of weekdays as people write them: `mon-fri 09:00-17:00`.

use serde::{Deserialize, Serialize};
use std::fmt;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The same hours on one or more weekdays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpenHours {
    /// From Monday to Sunday.
    days: [bool; 7],
    /// Minutes since midnight; the end is not open any more and may be 24:00.
    from: u16,
    to: u16,
}

/// Why a text is no open hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not open hours; write mon-fri 09:00-17:00, or mon,wed 09:00-12:00, or daily 00:00-24:00")]
pub struct NotHours(String);

impl OpenHours {
    /// # Errors
    /// [`NotHours`] also where the end is not after the beginning: hours over midnight are written as two.
    pub fn parse(text: &str) -> Result<Self, NotHours> {
        Self::read(text).ok_or_else(|| NotHours(crate::text::clean_line(text)))
    }

    fn read(text: &str) -> Option<Self> {
        let (days, times) = text.trim().split_once(' ')?;
        let (from, to) = times.trim().split_once('-')?;
        let (from, to) = (minutes(from)?, minutes(to)?);
        (from < to).then_some(())?;
        Some(Self { days: weekdays(&days.to_ascii_lowercase())?, from, to })
    }

    /// Whether they count on this weekday, 0 for Monday to 6 for Sunday.
    pub(super) fn on(&self, weekday: usize) -> bool {
        self.days.get(weekday).copied().unwrap_or_default()
    }

    /// Minutes since midnight from which and until which it is open.
    pub(super) fn span(&self) -> (u16, u16) {
        (self.from, self.to)
    }
}

fn weekdays(text: &str) -> Option<[bool; 7]> {
    if text == "daily" {
        return Some([true; 7]);
    }
    let number = |name: &str| DAYS.iter().position(|day| *day == name);
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut day, last) = (number(first)?, number(last)?);
        *days.get_mut(day)? = true;
        // A range may go over Sunday: sat-mon.
        while day != last {
            day = (day + 1) % 7;
            *days.get_mut(day)? = true;
        }
    }
    Some(days)
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two_digits = |text: &str| (text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit())).then_some(());
    two_digits(hour).and(two_digits(minute))?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let whole = hour * 60 + minute;
    (minute < 60 && whole <= 24 * 60).then_some(whole)
}

impl fmt::Display for OpenHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<String> = Vec::new();
        let mut day = 0;
        while day < 7 {
            let length = self.days.iter().skip(day).take_while(|open| **open).count();
            match (DAYS.get(day), DAYS.get((day + length).saturating_sub(1))) {
                (Some(first), Some(last)) if length > 2 => names.push(format!("{first}-{last}")),
                (Some(first), Some(last)) if length == 2 => names.push(format!("{first},{last}")),
                (Some(first), _) if length == 1 => names.push((*first).to_owned()),
                _ => {}
            }
            day += length.max(1);
        }
        let names = if self.days == [true; 7] { "daily".into() } else { names.join(",") };
        let (from, to) = (self.from, self.to);
        write!(f, "{names} {:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl TryFrom<String> for OpenHours {
    type Error = NotHours;
    fn try_from(text: String) -> Result<Self, NotHours> {
        Self::parse(&text)
    }
}

impl From<OpenHours> for String {
    fn from(hours: OpenHours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_and_written() {
        for (text, want) in [
            ("mon-fri 09:00-17:00", "mon-fri 09:00-17:00"),
            ("Mon,Wed 9:00-12:30", "mon,wed 09:00-12:30"),
            ("sat-mon 00:00-24:00", "mon,sat,sun 00:00-24:00"),
            ("mon-sun 08:00-20:00", "daily 08:00-20:00"),
            ("daily 0:00-24:00", "daily 00:00-24:00"),
        ] {
            let hours = OpenHours::parse(text).unwrap();
            assert_eq!(hours.to_string(), want);
            assert_eq!(OpenHours::parse(want).unwrap(), hours);
        }
        let bad = [
            "",
            "mon",
            "mon 9-17",
            "mon 09:00",
            "xyz 09:00-10:00",
            "mon 17:00-09:00",
            "mon 09:00-09:00",
            "mon 09:00-24:01",
        ];
        for text in
            bad.into_iter().chain(["mon 09:60-10:00", "mon +9:00-10:00", "mon- 09:00-10:00", "mon 09:00-99999:00"])
        {
            assert!(OpenHours::parse(text).is_err(), "{text:?}");
        }
    }
}
