//! Tickets that are merged and split, and where answers to their mails land.

use crate::desk::{Desk, SOON, kinds};
use anyhow::{Context, Result};
use maildesk_tests::Letter;
use serde_json::{Value, json};

fn letter(from: &str, subject: &str) -> Letter {
    Letter::from(from).to("desk@desk.test").subject(subject)
}

/// Its verdict: outcome and ticket.
async fn verdict(desk: &Desk, from: &str, letter: &Letter, subject: &str) -> Result<(String, u64)> {
    desk.receives(from, letter).await?;
    let judged = desk.judged(subject).await?;
    let outcome = judged["outcome"].as_str().context("an outcome")?.to_owned();
    Ok((outcome, judged["ticket"].as_u64().unwrap_or_default()))
}

/// The Message-ID of the mail in this person's mailbox whose text or subject holds the words.
async fn got(desk: &Desk, who: &str, words: &str) -> Result<String> {
    let holds = |mail: &maildesk_tests::mailbox::StoredMail| {
        mail.text().contains(words) || mail.header("Subject").is_some_and(|subject| subject.contains(words))
    };
    let mail = desk.bed.mailbox(who).wait_for(SOON, words, holds).await?;
    mail.header("Message-ID").context("no Message-ID")
}

/// What a command says that is refused.
async fn refusal(desk: &Desk, arguments: &[&str]) -> Result<String> {
    let printed = desk.cli.run(arguments).await?;
    anyhow::ensure!(printed.code != 0, "{arguments:?} was done: {}", printed.stdout);
    Ok(printed.stderr)
}

