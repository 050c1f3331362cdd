//! The socket itself: made, guarded, served.

use super::access::{Caller, Groups};
use super::parts::RpcParts;
use super::visitor::Service;
use futures::StreamExt;
use maildesk_core::rpc::{Desk, MAX_FRAME, PREFACE, Postcard};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tarpc::server::{BaseChannel, Channel};
use tarpc::tokio_util::codec::LengthDelimitedCodec;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Consoles at the same time at the most.
const CONNECTIONS: usize = 64;
/// Calls of one console at the same time at the most; more are refused.
const CALLS_PER_CONNECTION: usize = 32;
/// For the preface.
const GREETING_TIMEOUT: Duration = Duration::from_secs(2);
/// Answers under way at a stop may take this long.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    #[error("another maildeskd answers on {}", path.display())]
    InUse { path: PathBuf },
    #[error("the socket {}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Makes the socket. One that nobody answers on is left over from a crash and replaced.
///
/// Everybody may connect: who may do what is decided by the credentials of the other end, so that a refusal can say
/// which group is missing.
pub async fn listen(path: &Path) -> Result<UnixListener, SocketError> {
    let failed = |source| SocketError::Io { path: path.to_path_buf(), source };
    if path.exists() {
        if UnixStream::connect(path).await.is_ok() {
            return Err(SocketError::InUse { path: path.to_path_buf() });
        }
        std::fs::remove_file(path).map_err(failed)?;
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o666)).map_err(failed)?;
    Ok(listener)
}

/// Serves consoles until stopped, then lets answers under way finish.
pub async fn serve(listener: UnixListener, parts: Arc<RpcParts>, groups: Groups, stop: CancellationToken) {
    let (tasks, places, groups) = (TaskTracker::new(), Arc::new(Semaphore::new(CONNECTIONS)), Arc::new(groups));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of descriptors: a moment later some are free.
                tracing::warn!(%error, "a console could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!("more than {CONNECTIONS} consoles; one was turned away");
            continue;
        };
        let (parts, groups, stop, calls) = (Arc::clone(&parts), Arc::clone(&groups), stop.clone(), tasks.clone());
        tasks.spawn(async move {
            if let Err(error) = serve_one(stream, parts, groups, stop, calls).await {
                tracing::debug!(%error, "a console went");
            }
            drop(place);
        });
    }
    tasks.close();
    tasks.wait().await;
}

async fn serve_one(
    mut stream: UnixStream,
    parts: Arc<RpcParts>,
    groups: Arc<Groups>,
    stop: CancellationToken,
    calls: TaskTracker,
) -> io::Result<()> {
    let credentials = stream.peer_cred()?;
    let mut theirs = [0; PREFACE.len()];
    tokio::time::timeout(GREETING_TIMEOUT, stream.read_exact(&mut theirs)).await??;
    stream.write_all(&PREFACE).await?;
    // The other end sees our number and says what to update.
    if theirs != PREFACE {
        return Ok(());
    }
    // NSS may read files or ask the network.
    let known = Arc::clone(&groups);
    let caller =
        tokio::task::spawn_blocking(move || Caller::of(&credentials, &known)).await.map_err(io::Error::other)?;
    let service = Service { parts, caller: Arc::new(caller), groups, stop: stop.clone() };
    let frames = LengthDelimitedCodec::builder().max_frame_length(MAX_FRAME).new_framed(stream);
    let transport = tarpc::serde_transport::new(frames, Postcard::default());
    let channel = BaseChannel::with_defaults(transport).max_concurrent_requests(CALLS_PER_CONNECTION);
    let served = channel.execute(service.serve()).for_each(|call| {
        drop(calls.spawn(call));
        std::future::ready(())
    });
    tokio::select! {
        () = served => {}
        () = async { stop.cancelled().await; tokio::time::sleep(LAST_ANSWERS).await } => {}
    }
    Ok(())
}
