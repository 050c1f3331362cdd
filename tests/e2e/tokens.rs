//! Reply tokens in the wrong hands, and mail that machines wrote.

use crate::desk::{Desk, SOON, kinds};
use anyhow::{Context, Result};
use maildesk_tests::Letter;

/// Alice writes; the Message-ID of her acknowledgement, in angle brackets.
async fn acknowledged(desk: &Desk) -> Result<String> {
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("The door is stuck");
    desk.receives("alice@desk.test", &letter).await?;
    let mail = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    mail.header("Message-ID").context("no Message-ID")
}

fn from(who: &str, subject: &str, answers: &str) -> Letter {
    Letter::from(who).to("desk@desk.test").subject(subject).text("Let me in.\r\n").in_reply_to(answers)
}

#[tokio::test]
async fn somebody_elses_token_makes_an_unverified_note() -> Result<()> {
    let desk = Desk::open().await?;
    let token = acknowledged(&desk).await?;
    desk.receives("bob@desk.test", &from("Bob <bob@desk.test>", "Re: from Bob", &token)).await?;
    let verdict = desk.judged("Re: from Bob").await?;
    assert_eq!((verdict["outcome"].as_str(), verdict["ticket"].as_u64()), (Some("unverified_note"), Some(1)));
    let ticket = desk.ticket(1).await?;
    assert_eq!(kinds(&ticket), ["comment", "unverified_note"]);
    assert_eq!(ticket["requester"]["addresses"], serde_json::json!(["alice@desk.test"]));
    // An answer still goes to Alice and to nobody else.
    desk.cli.ok(&["ticket", "reply", "1", "--text", "We come."]).await?;
    desk.bed.mailbox("alice").wait_for(SOON, "the answer", |mail| mail.text().contains("We come.")).await?;
    desk.outbox_is_done().await?;
    assert!(desk.bed.mailbox("bob").mails()?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_forged_token_opens_nothing() -> Result<()> {
    let desk = Desk::open().await?;
    let token = acknowledged(&desk).await?;
    let (head, domain) = token.rsplit_once('@').context("an id")?;
    let (head, signature) = head.rsplit_once('.').context("a signature")?;
    let forged = format!("{head}.{}@{domain}", signature.chars().rev().collect::<String>());
    assert_ne!(forged, token);
    desk.receives("alice@desk.test", &from("alice@desk.test", "Re: forged", &forged)).await?;
    let verdict = desk.judged("Re: forged").await?;
    assert_eq!((verdict["outcome"].as_str(), verdict["ticket"].as_u64()), (Some("new_ticket"), Some(2)), "{verdict}");
    assert_eq!(kinds(&desk.ticket(1).await?), ["comment"]);
    Ok(())
}

#[tokio::test]
async fn our_own_mail_come_back_is_dropped() -> Result<()> {
    let desk = Desk::open().await?;
    acknowledged(&desk).await?;
    let ours = desk.bed.mailbox("alice").mails()?.remove(0);
    desk.bed.mailbox("desk").deliver("desk@desk.test", &ours.bytes).await?;
    let mails = desk.judged_in_all(2).await?;
    assert_eq!(mails[0]["outcome"], "dropped", "{mails:?}");
    assert_eq!(desk.tickets().await?.len(), 1);
    assert_eq!(desk.outbox().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_vacation_notice_is_kept_and_moves_nothing() -> Result<()> {
    let desk = Desk::open().await?;
    let token = acknowledged(&desk).await?;
    desk.cli.ok(&["ticket", "resolve", "1", "--quiet"]).await?;
    let away = from("alice@desk.test", "I am away", &token).header("Auto-Submitted", "auto-replied");
    desk.receives("alice@desk.test", &away).await?;
    let verdict = desk.judged("I am away").await?;
    assert_eq!((verdict["outcome"].as_str(), verdict["ticket"].as_u64()), (Some("comment"), Some(1)), "{verdict}");
    let ticket = desk.ticket(1).await?;
    assert_eq!(ticket["ticket"]["status"], "resolved");
    assert_eq!(kinds(&ticket), ["comment", "status_change", "comment"]);
    assert_eq!(desk.outbox().await?.len(), 1, "only the first acknowledgement");
    Ok(())
}

#[tokio::test]
async fn machines_get_a_ticket_and_no_answer() -> Result<()> {
    let desk = Desk::open().await?;
    let generated = |subject: &str| Letter::from("carol@desk.test").to("desk@desk.test").subject(subject);
    let automatic = generated("Backup finished").header("Auto-Submitted", "auto-generated");
    desk.receives("carol@desk.test", &automatic).await?;
    desk.receives("carol@desk.test", &generated("Newsletter").header("List-Id", "<news.world.test>")).await?;
    // A bounce: the empty return path and a delivery status.
    let bounce = Letter::from("MAILER-DAEMON@desk.test").to("desk@desk.test").subject("Undelivered Mail");
    desk.receives("", &bounce).await?;
    desk.receives("carol@desk.test", &generated("A person")).await?;
    for subject in ["Backup finished", "Newsletter", "Undelivered Mail", "A person"] {
        assert_eq!(desk.judged(subject).await?["outcome"], "new_ticket", "{subject}");
    }
    let answered = desk.outbox_is_done().await?;
    assert_eq!(answered.len(), 1, "{answered:?}");
    assert!(answered[0]["subject"].as_str().is_some_and(|subject| subject.contains("A person")), "{answered:?}");
    let verdict = desk.ask(&["mail", "show", "1"]).await?;
    assert!(verdict["trace"].to_string().contains("no acknowledgement"), "{verdict}");
    Ok(())
}
