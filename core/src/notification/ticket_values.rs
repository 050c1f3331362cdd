//! What every notification about a ticket can say.

use super::Values;
use crate::address::Address;
use crate::settings::Desk;
use crate::ticket::Ticket;

/// The values of `$ticket`, `$contact` and `$desk`; what a kind has beside them is added to these.
pub fn ticket_values(ticket: &Ticket, contact_name: Option<&str>, to: &Address, desk: &Desk) -> Values {
    Values::new()
        .with("ticket.number", ticket.number.to_string())
        .with("ticket.subject", ticket.subject.as_str())
        .with("ticket.status", ticket.status.word())
        .with("ticket.priority", ticket.priority.word())
        .with("contact.name", contact_name.unwrap_or_default())
        .with("contact.address", to.as_str())
        .with("desk.name", desk.name.as_str())
}
