//! kill -9 at random moments, during open, too; and two processes on one store.
//!
//! `MAILDESK_KILLS` sets how many (default 40).

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "all of this file is a test")]

mod store_child;

use std::time::Duration;

use maildesk_daemon::store::error::OpenError;
use maildesk_daemon::store::kv::Kv;
use store_child::{Moments, Writer, options, pass, verify};

/// The child's side; does nothing as a test of its own.
#[test]
fn child() {
    store_child::write_until_killed();
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let kills: u32 = std::env::var("MAILDESK_KILLS").map_or(40, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (store, acks) = (folder.path().join("store"), folder.path().join("acks"));
    let mut moments = Moments(0x9e37_79b9_7f4a_7c15);
    let (mut last, mut acked_in_all, mut during_open) = (0, 0, 0);
    for kill in 0..kills {
        let batch = [1, 12, 300][kill as usize % 3];
        let mut writer = Writer::start(&store, &acks, batch);
        if kill % 4 == 0 {
            // Somewhere in start and recovery; what it takes depends on the machine, so some hit the first writes.
            pass(moments.below(Duration::from_millis(60)));
        } else {
            writer.wait_for("open store", |open, _| open);
            pass(moments.below(Duration::from_millis(300)));
        }
        during_open += u32::from(!writer.acked().0);
        let acked = writer.kill();
        acked_in_all += acked.saturating_sub(last);
        last = verify(&store, acked.max(last));
    }
    println!("{kills} kills ({during_open} before the store was open), {acked_in_all} acknowledged records, all there");
    assert!(kills < 8 || (during_open > 0 && acked_in_all > 0), "the kills did not meet the moments they are for");
}

#[test]
fn a_second_process_is_told_who_holds_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let (store, acks) = (folder.path().join("store"), folder.path().join("acks"));
    let mut writer = Writer::start(&store, &acks, 1);
    writer.wait_for("first ack", |_, acked| acked > 0);
    match Kv::open(&options(&store)) {
        Err(error @ OpenError::Locked { .. }) => {
            let text = error.to_string();
            assert!(text.contains(&format!("in use by process {} ", writer.id())), "{text}");
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("two processes on one store"),
    }
    let acked = writer.kill();
    verify(&store, acked);
}
