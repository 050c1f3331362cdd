//! A logged-in connection: what it holds, and what may be asked of it at any time.

use super::{ImapError, guard::Guard};
use crate::net::{Deadline, MailStream, Observer, Timeouts};
use async_imap::Client;
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::settings::connection::ServerAddress;
use std::collections::BTreeSet;

/// A logged-in IMAP connection. It has one owner, answers one command after another, and is dropped after any error
/// but a plain refusal ([`ImapSession::is_usable`]).
#[derive(Debug)]
pub struct ImapSession {
    /// async-imap's parser. Its own `Session` is not used: it takes a refusal for success.
    pub(super) client: Client<Guard<MailStream>>,
    pub(super) server: ServerAddress,
    pub(super) timeouts: Timeouts,
    pub(super) deadline: Deadline,
    /// In upper case.
    pub(super) capabilities: BTreeSet<String>,
    pub(super) observer: Observer,
    pub(super) commands_sent: u32,
    /// False from the moment a command is written until its end was read.
    pub(super) in_step: bool,
}

impl ImapSession {
    /// What the server says it can do, in upper case, such as `IDLE`, `MOVE`, `AUTH=PLAIN`.
    pub fn capabilities(&self) -> impl Iterator<Item = &str> {
        self.capabilities.iter().map(String::as_str)
    }

    /// True where the server offers this capability, in any case of letters.
    pub fn has(&self, capability: &str) -> bool {
        self.capabilities.contains(&capability.to_ascii_uppercase())
    }

    /// False once an error or a dropped future has left answers of the server unread.
    pub fn is_usable(&self) -> bool {
        self.in_step
    }

    /// The largest mail that [`fetch`](Self::fetch) lets through, in bytes; a larger one ends the session with
    /// [`FaultKind::AnswerTooLarge`] before it is read.
    pub fn set_largest_mail(&mut self, bytes: u64) {
        self.client.get_mut().set_literal_max(bytes);
    }

    /// Says good-bye. The answer does not matter any more, so there is no error.
    pub async fn logout(mut self) {
        if let Err(error) = self.exec(Step::Upkeep, "LOGOUT", |_| ()).await {
            // Many servers close without the tagged answer.
            tracing::trace!(%error, "end of the IMAP session");
        }
    }

    pub(super) fn error(&self, step: Step, kind: FaultKind, words: Option<&str>) -> ImapError {
        ImapError::new(&self.server, step, kind, words)
    }
}
