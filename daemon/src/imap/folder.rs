//! LIST and SELECT.

use super::{ImapError, ImapSession, folder_name, login::quoted};
use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response, ResponseCode};
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::ids::{Uid, UidValidity};

/// What SELECT says about a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderStatus {
    /// Number of mails.
    pub exists: u32,
    pub uid_validity: UidValidity,
    /// The UID that the next mail will have at the least.
    pub uid_next: Option<Uid>,
    /// False where mails cannot be marked as read.
    pub writable: bool,
}

/// What EXAMINE says about a folder, and what the account may do there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Read-only by nature of the command.
    pub status: FolderStatus,
    /// The flags that can be changed for good; many servers name none while the folder is open for reading only.
    pub flags: Vec<String>,
    /// RFC 4314 letters, where the server has access control lists.
    pub rights: Option<String>,
}

impl ImapSession {
    /// The folders that can be opened, in the server's order.
    ///
    /// # Errors
    /// As for every command: refusal, loss of the connection, unreadable answer.
    pub async fn list_folders(&mut self) -> Result<Vec<String>, ImapError> {
        let mut folders = Vec::new();
        self.exec(Step::Folder, "LIST \"\" \"*\"", |answer| {
            if let Response::MailboxData(MailboxDatum::List(entry)) = answer {
                let openable = !entry.name_attributes.iter().any(|attribute| match attribute {
                    NameAttribute::NoSelect => true,
                    NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
                    _ => false,
                });
                if openable {
                    let decoded = folder_name::decode(&entry.name);
                    folders.push(decoded.unwrap_or_else(|| entry.name.clone().into_owned()));
                }
            }
        })
        .await?;
        Ok(folders)
    }

    /// Opens a folder by the name people read.
    ///
    /// # Errors
    /// [`FaultKind::FolderNotFound`] where the server refuses; else as for every command.
    pub async fn select(&mut self, folder: &str) -> Result<FolderStatus, ImapError> {
        self.open_folder("SELECT", folder).await.map(|opened| opened.status)
    }

    /// Opens a folder for reading only (EXAMINE, RFC 3501 §6.3.2): nothing in it can change.
    ///
    /// # Errors
    /// As [`select`](Self::select).
    pub async fn examine(&mut self, folder: &str) -> Result<Examined, ImapError> {
        let mut examined = self.open_folder("EXAMINE", folder).await?;
        if self.has("ACL") {
            examined.rights = self.my_rights(folder).await?;
        }
        Ok(examined)
    }

    async fn open_folder(&mut self, verb: &str, folder: &str) -> Result<Examined, ImapError> {
        let command = format!("{verb} {}", quoted(&folder_name::encode(folder)));
        let (mut exists, mut uid_validity, mut uid_next, mut writable) = (0, None, None, true);
        let mut flags = Vec::new();
        self.exec(Step::Folder, &command, |answer| match answer {
            Response::MailboxData(MailboxDatum::Exists(count)) => exists = *count,
            Response::Data { outcome, .. } | Response::Done { outcome, .. } => match &outcome.code {
                Some(ResponseCode::UidValidity(number)) => uid_validity = Some(UidValidity(*number)),
                Some(ResponseCode::UidNext(number)) => uid_next = Some(Uid(*number)),
                Some(ResponseCode::ReadOnly) => writable = false,
                Some(ResponseCode::PermanentFlags(names)) => flags = names.iter().map(ToString::to_string).collect(),
                _ => {}
            },
            _ => {}
        })
        .await?;
        // Without UIDVALIDITY no UID means anything beyond this session (RFC 3501 §2.3.1.1).
        let uid_validity = uid_validity.ok_or_else(|| self.error(Step::Folder, FaultKind::AnswerUnreadable, None))?;
        Ok(Examined { status: FolderStatus { exists, uid_validity, uid_next, writable }, flags, rights: None })
    }

    /// The rights of this account (RFC 4314 §3.5); `None` where the server does not say.
    async fn my_rights(&mut self, folder: &str) -> Result<Option<String>, ImapError> {
        let mut rights = None;
        let command = format!("MYRIGHTS {}", quoted(&folder_name::encode(folder)));
        let asked = self
            .exec(Step::Folder, &command, |answer| {
                if let Response::MyRights(mine) = answer {
                    rights = Some(mine.rights.iter().map(|right| char::from(*right)).collect());
                }
            })
            .await;
        match asked {
            // Some servers offer ACL and refuse the question.
            Err(error) if !self.is_usable() => Err(error),
            _ => Ok(rights),
        }
    }
}
