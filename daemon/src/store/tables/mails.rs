//! The verdict log: every inbound mail as judged.

use maildesk_core::ids::MailId;
use maildesk_core::route::{JudgedMail, Outcome};

use super::counters::{self, Tally};
use super::prefix::{MAILS, MAILS_QUARANTINED};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::JudgedMailRecord;

pub fn get(read: &(impl Read + ?Sized), id: MailId) -> Result<Option<JudgedMail>, StoreError> {
    rows::load::<JudgedMailRecord, JudgedMail>(read, MAILS, &MAILS.number(id.0))
}

/// Writes a new mail or replaces the one of this id.
pub fn put(tx: &mut Transaction<'_>, mail: &JudgedMail) -> Result<(), StoreError> {
    let previous = get(tx, mail.id)?;
    let was_quarantined = previous.as_ref().is_some_and(is_quarantined);
    let quarantined = is_quarantined(mail);
    if previous.is_none() {
        counters::one_more(tx, Tally::Mails)?;
    }
    if quarantined && !was_quarantined {
        tx.put(&MAILS_QUARANTINED.number(mail.id.0), &[])?;
        counters::one_more(tx, Tally::Quarantined)?;
    } else if was_quarantined && !quarantined {
        tx.delete(&MAILS_QUARANTINED.number(mail.id.0))?;
        counters::one_less(tx, Tally::Quarantined)?;
    }
    rows::save(tx, MAILS, &MAILS.number(mail.id.0), &JudgedMailRecord::from(mail.clone()))
}

/// Mails, the newest first.
pub fn list(
    read: &(impl Read + ?Sized),
    quarantined_only: bool,
    before: Option<MailId>,
    limit: usize,
) -> Result<Vec<JudgedMail>, StoreError> {
    let before = before.map(|id| id.0);
    if !quarantined_only {
        return rows::newest::<JudgedMailRecord, JudgedMail>(read, MAILS, before, limit);
    }
    rows::newest_of_index(read, MAILS_QUARANTINED, &MAILS_QUARANTINED.all(), before, limit, |id| {
        Ok(get(read, MailId(id))?.filter(is_quarantined))
    })
}

fn is_quarantined(mail: &JudgedMail) -> bool {
    matches!(mail.outcome, Outcome::Quarantined { .. })
}
