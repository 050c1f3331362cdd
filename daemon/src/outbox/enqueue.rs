//! Queues a rendered mail within the transaction of what it tells about.

use crate::active::Active;
use crate::smtp::{ComposeError, bytes_added, compose};
use crate::store::counters::{self, Counter};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use crate::store::{automatic, events, outbox, suppressions};
use jiff::Timestamp;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::OutboxId;
use maildesk_core::notification::{Kind, RenderError, Rendered};
use maildesk_core::outbox::{Automatic, Draft, HoldReason, OutboxEntry, OutboxState, subject_mark};
use maildesk_core::rpc::MOST_FILE_BYTES;

#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    #[error("the template does not render: {0}")]
    Render(#[from] RenderError),
    #[error("the mail cannot be composed: {0}")]
    Compose(#[from] ComposeError),
    #[error("{0}")]
    Suppressed(String),
    /// The loop guard refuses one more automatic mail.
    #[error("{0}")]
    Loop(String),
    #[error("the mail has {size} bytes, and the server of sender {sender} takes {limit} at the most (SIZE)")]
    TooLarge { size: u64, limit: u64, sender: String },
    #[error("the attachments have {size} bytes together, and {MOST_FILE_BYTES} at the most go with one mail")]
    Files { size: u64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is special about a mail that a person writes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms {
    /// It can be taken back until then.
    pub undo_until: Option<Timestamp>,
    pub even_if_suppressed: bool,
    /// The largest mail that the sender's server takes, in bytes, where it has said so.
    pub size_limit: Option<u64>,
}

/// Composes the mail and puts it into the outbox, due at once. Nothing is written where it cannot be composed, or
/// where its address is suppressed or the loop guard stops it.
pub fn enqueue(
    tx: &mut Transaction<'_>,
    draft: Draft<'_>,
    rendered: Rendered,
    active: &Active,
    now: Timestamp,
) -> Result<OutboxId, EnqueueError> {
    enqueue_on(tx, draft, rendered, active, Terms::default(), now).map(|entry| entry.id)
}

/// As [`enqueue`], on these terms; gives the entry.
pub fn enqueue_on(
    tx: &mut Transaction<'_>,
    draft: Draft<'_>,
    rendered: Rendered,
    active: &Active,
    terms: Terms,
    now: Timestamp,
) -> Result<OutboxEntry, EnqueueError> {
    let suppression = suppressions::get(tx, draft.to)?.filter(|found| found.holds(now) && !terms.even_if_suppressed);
    if let Some(found) = suppression {
        return Err(EnqueueError::Suppressed(found.sentence()));
    }
    let (kind, to) = (draft.kind, draft.to);
    // An acknowledgement opens its ticket, which gets one only.
    // Agents hear of a ticket as often as something happens on it, and that is not the ticket's doing.
    let counted = kind != Kind::TicketAcknowledgement && !kind.to_agents();
    let counted_ticket = draft.about.filter(|_| counted).map(|(ticket, _)| ticket);
    let id = OutboxId(counters::last(tx, Counter::Outbox)? + 1);
    // The same may be said to an agent of many tickets: there only the number of mails counts.
    let alone = u32::try_from(id.0 & u64::from(u32::MAX)).unwrap_or_default();
    let subject = if kind.to_agents() { alone } else { subject_mark(&rendered.subject) };
    let mail = Automatic { at: now, subject };
    // What is about no ticket a person asks for, such as a preview; but for an answer to who was invited.
    let of_itself = draft.about.is_some() || kind == Kind::InvitationAnswer;
    let history = match kind.automatic() && of_itself && !kind.from_clock() {
        true => Some(automatic::history(tx, to, counted_ticket)?),
        false => None,
    };
    let loops = &active.settings.loops;
    if let Some(refusal) =
        history.as_ref().and_then(|history| loops.refusal(history, counted_ticket, mail.subject, now))
    {
        return Err(EnqueueError::Loop(refusal));
    }
    let fell_back = rendered.fell_back.clone();
    let (mut entry, outbound) = draft.finish(rendered, id, &active.identity.keys, now);
    let mime = compose(&outbound)?;
    let files: u64 = entry.attachments.iter().map(|file| file.size).sum();
    if files > MOST_FILE_BYTES {
        return Err(EnqueueError::Files { size: files });
    }
    entry.size = mime.len() as u64 + bytes_added(&entry.message_id, &entry.attachments);
    if let Some(limit) = terms.size_limit.filter(|limit| entry.size > *limit) {
        return Err(EnqueueError::TooLarge { size: entry.size, limit, sender: entry.sender.to_string() });
    }
    entry.even_if_suppressed = terms.even_if_suppressed;
    if let Some(until) = terms.undo_until {
        entry.state = OutboxState::Held { since: now, until: Some(until), reason: HoldReason::Undo };
    }
    counters::next(tx, Counter::Outbox)?;
    outbox::add(tx, &entry, &mime)?;
    if let Some(history) = history {
        automatic::remember(tx, loops, history, to, counted_ticket, mail)?;
    }
    if let Some(reason) = fell_back {
        events::append(tx, now, DomainEvent::TemplateFailed { kind: entry.kind, outbox: id, reason })?;
    }
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::active::Identity;
    use crate::store::Store;
    use crate::store::kv::Options;
    use maildesk_core::address::Address;
    use maildesk_core::ids::{EntryNumber, EventSeq, Revision, TicketNumber};
    use maildesk_core::route::token::TokenKeys;
    use maildesk_core::settings::from_toml;
    use std::sync::Arc;

    #[tokio::test]
    async fn a_template_that_failed_is_told_by_an_event() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { min_free_bytes: 1 << 20, ..Options::new(&folder.path().join("store")) };
        let store = Store::open(&options).unwrap();
        let job = |tx: &mut Transaction<'_>| {
            let settings = from_toml(
                "[[sender]]\nname = \"main\"\nfrom = \"desk@example.org\"\n\
                 server = { host = \"127.0.0.1\", port = 25, encryption = \"plain\" }\n",
            )
            .unwrap();
            let to = Address::parse("ann@acme.example").unwrap();
            let identity = Identity { install: "x".into(), keys: TokenKeys::new([7; 32]) };
            let active = Active::new(Revision(1), settings, identity, Arc::default());
            let draft = Draft {
                kind: Kind::AgentReply,
                about: Some((TicketNumber(1), EntryNumber(1))),
                token: None,
                to: &to,
                to_name: None,
                sender: active.settings.sender.first().unwrap(),
                from_name: None,
                thread: Vec::new(),
                install: "x",
                attachments: Vec::new(),
            };
            let text = "hello".to_owned();
            let fell_back = Some("the text is longer than 4194304 bytes".to_owned());
            let rendered = Rendered { subject: text.clone(), html: text.clone(), text, fell_back };
            enqueue(tx, draft, rendered, &active, Timestamp::UNIX_EPOCH)
        };
        store.write(job).await.unwrap();
        let (events, _) = events::after(&store, EventSeq(0), 9).unwrap();
        assert_eq!(
            events.first().unwrap().what.sentence(),
            "the template agent_reply failed, mail 1 was made by the built-in one: the text is longer than 4194304 bytes"
        );
    }
}
