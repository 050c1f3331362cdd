//! A minimal IMAP client for looking at a server from outside: one command at a time, every answer checked.
//!
//! Its own few lines rather than the client library that maildesk uses, so that a fault there is not shared here.

use crate::certificates::Certificates;
use crate::stream::{Stream, handshake, tcp};
use crate::{DOMAIN, PASSWORD};
use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

/// A connection that has been greeted.
pub struct Imap {
    stream: BufReader<Box<dyn Stream>>,
    tag: u32,
}

impl Imap {
    /// Without encryption.
    pub async fn plain(host: &str, port: u16) -> Result<Self> {
        let mut imap = Self::over(Box::new(tcp(host, port).await?));
        imap.line().await.context("the greeting")?;
        Ok(imap)
    }

    /// TLS from the first byte.
    pub async fn tls(host: &str, port: u16, certificates: &Certificates) -> Result<Self> {
        let stream = handshake(tcp(host, port).await?, host, certificates).await?;
        let mut imap = Self::over(stream);
        imap.line().await.context("the greeting")?;
        Ok(imap)
    }

    /// STARTTLS (RFC 3501 §6.2.1).
    pub async fn starttls(host: &str, port: u16, certificates: &Certificates) -> Result<Self> {
        let mut stream = BufReader::new(tcp(host, port).await?);
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        stream.write_all(b"s STARTTLS\r\n").await?;
        line.clear();
        stream.read_line(&mut line).await?;
        if !line.starts_with("s OK") {
            bail!("STARTTLS: {}", line.trim_end());
        }
        Ok(Self::over(handshake(stream.into_inner(), host, certificates).await?))
    }

    /// Logs in as `user@desk.test`.
    pub async fn login(&mut self, user: &str) -> Result<()> {
        self.command(&format!("LOGIN {user}@{DOMAIN} {PASSWORD}")).await.map(drop)
    }

    /// Sends a command and returns its untagged answers (literals inlined); NO and BAD are errors with the
    /// server's words.
    pub async fn command(&mut self, command: &str) -> Result<Vec<String>> {
        self.tag += 1;
        let tag = format!("h{} ", self.tag);
        self.stream.write_all(format!("{tag}{command}\r\n").as_bytes()).await?;
        let mut untagged = Vec::new();
        loop {
            let line = self.line().await.with_context(|| format!("answer to {command}"))?;
            match line.strip_prefix(&tag) {
                Some(status) if status.starts_with("OK") => return Ok(untagged),
                Some(status) => bail!("{}: {status}", command.split(' ').next().unwrap_or_default()),
                None => untagged.push(line),
            }
        }
    }

    fn over(stream: Box<dyn Stream>) -> Self {
        Self { stream: BufReader::new(stream), tag: 0 }
    }

    /// One logical line: a line that ends in a literal goes on behind it.
    async fn line(&mut self) -> Result<String> {
        let mut bytes = Vec::new();
        loop {
            if self.stream.read_until(b'\n', &mut bytes).await? == 0 {
                bail!("the server closed the connection");
            }
            let text = String::from_utf8_lossy(&bytes);
            let literal =
                text.trim_end().strip_suffix('}').and_then(|line| line.rsplit_once('{')?.1.parse::<usize>().ok());
            let Some(length) = literal else { return Ok(text.trim_end().to_owned()) };
            let start = bytes.len();
            bytes.resize(start + length, 0);
            self.stream.read_exact(&mut bytes[start..]).await?;
        }
    }
}
