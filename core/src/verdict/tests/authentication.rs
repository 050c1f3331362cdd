//! Whom a mail's sender checks are believed from.

use super::super::{Authentication, Finding};
use crate::mail::{Limits, Parsed, parse};

fn read(fields: &str) -> Authentication {
    let trusted = ["mx.desk.example".to_owned()];
    match parse(format!("{fields}From: a@b.example\nSubject: x\n\nhello\n").as_bytes(), &Limits::default()) {
        Parsed::Mail(mail) => Authentication::of(&mail, &trusted),
        Parsed::Refused(poison) => panic!("{poison}"),
    }
}

#[test]
fn only_the_named_server_is_believed() {
    let found = read(
        "Authentication-Results: MX.desk.example 1; spf=fail (dkim=pass; (really)) smtp.mailfrom=a@b.example;\n\
         \tdkim=fail reason=\"bad; dmarc=pass\"; dkim=pass header.d=b.example; dmarc/1 = none\n\
         Authentication-Results: evil.example; spf=pass; dmarc=pass\n\
         Authentication-Results: mx.desk.example; spf=pass\n",
    );
    assert_eq!((found.spf, found.dkim), (Some(Finding::Fail), Some(Finding::Pass)));
    assert_eq!((found.dmarc, found.not_believed.as_slice()), (Some(Finding::None), &["evil.example".to_owned()][..]));
    assert_eq!(found.sentence().as_deref(), Some("MX.desk.example says spf fail, dkim pass, dmarc none"));
    assert!(found.doubt().is_some_and(|said| said.contains("evil.example")));
}

#[test]
fn a_forged_name_is_not_believed() {
    for field in ["evil.example (mx.desk.example); spf=pass", "mx.desk.example.evil; spf=pass", "; mx.desk.example", ""]
    {
        let found = read(&format!("Authentication-Results: {field}\n"));
        assert_eq!((found.spf, found.server, found.not_believed.len()), (None, None, 1), "{field}");
    }
    assert_eq!(read(""), Authentication::default());
}

#[test]
fn no_result_is_no_finding() {
    let found = read("Authentication-Results: mx.desk.example; none\n");
    assert_eq!(found.sentence().as_deref(), Some("mx.desk.example says nothing of spf, dkim and dmarc"));
}
