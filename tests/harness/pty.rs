//! A terminal with a program on it: keys in, the screen out as a person sees it.

use crate::wait::eventually;
use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long anything on a screen may take.
const SOON: Duration = Duration::from_secs(60);

/// What came from the program so far.
struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    /// When the last of them came.
    at: Instant,
}

/// What a program did with a key.
#[derive(Debug, Clone, Copy)]
pub struct Reaction {
    /// From the key to the picture.
    pub time: Duration,
    /// That came in this time.
    pub bytes: usize,
}

/// A pseudo terminal and the program that has it as its controlling terminal. Dropping it ends the program.
pub struct Terminal {
    keys: Option<File>,
    child: Child,
    seen: Arc<Mutex<Seen>>,
    /// Tells the reading thread to let go of the terminal, and that it has.
    closed: Arc<AtomicBool>,
    is_closed: Arc<AtomicBool>,
    /// Changes with everything that comes.
    news: watch::Receiver<usize>,
}

impl Terminal {
    /// Starts the program on a terminal of this size, with a UTF-8 locale.
    pub fn start(command: &Command, (columns, rows): (u16, u16)) -> Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = PathBuf::from(std::ffi::OsString::from_vec(ptsname(&master, Vec::new())?.into_bytes()));
        let slave = File::options().read(true).write(true).open(&name).with_context(|| name.display().to_string())?;
        tcsetwinsize(&slave, Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 })?;
        // setsid of util-linux makes the terminal the controlling one, and becomes the program.
        let mut inside = Command::new("setsid");
        inside.arg("-c").arg(command.get_program()).args(command.get_args());
        inside.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8").env("TZ", "UTC").env_remove("NO_COLOR");
        for (name, value) in command.get_envs() {
            if let Some(value) = value {
                inside.env(name, value);
            }
        }
        let (input, output) = (slave.try_clone()?, slave.try_clone()?);
        let child = inside.stdin(Stdio::from(input)).stdout(Stdio::from(output)).stderr(Stdio::from(slave)).spawn()?;
        let size = |cells: u16| std::num::NonZero::new(cells).context("a size");
        let parser = vt100::Parser::new(size(rows)?, size(columns)?, 0);
        let seen = Arc::new(Mutex::new(Seen { parser, bytes: Vec::new(), at: Instant::now() }));
        let keys = File::from(master);
        let (mut from, into) = (keys.try_clone()?, Arc::clone(&seen));
        let (closed, is_closed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (until, gone) = (Arc::clone(&closed), Arc::clone(&is_closed));
        let (tell, news) = watch::channel(0);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while !until.load(Ordering::SeqCst) {
                if !readable(&from) {
                    continue;
                }
                let Ok(count @ 1..) = from.read(&mut buffer) else { break };
                let Ok(mut seen) = into.lock() else { break };
                seen.parser.process(&buffer[..count]);
                seen.bytes.extend_from_slice(&buffer[..count]);
                seen.at = Instant::now();
                tell.send_replace(seen.bytes.len());
            }
            drop(from);
            gone.store(true, Ordering::SeqCst);
        });
        Ok(Self { keys: Some(keys), child, seen, closed, is_closed, news })
    }

    /// Types; `\x1b` is Escape, `\r` Enter.
    pub fn types(&mut self, keys: &str) -> Result<()> {
        let to = self.keys.as_mut().context("the terminal was closed")?;
        to.write_all(keys.as_bytes())?;
        Ok(to.flush()?)
    }

    /// Whether what is typed is shown.
    pub fn echoes(&self) -> Result<bool> {
        let terminal = self.keys.as_ref().context("the terminal was closed")?;
        Ok(tcgetattr(terminal)?.local_modes.contains(LocalModes::ECHO))
    }

    /// Makes the terminal another size; the program is told by the kernel.
    pub fn resize(&mut self, (columns, rows): (u16, u16)) -> Result<()> {
        let (wide, high) = (std::num::NonZero::new(columns), std::num::NonZero::new(rows));
        if let (Ok(mut seen), Some(wide), Some(high)) = (self.seen.lock(), wide, high) {
            seen.parser.set_size(high, wide);
        }
        let to = self.keys.as_ref().context("the terminal was closed")?;
        Ok(tcsetwinsize(to, Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 })?)
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.seen.lock().map(|seen| seen.parser.screen().contents()).unwrap_or_default()
    }

    /// The screen with all that its cells look like.
    pub fn picture(&self) -> Option<vt100::Screen> {
        self.seen.lock().ok().map(|seen| seen.parser.screen().clone())
    }

    /// All bytes that ever came.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.lock().map(|seen| seen.bytes.clone()).unwrap_or_default()
    }

    /// Waits until the terminal is as it was: no alternate screen, the cursor shown, no paste mode. What a program
    /// says at its end is read a little later.
    pub async fn is_given_back(&self) -> Result<()> {
        let is_so = |seen: &Seen| {
            let screen = seen.parser.screen();
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        };
        eventually(SOON, "the terminal is given back", || {
            let given_back = self.seen.lock().is_ok_and(|seen| is_so(&seen));
            async move { given_back }
        })
        .await
    }

    /// Waits until this stands on the screen.
    pub async fn shows(&self, text: &str) -> Result<()> {
        self.until(&format!("{text:?} on the screen"), |screen| screen.contains(text)).await
    }

    /// Waits until the screen is so.
    pub async fn until(&self, what: &str, holds: impl Fn(&str) -> bool) -> Result<()> {
        let looked = eventually(SOON, what, || {
            let holds = holds(&self.screen());
            async move { holds }
        });
        looked.await.with_context(|| format!("the screen:\n{}", self.screen()))
    }

    /// Types, and waits for the first picture that shows what came of it.
    pub async fn reaction(&mut self, keys: &str, shown: impl Fn(&str) -> bool) -> Result<Reaction> {
        let before = *self.news.borrow_and_update();
        let began = Instant::now();
        self.types(keys)?;
        loop {
            let waited = tokio::time::timeout(SOON, self.news.changed()).await;
            waited.with_context(|| format!("nothing came of {keys:?}; the screen:\n{}", self.screen()))??;
            if let Ok(seen) = self.seen.lock()
                && shown(&seen.parser.screen().contents())
            {
                let time = seen.at.saturating_duration_since(began);
                return Ok(Reaction { time, bytes: seen.bytes.len() - before });
            }
        }
    }

    /// The exit status, once the program has ended.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        eventually(SOON, "the program ends", || {
            let ended = self.child.try_wait();
            async { ended }
        })
        .await
    }

    /// Signals the program.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.keys = None;
        self.closed.store(true, Ordering::SeqCst);
        // It is gone already where a test has seen its end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Whether there is something to read, or nobody left to write.
fn readable(master: &File) -> bool {
    let look_up = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
    poll(&mut [PollFd::new(master, PollFlags::IN)], Some(&look_up)).is_ok_and(|ready| ready > 0)
}

/// Closes the terminal: a lost connection, a closed window. How the program ended.
pub async fn hang_up(mut terminal: Terminal) -> Result<ExitStatus> {
    terminal.closed.store(true, Ordering::SeqCst);
    let let_go = Arc::clone(&terminal.is_closed);
    eventually(SOON, "the terminal is let go of", || {
        let let_go = let_go.load(Ordering::SeqCst);
        async move { let_go }
    })
    .await?;
    terminal.keys = None;
    terminal.ended().await
}
