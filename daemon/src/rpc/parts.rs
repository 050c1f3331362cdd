//! What the service works with.

use super::uploads::Uploads;
use crate::active::ActiveSettings;
use crate::auth::Secrets;
use crate::blob::BlobReader;
use crate::clock::Clock;
use crate::dns::Dns;
use crate::events::EventHub;
use crate::logging::RecentLog;
use crate::net::TlsConnectors;
use crate::outbox::Sending;
use crate::sender_check::SenderChecks;
use crate::store::Store;
use jiff::Timestamp;
use maildesk_core::rpc::{CleanUpStatus, MailboxStatus, SenderStatus, WorkState};
use maildesk_core::settings::{MailboxName, SenderName};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, Semaphore, watch};

/// Checks that run at the same time at the most.
pub const CHECKS_AT_ONCE: usize = 3;

/// Handles of the service.
pub struct RpcParts {
    pub store: Store,
    pub hub: EventHub,
    pub clock: Clock,
    pub secrets: Secrets,
    pub blobs: BlobReader,
    /// Files that are on their way to an answer.
    pub uploads: Uploads,
    pub active: ActiveSettings,
    pub boards: Boards,
    pub nudges: Nudges,
    pub tls: Arc<TlsConnectors>,
    /// Places for checks that run at the same time.
    pub checks: Arc<Semaphore>,
    pub started: Timestamp,
    /// Where free space is asked for.
    pub state_dir: PathBuf,
    /// Bytes free below which intake stops.
    pub min_free: u64,
    /// For the doctor; absent where this system names no name servers.
    pub dns: Option<Dns>,
    pub senders: SenderChecks,
    /// What consoles are told of the log.
    pub log: RecentLog,
}

/// Wakes workers before their time.
#[derive(Clone, Default)]
pub struct Nudges {
    pub outbox: Arc<Notify>,
    pub upload: Arc<Notify>,
    /// For all who put copies of sent mail into folders; they look each for their own.
    pub copies: Arc<Notify>,
    mailboxes: Arc<Mutex<BTreeMap<MailboxName, Arc<Notify>>>>,
}

impl Nudges {
    /// The nudge of one mailbox, made when first asked for.
    pub fn mailbox(&self, name: &MailboxName) -> Arc<Notify> {
        Arc::clone(lock(&self.mailboxes).entry(name.clone()).or_default())
    }
}

/// How mailboxes, senders and storage fare; written by their workers.
#[derive(Clone, Default)]
pub struct Boards {
    /// Mails that are on a connection.
    pub sending: Sending,
    mailboxes: Arc<Mutex<BTreeMap<MailboxName, Arc<watch::Sender<MailboxStatus>>>>>,
    senders: Arc<Mutex<BTreeMap<SenderName, Arc<watch::Sender<SenderStatus>>>>>,
    copies: Arc<Mutex<BTreeMap<SenderName, Arc<watch::Sender<WorkState>>>>>,
    storage: Arc<Mutex<Option<Arc<watch::Sender<WorkState>>>>>,
    clean_up: Arc<watch::Sender<Option<CleanUpStatus>>>,
}

impl Boards {
    /// The board of one mailbox; counts go on when settings change.
    pub fn mailbox(&self, name: &MailboxName) -> Arc<watch::Sender<MailboxStatus>> {
        let empty = || MailboxStatus { name: name.clone(), state: WorkState::Starting, last_poll: None, judged: 0 };
        let mut boards = lock(&self.mailboxes);
        Arc::clone(boards.entry(name.clone()).or_insert_with(|| Arc::new(watch::Sender::new(empty()))))
    }

    /// The board of one sender; counts go on when settings change.
    pub fn sender(&self, name: &SenderName) -> Arc<watch::Sender<SenderStatus>> {
        let empty = || SenderStatus { name: name.clone(), state: WorkState::Starting, sent: 0, size_limit: None };
        let mut boards = lock(&self.senders);
        Arc::clone(boards.entry(name.clone()).or_insert_with(|| Arc::new(watch::Sender::new(empty()))))
    }

    /// How the copies of a sender's mail come into their folder.
    pub fn copies(&self, name: &SenderName) -> Arc<watch::Sender<WorkState>> {
        let mut boards = lock(&self.copies);
        Arc::clone(boards.entry(name.clone()).or_insert_with(|| Arc::new(watch::Sender::new(WorkState::Starting))))
    }

    /// What the last clean-up removed.
    pub fn clean_up(&self) -> Arc<watch::Sender<Option<CleanUpStatus>>> {
        Arc::clone(&self.clean_up)
    }

    pub fn storage(&self) -> Arc<watch::Sender<WorkState>> {
        Arc::clone(lock(&self.storage).get_or_insert_with(|| Arc::new(watch::Sender::new(WorkState::Working))))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
