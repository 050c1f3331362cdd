//! One ticket that is read.

use crate::app::cursor::Scroll;
use crate::app::desk::Desk;
use crate::app::kept::Kept;
use crate::app::place::Place;
use crate::app::request::Request;
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{EntryView, TicketView};

#[derive(Debug)]
pub struct Thread {
    pub number: TicketNumber,
    pub ticket: Kept<(TicketView, Vec<EntryView>)>,
    pub scroll: Scroll,
    pub quotes: bool,
}

impl Thread {
    pub fn open(number: TicketNumber) -> Self {
        let (mut ticket, scroll) = (Kept::default(), Scroll::default());
        ticket.asking.now();
        Self { number, ticket, scroll, quotes: false }
    }

    pub fn refresh(&mut self, desk: &mut Desk) {
        if self.ticket.asking.is_due(desk.now()) {
            desk.ask(Place::Tickets, Request::Ticket(self.number));
        }
    }

    pub fn view(&self) -> Option<&TicketView> {
        self.ticket.value.as_ref().map(|(view, _)| view)
    }
}
