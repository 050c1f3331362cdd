//! The closed list of what a call can come back with instead of an answer.

use crate::ids::Revision;
use crate::settings::FieldProblem;
use serde::{Deserialize, Serialize};

/// Internals never stand here; what a person needs of them is in the daemon's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RpcError {
    #[error("there is no {what} {name}")]
    NotFound { what: String, name: String },
    /// Somebody else changed it meanwhile.
    #[error("it was changed meanwhile: you saw revision {seen}, now it is {now}")]
    Conflict { seen: Revision, now: Revision },
    #[error("refused: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldProblem>),
    #[error("refused: {0}")]
    Rejected(String),
    /// `group` is the Unix group that would allow it.
    #[error("this needs membership of the group {group}")]
    Forbidden { group: String },
    #[error("the daemon is stopping")]
    Stopping,
    /// What went wrong inside is in the log under this mark.
    #[error("internal fault; the log of maildeskd says more under {mark}")]
    Internal { mark: String },
}
