//! What is tried first and done after a yes: merging the ticket that is read into another, applying a macro to it.

use super::state::State;
use crate::action::Action;
use crate::app::desk::{Desk, Undo};
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::command::macros::{done_page, what_stays};
use crate::command::ticket_moves::{merge_page, split_page};
use crate::output::{Span, Style};
use maildesk_core::ids::{EntryNumber, TicketNumber};
use maildesk_core::macros::SavedMacro;
use maildesk_core::rpc::{MacroCall, MacroOutcome, MergeView, MovedTickets, SplitView, TicketMove};

/// Names of macros that stand beside the question for one.
const NAMES_SHOWN: usize = 12;

/// What is asked about.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// Macros to choose from, and for which ticket.
    macros: Option<(TicketNumber, Vec<SavedMacro>)>,
    /// What a yes does.
    wanted: Option<Request>,
}

/// Asks for what the action needs.
pub(super) fn begin(action: Action, number: TicketNumber, desk: &mut Desk) {
    match action {
        Action::Merge => {
            let help = "number of the ticket that both are from then on";
            desk.prompt(Prompt::new(Purpose::MergeInto, format!("Merge #{number} into"), help, ""));
        }
        Action::Split => {
            let help = "their numbers, such as 3 5-7, then a subject where it is to have another";
            desk.prompt(Prompt::new(Purpose::SplitOff, format!("Entries of #{number} that become a ticket"), help, ""));
        }
        _ => desk.ask(Place::Tickets, Request::Macros),
    }
}

impl State {
    /// The person named a ticket to merge into, or a macro: what would be is asked first.
    pub(super) fn try_out(&mut self, purpose: Purpose, line: &str, desk: &mut Desk) {
        let request = match purpose {
            Purpose::MergeInto => merge(self.thread.as_ref().map(|thread| thread.number), line),
            Purpose::SplitOff => split(self.thread.as_ref().map(|thread| thread.number), line),
            _ => self.tried.macros.as_ref().map_or(Ok(None), |(ticket, macros)| chosen(*ticket, macros, line)),
        };
        match request {
            Ok(Some(request)) => desk.ask(Place::Tickets, request),
            Ok(None) => {}
            Err(said) => desk.say(Style::Bad, said),
        }
    }

    /// The person said yes.
    pub(super) fn do_tried(&mut self, desk: &mut Desk) {
        if let Some(request) = self.tried.wanted.take() {
            desk.ask(Place::Tickets, request);
        }
    }

    /// Macros came, or what one of these would do or did.
    pub(super) fn tried_out(&mut self, request: Request, answer: Answer, desk: &mut Desk) {
        match (request, answer) {
            (Request::Macros, Answer::Macros(macros)) => self.choose_macro(macros, desk),
            (Request::TicketMove(wanted, true), Answer::Moved(MovedTickets::Merged(view))) => {
                let title = format!("Merge #{} into #{}?", view.source, view.target.number);
                self.tried.wanted = Some(Request::TicketMove(wanted, false));
                let mut page = merge_page(&view, true);
                page.line([Span::dim("S takes entries out again, into a ticket of their own.")]);
                desk.question(Question::new(Purpose::DoTried, title, page, "merge them"));
            }
            (Request::TicketMove(wanted, true), Answer::Moved(MovedTickets::Split(view))) => {
                let title = format!("Split #{}?", view.old.number);
                self.tried.wanted = Some(Request::TicketMove(wanted, false));
                desk.question(Question::new(Purpose::DoTried, title, split_page(&view, true), "split it"));
            }
            (Request::TicketMove(_, false), Answer::Moved(MovedTickets::Split(view))) => self.was_split(&view, desk),
            (Request::TicketMove(_, false), Answer::Moved(MovedTickets::Merged(view))) => self.merged(&view, desk),
            (Request::Macro(call), Answer::Macro(outcome)) if call.dry_run => self.ask_to_apply(call, &outcome, desk),
            (Request::Macro(call), Answer::Macro(outcome)) => self.applied(&call, *outcome, desk),
            _ => {}
        }
    }

    fn choose_macro(&mut self, macros: Vec<SavedMacro>, desk: &mut Desk) {
        let Some(number) = self.thread.as_ref().map(|thread| thread.number) else { return };
        if macros.is_empty() {
            return desk.say(Style::Attention, "there are no macros yet: maildesk macro set NAME --reply TEXT");
        }
        let names = macros.iter().take(NAMES_SHOWN).map(|saved| saved.content.name.to_string());
        let more = if macros.len() > NAMES_SHOWN { ", ..." } else { "" };
        let help = format!("{}{more}", names.collect::<Vec<_>>().join(", "));
        desk.prompt(Prompt::new(Purpose::ChooseMacro, format!("Macro for #{number}"), help, ""));
        self.tried.macros = Some((number, macros));
    }

