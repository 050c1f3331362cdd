//! A process that writes to a store until it is killed, and the check of what must be there afterwards.
//!
//! The test binary starts itself as the child: its test `child` does nothing unless the environment names a store.
//! Acknowledgements go to a file outside of the store; `write` outlives kill -9.
#![allow(dead_code, reason = "shared by test binaries of which each needs a part")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use maildesk_daemon::store::error::StoreError;
use maildesk_daemon::store::kv::{Kv, Options, Read, Transaction};

const STORE: &str = "MAILDESK_TEST_STORE";
const ACKS: &str = "MAILDESK_TEST_ACKS";
const MIN_FREE: &str = "MAILDESK_TEST_MIN_FREE";
const BATCH: &str = "MAILDESK_TEST_BATCH";
/// Records that stay; older ones are deleted, so that the log is used again and again.
const KEPT: u64 = 600;

pub(crate) fn options(store: &Path) -> Options {
    Options { min_free_bytes: 16 << 20, cache_bytes: 4 << 20, ..Options::new(store) }
}

/// The keys of a record with their values; sizes from inline to several chunks.
fn parts(number: u64) -> [(Vec<u8>, Vec<u8>); 3] {
    let part = |kind: u8, length: u64| {
        let key = [&[kind][..], &number.to_be_bytes()].concat();
        (key, number.to_le_bytes().into_iter().cycle().take(length as usize).collect())
    };
    [part(b't', 300), part(b'm', 500 + number * 7919 % 20_000), part(b'x', number % 5000)]
}

fn job(number: u64) -> impl FnOnce(&mut Transaction<'_>) -> Result<u64, StoreError> + Send + 'static {
    move |tx| {
        for (key, value) in parts(number) {
            tx.put(&key, &value)?;
        }
        if let Some(old) = number.checked_sub(KEPT) {
            for (key, _) in parts(old) {
                tx.delete(&key)?;
            }
        }
        tx.put(b"last", &number.to_be_bytes())?;
        Ok(number)
    }
}

pub(crate) fn last(kv: &Kv) -> u64 {
    kv.get(b"last").unwrap().map_or(0, |last| u64::from_be_bytes(last.try_into().unwrap()))
}

/// The child's part: opens, says so, writes for ever. Returns at once in the parent.
pub(crate) fn write_until_killed() {
    let Ok(store) = std::env::var(STORE) else { return };
    // Also ends where the test is interrupted, or where it stands under strace, which is what gets killed then.
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).unwrap();
    let min_free_bytes = std::env::var(MIN_FREE).unwrap().parse().unwrap();
    let kv = Kv::open(&Options { min_free_bytes, ..options(Path::new(&store)) }).unwrap();
    let mut acks = File::options().append(true).open(std::env::var(ACKS).unwrap()).unwrap();
    let most: u64 = std::env::var(BATCH).unwrap().parse().unwrap();
    acks.write_all(b"open\n").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut next = last(&kv) + 1;
    loop {
        let batch = 1 + next * 31 % most;
        let jobs = (next..next + batch).map(job).collect();
        for outcome in runtime.block_on(kv.write_all(jobs)) {
            acks.write_all(format!("{}\n", outcome.unwrap()).as_bytes()).unwrap();
        }
        next += batch;
    }
}

/// A running child; killed when dropped.
pub(crate) struct Writer {
    child: Child,
    acks: PathBuf,
}

impl Writer {
    /// Starts the child.
    pub(crate) fn start(store: &Path, acks: &Path, batch: u32) -> Writer {
        Writer::start_with(store, acks, batch, options(store).min_free_bytes, &[])
    }

    /// Starts the child with less space kept free, or under `strace` or the like where `before` has words.
    pub(crate) fn start_with(store: &Path, acks: &Path, batch: u32, min_free: u64, before: &[String]) -> Writer {
        fs::write(acks, b"").unwrap();
        let this = std::env::current_exe().unwrap();
        let mut words: Vec<_> = before.iter().map(Into::into).collect();
        words.push(this.into_os_string());
        let child = Command::new(&words[0])
            .args(&words[1..])
            .args(["--exact", "child", "--nocapture"])
            .env(STORE, store)
            .env(ACKS, acks)
            .env(BATCH, batch.to_string())
            .env(MIN_FREE, min_free.to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Writer { child, acks: acks.to_path_buf() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether the store is open, and the highest acknowledged number of this child.
    pub(crate) fn acked(&self) -> (bool, u64) {
        let text = fs::read_to_string(&self.acks).unwrap();
        // The last line may be half written.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        (whole.starts_with("open"), whole.lines().skip(1).filter_map(|line| line.parse().ok()).max().unwrap_or(0))
    }

    pub(crate) fn wait_for(&mut self, what: &str, condition: impl Fn(bool, u64) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let (open, acked) = self.acked();
            if condition(open, acked) {
                return;
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the child ended by itself ({status}) while waiting for {what}");
            }
            assert!(Instant::now() < deadline, "no {what} within 60 s");
            std::thread::yield_now();
        }
    }

    /// Waits for the end it comes to by itself.
    pub(crate) fn end(&mut self) -> std::process::ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the child does not end");
            std::thread::yield_now();
        }
    }

    /// kill -9; returns the highest number acknowledged until then.
    pub(crate) fn kill(mut self) -> u64 {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.acked().1
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Opens the store and checks: everything up to `acked` is there, every record is whole or not there at all, nothing
/// beside them, no blob file. Returns the last number in the store.
pub(crate) fn verify(store: &Path, acked: u64) -> u64 {
    let kv = Kv::open(&options(store)).unwrap_or_else(|error| panic!("after {acked} acks: {error}"));
    let last = last(&kv);
    assert!(last >= acked, "{acked} was acknowledged, {last} is the last in the store");
    for number in last.saturating_sub(KEPT - 1).max(1)..=last {
        for (key, value) in parts(number) {
            assert!(kv.get(&key).unwrap() == Some(value), "part {} of {number} of {last}", key[0].escape_ascii());
        }
    }
    let keys = kv.scan(b"", None, usize::MAX).unwrap().len() as u64;
    let want = if last == 0 { 0 } else { 1 + 3 * last.min(KEPT) };
    assert_eq!(keys, want, "half a record is there");
    drop(kv);
    assert_eq!(fs::read_dir(store.join("blobs")).map_or(0, Iterator::count), 0, "a value went to blobs/");
    last
}

/// A small generator (xorshift) for moments; the seed is printed by its user.
pub(crate) struct Moments(pub(crate) u64);

impl Moments {
    pub(crate) fn below(&mut self, limit: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        limit.mul_f64((self.0 >> 11) as f64 / (1u64 << 53) as f64)
    }
}

/// Lets `length` pass: when the blow falls is the one thing here that is a matter of time.
pub(crate) fn pass(length: Duration) {
    std::thread::sleep(length);
}
