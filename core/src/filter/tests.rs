//! Rules as tables.

use super::*;
use crate::mail::{InboundMail, Limits, Parsed, parse};
use crate::settings::MailboxName;
use crate::ticket::Priority;
use crate::verdict::{OwnIdentity, facts};

fn filters(toml: &str) -> Vec<Filter> {
    #[derive(serde::Deserialize)]
    struct Document {
        filter: Vec<Filter>,
    }
    toml::from_str::<Document>(toml).unwrap().filter
}

fn mail() -> InboundMail {
    let raw = "From: Ann <Ann@Shop.example>\r\nTo: desk@x.example, b@y.example\r\nSubject: [Backup] Job OK\r\n\
               X-Report: one\r\nX-Report: nightly run\r\nMessage-ID: <1@x>\r\nAuto-Submitted: auto-generated\r\n\
               MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
               All volumes were saved.\r\nNo errors.\r\n--b\r\nContent-Type: application/pdf\r\n\
               Content-Disposition: attachment; filename=\"Report.pdf\"\r\n\r\nx\r\n--b--\r\n";
    match parse(raw.as_bytes(), &Limits::default()) {
        Parsed::Mail(mail) => *mail,
        Parsed::Refused(poison) => panic!("{poison:?}"),
    }
}

fn judge(toml: &str) -> Judgement {
    let mail = mail();
    let facts = facts(&mail, &OwnIdentity::default());
    let mailbox = MailboxName::parse("support").unwrap();
    compile(&filters(toml)).unwrap().judge(&Subject {
        mail: &mail,
        facts: &facts,
        mailbox: &mailbox,
        size: 700,
        reply: false,
    })
}

fn holds(condition: &str) -> bool {
    let toml = format!("[[filter]]\nname = \"f\"\nwhen = [{condition}]\nthen = {{ drop = true }}");
    judge(&toml).ending.is_some()
}

fn refused(filter: &str) -> String {
    compile(&filters(&format!("[[filter]]\nname = \"f\"\n{filter}"))).unwrap_err()[0].to_string()
}

