//! A running desk with its servers, and questions to it in domain words.

use anyhow::{Context, Result};
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::Daemon;
use maildesk_tests::settings::{DeskSettings, desk_settings};
use maildesk_tests::{DOMAIN, Letter, Testbed, eventually};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::time::Duration;

/// How long anything may take that happens by itself; a lost connection alone is left alone for 5 to 8 seconds.
pub const SOON: Duration = Duration::from_secs(60);

/// maildeskd with one mailbox and one sender, both called `desk`, on real servers.
pub struct Desk {
    pub daemon: Daemon,
    pub cli: Cli,
    pub bed: Testbed,
}

impl Desk {
    /// With the usual settings, after its first poll.
    pub async fn open() -> Result<Self> {
        let bed = Testbed::start().await?;
        let settings = desk_settings(&bed);
        let desk = Self::open_with(bed, &settings).await?;
        desk.polls().await?;
        Ok(desk)
    }

    /// With these settings; nothing is waited for.
    pub async fn open_with(bed: Testbed, settings: &DeskSettings) -> Result<Self> {
        let (daemon, cli) = bed.daemon_with(settings.text()).await?;
        Ok(Self { daemon, cli, bed })
    }

    /// Waits until the first mailbox was polled without a fault.
    pub async fn polls(&self) -> Result<()> {
        eventually(SOON, "the mailbox is polled", async || {
            anyhow::Ok(self.status().await?["mailboxes"][0]["state"] == "working")
        })
        .await
    }

    /// A mail from outside to the desk, through SMTP. The sender of the envelope is the address in `from`.
    pub async fn receives(&self, from: &str, letter: &Letter) -> Result<()> {
        self.bed.post(letter, from, &format!("desk@{DOMAIN}")).await
    }

    /// The `data` of a command's JSON.
    pub async fn ask(&self, arguments: &[&str]) -> Result<Value> {
        Ok(self.cli.json(arguments).await?["data"].take())
    }

    pub async fn status(&self) -> Result<Value> {
        self.ask(&["status"]).await
    }

    /// Every ticket, the newest first.
    pub async fn tickets(&self) -> Result<Vec<Value>> {
        rows(self.ask(&["ticket", "list", "--all"]).await?)
    }

    /// One ticket with its thread.
    pub async fn ticket(&self, number: u64) -> Result<Value> {
        self.ask(&["ticket", "show", &number.to_string()]).await
    }

    /// The verdict log, the newest first.
    pub async fn mails(&self) -> Result<Vec<Value>> {
        rows(self.ask(&["mail", "list", "--all"]).await?)
    }

    /// Every mail to send, sent or given up.
    pub async fn outbox(&self) -> Result<Vec<Value>> {
        rows(self.ask(&["outbox", "list", "--all"]).await?)
    }

    /// Everything that happened, oldest first.
    pub async fn events(&self) -> Result<Vec<Value>> {
        let text = self.cli.ok(&["events", "--json"]).await?;
        text.lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
    }

    /// Waits until a mail with this subject was judged, and returns its verdict.
    pub async fn judged(&self, subject: &str) -> Result<Value> {
        eventually(SOON, &format!("the mail {subject:?} is judged"), async || {
            let mails = self.mails().await?;
            anyhow::Ok(mails.into_iter().find(|mail| mail["subject"] == subject))
        })
        .await
    }

    /// Waits until so many mails were judged.
    pub async fn judged_in_all(&self, count: usize) -> Result<Vec<Value>> {
        eventually(SOON, &format!("{count} mails are judged"), async || {
            let mails = self.mails().await?;
            anyhow::Ok((mails.len() >= count).then_some(mails))
        })
        .await
    }

    /// Waits until nothing is due or on a connection any more.
    pub async fn outbox_is_done(&self) -> Result<Vec<Value>> {
        eventually(SOON, "nothing waits to be sent", async || {
            let mails = self.outbox().await?;
            let is_over = |mail: &Value| mail["state"] != "due" && mail["state"] != "sending";
            anyhow::Ok(mails.iter().all(is_over).then_some(mails))
        })
        .await
    }

    /// Waits until the mailbox, sender or storage (a path into the status) is in this state, and returns it.
    pub async fn fares(&self, part: &str, state: &str) -> Result<Value> {
        eventually(SOON, &format!("{part} is {state}"), async || {
            let status = self.status().await?;
            let found = status.pointer(part).cloned().unwrap_or_default();
            if found["state"] == state { Ok(Some(found)) } else { Err(anyhow::anyhow!("{part} is {found}")) }
        })
        .await
    }

    /// Saves the first attachment of an entry and returns its bytes.
    pub async fn save_attachment(&self, ticket: u64, entry: u64, name: &str) -> Result<Vec<u8>> {
        let folder = self.bed.scratch.dir("saved")?;
        let (ticket, entry, place) = (ticket.to_string(), entry.to_string(), folder.to_string_lossy().into_owned());
        self.cli.ok(&["attachment", "save", &ticket, &entry, name, "-o", &place, "--force"]).await?;
        Ok(std::fs::read(folder.join(name))?)
    }

    /// A file beside the daemon's socket with this text.
    pub fn file(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.daemon.socket().with_file_name(name);
        std::fs::write(&file, text)?;
        Ok(file)
    }
}

/// A JSON array as a list.
fn rows(value: Value) -> Result<Vec<Value>> {
    match value {
        Value::Array(rows) => Ok(rows),
        other => anyhow::bail!("not a list: {other}"),
    }
}

/// As `attachment save --json` writes it.
pub fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Bytes that no compression and no charset leaves alone.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    (0..length).map(|_| byte()).collect()
}

/// The kinds of a ticket's entries in their order.
pub fn kinds(ticket: &Value) -> Vec<&str> {
    let entries = ticket["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
    entries.iter().filter_map(|entry| entry["kind"].as_str()).collect()
}
