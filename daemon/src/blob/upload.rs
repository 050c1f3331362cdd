//! Brings blobs to S3 after their commit. S3's speed or absence never touches intake: what waits, waits in the store.

use super::error::BlobError;
use super::files::BlobFiles;
use super::s3::Bucket;
use crate::clock::{Clock, jitter};
use crate::events::{EventHub, announce};
use crate::store::Store;
use crate::store::blobs::BlobPlace;
use crate::store::{blobs, uploads};
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::BlobHash;
use maildesk_core::outbox::schedule::reconnect_pause;
use maildesk_core::rpc::WorkState;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// Uploads taken from the queue at once.
const WINDOW: usize = 100;
/// Looks for work that no nudge announced.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// How the storage fares, for `status`.
pub type StorageBoard = watch::Sender<WorkState>;

/// The worker; without input, so that a restart is the same as going on.
pub struct UploadWorker {
    pub store: Store,
    pub files: BlobFiles,
    pub bucket: Bucket,
    pub hub: EventHub,
    pub nudge: Arc<Notify>,
    pub board: Arc<StorageBoard>,
    pub clock: Clock,
}

impl UploadWorker {
    /// Works until stopped.
    pub async fn run(self, stop: CancellationToken) {
        let mut failures = 0;
        loop {
            let pause = match self.pass(&stop).await {
                Ok(()) => {
                    self.recovered().await;
                    failures = 0;
                    LOOK_EVERY
                }
                Err(error) => {
                    failures += 1;
                    let pause = reconnect_pause(failures, jitter());
                    self.faulty(&error, failures, pause).await;
                    pause
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                // After a failure the pause is kept: each new mail would knock at a closed door otherwise.
                () = self.nudge.notified(), if failures == 0 => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Uploads everything that waits. A blob whose bytes cannot be had here keeps no other back.
    async fn pass(&self, stop: &CancellationToken) -> Result<(), BlobError> {
        let (mut after, mut left) = (None, None);
        loop {
            let waiting = uploads::next(&self.store, after, WINDOW)?;
            let Some(last) = waiting.last().copied() else { return left.map_or(Ok(()), Err) };
            for hash in waiting {
                if stop.is_cancelled() {
                    return Ok(());
                }
                match self.upload(hash).await {
                    Err(error) if error.is_of_one_blob() => {
                        tracing::error!(%hash, %error, "a blob cannot be uploaded; others go on");
                        left = left.or(Some(error));
                    }
                    done => done?,
                }
            }
            after = Some(last);
        }
    }

    async fn upload(&self, hash: BlobHash) -> Result<(), BlobError> {
        let Some(record) = blobs::get(&self.store, &hash)? else { return self.forget(hash).await };
        let key = self.bucket.key(&hash);
        match &record.place {
            BlobPlace::S3 { .. } => return self.forget(hash).await,
            BlobPlace::Store { number } => {
                let bytes = blobs::bytes(&self.store, *number)?.ok_or(BlobError::Missing { hash })?;
                self.bucket.put_bytes(&key, &bytes).await?;
            }
            BlobPlace::File => {
                let path = self.files.location(&hash);
                let file = tokio::fs::File::open(&path).await.map_err(|source| match source.kind() {
                    ErrorKind::NotFound => BlobError::Missing { hash },
                    _ => BlobError::File { step: "opening", path, source },
                })?;
                self.bucket.put_file(&key, file, record.size).await?;
            }
        }
        // A put that was answered is confirmed before the local copy goes: some servers answer 200 too early.
        if self.bucket.size(&key).await? != Some(record.size) {
            return Err(BlobError::NotKept { hash });
        }
        let was_file = record.place == BlobPlace::File;
        let place = BlobPlace::S3 { bucket: self.bucket.name().to_owned(), key };
        self.store
            .write(move |tx| {
                blobs::moved(tx, &hash, place)?;
                uploads::delete(tx, &hash)
            })
            .await?;
        if was_file {
            let files = self.files.clone();
            let removed = tokio::task::spawn_blocking(move || files.remove(&hash)).await;
            if let Ok(Err(error)) = removed {
                tracing::warn!(%hash, %error, "the local copy of an uploaded blob stays");
            }
        }
        tracing::debug!(%hash, size = record.size, "blob is in S3");
        Ok(())
    }

    async fn forget(&self, hash: BlobHash) -> Result<(), BlobError> {
        Ok(self.store.write(move |tx| uploads::delete(tx, &hash)).await?)
    }

    async fn recovered(&self) {
        // Asked of the board, which outlives us: the fault may be one of the settings before these.
        let mut recovered = false;
        self.board.send_modify(|state| recovered = state.works());
        if recovered {
            tracing::info!("attachment storage works again");
            announce(&self.store, &self.hub, self.clock.now(), DomainEvent::StorageRecovered).await;
        }
    }

    async fn faulty(&self, error: &BlobError, failures: u32, pause: Duration) {
        let diagnosis = diagnosis(error);
        tracing::warn!(%error, remedy = diagnosis.remedy, "attachments wait to be uploaded");
        let now = self.clock.now();
        let meaning = diagnosis.meaning.clone();
        self.board.send_modify(|state| state.fails(diagnosis, now, pause));
        if failures == 1 {
            announce(&self.store, &self.hub, now, DomainEvent::StorageFault { meaning }).await;
        }
    }
}

fn diagnosis(error: &BlobError) -> Diagnosis {
    match error {
        BlobError::S3(fault) => fault.diagnosis(),
        BlobError::Missing { .. } => {
            let remedy = "Something removed it from the blobs folder: put it back from a backup; others are uploaded.";
            Diagnosis::of_our_own(Step::Content, error.to_string(), remedy)
        }
        other => {
            let remedy = "See the log; the blob stays where it is and is tried again.";
            Diagnosis::of_our_own(Step::Content, other.to_string(), remedy)
        }
    }
}
