//! The stream as lettre sees it: greeting and EHLO appear to happen once more, though both are long done.
//!
//! lettre's connection begins with reading a greeting and sending EHLO. Ours is past that, past STARTTLS and AUTH
//! even. So the stream first yields a greeting and the EHLO reply that was read before, and swallows lettre's EHLO.
//!
//! lettre writes a mail's final dot by itself. Here it goes together with the end of the mail: a server is woken once.

use crate::net::MailStream;
use lettre::transport::smtp::client::AsyncTokioStream;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Ends a mail (RFC 5321 §4.1.1.4).
const FINAL_DOT: &[u8] = b"\r\n.\r\n";
/// Bytes of a mail held back for its end at the most.
const HELD_AT_MOST: usize = 64 * 1024;

/// Says whether what lettre writes is a mail's content.
#[derive(Debug, Clone, Default)]
pub(super) struct ContentSwitch(Arc<AtomicBool>);

impl ContentSwitch {
    pub(super) fn set(&self, content: bool) {
        self.0.store(content, Ordering::Relaxed);
    }

    fn is_content(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
pub(super) struct Transport {
    stream: MailStream,
    switch: ContentSwitch,
    /// Content that is still to be written.
    held: Vec<u8>,
    preface: Vec<u8>,
    preface_read: usize,
    swallows_ehlo: bool,
}

impl Transport {
    pub(super) fn new(stream: MailStream, switch: ContentSwitch) -> Self {
        let preface = b"220 ready\r\n250 ready\r\n".to_vec();
        Self { stream, switch, held: Vec::new(), preface, preface_read: 0, swallows_ehlo: true }
    }

    fn poll_held(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.held.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.held))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.held.drain(..written);
        }
        Poll::Ready(Ok(()))
    }

    /// More of the mail is to come, in a moment.
    fn waits_for_more(&self) -> bool {
        self.switch.is_content() && self.held.len() < HELD_AT_MOST && !self.held.ends_with(FINAL_DOT)
    }
}

impl AsyncTokioStream for Transport {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.stream.peer())
    }
}

impl AsyncRead for Transport {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let rest = this.preface.get(this.preface_read..).unwrap_or_default();
        if !rest.is_empty() {
            let (now, _later) = rest.split_at(rest.len().min(buffer.remaining()));
            buffer.put_slice(now);
            this.preface_read += now.len();
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut this.stream).poll_read(context, buffer);
        // lettre reads replies as UTF-8 and takes any other byte for a broken connection, also in the answer to a
        // mail that was just accepted. The words matter less than the code.
        for byte in buffer.filled_mut().get_mut(before..).unwrap_or_default() {
            if !byte.is_ascii() {
                *byte = b'?';
            }
        }
        outcome
    }
}

impl AsyncWrite for Transport {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.swallows_ehlo {
            // lettre hands over a command as one slice.
            self.swallows_ehlo = !bytes.ends_with(b"\n");
            return Poll::Ready(Ok(bytes.len()));
        }
        if !self.switch.is_content() {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        if self.held.len() >= HELD_AT_MOST {
            ready!(self.poll_held(context))?;
        }
        self.held.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.waits_for_more() {
            return Poll::Ready(Ok(()));
        }
        ready!(self.poll_held(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
