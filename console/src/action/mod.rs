//! The one registry of what a person can do: it feeds dispatch, footer, help and palette, and names the command
//! that does the same without the console.
//!
//! Each screen's part is a file beside this one. A key may stand in several contexts, the innermost wins; within one
//! context it stands once, which a test checks.

mod everywhere;
mod filters;
mod forms;
mod home;
mod live;
mod more;
mod queues;
mod setup;
mod templates;
#[cfg(test)]
mod tests;
mod tickets;

use crate::app::cursor::Move;
use crate::app::key::Key;
use crate::app::place::Place;

/// Everything a person can do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    // everywhere
    Help,
    Palette,
    Go(Place),
    /// To one list of a screen that has several.
    GoList(Context),
    LastPlace,
    Out,
    Back,
    Interrupt,
    Suspend,
    Redraw,
    Refresh,
    Times,
    Copy,
    Pager,
    Undo,
    // lists and texts
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Open,
    Filter,
    NextPane,
    NextItem,
    PreviousItem,
    Mark,
    MarkAll,
    // live
    Pause,
    Follow,
    NextProblem,
    PreviousProblem,
    ProblemsOnly,
    NextLevel,
    RuleFrom,
    TryRules,
    // tickets
    Reply,
    Note,
    Resolve,
    Quotes,
    Assign,
    Priority,
    Reopen,
    Merge,
    Split,
    Macro,
    NextStatus,
    Sort,
    // writing
    Review,
    Attach,
    Detach,
    ExternalEditor,
    // queues
    Retry,
    Cancel,
    Hold,
    Redirect,
    ReleaseMail,
    ReplayMail,
    DiscardMail,
    // settings
    Edit,
    Add,
    Remove,
    Save,
    Test,
    TestMail,
    RoundTrip,
    Revert,
    Propose,
    NextField,
    PreviousField,
    NextChoice,
    PollNow,
    Toggle,
    // first run
    NextStep,
    PreviousStep,
    // filters
    MoveUp,
    MoveDown,
    DryRun,
    DryRunOver,
    NewRule,
    // more
    Suppress,
    Resend,
    Revoke,
    Block,
    RotateKeys,
    AddAddress,
    RemoveAddress,
    ContactLanguage,
    MergeContact,
    RenameCustomer,
    AddDomain,
    RemoveDomain,
    TheirTickets,
    // templates
    NextLanguage,
    NextView,
    Sample,
    Diff,
    Names,
    History,
    Reset,
}

impl Action {
    /// How it moves through a list or text, where it is a movement.
    pub fn way(self) -> Option<Move> {
        Some(match self {
            Self::Up => Move::Up,
            Self::Down => Move::Down,
            Self::PageUp => Move::PageUp,
            Self::PageDown => Move::PageDown,
            Self::First => Move::First,
            Self::Last => Move::Last,
            _ => return None,
        })
    }
}

/// Where keys are looked up: what has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Also while a text is written: only keys that type nothing.
    Always,
    /// All screens, while no text is written.
    Everywhere,
    /// Rows or lines to move through.
    Lists,
    Home,
    Live,
    Tickets,
    Thread,
    Compose,
    Templates,
    Template,
    Queues,
    Quarantine,
    Inbound,
    Form,
    Outbound,
    Filters,
    Presets,
    Contacts,
    Customers,
    Invitations,
    Suppressions,
    Blocks,
    Keys,
    Audit,
    Logs,
    Doctor,
    Setup,
    SetupSave,
    SetupWait,
}

impl Context {
    pub const ALL: &[Self] = &[
        Self::Always,
        Self::Everywhere,
        Self::Lists,
        Self::Home,
        Self::Live,
        Self::Tickets,
        Self::Thread,
        Self::Compose,
        Self::Templates,
        Self::Template,
        Self::Queues,
        Self::Quarantine,
        Self::Inbound,
        Self::Form,
        Self::Outbound,
        Self::Filters,
        Self::Presets,
        Self::Contacts,
        Self::Customers,
        Self::Invitations,
        Self::Suppressions,
        Self::Blocks,
        Self::Keys,
        Self::Audit,
        Self::Logs,
        Self::Doctor,
        Self::Setup,
        Self::SetupSave,
        Self::SetupWait,
    ];

