//! The sentences: meaning and remedy of each fault, in words for an administrator.

use super::{Fault, FaultKind, Protocol, Step, speaks_tls_first};
use crate::settings::connection::Encryption;

pub(super) struct Advice {
    pub(super) meaning: String,
    pub(super) remedy: String,
}

fn advice(meaning: impl Into<String>, remedy: impl Into<String>) -> Advice {
    Advice { meaning: meaning.into(), remedy: remedy.into() }
}

/// Finds the sentences for a fault.
pub(super) fn advise(fault: &Fault) -> Advice {
    connection(fault)
        .or_else(|| encryption(fault))
        .or_else(|| certificate(fault))
        .or_else(|| login(fault))
        .or_else(|| mailbox(fault))
        .or_else(|| mail(fault))
        .unwrap_or_else(|| {
            let reason = match &fault.kind {
                FaultKind::Other { reason } => reason.as_str(),
                _ => "the server refused the command",
            };
            advice(format!("{} failed: {reason}", step_name(fault.step)), "Look at the server's log for the cause.")
        })
}

fn connection(fault: &Fault) -> Option<Advice> {
    let (host, port) = (&fault.server.host, fault.server.port);
    Some(match &fault.kind {
        FaultKind::DnsNotFound => {
            advice(format!("the name {host} does not exist"), "Check the spelling of the server's name.")
        }
        FaultKind::DnsUnavailable => advice(
            format!("the name {host} could not be looked up: no answer from the name servers"),
            "Check this machine's network and /etc/resolv.conf.",
        ),
        FaultKind::HostInvalid => advice(
            format!("{host:?} is neither a host name nor an address"),
            "Enter the server's name, such as imap.example.org, without a scheme or a port.",
        ),
        FaultKind::Refused => advice(
            format!("nothing listens on {host} port {port}"),
            format!("Check the port ({}) and that the server runs.", usual_ports(fault.protocol)),
        ),
        FaultKind::TimedOut if matches!(fault.step, Step::Connect) => advice(
            format!("{host} port {port} does not answer"),
            "A firewall may drop the packets; check the port and that this machine may reach it.",
        ),
        FaultKind::TimedOut if fault.step == Step::Greeting && !speaks_tls_first(&fault.server) => advice(
            format!("{host} port {port} takes the connection and says nothing"),
            "If this port speaks TLS from the first byte, set encryption to \"tls\"; else the server may be overloaded.",
        ),
        FaultKind::TimedOut => advice(
            format!("the server fell silent during {}", step_name(fault.step)),
            "The server may be overloaded; the attempt is repeated by itself.",
        ),
        FaultKind::Unreachable => advice(
            format!("there is no route to {host}"),
            "Check this machine's network; where the name has an IPv6 address, check that IPv6 works here.",
        ),
        FaultKind::ServerBye => {
            advice("the server closed the connection by itself", "Usually passing; the attempt is repeated by itself.")
        }
        FaultKind::ConnectionLost => advice(
            format!("the connection was lost during {}", step_name(fault.step)),
            "Usually passing; the attempt is repeated by itself.",
        ),
        FaultKind::Throttled => advice(
            "the server limits connections or commands and has had enough for now",
            "Wait; if it lasts, poll less often, send with fewer connections, or close other clients of this account.",
        ),
        FaultKind::ServerUnavailable => {
            advice("the server is out of order for now", "The attempt is repeated by itself.")
        }
        FaultKind::NotThisProtocol => advice(
            format!("another service than {} answers on port {port}", protocol_name(fault.protocol)),
            format!("Check the port: {}.", usual_ports(fault.protocol)),
        ),
        FaultKind::AnswerTooLarge => advice(
            "the server announced an answer larger than maildesk accepts",
            "A mail may be larger than the limit, or the server is faulty.",
        ),
        FaultKind::AnswerUnreadable => advice(
            format!("the server's answer during {} breaks the protocol", step_name(fault.step)),
            "Please report this with the name and version of the server.",
        ),
        _ => return None,
    })
}

fn encryption(fault: &Fault) -> Option<Advice> {
    let port = fault.server.port;
    Some(match &fault.kind {
        FaultKind::TlsNotOffered => advice(
            "the server offers no STARTTLS on this port",
            format!("Use encryption \"tls\" ({}).", tls_port(fault.protocol)),
        ),
        FaultKind::TlsOnPlainPort => advice(
            format!("port {port} speaks plain text at first, TLS was expected"),
            "Set encryption to \"starttls\" for this port, or use the port for TLS.",
        ),
        FaultKind::PlainOnTlsPort => advice(
            format!("port {port} seems to want TLS from the first byte"),
            "Set encryption to \"tls\" for this port.",
        ),
        FaultKind::TlsHandshake => advice(
            "no encrypted connection came about",
            if speaks_tls_first(&fault.server) {
                "The server may be too old for TLS 1.2, or this port may not speak TLS."
            } else {
                "The server may be too old for TLS 1.2, or its STARTTLS is broken."
            },
        ),
        FaultKind::PlainNotLoopback => advice(
            "an unencrypted connection is allowed only to this machine itself",
            "Set encryption to \"tls\" or \"starttls\".",
        ),
        _ => return None,
    })
}

