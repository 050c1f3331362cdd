//! A judged mail on disk.

use jiff::Timestamp;
use maildesk_core::ids::{BlobHash, EntryNumber, MailId, TicketNumber, Uid, UidValidity};
use maildesk_core::mail::MailIssue;
use maildesk_core::route::{JudgedMail, Outcome, TraceStep};
use maildesk_core::settings::MailboxName;
use serde::{Deserialize, Serialize};

use super::each;

/// [`JudgedMail`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct JudgedMailRecord {
    id: MailId,
    at: Timestamp,
    mailbox: MailboxName,
    uid_validity: UidValidity,
    uid: Uid,
    received: Option<Timestamp>,
    from: String,
    subject: String,
    message_id: Option<String>,
    size: u64,
    raw: Option<BlobHash>,
    outcome: OutcomeRecord,
    #[serde(default)]
    trace: Vec<TraceStepRecord>,
    #[serde(default)]
    issues: Vec<MailIssueRecord>,
}

impl From<JudgedMail> for JudgedMailRecord {
    fn from(given: JudgedMail) -> JudgedMailRecord {
        let JudgedMail {
            id,
            at,
            mailbox,
            uid_validity,
            uid,
            received,
            from,
            subject,
            message_id,
            size,
            raw,
            outcome,
            trace,
            issues,
        } = given;
        JudgedMailRecord {
            id,
            at,
            mailbox,
            uid_validity,
            uid,
            received,
            from,
            subject,
            message_id,
            size,
            raw,
            outcome: outcome.into(),
            trace: each(trace),
            issues: each(issues),
        }
    }
}

impl From<JudgedMailRecord> for JudgedMail {
    fn from(given: JudgedMailRecord) -> JudgedMail {
        let JudgedMailRecord {
            id,
            at,
            mailbox,
            uid_validity,
            uid,
            received,
            from,
            subject,
            message_id,
            size,
            raw,
            outcome,
            trace,
            issues,
        } = given;
        JudgedMail {
            id,
            at,
            mailbox,
            uid_validity,
            uid,
            received,
            from,
            subject,
            message_id,
            size,
            raw,
            outcome: outcome.into(),
            trace: each(trace),
            issues: each(issues),
        }
    }
}

same_enum!(OutcomeRecord = Outcome {
    NewTicket { ticket: TicketNumber },
    Comment { ticket: TicketNumber, entry: EntryNumber },
    UnverifiedNote { ticket: TicketNumber, entry: EntryNumber },
    Dropped { rule: String },
    Quarantined { reason: String },
});

same_struct!(TraceStepRecord = TraceStep { step: String, said: String });

same_word!(
    MailIssueRecord = MailIssue {
        NoHeaders,
        NoFrom,
        SeveralFrom,
        NoMessageId,
        NoDate,
        BrokenEncoding,
        HeadersCut,
        TextCut,
        HtmlLeftOut,
        AttachmentsLeftOut,
        Encrypted,
        BrokenStructure,
        Signed,
    }
);
