//! One server process: start, note pid and start time, stop it and only it.

use crate::scratch::Scratch;
use crate::wait;
use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How long a server may take after TERM before it gets KILL.
const GRACE: Duration = Duration::from_secs(5);

/// A running server. Dropping it stops it.
pub struct ServerProcess {
    name: String,
    child: Child,
    pid: Pid,
    pid_file: PathBuf,
    log: PathBuf,
    /// Keeps the directory alive as long as something runs in it.
    scratch: Scratch,
}

impl ServerProcess {
    /// Starts `command` in a process group of its own; its output is appended to the log of that name.
    pub fn start(scratch: &Scratch, name: &str, command: &mut Command) -> Result<Self> {
        let log = scratch.log_file(name);
        let output = File::options().create(true).append(true).open(&log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {name}: {command:?}"))?;
        let pid = Pid::from_child(&child);
        let pid_file = scratch.path().join("run").join(format!("{name}.pid"));
        let process = Self { name: name.to_owned(), child, pid, pid_file, log, scratch: scratch.clone() };
        if let Some(start) = start_time(process.id()) {
            fs::write(&process.pid_file, format!("{} {start}\n", process.id()))?;
        }
        Ok(process)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The exit status, once it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits until `ready` holds; fails at once, with the end of the log, when the process ends before.
    pub async fn ready<L, Looking>(&mut self, limit: Duration, mut ready: impl FnMut() -> Looking) -> Result<L::Value>
    where
        L: wait::Look,
        Looking: Future<Output = L>,
    {
        let name = self.name.clone();
        let seen = wait::eventually(limit, &format!("{name} is up"), || {
            let ended = self.ended();
            let look = ready();
            async move {
                match ended {
                    Some(status) => Some(Err(status)),
                    None => look.await.done().ok().map(Ok),
                }
            }
        })
        .await;
        match seen {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(status)) => bail!("{name} ended before it was up: {status}\n{}", self.log_tail(30)),
            Err(error) => Err(error.context(format!("{name} said:\n{}", self.log_tail(30)))),
        }
    }

    /// The last lines of what it said.
    pub fn log_tail(&self, lines: usize) -> String {
        tail(&self.log, lines)
    }

    pub fn signal(&self, signal: Signal) -> Result<()> {
        kill_process(self.pid, signal).with_context(|| format!("signalling {}", self.name))
    }

    /// KILL, as a crash would end it; returns when it is gone.
    pub fn kill_hard(&mut self) -> Result<()> {
        self.signal(Signal::KILL)?;
        self.child.wait()?;
        Ok(())
    }

    /// TERM, and KILL when it is still there after `grace`. Returns the exit status.
    pub fn terminate(&mut self, grace: Duration) -> Result<ExitStatus> {
        if let Some(status) = self.ended() {
            self.sweep();
            return Ok(status);
        }
        self.signal(Signal::TERM)?;
        let name = self.name.clone();
        if wait::blocking(grace, &name, || self.ended().is_some()).is_err() {
            eprintln!("harness: {name} did not stop within {grace:?} of TERM and gets KILL");
            self.signal(Signal::KILL)?;
        }
        let status = self.child.wait()?;
        self.sweep();
        Ok(status)
    }

    /// TERM, then KILL for the whole group as soon as at most `remaining` of its processes are left.
    pub fn terminate_group(&mut self, remaining: usize) -> Result<()> {
        if self.ended().is_none() {
            self.signal(Signal::TERM)?;
            wait::blocking(GRACE, &self.name, || group_members(self.id()).len() <= remaining).ok();
            kill_process_group(self.pid, Signal::KILL).ok();
            self.child.wait()?;
        }
        self.sweep();
        Ok(())
    }

    /// True when [`Scratch::leave_running`] was asked for.
    pub fn is_to_be_left(&self) -> bool {
        self.scratch.leaves_running()
    }

    /// Children that outlive their server: they are of its process group.
    fn sweep(&self) {
        let gone = || group_members(self.id()).is_empty();
        if wait::blocking(Duration::from_secs(1), "the children", gone).is_err() {
            kill_process_group(self.pid, Signal::KILL).ok();
            wait::blocking(Duration::from_secs(1), "the children", gone).ok();
        }
        fs::remove_file(&self.pid_file).ok();
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if self.is_to_be_left() {
            return;
        }
        if let Err(error) = self.terminate(GRACE) {
            eprintln!("harness: stopping {}: {error:#}", self.name);
        }
    }
}

/// Stops every process that is noted in this folder and is still the one that was noted.
pub fn stop_all_noted_in(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for file in entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "pid"))
    {
        if let Some(pid) = noted(&file) {
            kill_process(pid, Signal::TERM).ok();
            if wait::blocking(GRACE, "an earlier run's process", || noted(&file).is_none()).is_err() {
                kill_process(pid, Signal::KILL).ok();
            }
            kill_process_group(pid, Signal::KILL).ok();
            let gone = || group_members(pid.as_raw_nonzero().get().unsigned_abs()).is_empty();
            wait::blocking(Duration::from_secs(1), "an earlier run's children", gone).ok();
        }
        fs::remove_file(&file).ok();
    }
}

