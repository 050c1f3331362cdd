//! A scripted daemon for the console's own tests: the service over a real Unix socket, with canned answers, and the
//! real binary run against it. What the real daemon answers is tested end to end elsewhere.

pub(crate) mod answers;
mod canned;
mod reports;
mod service;
mod wire;

use maildesk_core::rpc::{MAX_FRAME, PREFACE, Postcard, RpcError};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use tarpc::server::{BaseChannel, Channel};
use tarpc::tokio_util::codec::length_delimited::LengthDelimitedCodec;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// What a test changes about the answers, and what it reads of the calls.
#[derive(Default)]
pub(crate) struct Script {
    /// Every call but `hello` is refused with this.
    pub(crate) refusal: Option<RpcError>,
    /// Calls never come back.
    pub(crate) silent: bool,
    /// The settings hold the rules of the filter list.
    pub(crate) with_filters: bool,
    /// Bytes of every blob are turned over.
    pub(crate) damaged: bool,
    /// Imports are refused from this batch on.
    pub(crate) refuse_import_after: Option<usize>,
    /// What writes were asked for, in words.
    pub(crate) asked: Vec<String>,
    /// A call other than `hello` came.
    pub(crate) called: bool,
}

/// A daemon that lives as long as this value.
pub(crate) struct FakeDesk {
    folder: tempfile::TempDir,
    script: Arc<Mutex<Script>>,
    _runtime: tokio::runtime::Runtime,
}

/// How a run of the binary ended.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {:?} {:?}", self.stdout, self.stderr))
    }

    pub(crate) fn error(&self) -> serde_json::Value {
        assert_eq!(self.stdout, "", "standard output of a failure is empty");
        serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {:?}", self.stderr))
    }
}

impl FakeDesk {
    pub(crate) fn start(script: Script) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let script = Arc::new(Mutex::new(script));
        let listener = {
            let _guard = runtime.enter();
            UnixListener::bind(folder.path().join("desk.sock")).unwrap()
        };
        runtime.spawn(accept(listener, script.clone()));
        Self { folder, script, _runtime: runtime }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("desk.sock")
    }

    /// A folder for the files of a test.
    pub(crate) fn file(&self, name: &str, content: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.script.lock().unwrap().asked.clone()
    }

    pub(crate) fn was_called(&self) -> bool {
        self.script.lock().unwrap().called
    }

    /// Runs `maildesk` with these arguments against this daemon.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_input(arguments, "")
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = maildesk();
        command.env("MAILDESK_SOCKET", self.socket()).args(arguments);
        ran(command, input)
    }
}

/// The binary, with an environment in which nothing depends on the machine.
pub(crate) fn maildesk() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maildesk"));
    command.env_remove("MAILDESK_SOCKET").env_remove("NO_COLOR").env("TZ", "UTC").env("USER", "ann");
    command
}

pub(crate) fn ran(mut command: Command, input: &str) -> Ran {
    use std::io::Write;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that does not read its input closes the pipe, which is no fault of the test.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

async fn accept(listener: UnixListener, script: Arc<Mutex<Script>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, script.clone()));
    }
}

async fn serve(mut stream: UnixStream, script: Arc<Mutex<Script>>) {
    use futures::StreamExt;
    use maildesk_core::rpc::Desk;
    let mut theirs = [0; PREFACE.len()];
    if stream.read_exact(&mut theirs).await.is_err() || stream.write_all(&PREFACE).await.is_err() {
        return;
    }
    assert_eq!(theirs, PREFACE);
    let framed = LengthDelimitedCodec::builder().max_frame_length(MAX_FRAME).new_framed(stream);
    let transport = tarpc::serde_transport::new(framed, Postcard::default());
    let calls = BaseChannel::with_defaults(transport).execute(canned::Canned { script }.serve());
    calls.for_each(|call| async { drop(tokio::spawn(call)) }).await;
}
