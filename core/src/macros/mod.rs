//! Macros: named answers with what is done beside them, for questions that come again and again.

mod check;
mod document;

pub use check::{MacroTemplates, check};
pub use document::{MacroEntry, from_toml, to_toml};

use crate::ids::Revision;
pub use crate::settings::MacroName;
use crate::ticket::{Priority, Status, TicketAction};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a macro does to a ticket; what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Macro {
    pub name: MacroName,
    /// The text of an answer by mail, with `$variables`.
    #[serde(default)]
    pub reply: Option<String>,
    /// The text of a note that customers do not see, with `$variables`.
    #[serde(default)]
    pub note: Option<String>,
    #[serde(default)]
    pub status: Option<MacroStatus>,
    /// With the status `resolved`: the contact gets the mail that says so. An answer mostly says it better.
    #[serde(default)]
    pub tell: bool,
    #[serde(default)]
    pub priority: Option<Priority>,
    #[serde(default)]
    pub add_tags: Vec<String>,
    #[serde(default)]
    pub remove_tags: Vec<String>,
    /// User name of an agent, `me` (who applies it) or `nobody`.
    #[serde(default)]
    pub assign: Option<String>,
}

/// Where a macro moves a ticket to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroStatus {
    Open,
    /// It waits for the customer.
    Pending,
    Resolved,
    Closed,
}

impl MacroStatus {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }
}

/// A macro as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedMacro {
    /// From 1.
    pub revision: Revision,
    pub at: Timestamp,
    /// User name of who saved it.
    pub by: String,
    pub content: Macro,
}

impl Macro {
    /// One that does nothing yet.
    pub fn new(name: MacroName) -> Self {
        Self {
            name,
            reply: None,
            note: None,
            status: None,
            tell: false,
            priority: None,
            add_tags: Vec::new(),
            remove_tags: Vec::new(),
            assign: None,
        }
    }

    /// Whom it puts in charge, where it does.
    pub fn assignment(&self, user: &str) -> Option<TicketAction> {
        self.assign.as_deref().map(|to| TicketAction::Assign {
            to: match to {
                "nobody" => None,
                "me" => Some(user.to_owned()),
                name => Some(name.to_owned()),
            },
        })
    }

    /// What is done to a ticket of this status beside what is written, by this user. A status that it has already is no
    /// move.
    pub fn actions(&self, status: &Status, user: &str) -> Vec<TicketAction> {
        let mut actions = Vec::new();
        actions.extend(self.remove_tags.iter().map(|tag| TicketAction::RemoveTag { tag: tag.clone() }));
        actions.extend(self.add_tags.iter().map(|tag| TicketAction::AddTag { tag: tag.clone() }));
        actions.extend(self.priority.map(|priority| TicketAction::Prioritise { priority }));
        actions.extend(self.assignment(user));
        let target = self.status.filter(|target| target.word() != status.word());
        actions.extend(target.map(|target| match target {
            MacroStatus::Open => TicketAction::Reopen,
            MacroStatus::Pending => TicketAction::Pend { until: None },
            MacroStatus::Resolved => TicketAction::Resolve { tell: self.tell },
            MacroStatus::Closed => TicketAction::Close,
        }));
        actions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_it_has_already_is_no_move() {
        let closing = Macro { status: Some(MacroStatus::Closed), ..Macro::new(MacroName::parse("done").unwrap()) };
        assert_eq!(closing.actions(&Status::Open, "ann"), [TicketAction::Close]);
        assert_eq!(closing.actions(&Status::Closed { at: Timestamp::UNIX_EPOCH }, "ann"), []);
        let all = Macro {
            assign: Some("me".into()),
            add_tags: vec!["vip".into()],
            remove_tags: vec!["new".into()],
            priority: Some(Priority::High),
            status: Some(MacroStatus::Resolved),
            ..closing
        };
        let words: Vec<&str> = all.actions(&Status::New, "ann").iter().map(TicketAction::word).collect();
        assert_eq!(words, ["untag", "tag", "priority", "assign", "resolve"]);
        let assigned = all.actions(&Status::New, "ann").contains(&TicketAction::Assign { to: Some("ann".into()) });
        assert!(assigned);
    }
}
