//! Runs `maildesk` as a person or a script does, and returns what it printed.

use crate::daemon::binary;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// The CLI, pointed at one socket.
#[derive(Debug, Clone)]
pub struct Cli {
    program: PathBuf,
    socket: PathBuf,
}

/// What one call left behind.
#[derive(Debug, Clone)]
pub struct Printed {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Cli {
    pub fn new(socket: &Path) -> Result<Self> {
        Ok(Self { program: binary("maildesk")?, socket: socket.to_owned() })
    }

    /// Another program in its place.
    pub fn with_program(program: &Path, socket: &Path) -> Self {
        Self { program: program.to_owned(), socket: socket.to_owned() }
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Runs it and returns whatever came, also a failure.
    pub async fn run(&self, arguments: &[&str]) -> Result<Printed> {
        let output = self.command(arguments).output().await.with_context(|| self.program.display().to_string())?;
        Ok(Printed {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs it, wants exit code 0, and returns what it printed.
    pub async fn ok(&self, arguments: &[&str]) -> Result<String> {
        let printed = self.run(arguments).await?;
        if printed.code != 0 {
            bail!("maildesk {}: exit code {}\n{}{}", arguments.join(" "), printed.code, printed.stdout, printed.stderr);
        }
        Ok(printed.stdout)
    }

    /// As [`Cli::ok`] with `--json` behind the arguments, parsed.
    pub async fn json(&self, arguments: &[&str]) -> Result<serde_json::Value> {
        let text = self.ok(&[arguments, &["--json"]].concat()).await?;
        serde_json::from_str(&text).with_context(|| format!("maildesk {} --json printed: {text}", arguments.join(" ")))
    }

    /// `settings apply` of this text, by way of a file beside the socket.
    pub async fn apply(&self, settings: &str) -> Result<String> {
        let file = self.socket.with_file_name("desk.toml");
        std::fs::write(&file, settings)?;
        self.ok(&["settings", "apply", &file.to_string_lossy()]).await
    }

    /// The command itself, for a call that goes on (`events --follow`); it is killed when its child is dropped.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--socket").arg(&self.socket).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}