    /// Where a key is looked up, the innermost first.
    pub fn chain(self) -> Vec<Self> {
        let lists = [Self::Lists, Self::Everywhere, Self::Always];
        match self {
            Self::Always => vec![self],
            Self::Everywhere => vec![self, Self::Always],
            Self::Lists => lists.to_vec(),
            Self::Compose | Self::Form | Self::Setup => vec![self, Self::Always],
            _ => [&[self][..], &lists].concat(),
        }
    }

    /// Whether characters are typed into a text here, so that no plain key may mean anything else.
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Compose | Self::Form | Self::Setup | Self::Always)
    }

    /// The screen it belongs to, for the palette.
    pub fn place(self) -> Option<Place> {
        match self {
            Self::Always | Self::Everywhere | Self::Lists | Self::Form => None,
            Self::Home => Some(Place::Home),
            Self::Live => Some(Place::Live),
            Self::Contacts
            | Self::Customers
            | Self::Invitations
            | Self::Suppressions
            | Self::Blocks
            | Self::Keys
            | Self::Audit
            | Self::Logs
            | Self::Doctor => Some(Place::More),
            Self::Filters | Self::Presets => Some(Place::Filters),
            Self::Outbound => Some(Place::Outbound),
            Self::Inbound => Some(Place::Inbound),
            Self::Queues | Self::Quarantine => Some(Place::Queues),
            Self::Setup | Self::SetupSave | Self::SetupWait => Some(Place::Setup),
            Self::Tickets | Self::Thread | Self::Compose => Some(Place::Tickets),
            Self::Templates | Self::Template => Some(Place::Templates),
        }
    }

    /// As help and palette head its keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always | Self::Everywhere => "everywhere",
            Self::Lists => "lists and texts",
            Self::Home => "Home",
            Self::Live => "Live",
            Self::Tickets => "Tickets",
            Self::Thread => "Ticket",
            Self::Compose => "writing",
            Self::Templates => "Templates",
            Self::Template => "Template",
            Self::Doctor => "Doctor",
            Self::Suppressions => "suppressed addresses",
            Self::Contacts => "contacts",
            Self::Customers => "customers",
            Self::Invitations => "invitations",
            Self::Blocks => "blocked people",
            Self::Keys => "keys",
            Self::Audit => "audit log",
            Self::Logs => "log of the daemon",
            Self::Filters => "Filters",
            Self::Presets => "presets",
            Self::Outbound => "Outbound",
            Self::Form => "forms",
            Self::Inbound => "Inbound",
            Self::Queues => "Queues",
            Self::Quarantine => "Quarantine",
            Self::Setup | Self::SetupSave | Self::SetupWait => "First run",
        }
    }
}

/// How the same is done without the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameAs {
    /// A command line; words in capitals stand for what the person names.
    Command(&'static str),
    /// It concerns the screen only, for this reason.
    Nothing(&'static str),
}

/// One line of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub action: Action,
    pub at: Context,
    /// None for what only the palette leads to.
    pub keys: &'static [Key],
    /// A sentence without its full stop: help and palette.
    pub title: &'static str,
    /// One or two words for the footer, and how much it is needed there; 0 keeps it out.
    pub hint: (&'static str, u8),
    /// It needs the permission to write.
    pub writes: bool,
    pub same_as: SameAs,
}

impl Entry {
    const fn new(action: Action, at: Context, keys: &'static [Key], title: &'static str) -> Self {
        let same_as = SameAs::Nothing("it concerns what this screen shows");
        Self { action, at, keys, title, hint: ("", 0), writes: false, same_as }
    }

    /// Stands in the footer as these words, the heavier the sooner.
    const fn hint(self, words: &'static str, weight: u8) -> Self {
        Self { hint: (words, weight), ..self }
    }

    const fn writes(self) -> Self {
        Self { writes: true, ..self }
    }

    const fn same_as(self, command: &'static str) -> Self {
        Self { same_as: SameAs::Command(command), ..self }
    }
}

/// The whole registry.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [
        everywhere::ENTRIES,
        home::ENTRIES,
        live::ENTRIES,
        tickets::ENTRIES,
        queues::ENTRIES,
        forms::ENTRIES,
        filters::ENTRIES,
        templates::ENTRIES,
        more::ENTRIES,
        setup::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// What can be done by a key in a context, the innermost first.
pub fn within(context: Context) -> Vec<&'static Entry> {
    let at = |at| all().filter(move |entry| entry.at == at && !entry.keys.is_empty());
    context.chain().into_iter().flat_map(at).collect()
}
