//! Mails that were held back: let through, judged anew, dropped; one, or every mail of the quarantine that matches.

use super::fault::{Fault, read};
use super::limited;
use super::once::{answered, once};
use super::parts::RpcParts;
use super::status::free_bytes;
use crate::active::Active;
use crate::clamd::{ScanError, scan};
use crate::intake::{
    Again, AgainError, AtHand, HeldBytes, HeldMail, LateMail, LateParts, bytes_again, fetch_late, judge_again,
    read_again, rehearse_again,
};
use crate::store::kv::Transaction;
use crate::store::{Store, audit, events, mails, requests};
use jiff::Timestamp;
use maildesk_core::ids::MailId;
use maildesk_core::route::{JudgedMail, MailAction, MailRefusal, Scanned, may_act};
use maildesk_core::rpc::{BulkConsent, MailBulk, MailQuery, RequestKey, RpcError};
use maildesk_core::settings::VirusScan;
use maildesk_core::verdict::{Finding, SenderCheck};
use std::sync::Arc;

/// Mails of the quarantine read at once.
const READ_AT_ONCE: usize = 250;
/// Refusals whose words are given.
const REFUSALS_TOLD: usize = 20;

/// Decides about one mail, or says what would come of it.
pub(super) async fn act(
    parts: Arc<RpcParts>,
    user: String,
    id: MailId,
    action: MailAction,
    rehearse: bool,
    key: RequestKey,
) -> Result<JudgedMail, Fault> {
    let action = checked(action)?;
    if let Some(answer) = answered(&parts.store, &key)? {
        return Ok(answer);
    }
    let one = One { active: Arc::clone(&parts.active.borrow()), action, user, now: parts.clock.now() };
    if rehearse {
        return one.rehearse(&parts, id).await;
    }
    // A task of its own: what is begun is ended, whether or not the caller waits.
    let done = tokio::spawn(async move {
        let done = one.carry_out(&parts, id, Some(key)).await;
        tell(&parts)?;
        done
    });
    done.await.map_err(Fault::inner)?
}

