//! A real clamd with one signature of our own: it finds the EICAR test file and nothing else, and is up at once.

use crate::process::ServerProcess;
use crate::scratch::Scratch;
use anyhow::Result;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tokio::net::UnixStream;

/// What the signature is called in answers.
pub const FOUND: &str = "Test.Eicar.UNOFFICIAL";

/// Bytes of the largest mail that it scans.
pub const LARGEST: usize = 100 << 10;

/// MD5 and length of the test file, and our name for it.
const SIGNATURE: &str = "44d88612fea8a8f36de82e1278abb02f:68:Test.Eicar\n";

/// The EICAR test file, put together here: as one text it would make scanners complain about our own sources.
pub fn test_virus() -> Vec<u8> {
    ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE", "!$H+H*"].concat().into_bytes()
}

/// The scanner; dropping it stops it.
pub struct Clamd {
    scratch: Scratch,
    folder: PathBuf,
    process: Option<ServerProcess>,
}

impl Clamd {
    pub async fn start(scratch: &Scratch) -> Result<Self> {
        let folder = scratch.dir("clamd")?;
        let signatures = scratch.dir("clamd/signatures")?;
        fs::write(signatures.join("test.hdb"), SIGNATURE)?;
        let lines = [
            format!("LocalSocket {}", folder.join("clamd.ctl").display()),
            format!("DatabaseDirectory {}", signatures.display()),
            format!("TemporaryDirectory {}", folder.display()),
            format!("StreamMaxLength {LARGEST}"),
            "Foreground yes".into(),
            "FixStaleSocket yes".into(),
        ];
        fs::write(folder.join("clamd.conf"), lines.join("\n") + "\n")?;
        let mut clamd = Self { scratch: scratch.clone(), folder, process: None };
        clamd.start_again().await?;
        Ok(clamd)
    }

    /// What `judging.virus_scan.clamd` names.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("clamd.ctl")
    }

    pub fn stop(&mut self) -> Result<()> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        process.terminate(Duration::from_secs(10)).map(drop)
    }

    pub async fn start_again(&mut self) -> Result<()> {
        if self.process.is_some() {
            return Ok(());
        }
        let mut command = Command::new("/usr/sbin/clamd");
        command.arg("-c").arg(self.folder.join("clamd.conf"));
        let mut process = ServerProcess::start(&self.scratch, "clamd", &mut command)?;
        let socket = self.socket();
        let answers = || async { UnixStream::connect(&socket).await.is_ok() };
        process.ready(Duration::from_secs(30), answers).await?;
        self.process = Some(process);
        Ok(())
    }
}
