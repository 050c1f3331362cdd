//! What a person does in the first run: goes from step to step, tests, saves.

use super::state::{State, Tested};
use super::step::Step;
use super::wizard::Wizard;
use crate::action::Action;
use crate::app::desk::{Desk, Goal};
use crate::app::overlay::{Prompt, Purpose};
use crate::app::place::Place;
use crate::app::request::Request;
use crate::output::Style;
use crate::screen::channels::Check;
use maildesk_core::address::Address;
use maildesk_core::settings::SenderName;

impl State {
    pub(super) fn acts(&mut self, action: Action, desk: &mut Desk) -> bool {
        if let Some(way) = action.way() {
            self.scroll.go(way);
            return true;
        }
        let step = self.step();
        match action {
            Action::NextField | Action::PreviousField | Action::NextChoice | Action::Revert => {
                self.in_field(action, desk)
            }
            Action::Propose => self.ask_for_servers(desk),
            Action::NextStep => self.next(desk),
            Action::PreviousStep if step != Step::Desk => self.go_to(step.before(), desk),
            Action::Test if step == Step::Outbound => self.test_outbound(None, desk),
            Action::Test => self.test_inbound(desk),
            Action::TestMail => {
                let help = match step {
                    Step::FirstMail => "an address; empty: your own mailbox, followed to its verdict",
                    _ => "an address where you can look, such as your own",
                };
                desk.prompt(Prompt::new(Purpose::TestMailTo, "Send a test mail to", help, ""));
            }
            Action::Save => self.save(desk),
            Action::Open => desk.goal = self.arrived.as_ref().map(|arrived| Goal::Ticket(arrived.ticket)),
            Action::Out | Action::Back => {
                if self.arrived.is_none() {
                    self.keep_draft(desk);
                    desk.say(Style::Plain, "your answers are kept: 0 or maildesk setup goes on here");
                }
                desk.goal = Some(Goal::Place(Place::Home));
            }
            _ => return false,
        }
        true
    }

    /// Asks for the servers of the desk's address; the usual names stand in the forms until they are known.
    fn ask_for_servers(&mut self, desk: &mut Desk) {
        if let Some(address) = self.wizard.as_ref().and_then(Wizard::address) {
            self.looking_for = Some(address.domain().to_owned());
            desk.ask(Place::Setup, Request::Servers(address));
        }
    }

    fn in_field(&mut self, action: Action, desk: &Desk) {
        let Some(wizard) = &mut self.wizard else { return };
        if let Some(sheet) = wizard.sheet_mut() {
            match action {
                Action::NextField => sheet.go(true),
                Action::PreviousField => sheet.go(false),
                Action::NextChoice => sheet.choose(),
                _ => sheet.revert(),
            }
        }
        wizard.follow_choices();
        if matches!(action, Action::NextChoice | Action::Revert) {
            self.changed(desk.now());
        }
    }

    /// To the next step where this one has no mistake; a channel that was not tested is tested first.
    fn next(&mut self, desk: &mut Desk) {
        let (Some(wizard), Some(view)) = (&mut self.wizard, &desk.settings.value) else { return };
        let step = wizard.step;
        let right = match step {
            Step::Desk => wizard.with_desk(&view.settings).is_some(),
            Step::Inbound => wizard.with_inbound(&view.settings).is_some(),
            Step::Start => wizard.first_import().is_some(),
            Step::Outbound => wizard.with_outbound(&view.settings).is_some(),
            Step::Save | Step::FirstMail => true,
        };
        if !right {
            return self.point_out(desk);
        }
        if step == Step::Desk {
            wizard.begin_forms(view);
            self.ask_for_servers(desk);
            return self.go_to(step.next(), desk);
        }
        let first_import = wizard.first_import().unwrap_or_default();
        let fresh = self.tested().is_some_and(|tested| tested.typed == self.typed);
        let wants_test = match step {
            Step::Inbound | Step::Outbound => !fresh,
            Step::Start => !fresh && self.counts.of(&first_import).is_none(),
            _ => false,
        };
        if !wants_test {
            return self.go_to(step.next(), desk);
        }
        if self.is_testing() {
            return desk.say(Style::Attention, "a test is under way; wait for its end");
        }
        match step {
            Step::Outbound => self.test_outbound(None, desk),
            _ => self.test_inbound(desk),
        }
        desk.say(Style::Plain, "testing first; F2 again goes on");
    }