#[test]
fn every_field_and_test() {
    for (condition, want) in [
        (r#"{ field = "subject", contains = "backup" }"#, true),
        (r#"{ field = "subject", equals = "[backup] job ok" }"#, true),
        (r#"{ field = "subject", equals = "job ok" }"#, false),
        (r#"{ field = "subject", wildcard = "*job ?k" }"#, true),
        (r#"{ field = "subject", wildcard = "job*" }"#, false),
        (r#"{ field = "subject", regex = '^\[backup\]' }"#, true),
        (r#"{ field = "subject", contains = "backup", not = true }"#, false),
        (r#"{ field = "from", equals = "ann@shop.example" }"#, true),
        (r#"{ field = "from_domain", equals = "shop.example" }"#, true),
        (r#"{ field = "from_domain", equals = "example" }"#, false),
        (r#"{ field = "to", equals = "b@y.example" }"#, true),
        (r#"{ field = "header", header = "x-report", contains = "nightly" }"#, true),
        (r#"{ field = "header", header = "x-none", contains = "nightly" }"#, false),
        (r#"{ field = "body", contains = "no errors" }"#, true),
        (r#"{ field = "body", wildcard = "all*errors." }"#, true),
        (r#"{ field = "size", above = 600 }"#, true),
        (r#"{ field = "size", below = 600 }"#, false),
        (r#"{ field = "attachment_name", wildcard = "*.PDF" }"#, true),
        (r#"{ field = "attachment_type", equals = "application/pdf" }"#, true),
        (r#"{ field = "fact", equals = "automatic" }"#, true),
        (r#"{ field = "fact", equals = "list" }"#, false),
        (r#"{ field = "fact", equals = "reply" }"#, false),
        (r#"{ field = "fact", equals = "reply", not = true }"#, true),
        (r#"{ field = "mailbox", equals = "support" }"#, true),
    ] {
        assert_eq!(holds(condition), want, "{condition}");
    }
}

#[test]
fn rules_run_in_order_until_one_ends_the_run() {
    let judgement = judge(
        r#"
        [[filter]]
        name = "mark"
        when = [{ field = "fact", equals = "automatic" }]
        then = { priority = "low", tags = ["machine"], no_acknowledgement = true }
        [[filter]]
        name = "off"
        enabled = false
        then = { drop = true }
        [[filter]]
        name = "either"
        match = "any"
        when = [{ field = "subject", contains = "zzz" }, { field = "subject", contains = "job" }]
        then = { priority = "high", tags = ["machine", "backup"], assign = "ann", stop = true }
        [[filter]]
        name = "late"
        then = { quarantine = true }
        "#,
    );
    assert_eq!(judgement.matched.iter().map(ToString::to_string).collect::<Vec<_>>(), ["mark", "either"]);
    assert_eq!((judgement.priority, judgement.ending), (Some(Priority::High), None));
    assert_eq!((judgement.tags, judgement.assign.as_deref()), (vec!["machine".into(), "backup".into()], Some("ann")));
    assert!(judgement.no_acknowledgement);
    assert_eq!(judgement.trace.len(), 2);
    assert!(judgement.trace[1].contains("subject contains \"job\""), "{:?}", judgement.trace);
}

#[test]
fn what_cannot_run_is_refused_with_its_place() {
    assert!(refused("then = {}").contains("then: does nothing"));
    assert!(refused("then = { drop = true, quarantine = true }").contains("choose one"));
    assert!(refused("then = { tags = [\"a b\"] }").contains("then.tags"));
    let with = |condition: &str| refused(&format!("when = [{condition}]\nthen = {{ drop = true }}"));
    assert!(with(r#"{ field = "subject" }"#).contains("when no. 1: has no test"));
    assert!(with(r#"{ field = "subject", contains = "a", equals = "b" }"#).contains("more than one"));
    assert!(with(r#"{ field = "subject", contains = "" }"#).contains("empty"));
    assert!(with(r#"{ field = "subject", above = 1 }"#).contains("size"));
    assert!(with(r#"{ field = "size", contains = "1" }"#).contains("above or below"));
    assert!(with(r#"{ field = "header", contains = "1" }"#).contains("names no header"));
    assert!(with(r#"{ field = "fact", equals = "spam" }"#).contains("no fact"));
    assert!(with(r#"{ field = "subject", regex = "(?=x)" }"#).contains("does not compile"));
    assert!(with(r#"{ field = "subject", regex = "(a{1000}){1000}" }"#).contains("does not compile"));
    let twice = "[[filter]]\nname = \"f\"\nthen = { stop = true }\n";
    assert!(compile(&filters(&twice.repeat(2))).unwrap_err()[0].to_string().contains("given twice"));
}

#[test]
fn rules_behind_one_that_always_ends_are_pointed_out() {
    let found = shadowed(&filters(
        r#"
        [[filter]]
        name = "wide"
        when = [{ field = "from_domain", equals = "shop.example" }]
        then = { drop = true }
        [[filter]]
        name = "narrow"
        when = [{ field = "from_domain", equals = "shop.example" }, { field = "subject", contains = "x" }]
        then = { quarantine = true }
        [[filter]]
        name = "other"
        when = [{ field = "subject", contains = "x" }]
        then = { priority = "high" }
        "#,
    ));
    let found: Vec<_> = found.iter().map(|one| (one.filter.as_str(), one.by.as_str())).collect();
    assert_eq!(found, [("narrow", "wide")]);
}

#[test]
fn what_a_condition_says_of_another_counts_too() {
    let check = |wide: &str, narrow: &str, shadows: bool| {
        let rules = filters(&format!(
            "[[filter]]\nname = \"wide\"\n{wide}\nthen = {{ drop = true }}\n\
             [[filter]]\nname = \"narrow\"\n{narrow}\nthen = {{ tags = [\"x\"] }}\n"
        ));
        assert_eq!(!shadowed(&rules).is_empty(), shadows, "{wide} / {narrow}");
    };
    let domain = |test: &str| format!("when = [{{ field = \"from_domain\", {test} }}]");
    let subject = |test: &str| format!("when = [{{ field = \"subject\", {test} }}]");
    let size = |test: &str| format!("when = [{{ field = \"size\", {test} }}]");
    for (wide, narrow, shadows) in [
        (domain("wildcard = \"*.shop.example\""), domain("equals = \"A.shop.example\""), true),
        (domain("wildcard = \"*.shop.example\""), domain("equals = \"shop.example\""), false),
        (domain("wildcard = \"*.shop.example\""), domain("contains = \"a.shop.example\""), false),
        (domain("equals = \"shop.example\""), domain("equals = \"SHOP.example\""), true),
        (subject("contains = \"invoice\""), subject("contains = \"Your Invoice 7\""), true),
        (subject("contains = \"Your Invoice 7\""), subject("contains = \"invoice\""), false),
        (subject("contains = \"invoice\""), subject("equals = \"invoices\""), true),
        (subject("equals = \"invoice\""), subject("contains = \"invoice\""), false),
        (subject("contains = \"invoice\""), subject("contains = \"invoices\", not = true"), false),
        (subject("contains = \"invoice\", not = true"), subject("contains = \"invoices\""), false),
        (subject("regex = \"inv.*\""), subject("equals = \"invoice\""), false),
        (subject("contains = \"shop\""), domain("contains = \"shop\""), false),
        (size("above = 1000"), size("above = 1000"), true),
        (size("above = 1000"), size("above = 2000"), true),
        (size("above = 1000"), size("above = 900"), false),
        (size("above = 1000"), size("below = 2000"), false),
        (size("below = 2000"), size("below = 1000"), true),
    ] {
        check(&wide, &narrow, shadows);
    }
    let header = |name: &str| format!("when = [{{ field = \"header\", header = \"{name}\", contains = \"yes\" }}]");
    check(&header("X-Shop"), &header("x-shop"), true);
    check(&header("X-Shop"), &header("X-Other"), false);
    let both = "match = \"any\"\nwhen = [{ field = \"subject\", contains = \"ab\" }, { field = \"subject\", contains = \"b\" }]";
    check(&subject("contains = \"b\""), both, true);
    check(&subject("contains = \"ab\""), both, false);
    check(both, &subject("equals = \"abc\""), true);
}
