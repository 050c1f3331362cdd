//! What of a stranger's signatures counts.

use super::*;
use crate::dkim::{Signer, SigningKey};
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::Canonicalization;
use mail_auth::dkim::DkimSigner;
use maildesk_core::doctor::Record;
use maildesk_core::doctor::dkim::record_value;
use maildesk_core::secret::SecretText;
use maildesk_core::settings::{Dkim, DkimAlgorithm, SecretSetting};
use std::sync::LazyLock;

const MAIL: &str = "From: Bob <bob@example.org>\r\nTo: desk@desk.test\r\nSubject: Hello\r\nMessage-ID: <a@example.org>\r\n\r\nYes.\r\n";

/// One key for all, in PKCS #8.
static KEY: LazyLock<Vec<u8>> = LazyLock::new(|| Ed25519Key::generate_pkcs8().unwrap());

fn signer(domain: &str) -> Signer {
    let text = SecretText::new(data_encoding::BASE64.encode(&KEY));
    let key = SigningKey::parse(DkimAlgorithm::Ed25519, &text).unwrap();
    let algorithm = DkimAlgorithm::Ed25519;
    let domain = Domain::parse(domain).unwrap();
    Signer::new(&Dkim { domain, selector: "s1".into(), algorithm, key: SecretSetting::Sealed, required: true }, key)
}

fn signed_by(domain: &str, mail: &str) -> String {
    String::from_utf8(signer(domain).sign(mail.as_bytes()).unwrap()).unwrap()
}

fn published() -> Answer {
    let text = SecretText::new(data_encoding::BASE64.encode(&KEY));
    let key = SigningKey::parse(DkimAlgorithm::Ed25519, &text).unwrap();
    Answer::Found(vec![Record::Text("other".into()), Record::Text(record_value(DkimAlgorithm::Ed25519, &key.public()))])
}

/// What each signature comes to, with this answer for every key.
fn found(mail: &str, answer: Answer) -> Vec<(String, Finding, String)> {
    let signed = SignedMail::read(mail.as_bytes());
    let answers: Vec<Answer> = signed.keys.iter().map(|_| answer.clone()).collect();
    let found = Verifier::new().unwrap().verify(mail.as_bytes(), &signed, &answers);
    found.into_iter().map(|one| (one.domain, one.finding, one.why.unwrap_or_default())).collect()
}

#[test]
fn a_signature_holds_or_says_why_not() {
    let good = signed_by("example.org", MAIL);
    let refused = || Answer::Failed("refused".into());
    let rubbish = Answer::Found(vec![Record::Text("v=DKIM1; k=ed25519; p=AAAA".into())]);
    for (mail, answer, want, why) in [
        (good.clone(), published(), Finding::Pass, ""),
        (good.replace("Yes.", "No."), published(), Finding::Fail, "the body was changed after it was signed"),
        (good.replace("Hello", "Hallo"), published(), Finding::Fail, "it does not fit the header"),
        (good.clone(), rubbish, Finding::Fail, "it does not fit the header"),
        (good.clone(), Answer::Absent, Finding::PermError, "its key is not in DNS"),
        (good.clone(), refused(), Finding::TempError, "its key could not be looked up: refused"),
    ] {
        let found = found(&mail, answer);
        assert!(
            matches!(found.as_slice(), [(by, finding, said)]
            if by == "example.org" && *finding == want && said.starts_with(why)),
            "{why}: {found:?}"
        );
    }
    assert_eq!(found(MAIL, published()), []);
}

#[test]
fn a_signature_that_leaves_from_open_proves_nothing() {
    let key = Ed25519Key::from_pkcs8_maybe_unchecked_der(&KEY).unwrap();
    let signer = DkimSigner::from_key(key).domain("example.org").selector("s1").headers(["Subject"]);
    let signer = signer.header_canonicalization(Canonicalization::Relaxed);
    let mail = format!("{}{MAIL}", signer.sign(MAIL.as_bytes()).unwrap().to_header());
    let found = found(&mail.replace("bob@", "boss@"), published());
    assert_eq!(found, [("example.org".into(), Finding::Policy, "it does not sign From".into())]);
}

#[test]
fn the_author_is_the_one_address_of_the_one_from() {
    let author = |head: &str| SignedMail::read(format!("{head}\r\n\r\nYes.\r\n").as_bytes()).from.map(String::from);
    assert_eq!(author("From: Bob <bob@Example.ORG>").as_deref(), Some("example.org"));
    assert_eq!(author("From: \"a@trusted.test\" <bob@example.org>").as_deref(), Some("example.org"));
    for nobody in [
        "Subject: x",
        "From: bob@example.org\r\nFrom: eve@world.test",
        "From: bob@example.org\r\nfrom : eve@world.test",
        "From: bob@example.org, eve@world.test",
        "From: bob@[192.0.2.1]",
        "From: undisclosed:;",
    ] {
        assert_eq!(author(nobody), None, "{nobody}");
    }
}

#[test]
fn of_many_signatures_the_authors_come_first_and_few_are_looked_at() {
    let mut mail = signed_by("example.org", MAIL);
    for number in 0..100 {
        mail = format!(
            "{}{mail}",
            signer(&format!("d{number}.world.test"))
                .sign(MAIL.as_bytes())
                .map(|signed| String::from_utf8(signed).unwrap().replace(MAIL, ""))
                .unwrap()
        );
    }
    let signed = SignedMail::read(mail.as_bytes());
    assert_eq!((signed.keys.len(), signed.keys[0].as_str()), (MOST_SIGNATURES, "s1._domainkey.example.org"));
    let found = found(&mail, published());
    assert_eq!(found.len(), MOST_SIGNATURES);
    assert!(found.iter().any(|(by, finding, _)| by == "example.org" && *finding == Finding::Pass), "{found:?}");
    // A header of many megabytes, and a signature of many names.
    let endless = format!("X: {}\r\n{}", "x".repeat(LARGEST_HEADER), signed_by("example.org", MAIL));
    assert_eq!(SignedMail::read(endless.as_bytes()).keys, [] as [String; 0]);
    let names = format!("h={}:", "x:".repeat(MOST_SIGNED));
    let wide = signed_by("example.org", MAIL).replacen("h=", &names, 1);
    assert_eq!(SignedMail::read(wide.as_bytes()).keys, [] as [String; 0]);
}
