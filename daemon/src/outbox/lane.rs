//! A sender's connections: a few, kept between mails, each with one mail at a time.

use super::broken::{self, Broken};
use super::cut_off::CutOff;
use super::judge::{Judgement, Verdict, Words};
use super::settle::settle;
use super::triage::{self, Looked};
use super::unsettled::{Unsettled, Verdicts, channel, settle_all};
use super::way::Way;
use super::worker::OutboxParts;
use crate::blob::BlobError;
use crate::dkim::{SignError, Signer};
use crate::store::error::StoreError;
use crate::store::outbox;
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::ids::OutboxId;
use maildesk_core::outbox::blame::Suspects;
use maildesk_core::rpc::SenderStatus;
use maildesk_core::settings::Sender;
use maildesk_core::text::clean_line;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Mails that make a further connection worth its handshakes.
const MAILS_PER_CONNECTION: usize = 4;
/// Mails sent over one connection before it is renewed; many servers close after 100.
const MAILS_BEFORE_RENEWAL: u32 = 100;

pub(super) struct Lane {
    parts: OutboxParts,
    sender: Arc<Sender>,
    board: Arc<watch::Sender<SenderStatus>>,
    /// Signs what is sent from now on; absent: it goes out as it is queued.
    pub(super) signer: Option<Signer>,
    idle: Vec<Kept>,
    last_used: Instant,
    accepted: AtomicU32,
    cut_off: CutOff,
}

/// What the connections of one window share.
#[derive(Default)]
struct Work {
    queue: Mutex<VecDeque<OutboxId>>,
    /// How many mails may still go.
    allowance: AtomicUsize,
    /// Due mails that are not to be sent now.
    aside: Mutex<Vec<OutboxId>>,
    /// Due mails that the store does not give back.
    broken: Mutex<Vec<Broken>>,
    /// A mail was given to the server.
    tried: AtomicBool,
    /// The server took one.
    passed: AtomicBool,
    suspects: Mutex<Suspects<Suspect>>,
    /// The account is to blame: no more mails are tried.
    convicted: AtomicBool,
}

/// A mail whose refusal may be the account's.
struct Suspect {
    id: OutboxId,
    verdict: Verdict,
    diagnosis: Box<Diagnosis>,
}

struct Kept {
    way: Way,
    sent: u32,
}

/// How a window of mails ended.
pub(super) enum LaneEnd {
    Sent,
    /// None was sent, some were moved out of the way; there may be more.
    PutAside,
    /// None is due any more.
    Nothing,
    /// No connection, or it broke: the mails that were not settled stay due, and nothing is counted against them.
    Unreachable(Diagnosis),
    Store(StoreError),
}

impl Lane {
    pub(super) fn new(parts: OutboxParts, sender: Arc<Sender>, board: Arc<watch::Sender<SenderStatus>>) -> Self {
        let (idle, last_used, accepted) = (Vec::new(), Instant::now(), AtomicU32::new(0));
        Self { parts, sender, board, signer: None, idle, last_used, accepted, cut_off: CutOff::default() }
    }

    pub(super) fn idle_for(&self, time: Duration) -> bool {
        !self.idle.is_empty() && self.last_used.elapsed() >= time
    }

    pub(super) async fn close(&mut self) {
        for kept in self.idle.drain(..) {
            kept.way.close().await;
        }
    }

