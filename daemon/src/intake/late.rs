//! A mail that was too large for its mailbox is fetched after all, because a person wants it: in pieces, so that no
//! more of it is in memory than the parser takes, whatever its size.

use crate::auth::{SecretError, Secrets, mailbox_password};
use crate::blob::{BlobError, BlobFiles, IncomingBlob, PreparedBlob};
use crate::imap::{ImapAccount, ImapError, ImapSession};
use crate::net::{Timeouts, TlsConnectors};
use crate::store::Store;
use maildesk_core::mail::{HEAD_BYTES, Limits};
use maildesk_core::route::JudgedMail;
use maildesk_core::settings::Mailbox;
use std::sync::Arc;

/// Bytes asked for at once.
const PIECE_BYTES: u32 = 1 << 20;
/// The largest mail that is fetched for a person, in bytes: as much as a mailbox can be set to take.
const LARGEST: u64 = 512 << 20;

/// What a fetch needs.
pub struct LateParts<'a> {
    pub store: &'a Store,
    pub secrets: &'a Secrets,
    pub tls: &'a Arc<TlsConnectors>,
    pub files: &'a BlobFiles,
    /// Bytes of the disk that may be filled.
    pub room: u64,
}

/// A mail as it was fetched after all.
pub enum LateMail {
    /// The parser takes it.
    Whole(Vec<u8>),
    /// It is larger: its first bytes, and all of it as a durable file.
    Stored { head: Vec<u8>, blob: PreparedBlob },
    /// Its first bytes alone, which is all that a rehearsal asks for.
    Head(Vec<u8>),
}

/// Why it cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub enum LateError {
    #[error("its folder was made anew on the server since (UIDVALIDITY), so its number there means nothing any more")]
    OtherFolder,
    #[error("it is no longer in the folder {folder} of its mailbox: it was moved or deleted")]
    Gone { folder: String },
    #[error("it is larger than {LARGEST} bytes")]
    TooLarge,
    #[error("there is no room for its {size} bytes on the disk")]
    NoRoom { size: u64 },
    #[error(transparent)]
    Imap(#[from] ImapError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("a part of the daemon ended in the middle of it")]
    Interrupted,
}

impl LateError {
    /// Whether the same may work later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::OtherFolder | Self::Gone { .. } | Self::TooLarge => false,
            Self::NoRoom { .. } | Self::Secret(_) | Self::Interrupted => true,
            Self::Imap(error) => error.is_transient(),
            Self::Blob(error) => error.is_transient(),
        }
    }
}

/// Fetches a mail by the number that it had when it was judged; of a rehearsal, no more than its header.
///
/// # Errors
/// It is not there any more, or too large for any mailbox, or its server or the disk fails. Nothing is left of it then.
pub async fn fetch_late(
    parts: &LateParts<'_>,
    mailbox: &Mailbox,
    judged: &JudgedMail,
    rehearse: bool,
) -> Result<LateMail, LateError> {
    let place = mailbox_password(&mailbox.name);
    let password = parts.secrets.for_login(parts.store, &mailbox.login.password, &place).await?;
    let account = ImapAccount::of(mailbox, password);
    let mut session = ImapSession::connect(&account, parts.tls, &Timeouts::default()).await?;
    session.set_largest_mail(2 * u64::from(PIECE_BYTES));
    let folder = session.examine(&mailbox.folder).await?.status;
    if folder.uid_validity != judged.uid_validity {
        return Err(LateError::OtherFolder);
    }
    let gone = || LateError::Gone { folder: mailbox.folder.clone() };
    let meta = session.sizes(&[judged.uid]).await?.into_iter().next().ok_or_else(gone)?;
    let size = u64::from(meta.size);
    if size > LARGEST {
        return Err(LateError::TooLarge);
    }
    if size > parts.room {
        return Err(LateError::NoRoom { size });
    }
    let mut read = Pieces { session, mail: judged, gone: &gone, offset: 0 };
    let fetched = if rehearse {
        let mut head = read.next().await?;
        head.truncate(HEAD_BYTES);
        LateMail::Head(head)
    } else if size <= Limits::default().raw_bytes as u64 {
        read.whole(size).await?
    } else {
        read.stored(parts.files).await?
    };
    read.session.logout().await;
    Ok(fetched)
}

/// The pieces of a mail, one after another.
struct Pieces<'a, Gone> {
    session: ImapSession,
    mail: &'a JudgedMail,
    gone: &'a Gone,
    offset: u32,
}

impl<Gone: Fn() -> LateError> Pieces<'_, Gone> {
    /// Empty at the end.
    async fn next(&mut self) -> Result<Vec<u8>, LateError> {
        let piece = self.session.fetch_piece(self.mail.uid, self.offset, PIECE_BYTES).await?;
        let piece = piece.ok_or_else(self.gone)?;
        self.offset =
            u32::try_from(piece.len()).ok().and_then(|read| self.offset.checked_add(read)).unwrap_or(u32::MAX);
        // Sizes that servers tell are not always true.
        if u64::from(self.offset) > LARGEST { Err(LateError::TooLarge) } else { Ok(piece) }
    }

    async fn whole(&mut self, size: u64) -> Result<LateMail, LateError> {
        let mut raw = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        loop {
            let piece = self.next().await?;
            if piece.is_empty() {
                return Ok(LateMail::Whole(raw));
            }
            raw.extend_from_slice(&piece);
        }
    }

    async fn stored(&mut self, files: &BlobFiles) -> Result<LateMail, LateError> {
        let begun = files.clone();
        let mut blob = apart(move || IncomingBlob::begin(&begun)).await?;
        let mut head = Vec::new();
        loop {
            let piece = self.next().await?;
            if piece.is_empty() {
                let blob = apart(move || blob.finish()).await?;
                return Ok(LateMail::Stored { head, blob });
            }
            if head.is_empty() {
                head = piece.get(..HEAD_BYTES).unwrap_or(&piece).to_vec();
            }
            blob = apart(move || blob.push(&piece).map(|()| blob)).await?;
        }
    }
}

/// The disk is not waited for on the async threads.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, LateError> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| LateError::Interrupted)??)
}
