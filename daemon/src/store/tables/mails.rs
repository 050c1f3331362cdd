//! The verdict log: every inbound mail as judged.

use jiff::Timestamp;
use maildesk_core::ids::MailId;
use maildesk_core::route::{JudgedMail, Outcome};

use super::counters::{self, Counter, Tally};
use super::prefix::{MAILS, MAILS_QUARANTINED, MAILS_RAW_ALONE, Table};
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::JudgedMailRecord;

pub fn get(read: &(impl Read + ?Sized), id: MailId) -> Result<Option<JudgedMail>, StoreError> {
    rows::load::<JudgedMailRecord, JudgedMail>(read, MAILS, &MAILS.number(id.0))
}

/// Writes a mail whose id was just given.
pub fn add(tx: &mut Transaction<'_>, mail: &JudgedMail) -> Result<(), StoreError> {
    counters::one_more(tx, Tally::Mails)?;
    if is_quarantined(mail) {
        tx.put_new(&MAILS_QUARANTINED.number(mail.id.0), &[])?;
        counters::one_more(tx, Tally::Quarantined)?;
    }
    if is_alone(mail) {
        tx.put_new(&MAILS_RAW_ALONE.number(mail.id.0), &[])?;
    }
    rows::add(tx, MAILS, &MAILS.number(mail.id.0), &JudgedMailRecord::from(mail.clone()))
}

/// Writes a new mail or replaces the one of this id.
pub fn put(tx: &mut Transaction<'_>, mail: &JudgedMail) -> Result<(), StoreError> {
    let Some(previous) = get(tx, mail.id)? else { return add(tx, mail) };
    let (was_quarantined, quarantined) = (is_quarantined(&previous), is_quarantined(mail));
    if quarantined && !was_quarantined {
        tx.put(&MAILS_QUARANTINED.number(mail.id.0), &[])?;
        counters::one_more(tx, Tally::Quarantined)?;
    } else if was_quarantined && !quarantined {
        tx.delete(&MAILS_QUARANTINED.number(mail.id.0))?;
        counters::one_less(tx, Tally::Quarantined)?;
    }
    match (is_alone(&previous), is_alone(mail)) {
        (false, true) => tx.put(&MAILS_RAW_ALONE.number(mail.id.0), &[])?,
        (true, false) => tx.delete(&MAILS_RAW_ALONE.number(mail.id.0))?,
        _ => {}
    }
    rows::save(tx, MAILS, &MAILS.number(mail.id.0), &JudgedMailRecord::from(mail.clone()))
}

/// Forgets a verdict. That its mail was judged stays known; so does its content.
pub fn delete(tx: &mut Transaction<'_>, mail: &JudgedMail) -> Result<(), StoreError> {
    if is_quarantined(mail) {
        tx.delete(&MAILS_QUARANTINED.number(mail.id.0))?;
        counters::one_less(tx, Tally::Quarantined)?;
    }
    if is_alone(mail) {
        tx.delete(&MAILS_RAW_ALONE.number(mail.id.0))?;
    }
    counters::one_less(tx, Tally::Mails)?;
    tx.delete(&MAILS.number(mail.id.0))
}

/// Mails behind `after`, the oldest first.
pub fn oldest(read: &(impl Read + ?Sized), after: Option<MailId>, limit: usize) -> Result<Vec<JudgedMail>, StoreError> {
    rows::oldest::<JudgedMailRecord, JudgedMail>(read, MAILS, after.map(|id| id.0), limit)
}

/// Mails of the quarantine behind `after`, the oldest first.
pub fn oldest_quarantined(
    read: &(impl Read + ?Sized),
    after: Option<MailId>,
    limit: usize,
) -> Result<Vec<JudgedMail>, StoreError> {
    oldest_of(read, MAILS_QUARANTINED, after, limit)
}

/// Dropped mails behind `after` whose bytes are here and belong to nothing else, the oldest first.
pub fn oldest_alone(
    read: &(impl Read + ?Sized),
    after: Option<MailId>,
    limit: usize,
) -> Result<Vec<JudgedMail>, StoreError> {
    oldest_of(read, MAILS_RAW_ALONE, after, limit)
}

fn oldest_of(
    read: &(impl Read + ?Sized),
    index: Table,
    after: Option<MailId>,
    limit: usize,
) -> Result<Vec<JudgedMail>, StoreError> {
    let after = (rows::End::Oldest, after.map(|id| id.0));
    rows::of_index(read, (index, &index.all()), after, limit, |id| get(read, MailId(id)))
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
    rows::of_index(read, (MAILS_QUARANTINED, &MAILS_QUARANTINED.all()), (rows::End::Newest, before), limit, |id| {
        Ok(get(read, MailId(id))?.filter(is_quarantined))
    })
}

/// The first mail that was judged after this time, by halving: times go up with numbers as long as nobody sets the
/// clock back. `None`: there is none.
pub fn first_after(read: &(impl Read + ?Sized), at: Timestamp) -> Result<Option<MailId>, StoreError> {
    let last = counters::last(read, Counter::Mail)?;
    // Mails below `low` were judged in time, the one at `high` was not.
    let (mut low, mut high) = (1, last.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let nearest = rows::newest::<JudgedMailRecord, JudgedMail>(read, MAILS, Some(middle + 1), 1)?;
        match nearest.first() {
            Some(mail) if mail.at > at && mail.id.0 >= low => high = mail.id.0,
            _ => low = middle + 1,
        }
    }
    Ok((low <= last).then_some(MailId(low)))
}

fn is_quarantined(mail: &JudgedMail) -> bool {
    matches!(mail.outcome, Outcome::Quarantined { .. })
}

/// Whether its bytes belong to nothing else: no ticket came of it, and nobody has to look at it.
fn is_alone(mail: &JudgedMail) -> bool {
    mail.raw.is_some() && matches!(mail.outcome, Outcome::Dropped { .. })
}
