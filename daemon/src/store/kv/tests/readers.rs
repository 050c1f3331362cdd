//! Readers beside the writer: only what is durable, never half a job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::store;
use crate::store::error::StoreError;
use crate::store::kv::asked::Asked;
use crate::store::kv::engine::Engine;
use crate::store::kv::layer::Layer;
use crate::store::kv::lock::Lock;
use crate::store::kv::shared::Shared;
use crate::store::kv::{Kv, Read, Transaction, value};

#[test]
fn readers_see_the_state_before_the_group_until_it_is_durable() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("store");
    let lock = Lock::take(&dir).unwrap();
    let shared = Shared::new(Engine::open(&dir, 1 << 20).unwrap(), lock);
    let layer = |entries: &[(&[u8], Option<&[u8]>)]| {
        let mut layer = Layer::default();
        for (key, value) in entries {
            layer.set(value::value_key(key), value.map(value::encode_inline));
        }
        layer
    };
    let all = || shared.read(|view| view.scan(b"", None, 10)).unwrap();
    shared.commit(&layer(&[(b"a", Some(b"old")), (b"b", Some(b"old"))]), Asked::default());
    let old = all();
    let group = layer(&[(b"a", Some(b"new")), (b"b", None), (b"c", Some(b"new"))]);
    shared.hide(&group, Asked::default());
    shared.engine.commit(&group);
    assert_eq!(all(), old, "applied, but not said to be durable");
    assert_eq!(shared.read(|view| view.get(b"c")).unwrap(), None);
    shared.reveal();
    assert_eq!(all(), [(b"a".to_vec(), b"new".to_vec()), (b"c".to_vec(), b"new".to_vec())]);
}

#[tokio::test]
async fn readers_never_see_half_a_job() {
    let (_folder, kv) = store();
    // Two values that are always rewritten together, from inline to three chunks.
    let rewrite = |number: usize| {
        move |tx: &mut Transaction<'_>| -> Result<(), StoreError> {
            let value = vec![number as u8; 1 + number * 997 % 10_000];
            tx.put(b"first", &value)?;
            tx.put(b"second", &value)
        }
    };
    kv.write(rewrite(0)).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let read = |kv: Kv, stop: Arc<AtomicBool>| {
        move || {
            let mut states = 0;
            let mut last = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let seen = kv.scan(b"", None, 9).unwrap();
                assert_eq!(seen.len(), 2);
                assert!(seen[0].1 == seen[1].1, "half a job");
                states += u32::from(seen[0].1 != last);
                last.clone_from(&seen[0].1);
            }
            states
        }
    };
    let readers = [0, 1].map(|_| std::thread::spawn(read(kv.clone(), Arc::clone(&stop))));
    for number in 1..300 {
        kv.write(rewrite(number)).await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.join().unwrap() > 10, "the readers saw hardly any state: starved");
    }
}
