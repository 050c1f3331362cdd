//! Presets both ways: the noise that each is for, and mails that look alike and are not.

use super::{CompiledFilters, PRESETS, Subject, compile, preset, shadowed};
use crate::mail::{Limits, Parsed, parse};
use crate::settings::MailboxName;
use crate::verdict::{OwnIdentity, facts};

fn matches(filters: &CompiledFilters, raw: &str, reply: bool) -> bool {
    let raw = raw.replace('\n', "\r\n");
    let Parsed::Mail(mail) = parse(raw.as_bytes(), &Limits::default()) else { panic!("{raw}") };
    let facts = facts(&mail, &OwnIdentity::default());
    let mailbox = MailboxName::parse("support").unwrap();
    let subject = Subject { mail: &mail, facts: &facts, mailbox: &mailbox, size: raw.len() as u64, reply };
    !filters.judge(&subject).matched.is_empty()
}

fn letter(from: &str, subject: &str, more: &str) -> String {
    format!("From: {from}\nTo: desk@x.example\nSubject: {subject}\nMessage-ID: <1@y>\n{more}\nHello\n")
}

fn with_part(subject: &str, kind: &str, part: &str) -> String {
    let more = format!("MIME-Version: 1.0\nContent-Type: {kind}; boundary=b\n");
    let from = "MAILER-DAEMON@mx.example";
    format!(
        "{}--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: {part}\n\nAction: failed\n\n--b--\n",
        letter(from, subject, &more)
    )
}

#[test]
fn each_preset_takes_its_noise_and_leaves_the_rest() {
    let ann = "Ann <ann@acme.example>";
    let plain = letter(ann, "My printer", "");
    let invitation = "text/calendar; method=REPLY";
    let of = |subject: &str| letter("nagios@host.example", subject, "");
    let cases: Vec<(&str, Vec<String>, Vec<String>)> = vec![
        (
            "newsletters",
            vec![
                letter(ann, "Offers", "List-Unsubscribe: <https://x.example/u>\n"),
                letter(ann, "x", "Precedence: list\n"),
            ],
            vec![plain.clone()],
        ),
        (
            "out-of-office",
            vec![letter(ann, "Out of Office: away", ""), letter(ann, "x", "Auto-Submitted: auto-replied (vacation)\n")],
            vec![
                plain.clone(),
                letter(ann, "Re: Out of Office: away", ""),
                letter(ann, "x", "Auto-Submitted: auto-generated\n"),
            ],
        ),
        (
            "delivery-reports",
            vec![with_part(
                "Undelivered Mail",
                "multipart/report; report-type=delivery-status",
                "message/delivery-status",
            )],
            vec![plain.clone(), letter(ann, "Undelivered Mail", "")],
        ),
        (
            "read-receipts",
            vec![
                with_part("Read: x", "multipart/report; report-type=disposition-notification", "text/plain"),
                with_part("Read: x", "multipart/mixed", "message/disposition-notification"),
            ],
            vec![plain.clone(), letter(ann, "Read: this", "")],
        ),
        (
            "calendar-answers",
            vec![
                with_part("Accepted: Meeting", "multipart/alternative", invitation),
                with_part("Zugesagt: Termin", "multipart/mixed", "application/ics"),
            ],
            vec![
                plain.clone(),
                with_part("Meeting", "multipart/alternative", invitation),
                letter(ann, "Accepted: Meeting", ""),
            ],
        ),
        (
            "noreply-senders",
            vec![
                letter("noreply@shop.example", "x", ""),
                letter("Do-Not-Reply@shop.example", "x", ""),
                letter("no_reply@shop.example", "x", ""),
                letter("noreply-123@shop.example", "x", ""),
            ],
            vec![plain.clone(), letter("noreplyman@acme.example", "x", "")],
        ),
        (
            "spam-flagged",
            vec![
                letter(ann, "x", "X-Spam-Flag: YES\n"),
                letter(ann, "x", "X-Spam-Status: Yes, score=9.1 required=5\n"),
                letter(ann, "x", "X-Rspamd-Action: reject\n"),
            ],
            vec![plain.clone(), letter(ann, "x", "X-Spam-Flag: NO\nX-Spam-Status: No, score=0.1 yes\n")],
        ),
        (
            "monitoring-problem",
            vec![
                of("** PROBLEM Service Alert: db/disk is CRITICAL **"),
                of("[FIRING:1] DiskFull"),
                of("CRITICAL: disk"),
                of("DOWN - web1"),
            ],
            vec![
                plain.clone(),
                of("Problem with my printer"),
                of("Down payment"),
                of("** RECOVERY Service Alert: db **"),
            ],
        ),
        (
            "monitoring-recovery",
            vec![
                of("** RECOVERY Service Alert: db/disk is OK **"),
                of("[RESOLVED] DiskFull"),
                of("OK: disk"),
                of("UP - web1"),
            ],
            vec![
                plain.clone(),
                of("Recovery of my files"),
                of("Ok: as we said"),
                of("Up to you"),
                of("[FIRING:1] DiskFull"),
            ],
        ),
        ("automatic-mail", vec![letter(ann, "x", "Auto-Submitted: auto-generated\n")], vec![plain.clone()]),
    ];
    assert_eq!(cases.iter().map(|case| case.0).collect::<Vec<_>>(), PRESETS.map(|preset| preset.name));
    for (name, noise, rest) in cases {
        let filters = preset(name).unwrap().filters().unwrap();
        assert_eq!(filters[0].name.as_str(), name);
        let compiled = compile(&filters).unwrap();
        noise.iter().for_each(|raw| assert!(matches(&compiled, raw, false), "{name} misses\n{raw}"));
        rest.iter().for_each(|raw| assert!(!matches(&compiled, raw, false), "{name} takes\n{raw}"));
    }
}

#[test]
fn what_answers_a_ticket_is_never_dropped_as_absence_or_recovery() {
    for (name, subject) in [("out-of-office", "Out of Office: away"), ("monitoring-recovery", "[RESOLVED] DiskFull")] {
        let compiled = compile(&preset(name).unwrap().filters().unwrap()).unwrap();
        let raw = letter("ann@acme.example", subject, "");
        assert_eq!([true, false].map(|reply| matches(&compiled, &raw, reply)), [false, true], "{name}");
    }
}

#[test]
fn all_presets_together_can_be_applied_and_shadow_none() {
    let all: Vec<_> = PRESETS.iter().flat_map(|preset| preset.filters().unwrap()).collect();
    assert!(compile(&all).is_ok());
    assert_eq!(shadowed(&all), []);
}
