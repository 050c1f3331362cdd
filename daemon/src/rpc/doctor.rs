//! The doctor: gathers what the pure judgements need. Changes nothing.

use super::doctor_certificates::certificates;
use super::fault::Fault;
use super::parts::RpcParts;
use super::status;
use crate::auth::{dkim_key, mailbox_password, s3_secret, sender_password};
use crate::dkim::{SignError, SigningKey};
use crate::store::{events, outbox};
use jiff::Timestamp;
use maildesk_core::address::Domain;
use maildesk_core::doctor::dkim::Signing;
use maildesk_core::doctor::{Finding, Report, SenderFindings, Subject, examine, local};
use maildesk_core::rpc::{RpcError, WorkState};
use maildesk_core::settings::{SecretSetting, Sender, SenderName, Settings};
use std::path::Path;

/// Examines the desk and one sender, or all.
pub(super) async fn doctor(parts: &RpcParts, name: Option<SenderName>) -> Result<Report, Fault> {
    let active = parts.active.borrow().clone();
    let settings = &active.settings;
    if let Some(name) = name.as_ref().filter(|name| settings.sender(name).is_none()) {
        return Err(RpcError::NotFound { what: "sender".into(), name: name.to_string() }.into());
    }
    let now = parts.clock.now();
    let mut desk = desk(parts, settings, now)?;
    let chosen: Vec<&Sender> =
        settings.sender.iter().filter(|sender| name.as_ref().is_none_or(|name| *name == sender.name)).collect();
    let by_dns = futures::future::join_all(chosen.iter().map(|sender| of_sender(parts, sender)));
    let (findings, servers) = futures::future::join(by_dns, certificates(parts, settings)).await;
    desk.extend(servers);
    let senders = chosen.iter().zip(findings).map(|(sender, findings)| SenderFindings {
        name: sender.name.clone(),
        from: sender.from.to_string(),
        findings,
    });
    Ok(Report { at: now, version: env!("CARGO_PKG_VERSION").into(), desk, senders: senders.collect() })
}

async fn of_sender(parts: &RpcParts, sender: &Sender) -> Vec<Finding> {
    let signing = sender.dkim.as_ref().map(|dkim| {
        let key = || -> Result<String, SignError> {
            let text = parts.secrets.resolve(&parts.store, &dkim.key, &dkim_key(&sender.name))?;
            Ok(SigningKey::parse(dkim.algorithm, &text)?.public())
        };
        Signing {
            domain: dkim.domain.to_string(),
            record_name: dkim.record_name(),
            algorithm: dkim.algorithm,
            public: key().map_err(|error| error.to_string()),
        }
    });
    let domain = Domain::parse(sender.from.domain()).ok();
    // A program hands mail to a server on this machine.
    let server_host = sender.way.smtp().map_or("localhost", |smtp| &smtp.server.host);
    let subject = Subject { from_domain: domain.as_ref(), server_host, signing: signing.as_ref() };
    match &parts.dns {
        Some(dns) => dns.settle(|answers| examine(answers, &subject)).await,
        None => vec![local::no_name_servers()],
    }
}

fn desk(parts: &RpcParts, settings: &Settings, now: Timestamp) -> Result<Vec<Finding>, Fault> {
    let view = status::status(parts)?;
    let mut findings = Vec::new();
    for sender in &settings.sender {
        let due = outbox::next_due(&parts.store, &sender.name)?;
        findings.push(local::queue(&format!("sender {}", sender.name), due, now));
    }
    findings.push(local::clock(now, events::newest_time(&parts.store)?));
    findings.push(local::disk(&parts.state_dir.display().to_string(), view.disk_free, parts.min_free));
    findings.extend(local::secrets(&secrets(parts, settings)));
    let mailboxes = view.mailboxes.iter().map(|mailbox| (format!("mailbox {}", mailbox.name), &mailbox.state));
    let senders = view.senders.iter().map(|sender| (format!("sender {}", sender.name), &sender.state));
    let storage = [(format!("storage {}", view.storage.place), &view.storage.state)];
    let copies = view.sent_copies.iter().map(|copy| (format!("sent copies of {}", copy.sender), &copy.state));
    for (what, state) in mailboxes.chain(senders).chain(copies).chain(storage) {
        if let WorkState::Faulty { diagnosis, .. } = state {
            findings.push(local::connection(&what, diagnosis));
        }
    }
    Ok(findings)
}

/// Each secret's field, and why it cannot be read, if so.
fn secrets(parts: &RpcParts, settings: &Settings) -> Vec<(String, Option<String>)> {
    let read = |field: String, secret: &SecretSetting, place: &str| {
        let problem = match secret {
            // Running it is the business of 'sender test' and 'mailbox test'.
            SecretSetting::Command(argv) => {
                let missing = argv.first().filter(|program| !Path::new(program).is_file());
                missing.map(|program| format!("{program} is not there"))
            }
            other => parts.secrets.resolve(&parts.store, other, place).err().map(|error| error.to_string()),
        };
        (field, problem)
    };
    let mut fields = Vec::new();
    for sender in &settings.sender {
        if let Some(login) = sender.way.smtp().and_then(|smtp| smtp.login.as_ref()) {
            let field = format!("sender \"{}\": login.password", sender.name);
            fields.push(read(field, &login.password, &sender_password(&sender.name)));
        }
        if let Some(dkim) = &sender.dkim {
            fields.push(read(format!("sender \"{}\": dkim.key", sender.name), &dkim.key, &dkim_key(&sender.name)));
        }
    }
    for mailbox in &settings.mailbox {
        let field = format!("mailbox \"{}\": login.password", mailbox.name);
        fields.push(read(field, &mailbox.login.password, &mailbox_password(&mailbox.name)));
    }
    if let Some(s3) = &settings.storage.s3 {
        fields.push(read("storage: s3.secret_key".into(), &s3.secret_key, &s3_secret()));
    }
    fields
}
