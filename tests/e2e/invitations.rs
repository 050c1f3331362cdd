//! Invitations: a mail, an answer, an agent who then works a ticket by mail alone; and answers that do not count.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result, ensure};
use maildesk_tests::Letter;
use maildesk_tests::mailbox::StoredMail;
use serde_json::Value;

fn id(mail: &StoredMail) -> Result<String> {
    mail.header("Message-ID").context("no Message-ID")
}

fn from(who: &str, subject: &str, text: &str, answers: &str) -> Letter {
    Letter::from(who).to("desk@desk.test").subject(subject).text(text).in_reply_to(answers)
}

/// Invites Bob as agent; his invitation as it lies in his mailbox.
async fn invited(desk: &Desk) -> Result<StoredMail> {
    let arguments = ["invitation", "send", "bob@desk.test", "--agent", "bob", "--name", "Bob B.", "--language", "de"];
    let sent = desk.ask(&arguments).await?;
    ensure!(sent["state"] == "waiting" && sent["account"] == "bob" && sent["sendings"] == 1, "{sent}");
    desk.bed.mailbox("bob").wait_for(SOON, "the invitation", |_| true).await
}

async fn state(desk: &Desk, number: &str) -> Result<Value> {
    Ok(desk.ask(&["invitation", "show", number]).await?["state"].take())
}

#[tokio::test]
async fn who_accepts_by_mail_works_by_mail() -> Result<()> {
    let desk = Desk::open().await?;
    let mail = invited(&desk).await?;
    let text = mail.text();
    ensure!(text.contains("mdi.1.1.") && id(&mail)?.starts_with("<mdi.1.1."), "{text}");
    ensure!(mail.header("Auto-Submitted").as_deref() == Some("auto-generated"), "{text}");
    ensure!(desk.ask(&["agent", "list"]).await? == serde_json::json!([]));
    desk.receives("bob@desk.test", &from("Bob <bob@desk.test>", "Re: yes", "I am in.\r\n", &id(&mail)?)).await?;
    let verdict = desk.judged("Re: yes").await?;
    ensure!(verdict["outcome"] == "invitation_accepted" && verdict["reason"] == "invitation 1", "{verdict}");
    let agents = desk.ask(&["agent", "list"]).await?;
    ensure!(agents[0]["name"] == "bob" && agents[0]["display_name"] == "Bob B.", "{agents}");
    let settings = desk.cli.ok(&["settings", "export"]).await?;
    ensure!(settings.contains("name = \"bob\"") && settings.contains("\"new_ticket\""), "{settings}");
    ensure!(state(&desk, "1").await? == "accepted");
    let bob = desk.bed.mailbox("bob");
    bob.wait_for(SOON, "the welcome", |mail| mail.text().contains("willkommen")).await?;

    // His first ticket, from the notice to the end, by mail alone.
    let first = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("Printer").text("It burns.\r\n");
    desk.receives("alice@desk.test", &first).await?;
    let told = bob.wait_for(SOON, "the notice", |mail| mail.text().contains("Neues Ticket")).await?;
    let answer = from("Bob <bob@desk.test>", "Re: Printer", "#take\r\n\r\nPull the plug.\r\n", &id(&told)?);
    desk.receives("bob@desk.test", &answer).await?;
    let alice = desk.bed.mailbox("alice");
    let got = alice.wait_for(SOON, "Bob's answer", |mail| mail.text().contains("Pull the plug.")).await?;
    ensure!(got.text().contains("Bob B.") && !got.text().contains("#take"), "{}", got.text());
    desk.receives("alice@desk.test", &from("alice@desk.test", "Thanks", "It is out.\r\n", &id(&got)?)).await?;
    let again = bob.wait_for(SOON, "her answer", |mail| mail.text().contains("It is out.")).await?;
    desk.receives("bob@desk.test", &from("bob@desk.test", "Done", "#resolve\r\n", &id(&again)?)).await?;
    desk.judged("Done").await?;
    let ticket = desk.ticket(1).await?;
    ensure!(ticket["ticket"]["status"] == "resolved" && ticket["assignee"] == "bob", "{ticket}");
    alice.wait_for(SOON, "that it is resolved", |mail| mail.text().contains("as resolved")).await?;
    Ok(())
}

