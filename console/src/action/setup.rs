//! What can be done in the first run.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

const FORM: Context = Context::Setup;
const SAVE: Context = Context::SetupSave;
const WAIT: Context = Context::SetupWait;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::NextStep, FORM, &[Key::f(2), Key::ctrl('s')], "Next step; tests first what was not tested")
        .hint("next", 90),
    Entry::new(Action::PreviousStep, FORM, &[Key::f(7)], "Step before").hint("step before", 55),
    Entry::new(Action::Test, FORM, &[Key::f(3), Key::ctrl('t')], "Test with the values as they stand here, unsaved")
        .hint("test", 85)
        .same_as("maildesk mailbox test NAME --file FILE"),
    Entry::new(Action::Propose, FORM, &[Key::f(9)], "Look for the servers of the address in DNS once more")
        .same_as("maildesk mailbox servers ADDRESS"),
    Entry::new(Action::TestMail, FORM, &[Key::f(6)], "Send a test mail to an address")
        .hint("test mail", 50)
        .writes()
        .same_as("maildesk sender test NAME --file FILE --to ADDRESS"),
    Entry::new(Action::NextField, FORM, &[Key::of(Code::Tab), Key::of(Code::Down)], "Next field").hint("field", 60),
    Entry::new(Action::PreviousField, FORM, &[Key::of(Code::BackTab), Key::of(Code::Up)], "Previous field"),
    Entry::new(Action::NextChoice, FORM, &[Key::of(Code::Enter)], "Next choice, or next field"),
    Entry::new(Action::Revert, FORM, &[Key::ctrl('r'), Key::f(8)], "Set this field back"),
    Entry::new(Action::PageDown, FORM, &[Key::of(Code::PageDown)], "Read on in the test"),
    Entry::new(Action::PageUp, FORM, &[Key::of(Code::PageUp)], "Read back in the test"),
    Entry::new(Action::Save, SAVE, &[Key::f(2), Key::ctrl('s')], "Save what is shown; polling begins")
        .hint("save", 95)
        .writes()
        .same_as("maildesk settings apply FILE"),
    Entry::new(Action::PreviousStep, SAVE, &[Key::f(7)], "Step before").hint("step before", 80),
    Entry::new(Action::Open, WAIT, &[Key::of(Code::Enter)], "Read the first ticket")
        .hint("read it", 85)
        .same_as("maildesk ticket show N"),
    Entry::new(Action::TestMail, WAIT, &[Key::f(6)], "Send a test mail, also to this desk itself")
        .hint("test mail", 80)
        .writes()
        .same_as("maildesk sender test NAME --round-trip"),
    Entry::new(Action::PreviousStep, WAIT, &[Key::f(7)], "Back to the steps").hint("step before", 55),
];
