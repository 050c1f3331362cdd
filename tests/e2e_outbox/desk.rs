//! A desk under test: servers, daemon, command line, and what the scenarios ask of them.

use anyhow::{Context, Result};
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::Daemon;
use maildesk_tests::letter::Letter;
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::wait::eventually;
use maildesk_tests::{DOMAIN, Testbed};
use serde_json::Value;
use std::time::Duration;

pub const SOON: Duration = Duration::from_secs(30);

/// Everything of one scenario; dropping it stops it.
pub struct Desk {
    pub bed: Testbed,
    pub cli: Cli,
    pub daemon: Daemon,
}

/// Settings with these lines of the section desk, one mailbox, and this sender.
pub fn settings(bed: &Testbed, desk: &str, sender: &Sender, sender_lines: &str) -> String {
    let sender = DeskSettings::empty().sender(sender).text().trim_end().to_owned();
    let text = format!("[desk]\n{desk}\n\n{sender}\n{sender_lines}\n\n");
    DeskSettings::empty().lines(&text).mailbox(&Mailbox::tls(bed, "desk")).text().to_owned()
}

impl Desk {
    pub async fn start(desk: &str, sender_lines: &str) -> Result<Self> {
        let bed = Testbed::start().await?;
        let settings = settings(&bed, desk, &Sender::tls(&bed, "desk"), sender_lines);
        Self::start_on(bed, &settings).await
    }

    pub async fn start_on(bed: Testbed, settings: &str) -> Result<Self> {
        let (daemon, cli) = bed.daemon_with(settings).await?;
        let desk = Self { bed, cli, daemon };
        eventually(SOON, "the first poll", async || {
            let status = desk.cli.json(&["status"]).await?;
            anyhow::Ok(status["data"]["mailboxes"][0]["state"] == "working")
        })
        .await?;
        Ok(desk)
    }

    /// The same desk with other settings.
    pub async fn apply(&self, desk: &str) -> Result<()> {
        let settings = settings(&self.bed, desk, &Sender::tls(&self.bed, "desk"), "");
        self.cli.apply(&settings).await.map(drop)
    }

    /// A first mail of this person; gives the number of the ticket it opened.
    pub async fn ticket_of(&self, from: &str) -> Result<u64> {
        let letter = Letter::from(from).to("desk@desk.test").subject(&format!("Help for {from}"));
        self.bed.post(&letter, from, &format!("desk@{DOMAIN}")).await?;
        eventually(SOON, "the ticket", async || {
            let tickets = self.cli.json(&["ticket", "list"]).await?;
            let tickets = tickets["data"].as_array().context("no list")?.clone();
            anyhow::Ok(tickets.iter().find(|ticket| ticket["subject"] == format!("Help for {from}")).cloned())
        })
        .await?["number"]
            .as_u64()
            .context("no number")
    }

    /// Answers a ticket; gives the number of the mail.
    pub async fn reply(&self, ticket: u64, text: &str) -> Result<u64> {
        let reply = self.cli.json(&["ticket", "reply", &ticket.to_string(), "--text", text]).await?;
        reply["data"]["outbox"].as_u64().with_context(|| format!("no mail: {reply}"))
    }

    pub async fn mail(&self, id: u64) -> Result<Value> {
        Ok(self.cli.json(&["outbox", "show", &id.to_string()]).await?["data"].clone())
    }

    /// How the sender fares, once its state is this one.
    pub async fn until_sender(&self, state: &str) -> Result<Value> {
        eventually(SOON, &format!("the sender to be {state}"), async || {
            let sender = self.cli.json(&["status"]).await?["data"]["senders"][0].clone();
            anyhow::ensure!(sender["state"] == state, "it is {sender}");
            anyhow::Ok(Some(sender))
        })
        .await
    }

    /// The mail to this address is due, its sender is faulty with this meaning, and no attempt was counted.
    pub async fn waits_because(&self, to: &str, meaning: &str) -> Result<Value> {
        let sender = self.until_sender("faulty").await?;
        let found = sender["fault"]["meaning"].as_str().unwrap_or_default().to_owned();
        anyhow::ensure!(found.contains(meaning), "{meaning}: {sender}");
        anyhow::ensure!(sender["fault"]["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{sender}");
        let mail = self.mail_to(to).await?;
        anyhow::ensure!(mail["state"] == "due" && mail["attempts"] == 0, "{mail}");
        Ok(mail)
    }

    /// The newest mail of the outbox to this address.
    pub async fn mail_to(&self, to: &str) -> Result<Value> {
        eventually(SOON, "a mail to that address", async || {
            let mails = self.cli.json(&["outbox", "list", "--all"]).await?;
            let mails = mails["data"].as_array().context("no list")?.clone();
            anyhow::Ok(mails.into_iter().find(|mail| mail["to"] == to))
        })
        .await
    }

    pub async fn until_state(&self, id: u64, state: &str) -> Result<Value> {
        eventually(SOON, &format!("mail {id} to be {state}"), async || {
            let mail = self.mail(id).await?;
            anyhow::ensure!(mail["state"] == state, "it is {mail}");
            anyhow::Ok(Some(mail))
        })
        .await
    }

    /// Waits until the server has refused it at least so often.
    pub async fn until_deferred(&self, id: u64, times: u64) -> Result<Value> {
        eventually(SOON, &format!("mail {id} to be deferred {times} times"), async || {
            let mail = self.mail(id).await?;
            anyhow::ensure!(mail["deferrals"].as_u64() >= Some(times), "it is {mail}");
            anyhow::Ok(Some(mail))
        })
        .await
    }

    pub async fn thread(&self, ticket: u64) -> Result<String> {
        self.cli.ok(&["ticket", "show", &ticket.to_string()]).await
    }
}