#[tokio::test]
async fn forged_stolen_replaced_and_used_tokens_are_refused() -> Result<()> {
    let desk = Desk::open().await?;
    let token = id(&invited(&desk).await?)?;
    let forged = token.replacen("mdi.1.1.", "mdi.1.2.", 1);
    let machine = from("bob@desk.test", "Away", "Until Monday\r\n", &token).header("Auto-Submitted", "auto-replied");
    for (who, letter, subject, said) in [
        ("bob@desk.test", from("bob@desk.test", "Forged", "Yes\r\n", &forged), "Forged", "was not made by this desk"),
        ("eve@desk.test", from("carol@desk.test", "Stolen", "Yes\r\n", &token), "Stolen", "somebody else than"),
        ("bob@desk.test", machine, "Away", "a machine answered"),
    ] {
        desk.receives(who, &letter).await?;
        let judged = desk.judged(subject).await?;
        ensure!(judged["outcome"] == "new_ticket", "it is kept: {judged}");
        let trace = desk.ask(&["mail", "show", &judged["id"].to_string()]).await?["trace"].to_string();
        ensure!(trace.contains(said), "{trace}");
    }
    ensure!(state(&desk, "1").await? == "waiting" && desk.ask(&["agent", "list"]).await? == serde_json::json!([]));

    // The older mail counts no more once a newer one is sent; the code of the newer one does, once.
    desk.cli.ok(&["invitation", "resend", "1"]).await?;
    let bob = desk.bed.mailbox("bob");
    let newer =
        bob.wait_for(SOON, "the newer mail", |mail| id(mail).is_ok_and(|id| id.starts_with("<mdi.1.2."))).await?;
    let code = id(&newer)?;
    desk.receives("bob@desk.test", &from("bob@desk.test", "Old one", "Yes\r\n", &token)).await?;
    ensure!(desk.judged("Old one").await?["outcome"] == "new_ticket");
    bob.wait_for(SOON, "what to do", |mail| mail.text().contains("eine neuere geschickt")).await?;
    let refused = desk.cli.run(&["invitation", "accept", &token]).await?;
    ensure!(refused.code == 5 && refused.stderr.contains("a newer mail of this invitation"), "{refused:?}");
    ensure!(desk.ask(&["invitation", "accept", &code]).await?["state"] == "accepted");
    ensure!(desk.ask(&["agent", "list"]).await?[0]["name"] == "bob");
    let twice = desk.cli.run(&["invitation", "accept", &code]).await?;
    ensure!(twice.code == 5 && twice.stderr.contains("accepted already"), "{twice:?}");

    // A reply token is no invitation, and nonsense is no code.
    let reply = desk.bed.mailbox("carol").wait_for(SOON, "an acknowledgement", |_| true).await?;
    for (code, said) in [(id(&reply)?, "no code of an invitation"), ("mdi.9.1.abc".into(), "no invitation 9")] {
        let refused = desk.cli.run(&["invitation", "accept", &code]).await?;
        ensure!(refused.stderr.contains(said), "{refused:?}");
    }
    Ok(())
}

#[tokio::test]
async fn contacts_are_confirmed_and_bad_invitations_are_refused() -> Result<()> {
    let desk = Desk::open().await?;
    let customers = desk.file("customers.csv", "name,domains\nAcme,acme.test\n")?;
    desk.cli.ok(&["customer", "import", &customers.to_string_lossy()]).await?;
    let send = ["invitation", "send", "alice@desk.test", "--contact", "--customer", "1", "--name", "Alice"];
    desk.cli.ok(&send).await?;
    let mail = desk.bed.mailbox("alice").wait_for(SOON, "the invitation", |_| true).await?;
    ensure!(mail.text().contains("Acme") && !mail.text().contains("Your code"), "{}", mail.text());
    desk.receives("alice@desk.test", &from("alice@desk.test", "Re: it is me", "Yes\r\n", &id(&mail)?)).await?;
    ensure!(desk.judged("Re: it is me").await?["outcome"] == "invitation_accepted");
    let contact = desk.ask(&["contact", "show", "1"]).await?;
    ensure!(contact["customer_name"] == "Acme" && contact["confirmed"].is_string(), "{contact}");
    let spoken = desk.ask(&["contact", "language", "ALICE@desk.test", "fr"]).await?;
    ensure!(spoken["language"] == "fr" && desk.ask(&["contact", "language", "1", "none"]).await?["language"].is_null());

    desk.cli.ok(&["invitation", "send", "bob@desk.test", "--agent", "bob"]).await?;
    for (arguments, said) in [
        (["bob@desk.test", "--agent", "bert"], "bob@desk.test is invited already"),
        (["desk@desk.test", "--agent", "desk"], "is the desk's own"),
        (["nobody", "--agent", "nobody"], "has no @"),
        (["zoe@desk.test", "--agent", "z o e"], "is not a user name"),
        (["zoe@desk.test", "--agent", "zoe\u{e9}"], "is not a user name"),
    ] {
        let refused = desk.cli.run(&[&["invitation", "send"][..], &arguments].concat()).await?;
        ensure!(refused.code == 5 && refused.stderr.contains(said), "{arguments:?}: {refused:?}");
    }
    let unclear = desk.cli.run(&["invitation", "send", "zoe@desk.test"]).await?;
    ensure!(unclear.code == 2, "{unclear:?}");
    desk.cli.ok(&["invitation", "revoke", "2"]).await?;
    let invitation = desk.bed.mailbox("bob").wait_for(SOON, "the invitation", |_| true).await?;
    let refused = desk.cli.run(&["invitation", "accept", &id(&invitation)?]).await?;
    ensure!(refused.code == 5 && refused.stderr.contains("revoked"), "{refused:?}");
    let again = desk.cli.run(&["invitation", "revoke", "2"]).await?;
    ensure!(again.code == 5 && again.stderr.contains("revoked already"), "{again:?}");
    let listed = desk.ask(&["invitation", "list"]).await?;
    ensure!(
        listed[0]["state"] == "revoked" && listed[1]["state"] == "accepted" && listed[1]["by"].is_string(),
        "{listed}"
    );
    Ok(())
}
