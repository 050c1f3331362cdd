//! Contact and customer lists from CSV.

use crate::desk::{FakeDesk, Script};

fn contacts(rows: usize) -> String {
    let row = |number| format!("Person {number},p{number}@acme.example;q{number}@acme.example,Acme\n");
    format!("name,addresses,customer\n{}", (0..rows).map(row).collect::<String>())
}

#[test]
fn rows_go_in_batches_and_counts_are_summed() {
    let desk = FakeDesk::start(Script::default());
    let file = desk.file("contacts.csv", &contacts(450));
    let ran = desk.run(&["contact", "import", &file]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "contacts: 450 added, 0 changed, 0 unchanged\n"));
    assert_eq!(ran.stderr, "", "progress is for terminals");
    let batches = [200, 200, 50].map(|rows| format!("import {rows} dry_run=false"));
    assert_eq!(desk.asked(), batches);
    let dry =
        desk.run_with_input(&["customer", "import", "-", "--dry-run", "--json"], "name,domains\nAcme,acme.example\n");
    assert_eq!((&dry.json()["data"]["dry_run"], &dry.json()["data"]["added"]), (&true.into(), &1.into()));
    assert_eq!(desk.asked().last().map(String::as_str), Some("import 1 dry_run=true"));
}

#[test]
fn every_bad_line_is_named_and_nothing_is_sent() {
    let desk = FakeDesk::start(Script::default());
    let file = desk.file("bad.csv", "name,addresses,customer\nAnn,nobody,Acme\nBob,b@x.de\n\"C\",,\nD,d@x.de c@,\n");
    let ran = desk.run(&["contact", "import", &file]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(5), ""));
    for part in [
        "bad.csv was refused: 4 problems",
        "line 2: addresses: nobody has no @",
        "line 3: has 2 columns instead of 3",
        "line 4: addresses: are empty",
        "line 5: addresses: c@ has no valid domain",
    ] {
        assert!(ran.stderr.contains(part), "{part:?} in:\n{}", ran.stderr);
    }
    assert_eq!(desk.asked(), [""; 0]);
}

#[test]
fn what_the_daemon_refuses_is_told_with_what_cannot_be_read() {
    let desk = FakeDesk::start(Script { refuse_import_after: Some(0), ..Script::default() });
    let file = desk.file("bad.csv", &format!("{}Ann,nobody,Acme\n", contacts(250)));
    for arguments in [&["contact", "import", &file][..], &["contact", "import", &file, "--dry-run"]] {
        let ran = desk.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(5), ""));
        assert!(ran.stderr.contains("line 252: addresses: nobody has no @"), "{}", ran.stderr);
        assert!(ran.stderr.contains("no customer is named \"Nobody\""), "{}", ran.stderr);
    }
    // Both parts of the file were shown to the daemon, and none was taken.
    assert!(desk.asked().iter().all(|asked| asked.ends_with("dry_run=true")), "{:?}", desk.asked());
    assert_eq!(desk.asked().len(), 4);
}

#[test]
fn wrong_headers_say_what_is_wanted() {
    let desk = FakeDesk::start(Script::default());
    let refused = |text: &str| {
        let ran = desk.run_with_input(&["customer", "import", "-"], text);
        assert_eq!(ran.code, Some(5), "{}", ran.stderr);
        ran.stderr
    };
    assert!(
        refused("domain,name\nx,y\n")
            .contains("line 1: the columns are domain,name; the first line must be name,domains")
    );
    assert!(refused("name;domains\nx;y\n").contains("separate the columns by commas"));
    assert!(refused("name,domains\n").contains("holds no rows"));
    assert!(refused("").contains("the first line must be name,domains"));
}

#[test]
fn a_byte_order_mark_and_spaces_are_no_problem() {
    let desk = FakeDesk::start(Script::default());
    let ran = desk.run_with_input(
        &["customer", "import", "-"],
        "\u{feff}Name, Domains\r\n\"Acme, Inc.\", acme.example acme.test\r\n",
    );
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(0), "customers: 1 added, 0 changed, 0 unchanged\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_refusal_in_the_middle_says_how_much_is_in() {
    let desk = FakeDesk::start(Script { refuse_import_after: Some(1), ..Script::default() });
    let file = desk.file("contacts.csv", &contacts(300));
    let ran = desk.run(&["contact", "import", &file]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(5), ""));
    assert!(ran.stderr.contains("no customer is named \"Nobody\" (the first 200 rows are imported)"), "{}", ran.stderr);
}

