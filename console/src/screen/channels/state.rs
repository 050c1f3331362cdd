//! The list, the form and the test, and which has the focus.

use super::form::Form;
use super::noun::Noun;
use super::save::Pending;
use crate::action::{Action, Context};
use crate::app::cursor::{Cursor, Scroll};
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::{Screen, Typed};
use crate::output::{Page, Span, Style, counted};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::check::CheckReport;
use maildesk_core::settings::{MailboxName, SenderName, Settings};

/// A test that is under way or done.
#[derive(Debug)]
pub struct Check {
    pub of: String,
    pub since: Timestamp,
    pub unsaved: bool,
    pub result: Option<Result<Box<CheckReport>, Problem>>,
}

#[derive(Debug)]
pub struct State {
    pub noun: Noun,
    pub cursor: Cursor,
    pub form: Option<Form>,
    pub check: Option<Check>,
    pub scroll: Scroll,
    pub reading: bool,
    pub(super) pending: Option<Pending>,
    /// Since when there is something in the form that is not kept yet.
    pub(super) unsaved_since: Option<Timestamp>,
}

impl State {
    pub fn new(noun: Noun) -> Self {
        let (cursor, scroll) = (Cursor::default(), Scroll::default());
        Self { noun, cursor, form: None, check: None, scroll, reading: false, pending: None, unsaved_since: None }
    }

    pub fn names(&self, desk: &Desk) -> Vec<String> {
        desk.settings.value.as_ref().map(|view| self.noun.names(&view.settings)).unwrap_or_default()
    }

    pub fn selected(&self, desk: &Desk) -> Option<String> {
        self.names(desk).get(self.cursor.at).cloned()
    }

    fn open(&mut self, name: &str, desk: &mut Desk) {
        if let Some(view) = &desk.settings.value {
            let form = Form::open(self.noun, name, view);
            desk.effect(Effect::LoadDraft(form.draft_name()));
            self.form = Some(form);
            self.unsaved_since = None;
            self.check = None;
            self.reading = false;
        }
    }

    /// The settings to test with, the unsaved ones where a form is open, and the name.
    fn tested(&mut self, desk: &mut Desk) -> Option<(Settings, String)> {
        let view = desk.settings.value.as_ref()?;
        match &mut self.form {
            None => Some((view.settings.clone(), self.selected(desk)?)),
            Some(form) => {
                let settings = form.settings(&view.settings);
                if settings.is_none() {
                    let words = form.general.clone().unwrap_or_else(|| "fields need a look before the test".into());
                    desk.say(Style::Bad, words);
                }
                settings.map(|settings| (settings, form.name.clone()))
            }
        }
    }

    fn test(&mut self, to: Option<Address>, desk: &mut Desk) {
        let Some((settings, name)) = self.tested(desk) else { return };
        let request = match self.noun {
            Noun::Mailbox => {
                let found = settings.mailbox.into_iter().find(|one| one.name.as_str() == name);
                found.map(|mailbox| Request::CheckMailbox(Box::new(mailbox)))
            }
            Noun::Sender => {
                let found = settings.sender.into_iter().find(|one| one.name.as_str() == name);
                found.map(|sender| Request::CheckSender(Box::new(sender), to))
            }
        };
        self.begin(request, name, desk);
    }

    fn round_trip(&mut self, desk: &mut Desk) {
        let Some((settings, name)) = self.tested(desk) else { return };
        let request = SenderName::parse(&name).ok().map(|sender| Request::RoundTrip(Box::new(settings), sender));
        self.begin(request, name, desk);
    }

    fn begin(&mut self, request: Option<Request>, of: String, desk: &mut Desk) {
        let Some(request) = request else { return };
        let unsaved = self.form.as_ref().is_some_and(|form| form.changed() > 0);
        self.check = Some(Check { of, since: desk.now(), unsaved, result: None });
        self.scroll.reset();
        desk.ask(self.noun.place(), request);
    }

    /// Leaves the form; asks where something would be lost.
    fn leave(&mut self, desk: &mut Desk) {
        let changed = self.form.as_ref().map_or(0, Form::changed);
        if changed == 0 {
            return self.close(desk);
        }
        let mut page = Page::default();
        let said = format!("Not saved: {}. Esc or Enter goes on editing.", counted(changed as u64, "change"));
        page.line([Span::plain(said)]);
        desk.question(Question::new(Purpose::LeaveForm, "Leave the form?", page, "forget them"));
    }

    fn act_in_form(&mut self, action: Action, desk: &mut Desk) -> bool {
        let Some(form) = &mut self.form else { return false };
        if matches!(action, Action::NextChoice | Action::Revert) {
            self.unsaved_since.get_or_insert(desk.now());
        }
        match action {
            Action::NextField => form.sheet.go(true),
            Action::PreviousField => form.sheet.go(false),
            Action::NextChoice => form.sheet.choose(),
            Action::Revert => form.sheet.revert(),
            Action::Propose => self.ask_for_servers(desk),
            Action::Save => self.review(desk),
            Action::Test => self.test(None, desk),
            Action::PageDown => self.scroll.go(crate::app::cursor::Move::PageDown),
            Action::PageUp => self.scroll.go(crate::app::cursor::Move::PageUp),
            Action::Out => self.leave(desk),
            _ => return false,
        }
        true
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        match self.form {
            Some(_) => Context::Form,
            None => self.noun.context(),
        }
    }

