//! One fetch: mails in batches bounded by number and bytes, and what came of them, also where the connection ended.

use super::poll::{PollError, withheld};
use super::prepare::microseconds;
use crate::imap::{FetchedMail, ImapError, ImapSession, MailMeta};
use maildesk_core::ids::Uid;
use std::time::Instant;

/// Mails of one fetch at the most.
const BATCH_MAILS: usize = 125;
/// Bytes of one fetch at the most; a larger mail is a batch of its own.
const BATCH_BYTES: u64 = 4 << 20;

/// Mails as fetched, with what is known of each.
#[derive(Default)]
pub(super) struct Batch {
    /// What was asked for.
    pub(super) metas: Vec<MailMeta>,
    /// `None`: larger than the mailbox takes, so it was not fetched.
    pub(super) mails: Vec<(MailMeta, Option<FetchedMail>)>,
    /// How long the fetch took, in microseconds.
    pub(super) fetch: u64,
    /// The first mail that the server does not hand out, while it hands out others.
    pub(super) withheld: Option<PollError>,
    /// The connection ended, or the server handed out none.
    pub(super) ended: Option<ImapError>,
}

impl Batch {
    /// Mails that were asked for and did not come.
    pub(super) fn missing(&self) -> Vec<Uid> {
        let came = |uid: Uid| self.mails.iter().any(|(meta, _)| meta.uid == uid);
        self.metas.iter().map(|meta| meta.uid).filter(|uid| !came(*uid)).collect()
    }

    /// What is told where the server refused all mails of it.
    pub(super) fn refused_whole(&self, error: ImapError) -> Option<PollError> {
        self.metas.first().map(|meta| withheld(meta.uid, error.into()))
    }
}

/// Fetches a batch. What came before the connection ended is whole, and is given.
pub(super) async fn fetch(session: &mut ImapSession, planned: PlannedBatch) -> Batch {
    let uids: Vec<Uid> = planned.fetched.iter().map(|meta| meta.uid).collect();
    let began = Instant::now();
    let mut batch = Batch { metas: planned.fetched, ..Batch::default() };
    batch.mails.extend(planned.too_large.into_iter().map(|meta| (meta, None)));
    if uids.is_empty() {
        return batch;
    }
    let Batch { metas, mails, .. } = &mut batch;
    let fetched = session
        .fetch(&uids, |mail| {
            if let Some(meta) = metas.iter().find(|meta| meta.uid == mail.uid) {
                mails.push((*meta, Some(mail)));
            }
        })
        .await;
    match fetched {
        Ok(refused) => {
            let refused = refused.into_iter().map(|(uid, error)| withheld(uid, error.into()));
            batch.withheld = refused.reduce(|first, _| first);
        }
        Err(error) => batch.ended = Some(error),
    }
    batch.fetch = microseconds(began);
    batch
}

#[derive(Default)]
pub(super) struct PlannedBatch {
    fetched: Vec<MailMeta>,
    too_large: Vec<MailMeta>,
}

/// Cuts a list of mails into batches bounded by number and bytes.
pub(super) fn batches(metas: Vec<MailMeta>, largest: u64) -> Vec<PlannedBatch> {
    let mut batches = Vec::new();
    let mut batch = PlannedBatch::default();
    let mut bytes = 0;
    for meta in metas {
        let size = u64::from(meta.size);
        let count = batch.fetched.len() + batch.too_large.len();
        if count > 0 && (count >= BATCH_MAILS || bytes + size > BATCH_BYTES) {
            batches.push(std::mem::take(&mut batch));
            bytes = 0;
        }
        if size > largest {
            batch.too_large.push(meta);
        } else {
            bytes += size;
            batch.fetched.push(meta);
        }
    }
    if !(batch.fetched.is_empty() && batch.too_large.is_empty()) {
        batches.push(batch);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(uid: u32, size: u32) -> MailMeta {
        MailMeta { uid: Uid(uid), size, internal_date: None }
    }

    #[test]
    fn batches_are_bounded_by_number_and_bytes() {
        let small = batches((1..=600).map(|uid| meta(uid, 1000)).collect(), 1 << 20);
        assert_eq!(small.iter().map(|b| b.fetched.len()).collect::<Vec<_>>(), [125, 125, 125, 125, 100]);
        let large = batches(vec![meta(1, 3 << 20), meta(2, 3 << 20), meta(3, 9 << 20), meta(4, 60 << 20)], 50 << 20);
        assert_eq!(
            large.iter().map(|b| (b.fetched.len(), b.too_large.len())).collect::<Vec<_>>(),
            [(1, 0), (1, 0), (1, 0), (0, 1)]
        );
        assert!(batches(Vec::new(), 1).is_empty());
    }
}
