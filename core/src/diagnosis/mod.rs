//! What a fault of a connection means and what to try: pure mapping from kind and server words to advice.
//!
//! The daemon says where it was ([`Step`]) and what it saw ([`FaultKind`], the server's words); this module finds
//! sentences for the person who has to set it right. It knows no sockets and no library's error types.

mod advice;
pub mod server_words;
pub mod token;

use crate::settings::connection::{Encryption, ServerAddress};
use crate::text::{clean_line, shorten};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest piece of a server's own words that is kept, in characters.
pub const SERVER_WORDS_MAX: usize = 300;

/// The protocol that was spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protocol {
    Imap,
    Smtp,
}

/// How far a connection had come when it failed, in the order of its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Reading the settings: CA file, host name.
    Settings,
    /// Name to addresses.
    Resolve,
    /// TCP.
    Connect,
    /// The TLS handshake, from the first byte or after STARTTLS.
    Tls,
    /// The server's first words and what it offers.
    Greeting,
    /// The STARTTLS command itself.
    Starttls,
    Login,
    /// LIST or SELECT.
    Folder,
    Search,
    Fetch,
    /// STORE.
    Flag,
    Idle,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA and the mail itself.
    Content,
    /// NOOP, LOGOUT, QUIT, RSET.
    Upkeep,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaultKind {
    /// The host name has no address.
    DnsNotFound,
    /// The name servers did not answer.
    DnsUnavailable,
    /// Nothing listens on the port.
    Refused,
    TimedOut,
    /// No route to the host or network.
    Unreachable,
    /// STARTTLS is wanted and not offered.
    TlsNotOffered,
    /// We spoke TLS from the first byte, the server answers in plain text.
    TlsOnPlainPort,
    /// We waited for a plain greeting, the server waits for TLS.
    PlainOnTlsPort,
    /// No common version or cipher, or the server broke the handshake off.
    TlsHandshake,
    /// The certificate is signed by nobody we trust.
    UnknownIssuer {
        /// Its SHA-256, where it was seen.
        sha256: Option<String>,
    },
    /// The certificate is signed by itself alone, and not one we were told to trust.
    SelfSigned {
        /// Its SHA-256.
        sha256: String,
    },
    /// Another certificate than the pinned one.
    OtherCertificate {
        /// Its SHA-256.
        sha256: String,
    },
    CertificateExpired,
    CertificateNotYetValid,
    /// It is still valid, for whole days.
    CertificateEndsSoon {
        days: i64,
    },
    /// The certificate is for other names.
    WrongName {
        expected: String,
        presented: Vec<String>,
    },
    /// A self-signed certificate that says it is an authority, used for the server itself.
    CaUsedAsEndEntity {
        /// Its SHA-256, where it was seen.
        sha256: Option<String>,
    },
    /// Any other fault of the certificate.
    CertificateInvalid {
        reason: String,
    },
    /// The CA file of the settings cannot be used.
    CaFileUnusable {
        path: String,
        reason: String,
    },
    /// The host in the settings is neither a name nor an address.
    HostInvalid,
    AuthenticationRejected,
    /// The account wants an app password in place of the usual one.
    AppPasswordNeeded,
    /// The provider has switched passwords off for this protocol (Microsoft 365).
    BasicAuthenticationOff,
    /// The account may not use this protocol (an administrator or its owner has switched it off).
    ProtocolSwitchedOff,
    /// The server takes mail only after a login and none is configured.
    AuthenticationRequired,
    /// The server offers no way to log in that we speak.
    AuthenticationNotOffered,
    /// LOGINDISABLED: no login on this connection, usually for want of encryption.
    LoginDisabled,
    /// User name or password hold characters that cannot be sent.
    CredentialsUnsendable,
    FolderNotFound,
    /// The folder cannot be written: mails could not be marked as read.
    FolderReadOnly,
    /// Plain text is wanted and the server is not on this machine.
    PlainNotLoopback,
    /// Another protocol answers on this port.
    NotThisProtocol,
    /// The server said BYE or 421 and closed.
    ServerBye,
    ConnectionLost,
    /// Too many connections, or too many commands in a time.
    Throttled,
    /// The server is out of order for now, by its own words.
    ServerUnavailable,
    /// A mailbox over its quota.
    OverQuota,
    RecipientRefused,
    RelayDenied,
    SenderRefused,
    /// The mail is larger than the server takes.
    TooLarge,
    /// "Try again later" by policy.
    Greylisted,
    /// The content was refused by policy (spam, virus, DMARC).
    PolicyRefused,
    /// The server answered NO, BAD or 5xx for a reason of its own.
    CommandRefused,
    /// An answer larger than we accept.
    AnswerTooLarge,
    /// An answer that breaks the protocol.
    AnswerUnreadable,
    /// A mail address that cannot be sent to this server (needs SMTPUTF8, or is no address).
    AddressUnsendable,
    Other {
        reason: String,
    },
    /// An access token was refused.
    TokenRejected {
        /// What the server's answer says, such as `401` or `invalid_token`.
        status: Option<String>,
        /// The scope that the token has to have.
        scope: Option<String>,
    },
    /// The server takes no access tokens.
    TokensNotOffered,
}

