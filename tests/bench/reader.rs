//! The bare reader: fetches whole mails and sets \Seen, does nothing with them. Batches of 50 mails, all FETCH
//! commands sent ahead within a window, one STORE per batch. It marks what the server and TLS allow on this machine.

use anyhow::{Context, Result, bail};
use maildesk_tests::certificates::Certificates;
use maildesk_tests::dovecot::ALL_MODES;
use maildesk_tests::{DOMAIN, PASSWORD};
use rustls::pki_types::ServerName;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Mails per command.
const BATCH: usize = 50;
/// FETCH commands whose answers are awaited at a time.
const IN_FLIGHT: usize = 4;

/// What one run read.
pub struct Reading {
    pub mails: usize,
    pub bytes: usize,
    pub time: Duration,
}

/// Reads all unread mails of desk@desk.test over TLS, from connect to LOGOUT.
pub async fn read_all(port: u16, certificates: &Certificates) -> Result<Reading> {
    let start = Instant::now();
    let mut reader = Reader::connect(port, certificates).await?;
    reader.run(&format!("LOGIN desk@{DOMAIN} {PASSWORD}")).await?;
    reader.run("SELECT INBOX").await?;
    let answer = reader.run("UID SEARCH UNSEEN").await?;
    let line = answer.lines().find_map(|line| line.strip_prefix("* SEARCH")).context("no SEARCH answer")?;
    let uids: Vec<&str> = line.split_whitespace().collect();
    let sets: Vec<String> = uids.chunks(BATCH).map(|uids| uids.join(",")).collect();
    let mut sent = 0;
    for done in 0..sets.len() {
        while sent < sets.len() && sent - done < IN_FLIGHT {
            reader.send(&format!("f{sent} UID FETCH {} (UID BODY.PEEK[])\r\n", sets[sent])).await?;
            sent += 1;
        }
        reader.read_to(&format!("f{done} ")).await?;
        // Its answer is read on the way to the next batch's.
        reader.send(&format!("s{done} UID STORE {} +FLAGS.SILENT (\\Seen)\r\n", sets[done])).await?;
    }
    reader.send("z LOGOUT\r\n").await?;
    reader.read_to("z ").await?;
    Ok(Reading { mails: reader.mails, bytes: reader.bytes, time: start.elapsed() })
}

struct Reader {
    stream: BufReader<TlsStream<TcpStream>>,
    line: Vec<u8>,
    mail: Vec<u8>,
    mails: usize,
    bytes: usize,
}

impl Reader {
    async fn connect(port: u16, certificates: &Certificates) -> Result<Self> {
        let stream = TcpStream::connect((ALL_MODES, port)).await?;
        stream.set_nodelay(true)?;
        let connector = TlsConnector::from(certificates.client_config()?);
        let stream = connector.connect(ServerName::try_from(ALL_MODES)?, stream).await?;
        let stream = BufReader::with_capacity(64 << 10, stream);
        let mut reader = Self { stream, line: Vec::new(), mail: Vec::new(), mails: 0, bytes: 0 };
        reader.stream.read_until(b'\n', &mut reader.line).await?;
        Ok(reader)
    }

    async fn send(&mut self, command: &str) -> Result<()> {
        self.stream.write_all(command.as_bytes()).await?;
        Ok(self.stream.flush().await?)
    }

    async fn run(&mut self, command: &str) -> Result<String> {
        self.send(&format!("a {command}\r\n")).await?;
        self.read_to("a ").await
    }

    /// Reads to this tagged answer; literals are counted and dropped. Returns what was said before it.
    async fn read_to(&mut self, tag: &str) -> Result<String> {
        let mut said = String::new();
        loop {
            self.line.clear();
            if self.stream.read_until(b'\n', &mut self.line).await? == 0 {
                bail!("the server closed the connection");
            }
            if self.line.starts_with(tag.as_bytes()) {
                let line = String::from_utf8_lossy(&self.line);
                return if line[tag.len()..].starts_with("OK") { Ok(said) } else { bail!("{line}") };
            }
            match literal(&self.line) {
                Some(length) => {
                    self.mail.resize(length, 0);
                    self.stream.read_exact(&mut self.mail).await?;
                    self.mails += 1;
                    self.bytes += length;
                }
                None => said.push_str(&String::from_utf8_lossy(&self.line)),
            }
        }
    }
}

/// The length that a line announces: `... {1234}` at its end (RFC 3501 §4.3).
fn literal(line: &[u8]) -> Option<usize> {
    let digits = line.strip_suffix(b"}\r\n")?;
    let start = digits.iter().rposition(|byte| *byte == b'{')?;
    std::str::from_utf8(&digits[start + 1..]).ok()?.parse().ok()
}
