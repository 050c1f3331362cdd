//! Bodies in all the forms in which they come.

use super::super::*;
use super::mail;

#[test]
fn flowed_text_is_whole_and_files_within_it_are_attachments() {
    let read =
        mail("Content-Type: text/plain; format=flowed; DelSp=yes\n\nki \nku\nbegin 644 a.txt\n#0V%T\n`\nend\nbye\n");
    assert_eq!((read.attachments[0].name.as_str(), read.attachments[0].content.as_slice()), ("a.txt", &b"Cat"[..]));
    assert!(read.text.starts_with("kiku\n") && read.text.contains("begin 644"));
    assert_eq!(read.new_text(), "kiku\nbye");
}

#[test]
fn bytes_are_read_by_what_they_are() {
    for (head, body, want) in [
        ("Content-Type: text/plain; charset=big5\nContent-Transfer-Encoding: base64", "5oKo5aW9", "您好"),
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
            "f=FCr Sie",
            "für Sie",
        ),
        ("Content-Type: text/plain; charset=us-ascii", "für", "für"),
        ("Content-Type: text/plain; charset=iso-8859-1", "f\u{fc}r", "für"),
        ("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable", "f=FCr", "für"),
    ] {
        assert_eq!(mail(&format!("From: a@b.example\n{head}\n\n{body}")).text, want, "{head}");
    }
}

#[test]
fn an_invitation_is_told_and_kept() {
    let read = mail(
        "Content-Type: multipart/alternative; boundary=i\n\n--i\n\nsee you\n\nOn 1 Jan 2024, B wrote:\n> x\n--i\n\
         Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Printer\n\
         DTSTART:20240506T100000Z\nEND:VEVENT\n--i--\n",
    );
    assert_eq!(read.new_text(), "see you\n\nInvitation: Printer\nWhen: 2024-05-06 10:00 UTC");
    assert_eq!(read.attachments[0].name, "attachment-1.ics");
}

#[test]
fn sealed_mail_says_so_and_keeps_its_parts() {
    let encrypted = mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nxyz");
    assert!(encrypted.text.contains("S/MIME") && encrypted.issues.contains(&MailIssue::Encrypted));
    assert_eq!(encrypted.attachments[0].name, "smime.p7m");
    let pgp = mail(
        "Content-Type: multipart/encrypted; boundary=e\n\n--e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\
         --e\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--e--\n",
    );
    assert!(pgp.text.contains("PGP") && pgp.attachments.len() == 2);
    let signed = mail(
        "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=e\n\n--e\n\nyes\n--e\n\
         Content-Type: application/pgp-signature\n\nsig\n--e--\n",
    );
    assert_eq!((signed.text.trim_end(), signed.attachments[0].name.as_str()), ("yes", "signature.asc"));
    assert!(signed.issues.contains(&MailIssue::Signed));
    assert!(mail("From: a@b.example\n\n-----BEGIN PGP MESSAGE-----\nx").issues.contains(&MailIssue::Encrypted));
    assert!(!mail("From: a@b.example\n\nPGP is a good thing").issues.contains(&MailIssue::Encrypted));
}

#[test]
fn stubs_do_not_hide_what_the_html_says() {
    let alternative = |plain: &str| {
        let html = "<p>the printer on floor three is on fire and nobody knows where the water is</p><br>".repeat(3);
        mail(&format!(
            "Content-Type: multipart/alternative; boundary=i\n\n--i\n\n{plain}\n--i\nContent-Type: text/html\n\n{html}\n--i--\n"
        ))
    };
    let stub = alternative("Use another program");
    assert!(stub.text.starts_with("Use another program\n") && stub.text.contains("on fire"));
    assert!(!alternative("a&nbsp;b&nbsp;c").text.contains("&nbsp;"));
    let whole = "the printer burns, and nobody knows where the water is, please come and help us with it soon today ";
    assert!(!alternative(&whole.repeat(2)).text.contains("on fire"));
}
