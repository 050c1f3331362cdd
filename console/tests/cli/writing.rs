//! What changes something: it arrives at the daemon as it was given.

use crate::desk::{FakeDesk, Script};

#[test]
fn replies_come_from_an_argument_a_file_or_standard_input() {
    let desk = FakeDesk::start(Script::default());
    let file = desk.file("answer.txt", "from a file\n");
    let by_argument = desk.run(&["ticket", "reply", "2", "--text", "hello"]);
    assert_eq!(by_argument.code, Some(0), "{}", by_argument.stderr);
    assert!(by_argument.stdout.contains("#2 the answer to Ann Miller is queued as mail 5"), "{}", by_argument.stdout);
    assert_eq!(desk.run(&["ticket", "reply", "2", "--file", &file]).code, Some(0));
    assert_eq!(desk.run_with_input(&["ticket", "note", "2", "-"], "tippé\n").code, Some(0));
    assert_eq!(desk.run(&["ticket", "resolve", "2"]).code, Some(0));
    assert_eq!(desk.run(&["outbox", "retry", "5"]).code, Some(0));
    assert_eq!(desk.run(&["outbox", "cancel", "5", "--json"]).json()["schema"], "maildesk.outbox.cancel/1");
    let want = ["reply 2 hello", "reply 2 from a file\n", "note 2 tippé\n", "resolve 2", "retry 5", "cancel 5"];
    assert_eq!(desk.asked(), want);
}

#[test]
fn a_reply_needs_one_text() {
    let desk = FakeDesk::start(Script::default());
    assert_eq!(desk.run(&["ticket", "reply", "2"]).code, Some(2));
    assert_eq!(desk.run(&["ticket", "reply", "2", "--text", "a", "-"]).code, Some(2));
    assert_eq!(desk.run_with_input(&["ticket", "reply", "2", "--file", "/nonexistent"], "").code, Some(1));
    assert_eq!(desk.asked(), [""; 0]);
}

#[test]
fn mailboxes_are_polled_by_name_or_all() {
    let desk = FakeDesk::start(Script::default());
    assert!(desk.run(&["mailbox", "poll"]).stdout.starts_with("one mailbox is polled now"));
    assert!(desk.run(&["mailbox", "poll", "support"]).stdout.starts_with("support is polled now"));
    let unknown = desk.run(&["mailbox", "poll", "sales"]);
    assert_eq!(unknown.code, Some(3));
    assert_eq!(unknown.stderr, "maildesk: there is no mailbox sales\n  try: maildesk mailbox list\n");
    assert_eq!(desk.run(&["mailbox", "poll", "No Name"]).code, Some(2));
}