#[test]
fn an_export_is_what_an_import_reads() {
    let desk = FakeDesk::start(Script::default());
    let ran = desk.run(&["customer", "export"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "name,domains\nAcme,acme.example\n"));
    let back = desk.run_with_input(&["customer", "import", "-"], &ran.stdout);
    assert_eq!(back.code, Some(0), "{}", back.stderr);
    let file = desk.file("old.csv", "kept");
    let refused = desk.run(&["contact", "export", "-o", &file]);
    assert_eq!((refused.code, std::fs::read_to_string(&file).unwrap().as_str()), (Some(1), "kept"));
    let dry = desk.run(&["contact", "export", "--dry-run", "-o", &file, "--json"]).json();
    assert_eq!((&dry["schema"], &dry["data"]["rows"]), (&"maildesk.contact.export/1".into(), &1.into()));
    assert_eq!(desk.run(&["contact", "export", "-o", &file, "--force"]).stdout, "contacts: 1 exported\n");
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("name,addresses,customer\n"));
    assert_eq!(desk.run(&["contact", "export", "--json"]).code, Some(2), "CSV is no JSON");
}

#[test]
fn contacts_blocks_and_keys_are_changed_as_asked() {
    let desk = FakeDesk::start(Script::default());
    let merged = desk.run(&["contact", "merge", "1", "2", "--json"]).json();
    assert_eq!((&merged["schema"], &merged["data"]["id"]), (&"maildesk.contact.merge/1".into(), &1.into()));
    let tried = desk.run(&["contact", "merge", "1", "2", "--dry-run"]).stdout;
    assert!(tried.starts_with("contact 2 would become part of contact 1\n"), "{tried}");
    assert!(tried.ends_with("a dry run: nothing was changed\n"), "{tried}");
    assert_eq!(desk.run(&["contact", "add-address", "1", "a@home.example"]).code, Some(0));
    assert_eq!(desk.run(&["contact", "remove-address", "1", "a@home.example"]).code, Some(0));
    let spoken = desk.run(&["contact", "language", "ann@acme.example", "de"]);
    assert_eq!((spoken.code, spoken.stderr.as_str()), (Some(0), ""));
    assert_eq!(desk.run(&["contact", "language", "1", "none"]).code, Some(0));
    assert_eq!(desk.run(&["contact", "language", "1", "xx"]).code, Some(2));
    let renamed = desk.run(&["customer", "rename", "1", "Acme Works", "--json"]).json();
    assert_eq!(renamed["schema"], "maildesk.customer.rename/1");
    assert_eq!(desk.run(&["customer", "add-domain", "1", "*.acme.example"]).code, Some(0));
    assert_eq!(desk.run(&["customer", "remove-domain", "1", "acme.example"]).code, Some(0));
    let blocked = desk.run(&["block", "add", "*.spam.example", "--reason", "abuse", "--days", "30"]);
    assert_eq!(blocked.stdout, "*.spam.example is blocked: mail from there is dropped\n");
    assert_eq!(desk.run(&["block", "add", "spam.example"]).code, Some(2), "a reason is asked for");
    assert_eq!(desk.run(&["block", "remove", "*.spam.example", "--json"]).json()["data"]["who"], "*.spam.example");
    assert_eq!(desk.run(&["token", "rotate"]).stdout, "a new key signs; 1 before it still verify\n");
    let keys = desk.run(&["token", "list"]).stdout;
    assert!(keys.contains("signs") && keys.contains("with the store"), "{keys}");
    let want = [
        "Id(ContactId(1)) Merge { gone: ContactId(2), dry_run: false }",
        "Id(ContactId(1)) Merge { gone: ContactId(2), dry_run: true }",
        "Id(ContactId(1)) AddAddress { address: \"a@home.example\" }",
        "Id(ContactId(1)) RemoveAddress { address: \"a@home.example\" }",
        "Address(\"ann@acme.example\") Language { language: Some(De) }",
        "Id(ContactId(1)) Language { language: None }",
        "CustomerId(1) Rename { name: \"Acme Works\" }",
        "CustomerId(1) AddDomain { domain: \"*.acme.example\" }",
        "CustomerId(1) RemoveDomain { domain: \"acme.example\" }",
        "block *.spam.example Some(30) abuse",
        "unblock *.spam.example",
        "rotate",
    ];
    assert_eq!(desk.asked(), want);
}
