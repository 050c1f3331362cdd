//! Mails as they come, and as attackers send them.

mod bodies;
mod hostile;
mod replies;

use super::*;
use proptest::prelude::*;

pub(super) fn mail(raw: &str) -> InboundMail {
    match parse(raw.as_bytes(), &Limits::default()) {
        Parsed::Mail(mail) => *mail,
        Parsed::Refused(poison) => panic!("refused: {poison}"),
    }
}

#[test]
fn a_mail_is_read_whole_and_safe() {
    let mail = mail(
        "Return-Path: <>\r\nFrom: =?utf-8?Q?a=0D=0ABcc:_x=40y?= <a@x.example>\r\nSubject: =?koi8-r?B?8NLJ18XU?=\r\n\
         Message-ID: <1@x>\r\nReferences: <0@x>\r\n <9@x>\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\n\
         yes\r\n\r\nOn 1 Jan 2024, B <b@x> wrote:\r\n> no\r\n--m\r\nContent-Type: application/pdf; \
         name=\"../../etc/x.pdf\"\r\n\r\nPDF\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: in/ner\r\n\r\nz\r\n--m--\r\n",
    );
    assert_eq!(mail.from.as_ref().and_then(|f| f.name.as_deref()), Some("a Bcc: x@y"));
    assert_eq!((mail.subject.as_str(), mail.return_path.clone()), ("Привет", ReturnPath::Null));
    assert_eq!((mail.message_id.as_deref(), mail.references.clone()), (Some("1@x"), vec!["0@x".into(), "9@x".into()]));
    assert_eq!(mail.new_text(), "yes");
    assert!(mail.body.folded_text(&mail.text).contains("> no"));
    let names: Vec<&str> = mail.attachments.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["x.pdf", "in-ner.eml"]);
}

#[test]
fn fields_below_a_date_stay_fields() {
    for zone in ["UT", "GMT", "+0000", "-0000 (UTC)"] {
        let mail = mail(&format!("Date: Sat, 22 Apr 2006 17:14:50 {zone}\nFrom: a@b.example\nSubject: x\n\ny"));
        assert!(mail.from.is_some() && mail.subject == "x", "{zone}");
        assert_eq!(mail.date.map(|date| date.as_second()), Some(1_145_726_090), "{zone}");
    }
}

#[test]
fn the_fingerprint_ignores_the_way_and_sees_the_content() {
    let one = mail("Received: a\r\nMessage-ID: <1@x>\r\n\r\nbody").content_fingerprint;
    assert_eq!(one, mail("Received: b\r\nReceived: c\r\nMessage-ID: <1@x>\r\n\r\nbody").content_fingerprint);
    assert_ne!(one, mail("Received: a\r\nMessage-ID: <1@x>\r\n\r\nother").content_fingerprint);
}

#[test]
fn what_the_parser_would_not_survive_is_refused() {
    let nested = "Content-Type:\r\n MESSAGE/rfc822\r\n\r\n".repeat(40_000);
    assert!(matches!(parse(nested.as_bytes(), &Limits::default()), Parsed::Refused(Poison::NestedMessages(_))));
    let parts = format!("Content-Type: multipart/mixed; boundary=a\r\n\r\n{}", "--a\r\nx:y\r\n\r\n".repeat(30_000));
    assert!(matches!(parse(parts.as_bytes(), &Limits::default()), Parsed::Refused(Poison::Parts(_))));
}

/// Sizes at which anything quadratic would take minutes; each of these takes a fraction of a second in a release build.
#[test]
fn large_hostile_mails_are_read_in_linear_time() {
    let html = "Content-Type: text/html\n\n";
    for (body, lines) in [
        (format!("\n{}", "On 2024 a\n".repeat(200_000)), 200_000),
        (format!("\n{}", ">\n".repeat(500_000)), 500_000),
        // More lines that begin with two dashes are refused before the parse.
        (format!("\n{}", "a\n--\n".repeat(10_000)), 20_000),
        (format!("\n{}", "a".repeat(1 << 20)), 1),
        (format!("\n{}", "On 2024-1-1 a@b ".repeat(1 << 16)), 1),
        (format!("{html}{}", "&".repeat(900_000)), 1),
        (format!("{html}{}", "<div class=gmail_quote>a</div>".repeat(30_000)), 30_000),
        (format!("{}\nx", "X-A: b\n".repeat(100_000)), 1),
        (format!("Content-Type: text/plain\n\n{}", "message/ multipart/ ".repeat(50_000)), 1),
    ] {
        let mail = mail(&format!("From: a@b.example\nSubject: x\n{body}"));
        let what: String = body.chars().take(40).collect();
        assert_eq!(mail.text.lines().count(), lines, "{what}");
        assert!(mail.headers.len() <= Limits::default().headers, "{what}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_and_sections_cover_the_text(raw in proptest::collection::vec(any::<u8>(), 0..400), head in "(From: |Subject: =\\?|Content-Type: text/html\n|\n|> |On 2024 a wrote:|<p>|--|:|é){0,30}") {
        let mut all = head.into_bytes();
        all.extend(raw);
        if let Parsed::Mail(mail) = parse(&all, &Limits::default()) {
            let covered: usize = mail.body.sections.iter().map(|s| s.range.len()).sum();
            prop_assert_eq!(covered, mail.text.len());
            prop_assert!(mail.body.sections.iter().all(|s| mail.text.get(s.range.clone()).is_some()));
            prop_assert!(!mail.subject.chars().any(char::is_control));
        }
    }
}
