//! A rule as people write it.

use crate::ticket::Priority;
use serde::{Deserialize, Serialize};

pub use crate::settings::FilterName;

/// One rule: when its conditions hold, its actions are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub name: FilterName,
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether all conditions must hold or one is enough.
    #[serde(default, rename = "match")]
    pub matching: Matching,
    /// No condition at all: the rule holds for every mail.
    #[serde(default)]
    pub when: Vec<Condition>,
    pub then: Then,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    #[default]
    All,
    Any,
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Subject,
    /// The whole address of the sender.
    From,
    /// What stands behind the @ of the sender.
    FromDomain,
    /// Addresses of To and Cc; one that fits is enough.
    To,
    /// The header named by `header`; one value that fits is enough.
    Header,
    /// The text of the body.
    Body,
    /// Bytes of the whole mail.
    Size,
    AttachmentName,
    AttachmentType,
    /// A fact about the mail: `automatic`, `bounce`, `vacation`, `list`, `no_answer`, `reply`; `spf_pass`,
    /// `dkim_fail`, `dmarc_fail` and their like, as a trusted server found them.
    Fact,
    /// The name of the mailbox it came in by.
    Mailbox,
}

/// One condition: a field and exactly one test. Texts are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub field: Field,
    /// Name of the header, for the field `header`.
    #[serde(default)]
    pub header: Option<String>,
    #[serde(default)]
    pub contains: Option<String>,
    #[serde(default)]
    pub equals: Option<String>,
    /// `*` for any run of characters, `?` for one.
    #[serde(default)]
    pub wildcard: Option<String>,
    #[serde(default)]
    pub regex: Option<String>,
    /// More bytes than this, for the field `size`.
    #[serde(default)]
    pub above: Option<u64>,
    /// Fewer bytes than this, for the field `size`.
    #[serde(default)]
    pub below: Option<u64>,
    /// The condition holds where the test does not.
    #[serde(default)]
    pub not: bool,
}

impl Condition {
    /// A condition on a field that has no test yet.
    pub fn on(field: Field) -> Self {
        let (header, contains, equals, wildcard, regex) = (None, None, None, None, None);
        Self { field, header, contains, equals, wildcard, regex, above: None, below: None, not: false }
    }
}

/// What follows from a match. Several can be given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Then {
    /// No ticket; the raw mail and its verdict are kept.
    pub drop: bool,
    /// No ticket until a person has looked.
    pub quarantine: bool,
    pub priority: Option<Priority>,
    pub tags: Vec<String>,
    /// User name of the agent.
    pub assign: Option<String>,
    /// The new ticket is not acknowledged.
    pub no_acknowledgement: bool,
    /// Later rules are not looked at.
    pub stop: bool,
}

impl Then {
    /// Whether later rules are not looked at.
    pub fn ends(&self) -> bool {
        self.drop || self.quarantine || self.stop
    }
}
