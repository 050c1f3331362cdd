//! Key records, alignment, and the checks beside SPF.

use super::super::spf::{settle, zone};
use super::*;
use crate::address::Domain;

/// An RSA public key of this many bits, as SubjectPublicKeyInfo; its modulus is no product of primes.
fn rsa(bits: usize) -> String {
    let modulus = [vec![0], vec![0xC5; bits / 8]].concat();
    let key = element(SEQUENCE, &[element(INTEGER, &modulus), element(INTEGER, &[1, 0, 1])].concat());
    BASE64.encode(&rsa_public_key_info(&key))
}

fn signing(algorithm: DkimAlgorithm, public: Result<String, String>) -> Signing {
    let record_name = "s1._domainkey.example.org".to_owned();
    Signing { domain: "example.org".into(), record_name, algorithm, public }
}

fn check(check: Check, signing: Option<&Signing>, lines: &[&str]) -> Vec<Finding> {
    let domain = Domain::parse("example.org").unwrap();
    let subject = Subject { from_domain: Some(&domain), server_host: "mail.example.org", signing };
    settle(zone(lines), &subject).into_iter().filter(|finding| finding.check == check).collect()
}

#[test]
fn key_records_are_judged() {
    use Verdict::*;
    let (strong, other) = (rsa(2048), rsa(3072));
    let cut: String = strong.chars().take(255).collect();
    let bare = BASE64.encode(bare_rsa_key(&BASE64.decode(strong.as_bytes()).unwrap()).unwrap());
    let ours = signing(DkimAlgorithm::Rsa, Ok(strong.clone()));
    for (text, verdict, word) in [
        (format!("v=DKIM1; k=rsa; p={strong}"), Good, "2048 bits"),
        (format!("p={strong}"), Good, "2048 bits"),
        (format!("v=DKIM1; p={bare}"), Good, "2048 bits"),
        (format!("v=DKIM1; p={} {}", strong.get(..100).unwrap(), strong.get(100..).unwrap()), Good, "2048"),
        (format!("v=DKIM1; t=y; p={strong}"), Warning, "tested"),
        (format!("v=DKIM1; p={other}"), Bad, "another key"),
        (format!("v=DKIM1; p={cut}"), Bad, "cut short"),
        ("v=DKIM1; p=".into(), Bad, "revoked"),
        ("v=DKIM1; k=rsa".into(), Bad, "missing"),
        (format!("k=rsa; v=DKIM1; p={strong}"), Bad, "first"),
        (format!("v=DKIM2; p={strong}"), Bad, "not DKIM1"),
        (format!("v=DKIM1; h=sha1; p={strong}"), Bad, "sha256"),
        (format!("v=DKIM1; s=tlsrpt; p={strong}"), Bad, "email"),
        (format!("v=DKIM1; p={strong}; p={strong}"), Bad, "twice"),
        (format!("v=DKIM1; p={}", "A".repeat(1 << 20)), Bad, "bytes long"),
        ("v=DKIM1; p=\u{1b}[2J".into(), Bad, "base64"),
        ("v=DKIM1; k=ed25519; p=AAAA".into(), Bad, "32"),
    ] {
        let line = format!("s1._domainkey.example.org: TXT {text}");
        let found = check(Check::Dkim, Some(&ours), &[&line]);
        assert_eq!(found[0].verdict, verdict, "{}", found[0].meaning);
        assert!(found[0].meaning.contains(word), "{}", found[0].meaning);
        assert!(verdict != Bad || found[0].publish.as_ref().unwrap().value.ends_with(&strong));
    }
    for (bits, verdict) in [(512, Bad), (1024, Warning), (2048, Good), (4096, Good)] {
        let ours = signing(DkimAlgorithm::Rsa, Ok(rsa(bits)));
        let line = format!("s1._domainkey.example.org: TXT v=DKIM1; p={}", rsa(bits));
        assert_eq!(check(Check::Dkim, Some(&ours), &[&line])[0].verdict, verdict, "{bits}");
    }
}

#[test]
fn what_is_not_published_is_given_to_publish() {
    let key = BASE64.encode(&[7; 32]);
    let ours = signing(DkimAlgorithm::Ed25519, Ok(key.clone()));
    let found = check(Check::Dkim, Some(&ours), &[]);
    let publish = found[0].publish.clone().unwrap();
    assert_eq!(found[0].verdict, Verdict::Bad);
    assert_eq!(publish.name, "s1._domainkey.example.org");
    assert_eq!(publish.value, format!("v=DKIM1; k=ed25519; p={key}"));
    let line = format!("{}: TXT {}", publish.name, publish.value);
    assert_eq!(check(Check::Dkim, Some(&ours), &[&line])[0].verdict, Verdict::Good, "what we say to publish is good");
    assert_eq!(check(Check::Dkim, Some(&ours), &[&line, &line])[0].verdict, Verdict::Bad);
    assert_eq!(check(Check::Dkim, None, &[])[0].verdict, Verdict::Unknown);
    let gone = signing(DkimAlgorithm::Rsa, Err("no such credential".into()));
    assert!(check(Check::Dkim, Some(&gone), &[])[0].meaning.contains("no such credential"));
    let foreign = Signing { domain: "mailer.example".into(), ..ours };
    let found = check(Check::Dkim, Some(&foreign), &[&line]);
    assert!(found[1].verdict == Verdict::Warning && found[1].meaning.contains("DMARC does not count"));
    assert!(aligned("mail.example.org", "example.org") && aligned("example.org", "desk.example.org"));
    assert!(!aligned("badexample.org", "example.org"));
}

