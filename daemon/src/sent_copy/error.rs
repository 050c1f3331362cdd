//! Why a copy could not be made, and what to try.

use crate::auth::SecretError;
use crate::blob::BlobError;
use crate::imap::{ImapError, ImapSession};
use crate::store::error::StoreError;
use maildesk_core::diagnosis::{Diagnosis, FaultKind, Step};
use maildesk_core::text::clean_line;

/// Folders that are named where the wanted one is not there.
const FOLDERS_SHOWN: usize = 20;

#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error(transparent)]
    Imap(#[from] ImapError),
    #[error("the server does not open the folder \"{folder}\"")]
    Folder {
        folder: String,
        /// Those that the server has; empty where it does not say.
        folders: Vec<String>,
        error: ImapError,
    },
    #[error("mail {outbox} is not taken into the folder: {error}")]
    Refused { outbox: u64, error: ImapError },
    #[error("an attachment of mail {outbox} cannot be read: {error}")]
    Files { outbox: u64, error: BlobError },
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CopyError {
    /// A folder that was not opened, with the folders in its place.
    pub(super) async fn of_folder(session: &mut ImapSession, folder: &str, error: ImapError) -> Self {
        if *error.kind() != FaultKind::FolderNotFound || !session.is_usable() {
            return Self::Imap(error);
        }
        // The list only helps to choose: without it the fault is the same.
        let folders = session.list_folders().await.unwrap_or_default();
        Self::Folder { folder: folder.to_owned(), folders, error }
    }

    /// True where the server keeps answering and only this mail has trouble.
    pub(super) fn is_of_one_mail(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Files { .. })
    }

    /// What, why and what to try.
    pub fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Imap(error) => error.diagnosis(),
            Self::Refused { error, .. } => Diagnosis { meaning: self.to_string(), ..error.diagnosis() },
            Self::Folder { folders, error, .. } => {
                let shown: Vec<String> = folders.iter().take(FOLDERS_SHOWN).map(|name| clean_line(name)).collect();
                let more = folders.len() - shown.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let there = if shown.is_empty() { String::new() } else { format!(": {}{more}", shown.join(", ")) };
                let remedy = format!(
                    "Make the folder on the server, or name one that it has in sent_copy.folder{there}. The copies wait."
                );
                Diagnosis { meaning: self.to_string(), remedy, ..error.diagnosis() }
            }
            Self::Secret(error) => Diagnosis::of_our_own(Step::Settings, self.to_string(), error.remedy()),
            Self::Store(_) | Self::Files { .. } => {
                let remedy = "See the log of maildeskd; the copies wait.";
                Diagnosis::of_our_own(Step::Content, self.to_string(), remedy)
            }
        }
    }
}
