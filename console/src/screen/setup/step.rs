//! The steps in their order.

/// One page of the first run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Desk,
    Inbound,
    Start,
    Outbound,
    Save,
    FirstMail,
}

impl Step {
    pub const ALL: [Self; 6] = [Self::Desk, Self::Inbound, Self::Start, Self::Outbound, Self::Save, Self::FirstMail];

    pub fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or(0) + 1
    }

    /// One or two words, for the row of all steps; also what a draft calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Desk => "Desk",
            Self::Inbound => "Inbound",
            Self::Start => "Start",
            Self::Outbound => "Outbound",
            Self::Save => "Save",
            Self::FirstMail => "First mail",
        }
    }

    /// What it is about.
    pub fn title(self) -> &'static str {
        match self {
            Self::Desk => "who you are",
            Self::Inbound => "where mail is fetched (IMAP)",
            Self::Start => "where to start",
            Self::Outbound => "how answers go out (SMTP)",
            Self::Save => "old and new",
            Self::FirstMail => "waiting for the first mail",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }

    pub fn next(self) -> Self {
        Self::ALL.get(self.number()).copied().unwrap_or(self)
    }

    pub fn before(self) -> Self {
        self.number().checked_sub(2).and_then(|at| Self::ALL.get(at)).copied().unwrap_or(self)
    }
}
