//! Runs a program that the administrator has named: no shell, a deadline, bounded output.

use rustix::process::{Pid, Signal, kill_process_group};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

/// Bytes of each output that are kept; what comes after is read and dropped.
const OUTPUT_MAX: usize = 64 * 1024;
/// How long output may lag behind the end of the program: a helper that it left running may hold the pipe open.
const LAG: Duration = Duration::from_secs(1);

/// How a program ended.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    /// May hold a secret, so it is wiped.
    pub output: Zeroizing<Vec<u8>>,
    pub errors: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    #[error("it cannot be started: {0}")]
    NotStarted(std::io::Error),
    #[error("no program is named")]
    Nameless,
    #[error("it did not end within {} seconds and was stopped", .0.as_secs())]
    TooSlow(Duration),
    #[error("its end was not learned: {0}")]
    Lost(std::io::Error),
}

impl Finished {
    /// How it ended, with its own words on it: one clean, short line.
    pub fn explain(&self) -> String {
        let words = maildesk_core::diagnosis::server_said(&String::from_utf8_lossy(&self.errors));
        // "exit status: 1" or "signal: 9 (SIGKILL)"
        words.map_or_else(|| self.status.to_string(), |words| format!("{}: {words}", self.status))
    }
}

/// Runs `argv` with `input` on its standard input. It ends, or is ended with all that it has started, within `longest`.
///
/// # Errors
/// It cannot be started, or takes too long. Whatever exit status it ends with is no error.
pub async fn run(argv: &[String], input: &[u8], longest: Duration) -> Result<Finished, ProgramError> {
    let (program, arguments) = argv.split_first().ok_or(ProgramError::Nameless)?;
    let child = Command::new(program)
        .args(arguments)
        // It is not the service, and must not speak for it.
        .env_remove("NOTIFY_SOCKET")
        .env_remove("WATCHDOG_PID")
        .env_remove("WATCHDOG_USEC")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(ProgramError::NotStarted)?;
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)));
    let finished = tokio::time::timeout(longest, attend(child, input)).await;
    let finished = finished.map_err(|_elapsed| ProgramError::TooSlow(longest))?;
    // It ended by itself: what it left running, such as an agent that keeps keys, may go on.
    group.0 = None;
    finished.map_err(ProgramError::Lost)
}

/// Ends a program with all that it has started when it is dropped.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0
            && let Err(error) = kill_process_group(group, Signal::KILL)
        {
            tracing::debug!(%error, "a program that was given up had ended");
        }
    }
}

/// Feeds a program, hears it out and waits for its end.
async fn attend(mut child: Child, input: &[u8]) -> std::io::Result<Finished> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut output, mut errors) = (Zeroizing::new(Vec::new()), Vec::new());
    let status = {
        let feed = async move {
            if let Some(mut stdin) = stdin {
                // A program that does not read its input to the end shows by its status what it thinks of it.
                let fed = stdin.write_all(input).await;
                tracing::trace!(?fed, "input of a program");
            }
        };
        let talk = async { tokio::join!(feed, keep(stdout, &mut output), keep(stderr, &mut errors)) };
        tokio::pin!(talk);
        let mut said_all = false;
        let status = loop {
            tokio::select! {
                status = child.wait() => break status?,
                _ = &mut talk, if !said_all => said_all = true,
            }
        };
        if !said_all {
            let lagged = tokio::time::timeout(LAG, talk).await;
            tracing::trace!(late = lagged.is_err(), "output after the end of a program");
        }
        status
    };
    Ok(Finished { status, output, errors })
}

/// Reads to the end and keeps the beginning.
async fn keep(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut piece = Zeroizing::new([0_u8; 4096]);
    while let Ok(length @ 1..) = stream.read(piece.as_mut()).await {
        let room = OUTPUT_MAX.saturating_sub(kept.len());
        kept.extend(piece.iter().take(length.min(room)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_secs(20);

    fn sh(script: &str) -> Vec<String> {
        ["/bin/sh", "-c", script].map(str::to_owned).to_vec()
    }

    #[tokio::test]
    async fn input_goes_in_and_output_status_and_words_come_out() {
        let finished = run(&sh("cat; echo no >&2; echo way >&2; exit 75"), b"hello", SHORT).await.unwrap();
        assert_eq!((finished.output.as_slice(), finished.status.code()), (&b"hello"[..], Some(75)));
        assert_eq!(finished.explain(), "exit status: 75: no way");
        assert_eq!(run(&sh("exit 3"), b"", SHORT).await.unwrap().explain(), "exit status: 3");
    }

    #[tokio::test]
    async fn large_input_and_output_block_nobody() {
        let large = vec![b'x'; 1 << 20];
        let finished = run(&sh("cat >/dev/null; yes | head -c 1000000"), &large, SHORT).await.unwrap();
        assert_eq!((finished.output.len(), finished.status.success()), (OUTPUT_MAX, true));
        let unread = run(&sh("exit 0"), &large, SHORT).await.unwrap();
        assert!(unread.status.success());
    }

    #[tokio::test]
    async fn one_that_does_not_end_is_stopped_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! >{}; wait", file.display());
        let outcome = run(&sh(&script), b"", Duration::from_secs(1)).await;
        assert!(matches!(outcome, Err(ProgramError::TooSlow(_))), "{outcome:?}");
        let child = std::fs::read_to_string(&file).unwrap();
        let state = std::path::PathBuf::from(format!("/proc/{}/stat", child.trim()));
        // Killed, and perhaps not yet reaped by whoever has inherited it.
        let gone = || std::fs::read_to_string(&state).map_or(true, |stat| stat.contains(") Z"));
        let deadline = std::time::Instant::now() + SHORT;
        while !gone() {
            assert!(std::time::Instant::now() < deadline, "the child of the program lives on");
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_helper_that_is_left_running_is_not_waited_for() {
        let finished = run(&sh("echo first; (sleep 5) & exit 0"), b"", SHORT).await.unwrap();
        assert_eq!(finished.output.as_slice(), b"first\n");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_named_so() {
        let outcome = run(&["/no/such/program".to_owned()], b"", SHORT).await;
        assert!(matches!(outcome, Err(ProgramError::NotStarted(_))), "{outcome:?}");
        assert!(matches!(run(&[], b"", SHORT).await, Err(ProgramError::Nameless)));
    }
}
