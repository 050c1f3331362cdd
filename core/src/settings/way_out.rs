//! The ways by which a sender's mail leaves.

use super::Login;
use super::connection::ServerAddress;
use crate::check::port::encryption_word;
use std::path::PathBuf;

/// The program that hands mail to this machine's mail server, with its flag that a lone dot ends no mail.
pub(super) const SENDMAIL: [&str; 2] = ["/usr/sbin/sendmail", "-i"];

/// How mail leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayOut {
    Smtp(Box<SmtpServer>),
    /// A program that takes a mail on its standard input: this command with `-f FROM -- TO` behind it.
    Sendmail {
        command: Vec<String>,
    },
    /// A folder that takes one file for each mail.
    Folder {
        path: PathBuf,
    },
}

/// An SMTP server and how we use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpServer {
    pub server: ServerAddress,
    /// Absent: the server takes mail without authentication.
    pub login: Option<Login>,
    /// Name given in EHLO; absent: the From address's domain.
    pub ehlo_name: Option<String>,
    /// Connections kept to this server at the most.
    pub connections: u8,
}

impl WayOut {
    pub fn smtp(&self) -> Option<&SmtpServer> {
        match self {
            Self::Smtp(smtp) => Some(smtp),
            Self::Sendmail { .. } | Self::Folder { .. } => None,
        }
    }

    pub fn smtp_mut(&mut self) -> Option<&mut SmtpServer> {
        match self {
            Self::Smtp(smtp) => Some(smtp),
            Self::Sendmail { .. } | Self::Folder { .. } => None,
        }
    }

    /// As it is written in settings.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Smtp(_) => "smtp",
            Self::Sendmail { .. } => "sendmail",
            Self::Folder { .. } => "folder",
        }
    }

    /// Where mail goes, for people: host, port and encryption, or the program, or the folder.
    pub fn place(&self) -> String {
        match self {
            Self::Smtp(smtp) => {
                let server = &smtp.server;
                format!("{}:{} ({})", server.host, server.port, encryption_word(server.encryption))
            }
            Self::Sendmail { command } => command.first().cloned().unwrap_or_default(),
            Self::Folder { path } => format!("folder {}", path.display()),
        }
    }

    /// Mails that may be under way at once.
    pub fn at_once(&self) -> usize {
        match self {
            Self::Smtp(smtp) => usize::from(smtp.connections),
            Self::Sendmail { .. } => 2,
            Self::Folder { .. } => 1,
        }
    }
}
