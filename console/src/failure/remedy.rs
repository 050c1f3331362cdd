//! What to try after a failure: commands to copy and the first places to look.

use super::Failure;
use crate::client::{ClientError, Effect};
use maildesk_core::rpc::RpcError;
use maildesk_core::text::clean_line;

impl Failure {
    pub(crate) fn remedy(&self) -> Option<String> {
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
            noun @ ("ticket" | "mailbox" | "sender" | "mail" | "contact" | "customer") => {
                format!("maildesk {noun} list")
            }
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
