//! What may be answered automatically, and why not.

use super::super::*;
use super::judged;

fn reason(head: &str) -> Option<SuppressReason> {
    judged(&format!("{head}\r\n\r\nhello")).suppress_answer
}

#[test]
fn lists_and_bulk_are_not_answered() {
    use SuppressReason::{AskedFor, Automatic, Bulk, List};
    for (field, want) in [
        ("List-Unsubscribe: <mailto:x@y>", Some(List)),
        ("List-Unsubscribe: -", None),
        ("List-Id: <a.b>", Some(List)),
        ("List-Post: NO", None),
        ("Mailing-List: contact a@b", Some(List)),
        ("X-Mailing-List: a@b", Some(List)),
        ("X-BeenThere: a@b", Some(List)),
        ("X-Mailman-Version: 2.1", Some(List)),
        ("X-List: a@b", None),
        ("Precedence: list", Some(List)),
        ("Precedence: BULK", Some(Bulk)),
        ("Precedence: junk", Some(Bulk)),
        ("X-Precedence: bulk", Some(Bulk)),
        ("Precedence: auto_reply", Some(Automatic)),
        ("Precedence: normal", None),
        ("Precedence: bulky", None),
        ("X-Loop: yes", Some(Bulk)),
        ("X-Loop: true", Some(Bulk)),
        ("X-Loop: no", None),
        ("X-No-Loop: x", Some(Bulk)),
        ("X-OTRS-Loop: 1", Some(Bulk)),
        ("X-OTRS-Loop: false", None),
        ("X-Looped: yes", None),
        ("Feedback-ID: a:b", Some(Bulk)),
        ("X-Auto-Response-Suppress: All", Some(AskedFor)),
        ("X-Auto-Response-Suppress: OOF, AutoReply", Some(AskedFor)),
        ("X-Auto-Response-Suppress: DR, NDR", None),
        ("X-Auto-Response-Suppress: none", None),
    ] {
        assert_eq!(reason(&format!("From: a@x.example\r\n{field}")), want, "{field}");
    }
}

#[test]
fn machines_and_nobody_are_not_answered() {
    use SuppressReason::{MachineSender, NoSender};
    for (head, want) in [
        ("From: no-reply@x.example", Some(MachineSender)),
        ("From: noreply@x.example", Some(MachineSender)),
        ("From: shop.no_reply@x.example", Some(MachineSender)),
        ("From: do-not-reply@x.example", Some(MachineSender)),
        ("From: MAILER-DAEMON@x.example", Some(MachineSender)),
        ("From: mailerdaemon@x.example", Some(MachineSender)),
        ("From: postmaster@x.example", Some(MachineSender)),
        ("From: post-master@x.example", Some(MachineSender)),
        ("From: list-bounces@x.example", Some(MachineSender)),
        ("From: nora.reply@x.example", None),
        ("From: reply@x.example", None),
        ("From: postmasters.office@x.example", None),
        ("From: root.cause@x.example", None),
        ("From: a@no-reply.example", None),
        ("From: a@x.example\r\nReply-To: noreply@x.example", Some(MachineSender)),
        ("Subject: x", Some(NoSender)),
        ("From: somebody", Some(NoSender)),
    ] {
        assert_eq!(reason(head), want, "{head}");
    }
}

#[test]
fn our_own_mail_is_not_answered() {
    use SuppressReason::{NullReturnPath, OwnAddress, OwnLoop};
    for (field, want) in [
        ("X-Maildesk-Loop: INSTALL-1", Some(OwnLoop)),
        ("X-Maildesk-Loop: install-2", None),
        ("Message-ID: <1@DESK.example>", Some(OwnLoop)),
        ("Message-ID: <1@sub.desk.example>", None),
        ("In-Reply-To: <1@desk.example>", None),
        ("Reply-To: support@desk.example", Some(OwnAddress)),
        ("Reply-To: support@desk.example.org", None),
        ("Return-Path: <>", Some(NullReturnPath)),
        ("Return-Path: <a@x.example>", None),
    ] {
        assert_eq!(reason(&format!("From: a@x.example\r\n{field}")), want, "{field}");
    }
}
