//! Mails that were held back: a person lets them through, has them judged anew or drops them; none twice.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result};
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed};
use serde_json::Value;

const FILTERS: &str = r#"
[[filter]]
name = "odd"
when = [{ field = "subject", contains = "odd" }]
then = { quarantine = true }

[[filter]]
name = "noise"
when = [{ field = "subject", contains = "noise" }]
then = { drop = true }
"#;

fn letter(from: &str, subject: &str) -> Letter {
    Letter::from(from).to("desk@desk.test").subject(subject)
}

async fn desk() -> Result<Desk> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).lines(FILTERS);
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    Ok(desk)
}

fn id(mail: &Value) -> String {
    mail["id"].to_string()
}

/// What people did to a mail, one line each.
async fn people(desk: &Desk, id: &str) -> Result<String> {
    let why = desk.ask(&["mail", "why", id]).await?;
    let steps = why["trace"].as_array().cloned().unwrap_or_default();
    let people = steps.iter().filter(|step| step["step"] == "person");
    Ok(people.map(|step| format!("{}\n", step["said"])).collect())
}

#[tokio::test]
async fn a_released_mail_is_a_ticket_once() -> Result<()> {
    let desk = desk().await?;
    let odd = letter("Alice <alice@desk.test>", "An odd question").attach("log.txt", "text/plain", *b"all well");
    // As bytes: a letter is put together anew each time, with other boundaries.
    let (odd, inbox) = (odd.bytes(), desk.bed.mailbox("desk"));
    inbox.deliver("alice@desk.test", &odd).await?;
    let held = id(&desk.judged("An odd question").await?);

    // Looking changes nothing: released it would be a ticket, by today's rules it would stay.
    let would = desk.ask(&["quarantine", "release", &held, "--dry-run"]).await?;
    assert_eq!((&would["dry_run"], &would["mails"][0]["outcome"]), (&true.into(), &"new_ticket".into()), "{would}");
    let would = desk.ask(&["quarantine", "replay", &held]).await?;
    assert_eq!(would["mails"][0]["reason"], "filter odd", "{would}");
    assert_eq!((desk.tickets().await?.len(), desk.outbox().await?.len()), (0, 0));
    assert_eq!(people(&desk, &held).await?, "");

    // Two who release it at the same moment: one does.
    let release = ["quarantine", "release", held.as_str()];
    let (one, other) = tokio::join!(desk.cli.run(&release), desk.cli.run(&release));
    let mut codes = [one?.code, other?.code];
    codes.sort_unstable();
    assert_eq!(codes, [0, 5]);
    let late = desk.cli.run(&release).await?;
    assert!(late.stderr.contains("is new ticket #1: there is nothing to release"), "{}", late.stderr);
    assert_eq!(desk.save_attachment(1, 1, "log.txt").await?, b"all well");
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    let said = people(&desk, &held).await?;
    assert!(said.contains("released by ") && said.contains("before: quarantined, filter odd"), "{said}");

    // The same mail once more on its server, as another message and as the same one unread.
    inbox.deliver("alice@desk.test", &odd).await?;
    inbox.forget_flags().await?;
    let mails = desk.judged_in_all(2).await?;
    assert_eq!(mails[0]["reason"], format!("repeats mail {held}"), "{mails:?}");
    let again = desk.cli.run(&["mail", "release", &id(&mails[0])]).await?;
    assert!(again.code == 5 && again.stderr.contains("cannot be released: dropped, repeats mail"), "{}", again.stderr);
    assert_eq!((desk.tickets().await?.len(), desk.outbox_is_done().await?.len()), (1, 1));
    assert_eq!(desk.status().await?["counts"]["quarantined"], 0);
    Ok(())
}

#[tokio::test]
async fn a_dropped_mail_is_judged_anew_by_the_rules_of_today() -> Result<()> {
    let desk = desk().await?;
    desk.receives("bob@desk.test", &letter("bob@desk.test", "A noise in the printer")).await?;
    let dropped = id(&desk.judged("A noise in the printer").await?);
    let would = desk.ask(&["mail", "replay", &dropped]).await?;
    assert_eq!(would["mails"][0]["reason"], "filter noise", "{would}");
    desk.cli.ok(&["filter", "remove", "noise"]).await?;
    let would = desk.cli.ok(&["mail", "replay", &dropped]).await?;
    assert!(would.contains("new ticket #1") && would.contains("nothing was changed"), "{would}");
    assert_eq!(desk.tickets().await?.len(), 0);
    let done = desk.ask(&["mail", "replay", &dropped, "--yes"]).await?;
    assert_eq!((&done["mails"][0]["ticket"], &done["mails"][0]["id"]), (&1.into(), &dropped.parse()?), "{done}");
    let reply = desk.outbox_is_done().await?;
    assert_eq!((reply.len(), &reply[0]["to"]), (1, &"bob@desk.test".into()), "{reply:?}");
    let listed = desk.mails().await?;
    assert_eq!((listed.len(), &listed[0]["outcome"]), (1, &"new_ticket".into()), "it keeps its place: {listed:?}");
    Ok(())
}

#[tokio::test]
async fn many_mails_are_decided_about_at_once() -> Result<()> {
    let desk = desk().await?;
    for (from, subject) in [
        ("alice@desk.test", "odd 1"),
        ("bob@desk.test", "odd 2"),
        ("bob@desk.test", "odd 3"),
        ("carol@desk.test", "odd 4"),
    ] {
        desk.receives(from, &letter(from, subject)).await?;
        desk.judged(subject).await?;
    }
    let unsure = desk.cli.run(&["quarantine", "discard", "--all", "--from", "bob@", "--reason", "spam"]).await?;
    assert!(unsure.code == 2 && unsure.stderr.contains("would change 2 of 2 mails: add --confirm 2"), "{unsure:?}");
    let wrong = desk.cli.run(&["quarantine", "release", "--all", "--confirm", "3"]).await?;
    assert!(wrong.code == 5 && wrong.stderr.contains("4 mails match, not 3"), "{wrong:?}");
    let discard = ["quarantine", "discard", "--all", "--from", "bob@", "--reason", "spam", "--confirm", "2"];
    let done = desk.ask(&discard).await?;
    assert_eq!((&done["changed"], &done["outcomes"]["dropped"]), (&2.into(), &2.into()), "{done}");
    let second = desk.judged("odd 2").await?;
    let reason = second["reason"].as_str().context("no reason")?;
    assert!(reason.starts_with("discarded by ") && reason.ends_with(": spam"), "{second}");

    // A discarded mail is still kept; a number that is nothing stops no other.
    let some = desk.cli.run(&["quarantine", "release", "99", &id(&second), "--json"]).await?;
    assert!(some.code == 1 && some.stderr.contains("there is no mail 99"), "{some:?}");
    assert!(some.stdout.contains("\"new_ticket\""), "{some:?}");
    let done = desk.ask(&["quarantine", "release", "--all", "--confirm", "2"]).await?;
    assert_eq!((&done["changed"], &done["outcomes"]["new_ticket"]), (&2.into(), &2.into()), "{done}");
    assert_eq!(desk.ask(&["quarantine", "list"]).await?, Value::Array(Vec::new()));
    assert_eq!((desk.tickets().await?.len(), desk.outbox_is_done().await?.len()), (3, 3));
    Ok(())
}
