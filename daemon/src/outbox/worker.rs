//! The worker of one sender: waits for something due, sends it over a few kept connections, says how it fares.

use super::Sending;
use super::files::Files;
use super::lane::{Lane, LaneEnd, unsigned};
use crate::auth::Secrets;
use crate::clock::{Clock, jitter};
use crate::dkim::{SignError, Signer};
use crate::events::{EventHub, announce};
use crate::net::TlsConnectors;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::outbox;
use jiff::Timestamp;
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::event::DomainEvent;
use maildesk_core::outbox::rate::{LONGEST_WINDOW, RateLimit, SlidingWindow};
use maildesk_core::outbox::schedule::reconnect_pause;
use maildesk_core::rpc::{SenderStatus, WorkState};
use maildesk_core::settings::{Sender, Silent};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// Numbers of due mails read at once; memory stays the same however long the queue is.
const WINDOW: usize = 4000;
/// Looks for work that no nudge announced, such as after the clock was set.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// How long connections are kept without work.
const KEEP_IDLE: Duration = Duration::from_secs(15);

/// Handles that sending works with.
#[derive(Clone)]
pub struct OutboxParts {
    pub store: Store,
    pub hub: EventHub,
    pub clock: Clock,
    pub secrets: Secrets,
    pub tls: Arc<TlsConnectors>,
    pub sending: Sending,
    /// Silent mode, where it is on.
    pub silent: Option<Silent>,
    /// Wakes who puts copies of sent mail into a folder; absent: this sender keeps none.
    pub copies: Option<Arc<Notify>>,
    /// Where the files of mails are.
    pub files: Files,
}

impl OutboxParts {
    pub(super) fn wake_copies(&self) {
        if let Some(copies) = &self.copies {
            copies.notify_waiters();
        }
    }
}

/// How a look at what is due ended.
enum Pass {
    Nothing,
    Sent,
    /// Due mails were held, refused or put off; there may be more.
    PutAside,
    Limited {
        until: Timestamp,
    },
}

/// One sender's worker.
pub struct SenderWorker {
    pub parts: OutboxParts,
    pub sender: Arc<Sender>,
    pub nudge: Arc<Notify>,
    pub board: Arc<watch::Sender<SenderStatus>>,
}

impl SenderWorker {
    /// Sends until stopped. What is on a connection at that moment is finished first.
    pub async fn run(self, stop: CancellationToken) {
        let mut lane = Lane::new(self.parts.clone(), Arc::clone(&self.sender), Arc::clone(&self.board));
        let mut rate = self.rate_window();
        let mut failures = 0;
        while !stop.is_cancelled() {
            // Asked for before the look, so that a nudge during it is not lost.
            let nudged = self.nudge.notified();
            tokio::pin!(nudged);
            nudged.as_mut().enable();
            let pause = match self.pass(&mut lane, &mut rate, &stop).await {
                Ok(Pass::Sent) => {
                    self.recovered(&mut failures).await;
                    continue;
                }
                Ok(Pass::PutAside) => continue,
                Ok(Pass::Nothing) => {
                    self.no_longer_limited();
                    self.until_next()
                }
                Ok(Pass::Limited { until }) => {
                    self.recovered(&mut failures).await;
                    self.limited(until);
                    self.until(until)
                }
                Err(diagnosis) => {
                    failures += 1;
                    let pause = reconnect_pause(failures, jitter());
                    self.failed(diagnosis, failures, pause).await;
                    lane.close().await;
                    // A nudge does not shorten this pause: new mail makes a server that is down no better.
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(pause) => continue,
                    }
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = nudged => {}
                () = tokio::time::sleep(pause.min(KEEP_IDLE)) => {
                    if lane.idle_for(KEEP_IDLE) {
                        lane.close().await;
                    }
                }
            }
        }
        lane.close().await;
    }

