//! The plan of a mail that nobody could read.

use super::outcome::{JudgedMail, Outcome};
use super::plan::{Origin, Plan, step};
use crate::ids::MailId;
use jiff::Timestamp;

/// The plan of a mail that was not parsed or that broke its judges: kept raw for a person (invariant 1).
pub fn quarantine(origin: &Origin, mail: MailId, reason: String, now: Timestamp) -> Plan {
    let judged = JudgedMail {
        received: origin.received,
        size: origin.size,
        raw: origin.raw,
        trace: vec![step("parse", reason.clone())],
        ..JudgedMail::begun(
            mail,
            origin.mailbox.clone(),
            (origin.uid_validity, origin.uid),
            Outcome::Quarantined { reason },
            now,
        )
    };
    Plan::of(judged)
}
