//! Bounces: delivery status notifications, and what servers send that never read RFC 3464.

use super::dsn::{delivery_status, message_id_of, status_code};
use super::phrases::{bounce_subject, bounce_text};
use super::{Bounce, BounceAction};
use crate::mail::{InboundMail, ReturnPath};

/// What a bounce says; `None` for everything else.
pub(super) fn bounce(mail: &InboundMail) -> Option<Bounce> {
    let mut bounce = standard(mail).or_else(|| unusual(mail))?;
    if matches!(bounce.action, BounceAction::Delivered | BounceAction::Relayed | BounceAction::Expanded) {
        // A receipt that all went well is automatic, but nothing came back.
        return None;
    }
    bounce.original_message_id = original_message_id(mail);
    if bounce.failed_recipient.is_none() {
        bounce.failed_recipient = failed_recipient(mail);
    }
    if bounce.status.is_none() {
        bounce.status = mail.text.lines().take(200).find_map(status_code);
    }
    Some(bounce)
}

fn standard(mail: &InboundMail) -> Option<Bounce> {
    let status = |a: &&crate::mail::Attachment| {
        matches!(a.content_type.as_str(), "message/delivery-status" | "message/global-delivery-status")
    };
    let part = mail.attachments.iter().find(status);
    if let Some(found) = part.and_then(|part| delivery_status(&part.content)) {
        return Some(found);
    }
    let kind = mail.header("Content-Type").unwrap_or_default().to_ascii_lowercase();
    let said = kind.starts_with("multipart/report") && kind.contains("delivery-status");
    (said || part.is_some()).then(Bounce::default)
}

/// Bounces without a status part. Each sign alone can be a person's mail; together they are not.
fn unusual(mail: &InboundMail) -> Option<Bounce> {
    if mail.header("X-Failed-Recipients").is_some() || amazon_notification(mail) {
        return Some(Bounce::default());
    }
    // The whole field counts: servers write `MAILER-DAEMON <>`, which holds no address.
    let returned = returned_mail(mail);
    let from = mail.header("From").unwrap_or_default().to_lowercase();
    let daemon = DAEMONS.iter().any(|name| from.contains(name));
    let null_path = mail.return_path == ReturnPath::Null || from.contains("<>");
    let to_returns = mail.to.iter().any(|to| takes_returns(&to.address));
    if !(daemon || null_path || returned || to_returns) {
        return None; // Nearly every mail ends here, before its text is looked through.
    }
    let subject = bounce_subject(&mail.subject);
    let text = || bounce_text(&mail.text);
    let person = !mail.in_reply_to.is_empty() && !daemon;
    let found = ((daemon || null_path) && subject)
        || (to_returns && subject && !person && text())
        || (daemon && text())
        || (returned && (null_path || subject && !person) && text());
    found.then(Bounce::default)
}

/// Names under which mail servers write.
const DAEMONS: [&str; 9] = [
    "mailer-daemon",
    "mailer_daemon",
    "mailerdaemon",
    "mail delivery s",
    "mail.delivery.s",
    "maildaemon",
    "mdaemon@",
    "postmaster@",
    "post_master@",
];

/// Addresses that stand in envelopes only, for what comes back: `list-bounces@`, `bounce+id@`, `owner-list@`.
fn takes_returns(address: &str) -> bool {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_ascii_lowercase();
    let begins = |word: &str| local.strip_prefix(word).is_some_and(|rest| rest.starts_with(['+', '-', '=', '_', '.']));
    ["bounce", "bounces", "owner", "return", "returns"].iter().any(|word| local == *word || begins(word))
        || ["-bounce", "-bounces", "-owner", "-return"]
            .iter()
            .any(|end| local.ends_with(end) || local.contains(&format!("{end}+")))
}

/// What Amazon SES sends through SNS instead of a delivery status: a line of JSON in the text.
fn amazon_notification(mail: &InboundMail) -> bool {
    let text = mail.text.trim_start();
    if !text.starts_with('{') {
        return false;
    }
    let head: String = text.chars().take(4_000).filter(|c| !matches!(c, '\\' | ' ' | '\n')).collect();
    ["\"notificationType\":\"Bounce\"", "\"eventType\":\"Bounce\""].iter().any(|sign| head.contains(sign))
}

fn returned_mail(mail: &InboundMail) -> bool {
    mail.attachments.iter().any(|a| matches!(a.content_type.as_str(), "message/rfc822" | "text/rfc822-headers"))
}

fn original_message_id(mail: &InboundMail) -> Option<String> {
    let returned = |kind: &str| {
        matches!(
            kind,
            "message/rfc822" | "text/rfc822-headers" | "message/global" | "message/global-headers" | "message/partial"
        )
    };
    let parts = mail.attachments.iter().filter(|a| returned(&a.content_type));
    if let Some(id) = parts.map(|a| message_id_of(&a.content)).find(Option::is_some) {
        return id;
    }
    let in_text = message_id_of(mail.text.as_bytes()).filter(|id| mail.message_id.as_deref() != Some(id));
    in_text.or_else(|| mail.in_reply_to.first().cloned())
}

fn failed_recipient(mail: &InboundMail) -> Option<String> {
    let listed = mail.header("X-Failed-Recipients").and_then(|v| v.split(',').next()).map(str::trim);
    if let Some(address) = listed.filter(|a| a.contains('@')) {
        return Some(address.to_owned());
    }
    let own: Vec<&str> = mail.to.iter().chain(&mail.from).map(|a| a.address.as_str()).collect();
    mail.text
        .lines()
        .take(100)
        .flat_map(|line| line.split([' ', '<', '>', '"', '\'', '(', ')', ',', ';']))
        .map(|word| word.trim_matches(['.', ':', '[', ']']))
        .find(|word| is_address(word) && !own.iter().any(|o| o.eq_ignore_ascii_case(word)))
        .map(str::to_owned)
}

fn is_address(word: &str) -> bool {
    word.len() <= 320
        && word.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.contains('.')
                && !domain.contains('@')
                && domain.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
        })
}
