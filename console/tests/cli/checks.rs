//! Checks as people and scripts see them.

use crate::desk::{FakeDesk, Script};

#[test]
fn a_check_that_went_well_ends_with_0() {
    let desk = FakeDesk::start(Script::default());
    let ran = desk.run(&["sender", "test", "main"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("✔ name look-up    12 ms 192.0.2.1, 2001:db8::1\n"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("✔ passed all is well\n") && !ran.stdout.contains("220 hi"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
    let with = desk.run(&["mailbox", "test", "support", "--transcript"]).stdout;
    assert!(with.contains("  S: 220 hi\n  C: AUTH PLAIN [redacted]\n"), "{with}");
    assert_eq!(desk.asked(), ["check main None", "check support INBOX"]);
}

#[test]
fn a_finding_ends_with_6_and_says_what_to_try() {
    let desk = FakeDesk::start(Script::default());
    let ran = desk.run(&["sender", "test", "main", "--to", "ann@acme.example"]);
    assert_eq!(ran.code, Some(6), "{}", ran.stderr);
    for line in [
        "✖ login           12 ms\n    server said: 5.7.8 no [2J\n    what it means: the server does not accept",
        "    try: Check both.\n",
        "- MAIL FROM             not reached\n",
        "✖ failed login: the server does not accept this user name and password\n",
    ] {
        assert!(ran.stdout.contains(line), "{line}\n---\n{}", ran.stdout);
    }
    let json = desk.run(&["sender", "test", "main", "--to", "ann@acme.example", "--json"]);
    assert_eq!(json.code, Some(6));
    let answer = json.json();
    assert_eq!(answer["schema"], "maildesk.sender.test/1");
    assert_eq!((&answer["data"]["outcome"], &answer["data"]["steps"][2]["step"]), (&"failed".into(), &"login".into()));
    assert_eq!(answer["data"]["steps"][2]["remedy"], "Check both.");
    assert!(answer["data"].get("transcript").is_none());
}

#[test]
fn unsaved_values_come_from_a_document_that_is_checked_first() {
    let desk = FakeDesk::start(Script::default());
    let document = desk.run(&["settings", "export"]).stdout.replace("folder = \"INBOX\"", "folder = \"Support\"");
    let file = desk.file("desk.toml", &document);
    let ran = desk.run(&["mailbox", "test", "support", "--file", &file]);
    assert_eq!((ran.code, desk.asked()), (Some(0), vec!["check support Support".to_owned()]), "{}", ran.stderr);
    assert_eq!(desk.run(&["mailbox", "test", "other", "--file", &file]).code, Some(3));
    assert_eq!(desk.run(&["sender", "test", "nobody"]).code, Some(3));
    let bad = desk.file("bad.toml", "[[mailbox]]\n");
    assert_eq!(desk.run(&["mailbox", "test", "support", "--file", &bad]).code, Some(5));
    assert_eq!(desk.run(&["sender", "test", "main", "--to", "nobody"]).code, Some(2));
    assert_eq!(desk.run(&["sender", "test", "main", "--mailbox", "support"]).code, Some(2), "needs --round-trip");
}

#[test]
fn servers_of_an_address_are_told_with_how_they_are_known() {
    let desk = FakeDesk::start(Script::default());
    let ran = desk.run(&["mailbox", "servers", "help@gmail.com"]);
    assert!(ran.stdout.contains("reads at  imap.gmail.com:993 (tls), the provider's"), "{}", ran.stdout);
    let json = desk.run(&["mailbox", "servers", "help@acme.example", "--json"]).json();
    assert_eq!(
        (&json["schema"], &json["data"]["smtp"]["source"]),
        (&"maildesk.mailbox.servers/1".into(), &"guess".into())
    );
    assert_eq!(desk.run(&["mailbox", "servers", "nobody"]).code, Some(2));
}
