//! Random groups of jobs against an ordered map.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{options, store};
use crate::store::error::StoreError;
use crate::store::kv::{Entry, Kv, Read, Transaction};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;
type Window = (Vec<u8>, Option<Vec<u8>>, usize);

#[derive(Debug, Clone)]
struct Spec {
    steps: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    window: Window,
    fails: bool,
}

#[derive(Debug, PartialEq)]
enum Refused {
    AsPlanned,
    ByStore(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Refused {
        Refused::ByStore(error)
    }
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(vec![0u8, 1, b'a', 0xff]), 0..4)
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let length = prop::sample::select(vec![0usize, 1, 100, 4094, 4095, 4096, 4097, 8192, 8193, 30_000]);
    (length, any::<u8>()).prop_map(|(length, byte)| vec![byte; length])
}

fn spec() -> impl Strategy<Value = Spec> {
    let window = (key(), prop::option::of(key()), 0usize..6);
    let steps = prop::collection::vec((key(), prop::option::weighted(0.7, value())), 0..6);
    (steps, window, prop::bool::weighted(0.2)).prop_map(|(steps, window, fails)| Spec { steps, window, fails })
}

fn windows(model: &Model, (prefix, bound, limit): &Window) -> (Vec<Entry>, Vec<Entry>) {
    let with_prefix = || model.iter().filter(|(key, _)| key.starts_with(prefix));
    let owned = |(key, value): (&Vec<u8>, &Vec<u8>)| (key.clone(), value.clone());
    let after = with_prefix().filter(|(key, _)| bound.as_ref().is_none_or(|bound| *key > bound));
    let before = with_prefix().rev().filter(|(key, _)| bound.as_ref().is_none_or(|bound| *key < bound));
    (after.take(*limit).map(owned).collect(), before.take(*limit).map(owned).collect())
}

fn read_windows(read: &dyn Read, (prefix, bound, limit): &Window) -> Result<(Vec<Entry>, Vec<Entry>), StoreError> {
    let bound = bound.as_deref();
    Ok((read.scan(prefix, bound, *limit)?, read.scan_back(prefix, bound, *limit)?))
}

fn job(spec: Spec) -> impl FnOnce(&mut Transaction<'_>) -> Result<(Vec<Entry>, Vec<Entry>), Refused> + Send + 'static {
    move |tx| {
        for (key, value) in &spec.steps {
            match value {
                Some(value) => tx.put(key, value)?,
                None => tx.delete(key)?,
            }
        }
        let seen = read_windows(tx, &spec.window)?;
        if spec.fails { Err(Refused::AsPlanned) } else { Ok(seen) }
    }
}

async fn check(groups: Vec<Vec<Spec>>) {
    let (folder, kv) = store();
    let mut model = Model::new();
    for group in groups {
        let mut want = Vec::new();
        for spec in &group {
            let mut changed = model.clone();
            for (key, value) in &spec.steps {
                match value {
                    Some(value) => changed.insert(key.clone(), value.clone()),
                    None => changed.remove(key),
                };
            }
            if spec.fails {
                want.push(Err(Refused::AsPlanned));
            } else {
                want.push(Ok(windows(&changed, &spec.window)));
                model = changed;
            }
        }
        let window = group.first().map(|spec| spec.window.clone());
        assert!(kv.write_all(group.into_iter().map(job).collect()).await == want, "a job saw something else");
        if let Some(window) = window {
            assert!(read_windows(&kv, &window).unwrap() == windows(&model, &window), "a reader saw something else");
        }
    }
    drop(kv);
    let kv = Kv::open(&options(&folder)).unwrap();
    let all = kv.scan(b"", None, usize::MAX).unwrap();
    assert!(all == model.into_iter().collect::<Vec<_>>(), "reopened, the store holds something else");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_is_an_ordered_map(groups in prop::collection::vec(prop::collection::vec(spec(), 0..5), 1..5)) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(check(groups));
    }
}
