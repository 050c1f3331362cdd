//! The daemon's log: followed until a person reads, filtered by level and words.

use crate::action::Action;
use crate::app::cursor::Move;
use crate::app::desk::Desk;
use crate::app::following::Following;
use crate::app::kept::Asking;
use crate::app::overlay::{Prompt, Purpose};
use crate::app::request::Problem;
use crate::command::logs::MISSED;
use maildesk_core::rpc::{LogLevel, LogLine, LogPart};
use std::collections::VecDeque;

/// Lines that are kept; older ones go.
const MOST: usize = 2000;

#[derive(Debug, Default)]
pub struct Logs {
    lines: VecDeque<LogLine>,
    pub following: Following,
    pub level: LogLevel,
    pub words: String,
    pub asking: Asking,
    pub loaded: bool,
    pub problem: Option<Problem>,
    /// What was seen, to ask for what is behind it.
    pub(super) seen: Option<u64>,
}

impl Logs {
    /// Lines that are shown now, the oldest first.
    pub fn visible(&self) -> Vec<&LogLine> {
        let words = self.words.to_lowercase();
        let holds = |line: &&LogLine| {
            let text = line.text.to_lowercase();
            line.level <= self.level && words.split_whitespace().all(|word| text.contains(word))
        };
        self.lines.iter().filter(holds).collect()
    }

    pub fn held(&self) -> usize {
        self.lines.len()
    }

    pub fn selected(&self) -> Option<&LogLine> {
        self.visible().get(self.following.cursor.at).copied()
    }

    /// What is done with it; false where it is nothing of the log's.
    pub(super) fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        let rows = self.visible().len();
        match action {
            Action::Pause => self.following.pause_or_follow(rows),
            Action::Follow => self.following.follow(rows),
            Action::NextProblem => self.go_to_problem(true),
            Action::PreviousProblem => self.go_to_problem(false),
            Action::NextLevel => {
                self.level = match self.level {
                    LogLevel::Info => LogLevel::Warning,
                    LogLevel::Warning => LogLevel::Error,
                    LogLevel::Error => LogLevel::Info,
                };
                self.refilter();
            }
            Action::Filter => {
                desk.prompt(Prompt::new(Purpose::Filter, "Filter", "words that a line must hold", &self.words));
            }
            Action::Out if !self.words.is_empty() || self.level != LogLevel::Info => {
                self.words.clear();
                self.level = LogLevel::Info;
                self.refilter();
            }
            _ => return false,
        }
        true
    }

    pub(super) fn filter(&mut self, words: String) {
        self.words = words;
        self.refilter();
    }

    pub(super) fn go(&mut self, way: Move) {
        let rows = self.visible().len();
        self.following.go(way, rows);
    }

    fn go_to_problem(&mut self, forward: bool) {
        let problems: Vec<bool> = self.visible().iter().map(|line| line.level < LogLevel::Info).collect();
        self.following.go_to_problem(forward, problems.len(), |row| problems.get(row) == Some(&true));
    }

    fn refilter(&mut self) {
        let rows = self.visible().len();
        self.following.refiltered(rows);
    }

    /// Takes lines in.
    pub(super) fn came(&mut self, result: Result<LogPart, Problem>) {
        self.asking.came();
        let part = match result {
            Ok(part) => part,
            Err(problem) => {
                self.problem = Some(problem);
                return;
            }
        };
        (self.problem, self.loaded) = (None, true);
        let before = self.visible().len();
        if let Some(first) = part.lines.first().filter(|_| part.missed) {
            let gap = LogLine { level: LogLevel::Warning, text: MISSED.into(), ..first.clone() };
            self.lines.push_back(gap);
        }
        self.lines.extend(part.lines);
        self.seen = Some(part.next);
        let (came, shown) = (self.visible().len() - before, self.visible().len());
        self.lines.drain(..self.lines.len().saturating_sub(MOST));
        let left = self.visible().len();
        self.following.grown(came, shown - left, left);
    }
}
