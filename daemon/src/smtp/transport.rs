//! The stream as lettre sees it: greeting and EHLO appear to happen once more, though both are long done.
//!
//! lettre's connection begins with reading a greeting and sending EHLO. Ours is past that, past STARTTLS and AUTH
//! even. So the stream first yields a greeting and the EHLO reply that was read before, and swallows lettre's EHLO.

use crate::net::MailStream;
use lettre::transport::smtp::client::AsyncTokioStream;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

#[derive(Debug)]
pub(super) struct Transport {
    stream: MailStream,
    preface: Vec<u8>,
    preface_read: usize,
    swallows_ehlo: bool,
}

impl Transport {
    pub(super) fn new(stream: MailStream) -> Self {
        let preface = b"220 ready\r\n250 ready\r\n".to_vec();
        Self { stream, preface, preface_read: 0, swallows_ehlo: true }
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
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
