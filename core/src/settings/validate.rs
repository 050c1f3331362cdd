//! Checks that need more than one field, or the meaning of a value.

use super::connection::{Encryption, ServerAddress};
use super::{FieldProblem, S3, SecretSetting, Settings, agent, judging, login, retention, sender, sent_copy};
use std::collections::HashSet;

/// Every problem of these settings; none means they can be used.
pub fn validate(settings: &Settings) -> Vec<FieldProblem> {
    let mut found = Vec::new();
    if settings.desk.name.trim().is_empty() {
        found.push(FieldProblem::new("desk: name", "is empty", "give the name that customers know"));
    }
    if settings.desk.undo_seconds > 3600 {
        found.push(FieldProblem::new("desk: undo_seconds", "is out of range", "use 0 to 3600; 10 is usual"));
    }
    if settings.desk.reopen_days > 3650 {
        let remedy = "use 0 to 3650; 14 is usual, 0 makes every late answer a new ticket";
        found.push(FieldProblem::new("desk: reopen_days", "is out of range", remedy));
    }
    if settings.desk.close_days > 3650 {
        let remedy = "use 0 to 3650; 0: resolved tickets are never closed by themselves";
        found.push(FieldProblem::new("desk: close_days", "is out of range", remedy));
    }
    if !(1..=365).contains(&settings.desk.invitation_days) {
        found.push(FieldProblem::new("desk: invitation_days", "is out of range", "use 1 to 365; 7 is usual"));
    }
    if let Some(entry) = settings.desk.silent.as_ref().and_then(|silent| silent.unusable()) {
        let problem = format!("\"{entry}\" is neither an address nor a domain");
        found.push(FieldProblem::new("desk: silent.allow", problem, "write me@example.org or @example.org"));
    }
    if let Some((field, problem, remedy)) = settings.loops.problem() {
        found.push(FieldProblem::new(format!("loops: {field}"), problem, remedy));
    }
    judging::validate(&settings.judging, &mut found);
    retention::validate(&settings.retention, &mut found);
    let mut names = HashSet::new();
    for one in &settings.sender {
        let at = |field: &str| format!("sender \"{}\": {field}", one.name);
        if !names.insert(&one.name) {
            found.push(FieldProblem::new(at("name"), "is given twice", "names are unique"));
        }
        sender::validate(one, &mut found);
        sent_copy::validate(one, &settings.mailbox, &mut found);
    }
    let mut names = HashSet::new();
    for mailbox in &settings.mailbox {
        let at = |field: &str| format!("mailbox \"{}\": {field}", mailbox.name);
        if !names.insert(&mailbox.name) {
            found.push(FieldProblem::new(at("name"), "is given twice", "names are unique"));
        }
        server(&mailbox.server, "mailbox", mailbox.name.as_str(), &mut found);
        login::validate(&mailbox.login, "mailbox", mailbox.name.as_str(), &mut found);
        if mailbox.folder.trim().is_empty() {
            found.push(FieldProblem::new(at("folder"), "is empty", "use INBOX or the name of a folder"));
        }
        if !(1..=86_400).contains(&mailbox.poll_seconds) {
            found.push(FieldProblem::new(at("poll_seconds"), "is out of range", "use 1 to 86400; 60 is usual"));
        }
        if !(1024..=512 << 20).contains(&mailbox.max_mail_bytes) {
            found.push(FieldProblem::new(at("max_mail_bytes"), "is out of range", "use 1024 to 536870912"));
        }
        match &mailbox.sender {
            Some(name) if settings.sender(name).is_none() => {
                found.push(FieldProblem::new(
                    at("sender"),
                    format!("no sender is named \"{name}\""),
                    "add it or name another",
                ));
            }
            None if settings.sender.is_empty() => {
                found.push(FieldProblem::new(at("sender"), "there is no sender to answer with", "add a [[sender]]"));
            }
            _ => {}
        }
    }
    agent::validate(settings, &mut found);
    if let Err(problems) = crate::filter::compile(&settings.filter) {
        found.extend(problems);
    }
    crate::sla::validate(settings, &mut found);
    if let Some(bucket) = &settings.storage.s3 {
        s3(bucket, &mut found);
    }
    found
}

