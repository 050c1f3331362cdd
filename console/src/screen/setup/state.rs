//! The first run as a screen: its step, its tests, and what waits for the daemon.

use super::draft;
use super::start::Counts;
use super::step::Step;
use super::wizard::Wizard;
use crate::action::{Action, Context};
use crate::app::cursor::Scroll;
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::overlay::Purpose;
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::{Screen, Typed};
use crate::output::Style;
use crate::screen::channels::Check;
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::ids::{Revision, TicketNumber};
use maildesk_core::rpc::SettingsDiff;
use maildesk_core::settings::{MailboxName, Settings};

/// Between two polls while a person waits for the first mail.
const POLL_SECONDS: i64 = 3;

/// A test, and how much was typed when it began: what was typed since is not tested.
#[derive(Debug)]
pub struct Tested {
    pub check: Check,
    pub typed: u64,
}

/// The first ticket that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub ticket: TicketNumber,
    pub from: String,
    pub subject: String,
}

#[derive(Debug, Default)]
pub struct State {
    pub wizard: Option<Wizard>,
    pub inbound: Option<Tested>,
    pub outbound: Option<Tested>,
    pub counts: Counts,
    pub scroll: Scroll,
    /// Old and new, for the last look before saving.
    pub diff: Option<SettingsDiff>,
    /// Why it could not be said what would change, or be saved.
    pub refused: Option<Problem>,
    pub(super) pending: Option<(Settings, Revision)>,
    /// It is being saved.
    pub under_way: bool,
    pub arrived: Option<Arrived>,
    /// The domain whose servers are being looked for.
    pub looking_for: Option<String>,
    pub waits_since: Option<Timestamp>,
    /// What was typed so far, as a number that grows.
    pub(super) typed: u64,
    /// Answers of an earlier day that wait for the settings.
    kept: Option<String>,
    asked_for_draft: bool,
    unsaved_since: Option<Timestamp>,
}

impl State {
    pub fn step(&self) -> Step {
        self.wizard.as_ref().map_or(Step::Desk, |wizard| wizard.step)
    }

    /// The test of the step that is shown.
    pub fn tested(&self) -> Option<&Tested> {
        match self.step() {
            Step::Inbound | Step::Start => self.inbound.as_ref(),
            Step::Outbound | Step::FirstMail => self.outbound.as_ref(),
            Step::Desk | Step::Save => None,
        }
    }

    pub(super) fn is_testing(&self) -> bool {
        self.tested().is_some_and(|tested| tested.check.result.is_none())
    }

    /// Keeps the answers for another day.
    pub fn keep_draft(&mut self, desk: &mut Desk) {
        self.unsaved_since = None;
        if let Some(wizard) = &self.wizard {
            desk.effect(Effect::KeepDraft { name: draft::NAME.into(), text: draft::text(wizard) });
        }
    }

    /// Whoever waits for their first mail does not wait for the next poll as well.
    fn look_for_mail(&self, desk: &mut Desk) {
        let form = self.wizard.as_ref().and_then(|wizard| wizard.inbound.as_ref());
        let name = form.and_then(|form| MailboxName::parse(&form.name).ok());
        if name.is_some() && self.arrived.is_none() && desk.is_up() && desk.now().as_second() % POLL_SECONDS == 0 {
            desk.ask(Place::Setup, Request::PollNow(name));
        }
    }

    /// At the end of the console: what is not finished is kept.
    pub fn keep_draft_of_unfinished(&mut self, desk: &mut Desk) {
        if self.typed > 0 && self.arrived.is_none() {
            self.keep_draft(desk);
        }
    }

    /// It is done: nothing is left to go on with.
    pub(super) fn forget_draft(&mut self, desk: &mut Desk) {
        self.unsaved_since = None;
        desk.effect(Effect::KeepDraft { name: draft::NAME.into(), text: String::new() });
    }

    pub(super) fn changed(&mut self, now: Timestamp) {
        self.typed += 1;
        self.unsaved_since.get_or_insert(now);
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        match self.step() {
            Step::Save => Context::SetupSave,
            Step::FirstMail => Context::SetupWait,
            _ => Context::Setup,
        }
    }

    fn entered(&mut self, desk: &mut Desk) {
        desk.settings.asking.stale();
        desk.status.asking.stale();
        if !self.asked_for_draft {
            self.asked_for_draft = true;
            desk.effect(Effect::LoadDraft(draft::NAME.into()));
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let Some(view) = &desk.settings.value else { return };
        let wizard = self.wizard.get_or_insert_with(|| Wizard::on(view));
        if let Some(text) = self.kept.take() {
            draft::go_on(wizard, &text, view);
            self.enter_step(desk);
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        self.acts(action, desk)
    }

    fn unavailable(&self, action: Action, desk: &Desk) -> Option<String> {
        let testing = matches!(action, Action::Test | Action::TestMail);
        if testing && !desk.is_up() {
            return Some("there is no connection to test by".into());
        }
        if testing && self.is_testing() {
            return Some("a test is under way".into());
        }
        match (action, self.step()) {
            (Action::Test, Step::Desk) => Some("there is nothing to test yet: F2 goes on".into()),
            (Action::TestMail, step) if step < Step::Outbound => Some("there is no way out for mail yet".into()),
            (Action::Save, Step::Save) if self.under_way => Some("it is being saved at this moment".into()),
            (Action::Open, Step::FirstMail) if self.arrived.is_none() => Some("no ticket has come yet".into()),
            _ => None,
        }
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        self.learns(request, result, desk);
    }

    fn told(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        if purpose != Purpose::TestMailTo {
            return;
        }
        match (line.as_str(), self.step()) {
            ("", Step::FirstMail) => self.round_trip(desk),
            _ => match Address::parse(&line) {
                Ok(to) => self.test_outbound(Some(to), desk),
                Err(problem) => desk.say(Style::Bad, format!("the address {problem}")),
            },
        }
    }

    fn typed(&mut self, typed: Typed, desk: &mut Desk) {
        if let Some(wizard) = &mut self.wizard {
            if let Some(sheet) = wizard.sheet_mut() {
                sheet.typed(typed);
            }
            wizard.follow_choices();
            self.changed(desk.now());
        }
    }

    fn draft(&mut self, name: &str, text: String, _desk: &mut Desk) {
        if name == draft::NAME && self.typed == 0 {
            self.kept = Some(text);
        }
    }

    fn happened(&mut self, events: &[Event], _missed: bool, desk: &mut Desk) {
        if self.step() != Step::FirstMail || self.arrived.is_some() {
            return;
        }
        let since = self.waits_since;
        let arrived = events.iter().filter(|event| since.is_none_or(|since| event.at >= since)).find_map(|event| {
            let DomainEvent::MailJudged { from, subject, outcome, .. } = &event.what else { return None };
            let ticket = outcome.ticket()?;
            Some(Arrived { ticket, from: from.clone(), subject: subject.clone() })
        });
        if let Some(arrived) = arrived {
            let said = format!("the first mail is ticket #{}: Enter reads it", arrived.ticket);
            self.arrived = Some(arrived);
            self.forget_draft(desk);
            desk.say(Style::Good, said);
        }
    }

    fn tick(&mut self, desk: &mut Desk) {
        let now = desk.now();
        if self.unsaved_since.is_some_and(|since| now.duration_since(since).as_millis() >= 900) {
            self.keep_draft(desk);
        }
        if self.step() == Step::FirstMail {
            desk.status.asking.stale();
            self.look_for_mail(desk);
        }
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        super::view::beside_page(self, desk).map(|page| page.to_text(false))
    }
}