/// The names of the processes that are noted in this folder and live.
pub fn running_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let files = entries.flatten().map(|entry| entry.path()).filter(|file| noted(file).is_some());
    let mut names: Vec<String> = files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names
}

/// The noted process, if that very one (pid and start time) lives.
fn noted(file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(file).ok()?;
    let (pid, start) = text.trim().split_once(' ')?;
    let pid: u32 = pid.parse().ok()?;
    (start_time(pid)? == start).then(|| Pid::from_raw(pid.try_into().ok()?)).flatten()
}

/// The living processes of a process group.
pub fn group_members(group: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| stat_fields(*pid).is_some_and(|fields| fields[0] != "Z" && fields[2] == group.to_string()))
        .collect()
}

/// What proc(5) says in `stat` behind the name: state, parent, process group, ...
fn stat_fields(pid: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(stat.rsplit_once(") ")?.1.split(' ').map(str::to_owned).collect())
}

/// Start time of a living process in clock ticks since boot (proc(5), stat field 22); None for a zombie.
pub fn start_time(pid: u32) -> Option<String> {
    let mut fields = stat_fields(pid)?;
    (fields[0] != "Z" && fields.len() > 19).then(|| fields.swap_remove(19))
}

/// The last lines of a file, for error messages.
pub fn tail(file: &Path, lines: usize) -> String {
    let text = fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    all.iter().skip(all.len().saturating_sub(lines)).map(|line| format!("  {line}\n")).collect()
}

/// Runs a tool to its end; an error carries what it said.
pub fn run(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("running {command:?}"))?;
    if !output.status.success() {
        let signal = output.status.signal().map(|signal| format!(", signal {signal}")).unwrap_or_default();
        bail!("{command:?}: {}{signal}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a script of Python prints that is given these bytes on standard input.
pub fn python(script: &str, input: &[u8]) -> Result<Vec<u8>> {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("standard input")?.write_all(input)?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

/// A command that gives up root for `nobody`, where we are root.
pub fn unprivileged(program: &str) -> Result<Command> {
    let mut command = Command::new(program);
    if let Some((user, group)) = nobody()? {
        command.uid(user).gid(group);
    }
    Ok(command)
}

/// User and group id of `nobody`, or None when we are not root and stay who we are.
pub fn nobody() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    account("nobody").map(Some)
}

/// User and group id of an account of this machine.
pub fn account(name: &str) -> Result<(u32, u32)> {
    let passwd = fs::read_to_string("/etc/passwd")?;
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name));
    let fields: Vec<&str> = line.with_context(|| format!("no user {name} here"))?.split(':').collect();
    Ok((fields[2].parse()?, fields[3].parse()?))
}