    /// Sends these mails, as far as they are to be sent and the allowance goes, over as many connections as are worth
    /// it. Returns when all are settled or the server fails.
    pub(super) async fn send(&mut self, due: Vec<OutboxId>, allowance: usize, stop: &CancellationToken) -> LaneEnd {
        let wanted = due.len().min(allowance).div_ceil(MAILS_PER_CONNECTION).clamp(1, self.sender.way.at_once());
        let allowance = AtomicUsize::new(allowance);
        let work = Work { queue: Mutex::new(self.cut_off.last(due)), allowance, ..Work::default() };
        let mut kept: Vec<Option<Kept>> = self.idle.drain(..).map(Some).collect();
        kept.resize_with(wanted.max(kept.len()), || None);
        let (verdicts, arriving) = channel();
        let runners: Vec<_> = kept.into_iter().map(|kept| self.run(&work, kept, stop, verdicts.clone())).collect();
        // Each connection holds one; the last to end says that no more come.
        drop(verdicts);
        let runners = futures::future::join_all(runners);
        let (ends, settled) = futures::future::join(runners, settle_all(&self.parts, &self.sender, arriving)).await;
        self.last_used = Instant::now();
        let aside = std::mem::take(&mut *lock(&work.aside));
        let broken = std::mem::take(&mut *lock(&work.broken));
        let mut end = match work.tried.load(Ordering::Relaxed) {
            true => LaneEnd::Sent,
            false if !(aside.is_empty() && broken.is_empty()) => LaneEnd::PutAside,
            false => LaneEnd::Nothing,
        };
        for (kept, failed) in ends {
            self.idle.extend(kept);
            if let Some(failed) = failed {
                end = failed;
            }
        }
        if let Err(error) = settled {
            return LaneEnd::Store(error);
        }
        if let Err(error) = broken::end_all(&self.parts, &self.sender, broken).await {
            return LaneEnd::Store(error);
        }
        if let Err(error) = triage::put_aside(&self.parts, aside, self.parts.clock.now()).await {
            return LaneEnd::Store(error);
        }
        let judged = std::mem::take(&mut *lock(&work.suspects)).end();
        for suspect in judged.own {
            if let Err(error) = settle(&self.parts, suspect.id, suspect.verdict).await {
                return LaneEnd::Store(error);
            }
        }
        match (end, judged.account.into_iter().next()) {
            (LaneEnd::Sent, Some(suspect)) => LaneEnd::Unreachable(*suspect.diagnosis),
            (end, _) => end,
        }
    }

    /// How many mails were accepted since this was last asked.
    pub(super) fn take_accepted(&self) -> u32 {
        self.accepted.swap(0, Ordering::Relaxed)
    }

