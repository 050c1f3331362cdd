//! From fetched bytes to something that can be planned: parsed and judged, with its large blobs durable. Blocks, and
//! runs apart from the async threads.

use crate::active::Active;
use crate::blob::{BlobError, BlobFiles, PreparedBlob};
use maildesk_core::address::Address;
use maildesk_core::directory::{Person, forwarded_author};
use maildesk_core::filter::RunAhead;
use maildesk_core::ids::BlobHash;
use maildesk_core::invitation::named_in;
use maildesk_core::mail::{Attachment, BlockList, InboundMail, Limits, Parsed, parse};
use maildesk_core::route::{Kept, Scanned, Timing, Wanted, wanted};
use maildesk_core::settings::MailboxName;
use maildesk_core::ticket::AttachmentRef;
use maildesk_core::verdict::{Facts, SenderCheck, facts};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// A mail ready to be planned.
pub(super) struct PreparedMail {
    pub(super) raw: PreparedBlob,
    pub(super) content: Content,
    pub(super) timing: Timing,
}

impl PreparedMail {
    /// Runs the rules in force, so that the writer need not: many patterns over a long text would hold up every other
    /// mail. Where they break, the writer finds out, and the mail goes to quarantine.
    pub(super) fn filter(&mut self, active: &Active, mailbox: &MailboxName, size: u64) {
        let Content::Mail(MailContent { mail, facts, filtered, .. }) = &mut self.content else { return };
        let began = Instant::now();
        let run = || active.filters.run_ahead(mail, facts, mailbox, size);
        *filtered = catch_unwind(AssertUnwindSafe(run)).ok().map(Box::new);
        self.timing.plan = Some(microseconds(began));
    }

    /// Whether it may be the answer to an invitation.
    pub(super) fn names_invitation(&self) -> bool {
        matches!(&self.content, Content::Mail(content) if named_in(&content.mail).is_some())
    }
}

/// A mail as its bytes alone tell it.
pub(super) struct ReadMail {
    pub(super) mail: Box<InboundMail>,
    pub(super) facts: Box<Facts>,
    /// What is to be looked up about it.
    pub(super) wanted: Box<Wanted>,
}

/// What could be made of it.
pub(super) enum Content {
    Mail(MailContent),
    /// It was not parsed, or broke the parser; the raw mail goes to quarantine.
    Unreadable {
        reason: String,
    },
}

/// A mail that could be read.
pub(super) struct MailContent {
    pub(super) mail: Box<InboundMail>,
    pub(super) facts: Box<Facts>,
    pub(super) wanted: Box<Wanted>,
    pub(super) kept: Kept,
    /// What the rules in force came to, where they ran already.
    pub(super) filtered: Option<Box<RunAhead>>,
    pub(super) blobs: Vec<PreparedBlob>,
}

/// Parses and judges one mail.
///
/// # Errors
/// Only where a large blob cannot be written: the mail then stays unread on its server.
pub(super) fn prepare(
    raw: Vec<u8>,
    (scanned, checked): (Scanned, Option<SenderCheck>),
    active: &Active,
    limits: &Limits,
    files: &BlobFiles,
) -> Result<PreparedMail, BlobError> {
    let (read, timing) = read_mail(&raw, checked, active, limits);
    let content = match read {
        Ok(ReadMail { mut mail, facts, wanted }) => {
            let blocked = active.settings.judging.blocked_attachments.as_ref();
            let (mut kept, blobs) = keep_attachments(&mut mail, blocked, files)?;
            kept.scanned = scanned;
            Content::Mail(MailContent { mail, facts, wanted, kept, filtered: None, blobs })
        }
        Err(reason) => Content::Unreadable { reason },
    };
    Ok(PreparedMail { raw: PreparedBlob::new(files, raw)?, content, timing })
}

/// Parses a mail and judges what it is; or says why it cannot be read. A panic of the parser is caught.
pub(super) fn read_mail(
    raw: &[u8],
    checked: Option<SenderCheck>,
    active: &Active,
    limits: &Limits,
) -> (Result<ReadMail, String>, Timing) {
    let mut timing = Timing::default();
    let read = catch_unwind(AssertUnwindSafe(|| {
        let began = Instant::now();
        let parsed = parse(raw, limits);
        timing.parse = Some(microseconds(began));
        match parsed {
            Parsed::Mail(mail) => {
                let began = Instant::now();
                let mut facts = Box::new(facts(&mail, &active.own));
                facts.authentication.own = checked;
                let wanted = Box::new(wanted(&mail, &facts, &active.rules(), passed_on(&mail, active)));
                timing.facts = Some(microseconds(began));
                Ok(ReadMail { mail, facts, wanted })
            }
            Parsed::Refused(poison) => Err(format!("not parsed: {poison}")),
        }
    }));
    (read.unwrap_or_else(|_| Err("the parser broke on this mail".into())), timing)
}

/// Who wrote the mail that this one passes on, where an agent does.
fn passed_on(mail: &InboundMail, active: &Active) -> Option<Person> {
    let rules = active.rules();
    let from = mail.from.as_ref().and_then(|from| Address::parse(&from.address).ok())?;
    rules.agent_of(&from)?;
    forwarded_author(mail, |address| rules.own.contains(&address.key()) || rules.agent_of(address).is_some())
}

/// Time since then, as traces keep it.
pub(super) fn microseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// Turns attachments into blobs; their bytes leave the mail, so that they are in memory once. What is blocked becomes
/// none.
fn keep_attachments(
    mail: &mut InboundMail,
    blocked: Option<&BlockList>,
    files: &BlobFiles,
) -> Result<(Kept, Vec<PreparedBlob>), BlobError> {
    let mut kept = Kept::default();
    let mut blobs: Vec<PreparedBlob> = Vec::with_capacity(mail.attachments.len());
    for attachment in &mut mail.attachments {
        let why = blocked.and_then(|list| list.blocks(attachment));
        let content = std::mem::take(&mut attachment.content);
        if let Some(why) = why {
            kept.left_out.push(Kept::blocked(&attachment.name, &why));
            continue;
        }
        let blob = PreparedBlob::new(files, content)?;
        kept.attachments.push(described(attachment, blob.size, blob.hash));
        let known = |hash: &BlobHash| blobs.iter().any(|blob: &PreparedBlob| blob.hash == *hash);
        if !known(&blob.hash) {
            blobs.push(blob);
        }
    }
    Ok((kept, blobs))
}

/// An attachment as its entry describes it.
pub(super) fn described(attachment: &Attachment, size: u64, blob: BlobHash) -> AttachmentRef {
    AttachmentRef {
        name: attachment.name.clone(),
        content_type: attachment.content_type.clone(),
        size,
        blob,
        inline: attachment.inline,
        content_id: attachment.content_id.clone(),
    }
}
