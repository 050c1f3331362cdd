//! The rungs of both ladders and their names.

use crate::diagnosis::Step;
use serde::{Deserialize, Serialize};

/// A rung. Which come, and in which order, is told by protocol and encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The secret, the CA file, the host name.
    Settings,
    /// Name to addresses.
    Resolve,
    Connect,
    /// The server's first words.
    Greeting,
    /// EHLO or CAPABILITY: what the server offers.
    Offers,
    /// The handshake and the certificate.
    Tls,
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA and the test mail.
    Content,
    /// The folder of a mailbox, opened for reading only; or the one that mail is written into.
    Folder,
    /// Whether the server tells of new mail by itself (RFC 2177).
    Idle,
    /// Whether mails may be flagged and moved.
    Rights,
    /// What the next poll would take.
    NextPoll,
    /// Another usual port, after the one asked for did not answer.
    OtherPort,
    /// The test mail seen by our own mailbox.
    Arrival,
    /// The check as a whole ran out of time.
    TimeLimit,
    /// The program that takes mail.
    Program,
}

impl Stage {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Resolve => "name look-up",
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Offers => "offers",
            Self::Tls => "TLS",
            Self::Login => "login",
            Self::Sender => "MAIL FROM",
            Self::Recipient => "RCPT TO",
            Self::Content => "test mail",
            Self::Folder => "folder",
            Self::Idle => "IDLE",
            Self::Rights => "flag and move",
            Self::NextPoll => "next poll",
            Self::OtherPort => "other port",
            Self::Arrival => "arrival",
            Self::TimeLimit => "time limit",
            Self::Program => "program",
        }
    }

    /// As scripts read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Offers => "offers",
            Self::Tls => "tls",
            Self::Login => "login",
            Self::Sender => "mail_from",
            Self::Recipient => "rcpt_to",
            Self::Content => "test_mail",
            Self::Folder => "folder",
            Self::Idle => "idle",
            Self::Rights => "flag_and_move",
            Self::NextPoll => "next_poll",
            Self::OtherPort => "other_port",
            Self::Arrival => "arrival",
            Self::TimeLimit => "time_limit",
            Self::Program => "program",
        }
    }

    /// The rung on which a fault at this step of a connection stands.
    pub fn of(step: Step) -> Self {
        match step {
            Step::Settings => Self::Settings,
            Step::Resolve => Self::Resolve,
            Step::Connect => Self::Connect,
            Step::Tls | Step::Starttls => Self::Tls,
            Step::Greeting => Self::Greeting,
            Step::Login => Self::Login,
            Step::Folder => Self::Folder,
            Step::Search | Step::Fetch => Self::NextPoll,
            Step::Flag => Self::Rights,
            Step::Idle => Self::Idle,
            Step::Sender => Self::Sender,
            Step::Recipient => Self::Recipient,
            Step::Content | Step::Upkeep => Self::Content,
        }
    }
}
