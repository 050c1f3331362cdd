//! Every screen in every state, as pictures: the one table that names them all. A new screen, list or focus that is
//! not in it fails here.

mod daemon;
mod table;

pub(super) use daemon::customer;

use super::pictures::{self, connected};
use crate::action::Context;
use crate::app::key::{Code, Key};
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Problem, ProblemKind, Request};
use crate::app::update::focus;
use crate::app::{Model, update};
use crate::screen::live::tests::{batch, some};
use maildesk_core::rpc::Access;
use std::collections::{BTreeSet, HashSet};
use table::{VIEWS, View};

/// How what a view shows stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    Filled,
    Empty,
    /// Asked for, not there yet.
    Loading,
    /// The daemon could not say it.
    Error,
    /// There, to a person who may not write.
    ReadOnly,
}

impl State {
    const ALL: [Self; 5] = [Self::Filled, Self::Empty, Self::Loading, Self::Error, Self::ReadOnly];

    fn word(self) -> &'static str {
        match self {
            Self::Filled => "filled",
            Self::Empty => "empty",
            Self::Loading => "loading",
            Self::Error => "error",
            Self::ReadOnly => "read-only",
        }
    }
}

/// Answers what is asked until nothing more is.
fn settle(model: &mut Model, effects: Vec<Effect>, view: &View, state: State) {
    let mut open = effects;
    while let Some(effect) = open.pop() {
        let (from, request) = match effect {
            Effect::Ask { from, request } => (from, request),
            Effect::LookAtFile { draft, path } => {
                open.extend(update(model, Msg::FileSeen { draft, result: Ok(daemon::file(&path)) }));
                continue;
            }
            _ => continue,
        };
        let concerned = (view.shows)(&request);
        let result = match state {
            State::Loading if concerned => continue,
            State::Error if concerned => Err(failed()),
            State::Empty if concerned => Ok(daemon::nothing(&request)),
            _ => Ok(daemon::something(&request)),
        };
        open.extend(update(model, Msg::Answered { from, request, result: Box::new(result) }));
    }
}

fn failed() -> Problem {
    let said = "the daemon failed; its log has the cause under 4f2a".to_owned();
    let remedy = Some("journalctl -u maildeskd --grep 4f2a".to_owned());
    Problem { kind: ProblemKind::Other, said, remedy, fields: Vec::new() }
}

/// A console that was led to a view.
fn shown(view: &View, state: State) -> Model {
    let mut model = connected();
    if state == State::ReadOnly {
        model.desk.welcome.iter_mut().for_each(|welcome| welcome.access = Access::Read);
    }
    let first = [Request::Status, Request::Settings].map(|request| Effect::Ask { from: Place::Home, request });
    settle(&mut model, first.to_vec(), view, state);
    if !(view.without_events || state == State::Empty) {
        let effects = update(&mut model, batch(1, some(), false));
        settle(&mut model, effects, view, state);
    }
    for word in view.keys.split_whitespace() {
        let effects = match word.strip_prefix("type:") {
            Some(text) => text.chars().flat_map(|c| update(&mut model, Msg::Key(Key::char(c)))).collect(),
            None => update(&mut model, Msg::Key(key(word))),
        };
        settle(&mut model, effects, view, state);
    }
    // What was said on the way stands elsewhere.
    model.desk.toast = None;
    model
}

/// A key as the table writes it.
fn key(word: &str) -> Key {
    match word {
        "Enter" => Key::of(Code::Enter),
        "Esc" => Key::of(Code::Esc),
        "Tab" => Key::of(Code::Tab),
        _ => match (word.strip_prefix('^'), word.strip_prefix('F').and_then(|number| number.parse().ok())) {
            (_, Some(number)) => Key::f(number),
            (Some(letter), None) if !letter.is_empty() => Key::ctrl(letter.chars().next().unwrap()),
            _ => Key::char(word.chars().next().unwrap()),
        },
    }
}

#[test]
fn every_view_looks_as_it_should_in_every_state() {
    for view in VIEWS {
        for state in State::ALL {
            if view.never.iter().any(|(never, _)| *never == state) {
                continue;
            }
            let model = shown(view, state);
            assert_eq!(model.desk.place, view.place, "{}, {}", view.name, state.word());
            pictures::check(&model, view.folder(), &format!("{}-{}", view.name, state.word()));
        }
    }
}

#[test]
fn no_screen_and_no_focus_is_left_out() {
    let mut places = HashSet::new();
    let mut contexts = HashSet::new();
    for view in VIEWS {
        let mut model = shown(view, State::Filled);
        places.insert(model.desk.place);
        contexts.insert(focus(&mut model));
    }
    for place in Place::every() {
        assert!(places.contains(&place), "{place:?} has no view in the table");
    }
    // These are parts of every other one.
    let part = |context: &Context| matches!(context, Context::Always | Context::Everywhere | Context::Lists);
    for context in Context::ALL.iter().filter(|context| !part(context)) {
        assert!(contexts.contains(context), "{context:?} has no view in the table");
    }
}

#[test]
fn a_state_is_left_out_for_a_reason_only_and_names_are_not_used_twice() {
    let mut names = BTreeSet::new();
    for view in VIEWS {
        assert!(names.insert((view.folder(), view.name)), "{} twice", view.name);
        for (state, reason) in view.never {
            assert!(reason.len() > 10, "{}: say why there is no picture of {}", view.name, state.word());
        }
    }
}

/// Whoever sees nothing is told why, whoever waits is told for what, and a failure is named with what helps.
#[test]
fn nothing_is_empty_without_a_word() {
    for view in VIEWS {
        for state in [State::Loading, State::Error, State::Empty] {
            if view.never.iter().any(|(never, _)| *never == state) {
                continue;
            }
            let text = pictures::picture(&shown(view, state), pictures::UNICODE, (80, 24));
            let wanted: &[&str] = match state {
                State::Loading => &["asking", "looking"],
                State::Error => &["4f2a"],
                _ => view.empty_says,
            };
            let found = wanted.iter().any(|words| text.contains(words));
            assert!(found, "{}, {}: none of {wanted:?} in\n{text}", view.name, state.word());
            let cut = text.lines().find(|line| line.contains("…│") && wanted.iter().any(|words| line.contains(words)));
            assert_eq!(cut, None, "{}, {}: cut off", view.name, state.word());
        }
    }
}
