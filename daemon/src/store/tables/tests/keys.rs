//! The shape of keys.

use std::collections::BTreeSet;

use super::samples::at;
use crate::store::tables::prefix::{ALL, time_bytes, time_of};
use jiff::Timestamp;

#[test]
fn no_two_tables_share_a_byte_or_a_name() {
    let bytes: BTreeSet<[u8; 1]> = ALL.iter().map(|table| table.all()).collect();
    let names: BTreeSet<&str> = ALL.iter().map(|table| table.name).collect();
    assert_eq!((bytes.len(), names.len()), (ALL.len(), ALL.len()));
}

#[test]
fn every_table_is_described() {
    let text = include_str!("../prefix.rs");
    for table in ALL {
        assert!(text.contains(&format!("//! | `{}` |", table.name)), "{}", table.name);
    }
}

#[test]
fn times_sort_and_come_back() {
    let times =
        [Timestamp::MIN, Timestamp::from_millisecond(-1).unwrap(), Timestamp::UNIX_EPOCH, at(0), Timestamp::MAX];
    let keys = times.map(time_bytes);
    assert!(keys.is_sorted());
    for (time, key) in times.into_iter().zip(keys) {
        assert_eq!(time_of(key).map(Timestamp::as_millisecond), Some(time.as_millisecond()));
    }
    assert_eq!(time_of([0; 8]), None);
}