    fn entered(&mut self, desk: &mut Desk) {
        desk.settings.asking.stale();
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.cursor.keep_within(self.names(desk).len());
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if self.form.is_some() {
            return self.act_in_form(action, desk);
        }
        if let Some(way) = action.way() {
            match self.reading {
                true => self.scroll.go(way),
                false => self.cursor.go(way, self.names(desk).len()),
            }
            return true;
        }
        let word = self.noun.word();
        match action {
            Action::Edit => {
                if let Some(name) = self.selected(desk) {
                    self.open(&name, desk);
                }
            }
            Action::Add => {
                let help = "a short name: a-z, 0-9, - and _; it stands in commands";
                desk.prompt(Prompt::new(Purpose::NameNew, format!("Name of the new {word}"), help, ""));
            }
            Action::Remove => self.review_removal(desk),
            Action::Test => self.test(None, desk),
            Action::TestMail => {
                let help = "an address; empty: a mailbox of our own, followed to its verdict";
                desk.prompt(Prompt::new(Purpose::TestMailTo, "Send a test mail to", help, ""));
            }
            Action::PollNow => {
                let name = self.selected(desk).and_then(|name| MailboxName::parse(&name).ok());
                desk.ask(self.noun.place(), Request::PollNow(name));
            }
            Action::NextPane => self.reading = !self.reading && self.check.is_some(),
            Action::Out | Action::Back if self.reading => self.reading = false,
            _ => return false,
        }
        true
    }

    fn unavailable(&self, action: Action, desk: &Desk) -> Option<String> {
        let busy = self.check.as_ref().is_some_and(|check| check.result.is_none());
        let testing = matches!(action, Action::Test | Action::TestMail);
        let on_one = matches!(action, Action::Edit | Action::Remove | Action::PollNow) || testing;
        if testing && busy {
            return Some("a test is under way".into());
        }
        if testing && !desk.is_up() {
            return Some("there is no connection to test by".into());
        }
        if on_one && self.form.is_none() && self.selected(desk).is_none() {
            return Some(format!("there is no {} yet: a adds one", self.noun.word()));
        }
        let saving = self.form.as_ref().is_some_and(|form| form.under_way);
        (saving && action == Action::Save).then(|| "it is being saved at this moment".into())
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        match (request, result) {
            (Request::SettingsDiff(_), Ok(Answer::Changes(diff))) => self.show_changes(&diff, desk),
            (Request::SettingsApply(..), Ok(Answer::Changes(diff))) => self.applied(&diff, desk),
            (Request::SettingsDiff(_) | Request::SettingsApply(..), Err(problem)) => self.not_applied(&problem, desk),
            (Request::CheckSender(..) | Request::CheckMailbox(_) | Request::RoundTrip(..), result) => {
                let said = match &result {
                    Ok(Answer::Checked(report)) => report.conclusion.sentence.clone(),
                    Ok(_) => return,
                    Err(problem) => problem.line(),
                };
                let Some(check) = &mut self.check else { return };
                check.result = Some(result.and_then(|answer| match answer {
                    Answer::Checked(report) => Ok(report),
                    _ => Err(Problem::offline()),
                }));
                let unsaved = if check.unsaved { ". Nothing was saved." } else { "" };
                desk.say(Style::Plain, format!("{said}{unsaved}"));
            }
            (Request::Servers(_), Ok(Answer::Servers(found))) => self.serve(&found, desk),
            (_, Ok(Answer::Polled(_))) => desk.say(Style::Good, "it is polled now"),
            (_, Err(problem)) => desk.say_problem(&problem),
            (_, Ok(_)) => {}
        }
    }

    fn told(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        match purpose {
            Purpose::NameNew => match self.noun.is_name(&line) {
                Err(problem) => desk.say(Style::Bad, format!("the name {problem}")),
                Ok(()) if self.names(desk).contains(&line) => desk.say(Style::Bad, format!("{line} is there already")),
                Ok(()) => self.open(&line, desk),
            },
            Purpose::TestMailTo if line.is_empty() => self.round_trip(desk),
            Purpose::TestMailTo => match Address::parse(&line) {
                Ok(to) => self.test(Some(to), desk),
                Err(problem) => desk.say(Style::Bad, format!("the address {problem}")),
            },
            Purpose::SaveSettings | Purpose::RemoveItem => self.apply(desk),
            Purpose::LeaveForm => self.close(desk),
            _ => {}
        }
    }

    fn typed(&mut self, typed: Typed, desk: &mut Desk) {
        if let Some(form) = self.form.as_mut().filter(|form| !form.under_way) {
            form.sheet.typed(typed);
            self.touched(desk.now());
        }
    }

    fn tick(&mut self, desk: &mut Desk) {
        self.keep_draft(false, desk);
    }

    fn draft(&mut self, name: &str, text: String, desk: &mut Desk) {
        self.found(name, &text, desk);
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        super::view::check_page(self, desk).map(|page| page.to_text(false))
    }
}
