//! Queues a rendered mail within the transaction of what it tells about.

use crate::smtp::{ComposeError, compose};
use crate::store::counters::{self, Counter};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::outbox;
use jiff::Timestamp;
use maildesk_core::ids::OutboxId;
use maildesk_core::notification::{RenderError, Rendered};
use maildesk_core::outbox::Draft;
use maildesk_core::route::token::TokenKey;

#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    #[error("the template does not render: {0}")]
    Render(#[from] RenderError),
    #[error("the mail cannot be composed: {0}")]
    Compose(#[from] ComposeError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Composes the mail and puts it into the outbox, due at once. Nothing is written where it cannot be composed.
pub fn enqueue(
    tx: &mut Transaction<'_>,
    draft: Draft<'_>,
    rendered: Rendered,
    key: &TokenKey,
    now: Timestamp,
) -> Result<OutboxId, EnqueueError> {
    let id = OutboxId(counters::last(tx, Counter::Outbox)? + 1);
    let (mut entry, mail) = draft.finish(rendered, id, key, now);
    let mime = compose(&mail)?;
    counters::next(tx, Counter::Outbox)?;
    entry.size = mime.len() as u64;
    outbox::put(tx, &entry)?;
    outbox::put_message(tx, id, &mime)?;
    Ok(id)
}
