//! The saved rules, a draft upon them, the dry run, and the save.

use crate::action::{Action, Context};
use crate::app::cursor::{Cursor, Scroll};
use crate::app::desk::Desk;
use crate::app::kept::Kept;
use crate::app::message::Effect;
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, ProblemKind, Request};
use crate::app::screen::Screen;
use crate::output::{Page, Span, Style, counted};
use crate::screen::filters::draft::DRAFT;
use crate::screen::review::changes;
use jiff::Timestamp;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::filter::{Filter, to_toml};
use maildesk_core::ids::{MailId, Revision};
use maildesk_core::route::JudgedMail;
use maildesk_core::rpc::{DryRunPart, FilterHits, FiltersView};
use maildesk_core::settings::{FieldProblem, Settings, diff, filters_from_toml};

/// Mails that a dry run judges anew unless a person says otherwise, and at the most.
const LAST: u32 = 200;
const LAST_MOST: u32 = 100_000;

/// A dry run that is under way or done.
#[derive(Debug)]
pub struct DryRun {
    pub since: Timestamp,
    /// Mails that are judged anew.
    pub last: u32,
    pub result: Option<Result<DryRunPart, Problem>>,
}

/// One mail that is judged anew, or was.
#[derive(Debug)]
pub struct Tried {
    pub mail: MailId,
    pub result: Option<Result<Box<JudgedMail>, Problem>>,
}

#[derive(Debug, Default)]
pub struct State {
    pub saved: Kept<FiltersView>,
    /// The rules as they are to become, where that is not how they are.
    pub draft: Option<Vec<Filter>>,
    /// The saved rules that the draft was begun upon.
    pub(super) base: Option<Vec<Filter>>,
    pub cursor: Cursor,
    pub dry_run: Option<DryRun>,
    /// One mail under the rules, in place of a dry run.
    pub tried: Option<Tried>,
    /// A rule that was begun for a person; left as it is, it is none.
    pub(super) offered: Option<String>,
    /// The mail that a rule is begun from once the rules are here.
    pub(super) waiting: Option<JudgedMail>,
    /// What is wrong with a text that came back from the editor.
    pub problems: Vec<FieldProblem>,
    pub scroll: Scroll,
    pub reading: bool,
    pending: Option<(Settings, Revision)>,
    pub(super) edited: Option<usize>,
    /// Where a person is in the list of presets, while it is open.
    pub presets: Option<Cursor>,
    /// Whether a draft of an earlier console was looked for.
    looked: bool,
    /// A text that did not check, so that nothing typed is lost.
    refused: Option<String>,
}

impl State {
    /// The rules of the draft, or the saved ones.
    pub fn rules(&self) -> Vec<Filter> {
        let saved = || self.saved.value.iter().flat_map(|view| &view.rows).map(|row| row.filter.clone()).collect();
        self.draft.clone().unwrap_or_else(saved)
    }

    /// How often a rule matched; none where it is not saved as it stands.
    pub fn hits(&self, rule: &Filter) -> Option<FilterHits> {
        let rows = self.saved.value.as_ref().map(|view| view.rows.as_slice()).unwrap_or_default();
        rows.iter().find(|row| row.filter.name == rule.name).map(|row| row.hits)
    }

    pub(super) fn change(&mut self, change: impl FnOnce(&mut Vec<Filter>)) {
        let mut rules = self.rules();
        change(&mut rules);
        let saved: Vec<&Filter> = self.saved.value.iter().flat_map(|view| &view.rows).map(|row| &row.filter).collect();
        let same = saved.len() == rules.len() && saved.iter().zip(&rules).all(|(saved, rule)| *saved == rule);
        if self.draft.is_none() {
            self.base = Some(saved.into_iter().cloned().collect());
        }
        self.draft = (!same).then_some(rules);
    }

    fn shift(&mut self, down: bool) {
        let (at, count) = (self.cursor.at, self.rules().len());
        let to = if down { at + 1 } else { at.wrapping_sub(1) };
        if to < count {
            self.change(|rules| rules.swap(at, to));
            self.cursor.at = to;
        }
    }

    fn edit(&mut self, desk: &mut Desk) {
        let rules = self.rules();
        let Some(rule) = rules.get(self.cursor.at) else { return };
        let text = match (self.edited, self.refused.take()) {
            (Some(at), Some(refused)) if at == self.cursor.at => refused,
            _ => to_toml(std::slice::from_ref(rule)),
        };
        self.edited = Some(self.cursor.at);
        desk.effect(Effect::Editor { from: Place::Filters, text, ending: ".toml" });
    }