/// Decides about every mail of the quarantine that matches now; what comes later is left alone.
pub(super) async fn bulk(
    parts: Arc<RpcParts>,
    user: String,
    action: MailAction,
    query: MailQuery,
    consent: BulkConsent,
    key: RequestKey,
) -> Result<MailBulk, Fault> {
    let action = checked(action)?;
    if !query.wants_quarantined() {
        return Err(RpcError::Rejected("many mails at once: only those of the quarantine".into()).into());
    }
    if let Some(answer) = answered(&parts.store, &key)? {
        return Ok(answer);
    }
    let wanted = action.clone();
    let matching = read(&parts.store, move |store| ids(store, &query, &wanted)).await?;
    let matched = matching.len() as u64;
    let dry_run = match consent {
        BulkConsent::Confirmed(wanted) if wanted != matched => {
            let words = format!("{matched} mails match, not {wanted}: repeat it with --confirm {matched}");
            return Err(RpcError::Rejected(words).into());
        }
        BulkConsent::Confirmed(_) => false,
        BulkConsent::DryRun => true,
    };
    let one = One { active: Arc::clone(&parts.active.borrow()), action, user, now: parts.clock.now() };
    let done = tokio::spawn(async move {
        let mut done = MailBulk { matched, ..MailBulk::default() };
        for id in matching {
            let judged = if dry_run { one.rehearse(&parts, id).await } else { one.carry_out(&parts, id, None).await };
            match judged {
                Ok(judged) => {
                    done.changed += 1;
                    *done.outcomes.entry(judged.outcome.word().to_owned()).or_default() += 1;
                }
                Err(Fault::Told(refused)) if done.refused.len() < REFUSALS_TOLD => {
                    done.refused.push(refused.to_string());
                }
                Err(Fault::Told(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        if !dry_run {
            let (answer, now) = (serde_json::to_vec(&done).map_err(Fault::inner)?, one.now);
            let job = move |tx: &mut Transaction<'_>| requests::put(tx, &key, now, &answer);
            parts.store.write(job).await?;
            tell(&parts)?;
        }
        Ok(done)
    });
    done.await.map_err(Fault::inner)?
}

/// The mails of the quarantine that match and that the action can change, the oldest first.
fn ids(store: &Store, query: &MailQuery, action: &MailAction) -> Result<Vec<MailId>, Fault> {
    let (mut ids, mut before) = (Vec::new(), None);
    loop {
        let window = mails::list(store, true, before, READ_AT_ONCE)?;
        before = window.last().map(|mail| mail.id);
        let matching = window.iter().filter(|mail| query.matches(mail) && may_act(action, mail).is_ok());
        ids.extend(matching.map(|mail| mail.id));
        if window.len() < READ_AT_ONCE {
            ids.reverse();
            return Ok(ids);
        }
    }
}

/// A reason is kept cleaned.
fn checked(action: MailAction) -> Result<MailAction, Fault> {
    match action {
        MailAction::Discard { reason } => Ok(MailAction::Discard { reason: limited::reason(&reason)? }),
        other => Ok(other),
    }
}

/// One action, by one person, by the settings of one moment.
#[derive(Clone)]
struct One {
    active: Arc<Active>,
    action: MailAction,
    user: String,
    now: Timestamp,
}

impl One {
    fn again(&self) -> Again<'_> {
        Again { action: &self.action, by: &self.user, now: self.now }
    }

    /// Scanning and parsing take their time: before the commit, and apart from the async threads.
    async fn read(&self, parts: &RpcParts, id: MailId, rehearse: bool) -> Result<Arc<HeldMail>, Fault> {
        let (action, blobs) = (self.action.clone(), parts.blobs.clone());
        let found = read(&parts.store, move |store| Ok(bytes_again(store, &blobs, id, &action)?)).await?;
        let at_hand = match (&self.action, found) {
            (_, HeldBytes::NotAsked) => None,
            (action, HeldBytes::Here(raw, judged)) => {
                // Whoever releases a mail knows what was found.
                let release = matches!(action, MailAction::Release);
                let scanned = if release { Scanned::NotAsked } else { scan(self.scanner(), &raw).await? };
                Some(self.with_sender(parts, &judged, LateMail::Whole(raw), scanned).await?)
            }
            (_, HeldBytes::Elsewhere(judged)) => {
                let (mail, scanned) = self.fetch(parts, &judged, rehearse).await?;
                Some(self.with_sender(parts, &judged, mail, scanned).await?)
            }
        };
        let (one, blobs) = (self.clone(), parts.blobs.clone());
        read(&parts.store, move |_| Ok(Arc::new(read_again(id, at_hand, &one.action, &blobs, &one.active)?))).await
    }

    /// Adds what is known of the sender. What was found when the mail came in counts, since keys in DNS change; where
    /// that is open, it is looked into now.
    async fn with_sender(
        &self,
        parts: &RpcParts,
        judged: &JudgedMail,
        mail: LateMail,
        scanned: Scanned,
    ) -> Result<AtHand, Fault> {
        let known = judged.checked.clone().filter(|known| known.dmarc != Finding::TempError);
        let (mail, checked) = match (mail, known) {
            (mail, _) if !self.active.checks_senders(&judged.mailbox) => (mail, None),
            (mail, Some(known)) => (mail, Some(known)),
            (LateMail::Whole(raw), None) => {
                let (raw, check) = parts.senders.check_one(raw).await.map_err(Fault::inner)?;
                (LateMail::Whole(raw), Some(check))
            }
            (mail, None) => (mail, Some(SenderCheck::unchecked("the mail is larger than is looked at"))),
        };
        Ok(AtHand { mail, scanned, checked })
    }

    fn scanner(&self) -> Option<&VirusScan> {
        self.active.settings.judging.virus_scan.as_ref()
    }

    /// Fetches a mail that stayed on its server, and has it scanned: nobody knows yet what is in it.
    async fn fetch(&self, parts: &RpcParts, judged: &JudgedMail, rehearse: bool) -> Result<(LateMail, Scanned), Fault> {
        let refused = |why: String| Fault::Told(RpcError::Rejected(format!("mail {}: {why}", judged.id)));
        let gone = || MailRefusal::NoMailbox { mail: judged.id, mailbox: judged.mailbox.clone() };
        let mailbox = self.active.settings.mailbox(&judged.mailbox).ok_or_else(|| AgainError::from(gone()))?;
        let late = LateParts {
            store: &parts.store,
            secrets: &parts.secrets,
            tls: &parts.tls,
            files: parts.blobs.files(),
            room: free_bytes(&parts.state_dir).unwrap_or(u64::MAX).saturating_sub(parts.min_free),
        };
        let fetched = fetch_late(&late, mailbox, judged, rehearse).await;
        let fetched = fetched.map_err(|error| refused(format!("it cannot be fetched: {error}")))?;
        let scanned = match &fetched {
            LateMail::Whole(raw) => scan(self.scanner(), raw).await?,
            LateMail::Stored { .. } if self.scanner().is_some() => Scanned::Kept("larger than is shown to it".into()),
            LateMail::Stored { .. } | LateMail::Head(_) => Scanned::NotAsked,
        };
        match scanned {
            Scanned::Infected(name) => Err(refused(format!("it was fetched, and holds the virus {name}"))),
            // Whoever releases it is told so in its ticket.
            Scanned::Kept(why) => Ok((fetched, Scanned::Passed(why))),
            scanned => Ok((fetched, scanned)),
        }
    }

    async fn rehearse(&self, parts: &RpcParts, id: MailId) -> Result<JudgedMail, Fault> {
        let (one, mail) = (self.clone(), self.read(parts, id, true).await?);
        read(&parts.store, move |store| Ok(rehearse_again(store, &one.active, &mail, one.again())?)).await
    }

    async fn carry_out(&self, parts: &RpcParts, id: MailId, key: Option<RequestKey>) -> Result<JudgedMail, Fault> {
        let (one, mail) = (self.clone(), self.read(parts, id, false).await?);
        let now = self.now;
        // Files of large attachments are not swept up as long as this is held.
        let held = Arc::clone(&mail);
        let work = move |tx: &mut Transaction<'_>| -> Result<JudgedMail, Fault> {
            let judged = judge_again(tx, &one.active, &mail, one.again())?;
            let what = format!("{} of mail {id}: {}", one.action.word(), judged.outcome.sentence());
            audit::append(tx, one.now, &one.user, &what)?;
            Ok(judged)
        };
        let job = move |tx: &mut Transaction<'_>| match key {
            Some(key) => once(tx, &key, now, work),
            None => work(tx),
        };
        let judged = parts.store.write(job).await;
        drop(held);
        judged
    }
}

/// Consoles and workers hear of what was committed.
fn tell(parts: &RpcParts) -> Result<(), Fault> {
    parts.hub.publish(events::newest(&parts.store)?);
    parts.nudges.outbox.notify_waiters();
    parts.nudges.upload.notify_one();
    Ok(())
}

impl From<ScanError> for Fault {
    fn from(error: ScanError) -> Self {
        Self::Told(RpcError::Rejected(format!("{error}; nothing was changed")))
    }
}

impl From<AgainError> for Fault {
    fn from(error: AgainError) -> Self {
        match error {
            AgainError::Unknown(id) => Self::not_found("mail", id),
            AgainError::Refused(refused) => Self::Told(RpcError::Rejected(refused.to_string())),
            AgainError::Store(error) => Self::Store(error),
            AgainError::Directory(error) => error.into(),
            AgainError::Blob(error) => Self::inner(error),
        }
    }
}
