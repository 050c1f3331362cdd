//! What became of an inbound mail, and why: the verdict log.

use super::held::Decision;
use crate::ids::{BlobHash, EntryNumber, InvitationId, MailId, OutboxId, TicketNumber, Uid, UidValidity};
use crate::mail::MailIssue;
use crate::settings::{FilterName, MailboxName};
use crate::ticket::Priority;
use crate::verdict::SenderCheck;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Every unread mail ends as exactly one of these (invariant 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    NewTicket {
        ticket: TicketNumber,
    },
    /// A public comment on its ticket.
    Comment {
        ticket: TicketNumber,
        entry: EntryNumber,
    },
    /// An agent's mail: an answer sent on to the requester, a note, commands. What could not be sent or done is a note,
    /// and the trace says why.
    AgentReply {
        ticket: TicketNumber,
        entry: EntryNumber,
    },
    /// An internal note: somebody else held the reply token.
    UnverifiedNote {
        ticket: TicketNumber,
        entry: EntryNumber,
    },
    /// A mail of ours came back or is late: noted on its ticket.
    BounceNote {
        ticket: TicketNumber,
        entry: EntryNumber,
        outbox: OutboxId,
    },
    /// An invitation was accepted by this mail.
    InvitationAccepted {
        invitation: InvitationId,
    },
    /// Nothing is kept but this record and the raw mail.
    Dropped {
        rule: String,
    },
    /// Kept for a person to look at.
    Quarantined {
        reason: String,
    },
}

/// How the rule begins that drops a mail because it came before.
const REPEATS: &str = "repeats mail ";

impl Outcome {
    /// A mail that repeats an earlier one is dropped.
    pub(super) fn repeat_of(earlier: MailId) -> Self {
        Self::Dropped { rule: format!("{REPEATS}{earlier}") }
    }

    /// The earlier mail that this one was dropped for.
    pub fn repeats(&self) -> Option<MailId> {
        match self {
            Self::Dropped { rule } => rule.strip_prefix(REPEATS)?.parse().ok().map(MailId),
            _ => None,
        }
    }

    /// All that [`word`](Self::word) says.
    pub const WORDS: [&str; 8] = [
        "new_ticket",
        "comment",
        "agent_reply",
        "unverified_note",
        "bounce_note",
        "invitation_accepted",
        "dropped",
        "quarantined",
    ];

    /// The outcome in one word, as searches and JSON name it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NewTicket { .. } => "new_ticket",
            Self::Comment { .. } => "comment",
            Self::AgentReply { .. } => "agent_reply",
            Self::UnverifiedNote { .. } => "unverified_note",
            Self::BounceNote { .. } => "bounce_note",
            Self::InvitationAccepted { .. } => "invitation_accepted",
            Self::Dropped { .. } => "dropped",
            Self::Quarantined { .. } => "quarantined",
        }
    }

    /// One clause for people.
    pub fn sentence(&self) -> String {
        match self {
            Self::NewTicket { ticket } => format!("new ticket #{ticket}"),
            Self::Comment { ticket, .. } => format!("comment on #{ticket}"),
            Self::AgentReply { ticket, .. } => format!("answer of an agent on #{ticket}"),
            Self::UnverifiedNote { ticket, .. } => format!("unverified note on #{ticket}"),
            Self::BounceNote { ticket, outbox, .. } => format!("bounce of mail {outbox}, noted on #{ticket}"),
            Self::InvitationAccepted { invitation } => format!("invitation {invitation} accepted"),
            Self::Dropped { rule } => format!("dropped, {rule}"),
            Self::Quarantined { reason } => format!("quarantined, {reason}"),
        }
    }

    pub fn ticket(&self) -> Option<TicketNumber> {
        match self {
            Self::NewTicket { ticket }
            | Self::Comment { ticket, .. }
            | Self::AgentReply { ticket, .. }
            | Self::UnverifiedNote { ticket, .. }
            | Self::BounceNote { ticket, .. } => Some(*ticket),
            Self::InvitationAccepted { .. } | Self::Dropped { .. } | Self::Quarantined { .. } => None,
        }
    }
}

/// What filters did to a mail, and whether it is to be acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Effect {
    /// Rules that matched, in their order.
    pub rules: Vec<FilterName>,
    /// What a new ticket began with, where a rule said so.
    pub priority: Option<Priority>,
    pub tags: Vec<String>,
    pub assignee: Option<String>,
    /// It is one to acknowledge, and once it is taken in, its acknowledgement is queued. Where a limit forbade that, the
    /// trace says so.
    pub acknowledge: bool,
}

/// How long the stages took, in microseconds; absent where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Timing {
    /// Of the whole batch that the mail was fetched in.
    pub fetch: Option<u64>,
    pub parse: Option<u64>,
    pub facts: Option<u64>,
    /// Look-ups, filters and routing.
    pub plan: Option<u64>,
}

/// One step that led to an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// `person`, `parse`, `facts`, `sender`, `attachments`, `scan`, `filter`, `invitation`, `route`, `command`,
    /// `answer`.
    pub step: String,
    pub said: String,
}

/// One inbound mail as judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedMail {
    pub id: MailId,
    pub at: Timestamp,
    pub mailbox: MailboxName,
    pub uid_validity: UidValidity,
    pub uid: Uid,
    /// When the server took it in (INTERNALDATE).
    pub received: Option<Timestamp>,
    pub from: String,
    pub subject: String,
    pub message_id: Option<String>,
    /// Bytes of the raw mail.
    pub size: u64,
    pub raw: Option<BlobHash>,
    pub outcome: Outcome,
    pub trace: Vec<TraceStep>,
    pub issues: Vec<MailIssue>,
    pub effect: Effect,
    pub timing: Timing,
    /// Present: a person changed the verdict, last then.
    pub decided: Option<Decision>,
    /// What maildesk found out about the sender itself, when the mail came in: keys in DNS change, so it is kept for
    /// when the mail is judged anew.
    pub checked: Option<SenderCheck>,
}

impl JudgedMail {
    /// Whether its bytes lie on its server alone, and a person is to decide about it.
    pub fn waits_on_server(&self) -> bool {
        self.raw.is_none() && matches!(self.outcome, Outcome::Quarantined { .. })
    }

    /// A verdict of which nothing more is known than the mail's place.
    pub fn begun(
        id: MailId,
        mailbox: MailboxName,
        (uid_validity, uid): (UidValidity, Uid),
        outcome: Outcome,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            at,
            mailbox,
            uid_validity,
            uid,
            received: None,
            from: String::new(),
            subject: String::new(),
            message_id: None,
            size: 0,
            raw: None,
            outcome,
            trace: Vec::new(),
            issues: Vec::new(),
            effect: Effect::default(),
            timing: Timing::default(),
            decided: None,
            checked: None,
        }
    }
}
