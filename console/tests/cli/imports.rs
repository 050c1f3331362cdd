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
