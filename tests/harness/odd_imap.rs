//! An IMAP server that fails at single mails as no real one does on demand: it ends the connection, announces more than
//! it told, or says NIL. In plain text on loopback, for one folder, and for the commands that maildesk sends.

use anyhow::Result;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a mail does when it is fetched.
#[derive(Debug, Clone)]
pub enum OddMail {
    Whole(Vec<u8>),
    /// The connection ends in the middle of it.
    HangsUp,
    /// The connection ends already where its size is asked for.
    HangsUpAtSize,
    /// Its literal is announced with so many bytes, of which the size said nothing; in pieces it is handed out.
    Announces(u64, Vec<u8>),
    Nil,
}

#[derive(Debug, Default)]
struct Folder {
    mails: BTreeMap<u32, OddMail>,
    seen: Vec<u32>,
    /// Every look at the body of a mail.
    asked: Vec<u32>,
    connections: usize,
}

/// The server; dropping it stops it.
pub struct OddImap {
    port: u16,
    folder: Arc<Mutex<Folder>>,
    task: JoinHandle<()>,
}

impl OddImap {
    /// With these mails, whose UIDs count from 1.
    pub async fn start(mails: impl IntoIterator<Item = OddMail>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let mails = (1..).zip(mails).collect();
        let folder = Arc::new(Mutex::new(Folder { mails, ..Folder::default() }));
        let shared = Arc::clone(&folder);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let folder = Arc::clone(&shared);
                lock(&folder).connections += 1;
                // Whoever has gone is served no more.
                tokio::spawn(async move { serve(stream, &folder).await.ok() });
            }
        });
        Ok(Self { port, folder, task })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// A mail comes in, or becomes another one.
    pub fn put(&self, uid: u32, mail: OddMail) {
        lock(&self.folder).mails.insert(uid, mail);
    }

    /// The mails that are marked as read, ascending.
    pub fn seen(&self) -> Vec<u32> {
        let mut seen = lock(&self.folder).seen.clone();
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    /// How often somebody has come.
    pub fn connections(&self) -> usize {
        lock(&self.folder).connections
    }

    /// How often the body of this mail was asked for.
    pub fn asked(&self, uid: u32) -> usize {
        lock(&self.folder).asked.iter().filter(|asked| **asked == uid).count()
    }
}

impl Drop for OddImap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(folder: &Mutex<Folder>) -> std::sync::MutexGuard<'_, Folder> {
    folder.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(stream: TcpStream, folder: &Mutex<Folder>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] odd\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let (tag, command) = line.split_once(' ').unwrap_or((line, ""));
        let (mut answer, ends) = answered(command, &mut lock(folder));
        if !ends {
            answer.extend_from_slice(format!("{tag} OK\r\n").as_bytes());
        }
        stream.write_all(&answer).await?;
        if ends {
            return Ok(stream.shutdown().await?);
        }
    }
}

/// The untagged answers to a command, and whether the connection ends behind them.
fn answered(command: &str, folder: &mut Folder) -> (Vec<u8>, bool) {
    let mut answer = Vec::new();
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["SELECT" | "EXAMINE", ..] => {
            let (next, count) = (folder.mails.keys().last().unwrap_or(&0) + 1, folder.mails.len());
            let text = format!("* {count} EXISTS\r\n* OK [UIDVALIDITY 7] hi\r\n* OK [UIDNEXT {next}] hi\r\n");
            answer.extend_from_slice(text.as_bytes());
        }
        ["UID", "SEARCH", ..] => {
            let unseen = folder.mails.keys().filter(|uid| !folder.seen.contains(uid));
            let unseen: String = unseen.map(|uid| format!(" {uid}")).collect();
            answer.extend_from_slice(format!("* SEARCH{unseen}\r\n").as_bytes());
        }
        ["UID", "STORE", set, ..] => folder.seen.extend(uids(set)),
        ["UID", "FETCH", set, rest @ ..] => {
            for uid in uids(set) {
                let Some(mail) = folder.mails.get(&uid).cloned() else { continue };
                let what = rest.join(" ");
                if what.contains("BODY") {
                    folder.asked.push(uid);
                }
                if fetched(uid, &mail, &what, &mut answer) {
                    return (answer, true);
                }
            }
        }
        _ => {}
    }
    (answer, false)
}

/// Answers for one mail; says whether the connection ends at it.
fn fetched(uid: u32, mail: &OddMail, what: &str, answer: &mut Vec<u8>) -> bool {
    let mut literal = |name: &str, announced: u64, bytes: &[u8]| {
        answer.extend_from_slice(format!("* {uid} FETCH (UID {uid} {name} {{{announced}}}\r\n").as_bytes());
        answer.extend_from_slice(bytes);
        answer.extend_from_slice(b")\r\n");
    };
    if what.contains("RFC822.SIZE") {
        let size = match mail {
            OddMail::HangsUpAtSize => return true,
            OddMail::Whole(bytes) | OddMail::Announces(_, bytes) => bytes.len(),
            OddMail::HangsUp | OddMail::Nil => 1000,
        };
        let date = "INTERNALDATE \"01-Nov-2026 00:00:00 +0000\"";
        answer.extend_from_slice(format!("* {uid} FETCH (UID {uid} RFC822.SIZE {size} {date})\r\n").as_bytes());
        return false;
    }
    let piece = what.split_once('<').and_then(|(_, piece)| piece.split_once('.'));
    match (mail, piece) {
        (OddMail::HangsUpAtSize, _) => return true,
        (OddMail::HangsUp, _) => {
            answer.extend_from_slice(format!("* {uid} FETCH (UID {uid} BODY[] {{1000}}\r\nFrom: ").as_bytes());
            return true;
        }
        (OddMail::Nil, _) => answer.extend_from_slice(format!("* {uid} FETCH (UID {uid} BODY[] NIL)\r\n").as_bytes()),
        (OddMail::Whole(bytes) | OddMail::Announces(_, bytes), Some((offset, length))) => {
            let number = |text: &str| text.trim_matches(|byte: char| !byte.is_ascii_digit()).parse().unwrap_or(0_usize);
            let rest = bytes.get(number(offset)..).unwrap_or_default();
            let piece = rest.get(..number(length)).unwrap_or(rest);
            literal(&format!("BODY[]<{offset}>"), piece.len() as u64, piece);
        }
        (OddMail::Whole(bytes), None) => literal("BODY[]", bytes.len() as u64, bytes),
        (OddMail::Announces(size, bytes), None) => literal("BODY[]", *size, bytes),
    }
    false
}

/// The numbers of a set such as `1:3,9`.
fn uids(set: &str) -> Vec<u32> {
    let number = |text: &str| text.parse().unwrap_or(0);
    let run = |part: &str| match part.split_once(':') {
        Some((first, last)) => number(first)..=number(last),
        None => number(part)..=number(part),
    };
    set.split(',').flat_map(run).collect()
}
