//! Reads through the overlays: tree, earlier jobs of the group, the job itself. Tables of windows.

use super::{options, store};
use crate::store::error::StoreError;
use crate::store::kv::{Entry, Kv, Read, Transaction};

type Outcome<T> = Result<T, StoreError>;
type Step = (&'static [u8], Option<&'static [u8]>);

/// 5000 bytes: chunked.
const LARGE: &[u8] = &[b'L'; 5000];
/// 9000 bytes: one chunk more.
const LARGER: &[u8] = &[b'M'; 9000];

fn apply(tx: &mut Transaction<'_>, steps: &[Step]) -> Outcome<()> {
    steps.iter().try_for_each(|(key, value)| match value {
        Some(value) => tx.put(key, value),
        None => tx.delete(key),
    })
}

/// Commits `tree`, then in one group `group` and `own`; checks what the last job and later readers see.
async fn check(tree: &'static [Step], group: &'static [Step], own: &'static [Step], want: &[(&[u8], &[u8])]) {
    let (folder, kv) = store();
    kv.write(move |tx| apply(tx, tree)).await.unwrap();
    let want: Vec<Entry> = want.iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
    let seen = kv
        .write_all(
            vec![group, own]
                .into_iter()
                .map(|steps| {
                    move |tx: &mut Transaction<'_>| -> Outcome<_> {
                        apply(tx, steps)?;
                        Ok((tx.scan(b"", None, 100)?, tx.scan_back(b"", None, 100)?))
                    }
                })
                .collect(),
        )
        .await;
    let mut backward = want.clone();
    backward.reverse();
    let (forward_seen, backward_seen) = seen.into_iter().last().unwrap().unwrap();
    assert_eq!(forward_seen, want, "in the job");
    assert_eq!(backward_seen, backward, "in the job, backward");
    assert_eq!(kv.scan(b"", None, 100).unwrap(), want, "committed");
    assert_eq!(kv.scan_back(b"", None, 100).unwrap(), backward, "committed, backward");
    drop(kv);
    let kv = Kv::open(&options(&folder)).unwrap();
    assert_eq!(kv.scan(b"", None, 100).unwrap(), want, "reopened");
}

#[tokio::test]
async fn the_upper_layer_counts() {
    check(&[(b"a", Some(b"1"))], &[(b"a", Some(b"2"))], &[(b"a", Some(b"3"))], &[(b"a", b"3")]).await;
    check(&[(b"a", Some(b"1"))], &[(b"a", Some(b"2"))], &[], &[(b"a", b"2")]).await;
    check(&[(b"a", Some(b"1"))], &[(b"a", None)], &[], &[]).await;
    check(&[(b"a", Some(b"1"))], &[(b"a", None)], &[(b"a", Some(b"3"))], &[(b"a", b"3")]).await;
    check(&[(b"a", Some(b"1"))], &[(b"a", Some(b"2"))], &[(b"a", None)], &[]).await;
    check(&[], &[(b"a", None)], &[(b"b", None)], &[]).await;
    check(
        &[(b"c", Some(b"1"))],
        &[(b"b", Some(b"2"))],
        &[(b"a", Some(b""))],
        &[(b"a", b""), (b"b", b"2"), (b"c", b"1")],
    )
    .await;
}

#[tokio::test]
async fn chunked_values_are_whole_in_every_layer() {
    check(&[(b"a", Some(LARGE))], &[(b"a", Some(LARGER))], &[(b"a", Some(LARGE))], &[(b"a", LARGE)]).await;
    check(&[(b"a", Some(LARGER))], &[(b"a", Some(b"1"))], &[], &[(b"a", b"1")]).await;
    check(&[(b"a", Some(LARGER))], &[(b"a", None)], &[(b"a", Some(LARGE))], &[(b"a", LARGE)]).await;
    check(&[(b"a", Some(LARGE)), (b"b", Some(LARGER))], &[(b"a", None)], &[], &[(b"b", LARGER)]).await;
    // Keys that would meet if chunk numbers had no fixed width.
    check(&[(b"a", Some(LARGE))], &[(b"a\0\0\0\0", Some(LARGER))], &[(b"a", None)], &[(b"a\0\0\0\0", LARGER)]).await;
}

#[tokio::test]
async fn windows() {
    let (_folder, kv) = store();
    let keys: [&[u8]; 9] = [b"", b"a", b"b", b"b\0", b"ba", b"b\xff", b"b\xff\xff", b"c", b"\xff\xff"];
    // Committed and fresh keys alternate, so that every window crosses the layers.
    let put = move |parity| {
        move |tx: &mut Transaction<'_>| -> Outcome<()> {
            keys.iter().skip(parity).step_by(2).try_for_each(|key| tx.put(key, b"x"))
        }
    };
    kv.write(put(0)).await.unwrap();
    kv.write(move |tx| -> Outcome<()> {
        put(1)(tx)?;
        check_windows(tx);
        Ok(())
    })
    .await
    .unwrap();
    check_windows(&kv);
}

fn check_windows(read: &dyn Read) {
    let forward = |prefix: &[u8], after: Option<&[u8]>, limit, want: &[&[u8]]| {
        let keys: Vec<Vec<u8>> = read.scan(prefix, after, limit).unwrap().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, want, "scan {} {after:?} {limit}", prefix.escape_ascii());
    };
    forward(b"b", None, 100, &[b"b", b"b\0", b"ba", b"b\xff", b"b\xff\xff"]);
    forward(b"b", None, 2, &[b"b", b"b\0"]);
    forward(b"b", None, 0, &[]);
    forward(b"b", Some(b"b"), 2, &[b"b\0", b"ba"]);
    forward(b"b", Some(b"b\x01"), 1, &[b"ba"]);
    forward(b"b", Some(b"a"), 1, &[b"b"]);
    forward(b"b", Some(b"b\xff\xff"), 9, &[]);
    forward(b"b", Some(b"c"), 9, &[]);
    forward(b"b\xff", None, 9, &[b"b\xff", b"b\xff\xff"]);
    forward(b"\xff", None, 9, &[b"\xff\xff"]);
    forward(b"", None, 3, &[b"", b"a", b"b"]);
    forward(b"", Some(b""), 1, &[b"a"]);
    forward(b"x", None, 9, &[]);
    let backward = |prefix: &[u8], before: Option<&[u8]>, limit, want: &[&[u8]]| {
        let keys: Vec<Vec<u8>> =
            read.scan_back(prefix, before, limit).unwrap().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, want, "scan_back {} {before:?} {limit}", prefix.escape_ascii());
    };
    backward(b"b", None, 2, &[b"b\xff\xff", b"b\xff"]);
    backward(b"b", Some(b"b\xff"), 2, &[b"ba", b"b\0"]);
    backward(b"b", Some(b"b"), 9, &[]);
    backward(b"b", Some(b"a"), 9, &[]);
    backward(b"b", Some(b"z"), 1, &[b"b\xff\xff"]);
    backward(b"", None, 2, &[b"\xff\xff", b"c"]);
    backward(b"", Some(b"a"), 9, &[b""]);
    backward(b"", Some(b""), 9, &[]);
    backward(b"\xff", None, 0, &[]);
}
