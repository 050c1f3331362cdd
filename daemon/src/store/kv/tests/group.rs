//! Group commit: order, isolation of failing and panicking jobs, backpressure, closing.

use std::sync::mpsc;

use futures::FutureExt as _;

use super::{options, put, store};
use crate::store::error::StoreError;
use crate::store::kv::{Kv, MAX_JOB_BYTES, MAX_KEY_BYTES, MAX_VALUE_BYTES, Read, Transaction};

type Outcome<T> = Result<T, StoreError>;

/// Keeps the writer in a job until the sender is used or dropped, so that what is queued meanwhile forms one group.
async fn hold(kv: &Kv) -> mpsc::Sender<()> {
    let (release, wait) = mpsc::channel::<()>();
    let (begun, started) = tokio::sync::oneshot::channel();
    let job = move |_: &mut Transaction<'_>| -> Outcome<()> {
        begun.send(()).ok();
        wait.recv().ok();
        Ok(())
    };
    drop(kv.submit(job).await.unwrap());
    started.await.unwrap();
    release
}

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let (folder, kv) = store();
    assert!(kv.was_created());
    let big = vec![7u8; 100_000];
    kv.write(put(b"big", &big)).await.unwrap();
    kv.write(put(b"small", b"1")).await.unwrap();
    drop(kv);
    let kv = Kv::open(&options(&folder)).unwrap();
    assert!(!kv.was_created());
    assert_eq!(kv.get(b"big").unwrap(), Some(big));
    assert_eq!(kv.get(b"small").unwrap(), Some(b"1".to_vec()));
}