    /// Says what is wrong in this step.
    fn point_out(&mut self, desk: &mut Desk) {
        let Some(wizard) = &mut self.wizard else { return };
        let general = match wizard.step {
            Step::Inbound => wizard.inbound.as_ref().and_then(|form| form.general.clone()),
            Step::Outbound => wizard.outbound.as_ref().and_then(|form| form.general.clone()),
            _ => None,
        };
        if let Some(sheet) = wizard.sheet_mut() {
            sheet.to_problem();
        }
        let hidden = "the password of the mailbox is needed once more: F7 F7 leads to it, or switch Same login off";
        let shown = wizard
            .sheet()
            .is_some_and(|sheet| sheet.fields.iter().any(|field| field.problem.is_some() && !field.hidden));
        let said = general.unwrap_or_else(|| if shown { "fields need a look first".into() } else { hidden.into() });
        desk.say(Style::Bad, said);
    }

    pub(super) fn go_to(&mut self, step: Step, desk: &mut Desk) {
        if let Some(wizard) = &mut self.wizard {
            wizard.step = step;
        }
        self.scroll.reset();
        self.enter_step(desk);
        self.keep_draft(desk);
    }

    /// Asks for what the step shows.
    pub(super) fn enter_step(&mut self, desk: &mut Desk) {
        match self.step() {
            Step::Save => self.compare(desk),
            Step::FirstMail => {
                self.waits_since = Some(desk.now());
                desk.status.asking.now();
            }
            _ => {}
        }
    }

    fn compare(&mut self, desk: &mut Desk) {
        (self.diff, self.pending, self.refused) = (None, None, None);
        let (Some(wizard), Some(view)) = (&mut self.wizard, &desk.settings.value) else { return };
        match wizard.settings(&view.settings) {
            Ok(settings) => {
                let seen = view.revision;
                desk.ask(Place::Setup, Request::SettingsDiff(Box::new(settings.clone())));
                self.pending = Some((settings, seen));
            }
            Err(step) => {
                wizard.step = step;
                self.point_out(desk);
            }
        }
    }

    fn save(&mut self, desk: &mut Desk) {
        match &self.pending {
            Some((settings, seen)) => {
                self.under_way = true;
                desk.ask(Place::Setup, Request::SettingsApply(Box::new(settings.clone()), *seen));
            }
            None => self.compare(desk),
        }
    }

    fn test_inbound(&mut self, desk: &mut Desk) {
        let (Some(wizard), Some(view)) = (&mut self.wizard, &desk.settings.value) else { return };
        let name = wizard.inbound.as_ref().map(|form| form.name.clone()).unwrap_or_default();
        let settings = wizard.with_inbound(&view.settings);
        let Some(mailbox) = settings.and_then(|all| all.mailbox.into_iter().find(|one| one.name.as_str() == name))
        else {
            return self.point_out(desk);
        };
        self.inbound = Some(self.begin(name, desk));
        desk.ask(Place::Setup, Request::CheckMailbox(Box::new(mailbox)));
    }

    pub(super) fn test_outbound(&mut self, to: Option<Address>, desk: &mut Desk) {
        let (Some(wizard), Some(view)) = (&mut self.wizard, &desk.settings.value) else { return };
        let name = wizard.outbound.as_ref().map(|form| form.name.clone()).unwrap_or_default();
        // Once it is saved, the saved one is tested: its password is sealed and not known here.
        let settings = match wizard.step {
            Step::FirstMail => Some(view.settings.clone()),
            _ => wizard.with_outbound(&view.settings),
        };
        let Some(sender) = settings.and_then(|all| all.sender.into_iter().find(|one| one.name.as_str() == name)) else {
            return self.point_out(desk);
        };
        self.outbound = Some(self.begin(name, desk));
        desk.ask(Place::Setup, Request::CheckSender(Box::new(sender), to));
    }

    pub(super) fn round_trip(&mut self, desk: &mut Desk) {
        let Some(view) = &desk.settings.value else { return };
        let form = self.wizard.as_ref().and_then(|wizard| wizard.outbound.as_ref());
        let Some(Ok(name)) = form.map(|form| SenderName::parse(&form.name)) else { return };
        let settings = Box::new(view.settings.clone());
        self.outbound = Some(self.begin(name.to_string(), desk));
        desk.ask(Place::Setup, Request::RoundTrip(settings, name));
    }

    fn begin(&mut self, of: String, desk: &Desk) -> Tested {
        self.scroll.reset();
        Tested { check: Check { of, since: desk.now(), unsaved: true, result: None }, typed: self.typed }
    }
}
