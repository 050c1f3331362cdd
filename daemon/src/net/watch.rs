//! Looking on while a connection is made and used: a check reports each stage of the very code that does the work.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

/// What was just seen.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    Resolved(&'a [SocketAddr]),
    Connected(SocketAddr),
    /// The server's own certificate (DER), before it is judged.
    Certificate(&'a [u8]),
    /// TLS is on.
    Encrypted {
        protocol: &'a str,
        cipher: &'a str,
    },
    Greeted(&'a str),
    /// What the server offers: EHLO keywords with their values, or capabilities.
    Offered(&'a [String]),
    LoggedIn {
        mechanism: &'a str,
        words: &'a str,
    },
    /// MAIL, RCPT or the mail itself was accepted.
    Accepted(maildesk_core::diagnosis::Step, &'a str),
    /// A line of ours, without secrets.
    Said(&'a str),
    /// A line of the server's.
    Heard(&'a str),
}

/// Somebody who looks on.
pub trait Onlooker: Send + Sync {
    fn see(&self, seen: Seen<'_>);
}

/// Nobody, or somebody who looks on. Real work has nobody and pays nothing.
#[derive(Clone, Default)]
pub struct Observer(Option<Arc<dyn Onlooker>>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_there() { "Observer(somebody)" } else { "Observer(nobody)" })
    }
}

impl Observer {
    pub fn new(onlooker: Arc<dyn Onlooker>) -> Self {
        Self(Some(onlooker))
    }

    pub fn is_there(&self) -> bool {
        self.0.is_some()
    }

    pub fn see(&self, seen: Seen<'_>) {
        if let Some(onlooker) = &self.0 {
            onlooker.see(seen);
        }
    }
}
