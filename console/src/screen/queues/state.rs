//! Which queue is shown, what is marked in it, and what is to become of the marked.

use super::lead::Lead;
use crate::action::{Action, Context};
use crate::app::cursor::Scroll;
use crate::app::desk::{Desk, Goal};
use crate::app::kept::{Kept, Listing};
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use crate::app::screen::Screen;
use crate::output::{Page, Span, Style};
use maildesk_core::address::Address;
use maildesk_core::event::Event;
use maildesk_core::ids::{MailId, OutboxId};
use maildesk_core::outbox::{OutboxAction, OutboxState};
use maildesk_core::route::JudgedMail;
use maildesk_core::rpc::{MailQuery, MailRow, OutboxQuery, OutboxRow, OutboxView, Rows};
use std::collections::BTreeSet;

/// The queues in the order of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Queue {
    #[default]
    Waiting,
    Held,
    Failed,
    Sent,
    Quarantine,
}

impl Queue {
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Held, Self::Failed, Self::Sent, Self::Quarantine];

    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "Outbound",
            Self::Held => "Held",
            Self::Failed => "Failed",
            Self::Sent => "Sent",
            Self::Quarantine => "Quarantine",
        }
    }

    /// The state of its mails in the outbox.
    pub fn state(self) -> Option<&'static str> {
        match self {
            Self::Waiting => Some("due"),
            Self::Held => Some("held"),
            Self::Failed => Some("failed"),
            Self::Sent => Some("sent"),
            Self::Quarantine => None,
        }
    }

    fn beside(self, forward: bool) -> Self {
        let at = Self::ALL.iter().position(|queue| *queue == self).unwrap_or(0);
        let step = if forward { 1 } else { Self::ALL.len() - 1 };
        Self::ALL.get((at + step) % Self::ALL.len()).copied().unwrap_or_default()
    }
}

/// From this number on, a yes is the number itself.
const VERY_MANY: usize = 20;

#[derive(Debug, Default)]
pub struct State {
    pub queue: Queue,
    pub outbox: Listing<OutboxRow>,
    pub quarantine: Listing<MailRow>,
    pub marked: BTreeSet<OutboxId>,
    pub entry: Kept<OutboxView>,
    pub mail: Kept<JudgedMail>,
    wanted: Option<u64>,
    pub scroll: Scroll,
    pub reading: bool,
    pub(super) lead: Option<Lead>,
}

impl State {
    /// Shows the list that has this context, if one of these has.
    pub fn show_list(&mut self, list: Context) {
        match list {
            Context::Quarantine => self.show(Queue::Quarantine),
            Context::Queues if self.queue == Queue::Quarantine => self.show(Queue::Waiting),
            _ => {}
        }
    }

    pub(super) fn show(&mut self, queue: Queue) {
        self.queue = queue;
        self.marked.clear();
        self.reading = false;
        self.outbox.restart();
        self.quarantine.asking.now();
    }

    /// The number of what is selected.
    fn selected(&self) -> Option<u64> {
        match self.queue {
            Queue::Quarantine => self.quarantine.selected().map(|row| row.id.0),
            _ => self.outbox.selected().map(|row| row.id.0),
        }
    }

    /// The marked mails, or the selected one.
    fn meant(&self) -> Vec<OutboxId> {
        match (self.queue, self.marked.is_empty()) {
            (Queue::Quarantine, _) => Vec::new(),
            (_, false) => self.marked.iter().copied().collect(),
            (_, true) => self.outbox.selected().map(|row| row.id).into_iter().collect(),
        }
    }

    fn do_to_meant(&self, action: OutboxAction, desk: &mut Desk) {
        desk.ask(Place::Queues, Request::OutboxAct(self.meant(), action));
    }

    fn ask_to_cancel(&self, desk: &mut Desk) {
        let meant = self.meant();
        let mut page = Page::default();
        page.line([Span::plain("What is cancelled is never sent.")]);
        for row in self.outbox.rows.iter().filter(|row| meant.contains(&row.id)).take(10) {
            let said = format!("{} to {}: {}", row.id, row.to, row.subject);
            page.indented(2, [Span::plain(said)]);
        }
        if meant.len() > 10 {
            page.indented(2, [Span::dim(format!("and {} more", meant.len() - 10))]);
        }
        let title = match meant.as_slice() {
            [one] => format!("Cancel mail {one}?"),
            several => format!("Cancel {} mails?", several.len()),
        };
        let question = Question::new(Purpose::CancelMails, title, page, "cancel");
        let very_many = meant.len() > VERY_MANY;
        desk.question(if very_many { question.with_count(meant.len()) } else { question });
    }

