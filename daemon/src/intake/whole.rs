//! A mail that cannot be taken apart, made ready for its ticket: by its header, with the whole of it attached.

use super::prepare::{Content, MailContent, PreparedMail, described};
use crate::active::Active;
use crate::blob::{BlobFiles, PreparedBlob};
use maildesk_core::mail::{InboundMail, Limits, attached_whole};
use maildesk_core::route::{Kept, Scanned, Timing, wanted};
use maildesk_core::verdict::{SenderCheck, facts};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// `head` are its first bytes, `raw` all of it, `size` its bytes, `why` says what keeps it from being taken apart.
pub(super) fn prepare_whole(
    (head, raw, size): (&[u8], PreparedBlob, u64),
    why: &str,
    (scanned, checked): (Scanned, Option<SenderCheck>),
    active: &Active,
    files: &BlobFiles,
) -> PreparedMail {
    let mail = |head| attached_whole(head, why, size, raw.hash.0, &Limits::default());
    // What broke the parser may stand in the header.
    let mut mail: InboundMail = catch_unwind(AssertUnwindSafe(|| mail(head))).unwrap_or_else(|_| mail(b""));
    let mut facts = Box::new(facts(&mail, &active.own));
    facts.authentication.own = checked;
    let blocked = active.settings.judging.blocked_attachments.as_ref();
    let (mut kept, mut blobs) = (Kept { scanned, ..Kept::default() }, Vec::new());
    for attachment in &mut mail.attachments {
        attachment.content = head.to_vec();
        let why = blocked.and_then(|list| list.blocks(attachment));
        attachment.content = Vec::new();
        match why {
            Some(why) => kept.left_out.push(Kept::blocked(&attachment.name, &why)),
            None => {
                kept.attachments.push(described(attachment, size, raw.hash));
                blobs.push(raw.again(files));
            }
        }
    }
    let wanted = Box::new(wanted(&mail, &facts, &active.rules(), None));
    let content = MailContent { mail: Box::new(mail), facts, wanted, kept, filtered: None, blobs };
    PreparedMail { raw, content: Content::Mail(content), timing: Timing::default() }
}
