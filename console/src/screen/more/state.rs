//! Which of the lists is shown, and what it holds.

use crate::action::{Action, Context};
use crate::app::cursor::{Cursor, Scroll};
use crate::app::desk::Desk;
use crate::app::kept::{Kept, Listing};
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::Screen;
use crate::output::{Page, Span, Style};
use maildesk_core::doctor::Report;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::rpc::{ContactRow, CustomerRow, Suppression};

/// The lists in the order of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Contacts,
    Customers,
    Suppressed,
    Doctor,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Contacts, Self::Customers, Self::Suppressed, Self::Doctor];

    pub fn name(self) -> &'static str {
        match self {
            Self::Contacts => "Contacts",
            Self::Customers => "Customers",
            Self::Suppressed => "Suppressed addresses",
            Self::Doctor => "Doctor",
        }
    }

    fn beside(self, forward: bool) -> Self {
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        let step = if forward { 1 } else { Self::ALL.len() - 1 };
        Self::ALL.get((at + step) % Self::ALL.len()).copied().unwrap_or_default()
    }
}

#[derive(Debug, Default)]
pub struct State {
    pub tab: Tab,
    pub contacts: Listing<ContactRow>,
    pub customers: Listing<CustomerRow>,
    pub suppressed: Kept<Vec<Suppression>>,
    pub cursor: Cursor,
    pub report: Kept<Report>,
    pub scroll: Scroll,
}

impl State {
    fn selected(&self) -> Option<String> {
        let rows = self.suppressed.value.as_ref()?;
        rows.get(self.cursor.at).map(|row| row.address.to_string())
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        match self.tab {
            Tab::Contacts | Tab::Customers => Context::More,
            Tab::Suppressed => Context::Suppressions,
            Tab::Doctor => Context::Doctor,
        }
    }

    fn entered(&mut self, _desk: &mut Desk) {
        self.contacts.asking.now();
        self.customers.asking.now();
        self.suppressed.asking.now();
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let now = desk.now();
        let request = match self.tab {
            Tab::Contacts => self.contacts.wanted(now).map(Request::Contacts),
            Tab::Customers => self.customers.wanted(now).map(Request::Customers),
            Tab::Suppressed => self.suppressed.asking.is_due(now).then_some(Request::Suppressions),
            Tab::Doctor => self.report.asking.is_due(now).then_some(Request::Doctor),
        };
        if let Some(request) = request {
            desk.ask(Place::More, request);
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if let Some(way) = action.way() {
            match self.tab {
                Tab::Contacts => self.contacts.go(way),
                Tab::Customers => self.customers.go(way),
                Tab::Suppressed => self.cursor.go(way, self.suppressed.value.as_ref().map_or(0, Vec::len)),
                Tab::Doctor => self.scroll.go(way),
            }
            return true;
        }
        match action {
            Action::NextItem | Action::NextPane => self.tab = self.tab.beside(true),
            Action::PreviousItem => self.tab = self.tab.beside(false),
            Action::Open if self.tab == Tab::Doctor => {
                self.report.asking.now();
                self.scroll.reset();
            }
            Action::Suppress => {
                let help = "the address that gets no more mail until somebody removes it here";
                desk.prompt(Prompt::new(Purpose::SuppressAddress, "Suppress an address", help, ""));
            }
            Action::Remove => {
                if let Some(address) = self.selected() {
                    let mut page = Page::default();
                    page.line([Span::plain(
                        "It is written to again; mail that waited for this is not sent by itself.",
                    )]);
                    let title = format!("Write to {address} again?");
                    desk.question(Question::new(Purpose::UnsuppressAddress, title, page, "write to it"));
                }
            }
            _ => return false,
        }
        true
    }

    fn unavailable(&self, action: Action, _desk: &Desk) -> Option<String> {
        let busy = self.report.asking.waiting_since().is_some();
        match action {
            Action::Remove if self.selected().is_none() => Some("no address is suppressed".into()),
            Action::Open if self.tab == Tab::Doctor && busy => Some("it examines at this moment".into()),
            _ => None,
        }
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        let now = desk.now();
        match (request, result) {
            (_, Ok(Answer::Contacts(rows))) => self.contacts.came(Ok(rows), |row| row.id.0),
            (_, Ok(Answer::Customers(rows))) => self.customers.came(Ok(rows), |row| row.id.0),
            (_, Ok(Answer::Suppressions(rows))) => {
                self.cursor.keep_within(rows.rows.len());
                self.suppressed.came(Ok(rows.rows), now);
            }
            (_, Ok(Answer::Doctor(report))) => self.report.came(Ok(*report), now),
            (_, Ok(Answer::Suppressed(row))) => {
                self.suppressed.asking.now();
                desk.say(Style::Good, format!("{} gets no more mail", row.address));
            }
            (Request::Unsuppress(address), Ok(_)) => {
                self.suppressed.asking.now();
                desk.say(Style::Good, format!("{address} is written to again"));
            }
            (Request::Contacts(_), Err(problem)) => self.contacts.came(Err(problem), |row| row.id.0),
            (Request::Customers(_), Err(problem)) => self.customers.came(Err(problem), |row| row.id.0),
            (Request::Suppressions, Err(problem)) => self.suppressed.came(Err(problem), now),
            (Request::Doctor, Err(problem)) => self.report.came(Err(problem), now),
            (_, Err(problem)) => desk.say_problem(&problem),
            (_, Ok(_)) => {}
        }
    }

    fn told(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        match purpose {
            Purpose::SuppressAddress if line.is_empty() => {}
            Purpose::SuppressAddress => {
                let user = desk.welcome.as_ref().map(|welcome| welcome.user.clone()).unwrap_or_default();
                let reason = format!("entered by {user}");
                desk.ask(Place::More, Request::Suppress { address: line, reason });
            }
            Purpose::UnsuppressAddress => {
                if let Some(address) = self.selected() {
                    desk.ask(Place::More, Request::Unsuppress(address));
                }
            }
            _ => {}
        }
    }

    fn happened(&mut self, events: &[Event], _missed: bool, _desk: &mut Desk) {
        for event in events {
            match event.what {
                DomainEvent::AddressSuppressed { .. } | DomainEvent::SuppressionRemoved { .. } => {
                    self.suppressed.asking.stale();
                }
                DomainEvent::MailJudged { .. } | DomainEvent::DirectoryImported { .. } => {
                    self.contacts.asking.stale();
                    self.customers.asking.stale();
                }
                _ => {}
            }
        }
    }

    fn plain(&self, _desk: &Desk) -> Option<String> {
        match self.tab {
            Tab::Contacts => self.contacts.selected().map(|row| row.addresses.join(" ")),
            Tab::Customers => self.customers.selected().map(|row| row.name.clone()),
            Tab::Suppressed => self.selected(),
            Tab::Doctor => self.report.value.as_ref().map(|report| crate::command::doctor::page(report).to_text(false)),
        }
    }
}
