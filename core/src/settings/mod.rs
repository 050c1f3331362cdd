//! Agents, senders, mailboxes, storage: types and validation that the console shows inline.
//!
//! One document holds all settings of a desk. It is replaced whole, under a revision, or not at all.

mod agent;
mod agent_notice;
pub mod connection;
mod diff;
pub mod dkim;
mod document;
mod judging;
mod login;
mod names;
mod pin;
pub mod proposal;
mod retention;
mod secret;
mod sender;
mod sent_copy;
mod silent;
#[cfg(test)]
mod tests;
mod validate;
mod virus_scan;
mod way_out;
mod zone;

pub use agent::Agent;
pub use agent_notice::AgentNotice;
pub use diff::{SettingChange, diff};
pub use dkim::{Dkim, DkimAlgorithm};
pub use document::{FieldProblem, filters_from_toml, from_toml, to_toml};
pub(crate) use document::{list as document_list, table as document_table};
pub use judging::Judging;
pub use login::{Login, Mechanism};
pub use names::{CalendarName, FilterName, MacroName, MailboxName, NameError, PolicyName, SenderName};
pub use pin::{CertificatePin, PinError};
pub use retention::Retention;
pub use secret::SecretSetting;
pub use sender::Sender;
pub use sent_copy::SentCopy;
pub use silent::Silent;
pub use validate::validate;
pub use virus_scan::{Unscanned, VirusScan};
pub use way_out::{SmtpServer, WayOut};
pub use zone::{UnknownZone, ZoneName};

use crate::address::Address;
use crate::filter::Filter;
use crate::language::Language;
use crate::outbox::LoopGuard;
use crate::sla::Sla;
use connection::ServerAddress;
use serde::{Deserialize, Serialize};

/// All settings of a desk.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Settings {
    pub desk: Desk,
    /// Outbound identities.
    pub sender: Vec<Sender>,
    /// Inbound accounts.
    pub mailbox: Vec<Mailbox>,
    /// People who work tickets.
    #[serde(default)]
    pub agents: Vec<Agent>,
    /// Rules over inbound mail, in the order in which they run.
    #[serde(default)]
    pub filter: Vec<Filter>,
    /// Limits on automatic mails.
    #[serde(default)]
    pub loops: LoopGuard,
    /// How inbound mail is judged.
    #[serde(default)]
    pub judging: Judging,
    /// How long what is no part of a ticket is kept.
    #[serde(default)]
    pub retention: Retention,
    /// Service levels.
    #[serde(default)]
    pub sla: Sla,
    pub storage: Storage,
}

/// The desk as customers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Desk {
    /// Stands in notifications as `$desk.name`.
    pub name: String,
    /// Seconds in which an agent's answer can be taken back before it is sent; 0: it is sent at once.
    pub undo_seconds: u32,
    /// Of mails to people of whom nothing else is known.
    pub language: Language,
    /// Of times in mails.
    pub time_zone: ZoneName,
    /// Days after which an answer to a resolved ticket is a new ticket, linked to it; 0: always.
    pub reopen_days: u32,
    /// Days after which a resolved ticket is closed; 0: never.
    pub close_days: u32,
    /// Days after which an invitation expires.
    pub invitation_days: u32,
    /// Present: nothing leaves but to these addresses, all else is held.
    pub silent: Option<Silent>,
}

impl Default for Desk {
    fn default() -> Self {
        let (language, time_zone) = (Language::En, ZoneName::default());
        Self {
            name: "Support".into(),
            undo_seconds: 10,
            language,
            time_zone,
            reopen_days: 14,
            close_days: 0,
            invitation_days: 7,
            silent: None,
        }
    }
}

/// What a first contact with a mailbox that already holds mail takes in. Mail that was there before is never
/// acknowledged, whatever is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstImport {
    /// Only mail that arrives from now on.
    #[default]
    FromNow,
    /// All unread mail.
    Unread,
    /// Unread mail received on or after this day (IMAP SINCE, the server's time zone).
    Since(jiff::civil::Date),
}

/// One inbound IMAP account and folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    pub name: MailboxName,
    pub server: ServerAddress,
    pub login: Login,
    /// The address people write to; mail from it is our own and is never answered.
    pub address: Address,
    /// Folder name in plain Unicode.
    #[serde(default = "default_folder")]
    pub folder: String,
    /// Seconds between polls.
    #[serde(default = "default_poll_seconds")]
    pub poll_seconds: u32,
    #[serde(default)]
    pub first_import: FirstImport,
    /// The sender that answers mail of this mailbox; absent: the first sender.
    #[serde(default)]
    pub sender: Option<SenderName>,
    /// Whether a new ticket is acknowledged to its contact.
    #[serde(default = "default_true")]
    pub acknowledge: bool,
    /// Whether the contact is told that a ticket is resolved.
    #[serde(default = "default_true")]
    pub notify_resolved: bool,
    /// Whether maildesk checks itself, by DKIM and DMARC, that mail is its author's, and believes agents only then.
    #[serde(default)]
    pub check_senders: bool,
    /// Of mails to contacts whose language is not known; absent: the desk's.
    #[serde(default)]
    pub language: Option<Language>,
    /// Larger mail goes to quarantine with its first part only, in bytes.
    #[serde(default = "default_max_mail_bytes")]
    pub max_mail_bytes: u64,
    #[serde(default = "default_true")]
    pub enabled: bool,
}

fn default_folder() -> String {
    "INBOX".into()
}

fn default_poll_seconds() -> u32 {
    60
}

fn default_true() -> bool {
    true
}

fn default_max_mail_bytes() -> u64 {
    50 << 20
}

/// Where attachments go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Storage {
    /// Absent: attachments stay in the state folder.
    pub s3: Option<S3>,
}

/// An S3 bucket, MinIO's or another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// For example `https://minio.example.org:9000`.
    pub endpoint: String,
    #[serde(default = "default_region")]
    pub region: String,
    pub bucket: String,
    /// `https://host/bucket/key` instead of `https://bucket.host/key`; MinIO wants it.
    #[serde(default = "default_true")]
    pub path_style: bool,
    pub access_key: String,
    pub secret_key: SecretSetting,
    /// Put before each object's key, without a slash at the end.
    #[serde(default)]
    pub prefix: String,
}

fn default_region() -> String {
    "us-east-1".into()
}

impl Settings {
    pub fn mailbox(&self, name: &MailboxName) -> Option<&Mailbox> {
        self.mailbox.iter().find(|m| &m.name == name)
    }

    pub fn sender(&self, name: &SenderName) -> Option<&Sender> {
        self.sender.iter().find(|s| &s.name == name)
    }

    /// The sender that answers mail of this mailbox.
    pub fn sender_for(&self, mailbox: &Mailbox) -> Option<&Sender> {
        match &mailbox.sender {
            Some(name) => self.sender(name),
            None => self.sender.first(),
        }
    }

    /// Addresses that are the desk itself: mail from them is never answered.
    pub fn own_addresses(&self) -> Vec<String> {
        let senders = self.sender.iter().flat_map(|s| [Some(&s.from), s.reply_to.as_ref()]).flatten();
        let mut own: Vec<String> = senders.chain(self.mailbox.iter().map(|m| &m.address)).map(Address::key).collect();
        own.sort();
        own.dedup();
        own
    }
}