fn comments(ticket: &Value) -> Vec<u64> {
    let entries = ticket["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
    let comments = entries.iter().filter(|entry| entry["kind"] == "comment");
    comments.filter_map(|entry| entry["number"].as_u64()).collect()
}

#[tokio::test]
async fn answers_to_a_merged_ticket_land_in_the_other() -> Result<()> {
    let desk = Desk::open().await?;
    let first = letter("Alice <alice@desk.test>", "The printer burns").attach("log.txt", "text/plain", "hot");
    verdict(&desk, "alice@desk.test", &first, "The printer burns").await?;
    let second = letter("Bob <bob@desk.test>", "Smoke on floor two").attach("photo.txt", "text/plain", "smoke");
    verdict(&desk, "bob@desk.test", &second, "Smoke on floor two").await?;
    desk.cli.ok(&["ticket", "tag", "2", "fire"]).await?;
    let token = got(&desk, "bob", "Smoke on floor two").await?;

    let trial = desk.ask(&["ticket", "merge", "1", "2", "--dry-run"]).await?;
    assert_eq!((&trial["dry_run"], &trial["entries"], &trial["tags"]), (&json!(true), &json!(1), &json!(["fire"])));
    assert_eq!(trial["other_requester"], "Bob");
    assert_eq!(desk.ticket(2).await?["merged_into"], Value::Null, "a dry run changes nothing");
    desk.cli.ok(&["ticket", "merge", "1", "2"]).await?;
    let (one, two) = (desk.ticket(1).await?, desk.ticket(2).await?);
    assert_eq!((kinds(&one), comments(&one)), (vec!["comment", "comment", "status_change"], vec![1, 2]));
    assert_eq!(one["entries"][1]["came_from"], json!({"ticket": 2, "entry": 1}));
    assert_eq!((&one["tags"], &one["related"]), (&json!(["fire"]), &json!([2])));
    assert_eq!((&two["ticket"]["status"], &two["merged_into"]), (&json!("closed"), &json!(1)));
    assert_eq!(kinds(&two), ["status_change", "status_change"], "what happened to it stays with it");
    assert_eq!(desk.save_attachment(1, 2, "photo.txt").await?, b"smoke");
    let page = desk.cli.ok(&["ticket", "show", "2"]).await?;
    assert!(page.contains("merged into  #1: there it goes on"), "{page}");

    // By token, by the mail itself, by the number: Bob's words come into ticket 1, and reopen nothing that is merged.
    let by_token = letter("bob@desk.test", "By token").in_reply_to(&token);
    assert_eq!(verdict(&desk, "bob@desk.test", &by_token, "By token").await?, ("comment".into(), 1));
    let by_mail = letter("bob@desk.test", "By mail").in_reply_to(second.id());
    assert_eq!(verdict(&desk, "bob@desk.test", &by_mail, "By mail").await?, ("comment".into(), 1));
    let by_number = letter("bob@desk.test", "[#2] by number");
    assert_eq!(verdict(&desk, "bob@desk.test", &by_number, "[#2] by number").await?, ("comment".into(), 1));
    // Others get in by nothing of it.
    let stolen = letter("carol@desk.test", "Stolen").in_reply_to(&token);
    assert_eq!(verdict(&desk, "carol@desk.test", &stolen, "Stolen").await?, ("unverified_note".into(), 1));
    let guessed = letter("carol@desk.test", "[#2] guessed");
    assert_eq!(verdict(&desk, "carol@desk.test", &guessed, "[#2] guessed").await?, ("new_ticket".into(), 3));
    assert_eq!(desk.ticket(2).await?["ticket"]["status"], "closed");
    let told = refusal(&desk, &["ticket", "reply", "2", "--text", "x"]).await?;
    assert!(told.contains("ticket 2 was merged into #1: use that one"), "{told}");
    let told = refusal(&desk, &["ticket", "merge", "2", "1"]).await?;
    assert!(told.contains("ticket 2 was merged into 1 before: 1 cannot be merged into it"), "{told}");
    Ok(())
}

#[tokio::test]
async fn answers_to_mail_of_a_split_entry_land_in_the_new_ticket() -> Result<()> {
    let mut desk = Desk::open().await?;
    let first = letter("Alice <alice@desk.test>", "My order");
    verdict(&desk, "alice@desk.test", &first, "My order").await?;
    let acknowledged = got(&desk, "alice", "My order").await?;
    let also = letter("alice@desk.test", "And my invoice").in_reply_to(&acknowledged);
    let also = also.attach("invoice.txt", "text/plain", "42");
    verdict(&desk, "alice@desk.test", &also, "And my invoice").await?;
    desk.cli.ok(&["ticket", "reply", "1", "--text", "Of the invoice."]).await?;
    let answered = got(&desk, "alice", "Of the invoice.").await?;

    let split = desk.ask(&["ticket", "split", "1", "2", "3", "--subject", "The invoice"]).await?;
    assert_eq!((&split["new"]["number"], &split["new"]["status"]), (&json!(2), &json!("open")));
    assert_eq!(split["entries"], json!([{"was": 2, "is": 1}, {"was": 3, "is": 2}]));
    let (one, two) = (desk.ticket(1).await?, desk.ticket(2).await?);
    assert_eq!((comments(&one), comments(&two), &two["related"]), (vec![1], vec![1, 2], &json!([1])));
    assert_eq!((&two["ticket"]["subject"], &two["requester"]), (&json!("The invoice"), &one["requester"]));
    assert_eq!(desk.save_attachment(2, 1, "invoice.txt").await?, b"42");

    desk.daemon.restart().await?;
    let of_invoice = letter("alice@desk.test", "Re: invoice").in_reply_to(&answered);
    assert_eq!(verdict(&desk, "alice@desk.test", &of_invoice, "Re: invoice").await?, ("comment".into(), 2));
    let own = letter("alice@desk.test", "To my own mail").in_reply_to(also.id());
    assert_eq!(verdict(&desk, "alice@desk.test", &own, "To my own mail").await?, ("comment".into(), 2));
    let of_order = letter("alice@desk.test", "Re: order").in_reply_to(&acknowledged);
    assert_eq!(verdict(&desk, "alice@desk.test", &of_order, "Re: order").await?, ("comment".into(), 1));
    // Together again, and the token still leads home.
    desk.cli.ok(&["ticket", "merge", "1", "2"]).await?;
    let again = letter("alice@desk.test", "Once more").in_reply_to(&answered);
    assert_eq!(verdict(&desk, "alice@desk.test", &again, "Once more").await?, ("comment".into(), 1));
    Ok(())
}
