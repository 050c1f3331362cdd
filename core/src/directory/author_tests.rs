//! Whose mail it is, as tables.

use crate::address::Address;
use crate::directory::{author, forwarded_author};
use crate::mail::{InboundMail, Limits, Parsed, parse};

fn mail(text: &str) -> Box<InboundMail> {
    match parse(text.replace('\n', "\r\n").as_bytes(), &Limits::default()) {
        Parsed::Mail(mail) => mail,
        Parsed::Refused(poison) => panic!("{poison}"),
    }
}

fn check(headers: &str, want: Option<&str>) {
    let mail = mail(&format!("{headers}\n\nhello\n"));
    let found = author(&mail, &["desk@desk.example".into()]);
    let shown = found.map(|person| format!("{}|{}", person.name.unwrap_or_default(), person.address));
    assert_eq!(shown.as_deref(), want, "{headers}");
}

#[test]
fn from_is_believed_unless_a_list_or_ourselves_stand_there() {
    let list = "List-Id: All <all.lists.example>\nList-Post: <mailto:all@lists.example>";
    check("From: Ann <ann@acme.example>\nReply-To: other@acme.example", Some("Ann|ann@acme.example"));
    check("From: Form <desk@desk.example>\nReply-To: Ann <ann@acme.example>", Some("Ann|ann@acme.example"));
    check("From: Form <desk@desk.example>\nReply-To: DESK@desk.example", Some("Form|desk@desk.example"));
    check("From: Form <desk@desk.example>", Some("Form|desk@desk.example"));
    check(
        &format!("From: Ann via All <all@lists.example>\nReply-To: Ann <ann@acme.example>\n{list}"),
        Some("Ann|ann@acme.example"),
    );
    check(
        &format!(
            "From: 'Ann' via All <all@lists.example>\nX-Original-From: \"Ann\" <ann@acme.example>\n\
             Reply-To: all@lists.example\n{list}"
        ),
        Some("Ann|ann@acme.example"),
    );
    // A list that leaves From alone and asks for answers to the list.
    check(&format!("From: Ann <ann@acme.example>\nReply-To: all@lists.example\n{list}"), Some("Ann|ann@acme.example"));
    check("From: <>\nSender: Ann <ann@acme.example>", Some("Ann|ann@acme.example"));
    check("Subject: hi", None);
}

fn forwarded(text: &str) -> Option<String> {
    let skip = |address: &Address| address.domain() == "desk.example";
    forwarded_author(&mail(text), skip).map(|person| format!("{}|{}", person.name.unwrap_or_default(), person.address))
}

#[test]
fn the_author_of_a_forwarded_mail_is_found_in_its_header() {
    let body = |block: &str| {
        format!("From: agent@desk.example\nSubject: Fwd: help\n\nPlease take over.\n\n{block}\n\nHelp!\n")
    };
    for block in [
        "---------- Forwarded message ---------\nFrom: Ann Berger <ann@acme.example>\nDate: Mon, 1 Jun 2026\n\
         Subject: help\nTo: <agent@desk.example>",
        "-----Ursprüngliche Nachricht-----\nVon: Ann Berger [mailto:ann@acme.example]\nGesendet: Montag\n\
         An: Agent\nBetreff: help",
        "Begin forwarded message:\n\n> *From:* \"Ann Berger\" <ann@acme.example>\n> *Subject:* help\n> *Date:* 1 June",
        "-------- Пересылаемое сообщение --------\nТема: help\nДата: 1.6.2026\nОт: Ann Berger <ann@acme.example>",
        // The agent's own answer stands above the customer's mail.
        "From: Agent <agent@desk.example>\nDate: today\nSubject: Re: help\n\nhm\n\n\
         From: Ann Berger <ann@acme.example>\nDate: today\nSubject: help",
    ] {
        assert_eq!(forwarded(&body(block)).as_deref(), Some("Ann Berger|ann@acme.example"), "{block}");
    }
    for block in ["From: here on it is easy", "From: ann@acme.example", "I come from: ann@acme.example\nA: b\nC: d"] {
        assert_eq!(forwarded(&body(block)), None, "{block}");
    }
}

#[test]
fn an_attached_mail_names_its_author() {
    let attached = "From: agent@desk.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n\n\
        see below\n--b\nContent-Type: message/rfc822\n\n\
        From: =?utf-8?Q?Zo=C3=AB?= <zoe@acme.example>\nTo: agent@desk.example\nSubject: help\n\nHelp!\n--b--\n";
    assert_eq!(forwarded(attached).as_deref(), Some("Zoë|zoe@acme.example"));
}
