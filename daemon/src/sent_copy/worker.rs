//! Puts the copies of one sender's mail into its folder. Each sender has a worker of its own, so that one account or
//! folder that fails keeps no other sender's copies waiting.

use super::error::CopyError;
use crate::auth::{Secrets, mailbox_password};
use crate::clock::{Clock, jitter};
use crate::imap::{ImapAccount, ImapSession};
use crate::net::{Timeouts, TlsConnectors};
use crate::outbox::Files;
use crate::store::{Store, outbox, sent_copies};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use maildesk_core::ids::OutboxId;
use maildesk_core::outbox::schedule::reconnect_pause;
use maildesk_core::rpc::WorkState;
use maildesk_core::settings::{Mailbox, SenderName};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// Rows read at once; of mails one is in memory at a time.
const WINDOW: usize = 100;
/// Looks for work that no nudge announced.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Refused mails after which a pass ends: a full mailbox refuses them all.
const REFUSALS: usize = 10;

/// How copying fares, for `status`.
pub type CopyBoard = watch::Sender<WorkState>;

/// Handles that copying works with.
#[derive(Clone)]
pub struct CopyParts {
    pub store: Store,
    pub clock: Clock,
    pub secrets: Secrets,
    pub tls: Arc<TlsConnectors>,
    /// Of all such workers.
    pub nudge: Arc<Notify>,
    /// Where the files of mails are.
    pub files: Files,
}

/// The worker; without input, so that a restart is the same as going on.
pub struct CopyWorker {
    pub parts: CopyParts,
    pub sender: SenderName,
    /// Whose server and login are used.
    pub mailbox: Arc<Mailbox>,
    pub folder: String,
    pub board: Arc<CopyBoard>,
}

impl CopyWorker {
    /// Works until stopped. A pass under way is dropped then, which is safe at every point: before a copy is made
    /// again the server is asked whether it is there.
    pub async fn run(self, stop: CancellationToken) {
        let mut failures = 0;
        loop {
            // Asked for before the look, so that a nudge during it is not lost.
            let nudged = self.parts.nudge.notified();
            tokio::pin!(nudged);
            nudged.as_mut().enable();
            let passed = tokio::select! {
                () = stop.cancelled() => return,
                passed = self.pass() => passed,
            };
            let pause = match passed {
                Ok(()) => {
                    failures = 0;
                    self.works();
                    LOOK_EVERY
                }
                Err(error) => {
                    failures += 1;
                    let pause = reconnect_pause(failures, jitter());
                    self.faulty(&error, pause);
                    pause
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                // After a failure the pause is kept: each sent mail would knock at a closed door otherwise.
                () = nudged, if failures == 0 => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Makes all copies that wait. Without any, the server is left alone.
    async fn pass(&self) -> Result<(), CopyError> {
        if sent_copies::next(&self.parts.store, &self.sender, None, 1)?.is_empty() {
            return Ok(());
        }
        let place = mailbox_password(&self.mailbox.name);
        let password = self.parts.secrets.for_login(&self.parts.store, &self.mailbox.login.password, &place).await?;
        let account = ImapAccount::of(&self.mailbox, password);
        let mut session = ImapSession::connect(&account, &self.parts.tls, &Timeouts::default()).await?;
        let copied = self.copy_all(&mut session).await;
        session.logout().await;
        copied
    }

    async fn copy_all(&self, session: &mut ImapSession) -> Result<(), CopyError> {
        // For reading only: a look must not change what the account's owner sees there.
        if let Err(error) = session.examine(&self.folder).await {
            return Err(CopyError::of_folder(session, &self.folder, error).await);
        }
        let (mut after, mut refused, mut refusals) = (None, None, 0);
        loop {
            let waiting = sent_copies::next(&self.parts.store, &self.sender, after, WINDOW)?;
            let Some(last) = waiting.last().copied() else { break };
            for id in waiting {
                match self.copy(session, id).await {
                    Ok(()) => {}
                    // One mail that the server does not want keeps no other waiting.
                    Err(error) if error.is_of_one_mail() && refusals < REFUSALS => {
                        refusals += 1;
                        refused.get_or_insert(error);
                    }
                    Err(error) => return Err(error),
                }
            }
            after = Some(last);
        }
        refused.map_or(Ok(()), Err)
    }

    /// Makes one copy, if it is not there yet: the daemon may have died between APPEND and the commit, and some
    /// providers keep copies of their own.
    async fn copy(&self, session: &mut ImapSession, id: OutboxId) -> Result<(), CopyError> {
        let store = &self.parts.store;
        // A DKIM signature is added at the moment of sending only: the copy is the mail as it was queued.
        if let (Some(entry), Some(message)) = (outbox::get(store, id)?, outbox::message(store, id)?) {
            let taken = entry.taken_at().unwrap_or(entry.created);
            if !session.holds(&entry.message_id, first_day(entry.created)).await? {
                let unread = |error| CopyError::Files { outbox: id.0, error };
                let message = self.parts.files.whole(&entry, message).await.map_err(unread)?;
                let appended = session.append_seen(&self.folder, taken, &message).await;
                appended.map_err(|error| match session.is_usable() {
                    true => CopyError::Refused { outbox: id.0, error },
                    false => CopyError::Imap(error),
                })?;
            }
        }
        let sender = self.sender.clone();
        Ok(store.write(move |tx| sent_copies::delete(tx, &sender, id)).await?)
    }

    fn works(&self) {
        // Asked of the board, which outlives us: the fault may be one of the settings before these.
        let mut recovered = false;
        self.board.send_modify(|state| recovered = state.works());
        if recovered {
            tracing::info!(sender = %self.sender, "copies of sent mail are made again");
        }
    }

    fn faulty(&self, error: &CopyError, pause: Duration) {
        let diagnosis = error.diagnosis();
        tracing::warn!(sender = %self.sender, %error, remedy = diagnosis.remedy, "copies of sent mail wait");
        let now = self.parts.clock.now();
        self.board.send_modify(|state| state.fails(diagnosis, now, pause));
    }
}

/// The first day on which the server can have taken a copy in, whatever its zone and however its clock goes.
fn first_day(queued: Timestamp) -> Date {
    let earlier = queued.checked_sub(SignedDuration::from_hours(48)).unwrap_or(queued);
    earlier.to_zoned(TimeZone::UTC).date()
}
