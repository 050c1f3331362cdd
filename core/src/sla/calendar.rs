//! Business calendars as the settings hold them.

use super::{Holiday, OpenHours, WorkingHours};
use crate::settings::{CalendarName, ZoneName};
use serde::{Deserialize, Serialize};

/// When a desk works: hours of the week in a time zone, less holidays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessCalendar {
    pub name: CalendarName,
    pub time_zone: ZoneName,
    pub hours: Vec<OpenHours>,
    /// Days that are closed from midnight to midnight.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// The hours and holidays of a calendar leave no open minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is never open")]
pub struct NeverOpen;

impl BusinessCalendar {
    /// Ready to be reckoned with.
    ///
    /// # Errors
    /// [`NeverOpen`].
    pub fn compile(&self) -> Result<WorkingHours, NeverOpen> {
        let hours = WorkingHours::new(self.time_zone.zone(), &self.hours, &self.holidays);
        if hours.ever_open() { Ok(hours) } else { Err(NeverOpen) }
    }
}
