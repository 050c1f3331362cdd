//! Our own daemon as a real process: generated bootstrap file, start, kill, stop, restart.

use crate::cli::Cli;
use crate::process::ServerProcess;
use crate::scratch::Scratch;
use crate::settings;
use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;
use tokio::net::UnixStream;

/// How maildeskd is started; the default suits most tests.
#[derive(Debug, Clone)]
pub struct DaemonOptions {
    /// Name of its directory, log and pid file in the scratch directory.
    pub name: String,
    pub log_level: String,
    /// Extra certificate authority.
    pub ca_file: Option<PathBuf>,
    pub key_file: Option<PathBuf>,
    /// Name servers for the doctor; empty: the system's.
    pub dns_servers: Vec<String>,
    /// Another program in place of maildeskd.
    pub program: Option<PathBuf>,
    /// How long it may take until its socket answers.
    pub start_limit: Duration,
    pub environment: Vec<(String, String)>,
}

impl Default for DaemonOptions {
    fn default() -> Self {
        Self {
            name: "maildeskd".into(),
            log_level: "info".into(),
            ca_file: None,
            key_file: None,
            dns_servers: Vec::new(),
            program: None,
            start_limit: Duration::from_secs(20),
            environment: Vec::new(),
        }
    }
}

/// A running (or stopped) maildeskd; dropping it stops it.
pub struct Daemon {
    scratch: Scratch,
    options: DaemonOptions,
    program: PathBuf,
    config: PathBuf,
    socket: PathBuf,
    process: Option<ServerProcess>,
}

impl Daemon {
    /// Writes maildeskd.toml, starts it, and returns when its socket answers.
    pub async fn start(scratch: &Scratch, options: DaemonOptions) -> Result<Self> {
        let home = scratch.dir(&options.name)?;
        let socket = home.join("maildesk.sock");
        let program = match &options.program {
            Some(program) => program.clone(),
            None => binary("maildeskd")?,
        };
        let config = home.join("maildeskd.toml");
        fs::write(&config, settings::bootstrap(&home, &socket, &options))?;
        let mut daemon = Self { scratch: scratch.clone(), options, program, config, socket, process: None };
        daemon.start_again().await?;
        Ok(daemon)
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    pub fn state_dir(&self) -> PathBuf {
        self.socket.with_file_name("state")
    }

    pub fn config_file(&self) -> &Path {
        &self.config
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The CLI on this daemon's socket.
    pub fn cli(&self) -> Cli {
        match binary("maildesk") {
            Ok(program) => Cli::with_program(&program, &self.socket),
            // Then the first call says what is missing.
            Err(_) => Cli::with_program(Path::new("maildesk"), &self.socket),
        }
    }

    /// Process id while it runs.
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(ServerProcess::id)
    }

    /// Resident memory in bytes, as /proc says; None when it does not run.
    pub fn resident_bytes(&self) -> Option<u64> {
        self.memory("VmRSS:")
    }

    /// The most resident memory that it ever had, in bytes.
    pub fn peak_bytes(&self) -> Option<u64> {
        self.memory("VmHWM:")
    }

    fn memory(&self, field: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }

    pub fn signal(&self, signal: Signal) -> Result<()> {
        self.process.as_ref().context("maildeskd does not run")?.signal(signal)
    }

    /// kill -9.
    pub fn kill_hard(&mut self) -> Result<()> {
        let mut process = self.process.take().context("maildeskd does not run")?;
        process.kill_hard()
    }

    /// SIGTERM; the exit status, or an error when it needed more than 30 s.
    pub fn terminate(&mut self) -> Result<ExitStatus> {
        let mut process = self.process.take().context("maildeskd does not run")?;
        let status = process.terminate(Duration::from_secs(30))?;
        if status.code().is_none() {
            bail!("maildeskd ended by {status}\n{}", process.log_tail(30));
        }
        Ok(status)
    }

    /// Starts it on the same state and socket; nothing happens when it runs.
    pub async fn start_again(&mut self) -> Result<()> {
        self.spawn_again()?;
        let process = self.process.as_mut().context("maildeskd was just started")?;
        let socket = self.socket.clone();
        process
            .ready(self.options.start_limit, || {
                let socket = socket.clone();
                async move { UnixStream::connect(socket).await.is_ok() }
            })
            .await
    }

    /// As [`Daemon::start_again`], without waiting until it answers: for a kill while it starts.
    pub fn spawn_again(&mut self) -> Result<()> {
        if self.process.is_some() {
            return Ok(());
        }
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(&self.config);
        command.env_remove("NOTIFY_SOCKET").env_remove("RUST_LOG").env_remove("LISTEN_FDS");
        command.envs(self.options.environment.iter().cloned());
        self.process = Some(ServerProcess::start(&self.scratch, &self.options.name, &mut command)?);
        Ok(())
    }

    /// SIGTERM, wait, start.
    pub async fn restart(&mut self) -> Result<()> {
        self.terminate()?;
        self.start_again().await
    }

    /// What it said last.
    pub fn log_tail(&self, lines: usize) -> String {
        crate::process::tail(&self.scratch.log_file(&self.options.name), lines)
    }
}

/// A binary of ours: in `$MAILDESK_BIN_DIR`, else where Cargo put it, seen from the running test or benchmark.
pub fn binary(name: &str) -> Result<PathBuf> {
    let folders = match std::env::var_os("MAILDESK_BIN_DIR") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => std::env::current_exe()?.ancestors().skip(1).take(2).map(Path::to_owned).collect(),
    };
    let found = folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    found.with_context(|| format!("{name} is not built: run `cargo build --workspace` first (looked in {folders:?})"))
}
