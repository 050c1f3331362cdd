//! A minimal SMTP and LMTP client for handing mail to servers: no TLS, no login, every answer checked.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

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
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects to 127.0.0.1 and says hello.
    pub async fn connect(protocol: Protocol, port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.with_context(|| format!("connecting to {port}"))?;
        stream.set_nodelay(true)?;
        let mut client = Self { protocol, stream: BufReader::new(stream) };
        client.answer("greeting", '2').await?;
        let hello = if protocol == Protocol::Lmtp { "LHLO world.test" } else { "EHLO world.test" };
        client.command(hello, '2').await?;
        Ok(client)
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
