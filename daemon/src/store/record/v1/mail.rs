//! A judged mail on disk.

use jiff::Timestamp;
use maildesk_core::ids::{BlobHash, EntryNumber, InvitationId, MailId, OutboxId, TicketNumber, Uid, UidValidity};
use maildesk_core::mail::MailIssue;
use maildesk_core::route::{Decision, Effect, JudgedMail, Outcome, Timing, TraceStep};
use maildesk_core::settings::{FilterName, MailboxName};
use maildesk_core::ticket::Priority;
use maildesk_core::verdict::{Finding, SenderCheck};
use serde::{Deserialize, Serialize};

use super::each;
use super::ticket::PriorityRecord;

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
    #[serde(default)]
    effect: EffectRecord,
    #[serde(default)]
    timing: TimingRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decided: Option<DecisionRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checked: Option<SenderCheckRecord>,
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
            effect,
            timing,
            decided,
            checked,
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
            effect: effect.into(),
            timing: timing.into(),
            decided: decided.map(DecisionRecord::from),
            checked: checked.map(SenderCheckRecord::from),
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
            effect,
            timing,
            decided,
            checked,
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
            effect: effect.into(),
            timing: timing.into(),
            decided: decided.map(Decision::from),
            checked: checked.map(SenderCheck::from),
        }
    }
}

same_enum!(OutcomeRecord = Outcome {
    NewTicket { ticket: TicketNumber },
    Comment { ticket: TicketNumber, entry: EntryNumber },
    AgentReply { ticket: TicketNumber, entry: EntryNumber },
    UnverifiedNote { ticket: TicketNumber, entry: EntryNumber },
    BounceNote { ticket: TicketNumber, entry: EntryNumber, outbox: OutboxId },
    InvitationAccepted { invitation: InvitationId },
    Dropped { rule: String },
    Quarantined { reason: String },
});

/// [`Effect`]. Most mails match no rule, and their records say nothing of it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct EffectRecord {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<FilterName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<PriorityRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<String>,
    acknowledge: bool,
}

impl From<Effect> for EffectRecord {
    fn from(effect: Effect) -> EffectRecord {
        let Effect { rules, priority, tags, assignee, acknowledge } = effect;
        EffectRecord { rules, priority: priority.map(PriorityRecord::from), tags, assignee, acknowledge }
    }
}

impl From<EffectRecord> for Effect {
    fn from(record: EffectRecord) -> Effect {
        let EffectRecord { rules, priority, tags, assignee, acknowledge } = record;
        Effect { rules, priority: priority.map(Priority::from), tags, assignee, acknowledge }
    }
}

same_struct!(
    #[derive(Default)]
    TimingRecord =
        Timing {
            #[serde(skip_serializing_if = "Option::is_none")]
            fetch: Option<u64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            parse: Option<u64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            facts: Option<u64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            plan: Option<u64>,
        }
);

same_struct!(DecisionRecord = Decision { at: Timestamp, by: String });

same_word!(FindingRecord = Finding { Pass, Fail, SoftFail, Neutral, None, Policy, TempError, PermError });

same_struct!(
    SenderCheckRecord =
        SenderCheck { dkim: FindingRecord, dmarc: FindingRecord, proven: Option<String>, why: String }
);

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
        AttachedWhole,
        BlankLineAboveHeader,
        Signed,
    }
);
