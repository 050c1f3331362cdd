//! What can be done with senders and mailboxes, and in the forms that change them.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

const IN: Context = Context::Inbound;
const OUT: Context = Context::Outbound;
const FORM: Context = Context::Form;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Action::Edit, IN, &[Key::char('e'), Key::of(Code::Enter)], "View and change this mailbox")
        .hint("edit", 80)
        .same_as("maildesk settings export"),
    Entry::new(Action::Test, IN, &[Key::char('t'), Key::f(3)], "Test this mailbox step by step")
        .hint("test", 75)
        .same_as("maildesk mailbox test NAME"),
    Entry::new(Action::PollNow, IN, &[Key::char('p')], "Poll this mailbox now")
        .hint("poll now", 60)
        .writes()
        .same_as("maildesk mailbox poll NAME"),
    Entry::new(Action::Add, IN, &[Key::char('a')], "Add a mailbox")
        .hint("add", 55)
        .writes()
        .same_as("maildesk settings apply FILE"),
    Entry::new(Action::Remove, IN, &[Key::char('x')], "Remove this mailbox from the settings; asks first")
        .writes()
        .same_as("maildesk settings apply FILE"),
    Entry::new(Action::Edit, OUT, &[Key::char('e'), Key::of(Code::Enter)], "View and change this sender")
        .hint("edit", 80)
        .same_as("maildesk settings export"),
    Entry::new(Action::Test, OUT, &[Key::char('t'), Key::f(3)], "Test this sender step by step; nothing is sent")
        .hint("test", 75)
        .same_as("maildesk sender test NAME"),
    Entry::new(Action::TestMail, OUT, &[Key::f(6)], "Send a test mail to an address")
        .hint("test mail", 60)
        .writes()
        .same_as("maildesk sender test NAME --to ADDRESS"),
    Entry::new(Action::PageDown, FORM, &[Key::of(Code::PageDown)], "Read on in the test"),
    Entry::new(Action::PageUp, FORM, &[Key::of(Code::PageUp)], "Read back in the test"),
    Entry::new(Action::Add, OUT, &[Key::char('a')], "Add a sender")
        .hint("add", 55)
        .writes()
        .same_as("maildesk settings apply FILE"),
    Entry::new(Action::Remove, OUT, &[Key::char('x')], "Remove this sender from the settings; asks first")
        .writes()
        .same_as("maildesk settings apply FILE"),
    Entry::new(Action::NextField, FORM, &[Key::of(Code::Tab), Key::of(Code::Down)], "Next field").hint("field", 60),
    Entry::new(Action::PreviousField, FORM, &[Key::of(Code::BackTab), Key::of(Code::Up)], "Previous field"),
    Entry::new(Action::NextChoice, FORM, &[Key::of(Code::Enter)], "Next choice, or next field"),
    Entry::new(Action::Save, FORM, &[Key::ctrl('s'), Key::f(2)], "Save: shows old and new first")
        .hint("save", 90)
        .writes()
        .same_as("maildesk settings apply FILE"),
    Entry::new(Action::Test, FORM, &[Key::ctrl('t'), Key::f(3)], "Test with the values as they stand here, unsaved")
        .hint("test", 85)
        .same_as("maildesk sender test NAME --file FILE"),
    Entry::new(Action::Propose, FORM, &[Key::f(9)], "Look for server, port and security of the address in DNS")
        .hint("find server", 55)
        .same_as("maildesk mailbox servers ADDRESS"),
    Entry::new(Action::Revert, FORM, &[Key::ctrl('r'), Key::f(8)], "Set this field back").hint("revert", 50),
];
