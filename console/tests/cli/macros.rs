//! `maildesk macro`: kept by name, tried, applied.

use crate::desk::{FakeDesk, Script};

#[test]
fn macros_are_listed_and_written_out_as_they_are_read() {
    let desk = FakeDesk::start(Script::default());
    let list = desk.run(&["macro", "list"]);
    assert!(list.stdout.contains("shipped") && list.stdout.contains("resolved, +shipped"), "{}", list.stdout);
    let shown = desk.run(&["macro", "show", "shipped"]);
    assert!(
        shown.stdout.starts_with("[[macro]]\nname = \"shipped\"\nrevision = 3\nstatus = \"resolved\"\n"),
        "{}",
        shown.stdout
    );
    assert_eq!(desk.run(&["macro", "export", "shipped"]).stdout, shown.stdout);
    assert_eq!(desk.run(&["macro", "show", "other"]).code, Some(3));
    assert_eq!(desk.run(&["macro", "export", "other"]).code, Some(3));
    let file = desk.file("macros.toml", &shown.stdout);
    let trial = desk.run(&["macro", "import", &file, "--dry-run"]).stdout;
    let want =
        "shipped would be changed revision 4\n! macro \"shipped\": reply, line 1, column 7: `$contact.name` may be";
    assert!(trial.starts_with(want), "{trial}");
    assert!(desk.asked()[0].contains("seen: Some(Revision(3)) }] as a trial"), "{:?}", desk.asked());
    let variables = desk.run(&["macro", "variables"]);
    assert!(
        variables.stdout.contains("$contact.name") && !variables.stdout.contains("$message"),
        "{}",
        variables.stdout
    );
}

#[test]
fn flags_change_what_they_name_and_nothing_else() {
    let desk = FakeDesk::start(Script::default());
    let set = ["macro", "set", "shipped", "--status", "pending", "--untag", "shipped", "--clear", "reply"];
    assert_eq!(desk.run(&set).code, Some(0));
    let asked = desk.asked();
    for words in [
        "reply: None",
        "status: Some(Pending)",
        "add_tags: []",
        "remove_tags: [\"shipped\"]",
        "seen: Some(Revision(3))",
    ] {
        assert!(asked[0].contains(words), "{words} in {asked:?}");
    }
    assert_eq!(desk.run(&["macro", "set", "fresh", "--note", "x"]).code, Some(0));
    assert!(desk.asked()[1].contains("seen: Some(Revision(0))"), "{:?}", desk.asked());
    assert_eq!(desk.run(&["macro", "set", "A b", "--note", "x"]).code, Some(2));
    assert_eq!(desk.run(&["macro", "remove", "shipped", "--revision", "3"]).code, Some(0));
    assert!(desk.asked()[2].contains("to: None, seen: Some(Revision(3))"), "{:?}", desk.asked());
    // A document is checked before anything is asked.
    let file = desk.file("macros.toml", "[[macro]]\nname = \"bad\"\nreply = \"Hello $contact.nam\"\n");
    let refused = desk.run(&["macro", "set", "bad", "--file", &file]);
    assert_eq!(refused.code, Some(5));
    assert!(
        refused.stderr.contains("reply, line 1, column 7: unknown variable `$contact.nam`, did you mean"),
        "{}",
        refused.stderr
    );
    assert_eq!(desk.asked().len(), 3);
}

#[test]
fn a_macro_is_shown_first_and_done_with_consent() {
    let desk = FakeDesk::start(Script::default());
    let preview = desk.run(&["macro", "preview", "shipped", "2", "1", "2"]);
    assert_eq!(preview.code, Some(6));
    let want = "#2 ";
    assert!(preview.stdout.starts_with(want), "{}", preview.stdout);
    for words in [
        "  open -> resolved\n",
        "answer to ann@acme.example: Re: [#2] fire",
        "    it is on its way.",
        "#1 untouched, refused: ticket 1 is closed",
    ] {
        assert!(preview.stdout.contains(words), "{words} in {}", preview.stdout);
    }
    let unsure = desk.run(&["macro", "apply", "shipped", "2"]);
    assert_eq!((unsure.code, unsure.stderr.contains("nothing was done yet: add --yes")), (Some(2), true));
    assert_eq!(desk.run(&["macro", "apply", "shipped", "2", "--yes", "--revision", "2"]).code, Some(4));
    let done = desk.run(&["macro", "apply", "shipped", "2", "1", "--yes", "--json"]);
    assert_eq!(done.code, Some(5));
    let tickets = &done.json()["data"]["tickets"];
    assert_eq!((&tickets[0]["reply"]["outbox"], &tickets[0]["refused"]), (&5.into(), &serde_json::Value::Null));
    assert_eq!(tickets[1]["refused"], "refused: ticket 1 is closed: resolve cannot be done");
    let want = [
        "apply shipped to 2 as a trial",
        "apply shipped to 1 as a trial",
        "apply shipped to 2 as a trial",
        "apply shipped to 2",
        "apply shipped to 1",
    ];
    assert_eq!(desk.asked(), want);
}
