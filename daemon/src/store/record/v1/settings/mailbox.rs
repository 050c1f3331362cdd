//! Mailboxes on disk.

use jiff::civil::Date;
use maildesk_core::address::Address;
use maildesk_core::settings::{FirstImport, Mailbox, MailboxName, SenderName};
use serde::{Deserialize, Serialize};

use super::super::language::LanguageRecord;
use super::channel::{LoginRecord, ServerRecord, login_record};
use crate::store::error::StoreError;

/// [`Mailbox`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MailboxRecord {
    name: MailboxName,
    server: ServerRecord,
    login: LoginRecord,
    address: Address,
    folder: String,
    poll_seconds: u32,
    first_import: FirstImportRecord,
    sender: Option<SenderName>,
    acknowledge: bool,
    #[serde(default = "yes")]
    notify_resolved: bool,
    #[serde(default)]
    check_senders: bool,
    #[serde(default)]
    language: Option<LanguageRecord>,
    max_mail_bytes: u64,
    enabled: bool,
}

pub(super) fn mailbox_record(mailbox: Mailbox) -> Result<MailboxRecord, StoreError> {
    let Mailbox {
        name,
        server,
        login,
        address,
        folder,
        poll_seconds,
        first_import,
        sender,
        acknowledge,
        notify_resolved,
        check_senders,
        language,
        max_mail_bytes,
        enabled,
    } = mailbox;
    let field = format!("mailbox \"{name}\"");
    Ok(MailboxRecord {
        name,
        server: server.into(),
        login: login_record(login, &field)?,
        address,
        folder,
        poll_seconds,
        first_import: first_import.into(),
        sender,
        acknowledge,
        notify_resolved,
        check_senders,
        language: language.map(LanguageRecord::from),
        max_mail_bytes,
        enabled,
    })
}

impl From<MailboxRecord> for Mailbox {
    fn from(record: MailboxRecord) -> Mailbox {
        let MailboxRecord {
            name,
            server,
            login,
            address,
            folder,
            poll_seconds,
            first_import,
            sender,
            acknowledge,
            notify_resolved,
            check_senders,
            language,
            max_mail_bytes,
            enabled,
        } = record;
        Mailbox {
            name,
            server: server.into(),
            login: login.into(),
            address,
            folder,
            poll_seconds,
            first_import: first_import.into(),
            sender,
            acknowledge,
            notify_resolved,
            check_senders,
            language: language.map(Into::into),
            max_mail_bytes,
            enabled,
        }
    }
}

fn yes() -> bool {
    true
}

/// [`FirstImport`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(super) enum FirstImportRecord {
    FromNow,
    Unread,
    Since { day: Date },
}

impl From<FirstImport> for FirstImportRecord {
    fn from(import: FirstImport) -> FirstImportRecord {
        match import {
            FirstImport::FromNow => FirstImportRecord::FromNow,
            FirstImport::Unread => FirstImportRecord::Unread,
            FirstImport::Since(day) => FirstImportRecord::Since { day },
        }
    }
}

impl From<FirstImportRecord> for FirstImport {
    fn from(record: FirstImportRecord) -> FirstImport {
        match record {
            FirstImportRecord::FromNow => FirstImport::FromNow,
            FirstImportRecord::Unread => FirstImport::Unread,
            FirstImportRecord::Since { day } => FirstImport::Since(day),
        }
    }
}
