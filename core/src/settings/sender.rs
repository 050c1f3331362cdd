//! One outbound identity as a document has it: flat, with the fields of its way out beside its own.

use super::connection::ServerAddress;
use super::way_out::{SENDMAIL, SmtpServer, WayOut};
use super::{Dkim, FieldProblem, Login, SenderName, SentCopy};
use crate::address::{Address, Domain};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One outbound identity: From address and the way by which its mail leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SenderFields", into = "SenderFields")]
pub struct Sender {
    pub name: SenderName,
    /// Envelope sender and From.
    pub from: Address,
    /// Display name beside the From address, in any script.
    pub display_name: Option<String>,
    pub reply_to: Option<Address>,
    /// Whether Reply-To carries the reply token as a plus address, for programs that drop In-Reply-To. The server
    /// must deliver such addresses.
    pub plus_address: bool,
    /// The Sender header (RFC 5322 §3.6.2): who sends for the From address; absent: no such header.
    pub sender_header: Option<Address>,
    /// How mail is signed; absent: it is not signed here.
    pub dkim: Option<Dkim>,
    /// Where a copy of each sent mail goes; absent: nowhere.
    pub sent_copy: Option<SentCopy>,
    /// Mails in any minute at the most; 0: no limit.
    pub per_minute: u32,
    /// Mails in any hour at the most; 0: no limit.
    pub per_hour: u32,
    pub way: WayOut,
}

/// The word of a way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Transport {
    #[default]
    Smtp,
    Sendmail,
    Folder,
}

/// [`Sender`] as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SenderFields {
    name: SenderName,
    from: Address,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    reply_to: Option<Address>,
    #[serde(default)]
    plus_address: bool,
    #[serde(default)]
    sender_header: Option<Address>,
    #[serde(default)]
    per_minute: u32,
    #[serde(default)]
    per_hour: u32,
    #[serde(default)]
    transport: Transport,
    // smtp
    #[serde(default)]
    ehlo_name: Option<String>,
    #[serde(default)]
    connections: Option<u8>,
    #[serde(default)]
    server: Option<ServerAddress>,
    #[serde(default)]
    login: Option<Login>,
    // sendmail
    #[serde(default)]
    command: Option<Vec<String>>,
    // folder
    #[serde(default)]
    path: Option<PathBuf>,
    #[serde(default)]
    dkim: Option<Dkim>,
    #[serde(default)]
    sent_copy: Option<SentCopy>,
}

const CONNECTIONS: u8 = 4;

impl From<Sender> for SenderFields {
    fn from(sender: Sender) -> Self {
        let Sender { name, from, display_name, reply_to, plus_address, sender_header, dkim, .. } = sender;
        let Sender { sent_copy, per_minute, per_hour, way, .. } = sender;
        let mut fields = Self {
            name,
            from,
            display_name,
            reply_to,
            plus_address,
            sender_header,
            per_minute,
            per_hour,
            transport: Transport::Smtp,
            ehlo_name: None,
            connections: None,
            server: None,
            login: None,
            command: None,
            path: None,
            dkim,
            sent_copy,
        };
        match way {
            WayOut::Smtp(smtp) => {
                let SmtpServer { server, login, ehlo_name, connections } = *smtp;
                fields = Self { ehlo_name, connections: Some(connections), server: Some(server), login, ..fields };
            }
            WayOut::Sendmail { command } => {
                fields = Self { transport: Transport::Sendmail, command: Some(command), ..fields };
            }
            WayOut::Folder { path } => fields = Self { transport: Transport::Folder, path: Some(path), ..fields },
        }
        fields
    }
}

impl TryFrom<SenderFields> for Sender {
    type Error = String;

    /// The error names every field that is missing or belongs to another way out.
    fn try_from(fields: SenderFields) -> Result<Self, String> {
        let SenderFields { name, from, display_name, reply_to, plus_address, sender_header, dkim, .. } = fields;
        let SenderFields { per_minute, per_hour, .. } = fields;
        let SenderFields { transport, ehlo_name, connections, server, login, command, path, sent_copy, .. } = fields;
        let smtp = [
            ("server", server.is_some()),
            ("login", login.is_some()),
            ("ehlo_name", ehlo_name.is_some()),
            ("connections", connections.is_some()),
        ];
        let (sendmail, folder) = ([("command", command.is_some())], [("path", path.is_some())]);
        let (word, others) = match transport {
            Transport::Smtp => ("smtp", [&sendmail[..], &folder].concat()),
            Transport::Sendmail => ("sendmail", [&smtp[..], &folder].concat()),
            Transport::Folder => ("folder", [&smtp[..], &sendmail].concat()),
        };
        let strange: Vec<&str> = others.into_iter().filter(|(_, given)| *given).map(|(field, _)| field).collect();
        let mut problems = Vec::new();
        if !strange.is_empty() {
            problems.push(format!("{}: not a field of transport \"{word}\"", strange.join(", ")));
        }
        let mut missing = |field: &str| problems.push(format!("{field}: is missing; transport \"{word}\" needs it"));
        let way = match (transport, server, path) {
            (Transport::Smtp, Some(server), _) => {
                let connections = connections.unwrap_or(CONNECTIONS);
                Some(WayOut::Smtp(Box::new(SmtpServer { server, login, ehlo_name, connections })))
            }
            (Transport::Sendmail, ..) => {
                let usual = || SENDMAIL.map(str::to_owned).to_vec();
                Some(WayOut::Sendmail { command: command.unwrap_or_else(usual) })
            }
            (Transport::Folder, _, Some(path)) => Some(WayOut::Folder { path }),
            (Transport::Smtp, None, _) => {
                missing("server");
                None
            }
            (Transport::Folder, _, None) => {
                missing("path");
                None
            }
        };
        match way {
            Some(way) if problems.is_empty() => Ok(Self {
                name,
                from,
                display_name,
                reply_to,
                plus_address,
                sender_header,
                dkim,
                sent_copy,
                per_minute,
                per_hour,
                way,
            }),
            _ => Err(problems.join("; ")),
        }
    }
}

pub(super) fn validate(sender: &Sender, found: &mut Vec<FieldProblem>) {
    let name = sender.name.as_str();
    let at = |field: &str| format!("sender \"{name}\": {field}");
    match &sender.way {
        WayOut::Smtp(smtp) => {
            super::validate::server(&smtp.server, "sender", name, found);
            if let Some(entered) = &smtp.login {
                super::login::validate(entered, "sender", name, found);
            }
            if !(1..=32).contains(&smtp.connections) {
                found.push(FieldProblem::new(at("connections"), "is out of range", "use 1 to 32"));
            }
            if smtp.ehlo_name.as_ref().is_some_and(|name| Domain::parse(name).is_err()) {
                let remedy = "use a name such as mail.example.org";
                found.push(FieldProblem::new(at("ehlo_name"), "is not a host name", remedy));
            }
        }
        WayOut::Sendmail { command } => super::login::command(command, at("command"), found),
        WayOut::Folder { path } if !path.is_absolute() => {
            found.push(FieldProblem::new(at("path"), "is not an absolute path", "write it from / on"));
        }
        WayOut::Folder { .. } => {}
    }
    if let Some(dkim) = &sender.dkim {
        super::dkim::validate(dkim, name, found);
    }
    for (field, limit) in [("per_minute", sender.per_minute), ("per_hour", sender.per_hour)] {
        if limit > 100_000 {
            found.push(FieldProblem::new(at(field), "is out of range", "use 1 to 100000, or 0 for no limit"));
        }
    }
}
