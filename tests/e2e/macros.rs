//! Macros: kept with revisions, refused by place, tried and applied to real tickets.

use crate::desk::{Desk, SOON, kinds};
use anyhow::{Context, Result};
use maildesk_tests::Letter;
use serde_json::json;

const DOCUMENT: &str = r#"[[macro]]
name = "shipped"
status = "resolved"
priority = "low"
add_tags = ["shipped"]
assign = "me"
reply = """
Hello ${contact.name | default: "there"},

your parcel of #$ticket.number is on its way. It costs <nothing> & $$ 0."""
note = "told $contact.address"
"#;

async fn with_two_tickets() -> Result<Desk> {
    let desk = Desk::open().await?;
    for (who, subject) in [("alice", "My parcel"), ("bob", "Bob's parcel")] {
        let from = format!("{who}@desk.test");
        let letter = Letter::from(&format!("{who} <{from}>")).to("desk@desk.test").subject(subject);
        desk.receives(&from, &letter).await?;
        desk.judged(subject).await?;
    }
    Ok(desk)
}

#[tokio::test]
async fn a_macro_answers_notes_and_changes_each_ticket_wholly_or_not_at_all() -> Result<()> {
    let desk = with_two_tickets().await?;
    let file = desk.file("macros.toml", DOCUMENT)?;
    let file = file.to_str().context("a path")?;
    desk.cli.ok(&["macro", "import", file]).await?;
    desk.cli.ok(&["ticket", "close", "2"]).await?;

    let before = desk.ticket(1).await?;
    let preview = desk.cli.run(&["macro", "preview", "shipped", "1", "2", "99"]).await?;
    assert_eq!(preview.code, 6, "{preview:?}");
    for words in [
        "new -> open",
        "tag shipped added",
        "open -> resolved",
        "answer to alice@desk.test: Re: [#1] My parcel",
        "Hello alice,",
        "costs <nothing> & $ 0.",
        "told alice@desk.test",
        "#2 untouched, refused: ticket 2 is closed: resolve cannot be done",
        "#99 untouched, there is no ticket #99",
    ] {
        assert!(preview.stdout.contains(words), "{words}: {}", preview.stdout);
    }
    assert_eq!(desk.ticket(1).await?, before, "a preview changes nothing");

    let done = desk.cli.run(&["macro", "apply", "shipped", "1", "2", "--yes", "--json"]).await?;
    assert_eq!(done.code, 5, "{done:?}");
    let ticket = desk.ticket(1).await?;
    assert_eq!((&ticket["ticket"]["status"], &ticket["ticket"]["priority"]), (&json!("resolved"), &json!("low")));
    assert_eq!(ticket["tags"], json!(["shipped"]));
    let shape = ["comment", "comment", "note", "status_change", "status_change", "status_change", "status_change"];
    assert_eq!(kinds(&ticket), shape);
    assert_eq!(kinds(&desk.ticket(2).await?), ["comment", "status_change"], "the closed one is as it was");
    let alice = desk.bed.mailbox("alice");
    let mail = alice.wait_for(SOON, "the answer", |mail| mail.text().contains("on its way")).await?;
    assert_eq!(mail.header("Auto-Submitted"), None, "an agent sent it");
    let html = mail.text().replace("=\r\n", "").replace("=\n", "");
    assert!(html.contains("&lt;nothing&gt; &amp; $ 0"), "the HTML is made from the text: {html}");
    let sent = desk.outbox_is_done().await?;
    assert_eq!(sent.iter().filter(|mail| mail["kind"] == "agent_reply").count(), 1, "{sent:?}");
    Ok(())
}

#[tokio::test]
async fn macros_are_checked_and_change_from_the_revision_that_was_seen() -> Result<()> {
    let mut desk = Desk::open().await?;
    let broken = desk.cli.run(&["macro", "set", "shipped", "--reply", "Hello $contact.name,\n  $tickt.number"]).await?;
    let want = "macro \"shipped\": reply, line 2, column 3: unknown variable `$tickt.number`, did you mean";
    assert!(broken.code == 5 && broken.stderr.contains(want), "{broken:?}");
    desk.cli.ok(&["macro", "set", "shipped", "--reply", "Hello $contact.name,\n"]).await?;
    desk.cli.ok(&["macro", "set", "shipped", "--priority", "high"]).await?;
    let stale = desk.cli.run(&["macro", "set", "shipped", "--priority", "low", "--revision", "1"]).await?;
    assert_eq!(stale.code, 4, "{stale:?}");
    let exported = desk.cli.ok(&["macro", "export"]).await?;
    desk.daemon.restart().await?;
    assert_eq!(desk.cli.ok(&["macro", "export"]).await?, exported, "they are durable");
    assert!(exported.contains("revision = 2\n") && exported.contains("priority = \"high\""), "{exported}");

    // What was exported is imported as it was; changed meanwhile, it is refused as a whole.
    let file = desk.file("macros.toml", &format!("{exported}\n[[macro]]\nname = \"other\"\nassign = \"nobody\"\n"))?;
    let file = file.to_str().context("a path")?;
    let trial = desk.cli.ok(&["macro", "import", file, "--dry-run"]).await?;
    assert!(trial.contains("shipped would be unchanged") && trial.contains("other would be added"), "{trial}");
    desk.cli.ok(&["macro", "set", "shipped", "--clear", "priority"]).await?;
    assert_eq!(desk.cli.run(&["macro", "import", file]).await?.code, 4);
    let names = desk.ask(&["macro", "list"]).await?;
    assert_eq!(names.as_array().map(Vec::len), Some(1), "{names}");
    desk.cli.ok(&["macro", "remove", "shipped"]).await?;
    assert_eq!(desk.cli.run(&["macro", "show", "shipped"]).await?.code, 3);
    Ok(())
}
