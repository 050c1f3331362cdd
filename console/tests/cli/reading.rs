//! Tables, pages and JSON of what can be read.

use crate::desk::{FakeDesk, Script, answers};
use serde_json::json;

fn lines(arguments: &[&str]) -> Vec<String> {
    let ran = FakeDesk::start(Script::default()).run(arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    ran.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn tickets_stand_in_columns_without_truncation() {
    let lines = lines(&["ticket", "list"]);
    assert_eq!(lines.len(), 4, "{lines:#?}");
    let column = lines[0].find("Subject").unwrap();
    assert!(lines[0].starts_with("No  Status"), "{lines:#?}");
    assert_eq!(lines[2].find("Printer on fire"), Some(column), "{lines:#?}");
    assert!(lines[2].contains("Ann Miller") && lines[2].ends_with("3 min ago"), "{lines:#?}");
    assert!(lines[3].contains("resolved") && lines[3].contains("(no subject)"), "{lines:#?}");
}

#[test]
fn an_empty_list_says_why() {
    assert_eq!(
        lines(&["ticket", "list", "--status", "pending"]),
        ["No ticket is pending; maildesk ticket list shows all."]
    );
}

#[test]
fn a_ticket_folds_quotes_until_asked() {
    let shown = lines(&["ticket", "show", "2"]).join("\n");
    for part in [
        "#2 Printer on fire",
        "related   #1",
        "── 1 · Ann Miller <ann@acme.example> · comment · ",
        "  It burns.\n  … 3 quoted lines (--quotes shows them)\n  + report.pdf 2.5 MB, application/pdf",
        "── 2 · bob · note · ",
        "  new -> open",
        "save: maildesk attachment save 2 4 --all -o .",
    ] {
        assert!(shown.contains(part), "{part:?} in:\n{shown}");
    }
    assert!(!shown.contains("really?"), "{shown}");
    let whole = lines(&["ticket", "show", "2", "--quotes"]).join("\n");
    assert!(whole.contains("\n\n  On Monday you wrote:\n  > is it on?\n  > really?\n"), "{whole}");
}

#[test]
fn status_tells_faults_with_the_servers_words_and_what_to_try() {
    let shown = lines(&["status"]).join("\n");
    for part in ["maildeskd 0.1.0", "ann, may read and write", "faulty mailbox support", "[AUTHENTICATIONFAILED]"] {
        assert!(shown.contains(part), "{part:?} in:\n{shown}");
    }
    assert!(shown.contains("try: Check login.username"), "{shown}");
    let desk = FakeDesk::start(Script::default());
    assert_eq!(desk.run(&["status", "--check"]).code, Some(6));
}

#[test]
fn json_is_one_envelope_with_words_numbers_and_utc_times() {
    let desk = FakeDesk::start(Script::default());
    let list = desk.run(&["ticket", "list", "--json", "--limit", "2"]).json();
    assert_eq!(
        (&list["schema"], &list["next"], &list["warnings"]),
        (&json!("maildesk.ticket.list/1"), &json!(2), &json!([]))
    );
    assert_eq!(list["data"][0]["subject"], answers::HOSTILE, "JSON loses nothing");
    let rest = desk.run(&["--json", "ticket", "list", "--after", "2"]).json();
    assert_eq!(rest["data"].as_array().map(Vec::len), Some(1));
    let row = &rest["data"][0];
    assert_eq!(
        (&row["number"], &row["status"], &row["status_at"]),
        (&json!(1), &json!("resolved"), &json!("1970-01-01T00:00:00Z"))
    );
    let shown = desk.run(&["ticket", "show", "2", "--json"]).json();
    assert_eq!(shown["data"]["entries"][0]["author"]["kind"], "contact");
    assert_eq!(shown["data"]["entries"][2]["kind"], "status_change");
    let mail = desk.run(&["mail", "list", "--json"]).json();
    assert_eq!(
        (&mail["data"][0]["outcome"], &mail["data"][0]["reason"]),
        (&json!("quarantined"), &json!("nesting too deep"))
    );
    let outbox = desk.run(&["outbox", "show", "5", "--json"]).json();
    assert_eq!((&outbox["data"]["state"], &outbox["data"]["kind"]), (&json!("failed"), &json!("agent_reply")));
    let status = desk.run(&["status", "--json"]).json();
    assert_eq!(
        (&status["data"]["mailboxes"][0]["state"], &status["data"]["access"]),
        (&json!("faulty"), &json!("write"))
    );
    let mailboxes = desk.run(&["mailbox", "list", "--json"]).json();
    assert_eq!((&mailboxes["data"][0]["state"], &mailboxes["data"][0]["port"]), (&json!("faulty"), &json!(993)));
}

#[test]
fn events_are_one_json_object_on_each_line() {
    let ran = FakeDesk::start(Script::default()).run(&["events", "--json"]);
    let events: Vec<serde_json::Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!((ran.code, names.as_slice()), (Some(0), ["storage_fault", "storage_recovered"].as_slice()));
    assert_eq!(lines(&["events", "--since", "1"]).len(), 1);
}

#[test]
fn following_shows_what_came_before_the_daemon_went_away() {
    let ran = FakeDesk::start(Script::default()).run(&["events", "--follow", "--since", "1"]);
    assert_eq!(ran.code, Some(69));
    assert!(ran.stdout.contains("attachment storage works again"), "{}", ran.stdout);
}

#[test]
fn hostile_text_never_reaches_a_page_or_table() {
    let desk = FakeDesk::start(Script::default());
    for arguments in [
        &["ticket", "list"][..],
        &["ticket", "show", "3", "--quotes"],
        &["mail", "list"],
        &["mail", "show", "9"],
        &["quarantine", "list"],
        &["quarantine", "show", "9"],
        &["outbox", "list"],
        &["outbox", "show", "5"],
        &["contact", "list"],
        &["contact", "show", "1"],
        &["contact", "merge", "1", "2"],
        &["block", "list"],
        &["invitation", "show", "1"],
        &["status"],
        &["mailbox", "list"],
        &["events"],
        &["ticket", "list", "--json"],
        &["ticket", "show", "3", "--json"],
    ] {
        let ran = desk.run(arguments);
        let hostile = |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
        assert_eq!((ran.code, ran.stdout.chars().find(hostile)), (Some(0), None), "{arguments:?}: {}", ran.stdout);
        assert!(ran.stdout.contains("evil"), "{arguments:?} shows the text itself: {}", ran.stdout);
    }
}

#[test]
fn colours_come_when_asked_and_are_ours() {
    let desk = FakeDesk::start(Script::default());
    let coloured = desk.run(&["ticket", "list", "--color", "always"]).stdout;
    assert!(coloured.contains("\x1b[1m 3  new"), "{coloured:?}");
    let ours = ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"];
    let bare = ours.iter().fold(coloured, |text, sequence| text.replace(sequence, ""));
    assert!(!bare.contains('\x1b') && bare == desk.run(&["ticket", "list"]).stdout);
}

#[test]
fn a_raw_mail_comes_byte_by_byte() {
    let desk = FakeDesk::start(Script::default());
    let mut command = crate::desk::maildesk();
    command.arg("--socket").arg(desk.socket()).args(["quarantine", "show", "9", "--raw"]);
    let output = command.output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), answers::RAW));
}

