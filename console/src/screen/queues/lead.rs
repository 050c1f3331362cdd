//! The way to one mail of the outbox: its queue first, then its line.

use super::state::{Queue, State};
use crate::app::desk::Desk;
use crate::app::place::Place;
use crate::app::request::Request;
use crate::output::Style;
use maildesk_core::ids::OutboxId;
use maildesk_core::rpc::OutboxView;

/// A mail that a person is led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lead {
    id: OutboxId,
    /// Where it is, once that is known.
    queue: Option<Queue>,
}

impl State {
    /// Leads to this mail, whichever queue it is in.
    pub fn select(&mut self, id: OutboxId, desk: &mut Desk) {
        self.lead = Some(Lead { id, queue: None });
        desk.ask(Place::Queues, Request::OutboxEntry(id));
    }

    /// The mail was found, or another one was asked for.
    pub(super) fn found(&mut self, view: &OutboxView, desk: &mut Desk) {
        let Some(lead) = self.lead.as_mut().filter(|lead| lead.id == view.row.id && lead.queue.is_none()) else {
            return;
        };
        let word = view.row.state.word();
        lead.queue = Queue::ALL.into_iter().find(|queue| queue.state() == Some(word));
        match lead.queue {
            Some(queue) if queue != self.queue => self.show(queue),
            Some(_) => self.outbox.asking.now(),
            None => {
                self.lead = None;
                desk.say(Style::Plain, format!("mail {} is {word}: maildesk outbox show {}", view.row.id, view.row.id));
            }
        }
    }

    /// The rows of a queue came: the mail is among them, or further down.
    pub(super) fn arrive(&mut self, desk: &mut Desk) {
        let Some(Lead { id, queue: Some(queue) }) = self.lead else { return };
        if queue != self.queue {
            return;
        }
        self.lead = None;
        match self.outbox.rows.iter().position(|row| row.id == id) {
            Some(at) => self.outbox.cursor.at = at,
            None => desk.say(Style::Plain, format!("mail {id} is further down: maildesk outbox show {id}")),
        }
    }
}