    /// Sends one window of what is due.
    async fn pass(
        &self,
        lane: &mut Lane,
        rate: &mut SlidingWindow,
        stop: &CancellationToken,
    ) -> Result<Pass, Diagnosis> {
        let now = self.parts.clock.now();
        let due = outbox::due(&self.parts.store, &self.sender.name, now, WINDOW).map_err(explain)?;
        if due.is_empty() {
            return Ok(Pass::Nothing);
        }
        if let Some(until) = rate.opens_at(now) {
            return Ok(Pass::Limited { until });
        }
        let allowance = rate.allowance(now).unwrap_or(usize::MAX);
        lane.signer = self.signer().map_err(|error| unsigned(&error))?;
        let end = lane.send(due, allowance, stop).await;
        // Counted from the end of the window, a little late: rather too few than too many.
        let sent = self.parts.clock.now();
        (0..lane.take_accepted()).for_each(|_| rate.record(sent));
        match end {
            LaneEnd::Sent => Ok(Pass::Sent),
            LaneEnd::PutAside => Ok(Pass::PutAside),
            LaneEnd::Nothing => Ok(Pass::Nothing),
            LaneEnd::Unreachable(diagnosis) => Err(diagnosis),
            LaneEnd::Store(error) => Err(explain(error)),
        }
    }

    /// The signer of this sender; `None` where mail goes unsigned.
    fn signer(&self) -> Result<Option<Signer>, SignError> {
        let Some(dkim) = &self.sender.dkim else { return Ok(None) };
        match Signer::of_sender(dkim, &self.sender.name, &self.parts.secrets, &self.parts.store) {
            Ok(signer) => Ok(Some(signer)),
            Err(error) if dkim.required => Err(error),
            Err(error) => {
                tracing::warn!(sender = %self.sender.name, %error, "mail goes out unsigned");
                Ok(None)
            }
        }
    }

    /// What went before a restart counts too.
    fn rate_window(&self) -> SlidingWindow {
        let limit = RateLimit { per_minute: self.sender.per_minute, per_hour: self.sender.per_hour };
        let now = self.parts.clock.now();
        let since = now.checked_sub(LONGEST_WINDOW).unwrap_or(now);
        let lately = match limit.memory() {
            0 => Ok(Vec::new()),
            memory => outbox::sent_since(&self.parts.store, &self.sender.name, since, memory),
        };
        SlidingWindow::new(limit, lately.unwrap_or_default())
    }

    fn limited(&self, until: Timestamp) {
        self.board.send_if_modified(|status| {
            let state = WorkState::RateLimited { until };
            let changed = status.state != state;
            status.state = state;
            changed
        });
    }

    fn no_longer_limited(&self) {
        self.board.send_if_modified(|status| {
            let limited = matches!(status.state, WorkState::RateLimited { .. });
            if limited {
                status.state = WorkState::Working;
            }
            limited
        });
    }

    fn until_next(&self) -> Duration {
        let next = outbox::next_due(&self.parts.store, &self.sender.name).ok().flatten();
        next.map_or(LOOK_EVERY, |at| self.until(at))
    }

    fn until(&self, at: Timestamp) -> Duration {
        let wait = at.duration_since(self.parts.clock.now());
        // A millisecond more: due times are kept in whole ones.
        Duration::try_from(wait)
            .map_or(Duration::from_millis(1), |wait| wait + Duration::from_millis(1))
            .min(LOOK_EVERY)
    }

    async fn recovered(&self, failures: &mut u32) {
        *failures = 0;
        // Asked of the board, which outlives us: the fault may be one of the settings before these.
        let mut recovered = false;
        self.board.send_if_modified(|status| {
            let changed = status.state != WorkState::Working;
            recovered = status.state.works();
            changed
        });
        if recovered {
            tracing::info!(sender = %self.sender.name, "the sender works again");
            let what = DomainEvent::SenderRecovered { sender: self.sender.name.clone() };
            announce(&self.parts.store, &self.parts.hub, self.parts.clock.now(), what).await;
        }
    }

    async fn failed(&self, diagnosis: Diagnosis, failures: u32, pause: Duration) {
        let now = self.parts.clock.now();
        let meaning = diagnosis.meaning.clone();
        let said = diagnosis.server_said.clone().unwrap_or_default();
        tracing::warn!(sender = %self.sender.name, meaning, said, remedy = diagnosis.remedy, "mail waits to be sent");
        self.board.send_modify(|status| status.state.fails(diagnosis, now, pause));
        if failures == 1 {
            let what = DomainEvent::SenderFault { sender: self.sender.name.clone(), meaning };
            announce(&self.parts.store, &self.parts.hub, now, what).await;
        }
    }
}

fn explain(error: StoreError) -> Diagnosis {
    Diagnosis::of_our_own(Step::Settings, error.to_string(), "See the log of maildeskd; mail stays queued.")
}
