//! The verdict log, and the bytes of raw mails and attachments.

use super::fault::{Fault, found, read};
use super::parts::RpcParts;
use super::views::{mail_row, rows, to_read};
use crate::auth::s3_secret;
use crate::blob::Bucket;
use crate::store::mails;
use maildesk_core::ids::{BlobHash, MailId};
use maildesk_core::route::JudgedMail;
use maildesk_core::rpc::{MAX_PIECE, MailQuery, MailRow, Rows, Window};
use serde_bytes::ByteBuf;

pub(super) async fn list(parts: &RpcParts, query: MailQuery, window: Window) -> Result<Rows<MailRow>, Fault> {
    read(&parts.store, move |store| {
        let before = window.after.map(MailId);
        let read = mails::list(store, query.quarantined_only, before, to_read(window))?;
        Ok(rows(read.into_iter().map(mail_row).collect(), window, |row| row.id.0))
    })
    .await
}

pub(super) async fn show(parts: &RpcParts, id: MailId) -> Result<JudgedMail, Fault> {
    read(&parts.store, move |store| found(mails::get(store, id)?, "mail", id)).await
}

pub(super) async fn blob(parts: &RpcParts, hash: BlobHash, offset: u64, limit: u32) -> Result<ByteBuf, Fault> {
    let limit = limit.min(MAX_PIECE) as usize;
    let bucket = bucket(parts)?;
    let piece = parts.blobs.piece(hash, offset, limit, bucket.as_ref()).await.map_err(Fault::inner)?;
    Ok(ByteBuf::from(found(piece, "blob", hash)?))
}

fn bucket(parts: &RpcParts) -> Result<Option<Bucket>, Fault> {
    let active = parts.active.borrow().clone();
    let Some(s3) = &active.settings.storage.s3 else { return Ok(None) };
    let secret = parts.secrets.resolve(&parts.store, &s3.secret_key, &s3_secret()).map_err(Fault::inner)?;
    Bucket::new(s3, &secret).map(Some).map_err(Fault::inner)
}
