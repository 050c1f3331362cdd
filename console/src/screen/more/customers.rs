//! What is changed about customers: a line is asked for.

use super::state::State;
use crate::action::Action;
use crate::app::desk::Desk;
use crate::app::overlay::{Prompt, Purpose};
use crate::app::place::Place;
use crate::app::request::Request;
use maildesk_core::rpc::CustomerAction;

/// Asks for what the action needs; false where it is none of these.
pub(super) fn begin(state: &State, action: Action, desk: &mut Desk) -> bool {
    let Some(customer) = state.customers.selected() else { return false };
    let name = &customer.name;
    let prompt = match action {
        Action::RenameCustomer => {
            let help = "a later import knows the customer by this name";
            Prompt::new(Purpose::RenameCustomer, format!("New name of {name}"), help, name)
        }
        Action::AddDomain => {
            let help = "acme.example, or *.acme.example for all below it too";
            Prompt::new(Purpose::AddDomain, format!("One more domain of {name}"), help, "")
        }
        Action::RemoveDomain => {
            let help = format!("one of: {}", customer.domains.join(", "));
            let last = customer.domains.last().cloned().unwrap_or_default();
            Prompt::new(Purpose::RemoveDomain, format!("Take a domain from {name}"), help, &last)
        }
        _ => return false,
    };
    desk.prompt(prompt);
    true
}

/// The person entered this line.
pub(super) fn told(state: &State, purpose: Purpose, line: &str, desk: &mut Desk) {
    let Some(customer) = state.customers.selected() else { return };
    let line = line.trim().to_owned();
    let action = match purpose {
        _ if line.is_empty() => return,
        Purpose::RenameCustomer => CustomerAction::Rename { name: line },
        Purpose::AddDomain => CustomerAction::AddDomain { domain: line },
        Purpose::RemoveDomain => CustomerAction::RemoveDomain { domain: line },
        _ => return,
    };
    desk.ask(Place::More, Request::CustomerAct(customer.id, action));
}
