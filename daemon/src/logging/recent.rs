//! The newest log lines, held in memory for consoles: bounded in lines and in bytes.

use crate::clock::Clock;
use jiff::Timestamp;
use maildesk_core::rpc::{LogLevel, LogLine, LogPart, LogQuery};
use maildesk_core::text::clean_line;
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Lines that are held at the most; older ones go.
const MOST_LINES: usize = 500;
/// Bytes that they take at the most.
const MOST_BYTES: usize = 128 << 10;
/// Bytes of one line that are kept.
const LONGEST: usize = 2 << 10;

/// The ring that log lines go through. Copies share it.
#[derive(Clone)]
pub struct RecentLog {
    ring: Arc<Mutex<Ring>>,
    newest: Arc<watch::Sender<u64>>,
    clock: Clock,
}

struct Ring {
    lines: VecDeque<LogLine>,
    bytes: usize,
    next: u64,
}

impl RecentLog {
    /// An empty one. Its lines are counted on from the time in microseconds, so that whoever has seen lines of an
    /// earlier daemon goes on with those of this one.
    pub fn new(clock: Clock) -> Self {
        let next = u64::try_from(clock.now().as_microsecond()).unwrap_or(1);
        let ring = Ring { lines: VecDeque::new(), bytes: 0, next };
        Self { ring: Arc::new(Mutex::new(ring)), newest: Arc::new(watch::Sender::new(0)), clock }
    }

    /// The lines that are wanted, as far as they are still held.
    pub fn read(&self, query: &LogQuery) -> LogPart {
        self.lock().read(query)
    }

    /// Returns when there are lines behind this one.
    pub async fn grown(&self, seen: u64) {
        let mut newest = self.newest.subscribe();
        if newest.wait_for(|newest| *newest > seen).await.is_err() {
            // It cannot close while this holds the other end.
            std::future::pending::<()>().await;
        }
    }

    fn one(&self, level: LogLevel) -> OneLine {
        OneLine { log: self.clone(), level, text: Vec::new() }
    }

    fn push(&self, level: LogLevel, text: &[u8]) {
        let at = self.clock.now();
        let seq = self.lock().push(at, level, text);
        self.newest.send_modify(|newest| *newest = seq.max(*newest));
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn push(&mut self, at: Timestamp, level: LogLevel, text: &[u8]) -> u64 {
        let seq = self.next;
        self.next += 1;
        let text = clean_line(&String::from_utf8_lossy(text));
        let line = LogLine { seq, at, level, text };
        self.bytes += size(&line);
        self.lines.push_back(line);
        while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
            let Some(gone) = self.lines.pop_front() else { break };
            self.bytes -= size(&gone);
        }
        seq
    }

    fn read(&self, query: &LogQuery) -> LogPart {
        let limit = query.limit as usize;
        let newest = self.next.saturating_sub(1);
        let wanted = |line: &&LogLine| line.level <= query.level;
        let Some(after) = query.after else {
            let mut lines: Vec<LogLine> = self.lines.iter().rev().filter(wanted).take(limit).cloned().collect();
            lines.reverse();
            return LogPart { lines, next: newest, missed: false };
        };
        let behind = |line: &&LogLine| line.seq > after;
        let oldest = self.lines.front().map_or(self.next, |line| line.seq);
        let lines: Vec<LogLine> = self.lines.iter().filter(behind).filter(wanted).take(limit).cloned().collect();
        let cut = lines.last().map(|line| line.seq).filter(|_| lines.len() == limit);
        LogPart { lines, next: cut.unwrap_or(newest.max(after)), missed: after.saturating_add(1) < oldest }
    }
}

/// Bytes that a line takes.
fn size(line: &LogLine) -> usize {
    size_of::<LogLine>() + line.text.capacity()
}

impl<'a> MakeWriter<'a> for RecentLog {
    type Writer = OneLine;

    fn make_writer(&'a self) -> OneLine {
        self.one(LogLevel::Info)
    }

    fn make_writer_for(&'a self, of: &Metadata<'_>) -> OneLine {
        let level = match *of.level() {
            Level::ERROR => LogLevel::Error,
            Level::WARN => LogLevel::Warning,
            _ => LogLevel::Info,
        };
        self.one(level)
    }
}

/// Takes what is written for one event; the ring has it once this is dropped.
pub struct OneLine {
    log: RecentLog,
    level: LogLevel,
    text: Vec<u8>,
}

impl io::Write for OneLine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = LONGEST.saturating_sub(self.text.len());
        self.text.extend(bytes.iter().take(room));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for OneLine {
    fn drop(&mut self) {
        self.log.push(self.level, &self.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::layer::SubscriberExt;

    const ALL: LogQuery = LogQuery { after: None, level: LogLevel::Info, limit: 1000 };

    fn texts(part: &LogPart) -> Vec<&str> {
        part.lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn lines_come_with_their_level_and_fields_and_without_what_steers_terminals() {
        let log = RecentLog::new(Clock);
        let subscriber = tracing_subscriber::registry().with(super::super::for_consoles(log.clone()));
        tracing::subscriber::with_default(subscriber, || {
            tracing::debug!("too small");
            tracing::info!(mailbox = "desk", "polled");
            tracing::warn!(said = %"\u{1b}[31mno\u{202e}", "refused");
            tracing::error!("gone");
        });
        let part = log.read(&ALL);
        assert_eq!(texts(&part), ["polled mailbox=\"desk\"", "refused said= [31mno", "gone"]);
        let worse = log.read(&LogQuery { level: LogLevel::Warning, limit: 1, ..ALL });
        assert_eq!((texts(&worse), worse.lines[0].level), (vec!["gone"], LogLevel::Error));
        assert_eq!(worse.next, part.next);
    }

    #[test]
    fn it_stays_small_and_says_what_was_missed() {
        let log = RecentLog::new(Clock);
        let first = log.lock().next;
        (0..2000).for_each(|_| log.push(LogLevel::Info, &[b'x'; LONGEST]));
        assert!(log.lock().bytes <= MOST_BYTES && log.lock().lines.len() > 50);
        let missed = log.read(&LogQuery { after: Some(first), ..ALL });
        assert!(missed.missed);
        (0..2000).for_each(|at| log.push(LogLevel::Info, at.to_string().as_bytes()));
        assert_eq!(log.read(&ALL).lines.len(), MOST_LINES);
        let newest = first + 3999;
        let two = LogQuery { after: Some(newest - 3), limit: 2, ..ALL };
        let part = log.read(&two);
        assert_eq!((texts(&part), part.next, part.missed), (vec!["1997", "1998"], newest - 1, false));
        let rest = log.read(&LogQuery { after: Some(part.next), ..two });
        assert_eq!((texts(&rest), rest.next), (vec!["1999"], newest));
        assert_eq!(log.read(&LogQuery { after: Some(newest), ..two }).next, newest);
    }

    #[tokio::test]
    async fn whoever_waits_is_told_of_a_new_line() {
        let log = RecentLog::new(Clock);
        log.push(LogLevel::Info, b"one");
        let seen = log.read(&ALL).next;
        let (other, waiting) = (log.clone(), log.grown(seen));
        let write = async { other.push(LogLevel::Error, b"two") };
        futures::join!(waiting, write);
        assert_eq!(texts(&log.read(&LogQuery { after: Some(seen), ..ALL })), ["two"]);
    }
}
