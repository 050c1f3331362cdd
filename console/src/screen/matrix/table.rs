//! The table: each view with the keys that lead to it, what it asks the daemon for, and the states it cannot be in.

use super::State;
use crate::app::place::Place;
use crate::app::request::Request;

/// Something that fills a screen.
pub(super) struct View {
    pub(super) place: Place,
    pub(super) name: &'static str,
    /// From Home, divided by spaces; `type:TEXT` types.
    pub(super) keys: &'static str,
    /// Whether this request is for what the view shows.
    pub(super) shows: fn(&Request) -> bool,
    /// What it says where there is nothing, one of these.
    pub(super) empty_says: &'static [&'static str],
    /// States that it cannot be in, and why.
    pub(super) never: &'static [(State, &'static str)],
    /// Nothing happened before it was opened.
    pub(super) without_events: bool,
}

impl View {
    /// Where its pictures are, below `screen/`.
    pub(super) fn folder(&self) -> &'static str {
        match self.place {
            Place::Home => "home",
            Place::Live => "live",
            Place::Queues => "queues",
            Place::Tickets => "tickets",
            Place::Inbound | Place::Outbound => "channels",
            Place::Filters => "filters",
            Place::Templates => "templates",
            Place::More => "more",
            Place::Setup => "setup",
        }
    }
}

const OPENED: (State, &str) = (State::Empty, "it is opened on something that is there");
const OURS: &[(State, &str)] = &[
    OPENED,
    (State::Loading, "it is written here: nothing is asked for"),
    (State::Error, "it is written here: nothing is asked for"),
];

const WRITTEN: &[(State, &str)] =
    &[OURS[0], OURS[1], OURS[2], (State::ReadOnly, "whoever may only read writes no answer")];

const fn view(place: Place, name: &'static str, keys: &'static str, shows: fn(&Request) -> bool) -> View {
    View { place, name, keys, shows, empty_says: &[], never: &[], without_events: true }
}

const fn empty(view: View, empty_says: &'static [&'static str]) -> View {
    View { empty_says, ..view }
}

const fn never(view: View, never: &'static [(State, &'static str)]) -> View {
    View { never, ..view }
}

fn status(request: &Request) -> bool {
    matches!(request, Request::Status)
}

fn settings(request: &Request) -> bool {
    matches!(request, Request::Settings)
}

fn outbox(request: &Request) -> bool {
    matches!(request, Request::Outbox(..))
}

fn ticket(request: &Request) -> bool {
    matches!(request, Request::Ticket(_))
}

fn template(request: &Request) -> bool {
    matches!(request, Request::Template(..))
}

pub(super) const VIEWS: &[View] = &[
    empty(view(Place::Home, "home", "1", status), &["no mailbox is set up"]),
    View {
        without_events: false,
        ..empty(
            view(Place::Live, "live", "2 g", |request| matches!(request, Request::Mail(_))),
            &["Nothing happened yet"],
        )
    },
    empty(view(Place::Queues, "outbound", "3", outbox), &["Nothing waits"]),
    empty(view(Place::Queues, "held", "3 ]", outbox), &["No mail is held"]),
    empty(view(Place::Queues, "failed", "3 ] ]", outbox), &["No mail failed"]),
    empty(view(Place::Queues, "sent", "3 ] ] ]", outbox), &["Nothing was sent"]),
    empty(
        view(Place::Queues, "quarantine", "3 [", |request| matches!(request, Request::Mails(..))),
        &["The quarantine is empty"],
    ),
    empty(view(Place::Tickets, "list", "4", |request| matches!(request, Request::Tickets(..))), &["No tickets yet"]),
    never(view(Place::Tickets, "thread", "4 Enter", ticket), &[OPENED]),
    never(view(Place::Tickets, "writing", "4 Enter r type:Unplug_it.", ticket), OURS),
    never(
        view(
            Place::Tickets,
            "files",
            "4 Enter r type:See_them. F9 type:/srv/label.jpg Enter F9 type:/srv/plan.pdf Enter",
            ticket,
        ),
        WRITTEN,
    ),
    empty(view(Place::Inbound, "mailboxes", "Esc 5", settings), &["No mailbox is set up"]),
    never(view(Place::Inbound, "mailbox-form", "5 Enter", settings), OURS),
    empty(view(Place::Outbound, "senders", "Esc 6", settings), &["No sender is set up"]),
    never(view(Place::Outbound, "sender-form", "6 Enter", settings), OURS),
    empty(view(Place::Filters, "list", "7", |request| matches!(request, Request::Filters)), &["No rules yet"]),
    never(view(Place::Filters, "presets", "7 a", |_| false), OURS),
    never(
        view(Place::Templates, "list", "8", |request| matches!(request, Request::Templates)),
        &[(State::Empty, "templates are built in: there are always some")],
    ),
    never(view(Place::Templates, "one", "8 Enter", template), &[OPENED]),
    empty(view(Place::More, "contacts", "9", |request| matches!(request, Request::Contacts(_))), &["No contacts yet"]),
    empty(
        view(Place::More, "customers", "9 ]", |request| matches!(request, Request::Customers(_))),
        &["No customers yet"],
    ),
    empty(
        view(Place::More, "invitations", "9 ] ]", |request| matches!(request, Request::Invitations(_))),
        &["Nobody is invited"],
    ),
    empty(
        view(Place::More, "blocked", "9 [ [ [ [ [", |request| matches!(request, Request::Blocks)),
        &["Nobody is blocked"],
    ),
    empty(
        view(Place::More, "audit", "9 [ [ [", |request| matches!(request, Request::Audit(_))),
        &["Nobody has changed anything"],
    ),
    empty(
        view(Place::More, "logs", "9 [ [", |request| matches!(request, Request::Logs(_))),
        &["Nothing was logged since maildeskd started"],
    ),
    never(
        view(Place::More, "keys", "9 [ [ [ [", |request| matches!(request, Request::Keys)),
        &[(State::Empty, "there is always a key")],
    ),
    empty(
        view(Place::More, "suppressed", "9 ] ] ]", |request| matches!(request, Request::Suppressions)),
        &["No address is suppressed"],
    ),
    never(
        view(Place::More, "doctor", "9 [ Enter", |request| matches!(request, Request::Doctor)),
        &[(State::Empty, "it always finds something to say")],
    ),
    empty(view(Place::Setup, "desk", "Esc 0", settings), &["The name that customers know"]),
    never(view(Place::Setup, "inbound", "0 F2", |_| false), OURS),
    never(
        view(Place::Setup, "save", "0 F2 F2 F2 F2 F2 F2", |request| matches!(request, Request::SettingsDiff(_))),
        &[OPENED],
    ),
    never(
        view(Place::Setup, "first-mail", "0 F2 F2 F2 F2 F2 F2 F2", |_| false),
        &[
            OPENED,
            (State::Loading, "it waits for a mail by nature"),
            (State::Error, "it shows how the mailbox fares, which Home has"),
            (State::ReadOnly, "nothing was saved by whoever may only read"),
        ],
    ),
];
