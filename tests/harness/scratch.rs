//! One directory for one run: its paths, its ports, and a guard that cleans up when this process dies.
//!
//! Ports lie below the ephemeral range, so that no outgoing connection takes one between a stop and the next
//! start; they are kept in a file, so that a restarted server is found where it was.

use crate::process;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Reads its standard input until this process is gone, then stops what is noted in the directory and removes it.
const GUARD: &str = include_str!("guard.sh");

/// A handle on the directory; clones share it. The last one to go removes the directory, unless it is kept.
#[derive(Clone)]
pub struct Scratch {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    keep: bool,
    leave: AtomicBool,
    ports: Mutex<Ports>,
    guard: Mutex<Child>,
}

#[derive(Default)]
struct Ports {
    by_name: BTreeMap<String, u16>,
    /// Locked files: no other run on this machine takes the same port while ours are open.
    reservations: Vec<File>,
}

impl Scratch {
    /// A fresh directory under `$MAILDESK_SCRATCH`, else the system's temporary directory; removed at the end.
    /// With `MAILDESK_KEEP=1` in the environment it stays, for looking at its logs.
    pub fn new() -> Result<Self> {
        let parent = std::env::var_os("MAILDESK_SCRATCH").map_or_else(std::env::temp_dir, PathBuf::from);
        let path = tempfile::Builder::new().prefix("maildesk-").tempdir_in(&parent)?.keep();
        Self::open(path, std::env::var_os("MAILDESK_KEEP").is_some())
    }

    /// A directory that stays: what an earlier run left running in it is stopped first, its ports and its
    /// mailboxes are used again.
    pub fn at(path: &Path) -> Result<Self> {
        fs::create_dir_all(path)?;
        let path = path.canonicalize()?;
        process::stop_all_noted_in(&path.join("run"));
        Self::open(path, true)
    }

    fn open(path: PathBuf, keep: bool) -> Result<Self> {
        // Dovecot and Postfix work under users of their own and must be able to pass through.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        fs::create_dir_all(path.join("run"))?;
        fs::create_dir_all(path.join("log"))?;
        let guard = Command::new("sh")
            .args(["-c", GUARD, "maildesk-guard"])
            .arg(&path)
            .arg(if keep { "keep" } else { "remove" })
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Outside our process group: Ctrl-C must reach us and not it.
            .process_group(0)
            .spawn()
            .context("starting the guard")?;
        let ports = Ports { by_name: read_ports(&path.join("ports"))?, reservations: Vec::new() };
        let leave = AtomicBool::new(false);
        Ok(Self { inner: Arc::new(Inner { path, keep, leave, ports: Mutex::new(ports), guard: Mutex::new(guard) }) })
    }

    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// A directory in here, made when it is missing.
    pub fn dir(&self, name: &str) -> Result<PathBuf> {
        let dir = self.path().join(name);
        fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
        Ok(dir)
    }

    /// Where a server called `name` writes what it says.
    pub fn log_file(&self, name: &str) -> PathBuf {
        self.path().join("log").join(format!("{name}.log"))
    }

    /// From now on nothing is stopped at the end, nor when this process dies. [`Scratch::at`] on the same
    /// directory stops what is still running there.
    pub fn leave_running(&self) {
        self.inner.leave.store(true, Ordering::SeqCst);
    }

    pub(crate) fn leaves_running(&self) -> bool {
        self.inner.leave.load(Ordering::SeqCst)
    }

    /// The port of that name: chosen once, then always the same in this directory.
    pub fn port(&self, name: &str) -> Result<u16> {
        let mut ports = self.inner.ports.lock().expect("no panic while ports are chosen");
        if let Some(port) = ports.by_name.get(name) {
            return Ok(*port);
        }
        for _ in 0..1000 {
            let port = 20_000 + u16::try_from(random() % 12_000)?;
            let Some(reservation) = reserve(port)? else { continue };
            ports.by_name.insert(name.to_owned(), port);
            ports.reservations.push(reservation);
            let mut file = String::new();
            for (name, port) in &ports.by_name {
                file.push_str(&format!("{name} {port}\n"));
            }
            fs::write(self.path().join("ports"), file)?;
            return Ok(port);
        }
        bail!("no free port between 20000 and 32000")
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Servers are stopped by their own values, which hold the scratch; the guard finds nothing left to stop
        // and removes the directory.
        if let Ok(mut guard) = self.guard.lock() {
            let leave = self.leave.load(Ordering::SeqCst);
            if let Some(mut stdin) = guard.stdin.take()
                && leave
            {
                stdin.write_all(b"leave\n").ok();
            }
            guard.wait().ok();
        }
        if !self.keep && !self.leave.load(Ordering::SeqCst) && self.path.exists() && !std::thread::panicking() {
            eprintln!("harness: {} was not removed", self.path.display());
        }
    }
}

/// The ports by name that were chosen in this scratch directory.
pub fn ports_in(dir: &Path) -> Result<BTreeMap<String, u16>> {
    read_ports(&dir.join("ports"))
}

fn read_ports(file: &Path) -> Result<BTreeMap<String, u16>> {
    if !file.exists() {
        return Ok(BTreeMap::new());
    }
    let text = fs::read_to_string(file)?;
    text.lines()
        .map(|line| {
            let (name, port) = line.split_once(' ').context("a line of the ports file")?;
            Ok((name.to_owned(), port.parse()?))
        })
        .collect()
}

/// The lock that makes this port ours on this machine, or None when it is taken.
fn reserve(port: u16) -> Result<Option<File>> {
    let dir = std::env::temp_dir().join("maildesk-test-ports");
    fs::create_dir_all(&dir)?;
    let mut file = File::create(dir.join(port.to_string()))?;
    if file.try_lock().is_err() || TcpListener::bind(("0.0.0.0", port)).is_err() {
        return Ok(None);
    }
    writeln!(file, "{}", std::process::id())?;
    Ok(Some(file))
}

/// Good enough for picking a port: the standard library seeds its hasher from the system.
pub(crate) fn random() -> u64 {
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
