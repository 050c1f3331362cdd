//! What can be done with the rules over inbound mail.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

const FILTERS: Context = Context::Filters;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::Edit, FILTERS, &[Key::char('e'), Key::of(Code::Enter)], "Change this rule in $EDITOR")
        .hint("edit", 80)
        .writes()
        .same_as("maildesk filter edit NAME"),
    Entry::new(Action::MoveUp, FILTERS, &[Key::char('K')], "Move this rule up")
        .writes()
        .same_as("maildesk filter move NAME --first"),
    Entry::new(Action::MoveDown, FILTERS, &[Key::char('J')], "Move this rule down")
        .hint("move", 60)
        .writes()
        .same_as("maildesk filter move NAME --last"),
    Entry::new(Action::Toggle, FILTERS, &[Key::char(' ')], "Switch this rule on or off")
        .hint("on/off", 70)
        .writes()
        .same_as("maildesk filter disable NAME"),
    Entry::new(Action::DryRun, FILTERS, &[Key::char('t'), Key::f(3)], "Dry run: what would change for the last mails")
        .hint("dry run", 75)
        .same_as("maildesk filter dry-run"),
    Entry::new(Action::DryRunOver, FILTERS, &[Key::char('T')], "Dry run over as many of the last mails as you say")
        .same_as("maildesk filter dry-run --last 1000"),
    Entry::new(Action::NewRule, FILTERS, &[Key::char('n')], "Write a rule of your own in $EDITOR, from an empty one")
        .hint("new", 53)
        .writes()
        .same_as("maildesk filter add FILE"),
    Entry::new(Action::Save, FILTERS, &[Key::ctrl('s'), Key::f(2)], "Save the draft: shows old and new first")
        .hint("save", 85)
        .writes()
        .same_as("maildesk settings apply FILE"),
    Entry::new(Action::Add, FILTERS, &[Key::char('a')], "Add a rule: one of the usual ones, to be changed at will")
        .hint("add", 65)
        .writes()
        .same_as("maildesk filter preset add NAME"),
    Entry::new(Action::Remove, FILTERS, &[Key::char('x')], "Take this rule out of the draft; asks first")
        .writes()
        .same_as("maildesk filter remove NAME"),
    Entry::new(
        Action::Open,
        Context::Presets,
        &[Key::of(Code::Enter)],
        "Add this rule to the draft, behind all others",
    )
    .hint("add", 80)
    .same_as("maildesk filter preset show NAME"),
    Entry::new(Action::Revert, FILTERS, &[Key::f(8)], "Forget the draft; asks first"),
];
