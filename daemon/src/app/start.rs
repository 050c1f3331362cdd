//! The life of the daemon: start in phases, follow settings, stop in phases.

use super::identity::{IdentityError, identity};
use super::workers;
use crate::active::{Active, ActiveSettings};
use crate::auth::{KeyError, Sealer, Secrets, credentials_folder, sealing_key};
use crate::blob::{BlobError, BlobFiles, BlobReader};
use crate::clock::Clock;
use crate::config::Config;
use crate::dns::Dns;
use crate::events::EventHub;
use crate::logging::RecentLog;
use crate::net::TlsConnectors;
use crate::rpc::{Boards, CHECKS_AT_ONCE, Groups, Nudges, RpcParts, SocketError, Uploads, listen, serve};
use crate::sender_check::SenderChecks;
use crate::store::error::{OpenError, StoreError};
use crate::store::kv::Options;
use crate::store::{Store, events, settings, templates};
use crate::supervise::{Crew, systemd};
use crate::template_book::TemplateBook;
use maildesk_core::language::Language;
use maildesk_core::notification::{CompiledTemplate, CompiledTemplates, Kind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the state folder {}: {source}", path.display())]
    StateFolder { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error("the start was broken off")]
    Interrupted,
}

/// What workers and calls share.
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) files: BlobFiles,
    pub(super) hub: EventHub,
    pub(super) clock: Clock,
    pub(super) secrets: Secrets,
    pub(super) tls: Arc<TlsConnectors>,
    pub(super) nudges: Nudges,
    pub(super) boards: Boards,
    pub(super) senders: SenderChecks,
}

/// The running daemon.
pub struct App {
    shared: Shared,
    /// Settings in force, as far as the crew works by them. Kept from the start on: what is applied while the crew
    /// changes, or before the first look, is not missed.
    following: watch::Receiver<Arc<Active>>,
    settings: ActiveSettings,
    stop: CancellationToken,
    crew: Crew,
    service: JoinHandle<()>,
    /// Of the service: it stops last, so that consoles see the stop.
    stop_service: CancellationToken,
    socket: PathBuf,
    grace: Duration,
}

impl App {
    /// Starts everything. When it returns, consoles are answered and workers work. Consoles are told the lines of `log`.
    pub async fn start(config: &Config, log: RecentLog) -> Result<Self, StartError> {
        let shared = open(config).await?;
        let sealer = shared.secrets.sealer().clone();
        let (revision, stored) = settings::get(&shared.store)?;
        let templates = templates_in_force(&shared.store)?;
        let identity = identity(&shared.store, &sealer, shared.clock.now()).await?;
        let active = Arc::new(Active::new(revision, stored, identity, Arc::new(TemplateBook::new(templates))));
        let listener = listen(&config.socket).await?;
        let first = Arc::clone(&active);
        let active = ActiveSettings::new(active);
        let following = active.subscribe();
        let settings = active.clone();
        let parts = Arc::new(RpcParts {
            store: shared.store.clone(),
            hub: shared.hub.clone(),
            clock: shared.clock,
            secrets: shared.secrets.clone(),
            blobs: BlobReader::new(shared.store.clone(), shared.files.clone()),
            uploads: Uploads::default(),
            active,
            boards: shared.boards.clone(),
            nudges: shared.nudges.clone(),
            tls: Arc::clone(&shared.tls),
            checks: Arc::new(Semaphore::new(CHECKS_AT_ONCE)),
            started: shared.clock.now(),
            state_dir: config.state_dir.clone(),
            min_free: u64::from(config.min_free_mib) << 20,
            dns: name_servers(config),
            senders: shared.senders.clone(),
            log,
        });
        let groups = Groups { write: config.access.write_group.clone(), read: config.access.read_group.clone() };
        let (stop, stop_service) = (CancellationToken::new(), CancellationToken::new());
        let service = tokio::spawn(serve(listener, parts, groups, stop_service.clone()));
        tokio::spawn(systemd::watchdog(shared.store.clone(), stop.clone()));
        let crew = workers::start(&shared, &settings, &first, &stop);
        tracing::info!(version = env!("CARGO_PKG_VERSION"), socket = %config.socket.display(), "maildeskd is up");
        systemd::ready();
        let grace = Duration::from_secs(config.stop_grace_seconds);
        Ok(Self {
            shared,
            following,
            settings,
            stop,
            crew,
            service,
            stop_service,
            socket: config.socket.clone(),
            grace,
        })
    }

