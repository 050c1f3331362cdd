//! The fields of senders and mailboxes, with what they mean.

use super::field::{Field, Kind};
use super::noun::Noun;
use super::secret;
use maildesk_core::settings::Settings;
use serde_json::Value;

/// The fields that this document has, filled.
pub(super) fn fields(noun: Noun, document: &Value, settings: &Settings) -> Vec<Field> {
    let fields = match noun {
        Noun::Mailbox => mailbox(settings),
        Noun::Sender => match document.get("transport").and_then(Value::as_str) {
            Some("sendmail") => identity(),
            Some("folder") => {
                let help = "The folder that mail is written into, from / on. For trials and tests.";
                [identity(), vec![Field::new("path", "Folder", Kind::Text, help).required()]].concat()
            }
            _ => sender(),
        },
    };
    fields.into_iter().map(|field| secret::named(field.filled(document), document)).collect()
}

fn choice(words: &[&str]) -> Kind {
    Kind::Choice(words.iter().map(|word| (*word).to_owned()).collect())
}

fn server(ports: &'static str) -> Vec<Field> {
    vec![
        Field::new("server.host", "Host", Kind::Text, "Name or IP address of the server, such as mail.example.org.")
            .required(),
        Field::new("server.port", "Port", Kind::Number, ports).required(),
        Field::new(
            "server.encryption",
            "Security",
            choice(&["tls", "starttls", "plain"]),
            "tls: from the first byte. starttls: begun in plain text. plain: only for servers on this machine. Enter: next.",
        ),
    ]
}

fn trust() -> Vec<Field> {
    vec![
        Field::new(
            "server.ca_file",
            "CA file",
            Kind::Text,
            "A file of certificate authorities, from / on, for a server with its own. Empty: the system's.",
        ),
        Field::new(
            "server.pin_sha256",
            "Certificate",
            Kind::Text,
            "SHA-256 of the one certificate to accept, in place of any authority. The test shows it. Empty: none.",
        ),
    ]
}

fn login(required: bool) -> Vec<Field> {
    let user = "Often the whole address. A sender without one does not log in.";
    let user = Field::new("login.username", "User name", Kind::Text, user);
    vec![
        if required { user.required() } else { user },
        Field::new(
            secret::SOURCE,
            "Password is",
            choice(&secret::SOURCES),
            "typed: here, and sealed in the store. credential: a systemd credential, or a file beside them. command: what a \
             program prints. Enter: next.",
        ),
        Field::new(
            secret::CREDENTIAL,
            "Credential",
            Kind::Text,
            "Its name: LoadCredential=NAME:FILE in the unit, or a file NAME in the daemon's credentials folder.",
        ),
        Field::new(
            secret::COMMAND,
            "Command",
            Kind::Text,
            "The program, from / on, and its arguments, divided by spaces; no shell. Its first line is the password.",
        ),
        Field::new(
            secret::TYPED,
            "Password",
            Kind::Secret,
            "Typed once and sealed in the store; never shown again. Empty keeps what is there.",
        ),
        Field::new(
            "login.mechanism",
            "Mechanism",
            choice(&["auto", "xoauth2"]),
            "auto: the strongest that the server offers. xoauth2: the password is an OAuth token. Enter: next.",
        ),
    ]
}

fn identity() -> Vec<Field> {
    vec![
        Field::new("from", "From", Kind::Address, "The address that customers see and answer to.").required(),
        Field::new("display_name", "Display name", Kind::Text, "Stands before the address, such as Example Support."),
        Field::new("reply_to", "Reply-To", Kind::Address, "Where answers go, if not to From."),
        Field::new("per_minute", "Per minute", Kind::Number, "Mails at the most in a minute; 0: no limit."),
        Field::new("per_hour", "Per hour", Kind::Number, "Mails at the most in an hour; 0: no limit."),
    ]
}

fn sender() -> Vec<Field> {
    let identity = identity();
    let more = vec![
        Field::new(
            "ehlo_name",
            "EHLO name",
            Kind::Text,
            "What we call ourselves to the server: this host's public DNS name. Empty: the host's own name.",
        ),
        Field::new("connections", "Connections", Kind::Number, "How many at once, 1 to 32; 4 is usual."),
    ];
    [server("587 with starttls, or 465 with tls."), login(false), identity, more, trust()].concat()
}

fn mailbox(settings: &Settings) -> Vec<Field> {
    let senders: Vec<String> =
        std::iter::once(String::new()).chain(settings.sender.iter().map(|sender| sender.name.to_string())).collect();
    let own = vec![
        Field::new("address", "Address", Kind::Address, "What people write to. Mail from it is our own.").required(),
        Field::new("folder", "Folder", Kind::Text, "INBOX, or the name of another folder.").required(),
        Field::new("poll_seconds", "Poll every", Kind::Number, "Seconds between polls, 1 to 86400; 60 is usual."),
        Field::new(
            "first_import",
            "First import",
            Kind::FirstImport,
            "What the first poll takes: from_now, unread, or unread since a day such as 2026-03-01. Old mail is never \
             acknowledged.",
        ),
        Field::new(
            "sender",
            "Answered by",
            Kind::Choice(senders),
            "The sender of answers; empty: the first. Enter: next.",
        ),
        Field::new("acknowledge", "Acknowledge", Kind::Toggle, "Whether a new ticket is acknowledged. Enter switches."),
        Field::new(
            "check_senders",
            "Check senders",
            Kind::Toggle,
            "Look for good DKIM signatures (DMARC); agents who answer are believed only with one. Enter switches.",
        ),
        Field::new("max_mail_bytes", "Largest mail", Kind::Number, "Larger mail goes to quarantine, in bytes."),
        Field::new("enabled", "Enabled", Kind::Toggle, "Whether it is polled. Enter switches."),
    ];
    [server("993 with tls, or 143 with starttls."), login(true), own, trust()].concat()
}
