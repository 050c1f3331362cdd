//! Machines that answer machines: every exchange ends by itself.

use crate::desk::{Desk, SOON, kinds};
use anyhow::{Context, Result};
use maildesk_tests::daemon::{Daemon, DaemonOptions};
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::{DOMAIN, Letter, Testbed, eventually};
use std::collections::BTreeSet;

/// A desk beside others on the same servers, with the mailbox and the sender of this user.
async fn desk_of(bed: &Testbed, user: &str) -> Result<(Daemon, maildesk_tests::cli::Cli)> {
    let options = DaemonOptions {
        name: format!("{user}-desk"),
        ca_file: Some(bed.certificates.authority()),
        ..DaemonOptions::default()
    };
    let daemon = Daemon::start(&bed.scratch, options).await?;
    let cli = daemon.cli();
    let settings = DeskSettings::empty().undo_seconds(0);
    cli.apply(settings.sender(&Sender::tls(bed, user)).mailbox(&Mailbox::tls(bed, user)).text()).await?;
    Ok((daemon, cli))
}

#[tokio::test]
async fn two_desks_with_each_other_as_customers_fall_silent() -> Result<()> {
    let bed = Testbed::start().await?;
    let (daemon, cli) = desk_of(&bed, "desk").await?;
    let (_their_daemon, their_cli) = desk_of(&bed, "sales").await?;
    let ours = Desk { daemon, cli, bed };
    ours.polls().await?;
    let theirs = async |arguments: &[&str]| anyhow::Ok(their_cli.json(arguments).await?["data"].take());
    eventually(SOON, "the other desk polls", async || {
        anyhow::Ok(theirs(&["status"]).await?["mailboxes"][0]["state"] == "working")
    })
    .await?;

    // Somebody at our address writes to them: they acknowledge, we take that in and stay silent.
    let letter = Letter::from("Ours <desk@desk.test>").to("sales@desk.test").subject("Can you help us?");
    ours.bed.post(&letter, "desk@desk.test", "sales@desk.test").await?;
    let taken_in = ours.judged_in_all(1).await?;
    assert_eq!(taken_in[0]["outcome"], "new_ticket", "{taken_in:?}");

    // Their agent answers as a person: it belongs to the ticket that their acknowledgement began.
    their_cli.ok(&["ticket", "reply", "1", "--text", "How can we help?"]).await?;
    eventually(SOON, "their answer is a comment here", async || {
        anyhow::Ok(kinds(&ours.ticket(1).await?) == ["comment", "comment"])
    })
    .await?;

    // Somebody there writes of something else: we acknowledge, they take that in and stay silent.
    let letter = Letter::from("Theirs <sales@desk.test>").to("desk@desk.test").subject("Something else");
    ours.bed.post(&letter, "sales@desk.test", "desk@desk.test").await?;
    assert_eq!(ours.judged("Something else").await?["outcome"], "new_ticket");
    eventually(SOON, "our acknowledgement is a ticket over there", async || {
        let tickets = theirs(&["ticket", "list"]).await?;
        anyhow::Ok(tickets.as_array().is_some_and(|rows| rows.len() == 2))
    })
    .await?;

    // What comes after a mail in each direction came after all that they had to say to each other.
    for (from, to) in [("carol@desk.test", "desk@desk.test"), ("carol@desk.test", "sales@desk.test")] {
        ours.bed.post(&Letter::from(from).to(to).subject("Last word"), from, to).await?;
    }
    ours.judged("Last word").await?;
    eventually(SOON, "the other desk has the last word", async || {
        let mails = theirs(&["mail", "list", "--all"]).await?;
        anyhow::Ok(mails.to_string().contains("Last word"))
    })
    .await?;
    let between = |outbox: &serde_json::Value, to: &str| {
        let mails = outbox.as_array().map(Vec::as_slice).unwrap_or_default();
        mails.iter().filter(|mail| mail["to"] == to && mail["kind"] != "agent_reply").count()
    };
    let our_outbox = serde_json::Value::from(ours.outbox_is_done().await?);
    let their_outbox = theirs(&["outbox", "list", "--all"]).await?;
    assert_eq!(between(&our_outbox, "sales@desk.test"), 1, "{our_outbox}");
    assert_eq!(between(&their_outbox, "desk@desk.test"), 1, "{their_outbox}");
    Ok(())
}

#[tokio::test]
async fn a_vacation_responder_is_taken_in_and_not_answered() -> Result<()> {
    let desk = Desk::open().await?;
    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("My order");
    desk.receives("alice@desk.test", &letter).await?;
    let acknowledgement = desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let id = acknowledgement.header("Message-ID").context("no Message-ID")?;
    desk.cli.ok(&["ticket", "resolve", "1", "--quiet"]).await?;
    // Twice: a responder that does not remember whom it has told.
    for subject in ["Out of office: My order", "Out of office again"] {
        let away = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject(subject);
        let away = away.in_reply_to(&id).header("Auto-Submitted", "auto-replied (vacation)");
        desk.receives("alice@desk.test", &away).await?;
        assert_eq!(desk.judged(subject).await?["outcome"], "comment");
    }
    let ticket = desk.ticket(1).await?;
    assert_eq!(ticket["ticket"]["status"], "resolved", "an absence notice reopens nothing: {ticket}");
    assert_eq!(desk.outbox_is_done().await?.len(), 1, "the acknowledgement and nothing else");
    Ok(())
}

/// Mails of the outbox that went out to this address, and how many of them nobody typed.
async fn sent_to(desk: &Desk, address: &str) -> Result<(usize, usize)> {
    let outbox = desk.outbox_is_done().await?;
    let sent: Vec<_> = outbox.iter().filter(|mail| mail["to"] == address && mail["attempts"] != 0).collect();
    Ok((sent.len(), sent.iter().filter(|mail| mail["kind"] != "agent_reply").count()))
}

