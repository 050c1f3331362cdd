//! What the daemon answers to More.

use super::people::called;
use super::state::State;
use crate::app::desk::Desk;
use crate::app::request::{Answer, Problem, Request};
use crate::output::Style;
use maildesk_core::invitation::InvitationAction;

pub(super) fn take(state: &mut State, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
    let now = desk.now();
    match (request, result) {
        (_, Ok(Answer::Contacts(rows))) => state.contacts.came(Ok(rows), |row| row.id.0),
        (_, Ok(Answer::Customers(rows))) => state.customers.came(Ok(rows), |row| row.id.0),
        (_, Ok(Answer::Invitations(rows))) => state.invitations.came(Ok(rows), |row| row.id.0),
        (_, Ok(Answer::Suppressions(rows))) => {
            state.suppressed.came(Ok(rows.rows), now);
            keep_cursor(state);
        }
        (_, Ok(Answer::Blocks(rows))) => {
            state.blocked.came(Ok(rows), now);
            keep_cursor(state);
        }
        (Request::RotateKeys, Ok(Answer::Keys(keys))) => {
            state.keys.came(Ok(keys), now);
            desk.say(Style::Good, "a new key signs from now on");
        }
        (_, Ok(Answer::Audit(rows))) => state.audit.came(Ok(rows), |row| row.seq),
        (_, Ok(Answer::Logs(part))) => state.logs.came(Ok(part)),
        (Request::Logs(_), Err(problem)) => state.logs.came(Err(problem)),
        (Request::Audit(_), Err(problem)) => state.audit.came(Err(problem), |row| row.seq),
        (_, Ok(Answer::Keys(keys))) => state.keys.came(Ok(keys), now),
        (_, Ok(Answer::Doctor(report))) => state.report.came(Ok(*report), now),
        (Request::TheirTickets(words), Ok(Answer::TheirTickets(rows))) => state.came(&words, Ok(rows), desk),
        (Request::TheirTickets(words), Err(problem)) => state.came(&words, Err(problem), desk),
        (Request::ContactAct(..), Ok(Answer::Contact(row))) => {
            state.contacts.asking.now();
            desk.say(Style::Good, format!("{} is changed: {}", called(&row), row.addresses.join(" ")));
        }
        (Request::CustomerAct(..), Ok(Answer::Customer(row))) => {
            state.customers.asking.now();
            desk.say(Style::Good, format!("{} is changed: {}", row.name, row.domains.join(" ")));
        }
        (Request::InvitationAct(action), Ok(Answer::Invitation(row))) => {
            state.invitations.asking.now();
            let done = if matches!(action, InvitationAction::Resend(_)) { "sent anew" } else { "taken back" };
            desk.say(Style::Good, format!("the invitation to {} is {done}", row.to));
        }
        (_, Ok(Answer::Suppressed(row))) => {
            state.suppressed.asking.now();
            desk.say(Style::Good, format!("{} gets no more mail", row.address));
        }
        (_, Ok(Answer::Blocked(row))) => {
            state.blocked.asking.now();
            desk.say(Style::Good, format!("mail of {} is dropped from now on", row.who));
        }
        (Request::Unsuppress(address), Ok(_)) => {
            state.suppressed.asking.now();
            desk.say(Style::Good, format!("{address} is written to again"));
        }
        (Request::Unblock(who), Ok(_)) => {
            state.blocked.asking.now();
            desk.say(Style::Good, format!("{who} may write again"));
        }
        (Request::Contacts(_), Err(problem)) => state.contacts.came(Err(problem), |row| row.id.0),
        (Request::Customers(_), Err(problem)) => state.customers.came(Err(problem), |row| row.id.0),
        (Request::Invitations(_), Err(problem)) => state.invitations.came(Err(problem), |row| row.id.0),
        (Request::Suppressions, Err(problem)) => state.suppressed.came(Err(problem), now),
        (Request::Blocks, Err(problem)) => state.blocked.came(Err(problem), now),
        (Request::Keys, Err(problem)) => state.keys.came(Err(problem), now),
        (Request::Doctor, Err(problem)) => state.report.came(Err(problem), now),
        (_, Err(problem)) => desk.say_problem(&problem),
        (_, Ok(_)) => {}
    }
}

fn keep_cursor(state: &mut State) {
    let rows = state.rows();
    state.cursor.keep_within(rows);
}
