//! The other usual port of a protocol, to try where the one in the settings does not answer.

use crate::diagnosis::Protocol;
use crate::settings::connection::{Encryption, ServerAddress};

/// The server at the port that most often works instead, with the encryption that belongs to it.
pub fn other_usual(protocol: Protocol, server: &ServerAddress) -> ServerAddress {
    let (tls, starttls) = match protocol {
        Protocol::Imap => (993, 143),
        Protocol::Smtp => (465, 587),
    };
    let speaks_tls_first = server.port == tls || (server.port != starttls && server.encryption == Encryption::Tls);
    let (port, encryption) = if speaks_tls_first { (starttls, Encryption::Starttls) } else { (tls, Encryption::Tls) };
    ServerAddress { port, encryption, ..server.clone() }
}

/// The encryption as it is written in settings.
pub fn encryption_word(encryption: Encryption) -> &'static str {
    match encryption {
        Encryption::Tls => "tls",
        Encryption::Starttls => "starttls",
        Encryption::Plain => "plain",
    }
}