    fn run_dry(&mut self, last: u32, desk: &mut Desk) {
        self.tried = None;
        self.dry_run = Some(DryRun { since: desk.now(), last, result: None });
        self.scroll.reset();
        desk.ask(Place::Filters, Request::DryRun(self.rules(), last));
    }

    fn save(&mut self, desk: &mut Desk) {
        let (Some(draft), Some(view)) = (&self.draft, &desk.settings.value) else {
            return desk.say(Style::Dim, "nothing is changed");
        };
        let mut settings = view.settings.clone();
        settings.filter = draft.clone();
        let problems = maildesk_core::settings::validate(&settings);
        if let Some(problem) = problems.first() {
            let words = problem.to_string();
            self.problems = problems;
            return desk.say(Style::Bad, words);
        }
        let seen = view.revision;
        desk.ask(Place::Filters, Request::SettingsDiff(Box::new(settings.clone())));
        self.pending = Some((settings, seen));
    }

    /// What somebody else changed since the draft was begun: saving puts the draft in its place.
    fn changed_meanwhile(&self, desk: &Desk) -> Page {
        let mut page = Page::default();
        let (Some(base), Some(view)) = (&self.base, &desk.settings.value) else { return page };
        let rules = |filter: &[Filter]| Settings { filter: filter.to_vec(), ..view.settings.clone() };
        let theirs = diff(&rules(base), &view.settings);
        if !theirs.is_empty() {
            let said = "Somebody else changed the rules since this draft was begun; yes puts the draft in their place:";
            page.line([Span::new(Style::Attention, said)]);
            for change in theirs {
                let value = |value: Option<String>| value.unwrap_or_else(|| "not set".into());
                let said = format!("{}: {} -> {}", change.field, value(change.old), value(change.new));
                page.indented(2, [Span::new(Style::Attention, said)]);
            }
            page.empty_line();
            page.line([Span::plain("What would be saved:")]);
        }
        page
    }

