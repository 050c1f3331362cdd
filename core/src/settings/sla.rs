//! Promises about time as people write them: calendars and policies.

use super::{FieldProblem, MailboxName, Settings, ZoneName};
use crate::ticket::{Priority, Ticket};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;

/// When a desk works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSettings {
    pub name: String,
    #[serde(default)]
    pub time_zone: ZoneName,
    pub hours: Vec<OpenHours>,
    /// Days without work.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// The same hours on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenHours {
    pub days: Vec<Day>,
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    /// Monday is 0.
    pub const fn from_monday(self) -> usize {
        self as usize
    }
}

/// `09:00`; `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(i16);

impl TimeOfDay {
    /// After midnight.
    pub const fn minutes(self) -> i16 {
        self.0
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2);
        let read = parts.and_then(|(hours, minutes)| Some((hours.parse::<i16>().ok()?, minutes.parse::<i16>().ok()?)));
        match read {
            Some((24, 0)) => Ok(Self(24 * 60)),
            Some((hours @ 0..24, minutes @ 0..60)) => Ok(Self(hours * 60 + minutes)),
            _ => Err("use a time such as \"09:00\", at the most \"24:00\"".into()),
        }
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        format!("{:02}:{:02}", time.0 / 60, time.0 % 60)
    }
}

/// A day without work: `2026-12-24`, or `12-25` in every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Holiday {
    Once(Date),
    EveryYear { month: i8, day: i8 },
}

impl Holiday {
    pub fn is(self, date: Date) -> bool {
        match self {
            Self::Once(day) => day == date,
            Self::EveryYear { month, day } => (date.month(), date.day()) == (month, day),
        }
    }
}

impl TryFrom<String> for Holiday {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || "use a day such as \"2026-12-24\", or \"12-25\" for every year".to_owned();
        if text.len() == 5 {
            // A leap year has every day that there is.
            let day = format!("2028-{text}").parse::<Date>().map_err(|_| wrong())?;
            return Ok(Self::EveryYear { month: day.month(), day: day.day() });
        }
        if text.len() == 10 { text.parse().map(Self::Once).map_err(|_| wrong()) } else { Err(wrong()) }
    }
}

impl From<Holiday> for String {
    fn from(holiday: Holiday) -> Self {
        match holiday {
            Holiday::Once(day) => day.to_string(),
            Holiday::EveryYear { month, day } => format!("{month:02}-{day:02}"),
        }
    }
}

impl fmt::Display for Holiday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(*self))
    }
}

/// A promise, and for which tickets it is made. The first policy that holds counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaSettings {
    pub name: String,
    /// Absent: every hour of every day counts.
    #[serde(default)]
    pub calendar: Option<String>,
    #[serde(default)]
    pub when: SlaMatch,
    /// Working minutes; absent: nothing is promised.
    #[serde(default)]
    pub first_response_minutes: Option<u32>,
    #[serde(default)]
    pub next_response_minutes: Option<u32>,
    #[serde(default)]
    pub resolution_minutes: Option<u32>,
    /// Working minutes before the end at which agents are warned; 0: they are not.
    #[serde(default = "thirty")]
    pub warn_minutes: u32,
    /// Whether the time in which a ticket is pending does not count.
    #[serde(default = "yes")]
    pub pause_pending: bool,
}

fn thirty() -> u32 {
    30
}

fn yes() -> bool {
    true
}

/// What a ticket must be. Each list that is not empty must hold one that fits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SlaMatch {
    pub priority: Vec<Priority>,
    /// Names of customers, in any case.
    pub customer: Vec<String>,
    pub mailbox: Vec<MailboxName>,
    pub tag: Vec<String>,
}

impl SlaMatch {
    pub fn holds(&self, ticket: &Ticket, customer: Option<&str>) -> bool {
        let same = |name: &String| customer.is_some_and(|customer| customer.to_lowercase() == name.to_lowercase());
        (self.priority.is_empty() || self.priority.contains(&ticket.priority))
            && (self.customer.is_empty() || self.customer.iter().any(same))
            && (self.mailbox.is_empty() || self.mailbox.contains(&ticket.mailbox))
            && (self.tag.is_empty() || self.tag.iter().any(|tag| ticket.tags.contains(tag)))
    }
}

/// A year of minutes.
const MOST_MINUTES: u32 = 525_600;

