//! Damaged chunked values are reported with their key, never returned; and what rewriting leaves behind.

use super::{options, put, store};
use crate::store::error::StoreError;
use crate::store::kv::engine::{Bytes, Engine};
use crate::store::kv::layer::{Layer, Range};
use crate::store::kv::value::{Head, chunk_key, value_key};
use crate::store::kv::{Kv, Read};

/// Changes one stored record behind the back of the waist; the key holds 10,000 bytes in three chunks.
async fn check(stored_key: Vec<u8>, change: Option<Vec<u8>>, problem: &'static str) {
    let (folder, kv) = store();
    kv.write(put(b"mail\x01", &vec![9; 10_000])).await.unwrap();
    kv.write(put(b"sound", b"1")).await.unwrap();
    drop(kv);
    let engine = Engine::open(&options(&folder).dir, 1 << 20).unwrap();
    let mut layer = Layer::default();
    layer.set(stored_key, change.map(Bytes::from));
    engine.commit(&layer);
    drop(engine);
    let kv = Kv::open(&options(&folder)).unwrap();
    let want = StoreError::Corrupt { key: "mail\\x01".into(), problem };
    assert_eq!(kv.get(b"mail\x01"), Err(want.clone()));
    assert_eq!(kv.scan(b"mail", None, 10), Err(want.clone()));
    let seen = kv.write(|tx| tx.get(b"mail\x01")).await;
    assert_eq!(seen, Err(want));
    assert_eq!(kv.get(b"sound").unwrap(), Some(b"1".to_vec()), "one bad value is only one value's problem");
    kv.write(put(b"mail\x01", b"new")).await.unwrap();
    assert_eq!(kv.get(b"mail\x01").unwrap(), Some(b"new".to_vec()), "a damaged value can be replaced");
}

#[tokio::test]
async fn a_damaged_value_is_reported() {
    check(chunk_key(b"mail\x01", 1), None, "a chunk is missing").await;
    check(chunk_key(b"mail\x01", 2), Some(vec![9; 10]), "its length is wrong").await;
    check(chunk_key(b"mail\x01", 0), Some(vec![8; 4096]), "its checksum is wrong").await;
    check(value_key(b"mail\x01"), Some(vec![1, 0]), "its form is unknown").await;
    check(value_key(b"mail\x01"), Some(vec![]), "its form is unknown").await;
    check(
        value_key(b"mail\x01"),
        Some(Head { length: u32::MAX, crc: 0 }.encode().to_vec()),
        "its length is out of range",
    )
    .await;
}

#[tokio::test]
async fn rewriting_and_deleting_leave_no_chunks() {
    let (folder, kv) = store();
    for length in [50_000, 10_000, 4095, 20_000, 0, 30_000] {
        kv.write(put(b"a", &vec![1; length])).await.unwrap();
    }
    kv.write(put(b"b", &vec![1; 4096])).await.unwrap();
    kv.write(|tx| tx.delete(b"b")).await.unwrap();
    // Both in one job: its own earlier chunks go, too.
    kv.write(|tx| tx.put(b"c", &[1; 9000]).and_then(|()| tx.delete(b"c"))).await.unwrap();
    drop(kv);
    let engine = Engine::open(&options(&folder).dir, 1 << 20).unwrap();
    let everything = Range::new(std::ops::Bound::Included(b"c".to_vec()), b"d".to_vec(), false).unwrap();
    let chunks: Vec<Vec<u8>> = engine.range(&everything).map(|(key, _)| key.to_vec()).collect();
    assert_eq!(chunks, (0..8).map(|number| chunk_key(b"a", number)).collect::<Vec<_>>());
}
