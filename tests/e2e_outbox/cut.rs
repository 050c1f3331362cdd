//! Ways to the server that end too early: one loses the answer to the first mail, which the server has taken and the client
//! cannot know; one ends whenever a word is said.

use anyhow::{Context, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Ports of the way, and word of each mail whose answer was lost.
pub struct Cut {
    pub port: u16,
    lost: mpsc::Receiver<()>,
}

impl Cut {
    /// Leads to this port of 127.0.0.1, without encryption.
    pub async fn start(to: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (say, lost) = mpsc::channel(1);
        let cut_before = Arc::new(AtomicBool::new(false));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(lead(near, to, Arc::clone(&cut_before), say.clone(), None));
            }
        });
        Ok(Self { port, lost })
    }

    /// As [`start`](Self::start); it loses no answer, and ends whenever the client says this.
    pub async fn at(word: &'static str, to: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (say, lost) = mpsc::channel(1);
        let never = Arc::new(AtomicBool::new(true));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(lead(near, to, Arc::clone(&never), say.clone(), Some(word)));
            }
        });
        Ok(Self { port, lost })
    }

    /// Returns when the first mail's answer was lost.
    pub async fn answer_lost(&mut self) -> Result<()> {
        self.lost.recv().await.context("the way is gone")
    }
}

async fn lead(
    mut near: TcpStream,
    to: u16,
    cut_before: Arc<AtomicBool>,
    say: mpsc::Sender<()>,
    word: Option<&'static str>,
) -> Result<()> {
    let mut far = TcpStream::connect(("127.0.0.1", to)).await?;
    let (mut from_near, mut from_far) = ([0; 16 << 10], [0; 16 << 10]);
    let (mut tail, mut given) = (Vec::new(), false);
    loop {
        tokio::select! {
            read = near.read(&mut from_near) => {
                let bytes = from_near.get(..read?).filter(|bytes| !bytes.is_empty()).context("the client is gone")?;
                if word.is_some_and(|word| String::from_utf8_lossy(bytes).contains(word)) {
                    return Ok(());
                }
                far.write_all(bytes).await?;
                tail.extend_from_slice(bytes);
                given = tail.ends_with(b"\r\n.\r\n");
                tail.drain(..tail.len().saturating_sub(5));
            }
            read = far.read(&mut from_far) => {
                let bytes = from_far.get(..read?).filter(|bytes| !bytes.is_empty()).context("the server is gone")?;
                if given && !cut_before.swap(true, Ordering::SeqCst) {
                    say.send(()).await?;
                    return Ok(());
                }
                near.write_all(bytes).await?;
            }
        }
    }
}
