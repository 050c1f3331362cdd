//! Service levels: business calendars, policies, the clocks of a ticket, and what is due to be told of them.
//!
//! All of it is computed from a ticket's [`History`], which is kept, and the policies of now: a policy that changes
//! changes the due times of every open ticket, as if it had always been there.

mod calendar;
mod clocks;
mod history;
mod holiday;
mod hours;
mod icalendar;
mod lead;
mod outlook;
mod plan;
mod policy;
#[cfg(test)]
mod tests;
mod validate;
mod working_hours;

pub use calendar::{BusinessCalendar, NeverOpen};
pub use clocks::{Clock, ClockId, ClockState, Target, clocks};
pub use history::{History, Moment, What};
pub use holiday::{Holiday, HolidayDate};
pub use hours::OpenHours;
pub use icalendar::{FoundHolidays, NoEvents, holidays_from_icalendar};
pub use lead::Lead;
pub use outlook::{ClockView, Kept, Mark, Nearest, Outlook, Sign, Telling, Told, outlook, view};
pub use plan::{Plan, Plans, Subject};
pub use policy::{Policy, PolicyConditions, Sla};
pub(crate) use validate::validate;
pub use working_hours::WorkingHours;