    /// One connection's share: takes mails from the queue until it is empty or the connection fails.
    async fn run(
        &self,
        work: &Work,
        mut kept: Option<Kept>,
        stop: &CancellationToken,
        verdicts: Verdicts,
    ) -> (Option<Kept>, Option<LaneEnd>) {
        loop {
            if stop.is_cancelled() || work.convicted.load(Ordering::Relaxed) {
                return (kept, None);
            }
            let Some(id) = lock(&work.queue).pop_front() else { return (kept, None) };
            // Marked before the look: who cancels from now on is told that it is being sent.
            let mark = self.parts.sending.mark(id);
            let entry = match triage::look(&self.parts, &self.sender.name, id, self.parts.clock.now()) {
                Ok(Looked::Send(entry)) => entry,
                Ok(Looked::Aside) => {
                    lock(&work.aside).push(id);
                    continue;
                }
                Ok(Looked::Gone) => continue,
                Ok(Looked::Broken(why)) => {
                    lock(&work.broken).push((id, why));
                    continue;
                }
                Err(error) => return (None, Some(LaneEnd::Store(error))),
            };
            if !take_one(&work.allowance) {
                return (kept, None);
            }
            let mut open = match self.connection(kept.take()).await {
                Ok(open) => open,
                Err(diagnosis) => return (None, Some(LaneEnd::Unreachable(diagnosis))),
            };
            let message = match outbox::message(&self.parts.store, id) {
                Ok(Some(message)) => Ok(message),
                Ok(None) => Err("its text is missing from the store".to_owned()),
                Err(error) if error.is_damage() => Err(error.to_string()),
                Err(error) => return (None, Some(LaneEnd::Store(error))),
            };
            let message = match message {
                Ok(message) => message,
                Err(why) => {
                    kept = Some(open);
                    lock(&work.broken).push((id, why));
                    work.allowance.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
            };
            let message = match self.parts.files.whole(&entry, message).await {
                Ok(whole) => whole,
                Err(error) => {
                    kept = Some(open);
                    let verdict = Verdict::Deferred(unread(&error));
                    if verdicts.send(Unsettled { mark, id, verdict }).await.is_err() {
                        return (None, None);
                    }
                    continue;
                }
            };
            let message = match self.signer.as_ref().map(|signer| signer.sign(&message)).transpose() {
                Ok(signed) => signed.unwrap_or(message),
                Err(error) => return (Some(open), Some(LaneEnd::Unreachable(unsigned(&error)))),
            };
            work.tried.store(true, Ordering::Relaxed);
            let judgement = open.way.send(&entry, message).await;
            open.sent += 1;
            match judgement {
                Judgement::Mail(verdict) => {
                    let passed = matches!(verdict, Verdict::Accepted { .. });
                    if passed {
                        work.passed.store(true, Ordering::Relaxed);
                    }
                    self.cut_off.settled(id);
                    if verdicts.send(Unsettled { mark, id, verdict }).await.is_err() {
                        // The store has failed, as the settling says at its end.
                        return (None, None);
                    }
                    if let Err(error) = self.clear(work, passed).await {
                        return (None, Some(LaneEnd::Store(error)));
                    }
                }
                Judgement::Suspect { verdict, transient, diagnosis } => {
                    let suspect = Suspect { id, verdict, diagnosis };
                    if lock(&work.suspects).refused(suspect, transient) {
                        work.convicted.store(true, Ordering::Relaxed);
                    }
                }
                // Servers close idle connections without a word; only a new one tells whether this one is down.
                Judgement::Account(_) if open.sent > 1 => {
                    lock(&work.queue).push_front(id);
                    work.allowance.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                Judgement::Account(diagnosis) => {
                    let Some(words) = self.cut_off.at(id, work.passed.load(Ordering::Relaxed), &diagnosis) else {
                        return (None, Some(LaneEnd::Unreachable(*diagnosis)));
                    };
                    if verdicts.send(Unsettled { mark, id, verdict: Verdict::Deferred(words) }).await.is_err() {
                        return (None, None);
                    }
                    continue;
                }
            }
            kept = open.way.is_usable().then_some(open);
        }
    }

    /// Counts a mail that passed, and settles those whose refusal was their own after all.
    async fn clear(&self, work: &Work, passed: bool) -> Result<(), StoreError> {
        if passed {
            self.accepted.fetch_add(1, Ordering::Relaxed);
            self.board.send_modify(|status| status.sent += 1);
            let own = lock(&work.suspects).passed();
            for suspect in own {
                settle(&self.parts, suspect.id, suspect.verdict).await?;
            }
        }
        Ok(())
    }

    /// The kept connection if the server still holds it, or a new one.
    async fn connection(&self, kept: Option<Kept>) -> Result<Kept, Diagnosis> {
        if let Some(mut kept) = kept {
            if kept.sent < MAILS_BEFORE_RENEWAL && (kept.sent == 0 || self.used_lately() || kept.way.is_alive().await) {
                return Ok(kept);
            }
            kept.way.close().await;
        }
        let way = Way::open(&self.parts, &self.sender).await?;
        let size_limit = way.size_limit();
        self.board.send_if_modified(|status| std::mem::replace(&mut status.size_limit, size_limit) != size_limit);
        Ok(Kept { way, sent: 0 })
    }

    /// A connection that just sent a mail needs no question whether it is there.
    fn used_lately(&self) -> bool {
        self.last_used.elapsed() < Duration::from_secs(2)
    }
}

/// Why a mail waits whose files cannot be read: others go meanwhile.
fn unread(error: &BlobError) -> Words {
    let remedy = "See 'maildesk status' on the storage; it is tried again by itself.";
    let meaning = Some("an attachment of it cannot be read".to_owned());
    Words { said: clean_line(&error.to_string()), meaning, remedy: Some(remedy.to_owned()) }
}

/// Why mail waits that cannot be signed.
pub(super) fn unsigned(error: &SignError) -> Diagnosis {
    let remedy = "Give the DKIM key again with 'maildesk settings apply', or set dkim.required to false.";
    Diagnosis::of_our_own(Step::Settings, error.to_string(), remedy)
}

/// Takes one of what is left; false where nothing is.
fn take_one(left: &AtomicUsize) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
