//! Mails put straight into the outbox of a daemon that is stopped, as its own queueing would have left them.

use anyhow::{Context, Result};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{EntryNumber, OutboxId, TicketNumber};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::OutboxEntry;
use maildesk_core::settings::SenderName;
use maildesk_daemon::store::counters::{self, Counter};
use maildesk_daemon::store::kv::{Options, Transaction};
use maildesk_daemon::store::{Store, StoreError, outbox};
use std::path::Path;

/// Mails of one commit.
const AT_ONCE: usize = 200;

/// Queues so many mails of so many bytes, each to another person about another ticket, due at once.
pub async fn fill(state_dir: &Path, mails: usize, bytes: usize) -> Result<()> {
    let store = Store::open(&Options::new(&state_dir.join("store")))?;
    let (sender, from) = (SenderName::parse("desk")?, Address::parse("desk@desk.test")?);
    #[expect(clippy::disallowed_methods, reason = "the daemon under test has the real clock")]
    let now = Timestamp::now();
    let mut left = mails;
    while left > 0 {
        let part = left.min(AT_ONCE);
        let (sender, from) = (sender.clone(), from.clone());
        let job = move |tx: &mut Transaction<'_>| -> Result<(), StoreError> {
            for _ in 0..part {
                let number = counters::next(tx, Counter::Outbox)?;
                let Some((entry, mime)) = mail(number, &sender, &from, bytes, now) else { continue };
                outbox::put(tx, &entry)?;
                outbox::put_message(tx, entry.id, &mime)?;
            }
            Ok(())
        };
        store.write(job).await?;
        left -= part;
    }
    tokio::task::spawn_blocking(move || store.close()).await.context("closing the store")
}

fn mail(
    number: u64,
    sender: &SenderName,
    from: &Address,
    bytes: usize,
    now: Timestamp,
) -> Option<(OutboxEntry, Vec<u8>)> {
    let to = Address::parse(&format!("person{number}@world.test")).ok()?;
    let message_id = format!("bench.{number}@desk.test");
    let mut mime = format!(
        "From: The desk <{from}>\r\nTo: {to}\r\nSubject: Re: your ticket\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\n\
         Message-ID: <{message_id}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    );
    while mime.len() + 80 < bytes {
        mime.push_str("The label printer prints blank pages because its ribbon is worn; take another.\r\n");
    }
    let entry = OutboxEntry {
        ticket: Some(TicketNumber(number)),
        entry: Some(EntryNumber(2)),
        subject: "Re: your ticket".into(),
        size: mime.len() as u64,
        ..OutboxEntry::begun(OutboxId(number), Kind::AgentReply, sender.clone(), from.clone(), to, message_id, now)
    };
    Some((entry, mime.into_bytes()))
}
