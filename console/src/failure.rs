//! Why a command failed: what happened, what to try, and the exit code; for people and for scripts.

use crate::client::{ClientError, Effect};
use maildesk_core::rpc::RpcError;
use maildesk_core::settings::FieldProblem;
use maildesk_core::text::{clean_block, clean_line};
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;

/// The closed list of what ends a command without success.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("there is no {what} {name}")]
    NotFound { what: &'static str, name: String, remedy: String },
    #[error("{what} was refused: {}", count(.problems.len()))]
    Invalid { what: String, problems: Vec<FieldProblem> },
    #[error("cannot read {what}: {source}")]
    Unreadable { what: String, source: io::Error },
    #[error("cannot write {}: {source}", .path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("{} is there already", .path.display())]
    Exists { path: PathBuf },
    #[error("{name} came damaged: {problem}")]
    Damaged { name: String, problem: String },
    #[error("{cause} (the first {done} rows are imported)")]
    ImportStopped { done: usize, cause: Box<Failure> },
    #[error("cannot write to standard output: {0}")]
    Output(#[source] io::Error),
    #[error("cannot start: {0}")]
    Runtime(#[source] io::Error),
    #[error("interrupted")]
    Interrupted,
}

fn count(problems: usize) -> String {
    if problems == 1 { "one problem".into() } else { format!("{problems} problems") }
}

impl Failure {
    /// As listed in `maildesk --help`.
    pub fn exit_code(&self) -> u8 {
        self.kind().1
    }

    /// A word for scripts, and the exit code.
    fn kind(&self) -> (&'static str, u8) {
        match self {
            Self::Usage(_) => ("usage", 2),
            Self::NotFound { .. } => ("not_found", 3),
            Self::Invalid { .. } => ("invalid", 5),
            Self::ImportStopped { cause, .. } => cause.kind(),
            Self::Interrupted => ("interrupted", 130),
            Self::Unreadable { .. } => ("unreadable", 1),
            Self::Unwritable { .. } => ("unwritable", 1),
            Self::Exists { .. } => ("exists", 1),
            Self::Damaged { .. } => ("damaged", 1),
            Self::Output(_) | Self::Runtime(_) => ("failed", 1),
            Self::Client(error) => match error {
                ClientError::NoPermission { .. } => ("no_permission", 77),
                ClientError::NoRandomness(_) => ("failed", 1),
                ClientError::NoAnswer { .. } => ("no_answer", 69),
                ClientError::OtherProtocol { .. } => ("other_protocol", 69),
                ClientError::Refused(refusal) => match refusal {
                    RpcError::NotFound { .. } => ("not_found", 3),
                    RpcError::Conflict { .. } => ("conflict", 4),
                    RpcError::Invalid(_) => ("invalid", 5),
                    RpcError::Rejected(_) => ("rejected", 5),
                    RpcError::Forbidden { .. } => ("no_permission", 77),
                    RpcError::Stopping => ("unavailable", 69),
                    RpcError::Internal { .. } => ("internal", 1),
                },
                _ => ("unavailable", 69),
            },
        }
    }

    /// The problems by field, where it is about fields.
    fn problems(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid { problems, .. } | Self::Client(ClientError::Refused(RpcError::Invalid(problems))) => {
                problems
            }
            Self::ImportStopped { cause, .. } => cause.problems(),
            _ => &[],
        }
    }

    /// One line; problems by field are listed beside it, not in it.
    fn message(&self) -> String {
        match self {
            Self::Client(ClientError::Refused(RpcError::Invalid(problems))) => {
                format!("maildeskd refused it: {}", count(problems.len()))
            }
            Self::ImportStopped { done, cause } => {
                format!("{} (the first {done} rows are imported)", cause.message())
            }
            other => other.to_string(),
        }
    }

    fn remedy(&self) -> Option<String> {
        let remedy = match self {
            Self::NotFound { remedy, .. } => remedy.clone(),
            Self::Exists { .. } => "give --force to replace it, or another folder with -o".into(),
            Self::Damaged { .. } => "try again; if it stays, look for it in the log of maildeskd".into(),
            Self::ImportStopped { .. } => {
                "set it right and import the whole file again: rows that are known stay as they are".into()
            }
            Self::Client(error) => return client_remedy(error),
            _ => return None,
        };
        Some(remedy)
    }
}

fn client_remedy(error: &ClientError) -> Option<String> {
    let remedy = match error {
        ClientError::NotListening { .. } => {
            "is maildeskd running? systemctl status maildeskd; another socket: --socket or MAILDESK_SOCKET".into()
        }
        ClientError::NoPermission { .. } => format!(
            "reading needs the group maildesk, writing maildesk-admin: sudo usermod -aG maildesk {}; then log in again",
            user()
        ),
        ClientError::ClosedAtOnce { .. } | ClientError::Silent { .. } => {
            "is it stopping or overloaded? systemctl status maildeskd; journalctl -u maildeskd".into()
        }
        ClientError::NotMaildesk => "name the socket of maildeskd with --socket or MAILDESK_SOCKET".into(),
        ClientError::OtherProtocol { ours, theirs } if theirs > ours => {
            "maildeskd is newer: update this maildesk".into()
        }
        ClientError::OtherProtocol { .. } => {
            "maildeskd is older: update it, or restart it if it was updated: sudo systemctl restart maildeskd".into()
        }
        ClientError::NoAnswer { effect: Effect::None, .. } => "wait longer with --timeout 60s".into(),
        ClientError::NoAnswer { .. } | ClientError::Lost { effect: Effect::PerhapsDone, .. } => {
            "the change may have been made: look before you repeat it".into()
        }
        ClientError::Lost { .. } => "try again; systemctl status maildeskd".into(),
        ClientError::Refused(RpcError::NotFound { what, .. }) => match what.as_str() {
            noun @ ("ticket" | "mailbox" | "mail" | "contact" | "customer") => format!("maildesk {noun} list"),
            "outbox entry" | "outbox" => "maildesk outbox list".into(),
            _ => return None,
        },
        ClientError::Refused(RpcError::Conflict { .. }) => "look at what changed, then repeat it on top".into(),
        ClientError::Refused(RpcError::Forbidden { group }) => {
            format!("sudo usermod -aG {} {}; then log in again", clean_line(group), user())
        }
        ClientError::Refused(RpcError::Stopping) => "try again in a moment".into(),
        ClientError::Refused(RpcError::Internal { mark }) => {
            format!("journalctl -u maildeskd | grep {}", clean_line(mark))
        }
        _ => return None,
    };
    Some(remedy)
}

/// The name to put into a command that the reader may copy: the login name if it is plainly one.
fn user() -> String {
    let plain = |name: &String| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    std::env::var("USER").ok().filter(plain).unwrap_or_else(|| "\"$USER\"".into())
}

/// Says what failed: lines for people, or one JSON object.
pub fn report(failure: &Failure, json: bool, to: &mut dyn Write) {
    let text = if json { for_scripts(failure) } else { for_people(failure) };
    // Nobody is left to tell when standard error is closed.
    drop(to.write_all(text.as_bytes()).and_then(|()| to.flush()));
}

fn for_people(failure: &Failure) -> String {
    let mut text = format!("maildesk: {}\n", clean_block(&failure.message()).trim_end());
    for problem in failure.problems() {
        text.push_str(&format!("  {}\n", clean_line(&problem.to_string())));
    }
    if let Some(remedy) = failure.remedy() {
        text.push_str(&format!("  try: {remedy}\n"));
    }
    text
}

#[derive(Serialize)]
struct ErrorDocument<'a> {
    schema: &'static str,
    error: ErrorView<'a>,
}

#[derive(Serialize)]
struct ErrorView<'a> {
    kind: &'static str,
    exit_code: u8,
    message: String,
    remedy: Option<String>,
    fields: &'a [FieldProblem],
}

fn for_scripts(failure: &Failure) -> String {
    let (kind, exit_code) = failure.kind();
    let message = failure.message().trim_end().to_owned();
    let error = ErrorView { kind, exit_code, message, remedy: failure.remedy(), fields: failure.problems() };
    crate::json::to_line(&ErrorDocument { schema: "maildesk.error/1", error })
}