    fn is_held(&self) -> bool {
        let meant = self.meant();
        let mut rows = self.outbox.rows.iter().filter(|row| meant.contains(&row.id));
        rows.next().is_some_and(|row| matches!(row.state, OutboxState::Held { .. }))
    }
}

impl Screen for State {
    fn context(&self) -> Context {
        match self.queue {
            Queue::Quarantine => Context::Quarantine,
            _ => Context::Queues,
        }
    }

    fn entered(&mut self, _desk: &mut Desk) {
        self.outbox.asking.now();
        self.quarantine.asking.now();
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let now = desk.now();
        let wanted = match self.queue.state() {
            Some(state) => self.outbox.wanted(now).map(|window| {
                let query = OutboxQuery { state: Some(state.to_owned()), ..OutboxQuery::default() };
                Request::Outbox(query, window)
            }),
            None => self
                .quarantine
                .wanted(now)
                .map(|window| Request::Mails(MailQuery { quarantined_only: true, ..MailQuery::default() }, window)),
        };
        if let Some(request) = wanted {
            desk.ask(Place::Queues, request);
        }
        if self.selected() != self.wanted {
            self.wanted = self.selected();
            self.scroll.reset();
            self.entry.asking.now();
            self.mail.asking.now();
        }
        let Some(id) = self.wanted else { return };
        match self.queue {
            Queue::Quarantine if self.mail.asking.is_due(now) => desk.ask(Place::Queues, Request::Mail(MailId(id))),
            Queue::Quarantine => {}
            _ if self.entry.asking.is_due(now) => desk.ask(Place::Queues, Request::OutboxEntry(OutboxId(id))),
            _ => {}
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> bool {
        if let Some(way) = action.way() {
            match (self.reading, self.queue) {
                (true, _) => self.scroll.go(way),
                (false, Queue::Quarantine) => self.quarantine.go(way),
                (false, _) => self.outbox.go(way),
            }
            return true;
        }
        match action {
            Action::NextItem => self.show(self.queue.beside(true)),
            Action::PreviousItem => self.show(self.queue.beside(false)),
            Action::Open | Action::NextPane => self.reading = !self.reading && self.wanted.is_some(),
            Action::Out | Action::Back if self.reading => self.reading = false,
            Action::Out if !self.marked.is_empty() => self.marked.clear(),
            Action::Mark => {
                if let Some(id) = self.outbox.selected().map(|row| row.id) {
                    if !self.marked.remove(&id) {
                        self.marked.insert(id);
                    }
                    self.outbox.go(crate::app::cursor::Move::Down);
                }
            }
            Action::MarkAll => self.marked.extend(self.outbox.rows.iter().map(|row| row.id)),
            Action::Retry => self.do_to_meant(OutboxAction::Retry { even_if_suppressed: false }, desk),
            Action::Hold if self.is_held() => self.do_to_meant(OutboxAction::Release, desk),
            Action::Hold => self.do_to_meant(OutboxAction::Hold, desk),
            Action::Cancel => self.ask_to_cancel(desk),
            Action::ReleaseMail => self.ask_to_release(desk),
            Action::ReplayMail => self.rehearse_replay(desk),
            Action::DiscardMail => self.ask_why_to_discard(desk),
            Action::RuleFrom | Action::TryRules => {
                let mail = self.quarantine.selected().map(|row| row.id);
                desk.goal = mail.map(if action == Action::RuleFrom { Goal::RuleFrom } else { Goal::TryRules });
            }
            Action::Redirect => {
                let to = self.outbox.selected().map(|row| row.to.clone()).unwrap_or_default();
                let help = "the address that this one mail goes to instead";
                desk.prompt(Prompt::new(Purpose::RedirectMail, "Redirect", help, &to));
            }
            _ => return false,
        }
        true
    }

    fn unavailable(&self, action: Action, _desk: &Desk) -> Option<String> {
        let decides = matches!(
            action,
            Action::ReleaseMail | Action::ReplayMail | Action::DiscardMail | Action::RuleFrom | Action::TryRules
        );
        let verb = matches!(action, Action::Retry | Action::Hold | Action::Cancel | Action::Redirect);
        match self.queue {
            Queue::Quarantine if decides && self.quarantine.selected().is_none() => {
                Some("there is no mail here".into())
            }
            Queue::Quarantine if verb => Some("mails in quarantine came in: there is nothing to send".into()),
            _ if decides && self.queue != Queue::Quarantine => {
                Some("this is for mails of the quarantine: ] goes there".into())
            }
            Queue::Sent if verb => Some("it is sent".into()),
            _ if verb && self.meant().is_empty() => Some("there is no mail here".into()),
            Queue::Failed if matches!(action, Action::Hold | Action::Cancel) => {
                Some("it failed for good: retry or redirect it".into())
            }
            Queue::Held if action == Action::Retry => Some("it is held: H releases it".into()),
            _ => None,
        }
    }

    fn answered(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        match (request, result) {
            (Request::Outbox(query, _), result) if query.state.as_deref() == self.queue.state() => {
                let rows = result.and_then(|answer| match answer {
                    Answer::Outbox(rows) => Ok(rows),
                    _ => Err(Problem::offline()),
                });
                self.outbox.came(rows, |row| row.id.0);
                self.arrive(desk);
                let held: BTreeSet<OutboxId> = self.outbox.rows.iter().map(|row| row.id).collect();
                self.marked.retain(|id| held.contains(id));
            }
            (Request::Mails(..), result) => {
                let rows = result.and_then(|answer| match answer {
                    Answer::Mails(found) => Ok(Rows { rows: found.rows, next: found.next }),
                    _ => Err(Problem::offline()),
                });
                self.quarantine.came(rows, |row| row.id.0);
            }
            (Request::OutboxEntry(_), Ok(Answer::OutboxEntry(view))) => {
                self.found(&view, desk);
                self.entry.came(Ok(*view), desk.now());
            }
            (Request::OutboxEntry(_), Err(problem)) => {
                self.lead = None;
                self.entry.came(Err(problem), desk.now());
            }
            (Request::Mail(_), Ok(Answer::Mail(judged))) => self.mail.came(Ok(*judged), desk.now()),
            (Request::Mail(_), Err(problem)) => self.mail.came(Err(problem), desk.now()),
            (Request::OutboxAct(_, action), Ok(Answer::Acted(done, refused))) => {
                self.marked.clear();
                self.outbox.asking.now();
                match refused.first() {
                    None => desk.say(Style::Good, format!("{done} of {done} mails {}", action.done())),
                    Some(why) => {
                        let all = done + refused.len();
                        desk.say(Style::Attention, format!("{done} of {all} mails {}; {why}", action.done()));
                    }
                }
            }
            (Request::MailAct { action, rehearse, .. }, Ok(Answer::Decided(judged))) => {
                self.decided(&action, rehearse, &judged, desk);
            }
            (_, Err(problem)) => desk.say_problem(&problem),
            (_, Ok(_)) => {}
        }
    }

    fn told(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        match purpose {
            Purpose::ReleaseMail | Purpose::ReplayMail | Purpose::DiscardMail => self.decide(purpose, line, desk),
            Purpose::CancelMails => self.do_to_meant(OutboxAction::Cancel, desk),
            Purpose::RedirectMail => match (Address::parse(&line), self.outbox.selected()) {
                (Ok(to), Some(row)) => {
                    desk.ask(Place::Queues, Request::OutboxAct(vec![row.id], OutboxAction::Redirect { to }));
                }
                (Err(problem), _) => desk.say(Style::Bad, format!("the address {problem}")),
                (Ok(_), None) => {}
            },
            _ => {}
        }
    }

    fn happened(&mut self, _events: &[Event], _missed: bool, _desk: &mut Desk) {
        self.outbox.asking.stale();
        self.quarantine.asking.stale();
        self.entry.asking.stale();
    }

    fn plain(&self, desk: &Desk) -> Option<String> {
        super::view::detail(self, desk).map(|page| page.to_text(false))
    }
}
