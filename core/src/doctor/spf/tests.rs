//! Tables: records and what is said about them; hostile ones too.

use super::super::dns::Question;
use super::*;
use crate::address::Domain;
use crate::doctor::examine;

/// `name: TXT text`, `name: A address`, `name: MX 10 host`, `name: PTR host`; `name: TXT !` does not answer.
pub(crate) fn zone(lines: &[&str]) -> Answers {
    let mut records: std::collections::BTreeMap<Question, Answer> = Default::default();
    for line in lines {
        let (name, rest) = line.split_once(": ").unwrap();
        let (kind, value) = rest.split_once(' ').unwrap();
        let (kind, record) = match kind {
            "TXT" => (QuestionKind::Text, Record::Text(value.into())),
            "A" => (QuestionKind::Address, Record::Address(value.parse().unwrap_or([0, 0, 0, 0].into()))),
            "PTR" => (QuestionKind::Reverse, Record::Name(value.into())),
            "MX" => {
                let (preference, host) = value.split_once(' ').unwrap();
                (QuestionKind::Mx, Record::Mx { preference: preference.parse().unwrap(), host: host.into() })
            }
            _ => unreachable!(),
        };
        let question = Question { kind, name: name.into() };
        match records.entry(question).or_insert_with(|| Answer::Found(Vec::new())) {
            entry if value == "!" => *entry = Answer::Failed("no answer".into()),
            Answer::Found(list) => list.push(record),
            _ => {}
        }
    }
    let mut answers = Answers::default();
    for (question, answer) in records {
        answers.insert(question, answer);
    }
    answers
}

/// Answers "absent" to whatever is still asked, as an authoritative server would.
pub(crate) fn settle(mut answers: Answers, subject: &Subject<'_>) -> Vec<Finding> {
    for _ in 0..100 {
        let findings = examine(&answers, subject);
        let open = answers.open();
        if open.is_empty() {
            return findings;
        }
        open.into_iter().for_each(|question| answers.insert(question, Answer::Absent));
    }
    panic!("questions never end");
}

fn spf(lines: &[&str]) -> Vec<Finding> {
    let domain = Domain::parse("example.org").unwrap();
    let subject = Subject { from_domain: Some(&domain), server_host: "mail.example.org", signing: None };
    let findings = settle(zone(lines), &subject);
    findings.into_iter().filter(|finding| finding.check == Check::Spf).collect()
}

const HOST: &str = "mail.example.org: A 198.51.100.7";

fn record(text: &str) -> Vec<Finding> {
    spf(&[HOST, &format!("example.org: TXT {text}")])
}

#[test]
fn records_are_judged() {
    use Verdict::*;
    for (text, verdict, word) in [
        ("v=spf1 ip4:198.51.100.0/24 -all", Good, "0 of 10"),
        ("V=SPF1 a:mail.example.org ~all", Good, "1 of 10"),
        ("v=spf1 mx a ptr -all", Warning, "ptr"),
        ("v=spf1 mx", Warning, "no end"),
        ("v=spf1 mx ?all", Warning, "?all"),
        ("v=spf1 mx +all", Bad, "whole world"),
        ("v=spf1 all", Bad, "whole world"),
        ("v=spf1 -all mx", Warning, "behind"),
        ("v=spf1 ip4:198.51.100.0/33 -all", Bad, "prefix length"),
        ("v=spf1 ip4:198.51.100 -all", Bad, "no address"),
        ("v=spf1 ip6:198.51.100.1 -all", Bad, "no address"),
        ("v=spf1 ipv4:198.51.100.1 -all", Bad, "no such mechanism"),
        ("v=spf1 include: -all", Bad, "domain must follow"),
        ("v=spf1 include -all", Bad, "domain must follow"),
        ("v=spf1 -all:x", Bad, "no argument"),
        ("v=spf1 redirect=a.example redirect=b.example", Bad, "twice"),
        ("v=spf1 include:none.example -all", Bad, "has no SPF record"),
        ("v=spf1 include:example.org -all", Bad, "look-ups"),
        ("v=spf1 exists:%{i}._spf.example.net ~all", Good, "1 of 10"),
        ("v=spf1 unknown=x exp=e.example -all", Good, "0 of 10"),
        ("v=spf1 ip4:198.51.100.7 –all", Bad, "outside ASCII"),
    ] {
        let findings = record(text);
        assert_eq!(findings[0].verdict, verdict, "{text}: {findings:?}");
        assert!(findings[0].meaning.contains(word), "{text}: {}", findings[0].meaning);
    }
}

#[test]
fn one_record_only() {
    let none = spf(&[HOST, "example.org: TXT google-site-verification=x", "example.org: TXT v=spf10 +all"]);
    assert_eq!((none[0].verdict, none.len()), (Verdict::Bad, 1));
    let publish = none[0].publish.as_ref().unwrap();
    assert_eq!((publish.name.as_str(), publish.value.as_str()), ("example.org", "v=spf1 mx a:mail.example.org ~all"));
    let two = spf(&[HOST, "example.org: TXT v=spf1 -all", "example.org: TXT v=spf1 mx -all"]);
    assert!(two[0].verdict == Verdict::Bad && two[0].found.len() == 2, "{two:?}");
    assert_eq!(spf(&[HOST, "example.org: TXT !"])[0].verdict, Verdict::Unknown);
}

