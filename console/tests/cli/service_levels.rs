//! Due times in lists and on pages, the clocks of a ticket, and holidays from a file.

use crate::desk::{FakeDesk, Script};
use serde_json::json;

fn lines(arguments: &[&str]) -> Vec<String> {
    let ran = FakeDesk::start(Script::default()).run(arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    ran.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn due_times_stand_in_lists_and_on_pages() {
    let all = lines(&["ticket", "list"]);
    assert!(all[0].contains("Due") && all[2].contains("5 min ago"), "{all:#?}");
    let due = lines(&["ticket", "list", "--sort", "due"]);
    assert!(due.len() == 2 && due[1].contains("Printer on fire"), "{due:#?}");
    let listed = lines(&["sla", "list"]);
    assert!(listed[0].starts_with("Due") && listed[1].contains("first response"), "{listed:#?}");
    let page = lines(&["ticket", "show", "2"]).join("\n");
    assert!(page.contains("first response") && page.contains("(5 min ago), policy gold"), "{page}");
    let list = FakeDesk::start(Script::default()).run(&["ticket", "list", "--json"]).json();
    assert_eq!((&list["data"][1]["sla"]["target"], &list["data"][0]["sla"]), (&json!("first_response"), &json!(null)));
}

#[test]
fn the_clocks_of_a_ticket_say_what_is_used_and_told() {
    let page = lines(&["sla", "show", "2"]).join("\n");
    for part in
        ["#2 policy gold · calendar office", "first response running", "65 of 60 minutes", "told warning at 80%"]
    {
        assert!(page.contains(part), "{part:?} in:\n{page}");
    }
    assert!(page.contains("resolution paused"), "{page}");
    let shown = FakeDesk::start(Script::default()).run(&["sla", "show", "2", "--json"]).json();
    let first = &shown["data"]["clocks"][0];
    assert_eq!((&first["state"], &first["told"][0]["warning"]), (&json!("running"), &json!("80%")));
    assert_eq!(first["told"][1]["warning"], json!(null), "the breach");
    assert_eq!(FakeDesk::start(Script::default()).run(&["sla", "show", "99"]).code, Some(3));
}

#[test]
fn holidays_need_a_file_with_events_and_a_calendar() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("days.ics");
    let path = file.to_str().unwrap().to_owned();
    let run = |text: &str| {
        std::fs::write(&file, text).unwrap();
        FakeDesk::start(Script::default()).run(&["sla", "holidays", "import", &path, "office"])
    };
    let empty = run("nothing");
    assert!(empty.code == Some(5) && empty.stderr.contains("there is no event"), "{}", empty.stderr);
    let event = run("BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20260101\nEND:VEVENT\n");
    assert!(event.code == Some(5) && event.stderr.contains("no calendar is named \"office\""), "{}", event.stderr);
}
