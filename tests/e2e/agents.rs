//! Agents who answer by mail, and mail that only says it is theirs.

use crate::desk::{Desk, SOON, kinds};
use anyhow::{Context, Result};
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};

/// A desk whose ticket 1 is Alice's, and a token on it that was made for agent Bob. He wrote the first mail himself;
/// then a person said that it was Alice's.
async fn with_token_of_bob() -> Result<(Desk, String)> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).lines("[[agents]]\nname = \"bob\"\naddresses = [\"bob@desk.test\"]");
    let desk = Desk::open_with(bed, &settings).await?;
    let token = token_of_bob(&desk).await?;
    Ok((desk, token))
}

/// Makes ticket 1 of a desk that knows agent Bob, and a token on it that was made for him.
pub async fn token_of_bob(desk: &Desk) -> Result<String> {
    desk.polls().await?;
    let letter = Letter::from("Bob <bob@desk.test>").to("desk@desk.test").subject("For Alice");
    desk.receives("bob@desk.test", &letter).await?;
    let mail = desk.bed.mailbox("bob").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let token = mail.header("Message-ID").context("no Message-ID")?;
    desk.cli.ok(&["contact", "add-address", "1", "alice@desk.test"]).await?;
    desk.cli.ok(&["contact", "remove-address", "1", "bob@desk.test"]).await?;
    Ok(token)
}

pub fn from_bob(subject: &str, text: &str) -> Letter {
    Letter::from("Bob <bob@desk.test>").to("desk@desk.test").subject(subject).text(text)
}

#[tokio::test]
async fn an_agents_answer_goes_on_to_the_customer() -> Result<()> {
    let (desk, token) = with_token_of_bob().await?;
    let text = "Switch it off and on.\r\n\r\nOn Monday, The desk team wrote:\r\n> the inner history\r\n";
    let answer = from_bob("Re: For Alice", text).attach("plan.txt", "text/plain", "turn left");
    desk.receives("bob@desk.test", &answer.in_reply_to(&token)).await?;
    let verdict = desk.judged("Re: For Alice").await?;
    assert_eq!((verdict["outcome"].as_str(), verdict["ticket"].as_u64()), (Some("agent_reply"), Some(1)), "{verdict}");
    let alice = desk.bed.mailbox("alice");
    let sent = alice.wait_for(SOON, "the answer", |mail| mail.text().contains("Switch it off")).await?;
    assert!(!sent.text().contains("inner history"), "{}", sent.text());
    assert_eq!(sent.header("From").as_deref(), Some("\"The desk team\" <desk@desk.test>"));
    assert_eq!(sent.header("Auto-Submitted"), None, "a person wrote it");
    let ticket = desk.ticket(1).await?;
    assert_eq!(kinds(&ticket), ["comment", "comment"]);
    let letter = sent.attachments()?;
    assert_eq!(letter, [("plan.txt".to_owned(), b"turn left".to_vec())], "it went along");
    assert_eq!(
        (&ticket["entries"][1]["author"]["kind"], &ticket["ticket"]["status"]),
        (&"agent".into(), &"open".into())
    );

    // Alice answers what she got, and nothing has come back to Bob by itself.
    let id = sent.header("Message-ID").context("an id")?;
    let thanks = Letter::from("alice@desk.test").to("desk@desk.test").subject("Thanks").in_reply_to(&id);
    desk.receives("alice@desk.test", &thanks).await?;
    assert_eq!(desk.judged("Thanks").await?["outcome"], "comment");

    // An answer that may not be sent is a note, and the ticket says why.
    desk.cli.ok(&["suppression", "add", "alice@desk.test", "--reason", "moved away"]).await?;
    desk.receives("bob@desk.test", &from_bob("Once more", "Still there?\r\n").in_reply_to(&token)).await?;
    desk.judged("Once more").await?;
    let ticket = desk.ticket(1).await?;
    assert_eq!(kinds(&ticket).last(), Some(&"delivery_problem"), "{ticket}");
    assert!(ticket.to_string().contains("was not sent on: alice@desk.test is suppressed: moved away"), "{ticket}");
    // He works by mail: so he is told by mail.
    let bob = desk.bed.mailbox("bob");
    bob.wait_for(SOON, "that it was not sent", |mail| mail.text().contains("your text cannot be sent")).await?;
    Ok(())
}

#[tokio::test]
async fn whoever_only_says_to_be_an_agent_writes_a_note_that_goes_nowhere() -> Result<()> {
    let (desk, token) = with_token_of_bob().await?;
    let alice = Letter::from("alice@desk.test").to("desk@desk.test").subject("Alice's own");
    desk.receives("alice@desk.test", &alice).await?;
    let mail = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let of_alice = mail.header("Message-ID").context("an id")?;
    let sent_before = desk.outbox_is_done().await?.len();
    for (subject, letter) in [
        ("With her token", from_bob("With her token", "Pay here\r\n").in_reply_to(&of_alice)),
        ("[#2] by number", from_bob("[#2] by number", "Pay here\r\n")),
        ("To her mail", from_bob("To her mail", "Pay here\r\n").in_reply_to(alice.id())),
    ] {
        desk.receives("bob@desk.test", &letter).await?;
        let verdict = desk.judged(subject).await?;
        let found = (verdict["outcome"].as_str(), verdict["ticket"].as_u64());
        assert_eq!(found, (Some("unverified_note"), Some(2)), "{verdict}");
    }
    // Somebody else with Bob's token, and Bob's machine.
    let eve =
        Letter::from("carol@desk.test").to("desk@desk.test").subject("Eve").text("Pay here\r\n").in_reply_to(&token);
    desk.receives("carol@desk.test", &eve).await?;
    assert_eq!(desk.judged("Eve").await?["outcome"], "unverified_note");
    let away = from_bob("I am away", "Until Monday\r\n").in_reply_to(&token).header("Auto-Submitted", "auto-replied");
    desk.receives("bob@desk.test", &away).await?;
    let away = desk.judged("I am away").await?;
    assert_eq!((&away["outcome"], &away["reason"]), (&"dropped".into(), &"automatic mail of agent bob".into()));
    assert_eq!(desk.outbox_is_done().await?.len(), sent_before, "nothing was sent on");
    Ok(())
}

#[tokio::test]
async fn what_an_agent_passes_on_is_its_authors_ticket() -> Result<()> {
    let (desk, _) = with_token_of_bob().await?;
    let text = "Please take over.\r\n\r\n---------- Forwarded message ---------\r\n\
        From: Zoe Adams <zoe@home.test>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\nSubject: Help\r\n\
        To: bob@desk.test\r\n\r\nIt leaks.\r\n";
    desk.receives("bob@desk.test", &from_bob("Fwd: Help", text)).await?;
    let number = desk.judged("Fwd: Help").await?["ticket"].as_u64().context("a ticket")?;
    let ticket = desk.ticket(number).await?;
    assert_eq!(ticket["requester"]["name"], "Zoe Adams");
    assert_eq!(ticket["requester"]["addresses"], serde_json::json!(["zoe@home.test"]));
    assert_eq!(kinds(&ticket), ["comment", "note"]);
    assert_eq!(desk.outbox_is_done().await?.len(), 1, "Zoe did not write here: she gets no acknowledgement");
    Ok(())
}
