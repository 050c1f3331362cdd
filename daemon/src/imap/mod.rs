//! IMAP behind our own types, on async-imap with every answer checked.
//!
//! async-imap parses what the server says. Commands are written and their ends awaited by our own `exec`, because the
//! library takes NO, BAD and a closed connection for success. A session has one owner; after any error but a plain
//! refusal, and after a future that was dropped half-way, it is of no further use and says so.

mod append;
mod connect;
mod error;
mod exec;
mod fetch;
mod folder;
mod folder_name;
mod guard;
mod idle;
mod login;
mod messages;
mod session;
mod token;
mod uid_set;

#[cfg(test)]
mod tests;

pub use error::ImapError;
pub use fetch::{FetchedMail, RefusedMail};
pub use folder::{Examined, FolderStatus};
pub use idle::IdleEnd;
pub use messages::MailMeta;
pub use session::ImapSession;

use maildesk_core::secret::SecretText;
use maildesk_core::settings::connection::ServerAddress;
use maildesk_core::settings::{Login, Mailbox, Mechanism};

/// Who we are at which IMAP server.
#[derive(Debug, Clone)]
pub struct ImapAccount {
    pub server: ServerAddress,
    pub username: String,
    /// Or token, as the mechanism wants it.
    pub password: SecretText,
    pub mechanism: Mechanism,
}

impl ImapAccount {
    /// The account of a mailbox, with the secret of its login.
    pub fn of(mailbox: &Mailbox, password: SecretText) -> Self {
        let Login { username, mechanism, .. } = &mailbox.login;
        Self { server: mailbox.server.clone(), username: username.clone(), password, mechanism: *mechanism }
    }
}