#[test]
fn customers_are_listed_and_shown() {
    assert!(lines(&["customer", "list"])[1].contains("acme.example"));
    assert_eq!(lines(&["customer", "show", "1"])[0], "customer 1 Acme");
}

#[test]
fn a_search_goes_on_call_by_call_and_says_where_it_stopped() {
    let desk = FakeDesk::start(Script::default());
    let found = desk.run(&["mail", "list", "--from", "mallory", "--since", "2h", "--json"]).json();
    assert_eq!(
        (found["data"][0]["id"].as_u64(), &found["next"], &found["warnings"]),
        (Some(9), &json!(null), &json!([]))
    );
    let asked = desk.asked();
    assert_eq!(asked.len(), 3, "{asked:#?}");
    assert!(asked[0].contains("from: Some(\"mallory\")") && asked[2].ends_with("after Some(10000)"), "{asked:#?}");

    let stopped = desk.run(&["mail", "list", "--from", "mallory", "--scan", "5000", "--json"]).json();
    assert_eq!((&stopped["data"], &stopped["next"]), (&json!([]), &json!(5000)));
    let warning = stopped["warnings"][0].as_str().unwrap();
    assert!(
        warning.starts_with("looked at 5000 mails, back to ") && warning.ends_with("--after 5000 goes on"),
        "{warning}"
    );
    let wrong = desk.run(&["mail", "list", "--since", "yesterday"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.stderr);
}

#[test]
fn why_tells_every_stage_with_its_time() {
    let shown = lines(&["mail", "why", "9"]);
    assert!(shown[1].starts_with("fetch   41.00 ms  ") && shown[1].contains("UID 12 of 77"), "{shown:#?}");
    assert!(shown[2].starts_with("parse    1.23 ms  refused"), "{shown:#?}");
    assert_eq!(shown[3].trim_start_matches("result").trim(), "quarantined, nesting too deep");
    let data = FakeDesk::start(Script::default()).run(&["mail", "why", "9", "--json"]).json();
    assert_eq!(
        (&data["data"]["timing_microseconds"]["parse"], &data["schema"]),
        (&json!(1234), &json!("maildesk.mail.why/1"))
    );
}

#[test]
fn the_audit_log_says_who_changed_what() {
    let desk = FakeDesk::start(Script::default());
    let ran = desk.run(&["audit", "list"]);
    assert!(ran.stdout.contains("ann  merged #4 into #3"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
    let json = desk.run(&["audit", "list", "--json"]).json();
    assert_eq!((&json["schema"], &json["data"][1]["what"]), (&"maildesk.audit.list/1".into(), &"resolved #3".into()));
}

#[test]
fn the_log_of_the_daemon_is_read_and_followed() {
    let desk = FakeDesk::start(Script::default());
    let ran = desk.run(&["logs"]);
    assert!(ran.stdout.contains("· info    maildeskd is up\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("✖ error   refused [2J said=\"no\"\n"), "{:?}", ran.stdout);
    let worse = desk.run(&["logs", "--level", "warning", "--json"]).json();
    assert_eq!((&worse["schema"], worse["data"].as_array().map(Vec::len)), (&"maildesk.logs/1".into(), Some(1)));
    assert_eq!(worse["data"][0]["level"], "error");
    let followed = desk.run(&["logs", "--follow", "--json", "-n", "5"]);
    assert_eq!((followed.stdout.lines().count(), followed.code), (2, Some(69)), "{}", followed.stdout);
    assert_eq!(desk.run(&["logs", "-n", "0"]).code, Some(2));
}
