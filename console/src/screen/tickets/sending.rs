//! What becomes of an answer or note once a person said yes: sent, refused, taken back.

use super::compose::{Compose, Writing};
use super::state::{Pane, State};
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::overlay::{Purpose, Question};
use crate::app::place::Place;
use crate::app::request::{Problem, ProblemKind, Request};
use crate::output::{Page, Span, Style};
use maildesk_core::ids::OutboxId;

impl State {
    pub(super) fn send(&mut self, even_if_suppressed: bool, desk: &mut Desk) {
        let Some(compose) = &mut self.compose else { return };
        let (ticket, text) = (compose.ticket, compose.text.text());
        compose.under_way = true;
        let request = match compose.writing {
            Writing::Reply => {
                let files = compose.files.clone();
                Request::Reply { ticket, text, files, even_if_suppressed }
            }
            Writing::Note => Request::Note { ticket, text },
        };
        desk.ask(Place::Tickets, request);
    }

    /// It went out: the draft is forgotten.
    pub(super) fn sent(&mut self, desk: &mut Desk) {
        if let Some(mut compose) = self.compose.take() {
            compose.files.clear();
            compose.keep_files(desk);
            desk.effect(Effect::KeepDraft { name: compose.draft(), text: String::new() });
        }
        self.pane = Pane::Thread;
        self.stale();
    }

    pub(super) fn stale(&mut self) {
        self.list.asking.stale();
        if let Some(thread) = &mut self.thread {
            thread.ticket.asking.now();
        }
    }

    pub(super) fn failed(&mut self, request: &Request, problem: Problem, desk: &mut Desk) {
        let suppressed = problem.kind == ProblemKind::Refused && problem.said.contains("suppress");
        if let Some(compose) = &mut self.compose {
            compose.under_way = false;
            compose.problem = Some(problem.line());
        }
        if suppressed && matches!(request, Request::Reply { even_if_suppressed: false, .. }) {
            let mut page = Page::default();
            page.line([Span::plain(&problem.said)]);
            desk.question(Question::new(Purpose::ReplyAnyway, "Send it all the same?", page, "send it"));
        } else {
            desk.say_problem(&problem);
        }
    }

    /// An answer was cancelled while it was held: its text is written on.
    pub(super) fn taken_back(&mut self, ids: &[OutboxId], done: usize, refused: &[String], desk: &mut Desk) {
        let Some(undo) = desk.undo.take_if(|undo| ids.contains(&undo.outbox)) else { return };
        if done == 0 {
            let why = refused.first().cloned().unwrap_or_else(|| "it is sent already".into());
            return desk.say(Style::Bad, format!("too late: {why}"));
        }
        self.open(undo.ticket, desk);
        let mut compose = Compose::new(undo.ticket, Writing::Reply, &undo.text);
        compose.files = undo.files;
        compose.keep_files(desk);
        compose.changed(desk.now());
        compose.keep(true, desk);
        self.compose = Some(compose);
        self.pane = Pane::Compose;
        self.stale();
        desk.goal = Some(crate::app::desk::Goal::Place(Place::Tickets));
        desk.say(Style::Good, format!("taken back: the answer to #{} was not sent", undo.ticket));
    }
}