    fn ask_to_apply(&mut self, call: MacroCall, outcome: &MacroOutcome, desk: &mut Desk) {
        let title = format!("Apply {} to #{}?", call.name, call.ticket);
        let mut page = done_page(outcome, true);
        if let Some(reply) = &outcome.reply {
            page.empty_line();
            page.line([Span::dim(held_note(reply.held_until.is_some(), what_stays(outcome), desk))]);
        }
        self.tried.wanted = Some(Request::Macro(MacroCall { dry_run: false, ..call }));
        desk.question(Question::new(Purpose::DoTried, title, page, "apply it"));
    }

    fn merged(&mut self, view: &MergeView, desk: &mut Desk) {
        self.open(view.target.number, desk);
        self.stale();
        desk.say(Style::Good, format!("#{} is part of #{} now", view.source, view.target.number));
    }

    fn was_split(&mut self, view: &SplitView, desk: &mut Desk) {
        self.open(view.new.number, desk);
        self.stale();
        desk.say(Style::Good, format!("#{} is a ticket of its own now; M merges it again", view.new.number));
    }

    fn applied(&mut self, call: &MacroCall, outcome: MacroOutcome, desk: &mut Desk) {
        self.stale();
        desk.say(Style::Good, format!("{} is applied to #{}", call.name, call.ticket));
        if let Some(reply) = outcome.reply
            && let Some(until) = reply.held_until
        {
            desk.undo =
                Some(Undo { ticket: call.ticket, outbox: reply.outbox, text: reply.text, files: Vec::new(), until });
            // What was said before would stand in its place.
            desk.toast = None;
        }
    }
}

/// Whether the answer can be taken back, and what stays then.
fn held_note(held: bool, stays: &str, desk: &Desk) -> String {
    let seconds = desk.settings.value.as_ref().map(|view| view.settings.desk.undo_seconds);
    match seconds {
        _ if !held => "the answer is sent at once".to_owned(),
        Some(seconds) => format!("the answer is held {seconds} s: u takes it back{stays}"),
        None => format!("the answer is held for as long as the settings say: u takes it back{stays}"),
    }
}

fn merge(source: Option<TicketNumber>, line: &str) -> Result<Option<Request>, String> {
    let Some(source) = source.filter(|_| !line.is_empty()) else { return Ok(None) };
    let number = line.trim_start_matches('#').parse().map_err(|_| format!("'{line}' is no number of a ticket"))?;
    Ok(Some(Request::TicketMove(TicketMove::Merge { source, target: TicketNumber(number) }, true)))
}

/// The most entries of one ticket that are named at once.
const ENTRIES: usize = 1000;

fn split(ticket: Option<TicketNumber>, line: &str) -> Result<Option<Request>, String> {
    let Some(ticket) = ticket.filter(|_| !line.trim().is_empty()) else { return Ok(None) };
    let mut words = line.split([' ', ',']).filter(|word| !word.is_empty()).peekable();
    let mut entries = Vec::new();
    while let Some(range) = words.next_if(|word| word.starts_with(|c: char| c.is_ascii_digit())) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) else {
            return Err(format!("'{range}' is no number of an entry, nor a range such as 5-7"));
        };
        entries.extend((first..=last).take(ENTRIES).map(EntryNumber));
    }
    if entries.is_empty() {
        return Err("begin with the numbers of the entries, such as 3 5-7".into());
    }
    let subject = words.collect::<Vec<_>>().join(" ");
    let subject = Some(subject).filter(|subject| !subject.is_empty());
    Ok(Some(Request::TicketMove(TicketMove::Split { ticket, entries, subject }, true)))
}

/// The macro of this name, or the only one whose name begins so.
fn chosen(ticket: TicketNumber, macros: &[SavedMacro], line: &str) -> Result<Option<Request>, String> {
    if line.is_empty() {
        return Ok(None);
    }
    let begins = |saved: &&SavedMacro| saved.content.name.as_str().starts_with(line);
    let exact = macros.iter().find(|saved| saved.content.name.as_str() == line);
    let found = match (exact, macros.iter().filter(begins).count()) {
        (Some(saved), _) => Some(saved),
        (None, 1) => macros.iter().find(begins),
        (None, 0) => return Err(format!("there is no macro {line}")),
        (None, several) => return Err(format!("{several} macros begin with {line}")),
    };
    let call = |saved: &SavedMacro| MacroCall {
        name: saved.content.name.clone(),
        seen: saved.revision,
        ticket,
        dry_run: true,
    };
    Ok(found.map(|saved| Request::Macro(call(saved))))
}
