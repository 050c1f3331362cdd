//! From a path to a connection whose other end is known to speak our protocol.

use super::ClientError;
use maildesk_core::rpc::{DeskClient, MAX_FRAME, PREFACE, Postcard};
use std::io;
use std::path::Path;
use std::time::Duration;
use tarpc::tokio_util::codec::length_delimited::LengthDelimitedCodec;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// How long the other end may take to say which protocol it speaks.
const PREFACE_LIMIT: Duration = Duration::from_secs(2);

/// Calls in flight at once at the most.
const IN_FLIGHT: usize = 16;

pub(super) async fn connect(socket: &Path) -> Result<DeskClient, ClientError> {
    let mut stream = UnixStream::connect(socket).await.map_err(|error| ClientError::unreachable(socket, error))?;
    match tokio::time::timeout(PREFACE_LIMIT, exchange(&mut stream)).await {
        Ok(Ok(theirs)) => check(theirs)?,
        Ok(Err(_)) => return Err(ClientError::ClosedAtOnce { socket: socket.to_owned() }),
        Err(_) => return Err(ClientError::Silent { socket: socket.to_owned(), waited: PREFACE_LIMIT }),
    }
    let framed = LengthDelimitedCodec::builder().max_frame_length(MAX_FRAME).new_framed(stream);
    let transport = tarpc::serde_transport::new(framed, Postcard::default());
    let mut config = tarpc::client::Config::default();
    config.max_in_flight_requests = IN_FLIGHT;
    Ok(DeskClient::new(config, transport).spawn())
}

async fn exchange(stream: &mut UnixStream) -> io::Result<[u8; PREFACE.len()]> {
    stream.write_all(&PREFACE).await?;
    let mut theirs = [0; PREFACE.len()];
    stream.read_exact(&mut theirs).await?;
    Ok(theirs)
}

fn check(theirs: [u8; PREFACE.len()]) -> Result<(), ClientError> {
    let ([our_magic @ .., ours], [their_magic @ .., theirs]) = (PREFACE, theirs);
    if our_magic != their_magic {
        return Err(ClientError::NotMaildesk);
    }
    if ours == theirs { Ok(()) } else { Err(ClientError::OtherProtocol { ours, theirs }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefaces_are_told_apart() {
        let ours = PREFACE[7];
        assert!(check(PREFACE).is_ok());
        let newer = [b'M', b'D', b'E', b'S', b'K', b'0', b'0', ours + 1];
        assert!(matches!(check(newer), Err(ClientError::OtherProtocol { .. })));
        assert!(matches!(check(*b"SSH-2.0-"), Err(ClientError::NotMaildesk)));
    }
}
