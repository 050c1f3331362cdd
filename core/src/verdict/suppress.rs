//! Whether a mail may be answered automatically.

use super::{Facts, OwnIdentity, SuppressReason};
use crate::mail::{InboundMail, ReturnPath};

/// The first reason that forbids an automatic answer.
pub(super) fn suppress(mail: &InboundMail, own: &OwnIdentity, facts: &Facts) -> Option<SuppressReason> {
    let answer_to = mail.reply_to.first().or(mail.from.as_ref());
    let ours = |address: &str| own.addresses.iter().any(|a| a.eq_ignore_ascii_case(address));
    if facts.own_loop {
        Some(SuppressReason::OwnLoop)
    } else if [mail.from.as_ref(), answer_to].into_iter().flatten().any(|a| ours(&a.address)) {
        Some(SuppressReason::OwnAddress)
    } else if facts.bounce.is_some() {
        Some(SuppressReason::Bounce)
    } else if mail.return_path == ReturnPath::Null {
        Some(SuppressReason::NullReturnPath)
    } else if facts.automatic.is_some() {
        Some(SuppressReason::Automatic)
    } else if facts.list {
        Some(SuppressReason::List)
    } else if bulk(mail) {
        Some(SuppressReason::Bulk)
    } else if asked_for(mail) {
        Some(SuppressReason::AskedFor)
    } else if [mail.from.as_ref(), answer_to].into_iter().flatten().any(|a| machine(&a.address)) {
        Some(SuppressReason::MachineSender)
    } else if answer_to.is_none_or(|a| !a.address.contains('@')) {
        Some(SuppressReason::NoSender)
    } else {
        None
    }
}

fn bulk(mail: &InboundMail) -> bool {
    let precedence = mail.headers_named("Precedence").chain(mail.headers_named("X-Precedence"));
    let mut values = precedence.map(|value| value.trim().to_ascii_lowercase());
    values.any(|v| matches!(v.as_str(), "bulk" | "junk" | "list" | "auto_reply" | "auto-reply"))
        || ["X-Loop", "X-OTRS-Loop"].iter().any(|name| mail.headers_named(name).any(|value| !denied(value)))
        || mail.headers_named("X-No-Loop").next().is_some()
        || mail.headers_named("Feedback-ID").next().is_some()
}

fn denied(value: &str) -> bool {
    matches!(value.trim().to_ascii_lowercase().as_str(), "no" | "false" | "0" | "none")
}

/// `X-Auto-Response-Suppress` with a value that covers our automatic answers: they are auto-replies.
fn asked_for(mail: &InboundMail) -> bool {
    mail.headers_named("X-Auto-Response-Suppress")
        .flat_map(|value| value.split([',', ';']))
        .map(|word| word.trim().to_ascii_lowercase())
        .any(|word| matches!(word.as_str(), "all" | "autoreply" | "oof"))
}

/// Local parts behind which nobody reads.
pub(super) fn machine(address: &str) -> bool {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_ascii_lowercase();
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    const WHOLE: [&str; 11] = [
        "postmaster",
        "root",
        "nobody",
        "cron",
        "daemon",
        "bounce",
        "bounces",
        "autoreply",
        "autoresponder",
        "maildaemon",
        "listserv",
    ];
    plain.contains("mailerdaemon")
        || ["noreply", "donotreply", "dontreply", "nepasrepondre", "neresponder", "keineantwort", "nichtantworten"]
            .iter()
            .any(|word| plain.starts_with(word) || plain.ends_with(word))
        || WHOLE.contains(&plain.as_str())
        || local.starts_with("bounce+")
        || local.starts_with("bounces+")
        || local.ends_with("-bounces")
}