#[test]
fn our_server_is_found_through_every_mechanism() {
    let allowed = |lines: &[&str]| {
        let found = spf(&[&[HOST], lines].concat());
        found.get(1).map(|finding| finding.verdict)
    };
    let more = [
        "_spf.example.net: TXT v=spf1 include:b.example.net ?all",
        "b.example.net: TXT v=spf1 ip4:198.51.100.4/30 -all",
        "example.org: MX 10 mail.example.org",
        "pool.example.net: A 198.51.100.200",
        "r.example.net: TXT v=spf1 ip4:198.51.100.7 -all",
        "n.example.net: TXT v=spf1 ip4:203.0.113.1 -all",
        "e.example.net: TXT !",
    ];
    let with = |record: &str| allowed(&[&more[..], &[&format!("example.org: TXT {record}")]].concat());
    for (record, want) in [
        ("v=spf1 include:_spf.example.net -all", Verdict::Good),
        ("v=spf1 mx -all", Verdict::Good),
        ("v=spf1 a:pool.example.net/24 -all", Verdict::Good),
        ("v=spf1 a:pool.example.net -all", Verdict::Warning),
        ("v=spf1 redirect=r.example.net", Verdict::Good),
        ("v=spf1 include:n.example.net -all", Verdict::Warning),
        ("v=spf1 ip6:2001:db8::/32 ~all", Verdict::Warning),
        ("v=spf1 -ip4:198.51.100.7 +ip4:198.51.100.0/24 -all", Verdict::Warning),
        ("v=spf1 include:e.example.net -all", Verdict::Unknown),
        ("v=spf1 exists:%{i}.x.example -all", Verdict::Unknown),
    ] {
        assert_eq!(with(record), Some(want), "{record}");
    }
    let refused = spf(&[HOST, "example.org: TXT v=spf1 ip4:203.0.113.1 -all"]);
    assert_eq!(refused[1].publish.as_ref().unwrap().value, "v=spf1 ip4:203.0.113.1 a:mail.example.org -all");
    let private = spf(&["mail.example.org: A 192.168.1.2", "example.org: TXT v=spf1 mx -all"]);
    assert_eq!(private[1].verdict, Verdict::Unknown, "a relay inside says nothing about the outside");
}

#[test]
fn hostile_records_end_soon_and_are_named() {
    let started = std::time::Instant::now();
    let huge = format!("v=spf1 {}-all", "include:a.example ".repeat(60_000));
    assert!(huge.len() > 1 << 20);
    assert!(record(&huge)[0].meaning.contains("bytes long"));
    assert!(record(&huge)[0].found[0].len() < 2000, "what is shown is short");
    let loops = [
        "a.example: TXT v=spf1 include:b.example include:b.example -all",
        "b.example: TXT v=spf1 include:a.example include:a.example -all",
    ];
    let found = spf(&[&[HOST, "example.org: TXT v=spf1 include:a.example -all"], &loops[..]].concat());
    assert!(found[0].verdict == Verdict::Bad && found[0].meaning.contains("40 or more"), "{found:?}");
    let wide =
        format!("example.org: TXT v=spf1 {}-all", (0..11).map(|n| format!("a:h{n}.example ")).collect::<String>());
    assert!(spf(&[HOST, &wide])[0].meaning.contains("11 look-ups"));
    let fits =
        format!("example.org: TXT v=spf1 {}-all", (0..10).map(|n| format!("a:h{n}.example ")).collect::<String>());
    assert_eq!(spf(&[HOST, &fits])[0].verdict, Verdict::Good);
    for text in [
        "v=spf1 \u{1b}[31m\u{202e} -all",
        "v=spf1 /////",
        "v=spf1 a/",
        "v=spf1 a//",
        "v=spf1 =",
        "v=spf1 ip6:::::/999",
        "v=spf1 %{%{%{",
    ] {
        assert_eq!(record(text)[0].verdict, Verdict::Bad, "{text}");
        assert!(!format!("{:?}", record(text)[0].found).contains("u{1b}"));
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn prefixes_compare_their_first_bits() {
    let within = |a: &str, b: &str, length| walk::within(a.parse().unwrap(), b.parse().unwrap(), length);
    assert!(within("10.1.2.3", "10.1.2.0", 24) && !within("10.1.3.3", "10.1.2.0", 24));
    assert!(within("10.1.2.3", "192.0.2.1", 0) && !within("10.1.2.3", "10.1.2.2", 32));
    assert!(within("2001:db8::1", "2001:db8::", 32) && !within("2001:db9::1", "2001:db8::", 32));
    assert!(within("2001:db8::1", "ffff::", 0) && !within("10.1.2.3", "::", 0));
    assert!(within("::ffff:10.1.2.3", "10.1.2.3", 32));
}
