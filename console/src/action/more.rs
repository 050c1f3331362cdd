//! What can be done in More.

use super::{Action, Context, Entry};
use crate::app::key::{Code, Key};

const CONTACTS: Context = Context::Contacts;
const CUSTOMERS: Context = Context::Customers;
const INVITATIONS: Context = Context::Invitations;
const LOGS: Context = Context::Logs;

const NEXT: &[Key] = &[Key::char(']')];
const PREVIOUS: &[Key] = &[Key::char('[')];

const fn next(at: Context) -> Entry {
    Entry::new(Action::NextItem, at, NEXT, "Next list").hint("next list", 75)
}

const fn previous(at: Context) -> Entry {
    Entry::new(Action::PreviousItem, at, PREVIOUS, "Previous list")
}

/// The palette leads to each list by its name.
const fn list(at: Context, title: &'static str, command: &'static str) -> Entry {
    Entry::new(Action::GoList(at), Context::Everywhere, &[], title).same_as(command)
}

pub(super) const ENTRIES: &[Entry] = &[
    list(CONTACTS, "Go to More › Contacts", "maildesk contact list"),
    list(CUSTOMERS, "Go to More › Customers", "maildesk customer list"),
    list(INVITATIONS, "Go to More › Invitations", "maildesk invitation list"),
    list(Context::Suppressions, "Go to More › Suppressed addresses", "maildesk suppression list"),
    list(Context::Blocks, "Go to More › Blocked people", "maildesk block list"),
    list(Context::Keys, "Go to More › Keys", "maildesk token list"),
    list(Context::Audit, "Go to More › Audit log", "maildesk audit list"),
    list(LOGS, "Go to More › Logs of maildeskd", "maildesk logs"),
    list(Context::Doctor, "Go to More › Doctor", "maildesk doctor"),
    list(Context::Quarantine, "Go to Queues › Quarantine", "maildesk quarantine list"),
    next(CONTACTS),
    previous(CONTACTS),
    next(CUSTOMERS),
    previous(CUSTOMERS),
    next(INVITATIONS),
    previous(INVITATIONS),
    next(Context::Suppressions),
    previous(Context::Suppressions),
    next(Context::Blocks),
    previous(Context::Blocks),
    next(Context::Keys),
    previous(Context::Keys),
    next(Context::Audit),
    previous(Context::Audit),
    next(LOGS),
    previous(LOGS),
    next(Context::Doctor),
    previous(Context::Doctor),
    Entry::new(Action::Open, CONTACTS, &[Key::of(Code::Enter)], "Read the contact to its end: addresses, tickets")
        .hint("read", 70)
        .same_as("maildesk contact show ID"),
    Entry::new(Action::TheirTickets, CONTACTS, &[Key::char('t')], "All tickets of this contact")
        .hint("tickets", 65)
        .same_as("maildesk ticket list --find from:ADDRESS"),
    Entry::new(Action::AddAddress, CONTACTS, &[Key::char('a')], "Give this contact one more address")
        .hint("add address", 55)
        .writes()
        .same_as("maildesk contact add-address ID ADDRESS"),
    Entry::new(Action::RemoveAddress, CONTACTS, &[Key::char('x')], "Take an address from this contact; asks which")
        .writes()
        .same_as("maildesk contact remove-address ID ADDRESS"),
    Entry::new(Action::ContactLanguage, CONTACTS, &[Key::char('l')], "What mails to this contact are written in")
        .hint("language", 50)
        .writes()
        .same_as("maildesk contact language ID de"),
    Entry::new(Action::MergeContact, CONTACTS, &[Key::char('M')], "Make another contact part of this one; asks first")
        .writes()
        .same_as("maildesk contact merge ID ID"),
    Entry::new(Action::Open, CUSTOMERS, &[Key::of(Code::Enter)], "Read the customer to its end: domains, tickets")
        .hint("read", 70)
        .same_as("maildesk customer show ID"),
    Entry::new(Action::TheirTickets, CUSTOMERS, &[Key::char('t')], "All tickets of this customer")
        .hint("tickets", 65)
        .same_as("maildesk ticket list --find customer:NAME"),
    Entry::new(
        Action::AddDomain,
        CUSTOMERS,
        &[Key::char('a')],
        "Give this customer one more domain; *.domain is all below it too",
    )
    .hint("add domain", 55)
    .writes()
    .same_as("maildesk customer add-domain ID DOMAIN"),
    Entry::new(Action::RemoveDomain, CUSTOMERS, &[Key::char('x')], "Take a domain from this customer; asks which")
        .writes()
        .same_as("maildesk customer remove-domain ID DOMAIN"),
    Entry::new(Action::RenameCustomer, CUSTOMERS, &[Key::char('e')], "Give this customer another name")
        .hint("rename", 50)
        .writes()
        .same_as("maildesk customer rename ID NAME"),
    Entry::new(Action::Open, INVITATIONS, &[Key::of(Code::Enter)], "Read the invitation")
        .hint("read", 70)
        .same_as("maildesk invitation show ID"),
    Entry::new(
        Action::Resend,
        INVITATIONS,
        &[Key::char('R')],
        "Send it anew; the code of the mail before counts no more",
    )
    .hint("resend", 65)
    .writes()
    .same_as("maildesk invitation resend ID"),
    Entry::new(Action::Revoke, INVITATIONS, &[Key::char('x')], "Take this invitation back; asks first")
        .hint("revoke", 55)
        .writes()
        .same_as("maildesk invitation revoke ID"),
    Entry::new(Action::Suppress, Context::Suppressions, &[Key::char('a')], "Suppress an address")
        .hint("add", 70)
        .writes()
        .same_as("maildesk suppression add ADDRESS --reason TEXT"),
    Entry::new(Action::Remove, Context::Suppressions, &[Key::char('x')], "Write to this address again; asks first")
        .hint("remove", 65)
        .writes()
        .same_as("maildesk suppression remove ADDRESS"),
    Entry::new(
        Action::Block,
        Context::Blocks,
        &[Key::char('a')],
        "Drop the mail of an address or a domain from now on",
    )
    .hint("add", 70)
    .writes()
    .same_as("maildesk block add ADDRESS --reason TEXT"),
    Entry::new(Action::Remove, Context::Blocks, &[Key::char('x')], "Take mail from there again; asks first")
        .hint("remove", 65)
        .writes()
        .same_as("maildesk block remove ADDRESS"),
    Entry::new(
        Action::RotateKeys,
        Context::Keys,
        &[Key::char('n')],
        "Make a new key that signs from now on; asks first",
    )
    .hint("new key", 65)
    .writes()
    .same_as("maildesk token rotate"),
    Entry::new(Action::Open, LOGS, &[Key::of(Code::Enter)], "Read the line to its end").hint("read", 70),
    Entry::new(Action::NextLevel, LOGS, &[Key::char('!')], "All levels, warnings and errors, errors only")
        .hint("level", 72)
        .same_as("maildesk logs --level warning"),
    Entry::new(Action::Follow, LOGS, &[Key::char('F')], "Follow: to the newest line")
        .hint("follow", 68)
        .same_as("maildesk logs --follow"),
    Entry::new(Action::Pause, LOGS, &[Key::char('p')], "Pause, or follow again"),
    Entry::new(Action::NextProblem, LOGS, &[Key::char('}')], "To the next warning or error").hint("next problem", 50),
    Entry::new(Action::PreviousProblem, LOGS, &[Key::char('{')], "To the warning or error before"),
    Entry::new(Action::Filter, LOGS, &[Key::char('/')], "Show only lines that hold these words; Esc clears")
        .hint("filter", 55),
    Entry::new(Action::Open, Context::Doctor, &[Key::of(Code::Enter)], "Examine the desk and its senders now")
        .hint("examine", 80)
        .same_as("maildesk doctor"),
];
