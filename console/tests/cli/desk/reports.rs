//! What the scripted daemon's checks find.

use super::answers::{HOSTILE, minutes_ago};
use maildesk_core::check::{CheckReport, CheckStep, Outcome as CheckOutcome, Stage, conclude};
use maildesk_core::diagnosis::{Diagnosis, FaultKind, Step};

/// A check that went well, or one that failed at the login.
pub(crate) fn check(well: bool) -> CheckReport {
    let step = |step, outcome, found: &[(&str, &str)]| CheckStep {
        step,
        outcome,
        milliseconds: 12,
        found: found.iter().map(|(label, value)| ((*label).into(), (*value).into())).collect(),
        server_said: None,
        diagnosis: None,
    };
    let mut steps = vec![
        step(Stage::Resolve, CheckOutcome::Passed, &[("addresses", "192.0.2.1, 2001:db8::1")]),
        step(Stage::Tls, CheckOutcome::Passed, &[("protocol", "TLSv1.3"), ("cipher", HOSTILE)]),
    ];
    if !well {
        let diagnosis = Diagnosis {
            kind: FaultKind::AuthenticationRejected,
            step: Step::Login,
            server_said: Some("5.7.8 no \u{1b}[2J".into()),
            meaning: "the server does not accept this user name and password".into(),
            remedy: "Check both.".into(),
        };
        steps.push(CheckStep {
            server_said: diagnosis.server_said.clone(),
            diagnosis: Some(diagnosis),
            ..step(Stage::Login, CheckOutcome::Failed, &[])
        });
        steps.push(step(Stage::Sender, CheckOutcome::Skipped, &[]));
    }
    let conclusion = conclude(&steps, "all is well");
    CheckReport {
        steps,
        transcript: vec!["S: 220 hi".into(), "C: AUTH PLAIN [redacted]".into()],
        conclusion,
        mark: None,
    }
}

/// One sender with a record to publish, and a hostile record in DNS.
pub(crate) fn doctor() -> maildesk_core::doctor::Report {
    use maildesk_core::doctor::{Check, Finding, Publish, Report, SenderFindings, Verdict};
    let publish = Publish { name: "example.org".into(), kind: "TXT".into(), value: "v=spf1 mx ~all".into() };
    let finding = Finding {
        check: Check::Spf,
        verdict: Verdict::Bad,
        subject: "example.org".into(),
        found: vec![HOSTILE.into()],
        meaning: "there is no SPF record".into(),
        remedy: Some("Publish this record.".into()),
        publish: Some(publish),
    };
    let good = Finding { verdict: Verdict::Good, publish: None, remedy: None, found: vec![], ..finding.clone() };
    let name = maildesk_core::settings::SenderName::parse("support").unwrap();
    let senders = vec![SenderFindings { name, from: "desk@example.org".into(), findings: vec![finding] }];
    Report { at: minutes_ago(1), version: "0.1.0".into(), desk: vec![good], senders }
}
