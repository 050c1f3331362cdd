//! What came back, in the forms in which servers say so, and what only talks about it.

use super::super::*;
use super::judged;

const FAILED: &str = "I could not deliver your mail: <b@y.example>: 550 5.1.1 no such user";

fn bounce(head: &str, text: &str) -> Option<Bounce> {
    judged(&format!("{head}\r\n\r\n{text}")).bounce
}

#[test]
fn bounces_are_known_by_sender_subject_and_text_together() {
    for head in [
        "From: MAILER-DAEMON <>\r\nSubject: x",
        "From: Mailer-Daemon@x.example\r\nSubject: x",
        "From: postmaster@x.example\r\nSubject: Undeliverable: x",
        "From: post_master@x.example\r\nSubject: x",
        "Return-Path: <>\r\nFrom: a@x.example\r\nSubject: DELIVERY FAILURE: x",
        "Return-Path: <>\r\nFrom: a@x.example\r\nSubject: Delivery Status Notification (Failure)",
        "From: <>\r\nSubject: Undelivered Mail Returned to Sender",
        "From: gateway@x.example\r\nTo: list-bounces@y.example\r\nSubject: Returned mail",
        "From: gateway@x.example\r\nTo: bounce+id=a@y.example\r\nSubject: Failed mail",
        "From: a@x.example\r\nX-Failed-Recipients: b@y.example\r\nSubject: x",
    ] {
        let found = bounce(head, FAILED).unwrap_or_else(|| panic!("{head}"));
        assert_eq!(found.failed_recipient.as_deref(), Some("b@y.example"), "{head}");
        assert_eq!(found.status.as_deref(), Some("5.1.1"), "{head}");
    }
}

#[test]
fn what_people_write_about_bounces_is_none() {
    for (head, text) in [
        ("From: a@x.example\r\nSubject: Undelivered mail", FAILED),
        ("From: a@x.example\r\nSubject: Mail delivery failed, what now?", FAILED),
        ("From: a@x.example\r\nTo: support@desk.example\r\nSubject: Returned mail", FAILED),
        ("From: a@x.example\r\nTo: list-bounces@y.example\r\nSubject: Hello", FAILED),
        ("From: a@x.example\r\nTo: bouncer@y.example\r\nSubject: Returned mail", FAILED),
        ("From: a@x.example\r\nTo: x-bounces@y.example\r\nSubject: Returned mail\r\nIn-Reply-To: <1@x>", FAILED),
        ("From: postmaster@x.example\r\nSubject: Maintenance on Sunday", "The server will be down for an hour."),
        ("From: daemon.smith@x.example\r\nSubject: x", FAILED),
        ("Return-Path: <>\r\nFrom: a@x.example\r\nSubject: Away", "Back on Monday."),
    ] {
        assert_eq!(bounce(head, text), None, "{head}");
    }
}

#[test]
fn a_report_of_delivery_is_a_bounce_by_its_type() {
    let report = |kind: &str| {
        let head = format!("From: a@x.example\r\nContent-Type: multipart/report; report-type={kind}; boundary=r");
        bounce(&head, "--r\r\n\r\nsorry\r\n--r--\r\n")
    };
    assert!(report("delivery-status").is_some() && report("feedback-report").is_none());
    let part = "--r\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; b@y.example\r\nAction: failed\r\n--r--";
    let mixed = "From: a@x.example\r\nContent-Type: multipart/mixed; boundary=r";
    assert_eq!(bounce(mixed, part).unwrap().failed_recipient.as_deref(), Some("b@y.example"));
    assert_eq!(bounce(mixed, &part.replace("delivery-status", "rfc822")), None);
}

#[test]
fn notifications_of_amazon_are_read() {
    let head = "From: no-reply@sns.amazonaws.com\r\nSubject: AWS Notification Message";
    let text = |kind: &str| {
        format!("{{\n \"Type\" : \"Notification\",\n \"Message\" : \"{{\\\"notificationType\\\":\\\"{kind}\\\"}}\"\n}}")
    };
    assert!(bounce(head, &text("Bounce")).is_some());
    assert_eq!(bounce(head, &text("Delivery")), None);
    assert_eq!(bounce(head, &format!("We saw this: {}", text("Bounce"))), None);
}
