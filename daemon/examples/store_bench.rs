//! Measures the store: durable commits per second in groups, against raw fdatasync of the same disk; what readers
//! wait meanwhile; and the memory an empty store costs.
//!
//! `cargo run --release --example store_bench -- FOLDER` (the folder decides which disk is measured).
#![allow(clippy::print_stdout, reason = "a program that prints measurements")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a program for developers; a failure may end it")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use maildesk_daemon::store::error::StoreError;
use maildesk_daemon::store::kv::{Kv, Options, Read, Transaction};

const LENGTH: Duration = Duration::from_secs(3);

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder on the disk to measure"));
    let store = folder.join("store-bench");
    drop(fs::remove_dir_all(&store));
    println!("resident memory before the store: {} kB", resident());
    let kv = Kv::open(&Options { min_free_bytes: 16 << 20, ..Options::new(&store) }).expect("a new store");
    println!("resident memory with an empty store: {} kB", resident());
    raw(&folder);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for group in [1, 10, 100] {
        runtime.block_on(commits(&kv, group));
    }
    readers(&kv, &runtime);
    println!("resident memory after all: {} kB", resident());
    drop(kv);
    fs::remove_dir_all(&store).unwrap();
}

fn raw(folder: &Path) {
    let path = folder.join("store-bench.raw");
    let mut file = File::create(&path).unwrap();
    let mut times = Times::default();
    let begun = Instant::now();
    while begun.elapsed() < LENGTH {
        let start = Instant::now();
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        times.add(start);
    }
    times.print("raw 4 KiB append + fdatasync", 1, begun);
    fs::remove_file(path).unwrap();
}

/// A mail of about 16 kB: a record, a body of 2 to 30 kB, three small index entries, a mark.
fn mail(number: u64) -> impl FnOnce(&mut Transaction<'_>) -> Result<(), StoreError> + Send + 'static {
    move |tx| {
        let id = number.to_be_bytes();
        let body = vec![b'x'; 2000 + (number * 7919 % 28_000) as usize];
        tx.put(&[b"t", &id[..]].concat(), &[b't'; 500])?;
        tx.put(&[b"b", &id[..]].concat(), &body)?;
        for index in [b"i", b"c", b"u"] {
            tx.put(&[&index[..], &number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()].concat(), &id)?;
        }
        tx.put(&[b"o", &id[..]].concat(), &[b'o'; 200])
    }
}

async fn commits(kv: &Kv, group: u64) {
    let mut times = Times::default();
    let mut number = group << 32;
    let begun = Instant::now();
    while begun.elapsed() < LENGTH {
        let start = Instant::now();
        for outcome in kv.write_all((0..group).map(|mail_number| mail(number + mail_number)).collect()).await {
            outcome.unwrap();
        }
        number += group;
        times.add(start);
    }
    times.print(&format!("mails of 16 kB, {group} in a group"), group, begun);
}

/// Readers beside a writer that never rests.
fn readers(kv: &Kv, runtime: &tokio::runtime::Runtime) {
    let stop = Arc::new(AtomicBool::new(false));
    let reading = std::thread::spawn({
        let (kv, stop) = (kv.clone(), Arc::clone(&stop));
        move || {
            let mut times = Times::default();
            let begun = Instant::now();
            while !stop.load(Ordering::Relaxed) {
                let start = Instant::now();
                kv.scan_back(b"t", None, 20).unwrap();
                times.add(start);
            }
            times.print("reads of the newest 20 records meanwhile", 1, begun);
        }
    });
    runtime.block_on(commits(kv, 10));
    stop.store(true, Ordering::Relaxed);
    reading.join().unwrap();
}

#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    fn add(&mut self, start: Instant) {
        self.0.push(start.elapsed());
    }

    fn print(mut self, what: &str, each: u64, begun: Instant) {
        self.0.sort();
        let at = |part: f64| self.0[((self.0.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
        let rate = (self.0.len() as u64 * each) as f64 / begun.elapsed().as_secs_f64();
        println!("{what}: {rate:.0}/s; p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms", at(0.5), at(0.99), at(1.0));
    }
}

fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
