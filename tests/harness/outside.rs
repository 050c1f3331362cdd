//! The outside world: smtp-sink takes every mail that leaves desk.test and keeps it in a file.

use crate::process::{self, ServerProcess, unprivileged};
use crate::scratch::Scratch;
use crate::wait::listening;
use anyhow::Result;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// The server; dropping it stops it.
pub struct Outside {
    scratch: Scratch,
    keep_mails: bool,
    folder: PathBuf,
    process: Option<ServerProcess>,
}

impl Outside {
    pub async fn start(scratch: &Scratch) -> Result<Self> {
        Self::start_with(scratch, true).await
    }

    /// For benchmarks: counts nothing, keeps nothing.
    pub async fn start_discarding(scratch: &Scratch) -> Result<Self> {
        Self::start_with(scratch, false).await
    }

    async fn start_with(scratch: &Scratch, keep_mails: bool) -> Result<Self> {
        let folder = scratch.dir("outside")?;
        if let Some((user, group)) = process::nobody()? {
            std::os::unix::fs::chown(&folder, Some(user), Some(group))?;
        }
        let mut outside = Self { scratch: scratch.clone(), keep_mails, folder, process: None };
        outside.start_again().await?;
        Ok(outside)
    }

    /// Plain SMTP without login, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.scratch.port("outside").expect("start() has chosen it")
    }

    /// Every mail that arrived, oldest first. smtp-sink puts `X-Client-Addr`, `X-Mail-Args: <from>` and
    /// `X-Rcpt-Args: <to>` lines before each mail's own headers; lines end in LF.
    pub fn mails(&self) -> Result<Vec<String>> {
        let mut files: Vec<_> = fs::read_dir(&self.folder)?.flatten().map(|entry| entry.path()).collect();
        files.sort_by_key(|file| fs::metadata(file).and_then(|meta| meta.modified()).ok());
        files.iter().map(|file| Ok(String::from_utf8_lossy(&fs::read(file)?).into_owned())).collect()
    }

    pub fn stop(&mut self) {
        self.process = None;
    }

    pub async fn start_again(&mut self) -> Result<()> {
        if self.process.is_some() {
            return Ok(());
        }
        let port = self.scratch.port("outside")?;
        let mut command = unprivileged("smtp-sink")?;
        command.current_dir(&self.folder);
        if self.keep_mails {
            command.args(["-d", "%Y%m%d%H%M%S"]);
        }
        command.arg(format!("127.0.0.1:{port}")).arg("1000");
        let mut process = ServerProcess::start(&self.scratch, "outside", &mut command)?;
        process.ready(Duration::from_secs(5), || listening("127.0.0.1", port)).await?;
        self.process = Some(process);
        Ok(())
    }
}