fn certificate(fault: &Fault) -> Option<Advice> {
    let host = &fault.server.host;
    Some(match &fault.kind {
        FaultKind::UnknownIssuer { sha256 } => advice(
            format!("the certificate of {host} is signed by an authority that this machine does not know"),
            format!(
                "If it is your own authority, name its PEM file as CA file of this server; else the server may leave \
                 out an intermediate certificate.{}",
                pin_hint(sha256.as_deref())
            ),
        ),
        FaultKind::SelfSigned { sha256 } => advice(
            format!("the certificate of {host} is self-signed: nobody else vouches for it"),
            format!(
                "Check on the server that its fingerprint is this one, and set pin_sha256 = \"{sha256}\"; or name its \
                 PEM file as CA file of this server."
            ),
        ),
        FaultKind::OtherCertificate { sha256 } => advice(
            format!("{host} shows another certificate than the pinned one: SHA-256 {sha256}"),
            "If the server's certificate was renewed, check this fingerprint on the server and set pin_sha256 to it; \
             else somebody may stand between.",
        ),
        FaultKind::CertificateExpired => advice(
            format!("the certificate of {host} has expired"),
            "Renew it on the server; check this machine's clock.",
        ),
        FaultKind::CertificateEndsSoon { days } => advice(
            format!("the certificate of {host} ends in {days} days"),
            "Have it renewed before that day: mail stops when it has ended.",
        ),
        FaultKind::CertificateNotYetValid => {
            advice(format!("the certificate of {host} is not valid yet"), "Check this machine's clock.")
        }
        FaultKind::WrongName { expected, presented } => advice(
            if presented.is_empty() {
                format!("the certificate is not for {expected}")
            } else {
                format!("the certificate is for {}, not for {expected}", presented.join(", "))
            },
            "Enter the server by a name its certificate holds.",
        ),
        FaultKind::CaUsedAsEndEntity { sha256 } => advice(
            format!("the certificate of {host} is self-signed and says it is an authority"),
            format!(
                "Make an authority and a server certificate signed by it (two certificates), then name the \
                 authority's PEM file as CA file.{}",
                pin_hint(sha256.as_deref())
            ),
        ),
        FaultKind::CertificateInvalid { reason } => advice(
            format!("the certificate of {host} is not valid: {reason}"),
            "Have the server's certificate renewed.",
        ),
        FaultKind::CaFileUnusable { path, reason } => advice(
            format!("the CA file {path} cannot be used: {reason}"),
            "It must be a PEM file with certificates that the daemon's user may read.",
        ),
        _ => return None,
    })
}

fn pin_hint(sha256: Option<&str>) -> String {
    let hint = |sha256| {
        format!(" Or check on the server that its fingerprint is this one, and set pin_sha256 = \"{sha256}\".")
    };
    sha256.map(hint).unwrap_or_default()
}

