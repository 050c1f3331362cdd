//! Holidays from an iCalendar file into a business calendar of the settings.

use super::super::{Session, input};
use super::ImportHolidays;
use crate::failure::Failure;
use crate::output::{Page, Span};
use maildesk_core::ids::Revision;
use maildesk_core::settings::FieldProblem;
use maildesk_core::sla::{FoundHolidays, Holiday, holidays_from_icalendar};
use serde::Serialize;

#[derive(Serialize)]
struct Imported {
    /// Of the settings as they now are.
    revision: Revision,
    applied: bool,
    added: Vec<Holiday>,
    /// Days that the calendar has already.
    known: usize,
    left_out: Vec<LeftOut>,
}

#[derive(Serialize)]
struct LeftOut {
    event: String,
    reason: &'static str,
}

pub(super) async fn import(import: ImportHolidays, session: &mut Session<'_>) -> Result<(), Failure> {
    let text = input::read_text(&import.file).await?;
    let found = holidays_from_icalendar(&text).map_err(|problem| {
        let remedy = "export the calendar as iCalendar (.ics)".to_owned();
        let problems = vec![FieldProblem { field: "the file".into(), problem: problem.to_string(), remedy }];
        Failure::Invalid { what: input::name(&import.file), problems }
    })?;
    let client = session.client().await?;
    let mut view = client.settings().await?;
    let calendar = view.settings.sla.calendar.iter_mut().find(|calendar| calendar.name == import.calendar);
    let calendar = calendar.ok_or_else(|| {
        let problem = format!("no calendar is named \"{}\"", import.calendar);
        let remedy = "add it to the settings as [[sla.calendar]]".to_owned();
        Failure::Invalid {
            what: "the calendar".into(),
            problems: vec![FieldProblem { field: "CALENDAR".into(), problem, remedy }],
        }
    })?;
    let FoundHolidays { holidays, left_out } = found;
    let all = holidays.len();
    let new = |holiday: &Holiday| calendar.holidays.iter().all(|known| known.date != holiday.date);
    let added: Vec<Holiday> = holidays.into_iter().filter(new).collect();
    calendar.holidays.extend(added.iter().cloned());
    let left_out = left_out.into_iter().map(|(event, reason)| LeftOut { event, reason }).collect();
    let (known, applied) = (all - added.len(), !import.dry_run && !added.is_empty());
    let diff = match applied {
        true => client.settings_apply(view.settings, view.revision).await?,
        false => client.settings_diff(view.settings).await?,
    };
    say(&Imported { revision: diff.revision, applied, added, known, left_out }, session)
}

fn say(imported: &Imported, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer("maildesk.sla.holidays.import/1", imported, None);
    }
    let mut page = Page::default();
    for holiday in &imported.added {
        page.line([Span::strong(holiday.date.to_string()), Span::plain(&holiday.name)]);
    }
    for LeftOut { event, reason } in &imported.left_out {
        page.line([Span::dim("left out:"), Span::plain(event), Span::dim(reason)]);
    }
    let (count, known, revision) = (imported.added.len(), imported.known, imported.revision);
    let verb = if imported.applied || count == 0 { "added" } else { "would be added" };
    page.line([Span::dim(format!("{count} {verb}, {known} known already; the settings are revision {revision}"))]);
    session.output.page(&page)
}
