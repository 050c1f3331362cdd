//! Limits on automatic mails, and the automatic mails they count.

use jiff::Timestamp;
use maildesk_core::outbox::{Automatic, LoopGuard, LoopWindow};
use serde::{Deserialize, Serialize};

use super::each;

/// [`LoopGuard`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct LoopGuardRecord {
    windows: Vec<LoopWindowRecord>,
    address_factor: u32,
    same_subject: u32,
}

same_struct!(LoopWindowRecord = LoopWindow { minutes: u32, mails: u32 });

impl Default for LoopGuardRecord {
    fn default() -> Self {
        LoopGuard::default().into()
    }
}

impl From<LoopGuard> for LoopGuardRecord {
    fn from(guard: LoopGuard) -> Self {
        let LoopGuard { windows, address_factor, same_subject } = guard;
        Self { windows: each(windows), address_factor, same_subject }
    }
}

impl From<LoopGuardRecord> for LoopGuard {
    fn from(record: LoopGuardRecord) -> Self {
        let LoopGuardRecord { windows, address_factor, same_subject } = record;
        Self { windows: each(windows), address_factor, same_subject }
    }
}

/// Automatic mails to one address or on one ticket: each as its second and the mark of its subject.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::store) struct AutomaticRecord(Vec<(i64, u32)>);

impl From<Vec<Automatic>> for AutomaticRecord {
    fn from(mails: Vec<Automatic>) -> Self {
        Self(mails.into_iter().map(|Automatic { at, subject }| (at.as_second(), subject)).collect())
    }
}

impl From<AutomaticRecord> for Vec<Automatic> {
    fn from(record: AutomaticRecord) -> Self {
        let automatic =
            |(second, subject): (i64, u32)| Some(Automatic { at: Timestamp::from_second(second).ok()?, subject });
        record.0.into_iter().filter_map(automatic).collect()
    }
}
