//! What is done to a ticket beside writing: who is in charge, how urgent it is, opening it again.

use super::thread::Thread;
use crate::action::Action;
use crate::app::desk::Desk;
use crate::app::overlay::{Prompt, Purpose};
use crate::app::place::Place;
use crate::app::request::Request;
use crate::output::Style;
use maildesk_core::ids::TicketNumber;
use maildesk_core::ticket::{Priority, TicketAction};

const PRIORITIES: [Priority; 4] = [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];

/// Does it, or asks for what it needs.
pub(super) fn begin(action: Action, thread: &Thread, desk: &mut Desk) {
    let view = thread.view();
    match action {
        Action::Assign => {
            let now = view.and_then(|view| view.assignee.clone()).unwrap_or_default();
            let help = "user name of an agent, me, or nobody";
            desk.prompt(Prompt::new(Purpose::AssignTicket, format!("Assign #{} to", thread.number), help, &now));
        }
        Action::Priority => {
            let now = view.map(|view| view.row.priority.word()).unwrap_or_default();
            let label = format!("Priority of #{}", thread.number);
            desk.prompt(Prompt::new(Purpose::PrioritiseTicket, label, "low, normal, high or urgent", now));
        }
        Action::Reopen => desk.ask(Place::Tickets, Request::TicketAct(thread.number, TicketAction::Reopen)),
        _ => {}
    }
}

/// The person entered this line.
pub(super) fn told(number: TicketNumber, purpose: Purpose, line: &str, desk: &mut Desk) {
    let action = match purpose {
        Purpose::AssignTicket => match line {
            "" => return,
            "nobody" => TicketAction::Assign { to: None },
            "me" => TicketAction::Assign { to: desk.welcome.as_ref().map(|welcome| welcome.user.clone()) },
            name => TicketAction::Assign { to: Some(name.to_owned()) },
        },
        _ => match PRIORITIES.into_iter().find(|priority| priority.word() == line) {
            Some(priority) => TicketAction::Prioritise { priority },
            None => return desk.say(Style::Bad, "the priority must be low, normal, high or urgent"),
        },
    };
    desk.ask(Place::Tickets, Request::TicketAct(number, action));
}

/// What is so now, for a sentence that begins with the ticket.
pub(super) fn done(action: &TicketAction) -> String {
    match action {
        TicketAction::Resolve { .. } => "is resolved".into(),
        TicketAction::Assign { to: Some(name) } => format!("is assigned to {name}"),
        TicketAction::Assign { to: None } => "is assigned to nobody".into(),
        TicketAction::Prioritise { priority } => format!("has priority {}", priority.word()),
        TicketAction::Reopen => "is open again".into(),
        TicketAction::Pend { .. } => "waits".into(),
        TicketAction::Close => "is closed".into(),
        TicketAction::AddTag { tag } => format!("has the tag {tag}"),
        TicketAction::RemoveTag { tag } => format!("has the tag {tag} no more"),
    }
}