#[derive(Debug, PartialEq)]
enum Refused {
    ByJob(&'static str),
    ByStore(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Refused {
        Refused::ByStore(error)
    }
}

#[tokio::test]
async fn failing_and_panicking_jobs_lose_only_their_own_writes() {
    let (_folder, kv) = store();
    let job = |number: u8| {
        move |tx: &mut Transaction<'_>| -> Result<usize, Refused> {
            tx.put(&[b'k', number], &[number])?;
            match number {
                2 => Err(Refused::ByJob("no")),
                4 => panic!("this panic is part of a test"),
                _ => Ok(tx.scan(b"k", None, 100)?.len()),
            }
        }
    };
    let outcomes = kv.write_all((0..6).map(job).collect()).await;
    let want =
        vec![Ok(1), Ok(2), Err(Refused::ByJob("no")), Ok(3), Err(Refused::ByStore(StoreError::JobPanicked)), Ok(4)];
    assert_eq!(outcomes, want);
    let keys: Vec<u8> = kv.scan(b"k", None, 100).unwrap().iter().map(|(key, _)| key[1]).collect();
    assert_eq!(keys, [0, 1, 3, 5]);
}

#[tokio::test]
async fn a_job_sees_earlier_jobs_of_its_group_and_readers_do_not() {
    let (_folder, kv) = store();
    let release = hold(&kv).await;
    let first = kv.submit(put(b"a", b"1")).await.unwrap();
    let (saw, seen) = tokio::sync::oneshot::channel();
    let (go_on, wait) = mpsc::channel::<()>();
    let second = kv
        .submit(move |tx| -> Outcome<()> {
            saw.send(tx.get(b"a")).ok();
            wait.recv().ok();
            tx.put(b"a", b"2")
        })
        .await
        .unwrap();
    drop(release);
    assert_eq!(seen.await.unwrap().unwrap(), Some(b"1".to_vec()));
    assert_eq!(kv.get(b"a").unwrap(), None);
    drop(go_on);
    first.outcome().await.unwrap();
    assert_eq!(kv.get(b"a").unwrap(), Some(b"2".to_vec()), "the first is answered when the whole group is durable");
    second.outcome().await.unwrap();
}

#[tokio::test]
async fn a_full_queue_makes_writers_wait() {
    let (_folder, kv) = store();
    let release = hold(&kv).await;
    let mut pending = Vec::new();
    while let Some(outcome) = kv.submit(put(&pending.len().to_be_bytes(), b"")).now_or_never() {
        pending.push(outcome.unwrap());
        assert!(pending.len() <= 1000, "the queue has no bound");
    }
    assert!(pending.len() >= 16, "{} jobs fit", pending.len());
    drop(release);
    kv.write(put(b"after", b"")).await.unwrap();
    let count = pending.len();
    for outcome in pending {
        outcome.outcome().await.unwrap();
    }
    assert_eq!(kv.scan(b"", None, 10_000).unwrap().len(), count + 1);
}

#[tokio::test]
async fn groups_end_at_their_caps_and_all_jobs_are_done_in_order() {
    let (_folder, kv) = store();
    let job = |number: u32| {
        move |tx: &mut Transaction<'_>| -> Outcome<u32> {
            let before = tx.get(b"last")?.map_or(0, |last| u32::from_be_bytes(last.try_into().unwrap()));
            tx.put(b"last", &(before + 1).to_be_bytes())?;
            tx.put(&number.to_be_bytes(), &vec![1; 30_000])?;
            Ok(before)
        }
    };
    // 600 jobs of 30 kB pass both caps several times.
    let outcomes = kv.write_all((0..600).map(job).collect()).await;
    let order: Vec<u32> = outcomes.into_iter().map(Result::unwrap).collect();
    assert_eq!(order, (0..600).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_closed_store_refuses_writes_and_finishes_queued_ones() {
    let (_folder, kv) = store();
    let release = hold(&kv).await;
    let queued = kv.submit(put(b"a", b"1")).await.unwrap();
    let closing = tokio::task::spawn_blocking({
        let kv = kv.clone();
        move || kv.close()
    });
    drop(release);
    closing.await.unwrap();
    queued.outcome().await.unwrap();
    assert_eq!(kv.write(put(b"b", b"1")).await, Err(StoreError::Closed));
    assert_eq!(kv.write_all(vec![put(b"b", b"1")]).await, [Err(StoreError::Closed)]);
    assert_eq!(kv.get(b"a").unwrap(), Some(b"1".to_vec()));
}

#[tokio::test]
async fn the_last_handle_may_be_dropped_by_a_job() {
    let (folder, kv) = store();
    let moved = kv.clone();
    let pending = kv
        .submit(move |tx| -> Outcome<()> {
            drop(moved);
            tx.put(b"a", b"1")
        })
        .await
        .unwrap();
    drop(kv);
    pending.outcome().await.unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let kv = loop {
        match Kv::open(&options(&folder)) {
            Ok(kv) => break kv,
            Err(error) => assert!(std::time::Instant::now() < deadline, "{error}"),
        }
    };
    assert_eq!(kv.get(b"a").unwrap(), Some(b"1".to_vec()));
}

#[tokio::test]
async fn sizes_are_limited() {
    let (_folder, kv) = store();
    let longest = vec![b'k'; MAX_KEY_BYTES];
    kv.write(put(&longest, &vec![1; MAX_VALUE_BYTES])).await.unwrap();
    assert_eq!(kv.get(&longest).unwrap().map(|value| value.len()), Some(MAX_VALUE_BYTES));
    let refused = kv.write(put(&vec![b'k'; MAX_KEY_BYTES + 1], b"")).await;
    assert_eq!(refused, Err(StoreError::KeyTooLong { length: MAX_KEY_BYTES + 1 }));
    let refused = kv.write(put(b"k", &vec![1; MAX_VALUE_BYTES + 1])).await;
    assert_eq!(refused, Err(StoreError::ValueTooLarge { key: "k".into(), length: MAX_VALUE_BYTES + 1 }));
    let refused = kv
        .write(|tx| -> Outcome<()> {
            (0..=MAX_JOB_BYTES / MAX_VALUE_BYTES).try_for_each(|n| tx.put(&n.to_be_bytes(), &vec![1; MAX_VALUE_BYTES]))
        })
        .await;
    assert!(matches!(refused, Err(StoreError::JobTooLarge { .. })), "{refused:?}");
    assert!(!kv.contains(&0usize.to_be_bytes()).unwrap(), "nothing of the refused job is stored");
}

#[tokio::test]
async fn a_group_is_made_above_the_one_that_is_on_its_way_to_the_disk() {
    let (folder, kv) = store();
    // Several groups long. Each job counts on and replaces the one row, which is chunked, by the next.
    let job = |tx: &mut Transaction<'_>| -> Outcome<(u32, usize)> {
        let count = tx.get(b"count")?.map_or(0, |bytes| u32::from_be_bytes(bytes.try_into().unwrap()));
        let row = |number: u32| [b"row".as_slice(), &number.to_be_bytes()].concat();
        tx.put(b"count", &(count + 1).to_be_bytes())?;
        tx.put(&row(count + 1), &vec![1; 5000])?;
        tx.delete(&row(count))?;
        Ok((count + 1, tx.scan(b"row", None, 10)?.len()))
    };
    let seen: Vec<_> = kv.write_all(vec![job; 2000]).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(seen, (1..=2000).map(|count| (count, 1)).collect::<Vec<_>>());
    drop(kv);
    let kv = Kv::open(&options(&folder)).unwrap();
    assert_eq!(kv.scan(b"", None, 10).unwrap().len(), 2);
}
