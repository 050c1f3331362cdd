//! From fetched bytes to something that can be planned: parsed and judged, with its large blobs durable. Blocks, and
//! runs apart from the async threads.

use crate::blob::{BlobError, BlobFiles, PreparedBlob};
use crate::imap::FetchedMail;
use maildesk_core::ids::BlobHash;
use maildesk_core::mail::{InboundMail, Limits, Parsed, parse};
use maildesk_core::ticket::AttachmentRef;
use maildesk_core::verdict::{Facts, OwnIdentity, facts};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A mail ready to be planned.
pub(super) struct PreparedMail {
    pub(super) raw: PreparedBlob,
    pub(super) content: Content,
}

/// What could be made of it.
pub(super) enum Content {
    Mail {
        mail: Box<InboundMail>,
        facts: Facts,
        attachments: Vec<AttachmentRef>,
        blobs: Vec<PreparedBlob>,
    },
    /// It was not parsed, or broke the parser; the raw mail goes to quarantine.
    Unreadable {
        reason: String,
    },
}

/// Parses and judges one mail.
///
/// # Errors
/// Only where a large blob cannot be written: the mail then stays unread on its server.
pub(super) fn prepare(
    fetched: FetchedMail,
    own: &OwnIdentity,
    limits: &Limits,
    files: &BlobFiles,
) -> Result<PreparedMail, BlobError> {
    let judged = catch_unwind(AssertUnwindSafe(|| match parse(&fetched.raw, limits) {
        Parsed::Mail(mail) => {
            let facts = facts(&mail, own);
            Ok((mail, facts))
        }
        Parsed::Refused(poison) => Err(format!("not parsed: {poison}")),
    }));
    let content = match judged {
        Ok(Ok((mut mail, facts))) => {
            let (attachments, blobs) = keep_attachments(&mut mail, files)?;
            Content::Mail { mail, facts, attachments, blobs }
        }
        Ok(Err(reason)) => Content::Unreadable { reason },
        Err(_) => Content::Unreadable { reason: "the parser broke on this mail".into() },
    };
    Ok(PreparedMail { raw: PreparedBlob::new(files, fetched.raw)?, content })
}

/// Turns attachments into blobs; their bytes leave the mail, so that they are in memory once.
fn keep_attachments(
    mail: &mut InboundMail,
    files: &BlobFiles,
) -> Result<(Vec<AttachmentRef>, Vec<PreparedBlob>), BlobError> {
    let mut described = Vec::with_capacity(mail.attachments.len());
    let mut blobs: Vec<PreparedBlob> = Vec::with_capacity(mail.attachments.len());
    for attachment in &mut mail.attachments {
        let blob = PreparedBlob::new(files, std::mem::take(&mut attachment.content))?;
        described.push(AttachmentRef {
            name: attachment.name.clone(),
            content_type: attachment.content_type.clone(),
            size: blob.size,
            blob: blob.hash,
            inline: attachment.inline,
            content_id: attachment.content_id.clone(),
        });
        let known = |hash: &BlobHash| blobs.iter().any(|blob: &PreparedBlob| blob.hash == *hash);
        if !known(&blob.hash) {
            blobs.push(blob);
        }
    }
    Ok((described, blobs))
}
