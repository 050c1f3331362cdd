//! The settings document on disk. It has no place for a secret itself, only for where the secret is.

use std::path::PathBuf;

use jiff::civil::Date;
use maildesk_core::address::{Address, Domain};
use maildesk_core::ids::Revision;
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use maildesk_core::settings::{
    CertificatePin, Desk, Dkim, DkimAlgorithm, FirstImport, Login, Mailbox, MailboxName, S3, SecretSetting, Sender,
    SenderName, Settings, Silent, Storage,
};
use serde::{Deserialize, Serialize};

use super::each;
use super::filter::FilterRecord;
use crate::store::error::StoreError;

/// [`Settings`] with their revision.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct SettingsRecord {
    revision: Revision,
    desk: DeskRecord,
    #[serde(default)]
    sender: Vec<SenderRecord>,
    #[serde(default)]
    mailbox: Vec<MailboxRecord>,
    #[serde(default)]
    filter: Vec<FilterRecord>,
    storage: StorageRecord,
}

impl SettingsRecord {
    /// # Errors
    /// [`StoreError::SecretInSettings`] if a secret itself stands in the document.
    pub(in crate::store) fn new(revision: Revision, settings: Settings) -> Result<SettingsRecord, StoreError> {
        let Settings { desk, sender, mailbox, filter, storage } = settings;
        Ok(SettingsRecord {
            revision,
            desk: desk.into(),
            sender: sender.into_iter().map(sender_record).collect::<Result<_, _>>()?,
            mailbox: mailbox.into_iter().map(mailbox_record).collect::<Result<_, _>>()?,
            filter: each(filter),
            storage: storage_record(storage)?,
        })
    }

    pub(in crate::store) fn into_settings(self) -> (Revision, Settings) {
        let SettingsRecord { revision, desk, sender, mailbox, filter, storage } = self;
        let StorageRecord { s3 } = storage;
        let storage = Storage { s3: s3.map(S3::from) };
        let (sender, mailbox, filter) = (each(sender), each(mailbox), each(filter));
        (revision, Settings { desk: desk.into(), sender, mailbox, filter, storage })
    }
}

/// [`Sender`].
#[derive(Debug, Serialize, Deserialize)]
struct SenderRecord {
    name: SenderName,
    server: ServerRecord,
    login: Option<LoginRecord>,
    from: Address,
    display_name: Option<String>,
    reply_to: Option<Address>,
    #[serde(default)]
    sender_header: Option<Address>,
    ehlo_name: Option<String>,
    #[serde(default)]
    dkim: Option<DkimRecord>,
    connections: u8,
    #[serde(default)]
    per_minute: u32,
    #[serde(default)]
    per_hour: u32,
}

fn sender_record(sender: Sender) -> Result<SenderRecord, StoreError> {
    let Sender {
        name,
        server,
        login,
        from,
        display_name,
        reply_to,
        sender_header,
        ehlo_name,
        dkim,
        connections,
        per_minute,
        per_hour,
    } = sender;
    let field = format!("sender \"{name}\"");
    Ok(SenderRecord {
        name,
        server: server.into(),
        login: login.map(|login| login_record(login, &field)).transpose()?,
        from,
        display_name,
        reply_to,
        sender_header,
        ehlo_name,
        dkim: dkim.map(|dkim| dkim_record(dkim, &field)).transpose()?,
        connections,
        per_minute,
        per_hour,
    })
}

impl From<SenderRecord> for Sender {
    fn from(record: SenderRecord) -> Sender {
        let SenderRecord {
            name,
            server,
            login,
            from,
            display_name,
            reply_to,
            sender_header,
            ehlo_name,
            dkim,
            connections,
            per_minute,
            per_hour,
        } = record;
        Sender {
            name,
            server: server.into(),
            login: login.map(Login::from),
            from,
            display_name,
            reply_to,
            sender_header,
            ehlo_name,
            dkim: dkim.map(Dkim::from),
            connections,
            per_minute,
            per_hour,
        }
    }
}

/// [`Mailbox`].
#[derive(Debug, Serialize, Deserialize)]
struct MailboxRecord {
    name: MailboxName,
    server: ServerRecord,
    login: LoginRecord,
    address: Address,
    folder: String,
    poll_seconds: u32,
    first_import: FirstImportRecord,
    sender: Option<SenderName>,
    acknowledge: bool,
    max_mail_bytes: u64,
    enabled: bool,
}

fn mailbox_record(mailbox: Mailbox) -> Result<MailboxRecord, StoreError> {
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
            max_mail_bytes,
            enabled,
        }
    }
}

