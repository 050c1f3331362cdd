//! The worker of one mailbox: polls at its interval or when nudged, and says how it fares.

use super::doubts::Doubts;
use super::poll::{PollError, Taken, poll};
use crate::active::{Active, ActiveSettings};
use crate::auth::Secrets;
use crate::blob::BlobFiles;
use crate::clock::{Clock, jitter};
use crate::events::{EventHub, announce};
use crate::net::TlsConnectors;
use crate::sender_check::SenderChecks;
use crate::store::Store;
use maildesk_core::event::DomainEvent;
use maildesk_core::outbox::schedule::reconnect_pause;
use maildesk_core::rpc::MailboxStatus;
use maildesk_core::settings::Mailbox;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// Handles that intake works with.
#[derive(Clone)]
pub struct IntakeParts {
    pub store: Store,
    pub files: BlobFiles,
    pub hub: EventHub,
    pub clock: Clock,
    pub secrets: Secrets,
    pub tls: Arc<TlsConnectors>,
    pub active: Arc<Active>,
    /// Where settings come into force that a mail has changed.
    pub settings: ActiveSettings,
    pub senders: SenderChecks,
    pub outbox_nudge: Arc<Notify>,
    pub upload_nudge: Arc<Notify>,
}

/// One mailbox's worker.
pub struct MailboxWorker {
    pub parts: IntakeParts,
    pub mailbox: Arc<Mailbox>,
    pub nudge: Arc<Notify>,
    pub board: Arc<watch::Sender<MailboxStatus>>,
}

impl MailboxWorker {
    /// Polls until stopped. A stop comes to effect between polls; a poll under way is dropped, which is safe at
    /// every point.
    pub async fn run(self, stop: CancellationToken) {
        let (mut failures, mut told) = (0, false);
        let mut doubts = Doubts::default();
        loop {
            let mut taken = Taken::default();
            let polled = tokio::select! {
                () = stop.cancelled() => return,
                polled = poll(&self.parts, &self.mailbox, &mut taken, &mut doubts) => polled,
            };
            self.count(taken.judged);
            let usual = Duration::from_secs(u64::from(self.mailbox.poll_seconds));
            let pause = match polled {
                Ok(()) => {
                    self.worked().await;
                    (failures, told) = (0, false);
                    usual
                }
                Err(error) => {
                    // One mail that cannot be had makes no other wait: the server works.
                    let of_one_mail = matches!(error, PollError::Withheld { .. });
                    failures = if of_one_mail { 0 } else { failures + 1 };
                    let pause = if of_one_mail { usual } else { reconnect_pause(failures, jitter()) };
                    self.failed(&error, std::mem::replace(&mut told, true), pause).await;
                    pause
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.nudge.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn count(&self, judged: u64) {
        if judged > 0 {
            self.board.send_modify(|status| status.judged += judged);
            tracing::info!(mailbox = %self.mailbox.name, judged, "took in mail");
        }
    }

    async fn worked(&self) {
        let now = self.parts.clock.now();
        // Asked of the board, which outlives us: the fault may be one of the settings before these.
        let mut recovered = false;
        self.board.send_modify(|status| {
            recovered = status.state.works();
            status.last_poll = Some(now);
        });
        if recovered {
            tracing::info!(mailbox = %self.mailbox.name, "the mailbox works again");
            announce(
                &self.parts.store,
                &self.parts.hub,
                now,
                DomainEvent::MailboxRecovered { mailbox: self.mailbox.name.clone() },
            )
            .await;
        }
    }

    async fn failed(&self, error: &PollError, told: bool, pause: Duration) {
        let now = self.parts.clock.now();
        let diagnosis = error.diagnosis();
        tracing::warn!(mailbox = %self.mailbox.name, %error, remedy = diagnosis.remedy, "the mailbox cannot be polled");
        let meaning = diagnosis.meaning.clone();
        self.board.send_modify(|status| status.state.fails(diagnosis, now, pause));
        if !told {
            let mailbox = self.mailbox.name.clone();
            announce(&self.parts.store, &self.parts.hub, now, DomainEvent::MailboxFault { mailbox, meaning }).await;
        }
    }
}
