//! The screens by name, in the order of their keys.

/// A screen that the number keys lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    Home,
    Live,
    Queues,
    Tickets,
    Inbound,
    Outbound,
    Filters,
    Templates,
    More,
    /// The first run; it stands in no row of screens.
    Setup,
}

impl Place {
    /// The screens of row 2.
    pub const ALL: [Self; 9] = [
        Self::Home,
        Self::Live,
        Self::Queues,
        Self::Tickets,
        Self::Inbound,
        Self::Outbound,
        Self::Filters,
        Self::Templates,
        Self::More,
    ];

    /// The screens of row 2 and those behind other keys.
    pub fn every() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain([Self::Setup])
    }

    /// The number that leads to it.
    pub fn digit(self) -> char {
        match self {
            Self::Home => '1',
            Self::Live => '2',
            Self::Queues => '3',
            Self::Tickets => '4',
            Self::Templates => '8',
            Self::Inbound => '5',
            Self::Outbound => '6',
            Self::Filters => '7',
            Self::More => '9',
            Self::Setup => '0',
        }
    }

    /// As row 2 has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Live => "Live",
            Self::Queues => "Queues",
            Self::Tickets => "Tickets",
            Self::Templates => "Templates",
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
            Self::Filters => "Filters",
            Self::More => "More",
            Self::Setup => "First run",
        }
    }

    /// As row 2 has it on a narrow terminal.
    pub fn short_name(self) -> &'static str {
        match self {
            Self::Inbound => "In",
            Self::Outbound => "Out",
            Self::Templates => "Tmpl",
            other => other.name(),
        }
    }

    /// The way to it as a person is told it.
    pub fn path(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Live => "Live",
            Self::Queues => "Queues",
            Self::Tickets => "Tickets",
            Self::Templates => "Templates",
            Self::Inbound => "Settings › Email › Inbound (mailboxes)",
            Self::Outbound => "Settings › Email › Outbound (senders)",
            Self::Filters => "Settings › Email › Filters",
            Self::More => "More",
            Self::Setup => "First run",
        }
    }
}
