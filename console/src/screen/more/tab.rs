//! The lists in the order of their tabs.

use crate::action::Context;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Contacts,
    Customers,
    Invitations,
    Suppressed,
    Blocked,
    Keys,
    Audit,
    Logs,
    Doctor,
}

impl Tab {
    pub const ALL: [Self; 9] = [
        Self::Contacts,
        Self::Customers,
        Self::Invitations,
        Self::Suppressed,
        Self::Blocked,
        Self::Keys,
        Self::Audit,
        Self::Logs,
        Self::Doctor,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Contacts => "Contacts",
            Self::Customers => "Customers",
            Self::Invitations => "Invitations",
            Self::Suppressed => "Suppressed",
            Self::Blocked => "Blocked",
            Self::Keys => "Keys",
            Self::Audit => "Audit",
            Self::Logs => "Logs",
            Self::Doctor => "Doctor",
        }
    }

    pub(super) fn context(self) -> Context {
        match self {
            Self::Contacts => Context::Contacts,
            Self::Customers => Context::Customers,
            Self::Invitations => Context::Invitations,
            Self::Suppressed => Context::Suppressions,
            Self::Blocked => Context::Blocks,
            Self::Keys => Context::Keys,
            Self::Audit => Context::Audit,
            Self::Logs => Context::Logs,
            Self::Doctor => Context::Doctor,
        }
    }

    /// Whether one of its rows is told in full below the list.
    pub fn has_record(self) -> bool {
        matches!(self, Self::Contacts | Self::Customers | Self::Invitations | Self::Logs)
    }

    pub(super) fn beside(self, forward: bool) -> Self {
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        let step = if forward { 1 } else { Self::ALL.len() - 1 };
        Self::ALL.get((at + step) % Self::ALL.len()).copied().unwrap_or_default()
    }
}