pub(super) fn validate(settings: &Settings, found: &mut Vec<FieldProblem>) {
    if settings.desk.close_days > 3650 {
        let remedy = "use 0 to 3650; 0 never closes";
        found.push(FieldProblem::new("desk: close_days", "is out of range", remedy));
    }
    let mut names = HashSet::new();
    for calendar in &settings.calendar {
        let at = |field: &str| format!("calendar \"{}\": {field}", calendar.name);
        if calendar.name.trim().is_empty() || !names.insert(&calendar.name) {
            found.push(FieldProblem::new(at("name"), "is empty or given twice", "names are unique"));
        }
        if calendar.hours.iter().all(|open| open.days.is_empty()) {
            found.push(FieldProblem::new(at("hours"), "holds no day", "give days, from and to"));
        }
        if calendar.hours.iter().any(|open| open.from >= open.to) {
            found.push(FieldProblem::new(at("hours"), "end before they begin", "split what goes over midnight"));
        }
    }
    let mut names = HashSet::new();
    for sla in &settings.sla {
        let at = |field: &str| format!("sla \"{}\": {field}", sla.name);
        if sla.name.trim().is_empty() || !names.insert(&sla.name) {
            found.push(FieldProblem::new(at("name"), "is empty or given twice", "names are unique"));
        }
        if let Some(name) = sla.calendar.as_ref().filter(|name| settings.calendar.iter().all(|one| one.name != **name))
        {
            let problem = format!("no calendar is named \"{name}\"");
            found.push(FieldProblem::new(at("calendar"), problem, "add a [[calendar]] or name another"));
        }
        for name in sla.when.mailbox.iter().filter(|name| settings.mailbox(name).is_none()) {
            let problem = format!("no mailbox is named \"{name}\"");
            found.push(FieldProblem::new(at("when.mailbox"), problem, "add it or name another"));
        }
        let promises = [
            ("first_response_minutes", sla.first_response_minutes),
            ("next_response_minutes", sla.next_response_minutes),
            ("resolution_minutes", sla.resolution_minutes),
        ];
        for (field, minutes) in promises {
            if minutes.is_some_and(|minutes| !(1..=MOST_MINUTES).contains(&minutes)) {
                found.push(FieldProblem::new(at(field), "is out of range", "use 1 to 525600, or leave it out"));
            }
        }
        if promises.iter().all(|(_, minutes)| minutes.is_none()) {
            let remedy = "give first_response_minutes, next_response_minutes or resolution_minutes";
            found.push(FieldProblem::new(at("first_response_minutes"), "nothing is promised", remedy));
        }
        if sla.warn_minutes > MOST_MINUTES {
            found.push(FieldProblem::new(at("warn_minutes"), "is out of range", "use 0 to 525600"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::{Settings, diff, from_toml, to_toml};

    const SLA: &str = "[desk]\nclose_days = 7\n[[calendar]]\nname = \"office\"\ntime_zone = \"Europe/Berlin\"\n\
        hours = [{ days = [\"mon\", \"fri\"], from = \"09:00\", to = \"24:00\" }]\nholidays = [\"12-25\", \"2026-12-24\"]\n\
        [[sla]]\nname = \"gold\"\ncalendar = \"office\"\nwhen = { priority = [\"high\"], tag = [\"vip\"] }\n\
        first_response_minutes = 60\n";

    #[test]
    fn promises_are_read_written_and_compared() {
        let settings = from_toml(SLA).unwrap();
        assert_eq!((settings.sla[0].warn_minutes, settings.sla[0].pause_pending), (30, true));
        assert_eq!(from_toml(&to_toml(&settings).unwrap()).unwrap(), settings);
        let bytes = postcard::to_stdvec(&settings).unwrap();
        assert_eq!(postcard::from_bytes::<Settings>(&bytes).unwrap(), settings);
        let changes = diff(&Settings::default(), &settings);
        for field in ["sla.gold.first_response_minutes", "calendar.office.hours.0.to", "desk.close_days"] {
            assert!(changes.iter().any(|change| change.field == field), "{field} in {changes:?}");
        }
    }

    #[test]
    fn every_mistake_is_named() {
        for (from, to, want) in [
            ("09:00", "9:00", "calendar \"office\""),
            ("24:00", "24:01", "calendar \"office\""),
            ("24:00", "08:00", "hours: end before they begin"),
            ("[\"mon\", \"fri\"]", "[]", "hours: holds no day"),
            ("Europe/Berlin", "Europe/Atlantis", "is not a time zone"),
            ("12-25", "13-25", "calendar \"office\""),
            ("2026-12-24", "2026-02-30", "calendar \"office\""),
            ("calendar = \"office\"", "calendar = \"home\"", "sla \"gold\": calendar: no calendar is named \"home\""),
            ("tag = [", "mailbox = [\"x\"], tag = [", "when.mailbox: no mailbox is named \"x\""),
            ("first_response_minutes = 60", "", "nothing is promised"),
            ("minutes = 60", "minutes = 0", "first_response_minutes: is out of range"),
            ("minutes = 60", "minutes = 60\nwarn_minutes = 999999", "warn_minutes: is out of range"),
            ("close_days = 7", "close_days = 4000", "desk: close_days: is out of range"),
        ] {
            assert!(SLA.contains(from), "{from}");
            let problem = from_toml(&SLA.replacen(from, to, 1)).unwrap_err()[0].to_string();
            assert!(problem.contains(want), "{problem}");
        }
    }
}