    /// Returns when the settings in force have changed.
    pub async fn settings_changed(&mut self) {
        if self.following.changed().await.is_err() {
            // The service held the other end: it is gone, and no settings will ever come again.
            std::future::pending::<()>().await;
        }
    }

    /// Lets workers work by the settings now in force.
    pub async fn follow_settings(&mut self) {
        let active = Arc::clone(&self.following.borrow_and_update());
        tracing::info!(revision = %active.revision, "new settings are in force");
        let crew = std::mem::replace(&mut self.crew, Crew::new(&self.stop));
        if !crew.stop(self.grace).await {
            tracing::warn!("a worker of the old settings took too long to end and was left behind");
        }
        self.crew = workers::start(&self.shared, &self.settings, &active, &self.stop);
    }

    /// Stops everything: workers finish what is under way within the grace time, then consoles are let go, then the
    /// store is closed.
    pub async fn stop(self) {
        systemd::stopping();
        tracing::info!("stopping");
        self.stop.cancel();
        if !self.crew.stop(self.grace).await {
            tracing::warn!("a worker took too long to stop; what it did not finish is done again at the next start");
        }
        self.stop_service.cancel();
        if tokio::time::timeout(Duration::from_secs(3), self.service).await.is_err() {
            tracing::warn!("a console took too long to let go");
        }
        if let Err(error) = std::fs::remove_file(&self.socket) {
            tracing::debug!(%error, "the socket was gone");
        }
        let store = self.shared.store.clone();
        drop(self.shared);
        if tokio::task::spawn_blocking(move || store.close()).await.is_err() {
            tracing::warn!("the store was not closed in order; nothing that was answered is lost");
        }
        tracing::info!("stopped");
    }
}

fn name_servers(config: &Config) -> Option<Dns> {
    Dns::new(&config.dns).inspect_err(|error| tracing::warn!(%error, "the doctor cannot look anything up")).ok()
}

/// The built-in templates and, in their place, those that people saved.
fn templates_in_force(store: &Store) -> Result<CompiledTemplates, StartError> {
    let mut all = CompiledTemplates::builtin();
    for (kind, language) in Kind::ALL.into_iter().flat_map(|kind| Language::ALL.map(|language| (kind, language))) {
        let newest = templates::history(store, kind, language, 1)?.into_iter().next();
        match newest.and_then(|newest| newest.source).map(|source| CompiledTemplate::compile(kind, &source)) {
            Some(Ok(compiled)) => all.set(kind, language, compiled),
            Some(Err(_)) => {
                tracing::warn!(%kind, %language, "a saved template has problems now; the built-in one counts")
            }
            None => {}
        }
    }
    Ok(all)
}

/// The parts that need the state folder, in the order in which one needs the other.
async fn open(config: &Config) -> Result<Shared, StartError> {
    let state_dir = config.state_dir.clone();
    std::fs::create_dir_all(&state_dir)
        .map_err(|source| StartError::StateFolder { path: state_dir.clone(), source })?;
    let credentials = credentials_folder();
    let key = sealing_key(&config.key, credentials.as_deref(), &state_dir)?;
    let secrets = Secrets::new(Sealer::new(&key), credentials);
    let mut options = Options::new(&state_dir.join("store"));
    options.cache_bytes = u64::from(config.cache_mib) << 20;
    options.min_free_bytes = u64::from(config.min_free_mib) << 20;
    // Reading the log of a large store takes seconds.
    let store = tokio::task::spawn_blocking(move || Store::open(&options)).await;
    let store = store.map_err(|_| StartError::Interrupted)??;
    let files = BlobFiles::open(&state_dir.join("blobs"))?;
    let hub = EventHub::new(events::newest(&store)?);
    let tls = Arc::new(TlsConnectors::with_system_roots());
    let (nudges, boards) = (Nudges::default(), Boards::default());
    let senders = SenderChecks::new(&config.dns);
    Ok(Shared { store, files, hub, clock: Clock, secrets, tls, nudges, boards, senders })
}
