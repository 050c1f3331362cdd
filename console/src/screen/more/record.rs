//! One contact, customer or invitation in full, with the newest tickets.

use super::state::State;
use super::tab::Tab;
use crate::app::desk::Desk;
use crate::app::kept::Kept;
use crate::command::ticket::status_words;
use crate::command::{directory, invitation, logs};
use crate::output::{Page, Span, Style};
use maildesk_core::rpc::TicketRow;

/// Everything about the selected row.
pub(super) fn page(state: &State, desk: &Desk) -> Option<Page> {
    let clock = desk.zoned();
    let mut page = match state.tab {
        Tab::Contacts => directory::page_of(state.contacts.selected()?, &clock),
        Tab::Customers => directory::page_of(state.customers.selected()?, &clock),
        Tab::Invitations => return Some(invitation::page_of(state.invitations.selected()?, &clock)),
        Tab::Logs => {
            let line = state.logs.selected()?;
            return Some(logs::page_of(line, desk.exact(line.at)));
        }
        _ => return None,
    };
    page.empty_line();
    theirs(&state.theirs, desk, &mut page);
    Some(page)
}

fn theirs(theirs: &Kept<Vec<TicketRow>>, desk: &Desk, page: &mut Page) {
    match (&theirs.value, &theirs.problem) {
        (_, Some(problem)) => page.line([Span::new(Style::Bad, problem.line())]),
        (None, None) => page.line([Span::dim("asking for the tickets")]),
        (Some(rows), None) if rows.is_empty() => {
            page.line([Span::dim("No tickets among the newest ones; t looks further.")])
        }
        (Some(rows), None) => {
            for row in rows {
                page.line([
                    Span::strong(format!("#{}", row.number)),
                    Span::plain(status_words(row)),
                    Span::plain(&row.subject),
                    Span::dim(desk.glance(row.updated)),
                ]);
            }
            page.line([Span::dim("t lists them all")]);
        }
    }
}
