//! One message in, the model changed, what the world is to do out. No terminal, no waiting, no clock.

use super::desk::{Goal, Link};
use super::message::{Effect, Msg};
use super::model::Model;
use super::overlay::{Help, Outcome, Overlay};
use super::palette::Palette;
use super::place::Place;
use super::request::{ProblemKind, Request};
use super::screen::Typed;
use crate::action::{Action, Context};
use crate::keymap;
use crate::output::Style;

/// Takes one message in. The model's clock is set before.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => press(model, key),
        Msg::Paste(text) => paste(model, text),
        Msg::Size(columns, rows) => model.size = (columns, rows),
        Msg::Tick => tick(model),
        Msg::Linked(welcome, _) => {
            let again = matches!(model.desk.link, Link::Down { .. });
            model.desk.link = Link::Up;
            model.desk.welcome = Some(*welcome);
            model.desk.status.asking.now();
            model.desk.settings.asking.now();
            model.desk.due.asking.now();
            if again {
                model.desk.say(Style::Good, "connected to maildeskd again");
            }
            enter(model);
        }
        Msg::Unlinked { problem, attempt, next_try } => {
            let since = match model.desk.link {
                Link::Down { since, .. } => since,
                _ => model.desk.now(),
            };
            model.desk.link = Link::Down { since, attempt, next_try, problem };
        }
        Msg::Happened(batch) => happened(model, &batch.events, batch.gap),
        Msg::Answered { from, request, result } => {
            let failed = result.as_ref().as_ref().err().filter(|problem| problem.kind != ProblemKind::Offline).cloned();
            if let Some(result) = model.desk.takes(&request, *result) {
                let (screen, desk) = model.screen(from);
                screen.answered(request, result, desk);
            }
            // What is shown may be older than it looks: whoever reads it is told.
            if let Some(problem) = failed.filter(|_| from == model.desk.place && model.desk.toast.is_none()) {
                model.desk.say_problem(&problem);
            }
        }
        Msg::Edited { from, result: Ok(text) } => {
            let (screen, desk) = model.screen(from);
            screen.edited(text, desk);
        }
        Msg::Edited { result: Err(why), .. } | Msg::Trouble(why) => model.desk.say(Style::Bad, why),
        Msg::FileSeen { draft, result } => {
            let (screen, desk) = model.screen(Place::Tickets);
            screen.file_seen(&draft, result, desk);
        }
        Msg::Draft { name, text } => Place::every().for_each(|place| {
            let (screen, desk) = model.screen(place);
            screen.draft(&name, text.clone(), desk);
        }),
    }
    offer_first_run(model);
    follow_goal(model);
    ask_what_is_due(model);
    std::mem::take(&mut model.desk.effects)
}

/// Where nothing is set up yet, whoever may set it up is led there, once.
fn offer_first_run(model: &mut Model) {
    let Some(view) = &model.desk.settings.value else { return };
    let nothing = view.settings.mailbox.is_empty() && view.settings.sender.is_empty();
    let first = !std::mem::replace(&mut model.setup_offered, true);
    if first && nothing && model.desk.place == Place::Home && model.desk.why_read_only().is_none() {
        model.desk.goal.get_or_insert(Goal::Place(Place::Setup));
    }
}

/// The screen that is shown asks for what it shows.
fn enter(model: &mut Model) {
    let (screen, desk) = model.shown();
    screen.entered(desk);
}

fn press(model: &mut Model, key: super::key::Key) {
    // What must work from anywhere also does above a screen.
    let always = keymap::find(Context::Always, key).map(|entry| entry.action);
    if let Some(action @ (Action::Interrupt | Action::Suspend | Action::Redraw)) = always {
        if action == Action::Interrupt {
            model.desk.overlay = None;
        }
        return act(model, action, false);
    }
    if let Some(overlay) = &mut model.desk.overlay {
        let outcome = overlay.press(key);
        if outcome != Outcome::Stays {
            model.desk.overlay = None;
        }
        return conclude(model, outcome);
    }
    let context = model.shown().0.context();
    match keymap::find(context, key) {
        Some(entry) => act(model, entry.action, entry.writes),
        None if context.takes_text() => {
            let (screen, desk) = model.shown();
            screen.typed(Typed::Key(key), desk);
        }
        None => model.desk.say(Style::Dim, format!("{key} does nothing here; ? shows what does")),
    }
}

fn conclude(model: &mut Model, outcome: Outcome) {
    match outcome {
        Outcome::Stays | Outcome::Closes => {}
        Outcome::Goes(goal) => model.desk.goal = Some(goal),
        Outcome::Says(purpose, line) => {
            let (screen, desk) = model.shown();
            screen.told(purpose, line, desk);
        }
        Outcome::Does(action, at) => {
            let context = model.shown().0.context();
            match at.place() {
                // It belongs to another screen or pane: lead there first, so that a person sees what it concerns.
                Some(_) if !context.chain().contains(&at) => {
                    let title = crate::action::all().find(|entry| entry.action == action && entry.at == at);
                    let keys = title.and_then(|entry| entry.keys.first()).map(ToString::to_string).unwrap_or_default();
                    model.desk.goal = Some(Goal::List(at));
                    model.desk.say(Style::Plain, format!("select one, then press {keys}"));
                }
                None if !context.chain().contains(&at) => {
                    model.desk.say(Style::Plain, "this can be done in a form: 5 or 6, then e");
                }
                _ => {
                    let entry = crate::action::all().find(|entry| entry.action == action && entry.at == at);
                    act(model, action, entry.is_some_and(|entry| entry.writes));
                }
            }
        }
    }
}