pub(super) fn server(server: &ServerAddress, section: &str, name: &str, found: &mut Vec<FieldProblem>) {
    let at = |field: &str| format!("{section} \"{name}\": server.{field}");
    let host = server.host.as_str();
    let is_ip = host.parse::<std::net::IpAddr>().is_ok();
    if !is_ip && crate::address::Domain::parse(host).is_err() {
        found.push(FieldProblem::new(
            at("host"),
            "is not a host name or IP address",
            "use a name such as mail.example.org",
        ));
    }
    if server.port == 0 {
        found.push(FieldProblem::new(at("port"), "is 0", "IMAP: 993 or 143; SMTP: 587 or 465"));
    }
    let wrong_mode = match (server.port, server.encryption) {
        (993 | 465, Encryption::Starttls | Encryption::Plain) => {
            Some("this port speaks TLS from the first byte: use \"tls\"")
        }
        (143 | 587 | 25, Encryption::Tls) => Some("this port begins in plain text: use \"starttls\""),
        _ => None,
    };
    if let Some(remedy) = wrong_mode {
        found.push(FieldProblem::new(at("encryption"), format!("does not fit port {}", server.port), remedy));
    }
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if server.encryption == Encryption::Plain && !loopback {
        found.push(FieldProblem::new(
            at("encryption"),
            "\"plain\" would send the password in the clear",
            "use \"tls\" or \"starttls\"; plain is for servers on this machine only",
        ));
    }
    if server.ca_file.is_some() && server.pin_sha256.is_some() {
        found.push(FieldProblem::new(
            at("pin_sha256"),
            "stands beside ca_file",
            "give one: a pinned certificate needs no authority",
        ));
    }
    if server.encryption == Encryption::Plain && server.pin_sha256.is_some() {
        found.push(FieldProblem::new(at("pin_sha256"), "needs encryption", "use \"tls\" or \"starttls\""));
    }
    if server.ca_file.as_ref().is_some_and(|file| !file.is_absolute()) {
        found.push(FieldProblem::new(at("ca_file"), "is not an absolute path", "write it from / on"));
    }
}

pub(super) fn secret(given: &SecretSetting, field: String, found: &mut Vec<FieldProblem>) {
    match given {
        SecretSetting::Value(text) if text.expose().is_empty() => {
            found.push(FieldProblem::new(field, "is empty", "give the secret, or name a credential"));
        }
        SecretSetting::Value(text) if text.expose().chars().any(|c| c == '\r' || c == '\n' || c == '\0') => {
            found.push(FieldProblem::new(field, "holds a line end or NUL", "secrets are one line"));
        }
        SecretSetting::Credential(name) if name.is_empty() || name.contains('/') || name.starts_with('.') => {
            found.push(FieldProblem::new(
                field,
                "is not a credential name",
                "use the name of LoadCredential=, no path",
            ));
        }
        SecretSetting::Command(_) => {
            found.push(FieldProblem::new(
                field,
                "is a command, which only a login takes",
                "give the secret once: { value = \"...\" }, or name a credential",
            ));
        }
        _ => {}
    }
}

fn s3(s3: &S3, found: &mut Vec<FieldProblem>) {
    if !(s3.endpoint.starts_with("https://") || s3.endpoint.starts_with("http://")) {
        found.push(FieldProblem::new(
            "storage: s3.endpoint",
            "is not a URL",
            "write https://host or https://host:port",
        ));
    }
    let bucket_fits = (3..=63).contains(&s3.bucket.len())
        && s3.bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b));
    if !bucket_fits {
        found.push(FieldProblem::new("storage: s3.bucket", "is not a bucket name", "3 to 63 of a-z, 0-9, '-' and '.'"));
    }
    if s3.access_key.trim().is_empty() {
        found.push(FieldProblem::new("storage: s3.access_key", "is empty", "give the access key id"));
    }
    secret(&s3.secret_key, "storage: s3.secret_key".into(), found);
}
