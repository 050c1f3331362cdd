//! The settings document on disk. It has no place for a secret itself, only for where the secret is.

mod agents;
mod channel;
mod mailbox;
mod sender;

use maildesk_core::ids::Revision;
use maildesk_core::mail::BlockList;
use maildesk_core::settings::{
    Desk, Judging, Retention, S3, Settings, Silent, Storage, Unscanned, VirusScan, ZoneName,
};
use serde::{Deserialize, Serialize};

pub(super) use self::agents::AgentNoticeRecord;
use self::agents::AgentRecord;
use self::channel::{SecretRecord, secret_record};
use self::mailbox::{MailboxRecord, mailbox_record};
use self::sender::{SenderRecord, sender_record};
use super::each;
use super::filter::FilterRecord;
use super::language::LanguageRecord;
use super::loop_guard::LoopGuardRecord;
use super::sla::SlaRecord;
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
    agents: Vec<AgentRecord>,
    #[serde(default)]
    filter: Vec<FilterRecord>,
    #[serde(default)]
    loops: LoopGuardRecord,
    #[serde(default)]
    judging: JudgingRecord,
    #[serde(default)]
    retention: RetentionRecord,
    #[serde(default)]
    sla: SlaRecord,
    storage: StorageRecord,
}

impl SettingsRecord {
    /// # Errors
    /// [`StoreError::SecretInSettings`] if a secret itself stands in the document.
    pub(in crate::store) fn new(revision: Revision, settings: Settings) -> Result<SettingsRecord, StoreError> {
        let Settings { desk, sender, mailbox, agents, filter, loops, sla, judging, retention, storage } = settings;
        Ok(SettingsRecord {
            revision,
            desk: desk.into(),
            sender: sender.into_iter().map(sender_record).collect::<Result<_, _>>()?,
            mailbox: mailbox.into_iter().map(mailbox_record).collect::<Result<_, _>>()?,
            agents: each(agents),
            filter: each(filter),
            loops: loops.into(),
            judging: judging.into(),
            retention: retention.into(),
            sla: sla.into(),
            storage: storage_record(storage)?,
        })
    }

    pub(in crate::store) fn into_settings(self) -> (Revision, Settings) {
        let SettingsRecord { revision, desk, sender, mailbox, agents, filter, .. } = self;
        let SettingsRecord { loops, sla, judging, retention, storage, .. } = self;
        let StorageRecord { s3 } = storage;
        let storage = Storage { s3: s3.map(S3::from) };
        let (sender, mailbox, agents, filter) = (each(sender), each(mailbox), each(agents), each(filter));
        let (desk, loops, sla, judging) = (desk.into(), loops.into(), sla.into(), judging.into());
        let retention = retention.into();
        (revision, Settings { desk, sender, mailbox, agents, filter, loops, sla, judging, retention, storage })
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

same_struct!(RetentionRecord = Retention { verdict_days: u32, raw_mail_days: u32, quarantine_days: u32 });

impl Default for RetentionRecord {
    fn default() -> RetentionRecord {
        Retention::default().into()
    }
}

/// [`Judging`].
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct JudgingRecord {
    trusted_authserv_ids: Vec<String>,
    blocked_attachments: Option<BlockListRecord>,
    virus_scan: Option<VirusScanRecord>,
}

same_word!(UnscannedRecord = Unscanned { Wait, Pass });

same_struct!(VirusScanRecord = VirusScan { clamd: String, unscanned: UnscannedRecord, timeout_seconds: u32 });

same_struct!(BlockListRecord = BlockList { extensions: Vec<String>, content_types: Vec<String>, programs: bool });

impl From<Judging> for JudgingRecord {
    fn from(judging: Judging) -> JudgingRecord {
        let Judging { trusted_authserv_ids, blocked_attachments, virus_scan } = judging;
        let blocked_attachments = blocked_attachments.map(BlockListRecord::from);
        JudgingRecord { trusted_authserv_ids, blocked_attachments, virus_scan: virus_scan.map(VirusScanRecord::from) }
    }
}

impl From<JudgingRecord> for Judging {
    fn from(record: JudgingRecord) -> Judging {
        let JudgingRecord { trusted_authserv_ids, blocked_attachments, virus_scan } = record;
        let blocked_attachments = blocked_attachments.map(BlockList::from);
        Judging { trusted_authserv_ids, blocked_attachments, virus_scan: virus_scan.map(VirusScan::from) }
    }
}

/// [`Desk`].
#[derive(Debug, Serialize, Deserialize)]
struct DeskRecord {
    name: String,
    #[serde(default = "ten_seconds")]
    undo_seconds: u32,
    #[serde(default = "fourteen_days")]
    reopen_days: u32,
    #[serde(default)]
    close_days: u32,
    #[serde(default = "seven_days")]
    invitation_days: u32,
    #[serde(default)]
    language: LanguageRecord,
    #[serde(default)]
    time_zone: String,
    #[serde(default)]
    silent: Option<SilentRecord>,
}

same_struct!(SilentRecord = Silent { allow: Vec<String> });

impl From<Desk> for DeskRecord {
    fn from(desk: Desk) -> DeskRecord {
        let Desk { name, undo_seconds, language, time_zone, silent, .. } = desk;
        let Desk { reopen_days, close_days, invitation_days, .. } = desk;
        let (language, time_zone) = (language.into(), time_zone.into());
        let silent = silent.map(SilentRecord::from);
        DeskRecord { name, undo_seconds, reopen_days, close_days, invitation_days, language, time_zone, silent }
    }
}

impl From<DeskRecord> for Desk {
    fn from(record: DeskRecord) -> Desk {
        let DeskRecord { name, undo_seconds, language, time_zone, silent, .. } = record;
        let DeskRecord { reopen_days, close_days, invitation_days, .. } = record;
        let (language, time_zone) = (language.into(), zone(&time_zone));
        let silent = silent.map(Silent::from);
        Desk { name, undo_seconds, language, time_zone, reopen_days, close_days, invitation_days, silent }
    }
}

/// A zone that the system's database has lost since is UTC: the settings open all the same.
fn zone(name: &str) -> ZoneName {
    ZoneName::parse(name).unwrap_or_default()
}

fn ten_seconds() -> u32 {
    10
}

fn seven_days() -> u32 {
    7
}

fn fourteen_days() -> u32 {
    14
}
