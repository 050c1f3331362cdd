//! What every notification about a ticket can say.

use super::{Reader, Values, words};
use crate::address::Address;
use crate::ticket::Ticket;

/// A ticket and the people around it, as notifications name them.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub ticket: &'a Ticket,
    pub contact_name: Option<&'a str>,
    pub contact_address: &'a Address,
    pub customer_name: Option<&'a str>,
    pub desk_name: &'a str,
}

/// The values of `$ticket`, `$contact`, `$customer` and `$desk` for a reader; what a kind has beside them is added.
pub fn ticket_values(about: &About<'_>, reader: &Reader) -> Values {
    let ticket = about.ticket;
    Values::for_reader(reader.clone())
        .with("ticket.number", ticket.number.to_string())
        .with("ticket.subject", ticket.subject.as_str())
        .with("ticket.status", words::status(&ticket.status, reader.language))
        .with("ticket.priority", words::priority(ticket.priority, reader.language))
        .with_time("ticket.created", ticket.created)
        .with("contact.name", about.contact_name.unwrap_or_default())
        .with("contact.address", about.contact_address.as_str())
        .with("customer.name", about.customer_name.unwrap_or_default())
        .with("desk.name", about.desk_name)
}
