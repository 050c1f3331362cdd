//! A greylist as Postfix asks for one: its policy protocol (SMTPD_POLICY_README), refusing each recipient once.

use anyhow::Result;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Starts one and returns its port.
pub async fn start() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let known = Arc::new(Mutex::new(BTreeSet::new()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&known)));
        }
    });
    Ok(port)
}

async fn serve(stream: TcpStream, known: Arc<Mutex<BTreeSet<String>>>) -> Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    let mut recipient = String::new();
    while let Some(line) = lines.next_line().await? {
        if let Some(address) = line.strip_prefix("recipient=") {
            recipient = address.to_owned();
        }
        if line.is_empty() {
            let is_new = known.lock().is_ok_and(|mut known| known.insert(recipient.clone()));
            let action = if is_new { "451 4.7.1 Greylisted, try again in 60 seconds" } else { "dunno" };
            writing.write_all(format!("action={action}\n\n").as_bytes()).await?;
        }
    }
    Ok(())
}
