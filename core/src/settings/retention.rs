//! How long what is no part of a ticket is kept.

use super::FieldProblem;
use serde::{Deserialize, Serialize};

/// The most days that can be asked for.
const MOST_DAYS: u32 = 36_500;

/// Days; 0 means for ever. What belongs to a ticket stays with it: its raw mails and attachments too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Verdicts of the log.
    pub verdict_days: u32,
    /// Raw mails that were dropped; at the latest they go with their verdicts.
    pub raw_mail_days: u32,
    /// Mails of the quarantine that nobody decided about.
    pub quarantine_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { verdict_days: 90, raw_mail_days: 30, quarantine_days: 0 }
    }
}

pub(super) fn validate(retention: &Retention, found: &mut Vec<FieldProblem>) {
    let Retention { verdict_days, raw_mail_days, quarantine_days } = *retention;
    let days = [("verdict_days", verdict_days), ("raw_mail_days", raw_mail_days), ("quarantine_days", quarantine_days)];
    for (field, _) in days.into_iter().filter(|(_, days)| *days > MOST_DAYS) {
        let remedy = format!("give days up to {MOST_DAYS}, or 0: for ever");
        found.push(FieldProblem::new(format!("retention: {field}"), "is out of range", remedy));
    }
    if verdict_days != 0 && (raw_mail_days == 0 || raw_mail_days > verdict_days) {
        found.push(FieldProblem::new(
            "retention: raw_mail_days",
            format!("is longer than the {verdict_days} days of verdict_days"),
            "a dropped mail is found by its verdict alone: make one shorter or the other longer",
        ));
    }
}
