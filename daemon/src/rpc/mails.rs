//! The verdict log, and the bytes of raw mails and attachments.

use super::fault::{Fault, found, read};
use super::parts::RpcParts;
use super::views::{mail_row, to_read};
use crate::auth::s3_secret;
use crate::blob::Bucket;
use crate::store::{Store, mails};
use maildesk_core::ids::{BlobHash, MailId};
use maildesk_core::route::JudgedMail;
use maildesk_core::rpc::{FoundMails, MAX_PIECE, MailQuery, MailRow, Window};
use serde_bytes::ByteBuf;

/// Mails that one call looks at, and that are read at once.
const LOOKED_AT_MOST: usize = 5000;
const READ_AT_ONCE: usize = 250;

pub(super) async fn list(parts: &RpcParts, query: MailQuery, window: Window) -> Result<FoundMails, Fault> {
    read(&parts.store, move |store| search(store, &query, window, LOOKED_AT_MOST)).await
}

/// Goes back through the log until it has its rows, the log ends, or it has looked at enough.
fn search(store: &Store, query: &MailQuery, window: Window, most: usize) -> Result<FoundMails, Fault> {
    let wanted = to_read(window);
    let mut found = FoundMails::default();
    let mut before = match (window.after, query.until) {
        (Some(after), _) => Some(MailId(after)),
        (None, Some(until)) => mails::first_after(store, until)?,
        (None, None) => None,
    };
    let mut looked_at = 0;
    while looked_at < most {
        let at_once = if query.is_open() { wanted - found.rows.len() } else { READ_AT_ONCE.min(most - looked_at) };
        let piece = mails::list(store, query.wants_quarantined(), before, at_once)?;
        let ended = piece.len() < at_once;
        for mail in piece {
            if query.ends_before(&mail) {
                found.next = None;
                return Ok(found);
            }
            let matches = query.matches(&mail);
            if matches && found.rows.len() + 1 == wanted {
                // One more than asked for: there is a next window, behind the row before.
                found.next = found.rows.last().map(|row: &MailRow| row.id.0);
                return Ok(found);
            }
            looked_at += 1;
            found.looked_at = u32::try_from(looked_at).unwrap_or(u32::MAX);
            (before, found.back_to) = (Some(mail.id), Some(mail.at));
            if matches {
                found.rows.push(mail_row(mail));
            }
        }
        if ended {
            return Ok(found);
        }
    }
    found.next = before.map(|id| id.0);
    Ok(found)
}

pub(super) async fn show(parts: &RpcParts, id: MailId) -> Result<JudgedMail, Fault> {
    read(&parts.store, move |store| found(mails::get(store, id)?, "mail", id)).await
}

pub(super) async fn blob(parts: &RpcParts, hash: BlobHash, offset: u64, limit: u32) -> Result<ByteBuf, Fault> {
    let limit = limit.min(MAX_PIECE) as usize;
    let bucket = bucket(parts)?;
    let piece = parts.blobs.piece(hash, offset, limit, bucket.as_ref()).await.map_err(Fault::inner)?;
    Ok(ByteBuf::from(found(piece, "blob", hash)?))
}

fn bucket(parts: &RpcParts) -> Result<Option<Bucket>, Fault> {
    let active = parts.active.borrow().clone();
    let Some(s3) = &active.settings.storage.s3 else { return Ok(None) };
    let secret = parts.secrets.resolve(&parts.store, &s3.secret_key, &s3_secret()).map_err(Fault::inner)?;
    Bucket::new(s3, &secret).map(Some).map_err(Fault::inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;
    use crate::store::counters::{self, Counter};
    use crate::store::kv::{Options, Transaction};
    use jiff::Timestamp;
    use maildesk_core::ids::{Uid, UidValidity};
    use maildesk_core::route::Outcome;
    use maildesk_core::settings::MailboxName;
    use tempfile::TempDir;

    fn at(second: u64) -> Timestamp {
        Timestamp::from_second(second as i64).unwrap()
    }

    /// Mails 1 to `count`, judged at their number's second; every tenth is in quarantine and from Ann.
    async fn log(count: u64) -> (TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { min_free_bytes: 1 << 20, ..Options::new(&folder.path().join("store")) };
        let store = Store::open(&options).unwrap();
        let job = move |tx: &mut Transaction<'_>| -> Result<(), StoreError> {
            for _ in 0..count {
                let id = counters::next(tx, Counter::Mail)?;
                let tenth = id % 10 == 0;
                let rule = "test".to_owned();
                mails::put(
                    tx,
                    &JudgedMail {
                        from: if tenth { "ann@x.example".into() } else { "bob@x.example".into() },
                        size: 1,
                        ..JudgedMail::begun(
                            MailId(id),
                            MailboxName::parse("support").unwrap(),
                            (UidValidity(1), Uid(1)),
                            if tenth { Outcome::Quarantined { reason: rule } } else { Outcome::Dropped { rule } },
                            at(id),
                        )
                    },
                )?;
            }
            Ok(())
        };
        store.write(job).await.unwrap();
        (folder, store)
    }

    fn ids(found: &FoundMails) -> Vec<u64> {
        found.rows.iter().map(|row| row.id.0).collect()
    }

    #[tokio::test]
    async fn one_call_looks_at_so_many_mails_and_says_where_it_stopped() {
        let (_folder, store) = log(100).await;
        let ann = MailQuery { from: Some("ANN@".into()), ..MailQuery::default() };
        let first = search(&store, &ann, Window { after: None, limit: 50 }, 35).unwrap();
        assert_eq!((ids(&first), first.next, first.looked_at), (vec![100, 90, 80, 70], Some(66), 35));
        assert_eq!(first.back_to, Some(at(66)));
        let second = search(&store, &ann, Window { after: first.next, limit: 2 }, 35).unwrap();
        assert_eq!((ids(&second), second.next), (vec![60, 50], Some(50)));
        let last = search(&store, &ann, Window { after: Some(15), limit: 2 }, 35).unwrap();
        assert_eq!((ids(&last), last.next, last.looked_at), (vec![10], None, 14));
    }

    #[tokio::test]
    async fn quarantine_and_open_lists_read_no_more_than_they_show() {
        let (_folder, store) = log(100).await;
        let held = MailQuery { outcome: Some("quarantined".into()), ..MailQuery::default() };
        let found = search(&store, &held, Window { after: None, limit: 50 }, 35).unwrap();
        assert_eq!((found.rows.len(), found.next, found.looked_at), (10, None, 10));
        let all = search(&store, &MailQuery::default(), Window { after: None, limit: 3 }, 35).unwrap();
        assert_eq!((ids(&all), all.next, all.looked_at), (vec![100, 99, 98], Some(98), 3));
    }

    #[tokio::test]
    async fn a_span_of_time_begins_and_ends_without_reading_the_rest() {
        let (_folder, store) = log(100).await;
        let span = MailQuery { since: Some(at(38)), until: Some(at(40)), ..MailQuery::default() };
        let found = search(&store, &span, Window { after: None, limit: 50 }, 35).unwrap();
        assert_eq!(ids(&found), [40, 39, 38]);
        for (until, want) in [(0, Some(1)), (1, Some(2)), (99, Some(100)), (100, None), (500, None)] {
            assert_eq!(mails::first_after(&store, at(until)).unwrap(), want.map(MailId), "{until}");
        }
    }
}
