//! The stream as it is held: bounded, paused while a person reads, gaps marked.

use super::row::Row;
use crate::action::{Action, Context};
use crate::app::cursor::Scroll;
use crate::app::desk::{Desk, Goal};
use crate::app::following::Following;
use crate::app::kept::Kept;
use crate::app::overlay::{Prompt, Purpose};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::Screen;
use maildesk_core::event::Event;
use maildesk_core::ids::MailId;
use maildesk_core::route::JudgedMail;
use std::collections::VecDeque;

/// Lines that are kept; older ones go.
const MOST: usize = 2000;

#[derive(Debug, Default)]
pub struct State {
    rows: VecDeque<Row>,
    pub following: Following,
    pub words: String,
    pub problems_only: bool,
    /// Why the selected mail became what it is.
    pub why: Kept<JudgedMail>,
    wanted: Option<MailId>,
    pub scroll: Scroll,
    pub reading: bool,
}

impl State {
    /// Lines that are shown now, the oldest first.
    pub fn visible(&self) -> Vec<&Row> {
        let words = self.words.to_lowercase();
        self.rows.iter().filter(|row| (!self.problems_only || row.is_problem()) && row.holds(&words)).collect()
    }

    /// Lines that the filter hides.
    pub fn hidden(&self) -> usize {
        self.rows.len() - self.visible().len()
    }

    pub fn held(&self) -> usize {
        self.rows.len()
    }

    pub fn selected(&self) -> Option<&Row> {
        self.visible().get(self.following.cursor.at).copied()
    }

    /// The why of the selected line, where it is there.
    pub fn shown_why(&self) -> Option<&JudgedMail> {
        let wanted = self.selected()?.mail()?;
        self.why.value.as_ref().filter(|judged| judged.id == wanted)
    }

    /// Leads to the line of this mail, if it is held.
    pub fn select(&mut self, id: MailId) {
        if let Some(at) = self.visible().iter().position(|row| row.mail() == Some(id)) {
            self.following.stay_at(at);
        }
    }

    fn go_to_problem(&mut self, forward: bool) {
        let problems: Vec<bool> = self.visible().iter().map(|row| row.is_problem()).collect();
        self.following.go_to_problem(forward, problems.len(), |row| problems.get(row) == Some(&true));
    }

    fn refilter(&mut self) {
        let rows = self.visible().len();
        self.following.refiltered(rows);
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        Context::Live
    }

    fn entered(&mut self, _desk: &mut Desk) {}

    fn refresh(&mut self, desk: &mut Desk) {
        let selected = self.selected().and_then(Row::mail);
        if selected != self.wanted {
            self.wanted = selected;
            self.scroll.reset();
            if selected.is_some() {
                self.why.asking.now();
            }
        }
        if let Some(id) = self.wanted
            && self.why.asking.is_due(desk.now())
        {
            desk.ask(Place::Live, Request::Mail(id));
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        let rows = self.visible().len();
        if let Some(way) = action.way() {
            match self.reading {
                true => self.scroll.go(way),
                false => self.following.go(way, rows),
            }
            return true;
        }
        match action {
            Action::Open if self.shown_why().is_none() => match self.selected().map(Row::goal) {
                Some(Some(goal)) => desk.goal = Some(goal),
                // Why a mail became what it is comes at once.
                _ if self.wanted.is_some() => {}
                _ => desk.say(crate::output::Style::Dim, "there is nothing more to show of this"),
            },
            Action::Open | Action::NextPane => self.reading = !self.reading && self.shown_why().is_some(),
            Action::Pause => self.following.pause_or_follow(rows),
            Action::Follow => self.following.follow(rows),
            Action::NextProblem => self.go_to_problem(true),
            Action::PreviousProblem => self.go_to_problem(false),
            Action::ProblemsOnly => {
                self.problems_only = !self.problems_only;
                self.refilter();
            }
            Action::Filter => {
                let help = "words that a line must hold; !word: must not";
                desk.prompt(Prompt::new(Purpose::Filter, "Filter", help, &self.words));
            }
            Action::NextItem => match self.selected().and_then(Row::ticket) {
                Some(ticket) => desk.goal = Some(Goal::Ticket(ticket)),
                None => desk.say(crate::output::Style::Dim, "this event has no ticket"),
            },
            Action::RuleFrom | Action::TryRules => match self.selected().and_then(Row::mail) {
                Some(mail) if action == Action::RuleFrom => desk.goal = Some(Goal::RuleFrom(mail)),
                Some(mail) => desk.goal = Some(Goal::TryRules(mail)),
                None => desk.say(crate::output::Style::Dim, "this event is no mail that came in"),
            },
            Action::Out | Action::Back if self.reading => self.reading = false,
            Action::Out if !self.words.is_empty() || self.problems_only => {
                self.words.clear();
                self.problems_only = false;
                self.refilter();
            }
            _ => return false,
        }
        true
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        let Request::Mail(_) = request else { return };
        let result = match result {
            Ok(Answer::Mail(judged)) => Ok(*judged),
            Ok(_) => return,
            Err(problem) => Err(problem),
        };
        self.why.came(result, desk.now());
    }

    fn told(&mut self, purpose: Purpose, line: String, _desk: &mut Desk) {
        if purpose == Purpose::Filter {
            self.words = line;
            self.refilter();
        }
    }

    fn happened(&mut self, events: &[Event], missed: bool, _desk: &mut Desk) {
        let before = self.visible().len();
        if missed && !self.rows.is_empty() {
            self.rows.push_back(Row::Gap);
        }
        self.rows.extend(events.iter().cloned().map(Row::Event));
        let came = self.visible().len() - before;
        let shown = self.visible().len();
        self.rows.drain(..self.rows.len().saturating_sub(MOST));
        let left = self.visible().len();
        self.following.grown(came, shown - left, left);
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        match self.shown_why() {
            Some(judged) => Some(super::view::why(judged, desk).to_text(false)),
            None => match self.selected()? {
                Row::Event(event) => Some(event.what.sentence()),
                Row::Gap => None,
            },
        }
    }
}
