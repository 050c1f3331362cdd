//! Rows that are known to be new, emptiness, and reading ahead.

use super::store;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};

#[tokio::test]
async fn a_new_row_is_there_for_its_job_and_after_the_commit() {
    let (_folder, kv) = store();
    let large = vec![7; 10_000];
    let written = large.clone();
    let job = move |tx: &mut Transaction<'_>| -> Result<Option<Vec<u8>>, StoreError> {
        tx.put_new(b"n1", &written)?;
        tx.put_new(b"n2", b"")?;
        tx.get(b"n1")
    };
    assert_eq!(kv.write(job).await.unwrap(), Some(large.clone()));
    assert_eq!(kv.get(b"n1").unwrap(), Some(large));
    assert!(kv.contains(b"n2").unwrap());
}

#[tokio::test]
async fn emptiness_is_that_of_all_layers() {
    let (_folder, kv) = store();
    assert!(kv.is_empty(b"a").unwrap());
    let job = |tx: &mut Transaction<'_>| -> Result<(bool, bool, bool), StoreError> {
        let before = tx.is_empty(b"a")?;
        tx.put(b"ab", b"1")?;
        Ok((before, tx.is_empty(b"a")?, tx.is_empty(b"b")?))
    };
    assert_eq!(kv.write(job).await.unwrap(), (true, false, true));
    assert!(!kv.is_empty(b"a").unwrap() && kv.is_empty(b"b").unwrap());
    kv.write(|tx: &mut Transaction<'_>| tx.delete(b"ab")).await.unwrap();
    assert!(kv.is_empty(b"a").unwrap());
}

/// Several groups, each of which read ahead before the one in front of it was applied.
#[tokio::test]
async fn nothing_read_ahead_hides_what_the_group_in_front_wrote() {
    let (_folder, kv) = store();
    let job = |number: u32| {
        let ahead = |tx: &Transaction<'_>| drop((tx.get(b"count"), tx.is_empty(b"row")));
        let job = move |tx: &mut Transaction<'_>| -> Result<(u32, bool), StoreError> {
            let count = tx.get(b"count")?.map_or(0, |bytes| u32::from_be_bytes(bytes.try_into().unwrap()));
            let empty = tx.is_empty(b"row")?;
            tx.put(b"count", &(count + 1).to_be_bytes())?;
            tx.put_new(&[b"row".as_slice(), &number.to_be_bytes()].concat(), b"")?;
            Ok((count, empty))
        };
        (ahead, job)
    };
    let mut outcomes = Vec::new();
    for pending in kv.submit_all_ahead((0..900).map(job).collect()).await {
        outcomes.push(pending.outcome().await.unwrap());
    }
    let want: Vec<(u32, bool)> = (0..900).map(|number| (number, number == 0)).collect();
    assert_eq!(outcomes, want);
}