    fn applied(&mut self, result: Result<Answer, Problem>, desk: &mut Desk) {
        self.pending = None;
        desk.settings.asking.now();
        self.saved.asking.now();
        match result {
            Ok(Answer::Changes(diff)) => {
                self.draft = None;
                self.keep_draft(desk);
                desk.say(
                    Style::Good,
                    format!("saved: {}, revision {}", counted(diff.changes.len() as u64, "change"), diff.revision),
                );
            }
            Ok(_) => {}
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                let words = "somebody else saved first: your draft is kept, save again to see old and new";
                desk.say(Style::Attention, words);
            }
            Err(problem) => {
                self.problems = problem.fields.clone();
                desk.say_problem(&problem);
            }
        }
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        match self.presets {
            Some(_) => Context::Presets,
            None => Context::Filters,
        }
    }

    fn entered(&mut self, desk: &mut Desk) {
        if !std::mem::replace(&mut self.looked, true) {
            desk.effect(Effect::LoadDraft(DRAFT.into()));
        }
        self.saved.asking.now();
        desk.settings.asking.stale();
    }

    fn refresh(&mut self, desk: &mut Desk) {
        if self.saved.asking.is_due(desk.now()) {
            desk.ask(Place::Filters, Request::Filters);
        }
        self.cursor.keep_within(self.rules().len());
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if self.presets.is_some() {
            return self.act_on_presets(action, desk);
        }
        if let Some(way) = action.way() {
            match self.reading {
                true => self.scroll.go(way),
                false => self.cursor.go(way, self.rules().len()),
            }
            return true;
        }
        match action {
            Action::Add => self.presets = Some(Cursor::default()),
            Action::Remove => self.ask_to_remove(desk),
            Action::MoveUp => self.shift(false),
            Action::MoveDown => self.shift(true),
            Action::Toggle => {
                let at = self.cursor.at;
                self.change(|rules| rules.iter_mut().skip(at).take(1).for_each(|rule| rule.enabled = !rule.enabled));
            }
            Action::Edit => self.edit(desk),
            Action::DryRun => {
                let last = self.dry_run.as_ref().map_or(LAST, |run| run.last);
                self.run_dry(last, desk);
            }
            Action::DryRunOver => {
                let last = self.dry_run.as_ref().map_or(LAST, |run| run.last).to_string();
                let help = format!("how many of the last mails, 1 to {LAST_MOST}");
                desk.prompt(Prompt::new(Purpose::DryRunOver, "Dry run over", help, &last));
            }
            Action::NewRule => self.begin_empty(desk),
            Action::Save => self.save(desk),
            Action::Revert if self.draft.is_some() => {
                let mut page = Page::default();
                page.line([Span::plain("The saved rules stay as they are.")]);
                desk.question(Question::new(Purpose::ForgetDraft, "Forget the draft?", page, "forget it"));
            }
            Action::NextPane => self.reading = !self.reading && (self.dry_run.is_some() || self.tried.is_some()),
            Action::Out | Action::Back if self.reading => self.reading = false,
            Action::Out => (self.tried, self.dry_run) = (None, None),
            _ => return false,
        }
        if matches!(action, Action::MoveUp | Action::MoveDown | Action::Toggle) {
            self.keep_draft(desk);
        }
        true
    }

    fn unavailable(&self, action: Action, desk: &Desk) -> Option<String> {
        let none = self.rules().is_empty();
        let busy = self.dry_run.as_ref().is_some_and(|run| run.result.is_none());
        match action {
            Action::Edit | Action::Toggle | Action::Remove | Action::MoveUp | Action::MoveDown if none => {
                Some("there is no rule yet: a adds one".into())
            }
            Action::DryRun | Action::DryRunOver if busy => Some("a dry run is under way".into()),
            Action::DryRun | Action::DryRunOver if !desk.is_up() => Some("there is no connection to judge by".into()),
            _ => None,
        }
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        match (request, result) {
            (Request::Filters, result) => {
                let view = result.and_then(|answer| match answer {
                    Answer::Filters(view) => Ok(view),
                    _ => Err(Problem::offline()),
                });
                self.saved.came(view, desk.now());
                if let Some(judged) = self.waiting.take_if(|_| self.saved.value.is_some()) {
                    self.offer(&judged, desk);
                }
            }
            (Request::DryRun(..), result) => {
                let part = result.and_then(|answer| match answer {
                    Answer::DryRun(part) => Ok(part),
                    _ => Err(Problem::offline()),
                });
                if let Some(run) = &mut self.dry_run {
                    run.result = Some(part);
                }
            }
            (Request::TryRules(mail, _), result) => self.was_tried(mail, result),
            (Request::Mail(_), Ok(Answer::Mail(judged))) => self.offer(&judged, desk),
            (Request::SettingsDiff(_), Ok(Answer::Changes(diff))) => {
                let mut page = self.changed_meanwhile(desk);
                page.append(changes(&diff));
                desk.question(Question::new(Purpose::SaveSettings, "Save the rules?", page, "save"));
            }
            (Request::SettingsApply(..), result) => self.applied(result, desk),
            (_, Err(problem)) => desk.say_problem(&problem),
            (_, Ok(_)) => {}
        }
    }

    fn told(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        match purpose {
            Purpose::DryRunOver => match line.parse() {
                Ok(last @ 1..=LAST_MOST) => self.run_dry(last, desk),
                _ => desk.say(Style::Bad, format!("it must be a number from 1 to {LAST_MOST}")),
            },
            Purpose::SaveSettings => {
                if let Some((settings, seen)) = &self.pending {
                    desk.ask(Place::Filters, Request::SettingsApply(Box::new(settings.clone()), *seen));
                }
            }
            Purpose::ForgetDraft => {
                (self.draft, self.refused, self.problems) = (None, None, Vec::new());
                self.keep_draft(desk);
            }
            Purpose::RemoveItem => self.remove(desk),
            _ => {}
        }
    }

    fn edited(&mut self, text: String, desk: &mut Desk) {
        let Some(at) = self.edited else { return };
        if self.offered.take().is_some_and(|offered| offered == text) {
            return desk.say(Style::Dim, "the rule was left as it was begun: nothing was added");
        }
        match filters_from_toml(&text) {
            Ok(rules) if rules.is_empty() => desk.say(Style::Dim, "the text holds no rule: nothing was changed"),
            Ok(rules) => {
                self.problems.clear();
                self.change(|known| drop(known.splice(at.min(known.len())..(at + 1).min(known.len()), rules)));
                self.keep_draft(desk);
                desk.say(Style::Good, "the draft is changed; t tries it on the last mails, ^S saves it");
            }
            Err(problems) => {
                self.problems = problems;
                self.refused = Some(text);
                desk.say(Style::Bad, "the text was not taken: e opens it again as you left it");
            }
        }
    }

    fn draft(&mut self, name: &str, text: String, _desk: &mut Desk) {
        if name == DRAFT && self.draft.is_none() {
            self.found(&text);
        }
    }

    fn happened(&mut self, events: &[Event], _missed: bool, _desk: &mut Desk) {
        let counts =
            |event: &Event| matches!(event.what, DomainEvent::MailJudged { .. } | DomainEvent::SettingsApplied { .. });
        if events.iter().any(counts) {
            self.saved.asking.stale();
        }
    }

    fn plain(&self, _desk: &Desk) -> Option<String> {
        self.rules().get(self.cursor.at).map(|rule| to_toml(std::slice::from_ref(rule)))
    }
}
