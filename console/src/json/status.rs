//! The daemon's status for scripts.

use jiff::Timestamp;
use maildesk_core::rpc::{Access, CleanUpStatus, Counts, StatusView, Welcome, WorkState};
use maildesk_core::settings::{MailboxName, SenderName};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Status {
    pub version: String,
    pub started: Timestamp,
    /// Whom the daemon takes the caller for.
    pub user: String,
    pub access: Access,
    pub mailboxes: Vec<MailboxState>,
    pub senders: Vec<SenderState>,
    pub storage: StorageState,
    /// Of senders that keep copies of sent mail.
    pub sent_copies: Vec<SentCopyState>,
    pub counts: Counts,
    /// The last clean-up since the start; null before it.
    pub clean_up: Option<CleanUpStatus>,
    /// The allowed addresses of silent mode; null where it is off.
    pub silent: Option<Vec<String>>,
    pub memory_bytes: u64,
    pub disk_free_bytes: u64,
}

#[derive(Debug, Serialize)]
pub struct MailboxState {
    pub name: MailboxName,
    #[serde(flatten)]
    pub health: Health,
    pub last_poll: Option<Timestamp>,
    pub judged: u64,
}

#[derive(Debug, Serialize)]
pub struct SenderState {
    pub name: SenderName,
    #[serde(flatten)]
    pub health: Health,
    pub sent: u64,
    /// The largest mail its server takes.
    pub size_limit_bytes: Option<u64>,
}

#[derive(Debug, Serialize)]
pub struct StorageState {
    pub place: String,
    #[serde(flatten)]
    pub health: Health,
}

#[derive(Debug, Serialize)]
pub struct SentCopyState {
    pub sender: SenderName,
    pub mailbox: MailboxName,
    pub folder: String,
    #[serde(flatten)]
    pub health: Health,
    /// Copies that are still to be made; counted to 1000.
    pub waiting: u64,
}

/// How something fares.
#[derive(Debug, Serialize)]
pub struct Health {
    /// `starting`, `disabled`, `working`, `rate_limited`, `faulty`.
    pub state: &'static str,
    /// When a rate limit lets it go on.
    pub limited_until: Option<Timestamp>,
    pub fault: Option<Fault>,
}

#[derive(Debug, Serialize)]
pub struct Fault {
    pub since: Timestamp,
    pub next_try: Option<Timestamp>,
    pub meaning: String,
    pub server_said: Option<String>,
    pub remedy: String,
}

impl From<WorkState> for Health {
    fn from(state: WorkState) -> Self {
        let word = state_word(&state);
        let limited_until = if let WorkState::RateLimited { until } = &state { Some(*until) } else { None };
        let fault = match state {
            WorkState::Faulty { since, next_try, diagnosis } => Some(Fault {
                since,
                next_try,
                meaning: diagnosis.meaning,
                server_said: diagnosis.server_said,
                remedy: diagnosis.remedy,
            }),
            WorkState::Starting | WorkState::Disabled | WorkState::Working | WorkState::RateLimited { .. } => None,
        };
        Self { state: word, limited_until, fault }
    }
}

/// The word for a state, the same for people and scripts.
pub fn state_word(state: &WorkState) -> &'static str {
    match state {
        WorkState::Starting => "starting",
        WorkState::Disabled => "disabled",
        WorkState::Working => "working",
        WorkState::RateLimited { .. } => "rate_limited",
        WorkState::Faulty { .. } => "faulty",
    }
}

impl Status {
    pub fn of(view: StatusView, welcome: &Welcome) -> Self {
        let mailboxes = view.mailboxes.into_iter().map(|mailbox| MailboxState {
            name: mailbox.name,
            health: mailbox.state.into(),
            last_poll: mailbox.last_poll,
            judged: mailbox.judged,
        });
        let senders = view.senders.into_iter().map(|sender| SenderState {
            name: sender.name,
            health: sender.state.into(),
            sent: sender.sent,
            size_limit_bytes: sender.size_limit,
        });
        let sent_copies = view.sent_copies.into_iter().map(|copy| SentCopyState {
            sender: copy.sender,
            mailbox: copy.mailbox,
            folder: copy.folder,
            health: copy.state.into(),
            waiting: copy.waiting,
        });
        Self {
            version: view.version,
            started: view.started,
            user: welcome.user.clone(),
            access: welcome.access,
            mailboxes: mailboxes.collect(),
            senders: senders.collect(),
            storage: StorageState { place: view.storage.place, health: view.storage.state.into() },
            sent_copies: sent_copies.collect(),
            counts: view.counts,
            clean_up: view.clean_up,
            silent: view.silent,
            memory_bytes: view.memory,
            disk_free_bytes: view.disk_free,
        }
    }
}
