//! Which line of attention is selected, and what Home keeps of what happens.

use super::attention::attention;
use super::pulse::Pulse;
use crate::action::{Action, Context};
use crate::app::cursor::{Cursor, Move};
use crate::app::desk::Desk;
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::Screen;
use crate::output::Style;
use maildesk_core::event::Event;

#[derive(Debug, Default)]
pub struct State {
    pub cursor: Cursor,
    pub pulse: Pulse,
}

impl State {
    fn go(&mut self, way: Move, desk: &Desk) {
        self.cursor.go(way, attention(desk).len());
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
        self.cursor.keep_within(attention(desk).len());
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if let Some(way) = action.way() {
            self.go(way, desk);
            return true;
        }
        match action {
            Action::Open => {
                desk.goal = attention(desk).get(self.cursor.at).map(|line| line.goal);
            }
            Action::PollNow => desk.ask(Place::Home, Request::PollNow(None)),
            _ => return false,
        }
        true
    }

    fn answered(&mut self, _request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        match result {
            Ok(Answer::Polled(1)) => desk.say(Style::Good, "1 mailbox is polled now"),
            Ok(Answer::Polled(count)) => desk.say(Style::Good, format!("{count} mailboxes are polled now")),
            Ok(_) => {}
            Err(problem) => desk.say_problem(&problem),
        }
    }

    fn happened(&mut self, events: &[Event], missed: bool, _desk: &mut Desk) {
        self.pulse.happened(events, missed);
    }

    fn tick(&mut self, desk: &mut Desk) {
        // Mailboxes tell of polls that brought nothing only in the status.
        if desk.now().as_second() % 5 == 0 {
            desk.status.asking.stale();
        }
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        let lines = attention(desk);
        let line = lines.get(self.cursor.at)?;
        Some(format!("{}: {}", line.what, line.said))
    }
}
