//! Hostile texts, unusable addresses, long threads.

use super::*;

pub(in crate::smtp) fn mail() -> OutboundMail {
    OutboundMail {
        from_address: "help@example.org".into(),
        from_name: Some("Help".into()),
        to: vec![(Some("Bob".into()), "bob@example.com".into())],
        reply_to: None,
        sender_address: None,
        subject: "Hello".into(),
        date: "2026-11-22T19:57:04Z".parse().unwrap(),
        message_id: "t.1.abc@example.org".into(),
        in_reply_to: None,
        references: Vec::new(),
        extra_headers: Vec::new(),
        text: "Hi\n".into(),
        html: None,
        carries_files: false,
    }
}

fn composed(mail: &OutboundMail) -> String {
    let bytes = compose(mail).unwrap();
    assert!(bytes.is_ascii());
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])), "{text}");
    text
}

/// Headers with folded lines joined.
fn headers(mail: &OutboundMail) -> Vec<String> {
    let text = composed(mail);
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
    head.split("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_mail_has_its_headers_and_is_the_same_each_time() {
    let mut mail = mail();
    mail.in_reply_to = Some("q@customer.example".into());
    mail.references = vec!["p@customer.example".into(), "q@customer.example".into()];
    mail.extra_headers = vec![("Auto-Submitted".into(), "auto-replied".into())];
    mail.reply_to = Some("desk@example.org".into());
    mail.html = Some("<p>Hi</p>".into());
    let headers = headers(&mail);
    for want in [
        "From: Help <help@example.org>",
        "To: Bob <bob@example.com>",
        "Reply-To: desk@example.org",
        "Subject: Hello",
        "Message-ID: <t.1.abc@example.org>",
        "In-Reply-To: <q@customer.example>",
        "References: <p@customer.example> <q@customer.example>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
    ] {
        assert!(headers.iter().any(|header| header == want), "{want} in {headers:#?}");
    }
    assert!(headers.iter().any(|h| h.starts_with("Date: Sun, 22 Nov 2026 19:57:04 ")), "{headers:#?}");
    assert!(headers.iter().any(|h| h.starts_with("Content-Type: multipart/alternative;")), "{headers:#?}");
    assert_eq!(compose(&mail), compose(&mail));
}

#[test]
fn hostile_texts_neither_panic_nor_make_headers() {
    let evil = "A\r\nBcc: victim@example.org\r\n\r\nbody\0\u{7}\u{202e}";
    for field in 0..6 {
        let mut mail = mail();
        match field {
            0 => mail.from_name = Some(evil.into()),
            1 => mail.to = vec![(Some(evil.into()), "bob@example.com".into())],
            2 => mail.subject = evil.into(),
            3 => mail.extra_headers = vec![("X-Ticket".into(), evil.into())],
            4 => mail.references = vec![evil.into(), "ok@example.org".into()],
            _ => mail.in_reply_to = Some(evil.into()),
        }
        let headers = headers(&mail);
        assert!(!headers.iter().any(|h| h.to_ascii_lowercase().starts_with("bcc")), "{field} {headers:#?}");
    }
    for name in ["\r\n", "\0", "\u{7}", "\"", "\\", ",", "a\"b, <c@d>", "Иван\nB", "=?utf-8?Q?a=0D=0A?="] {
        let mut mail = mail();
        mail.from_name = Some(name.into());
        assert_eq!(headers(&mail).iter().filter(|h| h.starts_with("From: ")).count(), 1, "{name:?}");
    }
}

#[test]
fn what_cannot_be_sent_is_an_error() {
    use ComposeError as E;
    let check = |change: &dyn Fn(&mut OutboundMail), want: ComposeError| {
        let mut mail = mail();
        change(&mut mail);
        assert_eq!(compose(&mail), Err(want));
    };
    check(&|m| m.from_address = "nobody".into(), E::Address("nobody".into()));
    check(&|m| m.to[0].1 = "a@b.c\r\nBcc: x@y".into(), E::Address("a@b.c Bcc: x@y".into()));
    check(&|m| m.to[0].1 = "юзер@example.org".into(), E::AddressNotAscii("юзер@example.org".into()));
    check(&|m| m.message_id = "a b".into(), E::MessageId("a b".into()));
    check(&|m| m.extra_headers = vec![("Bad Name".into(), "x".into())], E::HeaderName("Bad Name".into()));
    check(&|m| m.to.clear(), E::NoRecipient);
}

#[test]
fn letters_outside_ascii_are_encoded() {
    let mut mail = mail();
    mail.from_name = Some("Поддержка \"A\"".into());
    mail.to = vec![(None, "user@пример.рф".into()), (None, "a..b@example.org".into())];
    mail.subject = "Ответ ".repeat(40);
    mail.text = "Привет, длинная строка ".repeat(100);
    mail.html = Some("<p>Привет</p>\0".into());
    let headers = headers(&mail);
    assert!(headers.iter().any(|h| h == "To: user@xn--e1afmkfd.xn--p1ai, a..b@example.org"), "{headers:#?}");
    assert!(headers.iter().any(|h| h.starts_with("Subject: =?utf-8?b?")), "{headers:#?}");
}

#[test]
fn long_threads_keep_their_first_and_latest_ids() {
    let mut mail = mail();
    mail.references = (0..200).map(|n| format!("{n}.0123456789abcdef0123456789@mail.customer.example")).collect();
    let headers = headers(&mail);
    let line = headers.iter().find(|h| h.starts_with("References: ")).unwrap();
    let ids: Vec<&str> = line.split_whitespace().skip(1).collect();
    assert_eq!(ids.len(), REFERENCES_MAX);
    assert!(ids[0].starts_with("<0.") && ids[1].starts_with("<161.") && ids[39].starts_with("<199."), "{ids:?}");
}

#[test]
fn a_sender_header_stands_beside_from_where_one_is_set() {
    let mut mail = mail();
    assert!(!headers(&mail).iter().any(|line| line.starts_with("Sender:")));
    mail.sender_address = Some("robot@example.org".into());
    let lines = headers(&mail);
    assert!(lines.contains(&"Sender: robot@example.org".to_owned()), "{lines:?}");
    assert!(lines.contains(&"From: Help <help@example.org>".to_owned()), "{lines:?}");
    mail.sender_address = Some("a@b.example\r\nBcc: x@y.example".into());
    assert!(compose(&mail).is_err());
}