/// Does an action where the focus is, or says why not.
fn act(model: &mut Model, action: Action, writes: bool) {
    let (screen, desk) = model.shown();
    let reason = desk.why_read_only().filter(|_| writes).or_else(|| screen.unavailable(action, desk));
    if let Some(reason) = reason {
        return desk.say(Style::Attention, reason);
    }
    if !screen.act(action, desk) {
        everywhere(model, action);
    }
}

/// What every screen can do, where the screen itself had nothing to do.
fn everywhere(model: &mut Model, action: Action) {
    let now = model.desk.now();
    match action {
        Action::Help => {
            let context = model.shown().0.context();
            model.desk.overlay = Some(Overlay::Help(Help::new(context)));
        }
        Action::Palette => {
            let context = model.shown().0.context();
            model.desk.overlay = Some(Overlay::Palette(Palette::new(context)));
        }
        Action::Go(place) => model.desk.goal = Some(Goal::Place(place)),
        Action::GoList(list) => model.desk.goal = Some(Goal::List(list)),
        Action::LastPlace => model.desk.goal = model.before.map(Goal::Place),
        Action::Out => model.desk.toast = None,
        Action::Back if model.desk.place == Place::Home => model.desk.effect(Effect::Quit),
        Action::Back => model.desk.goal = Some(Goal::Place(Place::Home)),
        Action::Interrupt => {
            let twice = model.interrupted.is_some_and(|at| now.duration_since(at).as_secs() < 2);
            model.interrupted = Some(now);
            match twice {
                true => model.desk.effect(Effect::Quit),
                false => model.desk.say(Style::Plain, "Ctrl-C again within 2 s quits; q goes back"),
            }
        }
        Action::Suspend => model.desk.effect(Effect::Suspend),
        Action::Redraw => model.desk.effect(Effect::Redraw),
        Action::Refresh if !model.desk.is_up() => model.desk.effect(Effect::ConnectNow),
        Action::Refresh => {
            model.desk.status.asking.now();
            model.desk.settings.asking.now();
            enter(model);
        }
        Action::Times => {
            model.desk.times = model.desk.times.next();
            let words = model.desk.times.words();
            model.desk.say(Style::Plain, words);
        }
        Action::Undo => undo(model),
        Action::Copy => match plain(model) {
            Some(text) => model.desk.effect(Effect::Copy(text)),
            None => model.desk.say(Style::Dim, "nothing is selected"),
        },
        Action::Pager => match plain(model) {
            Some(text) => model.desk.effect(Effect::Pager(text)),
            None => model.desk.say(Style::Dim, "nothing is selected"),
        },
        _ => {}
    }
}

fn plain(model: &mut Model) -> Option<String> {
    let (screen, desk) = model.shown();
    screen.plain(desk)
}

fn undo(model: &mut Model) {
    let desk = &mut model.desk;
    match &desk.undo {
        Some(undo) => {
            let request = Request::OutboxAct(vec![undo.outbox], maildesk_core::outbox::OutboxAction::Cancel);
            desk.ask(Place::Tickets, request);
        }
        None => desk.say(Style::Dim, "there is nothing to take back"),
    }
}

fn paste(model: &mut Model, text: String) {
    if let Some(overlay) = &mut model.desk.overlay {
        return overlay.paste(&text);
    }
    let (screen, desk) = model.shown();
    match screen.context().takes_text() {
        true => screen.typed(Typed::Paste(text), desk),
        // Pasted text must never be taken for commands.
        false => desk.say(Style::Dim, "nothing takes pasted text here"),
    }
}

fn tick(model: &mut Model) {
    let now = model.desk.now();
    if model.desk.toast.as_ref().is_some_and(|toast| toast.until <= now) {
        model.desk.toast = None;
    }
    if model.desk.undo.as_ref().is_some_and(|undo| undo.until <= now) {
        model.desk.undo = None;
    }
    let (screen, desk) = model.shown();
    screen.tick(desk);
}

fn happened(model: &mut Model, events: &[maildesk_core::event::Event], missed: bool) {
    if events.is_empty() && !missed {
        return;
    }
    model.desk.status.asking.stale();
    model.desk.due.asking.stale();
    if events.iter().any(|event| matches!(event.what, maildesk_core::event::DomainEvent::SettingsApplied { .. })) {
        model.desk.settings.asking.stale();
    }
    for place in Place::every() {
        let (screen, desk) = model.screen(place);
        screen.happened(events, missed, desk);
    }
}

fn follow_goal(model: &mut Model) {
    let Some(goal) = model.desk.goal.take() else { return };
    let place = match goal {
        Goal::Place(place) => place,
        Goal::List(list) => list.place().unwrap_or(model.desk.place),
        Goal::Ticket(_) | Goal::TheirTickets => Place::Tickets,
        Goal::Outbox(_) => Place::Queues,
        Goal::Mail(_) => Place::Live,
        Goal::RuleFrom(_) | Goal::TryRules(_) => Place::Filters,
    };
    if place != model.desk.place {
        model.before = Some(model.desk.place);
        model.desk.place = place;
    }
    enter(model);
    model.lead(goal);
}

fn ask_what_is_due(model: &mut Model) {
    if !model.desk.is_up() {
        return;
    }
    let now = model.desk.now();
    if model.desk.status.asking.is_due(now) {
        model.desk.ask(Place::Home, Request::Status);
    }
    if model.desk.settings.asking.is_due(now) {
        model.desk.ask(Place::Home, Request::Settings);
    }
    if model.desk.due.asking.is_due(now) {
        model.desk.ask(Place::Home, Request::DueTickets);
    }
    let (screen, desk) = model.shown();
    screen.refresh(desk);
}

/// The context that has the focus, overlays aside.
pub fn focus(model: &mut Model) -> Context {
    model.shown().0.context()
}
