//! Due times: the list of tickets, and all clocks of one.

use super::super::Session;
use super::super::listing::{Listing, collect, mention_rest};
use super::super::ticket::{status_words, subject};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json::sla::Clocks;
use crate::json::ticket::Ticket;
use crate::output::time::{both, relative, short};
use crate::output::{Column, Page, Span, Style, Table};
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{SlaBrief, TicketOrder, TicketQuery};
use maildesk_core::sla::{ClockState, ClockView, Sign};

pub(super) async fn list(listing: &Listing, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let query = TicketQuery { order: TicketOrder::Due, ..TicketQuery::default() };
    let rows = collect(listing, async |window| client.tickets(query.clone(), window).await).await?;
    if session.output.json() {
        let tickets: Vec<Ticket> = rows.rows.into_iter().map(Ticket::from).collect();
        return session.output.answer("maildesk.sla.list/1", &tickets, rows.next);
    }
    let clock = session.output.clock().clone();
    let mut table = Table::new([
        Column::Word("Due"),
        Column::Number("No"),
        Column::Word("What"),
        Column::Word("Policy"),
        Column::Word("Status"),
        Column::Text("Subject"),
    ]);
    for row in &rows.rows {
        let Some(brief) = &row.sla else { continue };
        let overdue = brief.due.is_some_and(|due| due <= clock.now);
        let cells = [
            due_words(brief, &clock),
            row.number.to_string(),
            brief.target.words().to_owned(),
            brief.policy.to_string(),
            status_words(row),
            subject(&row.subject),
        ];
        table.row(if overdue { Style::Bad } else { Style::Plain }, cells);
    }
    let empty = "No ticket has a due time: policies are [[sla.policy]] in the settings, and clocks that are paused or \
                 ended have none.";
    session.output.table(&table, empty)?;
    mention_rest(&rows);
    Ok(())
}

/// `in 2 h`, `overdue, 5 min ago`, `paused`.
fn due_words(brief: &SlaBrief, clock: &Clock) -> String {
    match brief.due {
        None => "paused".into(),
        Some(due) if due <= clock.now => format!("overdue, {}", relative(due, clock)),
        Some(due) => relative(due, clock),
    }
}

pub(super) async fn show(number: TicketNumber, session: &mut Session<'_>) -> Result<(), Failure> {
    let view = session.client().await?.ticket_sla(number).await?;
    if session.output.json() {
        return session.output.answer("maildesk.sla.show/1", &Clocks::from(view), None);
    }
    let clock = session.output.clock().clone();
    let mut page = Page::default();
    let policy = view.policy.map_or_else(|| "no policy takes it".into(), |policy| format!("policy {policy}"));
    let calendar = view.calendar.map(|calendar| format!("· calendar {calendar}")).unwrap_or_default();
    page.line([Span::strong(format!("#{number}")), Span::plain(policy), Span::dim(calendar)]);
    for one in &view.clocks {
        page.empty_line();
        page.line([Span::strong(name(one)), Span::new(style(one, &clock), state(one))]);
        let used = format!("{} of {} minutes", one.used_minutes, one.minutes);
        page.fields([("used", Some(used)), ("due", one.due.map(|due| both(due, &clock)))]);
        for (sign, at) in &one.told {
            let sign = match sign {
                Sign::Warning(lead) => format!("warning at {lead}"),
                Sign::Breach => "breach".into(),
            };
            page.indented(2, [Span::dim("told"), Span::plain(sign), Span::dim(short(*at, &clock))]);
        }
    }
    session.output.page(&page)
}

fn name(one: &ClockView) -> String {
    match one.clock.round {
        1 => one.clock.target.words().to_owned(),
        round => format!("{} {round}", one.clock.target.words()),
    }
}

fn state(one: &ClockView) -> &'static str {
    match (one.state, one.due) {
        (ClockState::Running, _) => "running",
        (ClockState::Paused, _) => "paused",
        (ClockState::Ended { .. }, None) => "met",
        (ClockState::Ended { .. }, Some(_)) => "too late",
    }
}

fn style(one: &ClockView, clock: &Clock) -> Style {
    match (one.state, one.due) {
        (ClockState::Ended { .. }, None) => Style::Good,
        (_, Some(due)) if due <= clock.now => Style::Bad,
        _ => Style::Plain,
    }
}