/// [`S3`].
#[derive(Debug, Serialize, Deserialize)]
struct S3Record {
    endpoint: String,
    region: String,
    bucket: String,
    path_style: bool,
    access_key: String,
    secret_key: SecretRecord,
    prefix: String,
}

fn s3_record(s3: S3) -> Result<S3Record, StoreError> {
    let S3 { endpoint, region, bucket, path_style, access_key, secret_key, prefix } = s3;
    Ok(S3Record {
        endpoint,
        region,
        bucket,
        path_style,
        access_key,
        secret_key: secret_record(secret_key, "storage.s3")?,
        prefix,
    })
}

impl From<S3Record> for S3 {
    fn from(record: S3Record) -> S3 {
        let S3Record { endpoint, region, bucket, path_style, access_key, secret_key, prefix } = record;
        S3 { endpoint, region, bucket, path_style, access_key, secret_key: secret_key.into(), prefix }
    }
}

/// [`Storage`].
#[derive(Debug, Serialize, Deserialize)]
struct StorageRecord {
    s3: Option<S3Record>,
}

fn storage_record(storage: Storage) -> Result<StorageRecord, StoreError> {
    let Storage { s3 } = storage;
    Ok(StorageRecord { s3: s3.map(s3_record).transpose()? })
}

/// [`Login`].
#[derive(Debug, Serialize, Deserialize)]
struct LoginRecord {
    username: String,
    password: SecretRecord,
}

fn login_record(login: Login, field: &str) -> Result<LoginRecord, StoreError> {
    let Login { username, password } = login;
    Ok(LoginRecord { username, password: secret_record(password, field)? })
}

impl From<LoginRecord> for Login {
    fn from(record: LoginRecord) -> Login {
        let LoginRecord { username, password } = record;
        Login { username, password: password.into() }
    }
}

/// [`Dkim`].
#[derive(Debug, Serialize, Deserialize)]
struct DkimRecord {
    domain: Domain,
    selector: String,
    algorithm: DkimAlgorithmRecord,
    key: SecretRecord,
    required: bool,
}

fn dkim_record(dkim: Dkim, field: &str) -> Result<DkimRecord, StoreError> {
    let Dkim { domain, selector, algorithm, key, required } = dkim;
    Ok(DkimRecord { domain, selector, algorithm: algorithm.into(), key: secret_record(key, field)?, required })
}

impl From<DkimRecord> for Dkim {
    fn from(record: DkimRecord) -> Dkim {
        let DkimRecord { domain, selector, algorithm, key, required } = record;
        Dkim { domain, selector, algorithm: algorithm.into(), key: key.into(), required }
    }
}

/// [`SecretSetting`] without the secret itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum SecretRecord {
    Credential { name: String },
    Sealed,
}

fn secret_record(secret: SecretSetting, field: &str) -> Result<SecretRecord, StoreError> {
    match secret {
        SecretSetting::Credential(name) => Ok(SecretRecord::Credential { name }),
        SecretSetting::Sealed => Ok(SecretRecord::Sealed),
        SecretSetting::Value(_) => Err(StoreError::SecretInSettings { field: field.to_owned() }),
    }
}

impl From<SecretRecord> for SecretSetting {
    fn from(record: SecretRecord) -> SecretSetting {
        match record {
            SecretRecord::Credential { name } => SecretSetting::Credential(name),
            SecretRecord::Sealed => SecretSetting::Sealed,
        }
    }
}

/// [`FirstImport`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum FirstImportRecord {
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

/// [`Desk`].
#[derive(Debug, Serialize, Deserialize)]
struct DeskRecord {
    name: String,
    #[serde(default = "ten_seconds")]
    undo_seconds: u32,
    #[serde(default)]
    silent: Option<SilentRecord>,
}

same_struct!(SilentRecord = Silent { allow: Vec<String> });

impl From<Desk> for DeskRecord {
    fn from(desk: Desk) -> DeskRecord {
        let Desk { name, undo_seconds, silent } = desk;
        DeskRecord { name, undo_seconds, silent: silent.map(SilentRecord::from) }
    }
}

impl From<DeskRecord> for Desk {
    fn from(record: DeskRecord) -> Desk {
        let DeskRecord { name, undo_seconds, silent } = record;
        Desk { name, undo_seconds, silent: silent.map(Silent::from) }
    }
}

fn ten_seconds() -> u32 {
    10
}

same_struct!(ServerRecord = ServerAddress {
    host: String,
    port: u16,
    encryption: EncryptionRecord,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    pin_sha256: Option<CertificatePin>,
});

same_word!(EncryptionRecord = Encryption { Tls, Starttls, Plain });

same_word!(DkimAlgorithmRecord = DkimAlgorithm { Rsa, Ed25519 });
