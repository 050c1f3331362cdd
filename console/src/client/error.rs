//! Why maildeskd could not be asked, or what it answered instead.

use super::Effect;
use maildesk_core::rpc::RpcError;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The closed list of what goes wrong between the console and the daemon.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("nothing listens at {}", .socket.display())]
    NotListening { socket: PathBuf },
    #[error("you may not use {}", .socket.display())]
    NoPermission { socket: PathBuf },
    #[error("cannot connect to {}: {source}", .socket.display())]
    CannotConnect { socket: PathBuf, source: io::Error },
    #[error("whoever listens at {} closed the connection at once", .socket.display())]
    ClosedAtOnce { socket: PathBuf },
    #[error("whoever listens at {} said nothing for {} s", .socket.display(), .waited.as_secs())]
    Silent { socket: PathBuf, waited: Duration },
    #[error("what listens there is not maildeskd")]
    NotMaildesk,
    #[error("maildeskd speaks protocol {theirs}, this maildesk speaks protocol {ours}")]
    OtherProtocol { ours: u8, theirs: u8 },
    #[error("maildeskd did not answer within {:.1} s", .waited.as_secs_f32())]
    NoAnswer { waited: Duration, effect: Effect },
    #[error("the connection to maildeskd was lost ({cause})")]
    Lost { cause: String, effect: Effect },
    #[error("the system gives no random bytes: {0}")]
    NoRandomness(String),
    #[error(transparent)]
    Refused(#[from] RpcError),
}

impl ClientError {
    pub(super) fn unreachable(socket: &Path, source: io::Error) -> Self {
        let socket = socket.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Self::NotListening { socket },
            io::ErrorKind::PermissionDenied => Self::NoPermission { socket },
            _ => Self::CannotConnect { socket, source },
        }
    }

    /// True where the same call may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::NotListening { .. }
                | Self::ClosedAtOnce { .. }
                | Self::Lost { .. }
                | Self::Refused(RpcError::Stopping)
        )
    }
}

/// The words at the bottom of a chain of causes: the ones that name the fault.
pub(super) fn innermost(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_connecting_are_told_apart() {
        let fault = |kind: io::ErrorKind| ClientError::unreachable(Path::new("/s"), kind.into());
        assert!(matches!(fault(io::ErrorKind::NotFound), ClientError::NotListening { .. }));
        assert!(matches!(fault(io::ErrorKind::ConnectionRefused), ClientError::NotListening { .. }));
        assert!(matches!(fault(io::ErrorKind::PermissionDenied), ClientError::NoPermission { .. }));
        assert!(matches!(fault(io::ErrorKind::InvalidInput), ClientError::CannotConnect { .. }));
    }
}
