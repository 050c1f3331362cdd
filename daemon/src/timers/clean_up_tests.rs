//! Clean-ups on a real store: what goes, what stays, and that a second one finds nothing left to do.

use super::clean_up::{CleanUp, Looked, clean_up};
use crate::blob::{BlobFiles, BlobReader, PreparedBlob, SMALL_BLOB_BYTES, write_blob};
use crate::clock::Clock;
use crate::events::EventHub;
use crate::store::counters::{self, Counter};
use crate::store::kv::{Options, Transaction};
use crate::store::{Store, StoreError, blocks, mails, suppressions};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::address::Address;
use maildesk_core::directory::{Block, Blocked};
use maildesk_core::event::Removed;
use maildesk_core::ids::{BlobHash, EventSeq, MailId, TicketNumber, Uid, UidValidity};
use maildesk_core::outbox::Suppression;
use maildesk_core::route::{Decision, JudgedMail, Outcome};
use maildesk_core::settings::{MailboxName, Retention};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

fn day(days: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * days)
}

fn dropped() -> Outcome {
    Outcome::Dropped { rule: "filter noise".into() }
}

struct Place {
    store: Store,
    files: BlobFiles,
}

impl Place {
    fn open(folder: &Path) -> Self {
        let options = Options { min_free_bytes: 1 << 20, ..Options::new(&folder.join("store")) };
        Self { store: Store::open(&options).unwrap(), files: BlobFiles::open(&folder.join("blobs")).unwrap() }
    }

    /// A mail with these bytes, judged on day 0.
    async fn mail(&self, raw: Vec<u8>, outcome: Outcome, decided: Option<Timestamp>) -> MailId {
        let raw = Arc::new(PreparedBlob::new(&self.files, raw).unwrap());
        let held = Arc::clone(&raw);
        let job = move |tx: &mut Transaction<'_>| -> Result<MailId, StoreError> {
            let id = MailId(counters::next(tx, Counter::Mail)?);
            write_blob(tx, &raw, false)?;
            let mail = JudgedMail {
                size: raw.size,
                raw: Some(raw.hash),
                decided: decided.map(|at| Decision { at, by: "ann".into() }),
                ..JudgedMail::begun(
                    id,
                    MailboxName::parse("support").unwrap(),
                    (UidValidity(1), Uid(1)),
                    outcome,
                    day(0),
                )
            };
            mails::put(tx, &mail).map(|()| id)
        };
        let id = self.store.write(job).await.unwrap();
        drop(held);
        id
    }

    fn has_bytes(&self, raw: &[u8]) -> bool {
        let reader = BlobReader::new(self.store.clone(), self.files.clone());
        reader.whole(BlobHash::of(raw), u64::MAX).unwrap().is_some_and(|kept| kept == raw)
    }

    fn knows(&self, id: MailId) -> bool {
        mails::get(&self.store, id).unwrap().is_some()
    }

    async fn clean(&self, retention: Retention, now: Timestamp) -> Removed {
        clean_up(&self.store, &self.files, &retention, now, &CancellationToken::new()).await.unwrap()
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test]
async fn raw_mails_go_before_their_verdicts_and_tickets_keep_theirs() {
    let folder = folder();
    let place = Place::open(folder.path());
    let large = vec![7; SMALL_BLOB_BYTES + 1];
    let ticket = place.mail(b"ticket".to_vec(), Outcome::NewTicket { ticket: TicketNumber(1) }, None).await;
    let small = place.mail(b"small".to_vec(), dropped(), None).await;
    let big = place.mail(large.clone(), dropped(), None).await;
    // The same bytes as the ticket's: dropped as a repeat, or attached somewhere.
    place.mail(b"ticket".to_vec(), dropped(), None).await;
    let held = place.mail(b"held".to_vec(), Outcome::Quarantined { reason: "odd".into() }, None).await;
    let decided = place.mail(b"decided".to_vec(), dropped(), Some(day(80))).await;
    let usual = Retention::default();

    assert_eq!(place.clean(usual, day(29)).await, Removed::default());
    assert!(place.has_bytes(b"small") && place.has_bytes(&large));
    let bytes = 5 + large.len() as u64;
    assert_eq!(place.clean(usual, day(30)).await, Removed { raw_mails: 3, bytes, ..Removed::default() });
    assert!(!place.has_bytes(b"small") && !place.has_bytes(&large) && place.has_bytes(b"ticket"));
    assert!(!place.files.location(&BlobHash::of(&large)).exists(), "the file is swept up");
    assert!(place.knows(small) && place.knows(big));
    let trace = mails::get(&place.store, small).unwrap().unwrap().trace;
    assert_eq!(trace.last().map(|step| step.said.as_str()), Some("the raw mail was removed after 30 days"));
    assert_eq!(place.clean(usual, day(31)).await, Removed::default(), "nothing is left to do");

    // Broken off and opened again, it goes on where the store says.
    drop(place);
    let place = Place::open(folder.path());
    assert_eq!(place.clean(usual, day(90)).await, Removed { verdicts: 4, ..Removed::default() });
    assert_eq!([ticket, small, big, held, decided].map(|id| place.knows(id)), [false, false, false, true, true]);
    assert!(place.has_bytes(b"ticket") && place.has_bytes(b"held") && place.has_bytes(b"decided"));
    let counts = counters::read(&place.store).unwrap();
    assert_eq!((counts.mails, counts.quarantined), (2, 1));
    let strict = Retention { quarantine_days: 100, ..usual };
    let removed = Removed { verdicts: 1, quarantined: 1, raw_mails: 2, bytes: 11, ..Removed::default() };
    assert_eq!(place.clean(strict, day(110)).await, removed);
    assert_eq!(counters::read(&place.store).unwrap().quarantined, 0);
    assert!(place.has_bytes(b"ticket"));
}

