//! The socket itself: made, guarded, served.

use super::access::{Caller, Groups};
use super::parts::RpcParts;
use super::visitor::Service;
use futures::StreamExt;
use maildesk_core::rpc::{Access, Desk, MAX_FRAME, PREFACE, Postcard};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tarpc::server::{BaseChannel, Channel};
use tarpc::tokio_util::codec::LengthDelimitedCodec;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Consoles at the same time at the most.
const CONNECTIONS: usize = 64;
/// Those whose caller may nothing, beside them: nobody who may nothing can take the place of one who may.
const STRANGERS: usize = 8;
/// Bytes of one call of a caller who may nothing; all it gets is the refusal.
const STRANGERS_FRAME: usize = 64 << 10;
/// Connections at the same time of which it is not known yet who calls.
const ARRIVING: usize = 64;
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

/// Places for connections.
struct Places {
    arriving: Arc<Semaphore>,
    consoles: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Places {
    /// The place of a caller, and the bytes of one call.
    fn take(&self, access: Option<Access>) -> Option<(OwnedSemaphorePermit, usize)> {
        let (places, frame) = match access {
            Some(_) => (&self.consoles, MAX_FRAME),
            None => (&self.strangers, STRANGERS_FRAME),
        };
        let place = Arc::clone(places).try_acquire_owned().ok()?;
        Some((place, frame))
    }
}

/// What all connections share.
struct Host {
    parts: Arc<RpcParts>,
    groups: Arc<Groups>,
    places: Places,
    stop: CancellationToken,
    calls: TaskTracker,
}

/// Serves consoles until stopped, then lets answers under way finish.
pub async fn serve(listener: UnixListener, parts: Arc<RpcParts>, groups: Groups, stop: CancellationToken) {
    let room = |places: usize| Arc::new(Semaphore::new(places));
    let places = Places { arriving: room(ARRIVING), consoles: room(CONNECTIONS), strangers: room(STRANGERS) };
    let (tasks, groups) = (TaskTracker::new(), Arc::new(groups));
    let host = Arc::new(Host { parts, groups, places, stop: stop.clone(), calls: tasks.clone() });
    while let Some((stream, arriving)) = next(&listener, &host, &stop).await {
        let host = Arc::clone(&host);
        tasks.spawn(async move {
            if let Err(error) = serve_one(stream, arriving, &host).await {
                tracing::debug!(%error, "a console went");
            }
        });
    }
    tasks.close();
    tasks.wait().await;
}

/// The next connection; `None` once stopped.
async fn next(
    listener: &UnixListener,
    host: &Host,
    stop: &CancellationToken,
) -> Option<(UnixStream, OwnedSemaphorePermit)> {
    loop {
        let accepted = async {
            let arriving = Arc::clone(&host.places.arriving).acquire_owned().await.map_err(io::Error::other)?;
            listener.accept().await.map(|(stream, _)| (stream, arriving))
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => return None,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok(connection) => return Some(connection),
            Err(error) => {
                // Out of descriptors: a moment later some are free.
                tracing::warn!(%error, "a console could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn serve_one(mut stream: UnixStream, arriving: OwnedSemaphorePermit, host: &Host) -> io::Result<()> {
    let credentials = stream.peer_cred()?;
    // NSS may read files or ask the network.
    let groups = Arc::clone(&host.groups);
    let known = tokio::task::spawn_blocking(move || Caller::of(&credentials, &groups));
    let caller = known.await.map_err(io::Error::other)?;
    let Some((_place, frame)) = host.places.take(caller.access) else {
        tracing::warn!(user = caller.user, "too many consoles; one was turned away");
        return Ok(());
    };
    drop(arriving);
    let mut theirs = [0; PREFACE.len()];
    tokio::time::timeout(GREETING_TIMEOUT, stream.read_exact(&mut theirs)).await??;
    stream.write_all(&PREFACE).await?;
    // The other end sees our number and says what to update.
    if theirs != PREFACE {
        return Ok(());
    }
    let (parts, groups, stop) = (Arc::clone(&host.parts), Arc::clone(&host.groups), host.stop.clone());
    let service = Service { parts, caller: Arc::new(caller), groups, stop: stop.clone() };
    let frames = LengthDelimitedCodec::builder().max_frame_length(frame).new_framed(stream);
    let transport = tarpc::serde_transport::new(frames, Postcard::default());
    let channel = BaseChannel::with_defaults(transport).max_concurrent_requests(CALLS_PER_CONNECTION);
    let served = channel.execute(service.serve()).for_each(|call| {
        drop(host.calls.spawn(call));
        std::future::ready(())
    });
    tokio::select! {
        () = served => {}
        () = async { stop.cancelled().await; tokio::time::sleep(LAST_ANSWERS).await } => {}
    }
    Ok(())
}
