//! What mails are, by their headers.

mod answers;
mod authentication;
mod automatic;
mod bounces;
mod sender_check;

use super::*;
use crate::mail::{Limits, Parsed, parse};

fn judged(raw: &str) -> Facts {
    let own = OwnIdentity {
        addresses: vec!["support@desk.example".into()],
        message_id_domains: vec!["desk.example".into()],
        loop_header_value: "install-1".into(),
        authserv_ids: Vec::new(),
    };
    match parse(raw.as_bytes(), &Limits::default()) {
        Parsed::Mail(mail) => facts(&mail, &own),
        Parsed::Refused(poison) => panic!("refused: {poison}"),
    }
}

#[test]
fn only_what_must_not_be_answered_is_suppressed() {
    use SuppressReason::{AskedFor, Automatic, Bulk, List, MachineSender, NullReturnPath, OwnAddress, OwnLoop};
    for (field, want) in [
        ("Auto-Submitted: no", None),
        ("Auto-Submitted: auto-replied (vacation)", Some(Automatic)),
        ("X-Autoreply: yes", Some(Automatic)),
        ("X-Autoreply: no", None),
        ("Precedence: bulk", Some(Bulk)),
        ("Precedence: first-class", None),
        ("List-Id: <a.b>", Some(List)),
        ("X-Auto-Response-Suppress: DR, AutoReply", Some(AskedFor)),
        ("X-Auto-Response-Suppress: RN", None),
        ("Return-Path: <>", Some(NullReturnPath)),
        ("Subject: Automatische Antwort: Hallo", Some(Automatic)),
        ("Subject: Re: Out of office printer", None),
        ("Subject: Undelivered mail returned to sender, what now?", None),
        ("Reply-To: no-reply@x.example", Some(MachineSender)),
        ("Reply-To: Support@desk.example", Some(OwnAddress)),
        ("X-Maildesk-Loop: install-1", Some(OwnLoop)),
        ("Message-ID: <5@desk.example>", Some(OwnLoop)),
        ("References: <5@desk.example>", None),
    ] {
        let got = judged(&format!("From: a@x.example\r\n{field}\r\n\r\nhello")).suppress_answer;
        assert_eq!(got, want, "{field}");
    }
}

#[test]
fn a_delivery_status_names_recipient_status_and_mail() {
    let dsn = |action: &str, status: &str| {
        judged(&format!(
            "From: MAILER-DAEMON <>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n--d\r\n\r\n\
             sorry\r\n--d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: \
             rfc822;\r\n <a@b.example>\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--d\r\nContent-Type: \
             text/rfc822-headers\r\n\r\nMessage-ID: <5@desk.example>\r\n\r\n--d--\r\n"
        ))
    };
    let failed = dsn("failed", "5.1.1 (user unknown)").bounce.unwrap();
    assert_eq!(failed.failed_recipient.as_deref(), Some("a@b.example"));
    assert_eq!((failed.status.as_deref(), failed.action), (Some("5.1.1"), BounceAction::Failed));
    assert_eq!(failed.original_message_id.as_deref(), Some("5@desk.example"));
    assert_eq!(dsn("delayed", "4.4.7").bounce.unwrap().action, BounceAction::Delayed);
    let delivered = dsn("delivered", "2.0.0");
    assert_eq!((delivered.bounce, delivered.automatic), (None, Some(AutomaticReason::Report)));
}
