//! How long the certificates of mailboxes' and senders' servers are valid yet.

use super::parts::RpcParts;
use crate::net::Timeouts;
use crate::smtp::{SmtpAccount, SmtpConnection};
use maildesk_core::doctor::Finding;
use maildesk_core::doctor::local::certificate;
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use maildesk_core::settings::{Sender, Settings, SmtpServer};
use std::time::Duration;

/// Nobody waits long for a doctor.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(4),
    greeting: Duration::from_secs(4),
    answer: Duration::from_secs(4),
    content_answer: Duration::from_secs(4),
};

/// One finding for each server with encryption. Mailboxes are polled all the time, so their last handshake tells; a
/// sender may have been quiet since the start and is greeted, without a login.
pub(super) async fn certificates(parts: &RpcParts, settings: &Settings) -> Vec<Finding> {
    let encrypted = |server: &ServerAddress| server.encryption != Encryption::Plain;
    let senders = settings.sender.iter().filter_map(|sender| Some((sender, sender.way.smtp()?)));
    let senders = senders.filter(|(_, smtp)| encrypted(&smtp.server));
    let senders = futures::future::join_all(senders.map(|(sender, smtp)| of_sender(parts, sender, smtp))).await;
    let mailboxes = settings.mailbox.iter().filter(|mailbox| mailbox.enabled && encrypted(&mailbox.server));
    let mailboxes = mailboxes.map(|mailbox| finding(parts, "mailbox", mailbox.name.as_str(), &mailbox.server, None));
    senders.into_iter().chain(mailboxes).collect()
}

async fn of_sender(parts: &RpcParts, sender: &Sender, smtp: &SmtpServer) -> Finding {
    let ehlo_name = smtp.ehlo_name.clone().unwrap_or_else(|| sender.from.domain().to_owned());
    let account = SmtpAccount { server: smtp.server.clone(), login: None, ehlo_name };
    let fault = match SmtpConnection::connect(&account, &parts.tls, &TIMEOUTS).await {
        Ok(connection) => {
            connection.quit().await;
            None
        }
        Err(error) => Some(error.diagnosis().meaning),
    };
    finding(parts, "sender", sender.name.as_str(), &smtp.server, fault)
}

fn finding(parts: &RpcParts, what: &str, name: &str, server: &ServerAddress, fault: Option<String>) -> Finding {
    let end = parts.tls.certificate_end(server).filter(|_| fault.is_none());
    let subject = format!("{what} {name}, {} port {}", server.host, server.port);
    certificate(&subject, end, fault.as_deref(), parts.clock.now())
}