fn login(fault: &Fault) -> Option<Advice> {
    let imap = fault.protocol == Protocol::Imap;
    Some(match &fault.kind {
        FaultKind::AuthenticationRejected => advice(
            "the server does not accept this user name and password",
            "Check both; many servers want the full mail address as user name. Where two-factor sign-in is on, an app \
             password is needed.",
        ),
        FaultKind::AppPasswordNeeded => advice(
            "the account wants an app password",
            "Make an app password (Google: https://myaccount.google.com/apppasswords, with 2-step verification on) and \
             enter it in place of the usual password.",
        ),
        FaultKind::BasicAuthenticationOff => advice(
            "the provider has switched sign-in by password off for this account",
            if imap {
                "Microsoft 365 takes no passwords for IMAP, it wants OAuth: set mechanism to \"xoauth2\" and let a command \
                 print access tokens (README, Microsoft 365)."
            } else {
                "In Microsoft 365 an administrator has to enable Authenticated SMTP for the mailbox (Exchange admin \
                 centre, mailbox, Manage email apps), or set mechanism to \"xoauth2\" and let a command print access tokens."
            },
        ),
        FaultKind::ProtocolSwitchedOff => advice(
            format!("{} is switched off for this account", protocol_name(fault.protocol)),
            "Switch it on in the settings of the mailbox (Gmail: Forwarding and POP/IMAP; Microsoft 365: Manage email \
             apps), or have its administrator do so.",
        ),
        FaultKind::AuthenticationRequired => {
            advice("the server takes mail only after a login", "Enter user name and password for this sender.")
        }
        FaultKind::AuthenticationNotOffered if fault.server.encryption == Encryption::Plain => advice(
            "the server offers no login on an unencrypted connection",
            "Set encryption to \"tls\" or \"starttls\".",
        ),
        FaultKind::AuthenticationNotOffered => advice(
            "the server offers no way to log in that maildesk speaks (PLAIN, LOGIN)",
            if imap {
                "Allow one of them on the server."
            } else {
                "Use the submission port (587 or 465), not port 25, or allow one of them on the server."
            },
        ),
        FaultKind::TokensNotOffered => advice(
            "the server takes no access tokens (it does not offer XOAUTH2)",
            "Set mechanism to \"auto\" and give a password, or allow XOAUTH2 on the server.",
        ),
        FaultKind::TokenRejected { status, scope } => {
            let status = status.as_ref().map(|status| format!(" (status {status})")).unwrap_or_default();
            let scope = match scope {
                Some(scope) => format!(" The server asks for the scope {scope}."),
                None => String::new(),
            };
            let hint = if imap { "IMAP.AccessAsUser.All" } else { "SMTP.Send" };
            advice(
                format!("the server does not accept this access token{status}"),
                format!(
                    "It may have expired (a command fetches a new one for each connection), belong to another user \
                     than the user name, or lack the scope (Microsoft 365: {hint}).{scope}"
                ),
            )
        }
        FaultKind::LoginDisabled => {
            advice("the server allows no login on this connection", "Set encryption to \"tls\" or \"starttls\".")
        }
        FaultKind::CredentialsUnsendable => advice(
            "user name or password hold line breaks or other characters that cannot be sent",
            "Enter them anew; a line break may have come along when they were pasted.",
        ),
        _ => return None,
    })
}

fn mailbox(fault: &Fault) -> Option<Advice> {
    Some(match &fault.kind {
        FaultKind::FolderNotFound => {
            advice("the server does not open this folder", "Choose one of the folders that the server lists.")
        }
        FaultKind::FolderReadOnly => advice(
            "the folder is read-only: mails cannot be marked as read",
            "Give the account write access to the folder.",
        ),
        FaultKind::OverQuota => advice("the mailbox is full", "Delete mails or raise the quota."),
        _ => return None,
    })
}

fn mail(fault: &Fault) -> Option<Advice> {
    Some(match &fault.kind {
        FaultKind::RecipientRefused => {
            advice("the server does not accept this recipient", "Check the spelling of the address.")
        }
        FaultKind::RelayDenied => advice(
            "the server does not send mail to the outside for us",
            "Enter user name and password for this sender, or have this machine allowed as a relay client.",
        ),
        FaultKind::SenderRefused => advice(
            "the server does not accept the From address of this sender",
            "Use an address that the account may send as.",
        ),
        FaultKind::TooLarge => advice("the mail is larger than the server takes", "Send attachments by other ways."),
        FaultKind::Greylisted => {
            advice("the server wants to see the mail again later (greylisting)", "It is sent again by itself.")
        }
        FaultKind::PolicyRefused => advice(
            "the server refused the content of the mail",
            "Check SPF, DKIM and DMARC of the From domain, and the server's words.",
        ),
        FaultKind::AddressUnsendable => advice(
            "an address cannot be sent to this server",
            "Addresses with letters outside ASCII need a server with SMTPUTF8; check the spelling.",
        ),
        _ => return None,
    })
}

fn step_name(step: Step) -> &'static str {
    match step {
        Step::Settings => "reading the settings",
        Step::Resolve => "the name look-up",
        Step::Connect => "connecting",
        Step::Tls => "the TLS handshake",
        Step::Greeting => "the greeting",
        Step::Starttls => "STARTTLS",
        Step::Login => "the login",
        Step::Folder => "opening the folder",
        Step::Search => "the search",
        Step::Fetch => "fetching mail",
        Step::Flag => "marking mail as read",
        Step::Idle => "waiting for mail",
        Step::Sender => "naming the sender",
        Step::Recipient => "naming a recipient",
        Step::Content => "sending the mail",
        Step::Upkeep => "keeping the connection",
    }
}

fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Imap => "IMAP",
        Protocol::Smtp => "SMTP",
    }
}

fn usual_ports(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Imap => "993 for TLS, 143 for STARTTLS",
        Protocol::Smtp => "465 for TLS, 587 for STARTTLS",
    }
}

fn tls_port(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Imap => "port 993",
        Protocol::Smtp => "port 465",
    }
}
