//! Senders on disk.

use maildesk_core::address::{Address, Domain};
use maildesk_core::settings::{Dkim, DkimAlgorithm, Login, Sender, SenderName};
use serde::{Deserialize, Serialize};

use super::channel::{LoginRecord, SecretRecord, ServerRecord, login_record, secret_record};
use crate::store::error::StoreError;

/// [`Sender`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SenderRecord {
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

pub(super) fn sender_record(sender: Sender) -> Result<SenderRecord, StoreError> {
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

/// [`Dkim`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DkimRecord {
    domain: Domain,
    selector: String,
    algorithm: DkimAlgorithmRecord,
    key: SecretRecord,
    required: bool,
}

pub(super) fn dkim_record(dkim: Dkim, field: &str) -> Result<DkimRecord, StoreError> {
    let Dkim { domain, selector, algorithm, key, required } = dkim;
    Ok(DkimRecord { domain, selector, algorithm: algorithm.into(), key: secret_record(key, field)?, required })
}

impl From<DkimRecord> for Dkim {
    fn from(record: DkimRecord) -> Dkim {
        let DkimRecord { domain, selector, algorithm, key, required } = record;
        Dkim { domain, selector, algorithm: algorithm.into(), key: key.into(), required }
    }
}

same_word!(DkimAlgorithmRecord = DkimAlgorithm { Rsa, Ed25519 });
