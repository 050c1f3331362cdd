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
fn files_go_along_with_a_reply_all_of_them_or_nothing() {
    let desk = FakeDesk::start(Script::default());
    let (long, short) = (desk.file("long.log", &"x".repeat(2_500_000)), desk.file("empty.txt", ""));
    let done = desk.run(&["ticket", "reply", "2", "--text", "see", "--attach", &long, "--attach", &short]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stdout.contains("is queued as mail 5, with 2 files"), "{}", done.stdout);
    assert_eq!(desk.asked(), ["reply 2 see + long.log 2500000 + empty.txt 0"]);
    let missing = desk.run(&["ticket", "reply", "2", "--text", "see", "--attach", &short, "--attach", "/nonexistent"]);
    assert_eq!((missing.code, desk.asked().len()), (Some(1), 1), "{}", missing.stderr);
    let large = desk.file("large.bin", &"x".repeat((13 << 20) + 1));
    let too_much = desk.run(&["ticket", "reply", "2", "--text", "see", "--attach", &large, "--attach", &large]);
    assert_eq!((too_much.code, desk.asked().len()), (Some(2), 1));
    assert!(too_much.stderr.contains("larger than 25 MiB together"), "{}", too_much.stderr);
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

#[test]
fn mails_of_the_outbox_are_changed_one_by_one_or_as_a_filter_says() {
    let desk = FakeDesk::start(Script::default());
    assert_eq!(desk.run(&["outbox", "redirect", "5", "new@x.example"]).code, Some(0));
    assert_eq!(desk.run(&["outbox", "retry", "5", "--even-if-suppressed"]).code, Some(0));
    let dry = desk.run(&["outbox", "hold", "--all", "--state", "deferred", "--to-domain", "@X.example", "--dry-run"]);
    assert!(dry.stdout.starts_with("11 of 12 mails would be held\n  mail 3 is sent"), "{}", dry.stdout);
    let done = desk.run(&["outbox", "release", "--all", "--held", "silent", "--confirm", "12", "--json"]).json();
    assert_eq!((&done["data"]["changed"], &done["data"]["dry_run"]), (&11.into(), &false.into()));
    let want = [
        "redirect 5 new@x.example",
        "retry 5 even if suppressed",
        "hold all deferred x.example DryRun",
        "release all silent Confirmed(12)",
    ];
    assert_eq!(desk.asked(), want);
    // Without consent it says what would be, and with contradictions nothing is asked.
    let unsure = desk.run(&["outbox", "cancel", "--all"]);
    assert_eq!(unsure.code, Some(2));
    assert!(unsure.stderr.contains("would change 11 of 12 mails: add --confirm 12"), "{}", unsure.stderr);
    for wrong in [
        vec!["outbox", "cancel"],
        vec!["outbox", "cancel", "5", "--all"],
        vec!["outbox", "hold", "5", "--state", "due"],
    ] {
        assert_eq!(desk.run(&wrong).code, Some(2), "{wrong:?}");
    }
    assert_eq!(desk.run(&["outbox", "redirect", "5", "nobody"]).code, Some(2));
}

#[test]
fn suppressed_addresses_are_listed_added_and_removed() {
    let desk = FakeDesk::start(Script::default());
    assert_eq!(desk.run(&["suppression", "list", "--json"]).json()["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(desk.run(&["suppression", "add", "a@x.example", "--reason", "bounced", "--days", "60"]).code, Some(0));
    assert_eq!(desk.run(&["suppression", "remove", "a@x.example"]).code, Some(0));
    assert_eq!(desk.run(&["suppression", "add", "a@x.example"]).code, Some(2));
    assert_eq!(desk.asked(), ["suppress a@x.example bounced Some(60)", "unsuppress a@x.example"]);
}

#[test]
fn a_verb_for_one_mail_is_rehearsed_and_changes_nothing() {
    let desk = FakeDesk::start(Script::default());
    for verb in ["retry", "cancel", "hold", "release"] {
        let dry = desk.run(&["outbox", verb, "5", "--dry-run"]);
        assert!(dry.stdout.contains("nothing was changed; do it without --dry-run"), "{}", dry.stdout);
    }
    let dry = desk.run(&["outbox", "redirect", "5", "new@x.example", "--dry-run", "--json"]).json();
    assert_eq!((&dry["data"]["dry_run"], &dry["data"]["id"]), (&true.into(), &5.into()));
    let want =
        ["rehearse retry 5", "rehearse cancel 5", "rehearse hold 5", "rehearse release 5", "rehearse redirect 5"];
    assert_eq!(desk.asked(), want);
    assert_eq!(desk.run(&["outbox", "hold", "5", "--confirm", "1"]).code, Some(2));
}

#[test]
fn tickets_are_merged_and_split_or_it_is_said_what_would_be() {
    let desk = FakeDesk::start(Script::default());
    let dry = desk.run(&["ticket", "merge", "2", "1", "--dry-run"]);
    assert!(dry.stdout.starts_with("#1 would be merged into #2"), "{}", dry.stdout);
    for words in ["it would get 2 entries", "the tags vip", "1 mail of #1 still to be sent", "Bob asked in #1"] {
        assert!(dry.stdout.contains(words), "{words} in {}", dry.stdout);
    }
    let done = desk.run(&["ticket", "merge", "2", "1", "--json"]).json();
    assert_eq!((&done["schema"], &done["data"]["source"]), (&"maildesk.ticket.merge/1".into(), &1.into()));
    let split = desk.run(&["ticket", "split", "2", "3", "5", "--subject", "other"]);
    assert!(split.stdout.contains("entries 3 -> 1, 5 -> 2"), "{}", split.stdout);
    assert_eq!(desk.run(&["ticket", "split", "2"]).code, Some(2));
    let asked = desk.asked();
    assert!(asked[0].starts_with("Merge { source: TicketNumber(1), target: TicketNumber(2) } as a trial"), "{asked:?}");
    assert!(asked[2].contains("entries: [EntryNumber(3), EntryNumber(5)], subject: Some(\"other\")"), "{asked:?}");
    assert_eq!(asked.len(), 3);
}
