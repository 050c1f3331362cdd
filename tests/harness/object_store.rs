//! A real S3 server (s3s-fs over a folder, signatures checked) in this process, with faults on demand.
//!
//! It runs on a thread and a runtime of its own, so that stopping it cuts every connection at once, as the death
//! of a server does.

use crate::certificates::{CertificateFiles, Certificates};
use crate::scratch::Scratch;
use anyhow::{Context, Result};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use s3s::access::{S3Access, S3AccessContext};
use s3s::service::{S3Service, S3ServiceBuilder};
use std::fs;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context as TaskContext, Poll};
use std::thread::JoinHandle;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

pub const REGION: &str = "us-east-1";
pub const BUCKET: &str = "attachments";
pub const ACCESS_KEY: &str = "maildesk-access";
pub const SECRET_KEY: &str = "maildesk-secret";

/// What is wrong with the server just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    None,
    /// Every request is answered 503 SlowDown.
    Unavailable,
    /// Connections stay open, requests are never answered.
    Hang,
    /// Connections break at the next byte.
    Drop,
}

/// The server; dropping it stops it. What it holds stays in the scratch directory.
pub struct ObjectStore {
    folder: PathBuf,
    endpoint: String,
    port: u16,
    tls: Option<CertificateFiles>,
    state: Arc<State>,
    running: Option<Running>,
}

#[derive(Default)]
struct State {
    fault: AtomicU8,
    requests: AtomicU64,
}

struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl ObjectStore {
    /// With an empty bucket `attachments`; over TLS when certificate files are given.
    pub async fn start(scratch: &Scratch, tls: Option<CertificateFiles>) -> Result<Self> {
        let folder = scratch.dir("s3")?;
        fs::create_dir_all(folder.join(BUCKET))?;
        let port = scratch.port("s3")?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let endpoint = format!("{scheme}://127.0.0.1:{port}");
        let mut store = Self { folder, endpoint, port, tls, state: Arc::default(), running: None };
        store.start_again().await?;
        Ok(store)
    }

    /// `http://127.0.0.1:PORT` or `https://...`; path style.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Switches a fault on or off, for open connections too.
    pub fn set_fault(&self, fault: Fault) {
        self.state.fault.store(fault as u8, Ordering::SeqCst);
    }

    /// How many requests came through to the server, refused ones included.
    pub fn requests(&self) -> u64 {
        self.state.requests.load(Ordering::SeqCst)
    }

    /// The bytes of an object, read from the disk; None when there is none.
    pub fn object(&self, key: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(BUCKET).join(key)).ok()
    }

    /// Keys of every object.
    pub fn keys(&self) -> Vec<String> {
        let bucket = self.folder.join(BUCKET);
        let mut keys = Vec::new();
        let mut folders = vec![bucket.clone()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
                match path.strip_prefix(&bucket) {
                    _ if path.is_dir() => folders.push(path),
                    // s3s-fs keeps its own notes and unfinished uploads in hidden files.
                    Ok(key) if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) => {
                        keys.push(key.to_string_lossy().into_owned());
                    }
                    _ => {}
                }
            }
        }
        keys.sort();
        keys
    }

    /// Cuts every connection and closes the port.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop.send(()).ok();
            running.thread.join().ok();
        }
    }

    /// Starts it on the same port and folder; nothing happens when it runs.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let files = s3s_fs::FileSystem::new(&self.folder).map_err(|error| anyhow::anyhow!("s3s-fs: {error:?}"))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(s3s::auth::SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        builder.set_access(Access(self.state.clone()));
        let service = builder.build();
        let tls = self.tls.as_ref().map(Certificates::server_config).transpose()?.map(TlsAcceptor::from);
        let (state, port) = (self.state.clone(), self.port);
        let (stop, stopped) = oneshot::channel();
        let (ready, up) = oneshot::channel();
        let thread = std::thread::Builder::new().name("s3".into()).spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async move {
                let listener = TcpListener::bind(("127.0.0.1", port)).await;
                let (listener, outcome) = match listener {
                    Ok(listener) => (Some(listener), Ok(())),
                    Err(error) => (None, Err(error)),
                };
                ready.send(outcome).ok();
                if let Some(listener) = listener {
                    tokio::select! {
                        () = accept(listener, tls, service, state) => {}
                        _ = stopped => {}
                    }
                }
            });
            // Connections are tasks of this runtime: they end with it.
            runtime.shutdown_background();
        })?;
        up.await?.with_context(|| format!("S3 server on port {port}"))?;
        self.running = Some(Running { stop, thread });
        Ok(())
    }
}

impl Drop for ObjectStore {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, service: S3Service, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, service, state) = (tls.clone(), service.clone(), state.clone());
        tokio::spawn(async move {
            let stream = FaultyStream { stream, state };
            let server = auto::Builder::new(TokioExecutor::new());
            // A connection's error is its client's to notice.
            match tls {
                Some(tls) => {
                    let Ok(stream) = tls.accept(stream).await else { return };
                    server.serve_connection(TokioIo::new(stream), service).await.ok();
                }
                None => {
                    server.serve_connection(TokioIo::new(stream), service).await.ok();
                }
            }
        });
    }
}

/// Counts requests, answers 503 where that is asked for, and refuses who did not sign.
struct Access(Arc<State>);

impl S3Access for Access {
    fn check<'life0, 'life1, 'life2, 'async_trait>(
        &'life0 self,
        request: &'life1 mut S3AccessContext<'life2>,
    ) -> Pin<Box<dyn Future<Output = s3s::S3Result<()>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        'life2: 'async_trait,
        Self: 'async_trait,
    {
        self.0.requests.fetch_add(1, Ordering::SeqCst);
        let unavailable = self.0.fault.load(Ordering::SeqCst) == Fault::Unavailable as u8;
        let signed = request.credentials().is_some();
        Box::pin(async move {
            match (unavailable, signed) {
                (true, _) => Err(s3s::s3_error!(SlowDown, "asked to by the test")),
                (false, false) => Err(s3s::s3_error!(AccessDenied, "the request is not signed")),
                (false, true) => Ok(()),
            }
        })
    }
}

/// The client's bytes, until a fault is switched on.
struct FaultyStream {
    stream: TcpStream,
    state: Arc<State>,
}

impl AsyncRead for FaultyStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.state.fault.load(Ordering::SeqCst) {
            fault if fault == Fault::Hang as u8 => Poll::Pending,
            fault if fault == Fault::Drop as u8 => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            _ => Pin::new(&mut self.stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for FaultyStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
