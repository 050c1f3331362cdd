//! A minimal SMTP and LMTP client for handing mail to servers: every answer checked.

use crate::certificates::Certificates;
use crate::stream::{Stream, handshake, tcp};
use anyhow::{Result, bail};
use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

const HOST: &str = "127.0.0.1";

/// What is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Smtp,
    /// RFC 2033: one answer for each recipient after the data.
    Lmtp,
}

/// A connection that has been greeted.
pub struct Client {
    protocol: Protocol,
    stream: BufReader<Box<dyn Stream>>,
}

impl Client {
    /// Connects to 127.0.0.1 without encryption and says hello.
    pub async fn connect(protocol: Protocol, port: u16) -> Result<Self> {
        Self::greeted(protocol, Box::new(tcp(HOST, port).await?)).await
    }

    /// SMTP with TLS from the first byte.
    pub async fn tls(port: u16, certificates: &Certificates) -> Result<Self> {
        let stream = handshake(tcp(HOST, port).await?, HOST, certificates).await?;
        Self::greeted(Protocol::Smtp, stream).await
    }

    /// SMTP with STARTTLS (RFC 3207).
    pub async fn starttls(port: u16, certificates: &Certificates) -> Result<Self> {
        let mut client = Self::connect(Protocol::Smtp, port).await?;
        client.command("STARTTLS", '2').await?;
        let stream = handshake(client.stream.into_inner(), HOST, certificates).await?;
        let mut client = Self { protocol: Protocol::Smtp, stream: BufReader::new(stream) };
        client.hello().await?;
        Ok(client)
    }

    /// AUTH PLAIN (RFC 4616).
    pub async fn login(&mut self, address: &str, password: &str) -> Result<()> {
        let secret = BASE64.encode(format!("\0{address}\0{password}").as_bytes());
        self.command(&format!("AUTH PLAIN {secret}"), '2').await.map(drop)
    }

    async fn greeted(protocol: Protocol, stream: Box<dyn Stream>) -> Result<Self> {
        let mut client = Self { protocol, stream: BufReader::new(stream) };
        client.answer("greeting", '2').await?;
        client.hello().await?;
        Ok(client)
    }

    async fn hello(&mut self) -> Result<()> {
        let hello = if self.protocol == Protocol::Lmtp { "LHLO world.test" } else { "EHLO world.test" };
        self.command(hello, '2').await.map(drop)
    }

    /// One mail; line ends may be LF or CR LF.
    pub async fn send(&mut self, from: &str, to: &[&str], mail: &[u8]) -> Result<()> {
        self.command(&format!("MAIL FROM:<{from}>"), '2').await?;
        for recipient in to {
            self.command(&format!("RCPT TO:<{recipient}>"), '2').await?;
        }
        self.command("DATA", '3').await?;
        self.stream.write_all(&dot_stuffed(mail)).await?;
        let answers = if self.protocol == Protocol::Lmtp { to.len() } else { 1 };
        for _ in 0..answers {
            self.answer("the mail", '2').await?;
        }
        Ok(())
    }

    async fn command(&mut self, command: &str, want: char) -> Result<String> {
        self.stream.write_all(format!("{command}\r\n").as_bytes()).await?;
        self.answer(command, want).await
    }

    async fn answer(&mut self, to: &str, want: char) -> Result<String> {
        let mut answer = String::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).await? == 0 {
                bail!("{to}: the server closed the connection");
            }
            answer.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        }
        if !answer.starts_with(want) {
            bail!("{to}: {}", answer.trim_end());
        }
        Ok(answer)
    }
}

/// Connects, hands over one mail and leaves.
pub async fn hand_over(protocol: Protocol, port: u16, from: &str, to: &[&str], mail: &[u8]) -> Result<()> {
    let mut client = Client::connect(protocol, port).await?;
    client.send(from, to, mail).await?;
    client.command("QUIT", '2').await?;
    Ok(())
}

fn dot_stuffed(mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(mail.len() + 64);
    let text = mail.strip_suffix(b"\n").unwrap_or(mail);
    for line in text.split(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}