#[tokio::test]
async fn many_mails_go_in_many_commits_and_for_ever_is_for_ever() {
    let folder = folder();
    let place = Place::open(folder.path());
    for number in 0..60_u8 {
        let outcome = if number % 3 == 0 { Outcome::Quarantined { reason: "odd".into() } } else { dropped() };
        place.mail(vec![number], outcome, None).await;
    }
    let never = Retention { verdict_days: 0, raw_mail_days: 0, quarantine_days: 0 };
    assert_eq!(place.clean(never, day(9999)).await, Removed::default());
    let removed = place.clean(Retention::default(), day(9999)).await;
    assert_eq!((removed.verdicts, removed.raw_mails, removed.quarantined), (40, 40, 0));
    assert_eq!(mails::list(&place.store, false, None, 100).unwrap().len(), 20);
}

#[tokio::test]
async fn blocks_and_suppressions_drop_off_their_lists() {
    let folder = folder();
    let place = Place::open(folder.path());
    let address = |name: &str| Address::parse(&format!("{name}@x.example")).unwrap();
    let add = move |tx: &mut Transaction<'_>| -> Result<(), StoreError> {
        for (name, expires) in [("short", Some(day(1))), ("long", Some(day(9))), ("ever", None)] {
            let (reason, since) = ("test".to_owned(), day(0));
            let who = Blocked::parse(&format!("{name}.example")).unwrap();
            blocks::put(tx, &Block { who, reason: reason.clone(), since, expires })?;
            suppressions::put(tx, &Suppression { address: address(name), reason, since, expires })?;
        }
        Ok(())
    };
    place.store.write(add).await.unwrap();
    let removed = place.clean(Retention::default(), day(2)).await;
    assert_eq!((removed.blocks, removed.suppressions), (1, 1));
    assert_eq!(blocks::list(&place.store, None, 9).unwrap().len(), 2);
    assert_eq!(place.clean(Retention::default(), day(2)).await, Removed::default());
}

#[tokio::test]
async fn a_clock_that_leaps_removes_nothing_for_a_day_of_run_time() {
    let folder = folder();
    let place = Place::open(folder.path());
    let id = place.mail(b"noise".to_vec(), dropped(), None).await;
    let cleaning = |place: &Place| CleanUp {
        store: place.store.clone(),
        files: place.files.clone(),
        hub: EventHub::new(EventSeq(0)),
        clock: Clock,
        retention: Retention::default(),
        board: Arc::default(),
    };
    let stop = CancellationToken::new();
    let first = cleaning(&place);
    assert_eq!(first.look(day(1), 0, &stop).await.unwrap(), Looked::Removed(Removed::default()));
    let leapt = day(366);
    let doubted = Looked::Doubted { ahead_days: 365, hours_left: 24 };
    assert_eq!(first.look(leapt, 0, &stop).await.unwrap(), doubted);
    assert!(place.knows(id) && place.has_bytes(b"noise"));
    // Another process goes on counting; set right, the clock is trusted again.
    let doubted = Looked::Doubted { ahead_days: 365, hours_left: 23 };
    assert_eq!(cleaning(&place).look(leapt, 1, &stop).await.unwrap(), doubted);
    assert_eq!(first.look(day(2), 1, &stop).await.unwrap(), Looked::Removed(Removed::default()));
    for _ in 0..23 {
        assert!(matches!(first.look(leapt, 1, &stop).await.unwrap(), Looked::Doubted { .. }));
    }
    assert!(place.knows(id));
    let Looked::Removed(removed) = first.look(leapt, 1, &stop).await.unwrap() else { panic!("it is believed at last") };
    assert_eq!((removed.verdicts, place.knows(id)), (1, false));
}
