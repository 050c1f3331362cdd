//! Which line of attention is selected.

use super::attention::attention;
use crate::action::{Action, Context};
use crate::app::cursor::{Cursor, Move};
use crate::app::desk::Desk;
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::Screen;
use crate::output::Style;

#[derive(Debug, Default)]
pub struct State {
    pub cursor: Cursor,
}

impl State {
    fn go(&mut self, way: Move, desk: &Desk) {
        let lines = desk.status.value.as_ref().map_or(0, |status| attention(status, desk).len());
        self.cursor.go(way, lines);
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        Context::Home
    }

    fn entered(&mut self, desk: &mut Desk) {
        desk.status.asking.stale();
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let lines = desk.status.value.as_ref().map_or(0, |status| attention(status, desk).len());
        self.cursor.keep_within(lines);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if let Some(way) = action.way() {
            self.go(way, desk);
            return true;
        }
        match action {
            Action::Open => {
                let lines = desk.status.value.as_ref().map(|status| attention(status, desk)).unwrap_or_default();
                desk.goal = lines.get(self.cursor.at).map(|line| line.goal);
            }
            Action::PollNow => desk.ask(Place::Home, Request::PollNow(None)),
            _ => return false,
        }
        true
    }

    fn answered(&mut self, _request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        match result {
            Ok(Answer::Polled(count)) => desk.say(Style::Good, format!("{count} mailboxes are polled now")),
            Ok(_) => {}
            Err(problem) => desk.say_problem(&problem),
        }
    }

    fn tick(&mut self, desk: &mut Desk) {
        // Mailboxes tell of polls that brought nothing only in the status.
        if desk.now().as_second() % 5 == 0 {
            desk.status.asking.stale();
        }
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        let status = desk.status.value.as_ref()?;
        let lines = attention(status, desk);
        let line = lines.get(self.cursor.at)?;
        Some(format!("{}: {}", line.what, line.said))
    }
}
