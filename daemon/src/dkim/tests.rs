//! Both algorithms against mail-auth's verifier, with the DNS record that we tell people to publish.

use super::*;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt};
use maildesk_core::address::Domain;
use maildesk_core::doctor::dkim::record_value;
use maildesk_core::secret::SecretText;
use maildesk_core::settings::{Dkim, DkimAlgorithm, SecretSetting};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Instant;

const MAIL: &str = "From: =?utf-8?b?0J/QvtC00LTQtdGA0LbQutCw?= <help@example.org>\r\nTo: bob@example.com\r\n\
Subject: Hello\r\nDate: Sun, 22 Nov 2026 21:00:00 +0000\r\nMessage-ID: <a@example.org>\r\nMIME-Version: 1.0\r\n\
Content-Type: text/plain; charset=utf-8\r\n\r\nThe  first line \r\n\r\nThe last line\r\n\r\n\r\n";

struct Records(Mutex<HashMap<Box<str>, Txt>>);

impl ResolverCache<Box<str>, Txt> for Records {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        self.0.lock().unwrap().get(name).cloned()
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        self.0.lock().unwrap().remove(name)
    }

    fn insert(&self, name: Box<str>, record: Txt, _: Instant) {
        self.0.lock().unwrap().insert(name, record);
    }
}

fn openssl(arguments: &[&str]) -> SecretText {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    SecretText::new(String::from_utf8(output.stdout).unwrap())
}

fn key_of(algorithm: DkimAlgorithm) -> SecretText {
    match algorithm {
        DkimAlgorithm::Rsa => openssl(&["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
        DkimAlgorithm::Ed25519 => openssl(&["genpkey", "-algorithm", "ed25519"]),
    }
}

fn settings(algorithm: DkimAlgorithm) -> Dkim {
    let domain = Domain::parse("example.org").unwrap();
    Dkim { domain, selector: "s1".into(), algorithm, key: SecretSetting::Sealed, required: true }
}

async fn verify(mail: &[u8], record: &str) -> Vec<DkimResult> {
    let key = DomainKey::parse(record.as_bytes()).unwrap();
    let records = HashMap::from([("s1._domainkey.example.org.".into(), Txt::DomainKey(Arc::new(key)))]);
    let records = Records(Mutex::new(records));
    let message = AuthenticatedMessage::parse(mail).unwrap();
    // Every name that is asked for stands in the cache: no name server is needed.
    let verifier = MessageAuthenticator::new_cloudflare().unwrap();
    let outcomes = verifier.verify_dkim(Parameters::new(&message).with_txt_cache(&records)).await;
    outcomes.iter().map(|outcome| outcome.result().clone()).collect()
}

#[tokio::test]
async fn signatures_verify_and_break_with_the_mail() {
    for algorithm in [DkimAlgorithm::Rsa, DkimAlgorithm::Ed25519] {
        let key = SigningKey::parse(algorithm, &key_of(algorithm)).unwrap();
        let record = record_value(algorithm, &key.public());
        let signed = Signer::new(&settings(algorithm), key).sign(MAIL.as_bytes()).unwrap();
        let signed = String::from_utf8(signed).unwrap();
        assert!(signed.ends_with(MAIL) && signed.starts_with("DKIM-Signature: "), "{signed}");
        assert!(signed.contains("c=relaxed/relaxed") && signed.to_lowercase().matches("from").count() >= 3, "{signed}");
        assert_eq!(verify(signed.as_bytes(), &record).await, [DkimResult::Pass], "{algorithm}");
        // Relaxed: white space may change on the way.
        let refolded = signed.replace("Subject: Hello", "Subject:   Hello ").replace("first line ", "first line");
        assert_eq!(verify(refolded.as_bytes(), &record).await, [DkimResult::Pass], "{algorithm}");
        for (from, to) in [
            ("Subject: Hello", "Subject: Hallo"),
            ("The last", "The least"),
            ("help@example.org", "boss@example.org"),
            ("MIME-Version", "From: boss@example.org\r\nMIME-Version"),
            ("MIME-Version", "Reply-To: thief@example.com\r\nMIME-Version"),
        ] {
            let altered = signed.replacen(from, to, 1);
            assert_ne!(altered, signed);
            let outcome = verify(altered.as_bytes(), &record).await;
            assert!(!outcome.contains(&DkimResult::Pass), "{algorithm} {to}: {outcome:?}");
        }
        let other = SigningKey::parse(algorithm, &key_of(algorithm)).unwrap();
        let outcome = verify(signed.as_bytes(), &record_value(algorithm, &other.public())).await;
        assert!(!outcome.contains(&DkimResult::Pass), "{algorithm}: {outcome:?}");
    }
}

#[test]
fn keys_are_read_in_every_form_and_refused_without_showing_them() {
    let rsa = key_of(DkimAlgorithm::Rsa);
    let public = SigningKey::parse(DkimAlgorithm::Rsa, &rsa).unwrap().public();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), rsa.expose()).unwrap();
    let path = file.path().to_str().unwrap();
    // What OpenSSL calls the public half is what we publish.
    let published = openssl(&["pkey", "-in", path, "-pubout"]);
    let lines: String = published.expose().lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(public, lines);
    let pkcs1 = openssl(&["pkey", "-in", path, "-traditional"]);
    assert!(pkcs1.expose().contains("BEGIN RSA PRIVATE KEY"));
    let one_line: String = rsa.expose().lines().filter(|line| !line.starts_with('-')).collect();
    for text in [pkcs1, SecretText::new(one_line)] {
        assert_eq!(SigningKey::parse(DkimAlgorithm::Rsa, &text).unwrap().public(), public);
    }
    let weak = openssl(&["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    let ed = key_of(DkimAlgorithm::Ed25519);
    for (algorithm, text, want) in [
        (DkimAlgorithm::Rsa, weak, KeyProblem::OtherKind(DkimAlgorithm::Rsa)),
        (DkimAlgorithm::Rsa, ed, KeyProblem::OtherKind(DkimAlgorithm::Rsa)),
        (DkimAlgorithm::Ed25519, rsa, KeyProblem::OtherKind(DkimAlgorithm::Ed25519)),
        (DkimAlgorithm::Rsa, SecretText::new("hunter2!"), KeyProblem::Unreadable),
        (DkimAlgorithm::Rsa, SecretText::new("-----BEGIN PRIVATE KEY-----\nx"), KeyProblem::Unreadable),
    ] {
        let problem = SigningKey::parse(algorithm, &text).unwrap_err();
        assert_eq!(problem, want);
        assert!(!problem.to_string().contains("hunter2"));
    }
}
