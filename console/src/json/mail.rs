//! The verdict log for scripts.

use jiff::Timestamp;
use maildesk_core::ids::{BlobHash, EntryNumber, MailId, TicketNumber, Uid, UidValidity};
use maildesk_core::mail::MailIssue;
use maildesk_core::route::{Effect, JudgedMail, Outcome, Timing, TraceStep};
use maildesk_core::rpc::MailRow;
use maildesk_core::settings::MailboxName;
use serde::Serialize;

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// `new_ticket`, `comment`, `agent_reply`, `unverified_note`, `bounce_note`, `invitation_accepted`,
    /// `dropped`, `quarantined`.
    pub outcome: &'static str,
    pub ticket: Option<TicketNumber>,
    pub entry: Option<EntryNumber>,
    /// The rule that dropped it, the reason of the quarantine, or the invitation.
    pub reason: Option<String>,
}

impl From<&Outcome> for Verdict {
    fn from(outcome: &Outcome) -> Self {
        let (entry, reason) = match outcome {
            Outcome::NewTicket { .. } => (None, None),
            Outcome::Comment { entry, .. }
            | Outcome::AgentReply { entry, .. }
            | Outcome::UnverifiedNote { entry, .. }
            | Outcome::BounceNote { entry, .. } => (Some(*entry), None),
            Outcome::InvitationAccepted { invitation } => (None, Some(format!("invitation {invitation}"))),
            Outcome::Dropped { rule } => (None, Some(rule.clone())),
            Outcome::Quarantined { reason } => (None, Some(reason.clone())),
        };
        Self { outcome: outcome.word(), ticket: outcome.ticket(), entry, reason }
    }
}

#[derive(Debug, Serialize)]
pub struct Mail {
    pub id: MailId,
    pub at: Timestamp,
    pub mailbox: MailboxName,
    pub from: String,
    pub subject: String,
    pub size: u64,
    pub raw_sha256: Option<BlobHash>,
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl From<MailRow> for Mail {
    fn from(row: MailRow) -> Self {
        let verdict = Verdict::from(&row.outcome);
        let MailRow { id, at, mailbox, from, subject, size, raw, .. } = row;
        Self { id, at, mailbox, from, subject, size, raw_sha256: raw, verdict }
    }
}

/// One mail with all that led to its verdict.
#[derive(Debug, Serialize)]
pub struct Judged {
    #[serde(flatten)]
    pub mail: Mail,
    pub uid_validity: UidValidity,
    pub uid: Uid,
    pub received: Option<Timestamp>,
    pub message_id: Option<String>,
    pub trace: Vec<TraceStep>,
    pub issues: Vec<MailIssue>,
    pub effect: Effect,
    pub timing_microseconds: Timing,
}

impl From<JudgedMail> for Judged {
    fn from(judged: JudgedMail) -> Self {
        let verdict = Verdict::from(&judged.outcome);
        let JudgedMail { id, at, mailbox, uid_validity, uid, received, from, subject, message_id, .. } = judged;
        let mail = Mail { id, at, mailbox, from, subject, size: judged.size, raw_sha256: judged.raw, verdict };
        let (trace, issues, effect) = (judged.trace, judged.issues, judged.effect);
        let timing_microseconds = judged.timing;
        Self { mail, uid_validity, uid, received, message_id, trace, issues, effect, timing_microseconds }
    }
}
