//! The screens by name, in the order of their keys.

/// A screen that row 2 and the number keys lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    Home,
    Live,
    Tickets,
    Templates,
}

impl Place {
    pub const ALL: [Self; 4] = [Self::Home, Self::Live, Self::Tickets, Self::Templates];

    /// The number that leads to it.
    pub fn digit(self) -> char {
        match self {
            Self::Home => '1',
            Self::Live => '2',
            Self::Tickets => '4',
            Self::Templates => '8',
        }
    }

    /// As row 2 has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Live => "Live",
            Self::Tickets => "Tickets",
            Self::Templates => "Templates",
        }
    }

    /// The way to it as a person is told it.
    pub fn path(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Live => "Live",
            Self::Tickets => "Tickets",
            Self::Templates => "Templates",
        }
    }
}
