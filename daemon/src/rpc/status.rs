//! How everything fares, in one glance.

use super::fault::Fault;
use super::parts::RpcParts;
use crate::store::{counters, sent_copies};
use maildesk_core::rpc::{MailboxStatus, SenderStatus, SentCopyStatus, StatusView, StorageStatus, WorkState};
use maildesk_core::settings::{SentCopy, Settings};

/// Waiting copies are counted this far: a status is asked for often.
const COPIES_COUNTED: usize = 1000;

pub(super) fn status(parts: &RpcParts) -> Result<StatusView, Fault> {
    let active = parts.active.borrow().clone();
    let settings = &active.settings;
    let mailbox = |mailbox: &maildesk_core::settings::Mailbox| {
        let board = parts.boards.mailbox(&mailbox.name).borrow().clone();
        if mailbox.enabled { board } else { MailboxStatus { state: WorkState::Disabled, ..board } }
    };
    let sender = |sender: &maildesk_core::settings::Sender| -> SenderStatus {
        parts.boards.sender(&sender.name).borrow().clone()
    };
    let place = settings.storage.s3.as_ref().map_or_else(|| "folder".to_owned(), |s3| format!("S3 {}", s3.bucket));
    Ok(StatusView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started: parts.started,
        mailboxes: settings.mailbox.iter().map(mailbox).collect(),
        senders: settings.sender.iter().map(sender).collect(),
        storage: StorageStatus { place, state: parts.boards.storage().borrow().clone() },
        sent_copies: copies(parts, settings)?,
        counts: counters::read(&parts.store)?,
        memory: resident_bytes().unwrap_or(0),
        silent: settings.desk.silent.as_ref().map(|silent| silent.allow.clone()),
        clean_up: *parts.boards.clean_up().borrow(),
        disk_free: free_bytes(&parts.state_dir).unwrap_or(0),
    })
}

fn copies(parts: &RpcParts, settings: &Settings) -> Result<Vec<SentCopyStatus>, Fault> {
    let mut copies = Vec::new();
    for sender in &settings.sender {
        let Some(SentCopy { mailbox, folder }) = sender.sent_copy.clone() else { continue };
        let waiting = sent_copies::next(&parts.store, &sender.name, None, COPIES_COUNTED)?.len() as u64;
        let state = parts.boards.copies(&sender.name).borrow().clone();
        copies.push(SentCopyStatus { sender: sender.name.clone(), mailbox, folder, state, waiting });
    }
    Ok(copies)
}

/// From /proc/self/statm: pages, the second number.
fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

pub(super) fn free_bytes(dir: &std::path::Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(dir).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}
