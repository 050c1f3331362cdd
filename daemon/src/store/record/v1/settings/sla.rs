//! Calendars and policies on disk. Times of day and holidays stand as people write them.

use maildesk_core::settings::{
    CalendarSettings, Day, Holiday, MailboxName, OpenHours, SlaMatch, SlaSettings, TimeOfDay,
};
use serde::{Deserialize, Serialize};

use super::super::each;
use super::super::ticket::PriorityRecord;
use super::zone;

/// [`CalendarSettings`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CalendarRecord {
    name: String,
    time_zone: String,
    hours: Vec<OpenHoursRecord>,
    holidays: Vec<Holiday>,
}

impl From<CalendarSettings> for CalendarRecord {
    fn from(calendar: CalendarSettings) -> CalendarRecord {
        let CalendarSettings { name, time_zone, hours, holidays } = calendar;
        CalendarRecord { name, time_zone: time_zone.into(), hours: each(hours), holidays }
    }
}

impl From<CalendarRecord> for CalendarSettings {
    fn from(record: CalendarRecord) -> CalendarSettings {
        let CalendarRecord { name, time_zone, hours, holidays } = record;
        CalendarSettings { name, time_zone: zone(&time_zone), hours: each(hours), holidays }
    }
}

/// [`OpenHours`].
#[derive(Debug, Serialize, Deserialize)]
struct OpenHoursRecord {
    days: Vec<DayRecord>,
    from: TimeOfDay,
    to: TimeOfDay,
}

impl From<OpenHours> for OpenHoursRecord {
    fn from(hours: OpenHours) -> OpenHoursRecord {
        let OpenHours { days, from, to } = hours;
        OpenHoursRecord { days: each(days), from, to }
    }
}

impl From<OpenHoursRecord> for OpenHours {
    fn from(record: OpenHoursRecord) -> OpenHours {
        let OpenHoursRecord { days, from, to } = record;
        OpenHours { days: each(days), from, to }
    }
}

same_word!(DayRecord = Day { Mon, Tue, Wed, Thu, Fri, Sat, Sun });

same_struct!(SlaRecord = SlaSettings {
    name: String,
    calendar: Option<String>,
    when: SlaMatchRecord,
    first_response_minutes: Option<u32>,
    next_response_minutes: Option<u32>,
    resolution_minutes: Option<u32>,
    warn_minutes: u32,
    pause_pending: bool,
});

/// [`SlaMatch`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct SlaMatchRecord {
    priority: Vec<PriorityRecord>,
    customer: Vec<String>,
    mailbox: Vec<MailboxName>,
    tag: Vec<String>,
}

impl From<SlaMatch> for SlaMatchRecord {
    fn from(when: SlaMatch) -> SlaMatchRecord {
        let SlaMatch { priority, customer, mailbox, tag } = when;
        SlaMatchRecord { priority: each(priority), customer, mailbox, tag }
    }
}

impl From<SlaMatchRecord> for SlaMatch {
    fn from(record: SlaMatchRecord) -> SlaMatch {
        let SlaMatchRecord { priority, customer, mailbox, tag } = record;
        SlaMatch { priority: each(priority), customer, mailbox, tag }
    }
}
