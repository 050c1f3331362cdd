//! The list of tickets and what of it is read or answered.

use super::acts;
use super::choice::Choice;
use super::compose::{Compose, Writing};
use super::thread::Thread;
use super::tried::{self, Tried};
use crate::action::{Action, Context};
use crate::app::attached::AttachedFile;
use crate::app::cursor::Move;
use crate::app::desk::{Desk, Undo};
use crate::app::long_list::LongList;
use crate::app::message::Effect;
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::{Screen, Typed};
use crate::output::{Page, Span, Style};
use maildesk_core::event::Event;
use maildesk_core::ids::TicketNumber;
use maildesk_core::outbox::OutboxAction;
use maildesk_core::rpc::{TicketQuery, TicketRow, Window};
use maildesk_core::ticket::TicketAction;

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    #[default]
    List,
    Thread,
    Compose,
}

#[derive(Debug)]
pub struct State {
    pub pane: Pane,
    pub list: LongList<TicketRow>,
    pub choice: Choice,
    /// What the list was asked for last; other answers are too late.
    asked: Option<(TicketQuery, Window)>,
    pub thread: Option<Thread>,
    pub compose: Option<Compose>,
    pub(super) tried: Tried,
}

impl Default for State {
    fn default() -> Self {
        let (choice, pane) = (Choice::default(), Pane::default());
        let list = LongList::new(choice.keys(), |row: &TicketRow| row.number.0);
        Self { pane, list, choice, asked: None, thread: None, compose: None, tried: Tried::default() }
    }
}

impl State {
    /// Reads a ticket.
    pub fn open(&mut self, number: TicketNumber, desk: &mut Desk) {
        if self.thread.as_ref().is_none_or(|thread| thread.number != number) {
            self.thread = Some(Thread::open(number));
            self.compose = None;
            desk.effect(Effect::LoadDraft(format!("reply-{number}")));
            desk.effect(Effect::LoadDraft(format!("reply-{number}-files")));
        }
        self.pane = Pane::Thread;
    }

    fn open_selected(&mut self, desk: &mut Desk) {
        if let Some(number) = self.list.selected().map(|row| row.number) {
            self.open(number, desk);
        }
    }

    /// Lists the tickets that these words find, whatever their status.
    pub fn find(&mut self, words: String) {
        self.pane = Pane::List;
        self.choose(|choice| {
            *choice = Choice::default();
            choice.words = words;
        });
    }

    /// Another list is wanted.
    fn choose(&mut self, change: impl FnOnce(&mut Choice)) {
        change(&mut self.choice);
        self.asked = None;
        self.list.restart(self.choice.keys());
    }

    /// Keeps what is being written.
    pub fn keep_draft(&mut self, desk: &mut Desk) {
        if let Some(compose) = &mut self.compose {
            compose.keep(true, desk);
        }
    }

    fn neighbour(&mut self, way: Move, desk: &mut Desk) {
        self.list.go(way);
        self.open_selected(desk);
    }

    fn write(&mut self, writing: Writing, desk: &mut Desk) {
        let Some(number) = self.thread.as_ref().map(|thread| thread.number) else { return };
        let same = |compose: &Compose| compose.ticket == number && compose.writing == writing;
        if !self.compose.as_ref().is_some_and(same) {
            if let Some(other) = &mut self.compose {
                other.keep(true, desk);
            }
            let compose = Compose::new(number, writing, "");
            desk.effect(Effect::LoadDraft(compose.draft()));
            desk.effect(Effect::LoadDraft(compose.files_draft()));
            self.compose = Some(compose);
        }
        self.pane = Pane::Compose;
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        match self.pane {
            Pane::List => Context::Tickets,
            Pane::Thread => Context::Thread,
            Pane::Compose => Context::Compose,
        }
    }