/// A fault with its circumstances: what the network layers return inside their errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub protocol: Protocol,
    pub server: ServerAddress,
    pub step: Step,
    pub kind: FaultKind,
    /// The server's own words, cleaned and shortened (see [`server_said`]).
    pub server_said: Option<String>,
}

/// A fault explained: what the console shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    pub kind: FaultKind,
    pub step: Step,
    /// The server's own words, cleaned and shortened.
    pub server_said: Option<String>,
    /// What happened, one sentence.
    pub meaning: String,
    /// What to try, one or two sentences.
    pub remedy: String,
}

impl Diagnosis {
    /// Of a fault that is no server's: a secret that cannot be had, a store without room.
    pub fn of_our_own(step: Step, meaning: impl Into<String>, remedy: impl Into<String>) -> Self {
        let meaning = meaning.into();
        let kind = FaultKind::Other { reason: meaning.clone() };
        Self { kind, step, server_said: None, meaning, remedy: remedy.into() }
    }
}

impl Fault {
    /// The fault explained.
    pub fn diagnosis(&self) -> Diagnosis {
        let advice = advice::advise(self);
        Diagnosis {
            kind: self.kind.clone(),
            step: self.step,
            server_said: self.server_said.clone(),
            meaning: advice.meaning,
            remedy: advice.remedy,
        }
    }

    /// True where the same attempt may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        self.kind.is_transient()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            Protocol::Imap => "IMAP",
            Protocol::Smtp => "SMTP",
        };
        write!(f, "{protocol} {}:{}: {}", self.server.host, self.server.port, advice::advise(self).meaning)?;
        match &self.server_said {
            Some(words) => write!(f, " (the server said: {words})"),
            None => Ok(()),
        }
    }
}

impl FaultKind {
    /// True where the same attempt may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::DnsUnavailable
                | Self::Refused
                | Self::TimedOut
                | Self::Unreachable
                | Self::ServerBye
                | Self::ConnectionLost
                | Self::Throttled
                | Self::ServerUnavailable
                | Self::Greylisted
        )
    }
}

/// A server's words made fit to be kept and shown: one clean line of bounded length; nothing if nothing is left.
pub fn server_said(words: &str) -> Option<String> {
    let line = shorten(&clean_line(words), SERVER_WORDS_MAX);
    (!line.is_empty()).then_some(line)
}

/// True where this encryption has TLS from the first byte.
fn speaks_tls_first(server: &ServerAddress) -> bool {
    server.encryption == Encryption::Tls
}

#[cfg(test)]
mod tests;
