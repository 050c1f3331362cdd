//! A user's INBOX as it is on disk and as IMAP counts it: what arrived, what is Seen; filling it for a test.

use crate::dovecot::ALL_MODES;
use crate::imap::Imap;
use crate::smtp::{self, Protocol};
use crate::{DOMAIN, process, wait};
use anyhow::{Context, Result};
use data_encoding::BASE64;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Prints the attachments of a mail as JSON: pairs of name and base64.
const ATTACHMENTS: &str = r#"
import sys, json, base64, email, email.policy
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
for part in mail.walk():
    if part.defects: sys.exit(repr(part.defects))
files = [(part.get_filename(), part.get_payload(decode=True)) for part in mail.iter_attachments()]
print(json.dumps([[name, base64.b64encode(data).decode()] for name, data in files]))
"#;

/// One user's INBOX.
#[derive(Debug, Clone)]
pub struct Mailbox {
    user: String,
    folder: PathBuf,
    imap_port: u16,
    lmtp_port: u16,
}

/// What IMAP STATUS says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub messages: u32,
    pub unseen: u32,
}

/// One mail as its file says.
#[derive(Debug, Clone)]
pub struct StoredMail {
    pub file: PathBuf,
    pub seen: bool,
    /// As stored, lines end in CR LF or LF.
    pub bytes: Vec<u8>,
}

impl StoredMail {
    /// For searching in it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Names and bytes of its attachments, as Python reads them.
    pub fn attachments(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let read = process::python(ATTACHMENTS, &self.bytes)?;
        let files: Vec<(String, String)> = serde_json::from_slice(&read)?;
        files.into_iter().map(|(name, bytes)| Ok((name, BASE64.decode(bytes.as_bytes())?))).collect()
    }

    /// The first header of that name as it stands, unfolded; encoded words stay encoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = self.text().replace("\r\n", "\n");
        let head = text.split("\n\n").next()?.replace("\n ", " ").replace("\n\t", " ");
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}

impl Mailbox {
    /// The INBOX of a user whose Maildir is this folder, behind these ports of Dovecot.
    pub fn new(user: &str, folder: PathBuf, imap_port: u16, lmtp_port: u16) -> Self {
        Self { user: user.to_owned(), folder, imap_port, lmtp_port }
    }

    /// `NAME@desk.test`.
    pub fn address(&self) -> String {
        format!("{}@{DOMAIN}", self.user)
    }

    /// The Maildir itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A session with this INBOX selected.
    pub async fn imap(&self) -> Result<Imap> {
        let mut imap = Imap::plain(ALL_MODES, self.imap_port).await?;
        imap.login(&self.user).await?;
        imap.command("SELECT INBOX").await?;
        Ok(imap)
    }

    /// How many mails, and how many of them unread, as IMAP counts.
    pub async fn counts(&self) -> Result<Counts> {
        let mut imap = Imap::plain(ALL_MODES, self.imap_port).await?;
        imap.login(&self.user).await?;
        let answers = imap.command("STATUS INBOX (MESSAGES UNSEEN)").await?;
        let line = answers.iter().find(|line| line.starts_with("* STATUS")).context("no STATUS answer")?;
        let number = |name: &str| -> Result<u32> {
            let behind = line.split_once(name).with_context(|| format!("no {name} in {line}"))?.1;
            Ok(behind.trim_start().split([' ', ')']).next().unwrap_or_default().parse()?)
        };
        Ok(Counts { messages: number("MESSAGES")?, unseen: number("UNSEEN")? })
    }

    /// Every mail, read straight from the files, oldest first.
    pub fn mails(&self) -> Result<Vec<StoredMail>> {
        let mut mails = Vec::new();
        for part in ["cur", "new"] {
            let Ok(entries) = fs::read_dir(self.folder.join(part)) else { continue };
            for file in entries.flatten().map(|entry| entry.path()) {
                // A file may get another name (flags) between listing and reading: the next look finds it.
                let Ok(bytes) = fs::read(&file) else { continue };
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let seen = name.rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('S'));
                mails.push(StoredMail { file, seen, bytes });
            }
        }
        mails.sort_by(|a, b| a.file.file_name().cmp(&b.file.file_name()));
        Ok(mails)
    }

    /// Waits until a mail satisfies `wanted` and returns it.
    pub async fn wait_for(
        &self,
        limit: Duration,
        what: &str,
        wanted: impl Fn(&StoredMail) -> bool,
    ) -> Result<StoredMail> {
        let what = format!("{what} in the mailbox of {}", self.user);
        wait::eventually(limit, &what, || {
            let found = self.mails().map(|mails| mails.into_iter().find(|mail| wanted(mail)));
            async { found }
        })
        .await
    }

    /// Delivers by LMTP, past any SMTP server.
    pub async fn deliver(&self, from: &str, mail: &[u8]) -> Result<()> {
        smtp::hand_over(Protocol::Lmtp, self.lmtp_port, from, &[&self.address()], mail).await
    }

    /// Writes mails as files, for thousands of them. Each appears whole, as Maildir delivery does it, so sessions may
    /// be open meanwhile.
    pub fn seed(&self, mails: impl IntoIterator<Item = Vec<u8>>) -> Result<usize> {
        /// Later calls go on counting: names are never used again, also where mails went elsewhere meanwhile.
        static SEEDED: AtomicUsize = AtomicUsize::new(0);
        self.make_folders()?;
        let owner = process::nobody()?;
        let mut count = 0;
        for bytes in mails {
            let size = bytes.len();
            // Size with CR LF line ends, which IMAP tells: Dovecot takes it from the name and need not read.
            let bare =
                bytes.iter().enumerate().filter(|&(at, byte)| *byte == b'\n' && (at == 0 || bytes[at - 1] != b'\r'));
            let wire_size = size + bare.count();
            let number = SEEDED.fetch_add(1, Ordering::Relaxed);
            let process = std::process::id();
            let name = format!("{}.M{number}P{process}.seed,S={size},W={wire_size}", 1_790_000_000 + number);
            let file = self.folder.join("tmp").join(&name);
            fs::write(&file, bytes)?;
            if let Some((user, group)) = owner {
                std::os::unix::fs::chown(&file, Some(user), Some(group))?;
            }
            fs::rename(&file, self.folder.join("new").join(&name))?;
            count += 1;
        }
        Ok(count)
    }

    /// Takes every flag off every mail, so that a second run finds them unread.
    pub async fn forget_flags(&self) -> Result<()> {
        let mut imap = self.imap().await?;
        imap.command("STORE 1:* FLAGS.SILENT ()").await.map(drop)
    }

    fn make_folders(&self) -> Result<()> {
        let home = self.folder.parent().context("a Maildir lies in a home")?;
        for dir in [home.to_owned(), self.folder.clone()]
            .into_iter()
            .chain(["cur", "new", "tmp"].map(|part| self.folder.join(part)))
        {
            fs::create_dir_all(&dir)?;
            if let Some((user, group)) = process::nobody()? {
                std::os::unix::fs::chown(&dir, Some(user), Some(group))?;
            }
        }
        Ok(())
    }
}
