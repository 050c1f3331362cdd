//! Why mail lands in spam, or does not go out: judges what DNS says about a sender, and the state of this desk.
//!
//! Nothing is looked up here. [`examine`] judges by the answers it is given and says which questions are still open;
//! the daemon asks them and calls again until none is left. Answers are foreign data: sizes and depths are bounded.

pub mod dkim;
mod dmarc;
mod dns;
mod examine;
pub mod local;
mod mx;
mod provider;
mod published;
mod reverse;
mod spf;
mod tags;

pub use dns::{Answer, Answers, MAX_TEXT, Question, QuestionKind, Record};
pub use examine::{Subject, examine};
pub use published::{Published, published};

use crate::settings::SenderName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Good,
    /// It could not be judged.
    Unknown,
    /// Works, and may cost deliveries.
    Warning,
    Bad,
}

/// What was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Whether name servers answer at all.
    Dns,
    Spf,
    Dkim,
    Dmarc,
    Mx,
    ReverseDns,
    Queue,
    Clock,
    Disk,
    Secrets,
    /// Connections to mailboxes, senders and storage.
    Connection,
    /// Of the servers of mailboxes and senders.
    Certificate,
}

/// A DNS record to publish, complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    /// Full name without the dot at the end.
    pub name: String,
    /// `TXT`, `MX` or `PTR`.
    pub kind: String,
    pub value: String,
}

impl Publish {
    fn txt(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), kind: "TXT".into(), value: value.into() }
    }
}

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub check: Check,
    pub verdict: Verdict,
    /// What was looked at: a DNS name, an address, a folder.
    pub subject: String,
    /// The records found, cleaned and shortened.
    pub found: Vec<String>,
    pub meaning: String,
    /// What to do; absent where nothing is to be done.
    pub remedy: Option<String>,
    pub publish: Option<Publish>,
}

impl Finding {
    fn new(check: Check, verdict: Verdict, subject: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self {
            check,
            verdict,
            subject: subject.into(),
            found: Vec::new(),
            meaning: meaning.into(),
            remedy: None,
            publish: None,
        }
    }

    fn found<'a>(mut self, records: impl IntoIterator<Item = &'a str>) -> Self {
        let shown = |text: &str| crate::text::shorten(&crate::text::clean_line(text), 400);
        self.found = records.into_iter().take(10).map(shown).collect();
        self
    }

    fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    fn publish(mut self, record: Publish) -> Self {
        self.publish = Some(record);
        self
    }

    /// Whether somebody should do something.
    pub fn is_problem(&self) -> bool {
        matches!(self.verdict, Verdict::Warning | Verdict::Bad)
    }
}

/// One sender's findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderFindings {
    pub name: SenderName,
    pub from: String,
    pub findings: Vec<Finding>,
}

/// Everything the doctor says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub at: Timestamp,
    /// `maildeskd` and its version.
    pub version: String,
    /// The desk itself: queue, clock, disk, secrets, connections.
    pub desk: Vec<Finding>,
    pub senders: Vec<SenderFindings>,
}

impl Report {
    /// Every finding, the desk's first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.desk.iter().chain(self.senders.iter().flat_map(|sender| &sender.findings))
    }

    /// Whether anything is a warning or bad.
    pub fn has_problems(&self) -> bool {
        self.findings().any(Finding::is_problem)
    }
}
