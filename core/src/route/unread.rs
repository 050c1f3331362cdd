//! The plan of a mail that nobody could read.

use super::outcome::{Effect, JudgedMail, Outcome, Timing};
use super::plan::{Origin, Plan, step};
use crate::ids::MailId;
use jiff::Timestamp;

/// The plan of a mail that was not parsed or that broke its judges: kept raw for a person (invariant 1).
pub fn quarantine(origin: &Origin, mail: MailId, reason: String, now: Timestamp) -> Plan {
    let judged = JudgedMail {
        id: mail,
        at: now,
        mailbox: origin.mailbox.clone(),
        uid_validity: origin.uid_validity,
        uid: origin.uid,
        received: origin.received,
        from: String::new(),
        subject: String::new(),
        message_id: None,
        size: origin.size,
        raw: origin.raw,
        trace: vec![step("parse", reason.clone())],
        outcome: Outcome::Quarantined { reason },
        issues: Vec::new(),
        effect: Effect::default(),
        timing: Timing::default(),
        decided: None,
    };
    Plan::of(judged)
}
