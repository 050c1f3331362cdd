//! The ladder of a sender: from the name look-up to RCPT TO, and with a recipient to the server's queue id.

use super::handover::{check_folder, check_program};
use super::other_port::{explain_silence, look_beside};
use super::recorder::Recorder;
use super::test_mail::test_mail;
use super::{CheckParts, LIMIT, TIMEOUTS, no_secret, out_of_time};
use crate::net::Observer;
use crate::outbox::account;
use crate::smtp::{SmtpAccount, SmtpConnection, SmtpError};
use maildesk_core::address::Address;
use maildesk_core::check::{CheckReport, Redactor, Stage};
use maildesk_core::diagnosis::Protocol;
use maildesk_core::settings::connection::Encryption;
use maildesk_core::settings::{Sender, SmtpServer, WayOut};
use std::sync::Arc;

/// Checks a sender as it is given, saved or not. With `to`, a test mail goes there; else nothing is sent.
pub async fn check_sender(parts: &CheckParts, sender: &Sender, to: Option<&Address>) -> CheckReport {
    match &sender.way {
        WayOut::Smtp(smtp) => check_server(parts, sender, smtp, to).await,
        WayOut::Sendmail { command } => check_program(parts, sender, command, to).await,
        WayOut::Folder { path } => check_folder(parts, sender, path, to).await,
    }
}

async fn check_server(parts: &CheckParts, sender: &Sender, smtp: &SmtpServer, to: Option<&Address>) -> CheckReport {
    let mut ladder = vec![Stage::Resolve, Stage::Connect, Stage::Greeting, Stage::Offers];
    ladder.extend((smtp.server.encryption != Encryption::Plain).then_some(Stage::Tls));
    ladder.extend(smtp.login.as_ref().map(|_| Stage::Login));
    ladder.extend([Stage::Sender, Stage::Recipient]);
    ladder.extend(to.map(|_| Stage::Content));
    let now = parts.clock.now();
    let recorder = |redactor| Arc::new(Recorder::new(Protocol::Smtp, Some(&smtp.server), redactor, now));

    let account = match account(&parts.secrets, &parts.store, sender, smtp).await {
        Ok(account) => account,
        Err(error) => {
            let recorder = recorder(Redactor::none());
            recorder.fault(Stage::Settings, no_secret(&error), Vec::new());
            return recorder.finish(&ladder, "", None);
        }
    };
    let redactor = account.login.as_ref().map(|login| Redactor::new(&login.username, &login.password));
    let recorder = recorder(redactor.unwrap_or_else(Redactor::none));
    let mut mark = None;
    let climbed = tokio::time::timeout(LIMIT, climb(parts, sender, to, &account, &recorder, &mut mark)).await;
    if climbed.is_err() {
        recorder.fault(Stage::TimeLimit, out_of_time(), Vec::new());
    }
    let well = match to {
        Some(to) if mark.is_some() => format!("the server took a test mail to {to}"),
        Some(to) => format!("the server did not take the test mail to {to} yet"),
        None => "this sender can send; nothing was sent".to_owned(),
    };
    recorder.finish(&ladder, &well, mark)
}

async fn climb(
    parts: &CheckParts,
    sender: &Sender,
    to: Option<&Address>,
    account: &SmtpAccount,
    recorder: &Arc<Recorder>,
    mark: &mut Option<String>,
) {
    let observer = Observer::new(Arc::clone(recorder) as _);
    let mut connection = match SmtpConnection::connect_watched(account, &parts.tls, &TIMEOUTS, observer).await {
        Ok(connection) => connection,
        Err(error) => {
            let stage = recorder.stage_of(error.fault().step);
            let diagnosis = explain_silence(Protocol::Smtp, &account.server, error.diagnosis(), &parts.tls).await;
            recorder.fault(stage, diagnosis.clone(), Vec::new());
            return look_beside(recorder, Protocol::Smtp, &account.server, &diagnosis, &parts.tls).await;
        }
    };
    let spoken = match to {
        Some(to) => send(parts, sender, to, &mut connection, recorder, mark).await,
        None => rehearse(sender, &mut connection, recorder).await,
    };
    if let Err(error) = spoken {
        recorder.fault(recorder.stage_of(error.fault().step), error.diagnosis(), Vec::new());
    }
    connection.quit().await;
}

/// MAIL and RCPT to the sender's own address, then RSET.
async fn rehearse(sender: &Sender, connection: &mut SmtpConnection, recorder: &Recorder) -> Result<(), SmtpError> {
    let own = sender.from.as_str();
    let recipient = connection.rehearse(own, own).await?;
    match recipient.outcome {
        Ok(()) => recorder.add("recipient", own),
        Err(refusal) => recorder.fault(Stage::Recipient, connection.explain(&refusal), recipient_found(own)),
    }
    Ok(())
}

async fn send(
    parts: &CheckParts,
    sender: &Sender,
    to: &Address,
    connection: &mut SmtpConnection,
    recorder: &Recorder,
    mark: &mut Option<String>,
) -> Result<(), SmtpError> {
    let mail = match test_mail(parts, sender, to) {
        Ok(mail) => mail,
        Err(diagnosis) => {
            recorder.fault(Stage::Content, *diagnosis, Vec::new());
            return Ok(());
        }
    };
    let accepted = connection.send(sender.from.as_str(), &[to.to_string()], &mail.mime).await?;
    for recipient in &accepted.recipients {
        if let Err(refusal) = &recipient.outcome {
            recorder.fault(Stage::Recipient, connection.explain(refusal), recipient_found(to.as_str()));
        }
    }
    if accepted.by_any() {
        recorder.add("to", to.as_str());
        if let Some(signature) = &mail.signature {
            recorder.add("DKIM signature", signature);
        }
        if let Some(id) = queue_id(&accepted.server_said) {
            recorder.add("queue id", id);
        }
        *mark = Some(mail.mark);
    }
    Ok(())
}

fn recipient_found(address: &str) -> super::recorder::Found {
    vec![("recipient", address.to_owned())]
}

/// The word behind "queued as", as Postfix and many others say it.
fn queue_id(words: &str) -> Option<&str> {
    let (_, behind) = words.split_once("queued as ")?;
    behind.split_whitespace().next().map(|id| id.trim_end_matches(['.', ',', ')']))
}
