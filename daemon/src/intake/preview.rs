//! What the next poll would take, found as the poll itself finds it; nothing is fetched, saved or marked.

use super::poll::{PollError, SIZES_AT_ONCE, sort_out, state_at_first, wanted_uids};
use crate::imap::{FolderStatus, ImapSession};
use crate::store::{Store, mailboxes};
use jiff::Timestamp;
use maildesk_core::settings::Mailbox;

/// The next poll, seen before it happens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Preview {
    /// The mailbox was polled before; else this would be the first contact.
    pub known: bool,
    pub mails: usize,
    /// When the server took the oldest of them in.
    pub oldest: Option<Timestamp>,
    pub newest: Option<Timestamp>,
}

/// Looks at the open folder, which may be open for reading only.
///
/// # Errors
/// The server or the store fails.
pub async fn preview(
    store: &Store,
    mailbox: &Mailbox,
    session: &mut ImapSession,
    folder: &FolderStatus,
    now: Timestamp,
) -> Result<Preview, PollError> {
    let known = mailboxes::get(store, &mailbox.name)?;
    let state = known.unwrap_or_else(|| state_at_first(folder, now));
    let (first, since) = wanted_uids(mailbox, &state, folder);
    let unread = session.search_unseen(first, since).await?;
    let mut preview = Preview { known: known.is_some(), ..Preview::default() };
    for uids in unread.chunks(SIZES_AT_ONCE) {
        let sorted = sort_out(store, mailbox, &state, folder, session.sizes(uids).await?)?;
        preview.mails += sorted.new.len();
        for at in sorted.new.iter().filter_map(|meta| meta.internal_date) {
            preview.oldest = Some(preview.oldest.map_or(at, |oldest| oldest.min(at)));
            preview.newest = Some(preview.newest.map_or(at, |newest| newest.max(at)));
        }
    }
    Ok(preview)
}