/// Answers every mail that lies in Alice's mailbox and was not answered before, as a responder that remembers nobody
/// does. Gives how many it answered.
async fn answer_all(desk: &Desk, answered: &mut BTreeSet<String>) -> Result<usize> {
    let (sent, _) = sent_to(desk, "alice@desk.test").await?;
    let mails = eventually(SOON, "what was sent to Alice has arrived", async || {
        let mails = desk.bed.mailbox("alice").mails()?;
        anyhow::Ok((mails.len() >= sent).then_some(mails))
    })
    .await?;
    let ids: Vec<String> = mails.iter().filter_map(|mail| mail.header("Message-ID")).collect();
    let new: Vec<&String> = ids.iter().filter(|id| answered.insert((*id).clone())).collect();
    for id in &new {
        // From the address that does not exist any more: an answer to it would come back.
        let away = Letter::from("Alice <gone@desk.test>").to("desk@desk.test").subject("Out of office").in_reply_to(id);
        let away = away.header("Auto-Submitted", "auto-replied (vacation)");
        let before = desk.mails().await?.len();
        desk.receives("", &away).await?;
        desk.judged_in_all(before + 1).await?;
    }
    Ok(new.len())
}

#[tokio::test]
async fn an_absent_contact_whose_other_address_bounces_falls_silent() -> Result<()> {
    let desk = Desk::open().await?;
    let mut answered = BTreeSet::new();
    let from = |address: &str, subject: &str| {
        Letter::from(&format!("Alice <{address}>")).to("desk@desk.test").subject(subject)
    };
    desk.receives("alice@desk.test", &from("alice@desk.test", "My order")).await?;
    desk.judged("My order").await?;
    desk.cli.ok(&["contact", "add-address", "1", "gone@desk.test"]).await?;
    assert_eq!(answer_all(&desk, &mut answered).await?, 1, "the acknowledgement");

    // From the other address: Dovecot knows nobody there, Postfix brings the acknowledgement back.
    desk.receives("gone@desk.test", &from("gone@desk.test", "My other order")).await?;
    desk.judged("My other order").await?;
    eventually(SOON, "the acknowledgement has come back", async || {
        anyhow::Ok(desk.mails().await?.iter().any(|mail| mail["outcome"] == "bounce_note"))
    })
    .await?;
    desk.receives("gone@desk.test", &from("gone@desk.test", "Are you there?")).await?;
    desk.judged("Are you there?").await?;

    // People go on; each of their mails is answered by the machine once, and that is all.
    desk.cli.ok(&["ticket", "reply", "1", "--text", "It is on its way."]).await?;
    assert_eq!(answer_all(&desk, &mut answered).await?, 1, "the answer");
    desk.cli.ok(&["ticket", "resolve", "1"]).await?;
    assert_eq!(answer_all(&desk, &mut answered).await?, 1, "the notice");
    assert_eq!(answer_all(&desk, &mut answered).await?, 0, "nothing answers the absence notices");

    // What comes after a later mail came after all that the machines had to say to each other.
    desk.receives("carol@desk.test", &Letter::from("carol@desk.test").to("desk@desk.test").subject("Last word"))
        .await?;
    desk.judged("Last word").await?;
    assert_eq!(sent_to(&desk, "alice@desk.test").await?, (3, 2), "acknowledgement, answer, notice");
    assert_eq!(sent_to(&desk, "gone@desk.test").await?, (1, 1), "what came back is not sent again");
    let mails = desk.mails().await?;
    assert_eq!(mails.iter().filter(|mail| mail["outcome"] == "bounce_note").count(), 1, "{mails:?}");
    let ticket = desk.ticket(1).await?;
    assert_eq!(ticket["ticket"]["status"], "resolved", "absence notices reopen nothing: {ticket}");
    Ok(())
}

#[tokio::test]
async fn a_machine_that_does_not_say_so_is_answered_twice() -> Result<()> {
    let desk = Desk::open().await?;
    for turn in 1..=5 {
        let letter = Letter::from("Gate <bob@desk.test>").to(&format!("desk@{DOMAIN}"));
        desk.receives("bob@desk.test", &letter.subject(&format!("Door {turn} is open"))).await?;
        desk.judged(&format!("Door {turn} is open")).await?;
    }
    assert_eq!(desk.tickets().await?.len(), 5, "every mail is a ticket");
    assert_eq!(desk.outbox_is_done().await?.len(), 2);
    let last = desk.judged("Door 5 is open").await?;
    let why = desk.cli.ok(&["mail", "show", &last["id"].to_string()]).await?;
    assert!(why.contains("a loop? 2 automatic mails with this subject went there within 3 hours"), "{why}");

    // Who has such devices raises the limit.
    let wider = desk.cli.ok(&["settings", "export"]).await?.replace("same_subject = 2", "same_subject = 3");
    desk.cli.apply(&wider).await?;
    let letter = Letter::from("Gate <bob@desk.test>").to("desk@desk.test").subject("Door 6 is open");
    desk.receives("bob@desk.test", &letter).await?;
    desk.judged("Door 6 is open").await?;
    assert_eq!(desk.outbox_is_done().await?.len(), 3);
    let refused = desk.file("refused.toml", &wider.replace("minutes = 10\n", "minutes = 0\n"))?;
    let printed = desk.cli.run(&["settings", "apply", &refused.to_string_lossy()]).await?;
    assert!(printed.stderr.contains("loops: windows: is out of range"), "{}", printed.stderr);
    Ok(())
}
