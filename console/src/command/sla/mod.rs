//! `maildesk sla`: due times of tickets, and holidays of business calendars.

mod holidays;
mod show;

use super::Session;
use super::listing::Listing;
use crate::failure::Failure;
use clap::{Args, Subcommand};
use maildesk_core::ids::TicketNumber;
use maildesk_core::settings::CalendarName;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Tickets with a due time, the one that is due first at the head
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// The clocks of one ticket: used time, due time, paused, what was told
    Show {
        /// Number of the ticket
        ticket: u64,
    },
    /// Holidays of business calendars
    #[command(subcommand)]
    Holidays(HolidaysVerb),
}

#[derive(Debug, Subcommand)]
pub enum HolidaysVerb {
    /// Add the whole-day events of an iCalendar file to a business calendar
    Import(ImportHolidays),
}

#[derive(Debug, Args)]
pub struct ImportHolidays {
    /// An iCalendar file (.ics), or - for standard input
    file: PathBuf,
    /// Name of the [[sla.calendar]]
    #[arg(value_parser = calendar_name)]
    calendar: CalendarName,
    /// Only say what would be added
    #[arg(long)]
    dry_run: bool,
}

fn calendar_name(text: &str) -> Result<CalendarName, String> {
    CalendarName::parse(text).map_err(|problem| format!("a calendar's name {problem}"))
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { listing } => show::list(&listing, session).await,
        Verb::Show { ticket } => show::show(TicketNumber(ticket), session).await,
        Verb::Holidays(HolidaysVerb::Import(import)) => holidays::import(import, session).await,
    }
}
