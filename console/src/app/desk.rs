//! What all screens share: the link, the status, the settings, the clock, and what they want of the world.

use super::attached::AttachedFile;
use super::kept::Kept;
use super::message::Effect;
use super::overlay::{Overlay, Prompt, Question};
use super::place::Place;
use super::request::{Answer, Problem, Request};
use crate::action::Context;
use crate::client::ClientError;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output::Style;
use jiff::{SignedDuration, Timestamp};
use maildesk_core::ids::{MailId, OutboxId, TicketNumber};
use maildesk_core::rpc::{Access, RpcError, SettingsView, StatusView, TicketRow, Welcome};

/// The connection to the daemon as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The first try is under way.
    Connecting,
    Up,
    /// What is on the screen is from `since`.
    Down {
        since: Timestamp,
        attempt: u32,
        next_try: Timestamp,
        problem: Problem,
    },
}

/// One sentence in the message row, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    pub text: String,
    pub style: Style,
    pub until: Timestamp,
}

/// An answer that can still be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    pub ticket: TicketNumber,
    pub outbox: OutboxId,
    pub text: String,
    pub files: Vec<AttachedFile>,
    pub until: Timestamp,
}

/// How times are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    #[default]
    Relative,
    Local,
    Utc,
}

/// Where a person is led.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    Place(Place),
    /// One list of a screen that has several.
    List(Context),
    Ticket(TicketNumber),
    Outbox(OutboxId),
    Mail(MailId),
    /// A new rule, begun from this mail.
    RuleFrom(MailId),
    /// The rules, with their draft, on this mail.
    TryRules(MailId),
    /// The tickets of the contact or customer that More shows.
    TheirTickets,
}

/// How long a sentence stands.
const TOAST: SignedDuration = SignedDuration::from_secs(8);

#[derive(Debug, Clone)]
pub struct Desk {
    pub clock: Clock,
    /// Of this machine.
    pub host: String,
    pub link: Link,
    pub welcome: Option<Welcome>,
    pub status: Kept<StatusView>,
    pub settings: Kept<SettingsView>,
    /// The tickets that are due next.
    pub due: Kept<Vec<TicketRow>>,
    pub times: Times,
    pub toast: Option<Toast>,
    pub undo: Option<Undo>,
    pub overlay: Option<Overlay>,
    /// Where to go once the screen has done its part.
    pub goal: Option<Goal>,
    /// The screen that is shown: questions and answers are its own.
    pub place: Place,
    pub(super) effects: Vec<Effect>,
}

impl Desk {
    pub fn new(clock: Clock, host: String) -> Self {
        let mut desk = Self {
            clock,
            host,
            link: Link::Connecting,
            welcome: None,
            status: Kept::default(),
            settings: Kept::default(),
            due: Kept::default(),
            times: Times::default(),
            toast: None,
            undo: None,
            overlay: None,
            goal: None,
            place: Place::Home,
            effects: Vec::new(),
        };
        desk.status.asking.stale();
        desk.settings.asking.stale();
        desk.due.asking.stale();
        desk
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now
    }

    /// Wants something of the world.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Asks the daemon for the screen at `from`.
    pub fn ask(&mut self, from: Place, request: Request) {
        self.effects.push(Effect::Ask { from, request });
    }

    /// Says something in the message row.
    pub fn say(&mut self, style: Style, text: impl Into<String>) {
        self.toast = Some(Toast { text: text.into(), style, until: self.now() + TOAST });
    }

    /// Says why something came to nothing.
    pub fn say_problem(&mut self, problem: &Problem) {
        self.say(Style::Bad, problem.line());
    }

    /// Asks a person before something is done.
    pub fn question(&mut self, question: Question) {
        self.overlay = Some(Overlay::Question(question));
    }

    /// Asks a person for a line.
    pub fn prompt(&mut self, prompt: Prompt) {
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    pub fn is_up(&self) -> bool {
        self.link == Link::Up
    }

    /// Why nothing can be changed now, if so.
    pub fn why_read_only(&self) -> Option<String> {
        if !self.is_up() {
            return Some("there is no connection: you can read, changes are off".into());
        }
        let reader = self.welcome.as_ref().filter(|welcome| welcome.access == Access::Read)?;
        let group = reader.write_group.clone();
        let refusal = Failure::Client(ClientError::Refused(RpcError::Forbidden { group }));
        let remedy = refusal.remedy().map(|remedy| format!(": {remedy}")).unwrap_or_default();
        Some(format!("you may only read{remedy}"))
    }

    /// Takes in what concerns every screen; the rest comes back.
    pub(super) fn takes(
        &mut self,
        request: &Request,
        result: Result<Answer, Problem>,
    ) -> Option<Result<Answer, Problem>> {
        let now = self.now();
        match (request, result) {
            (Request::Status, Ok(Answer::Status(view))) => self.status.came(Ok(*view), now),
            (Request::Settings, Ok(Answer::Settings(view))) => self.settings.came(Ok(*view), now),
            (Request::DueTickets, Ok(Answer::Tickets(found))) => self.due.came(Ok(found.rows), now),
            (Request::DueTickets, Err(problem)) => self.due.came(Err(problem), now),
            (Request::Status, Err(problem)) => self.status.came(Err(problem), now),
            (Request::Settings, Err(problem)) => self.settings.came(Err(problem), now),
            (_, result) => return Some(result),
        }
        None
    }
}
