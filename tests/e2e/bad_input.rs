//! Wrong settings: what is wrong is said, the rest goes on, and putting it right needs no restart.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result};
use maildesk_tests::dovecot::{EXPIRED_CERTIFICATE, TLS_REQUIRED, WRONG_CERTIFICATE};
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender, desk_settings};
use maildesk_tests::{Letter, Testbed, eventually};
use serde_json::Value;

/// The mailbox `sales`, as wrong as the change makes it.
fn mailbox(bed: &Testbed, name: &str, change: impl FnOnce(&mut Mailbox)) -> Mailbox {
    let mut mailbox = Mailbox { name: name.into(), sender: "desk".into(), ..Mailbox::tls(bed, "sales") };
    change(&mut mailbox);
    mailbox
}

/// Waits until this mailbox or sender is faulty.
async fn fault_of(desk: &Desk, part: &str, name: &str) -> Result<Value> {
    eventually(SOON, &format!("the fault of {name} is told"), async || {
        let status = desk.status().await?;
        let all = status[part].as_array().context("no list")?;
        anyhow::Ok(all.iter().find(|one| one["name"] == name && one["state"] == "faulty").cloned())
    })
    .await
    .map(|found| found["fault"].clone())
}

/// The fault says these words (in any case) in its meaning, has a remedy, and the server's words where it has some.
fn tells(name: &str, fault: &Value, words: &str, server_said: bool) {
    println!("{name}: {fault:#}");
    let text = |field: &str| fault[field].as_str().unwrap_or_default().to_lowercase();
    assert!(text("meaning").contains(words), "{name}: {fault:#}");
    assert!(text("remedy").len() > 10, "{name}: {fault:#}");
    assert_eq!(fault["server_said"].is_string(), server_said, "{name}: {fault:#}");
    assert!(fault["since"].is_string() && fault["next_try"].is_string(), "{name}: {fault:#}");
}

#[tokio::test]
async fn wrong_mailboxes_say_what_is_wrong() -> Result<()> {
    let bed = Testbed::start().await?;
    let (plain_port, closed) = (bed.dovecot.imap_port(), bed.scratch.port("nobody-listens")?);
    let own_authority = format!("ca_file = \"{}\"", "/etc/hostname");
    let wrong = [
        mailbox(&bed, "password", |m| m.password = "wrong".into()),
        mailbox(&bed, "host", |m| m.host = "no-such-host.invalid".into()),
        mailbox(&bed, "port", |m| m.port = closed),
        mailbox(&bed, "folder", |m| m.folder = "No/Such/Folder".into()),
        mailbox(&bed, "expired", |m| m.host = EXPIRED_CERTIFICATE.into()),
        mailbox(&bed, "other-name", |m| m.host = WRONG_CERTIFICATE.into()),
        mailbox(&bed, "tls-on-plain", |m| m.port = plain_port),
        mailbox(&bed, "plain-refused", |m| {
            (m.host, m.port, m.encryption) = (TLS_REQUIRED.into(), plain_port, "plain".into());
        }),
    ];
    let good = desk_settings(&bed);
    let settings = wrong.iter().fold(good.clone(), |settings, mailbox| settings.mailbox(mailbox));
    let ca = settings.mailbox(&mailbox(&bed, "ca-file", |_| {}));
    let text = ca.text();
    let (head, tail) = text.rsplit_once("encryption = \"tls\"").context("a server")?;
    let with_ca = format!("{head}encryption = \"tls\", {own_authority}{tail}");
    let desk = Desk::open_with(bed, &DeskSettings::empty().lines(&with_ca)).await?;

    let expected = [
        ("password", "password", true),
        ("host", "no-such-host.invalid", false),
        ("port", "", false),
        ("folder", "folder", true),
        ("expired", "expired", false),
        ("other-name", "other.invalid", false),
        ("tls-on-plain", "tls", false),
        ("plain-refused", "", false),
        ("ca-file", "/etc/hostname", false),
    ];
    for (name, words, server_said) in expected {
        tells(name, &fault_of(&desk, "mailboxes", name).await?, words, server_said);
    }
    // None of this touches the mailbox that is right.
    desk.receives("alice@desk.test", &Letter::from("alice@desk.test").to("desk@desk.test").subject("Hello")).await?;
    assert_eq!(desk.judged("Hello").await?["outcome"], "new_ticket");
    let page = desk.cli.ok(&["status"]).await?;
    assert!(page.contains("expired") && page.contains("No/Such/Folder"), "{page}");

    // Put right without a restart.
    let right = wrong.iter().fold(good, |settings, wrong| settings.mailbox(&mailbox(&desk.bed, &wrong.name, |_| {})));
    desk.cli.apply(right.text()).await?;
    for place in 0..=wrong.len() {
        desk.fares(&format!("/mailboxes/{place}"), "working").await?;
    }
    let recovered = desk.events().await?.iter().filter(|event| event["event"] == "mailbox_recovered").count();
    assert_eq!(recovered, wrong.len());
    Ok(())
}

/// One mail waits while its sender is wrong in one way after the other.
#[tokio::test]
async fn wrong_senders_say_what_is_wrong() -> Result<()> {
    let bed = Testbed::start().await?;
    let (closed, submission) = (bed.scratch.port("nobody-listens")?, bed.postfix.submission_port());
    let imaps = bed.dovecot.imaps_port();
    let with = |change: &dyn Fn(&mut Sender)| {
        let mut sender = Sender::tls(&bed, "desk");
        change(&mut sender);
        DeskSettings::empty().sender(&sender).mailbox(&Mailbox::tls(&bed, "desk"))
    };
    // Postfix listens at one address only; the TLS of Dovecot shows the certificates that are wrong.
    let wrong: [(&str, DeskSettings, bool); 7] = [
        ("password", with(&|s| s.password = "wrong".into()), true),
        ("no-such-host.invalid", with(&|s| s.host = "no-such-host.invalid".into()), false),
        ("nothing listens", with(&|s| s.port = closed), false),
        ("expired", with(&|s| (s.host, s.port) = (EXPIRED_CERTIFICATE.into(), imaps)), false),
        ("other.invalid", with(&|s| (s.host, s.port) = (WRONG_CERTIFICATE.into(), imaps)), false),
        ("plain text", with(&|s| s.port = submission), false),
        ("login", with(&|s| s.user = None), true),
    ];
    let right = with(&|_| {});
    let desk = Desk::open_with(bed, &wrong[0].1).await?;
    desk.receives("alice@desk.test", &Letter::from("alice@desk.test").to("desk@desk.test").subject("Hello")).await?;
    assert_eq!(desk.judged("Hello").await?["outcome"], "new_ticket");
    for (words, settings, server_said) in &wrong {
        desk.cli.apply(settings.text()).await?;
        let fault = eventually(SOON, &format!("{words:?} is told"), async || {
            let status = desk.status().await?;
            let fault = status["senders"][0]["fault"].clone();
            let told = fault["meaning"].as_str().is_some_and(|meaning| meaning.to_lowercase().contains(words));
            if told { Ok(Some(fault)) } else { Err(anyhow::anyhow!("{fault}")) }
        })
        .await?;
        tells(words, &fault, words, *server_said);
    }
    let waiting = desk.outbox().await?;
    assert_eq!((waiting[0]["state"].as_str(), waiting[0]["attempts"].as_u64()), (Some("due"), Some(0)), "{waiting:?}");

    desk.cli.apply(right.text()).await?;
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    desk.fares("/senders/0", "working").await?;
    let events = desk.events().await?;
    assert!(events.iter().any(|event| event["event"] == "sender_recovered"));
    Ok(())
}
