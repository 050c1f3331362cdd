//! Tables for the pure parts.

use super::mark::{Mark, is_genuine};
use super::*;
use crate::address::Address;
use crate::diagnosis::{Fault, FaultKind, Protocol, Step};
use crate::route::token::TokenKeys;
use crate::secret::SecretText;
use crate::settings::connection::{Encryption, ServerAddress};
use jiff::{SignedDuration, Timestamp};

fn server(port: u16, encryption: Encryption) -> ServerAddress {
    ServerAddress { host: "mail.example".into(), port, encryption, ca_file: None, pin_sha256: None }
}

fn step(stage: Stage, outcome: Outcome) -> CheckStep {
    let fault = Fault {
        protocol: Protocol::Smtp,
        server: server(587, Encryption::Starttls),
        step: Step::Login,
        kind: FaultKind::AuthenticationRejected,
        server_said: None,
    };
    let diagnosis = (outcome == Outcome::Failed).then(|| fault.diagnosis());
    CheckStep {
        step: stage,
        outcome,
        milliseconds: 3,
        found: vec![("a".into(), "b".into())],
        server_said: None,
        diagnosis,
    }
}

#[test]
fn the_worst_step_decides() {
    use Outcome::{Failed, Passed, Skipped, Warned};
    for (outcomes, want, sentence) in [
        (vec![Passed, Skipped, Passed], Passed, "all well"),
        (vec![Passed, Warned], Warned, "all well; look at: TLS"),
        (vec![Warned, Failed, Skipped], Failed, "TLS: the server does not accept this user name and password"),
    ] {
        let steps: Vec<_> = outcomes.into_iter().map(|outcome| step(Stage::Tls, outcome)).collect();
        assert_eq!(conclude(&steps, "all well"), Conclusion { outcome: want, sentence: sentence.into() });
    }
}

#[test]
fn a_report_travels() {
    let steps = vec![step(Stage::Login, Outcome::Failed), step(Stage::Sender, Outcome::Skipped)];
    let report = CheckReport {
        conclusion: conclude(&steps, ""),
        steps,
        transcript: vec!["S: 220 x".into()],
        mark: Some("abc".into()),
    };
    let bytes = postcard::to_stdvec(&report).unwrap();
    assert_eq!(postcard::from_bytes::<CheckReport>(&bytes).unwrap(), report);
}

#[test]
fn secrets_are_replaced_in_every_form() {
    let redactor = Redactor::new("desk", &SecretText::new("pa\"ss\\word"));
    for line in [
        "LOGIN \"desk\" \"pa\\\"ss\\\\word\"",
        "AUTH PLAIN AGRlc2sAcGEic3Ncd29yZA==",
        "535 no: cGEic3Ncd29yZA==",
        "you said pa\"ss\\word",
    ] {
        let shown = redactor.line(line);
        assert!(shown.contains("[redacted]"), "{shown}");
        for part in ["ss\\word", "ss\\\\word", "cGEic3", "AGRlc2s"] {
            assert!(!shown.contains(part), "{line} -> {shown}");
        }
    }
    assert_eq!(redactor.line("you said: pa\"ss…"), "you said: [redacted]", "cut within the secret");
    assert_eq!(Redactor::none().line("220 \x1b[31mhi\r\n"), "220 [31mhi");
    assert_eq!(Redactor::new("x", &SecretText::new("")).line("abc"), "abc");
}

#[test]
fn only_a_mark_of_ours_and_of_late_is_genuine() {
    let (key, now) = (TokenKeys::new([3; 32]), "2026-11-22T12:00:00Z".parse::<Timestamp>().unwrap());
    let address = |text: &str| Address::parse(text).unwrap();
    let own = ["desk@example.org", "info@example.org"].map(|own| address(own).key());
    let mark = Mark::new([7; 10], now);
    let value = mark.sign(&key, &address("Info@example.org"));
    let after = |hours| now + SignedDuration::from_hours(hours);
    assert!(is_genuine(&value, &key, &own, now) && is_genuine(&format!(" {value} "), &key, &own, after(47)));
    assert!(!is_genuine(&value, &key, &own, after(49)), "too old");
    assert!(!is_genuine(&value, &key, &own, after(-2)), "from the future");
    assert!(!is_genuine(&value, &TokenKeys::new([4; 32]), &own, now), "another install");
    let sent_away = mark.sign(&key, &address("eve@world.example"));
    assert!(!is_genuine(&sent_away, &key, &own, now), "it was sent to somebody else");
    let (second, rest) = value.split_once('.').unwrap();
    let later = format!("{}.{rest}", second.parse::<i64>().unwrap() + 1);
    for forged in [later.as_str(), "", "1.2.3", "x", ".", &value.replace(rest, "")] {
        assert!(!is_genuine(forged, &key, &own, now), "{forged}");
    }
}

#[test]
fn the_other_port_has_the_encryption_that_belongs_to_it() {
    use Encryption::{Plain, Starttls, Tls};
    for (protocol, port, encryption, want) in [
        (Protocol::Smtp, 587, Starttls, (465, Tls)),
        (Protocol::Smtp, 465, Tls, (587, Starttls)),
        (Protocol::Smtp, 25, Starttls, (465, Tls)),
        (Protocol::Smtp, 587, Tls, (465, Tls)),
        (Protocol::Imap, 993, Tls, (143, Starttls)),
        (Protocol::Imap, 143, Plain, (993, Tls)),
        (Protocol::Imap, 10143, Tls, (143, Starttls)),
    ] {
        let other = port::other_usual(protocol, &server(port, encryption));
        assert_eq!((other.port, other.encryption), want, "{protocol:?} {port}");
    }
}

#[test]
fn the_folder_that_was_meant_is_offered() {
    let names: Vec<String> = ["INBOX", "Archive", "INBOX/Support", "Обработано"].map(str::to_owned).to_vec();
    for (wanted, want) in [
        ("inbox", Some("INBOX")),
        ("Archiv", Some("Archive")),
        ("support", Some("INBOX/Support")),
        ("Обработанно", Some("Обработано")),
        ("Quux", None),
    ] {
        assert_eq!(folder::nearest(wanted, &names), want, "{wanted}");
    }
    assert_eq!(folder::nearest("x", &[]), None);
}
