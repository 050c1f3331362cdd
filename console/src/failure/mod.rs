//! Why a command failed: what happened, what to try, and the exit code; for people and for scripts.

mod remedy;
mod report;

pub use report::report;

use crate::client::ClientError;
use maildesk_core::rpc::RpcError;
use maildesk_core::settings::FieldProblem;
use std::io;
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
    #[error("{} of {of} {what} failed:\n  {}", .failed.len(), .failed.join("\n  "))]
    Partly { what: &'static str, failed: Vec<String>, of: usize },
    #[error("cannot write to standard output: {0}")]
    Output(#[source] io::Error),
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[source] io::Error),
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
            Self::Partly { .. } => ("partly", 1),
            Self::Output(_) | Self::Terminal(_) | Self::Runtime(_) => ("failed", 1),
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
    pub(crate) fn problems(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid { problems, .. } | Self::Client(ClientError::Refused(RpcError::Invalid(problems))) => {
                problems
            }
            Self::ImportStopped { cause, .. } => cause.problems(),
            _ => &[],
        }
    }

    /// One line; problems by field are listed beside it, not in it.
    pub(crate) fn message(&self) -> String {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(failure: &Failure) -> String {
        let mut text = Vec::new();
        report(failure, false, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_closed_socket_names_the_groups_that_open_it() {
        let failure = Failure::Client(ClientError::NoPermission { socket: "/run/s".into() });
        assert_eq!(failure.exit_code(), 77);
        let said = said(&failure);
        assert!(said.starts_with("maildesk: you may not use /run/s\n  try: "), "{said}");
        assert!(said.contains("writing maildesk-admin: sudo usermod -aG maildesk "), "{said}");
    }

    #[test]
    fn a_stopped_import_keeps_the_code_and_fields_of_its_cause() {
        let field = FieldProblem { field: "line 7".into(), problem: "is bad".into(), remedy: "mend it".into() };
        let cause = Failure::Client(ClientError::Refused(RpcError::Invalid(vec![field])));
        let failure = Failure::ImportStopped { done: 200, cause: Box::new(cause) };
        assert_eq!(failure.exit_code(), 5);
        let said = said(&failure);
        assert!(said.contains("one problem (the first 200 rows are imported)\n  line 7: is bad; mend it\n"), "{said}");
    }
}
