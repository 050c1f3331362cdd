//! Group commit: order, isolation of failing and panicking jobs, backpressure, closing.

use super::{options, store};
use crate::store::error::StoreError;
use crate::store::kv::{Kv, Read};

type Outcome<T> = Result<T, StoreError>;

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let (folder, kv) = store();
    assert!(kv.was_created());
    let big = vec![7u8; 100_000];
    let stored = big.clone();
    kv.write(move |tx| -> Outcome<()> { tx.put(b"big", &stored).and_then(|()| tx.put(b"small", b"1")) }).await.unwrap();
    drop(kv);
    let kv = Kv::open(&options(&folder)).unwrap();
    assert!(!kv.was_created());
    assert_eq!(kv.get(b"big").unwrap(), Some(big));
    assert_eq!(kv.get(b"small").unwrap(), Some(b"1".to_vec()));
}
