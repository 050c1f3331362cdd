//! The workers of the settings in force: one for each mailbox, each sender and the copies of its mail, and the S3
//! storage.

use super::start::Shared;
use crate::active::{Active, ActiveSettings};
use crate::auth::s3_secret;
use crate::blob::{BlobReader, Bucket, UploadWorker};
use crate::intake::{IntakeParts, MailboxWorker};
use crate::outbox::{Files, OutboxParts, SenderWorker};
use crate::sent_copy::{CopyParts, CopyWorker, forget_unwanted};
use crate::supervise::Crew;
use crate::timers::{CleanUp, TimerParts, watch_clocks};
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::rpc::WorkState;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Starts a crew for these settings.
pub(super) fn start(
    shared: &Shared,
    settings: &ActiveSettings,
    active: &Arc<Active>,
    stop: &CancellationToken,
) -> Crew {
    let crew = Crew::new(stop);
    start_mailboxes(&crew, shared, settings, active);
    let bucket = bucket(shared, active);
    // Where S3 cannot be used, its status says why, and mails with files from there wait.
    let usable = bucket.as_ref().ok().cloned().flatten();
    let files = Files { reader: BlobReader::new(shared.store.clone(), shared.files.clone()), bucket: usable };
    start_senders(&crew, shared, active, &files);
    start_copies(&crew, shared, active, &files);
    start_upload(&crew, shared, bucket);
    let cleaning = CleanUp {
        store: shared.store.clone(),
        files: shared.files.clone(),
        hub: shared.hub.clone(),
        clock: shared.clock,
        retention: active.settings.retention,
        board: shared.boards.clean_up(),
    };
    crew.start("clean-up".into(), move |stop| cleaning.clone().run(stop));
    let timers = TimerParts {
        store: shared.store.clone(),
        hub: shared.hub.clone(),
        clock: shared.clock,
        active: Arc::clone(active),
        outbox_nudge: Arc::clone(&shared.nudges.outbox),
    };
    crew.start("clocks of tickets".into(), move |stop| watch_clocks(timers.clone(), stop));
    crew
}

fn start_mailboxes(crew: &Crew, shared: &Shared, settings: &ActiveSettings, active: &Arc<Active>) {
    let parts = IntakeParts {
        store: shared.store.clone(),
        files: shared.files.clone(),
        hub: shared.hub.clone(),
        clock: shared.clock,
        secrets: shared.secrets.clone(),
        tls: Arc::clone(&shared.tls),
        active: Arc::clone(active),
        settings: settings.clone(),
        senders: shared.senders.clone(),
        outbox_nudge: Arc::clone(&shared.nudges.outbox),
        upload_nudge: Arc::clone(&shared.nudges.upload),
    };
    for mailbox in active.settings.mailbox.iter().filter(|mailbox| mailbox.enabled) {
        let (parts, mailbox) = (parts.clone(), Arc::new(mailbox.clone()));
        let (nudge, board) = (shared.nudges.mailbox(&mailbox.name), shared.boards.mailbox(&mailbox.name));
        crew.start(format!("mailbox {}", mailbox.name), move |stop| {
            let (parts, mailbox) = (parts.clone(), Arc::clone(&mailbox));
            let worker = MailboxWorker { parts, mailbox, nudge: Arc::clone(&nudge), board: Arc::clone(&board) };
            worker.run(stop)
        });
    }
}

fn start_senders(crew: &Crew, shared: &Shared, active: &Arc<Active>, files: &Files) {
    let parts = OutboxParts {
        store: shared.store.clone(),
        hub: shared.hub.clone(),
        clock: shared.clock,
        secrets: shared.secrets.clone(),
        tls: Arc::clone(&shared.tls),
        sending: shared.boards.sending.clone(),
        silent: active.settings.desk.silent.clone(),
        copies: None,
        files: files.clone(),
    };
    for sender in &active.settings.sender {
        let copies = sender.sent_copy.as_ref().map(|_| Arc::clone(&shared.nudges.copies));
        let (parts, sender) = (OutboxParts { copies, ..parts.clone() }, Arc::new(sender.clone()));
        let (nudge, board) = (Arc::clone(&shared.nudges.outbox), shared.boards.sender(&sender.name));
        crew.start(format!("sender {}", sender.name), move |stop| {
            let (parts, sender) = (parts.clone(), Arc::clone(&sender));
            let worker = SenderWorker { parts, sender, nudge: Arc::clone(&nudge), board: Arc::clone(&board) };
            worker.run(stop)
        });
    }
}

fn start_copies(crew: &Crew, shared: &Shared, active: &Arc<Active>, files: &Files) {
    let parts = CopyParts {
        store: shared.store.clone(),
        clock: shared.clock,
        secrets: shared.secrets.clone(),
        tls: Arc::clone(&shared.tls),
        nudge: Arc::clone(&shared.nudges.copies),
        files: files.clone(),
    };
    for sender in &active.settings.sender {
        let Some(copy) = sender.sent_copy.clone() else { continue };
        // Validation admits known mailboxes only.
        let Some(mailbox) = active.settings.mailbox(&copy.mailbox).cloned().map(Arc::new) else { continue };
        let (parts, sender, board) = (parts.clone(), sender.name.clone(), shared.boards.copies(&sender.name));
        crew.start(format!("sent copies of {sender}"), move |stop| {
            let (parts, sender, mailbox) = (parts.clone(), sender.clone(), Arc::clone(&mailbox));
            let worker = CopyWorker { parts, sender, mailbox, folder: copy.folder.clone(), board: Arc::clone(&board) };
            worker.run(stop)
        });
    }
    let (store, active) = (shared.store.clone(), Arc::clone(active));
    crew.start("unwanted copies".into(), move |stop| forget_unwanted(store.clone(), Arc::clone(&active), stop));
}

/// The S3 storage, where there is one; or why it cannot be used.
fn bucket(shared: &Shared, active: &Active) -> Result<Option<Bucket>, String> {
    let Some(s3) = &active.settings.storage.s3 else { return Ok(None) };
    let secret = shared.secrets.resolve(&shared.store, &s3.secret_key, &s3_secret());
    let secret = secret.map_err(|error| error.to_string())?;
    Bucket::new(s3, &secret).map(Some).map_err(|fault| fault.to_string())
}

fn start_upload(crew: &Crew, shared: &Shared, bucket: Result<Option<Bucket>, String>) {
    let board = shared.boards.storage();
    let bucket = match bucket {
        Ok(Some(bucket)) => bucket,
        Ok(None) => {
            board.send_replace(WorkState::Working);
            return;
        }
        Err(meaning) => {
            tracing::warn!(meaning, "attachments wait to be uploaded");
            let remedy = "Apply settings with the secret key given once.";
            let diagnosis = Diagnosis::of_our_own(Step::Settings, meaning, remedy);
            board.send_replace(WorkState::Faulty { since: shared.clock.now(), next_try: None, diagnosis });
            return;
        }
    };
    let (store, files, hub, clock) = (shared.store.clone(), shared.files.clone(), shared.hub.clone(), shared.clock);
    let nudge = Arc::clone(&shared.nudges.upload);
    crew.start("upload to S3".into(), move |stop| {
        let worker = UploadWorker {
            store: store.clone(),
            files: files.clone(),
            bucket: bucket.clone(),
            hub: hub.clone(),
            nudge: Arc::clone(&nudge),
            board: Arc::clone(&board),
            clock,
        };
        worker.run(stop)
    });
}
