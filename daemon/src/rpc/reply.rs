//! An agent's answer to the customer of a ticket, with the files that were given for it.

use super::fault::Fault;
use super::once::once;
use super::parts::RpcParts;
use super::tickets::{checked, get, reply_terms, write_reply};
use crate::active::Active;
use crate::blob::{BlobFiles, PreparedBlob, write_blob};
use crate::store::events;
use crate::store::kv::Transaction;
use maildesk_core::mail::{Attachment, content_type_of, safe_file_name};
use maildesk_core::rpc::{GivenFile, MOST_FILES, ReplyView, RequestKey, RpcError, TicketReply};
use maildesk_core::text::clean_line;
use maildesk_core::ticket::AttachmentRef;
use std::sync::Arc;

/// A file whose bytes are durable, or come along to be committed.
type Prepared = (AttachmentRef, PreparedBlob);

pub(super) async fn reply(
    parts: &RpcParts,
    user: String,
    reply: TicketReply,
    key: RequestKey,
) -> Result<ReplyView, Fault> {
    let TicketReply { number, text, files, even_if_suppressed } = reply;
    let text = checked(text)?;
    let (active, now, boards) = (Arc::clone(&parts.active.borrow()), parts.clock.now(), parts.boards.clone());
    let prepared = Arc::new(prepare(parts, &active, &user, &files).await?);
    let held = Arc::clone(&prepared);
    let work = move |tx: &mut Transaction<'_>| {
        let ticket = get(tx, number)?;
        let prepared = prepared.as_ref().as_ref().map_err(|missing| RpcError::Rejected(missing.clone()))?;
        let upload = active.settings.storage.s3.is_some();
        for (_, blob) in prepared {
            write_blob(tx, blob, upload)?;
        }
        let attachments = prepared.iter().map(|(file, _)| file.clone()).collect();
        let terms = reply_terms(&active, &boards, &ticket, even_if_suppressed, now)?;
        write_reply(tx, &active, &user, &ticket, (text, attachments), terms, now)
    };
    let store = parts.store.clone();
    // A task of its own holds large files, so that they are not swept up before their commit, whether or not the caller
    // waits for it.
    let written = tokio::spawn(async move {
        let answer = store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await;
        drop(held);
        answer
    });
    let answer = written.await.map_err(Fault::inner)??;
    files.iter().for_each(|file| parts.uploads.forget(file.upload));
    parts.hub.publish(events::newest(&parts.store)?);
    parts.nudges.outbox.notify_waiters();
    parts.nudges.upload.notify_one();
    Ok(answer)
}

/// Makes the files durable as far as they are before a commit. One that is not there any more is no fault yet: a
/// request that is repeated has been done with it.
async fn prepare(
    parts: &RpcParts,
    active: &Active,
    user: &str,
    files: &[GivenFile],
) -> Result<Result<Vec<Prepared>, String>, Fault> {
    if files.len() > MOST_FILES {
        return Err(RpcError::Rejected(format!("{} files: give {MOST_FILES} at the most", files.len())).into());
    }
    let blocked = active.settings.judging.blocked_attachments.as_ref();
    let mut read = Vec::with_capacity(files.len());
    for file in files {
        let name = safe_file_name(&file.name).unwrap_or_else(|| "file".into());
        let Some(content) = parts.uploads.bytes(user, file.upload, file.size) else {
            return Ok(Err(format!("the file {name} did not arrive whole: give it once more")));
        };
        let content_type = content_type_of(&name).to_owned();
        let attachment = Attachment { name, content_type, inline: false, content_id: None, content };
        if let Some(why) = blocked.and_then(|list| list.blocks(&attachment)) {
            return Err(RpcError::Rejected(format!("{}: {why}", clean_line(&attachment.name))).into());
        }
        read.push(attachment);
    }
    let files = parts.blobs.files().clone();
    match tokio::task::spawn_blocking(move || keep_all(&files, read)).await {
        Ok(kept) => kept.map(Ok),
        Err(stopped) => Err(Fault::inner(stopped)),
    }
}

fn keep_all(files: &BlobFiles, read: Vec<Attachment>) -> Result<Vec<Prepared>, Fault> {
    read.into_iter().map(|file| keep(files, file)).collect()
}

fn keep(files: &BlobFiles, attachment: Attachment) -> Result<Prepared, Fault> {
    let Attachment { name, content_type, inline, content_id, content } = attachment;
    let blob = PreparedBlob::new(files, content).map_err(Fault::inner)?;
    Ok((AttachmentRef { name, content_type, size: blob.size, blob: blob.hash, inline, content_id }, blob))
}