#[test]
fn dmarc_records_are_judged() {
    use Verdict::*;
    for (text, verdict, word) in [
        ("v=DMARC1; p=reject; rua=mailto:d@example.org", Good, "refused"),
        ("v=DMARC1; p=quarantine", Good, "spam"),
        ("v=DMARC1;p=none;rua=mailto:d@example.org,mailto:x@y.example!10m", Good, "report"),
        ("v=DMARC1; p=none", Warning, "without rua"),
        ("v=DMARC1; rua=mailto:d@example.org", Bad, "missing"),
        ("v=DMARC1; p=maybe", Bad, "no policy"),
        ("v=DMARC1; p=none; rua=d@example.org", Bad, "mailto"),
        ("v=dmarc1; p=none", Bad, "capitals"),
        ("v=DMARC1 p=none", Bad, "begin with"),
        ("v=DMARC1; p=none; p=reject", Bad, "twice"),
        ("v=DMARC1; p", Bad, "no ="),
    ] {
        let found = check(Check::Dmarc, None, &[&format!("_dmarc.example.org: TXT {text}")]);
        assert_eq!(found[0].verdict, verdict, "{text}: {}", found[0].meaning);
        assert!(found[0].meaning.contains(word), "{text}: {}", found[0].meaning);
    }
    let none = check(Check::Dmarc, None, &[]);
    assert_eq!(none[0].publish.as_ref().unwrap().value, "v=DMARC1; p=none; rua=mailto:postmaster@example.org");
    let below = Domain::parse("desk.eu.example.org").unwrap();
    let subject = Subject { from_domain: Some(&below), server_host: "h", signing: None };
    let found = settle(zone(&["_dmarc.example.org: TXT v=DMARC1; p=reject; sp=none"]), &subject);
    let found = found.into_iter().find(|finding| finding.check == Check::Dmarc).unwrap();
    assert!(found.meaning.contains("without rua"), "the policy for names below counts: {}", found.meaning);
}

#[test]
fn mx_and_reverse_dns_are_judged() {
    use Verdict::*;
    let host = "mail.example.org: A 198.51.100.7";
    for (lines, verdict, word) in [
        (vec!["example.org: MX 10 mail.example.org"], Good, "place to go"),
        (vec!["example.org: MX 10 gone.example.org"], Bad, "no MX host"),
        (vec!["example.org: MX 10 mail.example.org", "example.org: MX 20 gone.example.org"], Warning, "some"),
        (vec!["example.org: MX 0 "], Bad, "null MX"),
        (vec!["example.org: MX 10 198.51.100.7"], Bad, "must name a host"),
        (vec!["example.org: A 198.51.100.9"], Warning, "no MX"),
        (vec![], Bad, "nothing takes mail"),
    ] {
        let lines: Vec<&str> = lines.into_iter().chain([host]).collect();
        let found = check(Check::Mx, None, &lines);
        assert_eq!(found[0].verdict, verdict, "{lines:?}: {}", found[0].meaning);
        assert!(found[0].meaning.contains(word), "{lines:?}: {}", found[0].meaning);
    }
    for (lines, verdict) in [
        (vec!["198.51.100.7: PTR mail.example.org"], Good),
        (vec!["198.51.100.7: PTR pool-7.isp.example"], Warning),
        (vec!["198.51.100.7: PTR other.example", "other.example: A 198.51.100.8"], Warning),
        (vec!["198.51.100.7: PTR !"], Unknown),
        (vec![], Warning),
    ] {
        let lines: Vec<&str> = lines.into_iter().chain([host]).collect();
        assert_eq!(check(Check::ReverseDns, None, &lines)[0].verdict, verdict, "{lines:?}");
    }
    assert!(check(Check::ReverseDns, None, &["mail.example.org: A 10.0.0.1"]).is_empty());
}

#[test]
fn silence_is_said_and_nothing_is_judged() {
    let domain = Domain::parse("example.org").unwrap();
    let subject = Subject { from_domain: Some(&domain), server_host: "mail.example.org", signing: None };
    let mut answers = zone(&[]);
    let findings = loop {
        let findings = crate::doctor::examine(&answers, &subject);
        let open = answers.open();
        if open.is_empty() {
            break findings;
        }
        open.into_iter()
            .for_each(|question| answers.insert(question, super::super::Answer::Failed("timed out".into())));
    };
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].check, findings[0].verdict), (Check::Dns, Verdict::Unknown));
    assert_eq!(findings[0].meaning, "DNS does not answer: nothing was judged");
    assert!(!findings[0].is_problem());
}