    fn entered(&mut self, _desk: &mut Desk) {
        self.list.asking.now();
        if let Some(thread) = &mut self.thread {
            thread.ticket.asking.now();
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        if let Some(part) = self.list.wanted(desk.now()) {
            let query = self.choice.query(part.reversed);
            self.asked = Some((query.clone(), part.window));
            desk.ask(Place::Tickets, Request::Tickets(query, part.window));
        }
        if let Some(thread) = self.thread.as_mut().filter(|_| self.pane != Pane::List) {
            thread.refresh(desk);
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if let Some(way) = action.way() {
            match (self.pane, &mut self.thread) {
                (Pane::List, _) => self.list.go(way),
                (_, Some(thread)) => thread.scroll.go(way),
                (_, None) => {}
            }
            return true;
        }
        match (self.pane, action) {
            (Pane::List, Action::Open) => self.open_selected(desk),
            (Pane::List, Action::NextStatus) => self.choose(Choice::next_status),
            (Pane::List, Action::Sort) => self.choose(Choice::next_sort),
            (Pane::List, Action::Filter) => {
                let words = self.choice.words.clone();
                desk.prompt(Prompt::new(Purpose::Filter, "Search", super::choice::HELP, &words));
            }
            (Pane::List, Action::Out) if self.choice.narrows() => self.choose(Choice::widen),
            (Pane::Thread, Action::Out | Action::Back) => self.pane = Pane::List,
            (Pane::Thread, Action::Quotes) => {
                if let Some(thread) = &mut self.thread {
                    thread.quotes = !thread.quotes;
                }
            }
            (Pane::Thread, Action::NextItem) => self.neighbour(Move::Down, desk),
            (Pane::Thread, Action::PreviousItem) => self.neighbour(Move::Up, desk),
            (Pane::Thread, Action::NextPane) if self.compose.is_some() => self.pane = Pane::Compose,
            (Pane::Thread, Action::Reply) => self.write(Writing::Reply, desk),
            (Pane::Thread, Action::Note) => self.write(Writing::Note, desk),
            (Pane::Thread, Action::Resolve) => {
                let Some(thread) = &self.thread else { return true };
                let mut page = Page::default();
                page.line([Span::plain("The customer can reopen it with any answer.")]);
                let title = format!("Resolve #{}?", thread.number);
                desk.question(Question::new(Purpose::ResolveTicket, title, page, "resolve it"));
            }
            (Pane::Thread, Action::Assign | Action::Priority | Action::Reopen) => {
                if let Some(thread) = &self.thread {
                    acts::begin(action, thread, desk);
                }
            }
            (Pane::Thread, Action::Merge | Action::Split | Action::Macro) => {
                if let Some(thread) = &self.thread {
                    tried::begin(action, thread.number, desk);
                }
            }
            (Pane::Compose, Action::Out) => {
                if let Some(compose) = &mut self.compose {
                    compose.keep(true, desk);
                }
                self.pane = Pane::Thread;
            }
            (Pane::Compose, Action::Review) => {
                let undo = desk.settings.value.as_ref().map(|view| view.settings.desk.undo_seconds);
                if let (Some(compose), Some(view)) = (&mut self.compose, self.thread.as_ref().and_then(Thread::view)) {
                    compose.review(view, undo, desk);
                }
            }
            (Pane::Compose, Action::Attach | Action::Detach) => self.ask_for_file(action, desk),
            (Pane::Compose, Action::ExternalEditor) => {
                if let Some(compose) = &mut self.compose {
                    compose.keep(true, desk);
                    let text = compose.text.text();
                    desk.effect(Effect::Editor { from: Place::Tickets, text, ending: ".txt" });
                }
            }
            _ => return false,
        }
        true
    }

    fn unavailable(&self, action: Action, _desk: &Desk) -> Option<String> {
        let compose = self.compose.as_ref()?;
        let writes = matches!(action, Action::Review | Action::Attach | Action::Detach);
        match action {
            _ if writes && compose.under_way => Some("it is being sent at this moment".into()),
            Action::Attach if compose.writing == Writing::Note => Some("a note takes no files".into()),
            Action::Detach if compose.files.is_empty() => Some("no file goes along".into()),
            _ => None,
        }
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        match (request, result) {
            (Request::Tickets(query, window), result) => {
                let rows = result.and_then(|answer| match answer {
                    Answer::Tickets(rows) => Ok(rows),
                    _ => Err(Problem::offline()),
                });
                if self.asked.take_if(|asked| *asked == (query, window)).is_some() {
                    self.list.came(rows);
                }
            }
            (Request::Ticket(number), result) => {
                if let Some(thread) = self.thread.as_mut().filter(|thread| thread.number == number) {
                    let ticket = result.and_then(|answer| match answer {
                        Answer::Ticket(view, entries) => Ok((*view, entries)),
                        _ => Err(Problem::offline()),
                    });
                    thread.ticket.came(ticket, desk.now());
                }
            }
            (Request::Reply { ticket, text, files, .. }, Ok(Answer::Replied(view))) => {
                self.sent(desk);
                match view.held_until {
                    Some(until) => {
                        desk.undo = Some(Undo { ticket, outbox: view.outbox, text, files, until });
                        // What was said before would stand in its place.
                        desk.toast = None;
                    }
                    None => desk.say(Style::Good, format!("the answer is queued as mail {}", view.outbox)),
                }
            }
            (Request::Note { .. }, Ok(_)) => {
                self.sent(desk);
                desk.say(Style::Good, "the note is kept");
            }
            (Request::TicketAct(number, action), Ok(_)) => {
                self.stale();
                desk.say(Style::Good, format!("#{number} {}", acts::done(&action)));
            }
            (Request::OutboxAct(ids, OutboxAction::Cancel), Ok(Answer::Acted(done, refused))) => {
                self.taken_back(&ids, done, &refused, desk);
            }
            (request, Err(problem)) => self.failed(&request, problem, desk),
            (request, Ok(answer)) => self.tried_out(request, answer, desk),
        }
    }

    fn told(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        match purpose {
            Purpose::Filter => self.choose(|choice| choice.words = line),
            Purpose::SendReply | Purpose::KeepNote => self.send(false, desk),
            Purpose::ReplyAnyway => self.send(true, desk),
            Purpose::AttachFile | Purpose::DetachFile => self.told_of_file(purpose, line, desk),
            Purpose::AssignTicket | Purpose::PrioritiseTicket => {
                if let Some(thread) = &self.thread {
                    acts::told(thread.number, purpose, &line, desk);
                }
            }
            Purpose::MergeInto | Purpose::SplitOff | Purpose::ChooseMacro => self.try_out(purpose, &line, desk),
            Purpose::DoTried => self.do_tried(desk),
            Purpose::ResolveTicket => {
                if let Some(thread) = &self.thread {
                    let resolve = TicketAction::Resolve { tell: true };
                    desk.ask(Place::Tickets, Request::TicketAct(thread.number, resolve));
                }
            }
            _ => {}
        }
    }

    fn typed(&mut self, typed: Typed, desk: &mut Desk) {
        let Some(compose) = self.compose.as_mut().filter(|compose| !compose.under_way) else { return };
        let changed = match typed {
            Typed::Key(key) => compose.text.press(key),
            Typed::Paste(text) => {
                compose.text.insert(&text);
                true
            }
        };
        if changed {
            compose.changed(desk.now());
        }
    }

    fn edited(&mut self, text: String, desk: &mut Desk) {
        if let Some(compose) = &mut self.compose {
            compose.text = crate::app::text::EditedText::area(text.trim_end());
            compose.changed(desk.now());
            compose.keep(true, desk);
        }
    }

    fn file_seen(&mut self, draft: &str, seen: Result<AttachedFile, String>, desk: &mut Desk) {
        self.attach(draft, seen, desk);
    }

    fn draft(&mut self, name: &str, text: String, desk: &mut Desk) {
        if name.ends_with("-files") {
            return self.files_of_draft(name, &text, desk);
        }
        let reading = self.thread.as_ref().map(|thread| thread.number);
        match (&mut self.compose, reading) {
            (Some(compose), _) if compose.draft() == name && compose.text.is_blank() => {
                compose.text = crate::app::text::EditedText::area(&text);
            }
            (None, Some(number)) => {
                let compose = Compose::new(number, Writing::Reply, &text);
                self.compose = Some(compose).filter(|compose| compose.draft() == name);
            }
            _ => {}
        }
    }

    fn happened(&mut self, events: &[Event], missed: bool, _desk: &mut Desk) {
        self.list.asking.stale();
        let rows = events.iter().cloned().map(crate::screen::live::Row::Event);
        let concerned: Vec<_> = rows.filter_map(|row| row.ticket()).collect();
        if let Some(thread) = &mut self.thread
            && (missed || concerned.contains(&thread.number))
        {
            thread.ticket.asking.stale();
        }
    }

    fn tick(&mut self, desk: &mut Desk) {
        if let Some(compose) = &mut self.compose {
            compose.keep(false, desk);
        }
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        match (self.pane, &self.thread) {
            (Pane::List, _) => {
                let row = self.list.selected()?;
                Some(format!("#{} {}", row.number, row.subject))
            }
            (_, Some(thread)) => super::view::thread_page(thread, usize::MAX, desk).map(|page| page.to_text(false)),
            (_, None) => None,
        }
    }
}
