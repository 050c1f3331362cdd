//! The whole state of the console.

use super::desk::{Desk, Goal};
use super::message::Effect;
use super::place::Place;
use super::screen::Screen;
use crate::clock::Clock;
use crate::screen::{channels, filters, home, live, more, queues, setup, templates, tickets};
use jiff::Timestamp;

/// Every screen, shown or not.
#[derive(Debug)]
pub struct Screens {
    pub home: home::State,
    pub live: live::State,
    pub tickets: tickets::State,
    pub templates: templates::State,
    pub more: more::State,
    pub filters: filters::State,
    pub outbound: channels::State,
    pub inbound: channels::State,
    pub queues: queues::State,
    pub setup: setup::State,
}

impl Default for Screens {
    fn default() -> Self {
        Self {
            home: Default::default(),
            live: Default::default(),
            queues: Default::default(),
            tickets: Default::default(),
            inbound: channels::State::new(channels::Noun::Mailbox),
            filters: Default::default(),
            more: Default::default(),
            templates: Default::default(),
            setup: Default::default(),
            outbound: channels::State::new(channels::Noun::Sender),
        }
    }
}

#[derive(Debug)]
pub struct Model {
    pub desk: Desk,
    pub screens: Screens,
    /// The screen before this one.
    pub before: Option<Place>,
    /// Columns and rows.
    pub size: (u16, u16),
    /// When Ctrl-C was pressed last.
    pub(super) interrupted: Option<Timestamp>,
    /// The first run was offered: once is enough.
    pub(super) setup_offered: bool,
}

impl Model {
    pub fn new(clock: Clock, host: String, size: (u16, u16)) -> Self {
        let (desk, screens) = (Desk::new(clock, host), Screens::default());
        Self { desk, screens, before: None, size, interrupted: None, setup_offered: false }
    }

    /// A screen and what it works with.
    pub fn screen(&mut self, place: Place) -> (&mut dyn Screen, &mut Desk) {
        let Screens { more, filters, outbound, inbound, queues, home, live, templates, tickets, setup } =
            &mut self.screens;
        let screen: &mut dyn Screen = match place {
            Place::Home => home,
            Place::Live => live,
            Place::Tickets => tickets,
            Place::Templates => templates,
            Place::More => more,
            Place::Filters => filters,
            Place::Outbound => outbound,
            Place::Inbound => inbound,
            Place::Queues => queues,
            Place::Setup => setup,
        };
        (screen, &mut self.desk)
    }

    /// The screen that is shown.
    pub fn shown(&mut self) -> (&mut dyn Screen, &mut Desk) {
        self.screen(self.desk.place)
    }

    /// The screen that is shown, to look at.
    pub fn look(&self) -> &dyn Screen {
        match self.desk.place {
            Place::Home => &self.screens.home,
            Place::Live => &self.screens.live,
            Place::Tickets => &self.screens.tickets,
            Place::Templates => &self.screens.templates,
            Place::More => &self.screens.more,
            Place::Filters => &self.screens.filters,
            Place::Outbound => &self.screens.outbound,
            Place::Inbound => &self.screens.inbound,
            Place::Queues => &self.screens.queues,
            Place::Setup => &self.screens.setup,
        }
    }

    /// Keeps every text that is being written: the console ends.
    pub fn keep_drafts(&mut self) -> Vec<Effect> {
        self.screens.tickets.keep_draft(&mut self.desk);
        self.screens.inbound.keep_draft(true, &mut self.desk);
        self.screens.outbound.keep_draft(true, &mut self.desk);
        self.screens.setup.keep_draft_of_unfinished(&mut self.desk);
        std::mem::take(&mut self.desk.effects)
    }

    /// Shows one thing of the screen that was just entered.
    pub(super) fn lead(&mut self, goal: Goal) {
        match goal {
            Goal::Place(_) => {}
            Goal::List(list) => {
                self.screens.more.show_list(list);
                self.screens.queues.show_list(list);
            }
            Goal::Ticket(number) => self.screens.tickets.open(number, &mut self.desk),
            Goal::TheirTickets => {
                let words = self.screens.more.their_words().join(" ");
                self.screens.tickets.find(words);
            }
            Goal::Outbox(id) => self.screens.queues.select(id, &mut self.desk),
            Goal::Mail(id) => self.screens.live.select(id),
            Goal::RuleFrom(id) => self.screens.filters.begin_from(id, &mut self.desk),
            Goal::TryRules(id) => self.screens.filters.try_on(id, &mut self.desk),
        }
    }
}
