//! Invitations whose time is over, and those that are taken back before they leave.

use crate::desk::{Desk, SOON};
use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::ids::InvitationId;
use maildesk_core::invitation::Invitation;
use maildesk_daemon::store::kv::{Options, Transaction};
use maildesk_daemon::store::{Store, StoreError, invitations};
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed, eventually};

/// Lets the time of invitation 1 be over: its days pass while the daemon is stopped.
async fn expires(desk: &mut Desk) -> Result<()> {
    desk.daemon.terminate()?;
    {
        let options = Options { min_free_bytes: 1 << 20, ..Options::new(&desk.daemon.state_dir().join("store")) };
        let store = Store::open(&options)?;
        let job = move |tx: &mut Transaction<'_>| -> Result<(), StoreError> {
            let known = invitations::get(tx, InvitationId(1))?.ok_or(StoreError::Closed)?;
            // As if all of it had been eight days ago.
            let earlier = |at: Timestamp| at - SignedDuration::from_hours(8 * 24);
            let (sent, expires) = (earlier(known.sent), earlier(known.expires));
            invitations::put(tx, &Invitation { sent, expires, ..known })
        };
        store.write(job).await?;
    }
    desk.daemon.start_again().await
}

#[tokio::test]
async fn an_expired_invitation_is_refused_by_mail_and_by_code_until_it_is_sent_again() -> Result<()> {
    let mut desk = Desk::open().await?;
    let send = ["invitation", "send", "bob@desk.test", "--agent", "bob", "--language", "de"];
    desk.cli.ok(&send).await?;
    let bob = desk.bed.mailbox("bob");
    let mail = bob.wait_for(SOON, "the invitation", |_| true).await?;
    let code = mail.header("Message-ID").context("an id")?;
    expires(&mut desk).await?;
    ensure!(desk.ask(&["invitation", "show", "1"]).await?["state"] == "expired");

    let answer = |subject: &str, token: &str| {
        let letter = Letter::from("bob@desk.test").to("desk@desk.test").subject(subject);
        letter.text("I am in.\r\n").in_reply_to(token)
    };
    desk.receives("bob@desk.test", &answer("Too late", &code)).await?;
    let verdict = desk.judged("Too late").await?;
    ensure!(verdict["outcome"] == "new_ticket", "what he wrote is kept: {verdict}");
    let told = bob.wait_for(SOON, "why not", |mail| mail.text().contains("abgelaufen")).await?;
    ensure!(told.text().contains("neue Einladung"), "it says what to do: {}", told.text());
    let refused = desk.cli.run(&["invitation", "accept", &code]).await?;
    let said = refused.stderr.contains("has expired") && refused.stderr.contains("maildesk invitation resend 1");
    ensure!(refused.code == 5 && said, "{refused:?}");
    ensure!(desk.ask(&["agent", "list"]).await? == serde_json::json!([]));

    let again = desk.ask(&["invitation", "resend", "1"]).await?;
    ensure!(again["state"] == "waiting", "{again}");
    let newer = bob
        .wait_for(SOON, "the newer mail", |mail| {
            mail.header("Message-ID").is_some_and(|id| id.starts_with("<mdi.1.2."))
        })
        .await?;
    let token = newer.header("Message-ID").context("an id")?;
    desk.receives("bob@desk.test", &answer("In time", &token)).await?;
    ensure!(desk.judged("In time").await?["outcome"] == "invitation_accepted");
    Ok(())
}

#[tokio::test]
async fn what_is_revoked_or_replaced_before_it_left_is_not_sent() -> Result<()> {
    let bed = Testbed::start().await?;
    let settings = desk_settings(&bed).silent("alice@desk.test");
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    desk.cli.ok(&["invitation", "send", "bob@desk.test", "--agent", "bob"]).await?;
    let states = async || {
        let mails = desk.outbox().await?;
        let mut states: Vec<(u64, String)> = mails
            .iter()
            .map(|mail| {
                (mail["id"].as_u64().unwrap_or_default(), mail["state"].as_str().unwrap_or_default().to_owned())
            })
            .collect();
        states.sort_unstable();
        anyhow::Ok(states.into_iter().map(|(_, state)| state).collect::<Vec<_>>())
    };
    eventually(SOON, "the first mail is held", async || anyhow::Ok(states().await? == ["held"])).await?;
    desk.cli.ok(&["invitation", "resend", "1"]).await?;
    eventually(SOON, "the newer one is held", async || anyhow::Ok(states().await? == ["cancelled", "held"])).await?;
    desk.cli.ok(&["invitation", "revoke", "1"]).await?;
    ensure!(states().await? == ["cancelled", "cancelled"]);
    let events = desk.events().await?;
    let said = |what: &str| events.iter().any(|event| event.to_string().contains(what));
    ensure!(said("its mail 2 is not sent"), "{events:?}");
    // One that has left stays what it is.
    desk.cli.ok(&["invitation", "send", "alice@desk.test", "--contact"]).await?;
    desk.bed.mailbox("alice").wait_for(SOON, "the invitation", |_| true).await?;
    eventually(SOON, "it is sent", async || anyhow::Ok(states().await?.last().is_some_and(|state| state == "sent")))
        .await?;
    desk.cli.ok(&["invitation", "revoke", "2"]).await?;
    ensure!(states().await?.last().is_some_and(|state| state == "sent"));
    Ok(())
}
