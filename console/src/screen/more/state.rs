//! Which of the lists is shown, what it holds, and what is known of the selected row.

use super::logs::Logs;
use super::tab::Tab;
use super::{answers, customers, people, switches};
use crate::action::{Action, Context};
use crate::app::cursor::{Cursor, Move, Scroll};
use crate::app::desk::{Desk, Goal};
use crate::app::kept::{Kept, Listing};
use crate::app::overlay::Purpose;
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::Screen;
use maildesk_core::directory::Block;
use maildesk_core::doctor::Report;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::invitation::Invitation;
use maildesk_core::rpc::{AuditLine, ContactRow, CustomerRow, Suppression, TicketRow, TokenKeyRow};

#[derive(Debug, Default)]
pub struct State {
    pub tab: Tab,
    pub contacts: Listing<ContactRow>,
    pub customers: Listing<CustomerRow>,
    pub invitations: Listing<Invitation>,
    pub suppressed: Kept<Vec<Suppression>>,
    pub blocked: Kept<Vec<Block>>,
    pub keys: Kept<Vec<TokenKeyRow>>,
    pub audit: Listing<AuditLine>,
    pub logs: Logs,
    /// In the lists that are there as a whole.
    pub cursor: Cursor,
    pub report: Kept<Report>,
    /// Tickets of the selected contact or customer.
    pub theirs: Kept<Vec<TicketRow>>,
    /// The words that find them.
    wanted: Vec<String>,
    pub scroll: Scroll,
    pub reading: bool,
    /// The contact that is to become part of the selected one.
    pub(super) gone: Option<u64>,
}

impl State {
    /// The words that find the tickets of the selected contact or customer.
    pub fn their_words(&self) -> Vec<String> {
        let word = match self.tab {
            Tab::Contacts => {
                let address = self.contacts.selected().and_then(|row| row.addresses.first());
                address.map(|address| format!("from:{address}"))
            }
            Tab::Customers => self.customers.selected().map(|row| format!("customer:{}", row.name)),
            _ => None,
        };
        word.into_iter().collect()
    }

    /// Shows the list that has this context, if one of these has.
    pub fn show_list(&mut self, list: Context) {
        if let Some(tab) = Tab::ALL.into_iter().find(|tab| tab.context() == list) {
            self.show(tab);
        }
    }

    fn show(&mut self, tab: Tab) {
        (self.tab, self.reading) = (tab, false);
        (self.cursor, self.scroll) = (Cursor::default(), Scroll::default());
    }

    /// Rows of the list that is there as a whole.
    pub(super) fn rows(&self) -> usize {
        match self.tab {
            Tab::Suppressed => self.suppressed.value.as_ref().map_or(0, Vec::len),
            Tab::Blocked => self.blocked.value.as_ref().map_or(0, Vec::len),
            Tab::Keys => self.keys.value.as_ref().map_or(0, Vec::len),
            _ => 0,
        }
    }

    fn go(&mut self, way: Move) {
        match self.tab {
            _ if self.reading => self.scroll.go(way),
            Tab::Contacts => self.contacts.go(way),
            Tab::Customers => self.customers.go(way),
            Tab::Invitations => self.invitations.go(way),
            Tab::Audit => self.audit.go(way),
            Tab::Logs => {
                self.logs.go(way);
                self.scroll.reset();
            }
            Tab::Suppressed | Tab::Blocked | Tab::Keys => self.cursor.go(way, self.rows()),
            Tab::Doctor => self.scroll.go(way),
        }
    }

    fn has_row(&self) -> bool {
        match self.tab {
            Tab::Contacts => self.contacts.selected().is_some(),
            Tab::Customers => self.customers.selected().is_some(),
            Tab::Invitations => self.invitations.selected().is_some(),
            Tab::Logs => self.logs.selected().is_some(),
            _ => self.cursor.at < self.rows(),
        }
    }

    /// What belongs to a row is asked for once it is selected.
    fn ask_for_theirs(&mut self, desk: &mut Desk) {
        let words = self.their_words();
        if words != self.wanted {
            self.wanted.clone_from(&words);
            self.theirs = Kept::default();
            self.scroll.reset();
            if !words.is_empty() {
                self.theirs.asking.now();
            }
        }
        if !words.is_empty() && self.theirs.asking.is_due(desk.now()) {
            desk.ask(Place::More, Request::TheirTickets(words));
        }
    }

    pub(super) fn came(&mut self, words: &[String], result: Result<Vec<TicketRow>, Problem>, desk: &Desk) {
        if words == self.wanted {
            self.theirs.came(result, desk.now());
        }
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        self.tab.context()
    }

