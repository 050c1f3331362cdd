//! How often each filter matched, by its name. Written with the mail that it matched; a mail that none matches costs
//! no key.

use jiff::Timestamp;
use maildesk_core::ids::MailId;
use maildesk_core::rpc::FilterHits;
use maildesk_core::settings::FilterName;

use super::prefix::FILTER_HITS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::FilterHitsRecord;

/// Nothing but zero where it never matched.
pub fn get(read: &(impl Read + ?Sized), filter: &FilterName) -> Result<FilterHits, StoreError> {
    let found = rows::load::<FilterHitsRecord, FilterHits>(read, FILTER_HITS, &key(filter))?;
    Ok(found.unwrap_or_default())
}

/// Counts one match.
pub fn count(tx: &mut Transaction<'_>, filter: &FilterName, mail: MailId, at: Timestamp) -> Result<(), StoreError> {
    let count = get(tx, filter)?.count.saturating_add(1);
    let hits = FilterHits { count, last: Some(at), mail: Some(mail) };
    rows::save(tx, FILTER_HITS, &key(filter), &FilterHitsRecord::from(hits))
}

/// A filter is gone: another of its name begins anew.
pub fn forget(tx: &mut Transaction<'_>, filter: &FilterName) -> Result<(), StoreError> {
    tx.delete(&key(filter))
}

fn key(filter: &FilterName) -> Vec<u8> {
    FILTER_HITS.key(&[filter.as_str().as_bytes()])
}
