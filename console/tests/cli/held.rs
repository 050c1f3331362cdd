//! Mails that were held back: what is asked of the daemon, and what is told of its answer.

use crate::desk::{FakeDesk, Script};

#[test]
fn mails_are_decided_about_by_number_or_as_conditions_say() {
    let desk = FakeDesk::start(Script::default());
    let shown = desk.run(&["quarantine", "replay", "9"]);
    assert!(shown.stdout.contains("verdict   quarantined, nesting too deep"), "{}", shown.stdout);
    assert!(shown.stdout.ends_with("nothing was changed\n"), "{}", shown.stdout);
    assert_eq!(desk.run(&["quarantine", "replay", "9", "--yes"]).stdout, "mail 9 quarantined, nesting too deep\n");
    let some = desk.run(&["quarantine", "discard", "8", "9", "--reason", "spam"]);
    assert_eq!(some.code, Some(1));
    assert_eq!(some.stdout, "mail 9 quarantined, nesting too deep\n");
    assert_eq!(some.stderr, "maildesk: 1 of 2 mails failed:\n  there is no mail 8\n");
    let all = desk.run(&["quarantine", "release", "--all", "--from", "x@", "--confirm", "3"]);
    assert_eq!(all.stdout, "2 of 3 mails released\n  2 new ticket\n  mail 4 cannot be released\n");
    let would = desk.run(&["quarantine", "replay", "--all"]);
    assert!(would.stdout.ends_with("nothing was changed; do it with --confirm 3\n"), "{}", would.stdout);
    assert_eq!(desk.run(&["mail", "release", "9", "--json"]).json()["schema"], "maildesk.mail.release/1");
    let want = [
        "Replay 9 rehearsed",
        "Replay 9",
        "Discard { reason: \"spam\" } 8",
        "Discard { reason: \"spam\" } 9",
        "Release all Some(\"x@\") true Confirmed(3)",
        "Replay all None true DryRun",
        "Release 9",
    ];
    assert_eq!(desk.asked(), want);
}

#[test]
fn contradictions_are_refused_before_anything_is_asked() {
    let desk = FakeDesk::start(Script::default());
    for wrong in [
        vec!["quarantine", "release"],
        vec!["quarantine", "release", "9", "--all"],
        vec!["quarantine", "release", "9", "--from", "x@"],
        vec!["quarantine", "release", "9", "--confirm", "1"],
        vec!["quarantine", "discard", "9"],
        vec!["quarantine", "replay", "--all", "--yes"],
    ] {
        assert_eq!(desk.run(&wrong).code, Some(2), "{wrong:?}");
    }
    assert_eq!(desk.asked(), [""; 0]);
}