    fn entered(&mut self, _desk: &mut Desk) {
        self.contacts.asking.now();
        self.customers.asking.now();
        self.invitations.asking.now();
        self.suppressed.asking.now();
        self.blocked.asking.now();
        self.keys.asking.now();
        self.audit.asking.now();
        self.logs.asking.now();
        self.theirs.asking.stale();
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let now = desk.now();
        let request = match self.tab {
            Tab::Contacts => self.contacts.wanted(now).map(Request::Contacts),
            Tab::Customers => self.customers.wanted(now).map(Request::Customers),
            Tab::Invitations => self.invitations.wanted(now).map(Request::Invitations),
            Tab::Suppressed => self.suppressed.asking.is_due(now).then_some(Request::Suppressions),
            Tab::Blocked => self.blocked.asking.is_due(now).then_some(Request::Blocks),
            Tab::Audit => self.audit.wanted(now).map(Request::Audit),
            Tab::Logs => self.logs.asking.is_due(now).then_some(Request::Logs(self.logs.seen)),
            Tab::Keys => self.keys.asking.is_due(now).then_some(Request::Keys),
            Tab::Doctor => self.report.asking.is_due(now).then_some(Request::Doctor),
        };
        if let Some(request) = request {
            desk.ask(Place::More, request);
        }
        self.ask_for_theirs(desk);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if let Some(way) = action.way() {
            self.go(way);
            return true;
        }
        match action {
            Action::NextItem => self.show(self.tab.beside(true)),
            Action::PreviousItem => self.show(self.tab.beside(false)),
            Action::Open if self.tab == Tab::Doctor => {
                self.report.asking.now();
                self.scroll.reset();
            }
            Action::Open | Action::NextPane if self.tab.has_record() => self.reading = !self.reading && self.has_row(),
            Action::NextPane => self.show(self.tab.beside(true)),
            Action::Out | Action::Back if self.reading => self.reading = false,
            Action::TheirTickets => desk.goal = Some(Goal::TheirTickets),
            _ if self.tab == Tab::Logs => return self.logs.act(action, desk),
            _ => {
                return people::begin(self, action, desk)
                    || customers::begin(self, action, desk)
                    || switches::begin(self, action, desk);
            }
        }
        true
    }

    fn unavailable(&self, action: Action, _desk: &Desk) -> Option<String> {
        let on_one = matches!(
            action,
            Action::TheirTickets
                | Action::AddAddress
                | Action::RemoveAddress
                | Action::ContactLanguage
                | Action::MergeContact
                | Action::RenameCustomer
                | Action::AddDomain
                | Action::RemoveDomain
                | Action::Resend
                | Action::Revoke
        ) || action == Action::Open && self.tab.has_record();
        let busy = self.report.asking.waiting_since().is_some();
        match action {
            Action::Remove if !self.has_row() && self.tab == Tab::Blocked => Some("nobody is blocked".into()),
            Action::Remove if !self.has_row() => Some("no address is suppressed".into()),
            Action::Open if self.tab == Tab::Doctor && busy => Some("it examines at this moment".into()),
            _ if on_one && !self.has_row() => Some("there is nothing selected".into()),
            _ => None,
        }
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        answers::take(self, request, result, desk);
    }

    fn told(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        if purpose == Purpose::Filter {
            return self.logs.filter(line);
        }
        people::told(self, purpose, &line, desk);
        customers::told(self, purpose, &line, desk);
        switches::told(self, purpose, line, desk);
    }

    fn happened(&mut self, events: &[Event], missed: bool, _desk: &mut Desk) {
        if missed || !events.is_empty() {
            self.audit.asking.stale();
        }
        if missed {
            self.contacts.asking.stale();
            self.customers.asking.stale();
        }
        for event in events {
            match event.what {
                DomainEvent::AddressSuppressed { .. } | DomainEvent::SuppressionRemoved { .. } => {
                    self.suppressed.asking.stale();
                }
                DomainEvent::MailJudged { .. }
                | DomainEvent::DirectoryImported { .. }
                | DomainEvent::CustomerChanged { .. }
                | DomainEvent::ContactChanged { .. } => {
                    self.contacts.asking.stale();
                    self.customers.asking.stale();
                    self.invitations.asking.stale();
                    self.theirs.asking.stale();
                }
                _ => {}
            }
        }
    }

    fn tick(&mut self, desk: &mut Desk) {
        // Invitations and lists of others change without an event of their own.
        if desk.now().as_second() % 30 == 0 && self.tab == Tab::Invitations {
            self.invitations.asking.stale();
        }
        if self.tab == Tab::Logs {
            self.logs.asking.stale();
        }
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        match self.tab {
            Tab::Contacts | Tab::Customers | Tab::Invitations | Tab::Logs => {
                super::record::page(self, desk).map(|page| page.to_text(false))
            }
            Tab::Suppressed => switches::suppressed(self),
            Tab::Blocked => switches::blocked(self),
            Tab::Keys => None,
            Tab::Audit => self.audit.selected().map(|row| format!("{:.0} {}: {}", row.at, row.user, row.what)),
            Tab::Doctor => self.report.value.as_ref().map(|report| crate::command::doctor::page(report).to_text(false)),
        }
    }
}
