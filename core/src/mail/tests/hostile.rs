//! Every form of body, cut and bent: nothing panics, and the sections always cover the text.

use super::super::*;
use proptest::prelude::*;

/// A mail with a part of every form that is read.
fn sample() -> Vec<u8> {
    let tnef = "eJ8+IgEAAgcGAAQAAADkBAAAAgAAAQIAAgaAAQAAAAAA";
    format!(
        "Return-Path: <>\r\nFrom: \"Ä\" <a@x.example>\r\nSubject: =?utf-8?B?0J/RgNC4?=\r\nDate: Sat, 22 Apr 2006 17:14:50 UT\r\n\
         Content-Type: multipart/mixed;\r\n boundary=\"o\"\r\n\r\n--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n\
         --i\r\nContent-Type: text/plain; charset=big5; format=flowed; delsp=yes\r\n\r\nfür \r\n> e \r\n-- \r\nbegin 644 a\r\n\
         #0V%T\r\n`\r\nend\r\nOn 1 Jan 2024, B <b@x> wrote:\r\n> x\r\n--i\r\nContent-Type: text/html\r\n\r\n<blockquote \
         class=gmail_quote>&amp;&nbsp;<b>x\r\n--i\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Ä:20240506T100000\r\n\
         ORGANIZER;CN=\"é\":mailto:b\r\n--i--\r\n--o\r\nContent-Type: application/ms-tnef; name=\"=?utf-8?Q?winmail=2Edat?=\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{tnef}\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: é\r\n\
         Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: x\r\n\r\ny\r\n--o\r\nContent-Type: \
         application/pkcs7-signature\r\n\r\nx\r\n"
    )
    .into_bytes()
}

fn check(raw: &[u8]) {
    if let Parsed::Mail(mail) = parse(raw, &Limits::default()) {
        let mut at = 0;
        for section in &mail.body.sections {
            assert_eq!(section.range.start, at);
            assert!(mail.text.get(section.range.clone()).is_some());
            at = section.range.end;
        }
        assert_eq!(at, mail.text.len());
        assert!(mail.attachments.iter().all(|a| !a.name.is_empty() && !a.name.contains(['/', '\0'])));
    }
}

#[test]
fn every_truncation_is_read() {
    let whole = sample();
    for end in 0..whole.len() {
        check(&whole[..end]);
    }
}

#[test]
fn a_message_in_a_digest_that_ends_at_once_is_read() {
    check(b"Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nContent-Type: message/rfc822\r\n\r\n\r\n");
}

proptest! {
    #[test]
    fn bent_bytes_are_read(changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..12)) {
        let mut raw = sample();
        let length = raw.len();
        for (at, with) in changes {
            raw[at % length] = with;
        }
        check(&raw);
    }

    #[test]
    fn lines_in_any_order_are_read(order in proptest::collection::vec(any::<usize>(), 1..60)) {
        let raw = sample();
        let lines: Vec<&[u8]> = raw.split_inclusive(|byte| *byte == b'\n').collect();
        check(&order.iter().flat_map(|at| lines[at % lines.len()]).copied().collect::<Vec<u8>>());
    }
}
