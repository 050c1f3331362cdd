//! Senders on disk.

use std::path::PathBuf;

use maildesk_core::address::{Address, Domain};
use maildesk_core::settings::{
    Dkim, DkimAlgorithm, Login, MailboxName, Sender, SenderName, SentCopy, SmtpServer, WayOut,
};
use serde::{Deserialize, Serialize};

use super::channel::{LoginRecord, SecretRecord, ServerRecord, login_record, secret_record};
use crate::store::error::StoreError;

/// [`Sender`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SenderRecord {
    name: SenderName,
    from: Address,
    display_name: Option<String>,
    reply_to: Option<Address>,
    #[serde(default)]
    plus_address: bool,
    #[serde(default)]
    sender_header: Option<Address>,
    #[serde(default)]
    dkim: Option<DkimRecord>,
    #[serde(default)]
    sent_copy: Option<SentCopyRecord>,
    #[serde(default)]
    per_minute: u32,
    #[serde(default)]
    per_hour: u32,
    #[serde(flatten)]
    way: WayOutRecord,
}

/// [`WayOut`], told by its fields: those of an SMTP server have always stood among the sender's own.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum WayOutRecord {
    Sendmail { sendmail: Vec<String> },
    Folder { folder: PathBuf },
    Smtp { server: ServerRecord, login: Option<LoginRecord>, ehlo_name: Option<String>, connections: u8 },
}

pub(super) fn sender_record(sender: Sender) -> Result<SenderRecord, StoreError> {
    let Sender { name, from, display_name, reply_to, plus_address, sender_header, dkim, .. } = sender;
    let Sender { sent_copy, per_minute, per_hour, way, .. } = sender;
    let field = format!("sender \"{name}\"");
    let way = match way {
        WayOut::Sendmail { command } => WayOutRecord::Sendmail { sendmail: command },
        WayOut::Folder { path } => WayOutRecord::Folder { folder: path },
        WayOut::Smtp(smtp) => {
            let SmtpServer { server, login, ehlo_name, connections } = *smtp;
            let login = login.map(|login| login_record(login, &field)).transpose()?;
            WayOutRecord::Smtp { server: server.into(), login, ehlo_name, connections }
        }
    };
    let dkim = dkim.map(|dkim| dkim_record(dkim, &field)).transpose()?;
    let sent_copy = sent_copy.map(|SentCopy { mailbox, folder }| SentCopyRecord { mailbox, folder });
    Ok(SenderRecord {
        name,
        from,
        display_name,
        reply_to,
        plus_address,
        sender_header,
        dkim,
        sent_copy,
        per_minute,
        per_hour,
        way,
    })
}

impl From<SenderRecord> for Sender {
    fn from(record: SenderRecord) -> Sender {
        let SenderRecord { name, from, display_name, reply_to, plus_address, sender_header, dkim, .. } = record;
        let SenderRecord { sent_copy, per_minute, per_hour, way, .. } = record;
        let way = match way {
            WayOutRecord::Sendmail { sendmail } => WayOut::Sendmail { command: sendmail },
            WayOutRecord::Folder { folder } => WayOut::Folder { path: folder },
            WayOutRecord::Smtp { server, login, ehlo_name, connections } => {
                let (server, login) = (server.into(), login.map(Login::from));
                WayOut::Smtp(Box::new(SmtpServer { server, login, ehlo_name, connections }))
            }
        };
        let dkim = dkim.map(Dkim::from);
        let sent_copy = sent_copy.map(|SentCopyRecord { mailbox, folder }| SentCopy { mailbox, folder });
        Sender {
            name,
            from,
            display_name,
            reply_to,
            plus_address,
            sender_header,
            dkim,
            sent_copy,
            per_minute,
            per_hour,
            way,
        }
    }
}

/// [`SentCopy`].
#[derive(Debug, Serialize, Deserialize)]
struct SentCopyRecord {
    mailbox: MailboxName,
    folder: String,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_from_before_there_were_ways_out_has_an_smtp_server() {
        let old = r#"{"name":"a","server":{"host":"h","port":587,"encryption":"starttls","ca_file":null},"login":null,
            "from":"a@x.example","display_name":null,"reply_to":null,"ehlo_name":"e","connections":3}"#;
        let sender = Sender::from(serde_json::from_str::<SenderRecord>(old).unwrap());
        let smtp = sender.way.smtp().unwrap();
        assert_eq!(sender.sent_copy, None);
        assert_eq!((smtp.server.port, smtp.connections, smtp.ehlo_name.as_deref()), (587, 3, Some("e")));
    }
}
