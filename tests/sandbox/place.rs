//! The one directory where a trial goes on running: made, claimed by one run, found again, stopped and removed.

use crate::paper::Paper;
use anyhow::{Context, Result, bail, ensure};
use maildesk_tests::{process, scratch};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Says that a directory is ours to remove; locked while a run prepares it.
const MARK: &str = "maildesk-try.lock";

/// A directory that no other run uses, as long as this value lives.
pub struct Place {
    dir: PathBuf,
    _lock: File,
}

impl Place {
    /// Makes the directory, or empties one of ours in which nothing runs any more.
    pub fn claim(dir: &Path) -> Result<Self> {
        let dir = std::path::absolute(dir)?;
        let stop = format!("./tests/try --stop{}", option(&dir));
        if dir.exists() {
            check_ours(&dir)?;
            let lock = File::options().write(true).open(dir.join(MARK))?;
            ensure!(lock.try_lock().is_ok(), "another tests/try is at work in {}", dir.display());
            let names = process::running_in(&dir.join("run"));
            if !names.is_empty() {
                bail!("an earlier trial still runs in {} ({}); stop it: {stop}", dir.display(), names.join(", "));
            }
            fs::remove_dir_all(&dir).with_context(|| format!("removing what is left in {}", dir.display()))?;
        }
        fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
        let lock = File::create(dir.join(MARK))?;
        ensure!(lock.try_lock().is_ok(), "another tests/try is at work in {}", dir.display());
        Ok(Self { dir, _lock: lock })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// A trial that runs: its directory and its ports by name.
pub struct Running {
    pub dir: PathBuf,
    pub ports: BTreeMap<String, u16>,
}

impl Running {
    pub fn port(&self, name: &str) -> Result<u16> {
        self.ports.get(name).copied().with_context(|| format!("no port of {name} is noted in {}", self.dir.display()))
    }
}

/// Finds the trial that runs there.
pub fn running(dir: &Path) -> Result<Running> {
    let names = if dir.exists() { process::running_in(&dir.join("run")) } else { Vec::new() };
    ensure!(!names.is_empty(), "nothing runs in {}; begin with ./tests/try", dir.display());
    Ok(Running { dir: dir.to_owned(), ports: scratch::ports_in(dir)? })
}

/// Stops what runs there and removes the directory; what is not there needs no stopping.
pub fn stop(dir: &Path, paper: &Paper) -> Result<()> {
    if !dir.exists() {
        paper.closing(&format!("Nothing to stop: there is no {}.", dir.display()));
        return Ok(());
    }
    check_ours(dir)?;
    let names = process::running_in(&dir.join("run"));
    process::stop_all_noted_in(&dir.join("run"));
    fs::remove_dir_all(dir).with_context(|| format!("removing {}", dir.display()))?;
    let stopped = if names.is_empty() { "Nothing was running".into() } else { format!("Stopped {}", names.join(", ")) };
    paper.closing(&format!("{stopped}; {} is removed.", dir.display()));
    Ok(())
}

/// The option that leads to this directory, where it is not the usual one.
pub fn option(dir: &Path) -> String {
    let usual = std::env::temp_dir().join("maildesk-try");
    if dir == usual { String::new() } else { format!(" --dir {}", dir.display()) }
}

/// A directory that a trial made, and nothing that only bears its name.
fn check_ours(dir: &Path) -> Result<()> {
    let found = fs::symlink_metadata(dir)?;
    let ours = found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() && dir.join(MARK).is_file();
    ensure!(ours, "{} is not the directory of a trial: name another with --dir", dir.display());
    Ok(())
}
