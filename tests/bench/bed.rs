//! A Dovecot and a maildeskd of their own for one benchmark.

use crate::corpus::small_mails;
use anyhow::{Context, Result};
use maildesk_tests::certificates::Certificates;
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::{Daemon, DaemonOptions};
use maildesk_tests::dovecot::{ALL_MODES, Dovecot};
use maildesk_tests::scratch::Scratch;
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::wait::eventually;
use maildesk_tests::{DOMAIN, PASSWORD};
use std::fs;
use std::time::{Duration, Instant};

/// Nothing listens there: what would be sent stays queued.
pub const CLOSED_PORT: u16 = 1;

/// Dropping it stops and removes everything.
pub struct Bed {
    pub daemon: Daemon,
    pub cli: Cli,
    pub dovecot: Dovecot,
    pub certificates: Certificates,
    pub scratch: Scratch,
}

impl Bed {
    /// Servers up, and maildeskd has seen its empty mailbox once, so that all mail from now on is acknowledged.
    pub async fn start(poll_seconds: u32) -> Result<Self> {
        let scratch = Scratch::new()?;
        let certificates = Certificates::make(&scratch)?;
        let dovecot = Dovecot::start(&scratch, &certificates).await?;
        let options = DaemonOptions { ca_file: Some(certificates.authority()), ..DaemonOptions::default() };
        let daemon = Daemon::start(&scratch, options).await?;
        let cli = daemon.cli();
        let bed = Self { daemon, cli, dovecot, certificates, scratch };
        bed.cli.apply(&bed.settings(poll_seconds, CLOSED_PORT)).await?;
        eventually(Duration::from_secs(20), "the first contact", async || bed.log_has("first contact")).await?;
        Ok(bed)
    }

    /// One mailbox over TLS, and a sender without encryption to this port.
    pub fn settings(&self, poll_seconds: u32, smtp_port: u16) -> String {
        let user = format!("desk@{DOMAIN}");
        let mailbox = Mailbox {
            name: "desk".into(),
            host: ALL_MODES.into(),
            port: self.dovecot.imaps_port(),
            encryption: "tls".into(),
            user: user.clone(),
            password: PASSWORD.into(),
            folder: "INBOX".into(),
            poll_seconds,
            first_import: "\"unread\"".into(),
            sender: "desk".into(),
        };
        let sender = Sender {
            name: "desk".into(),
            host: ALL_MODES.into(),
            port: smtp_port,
            encryption: "plain".into(),
            user: None,
            password: String::new(),
            address: user,
            display_name: "The desk".into(),
        };
        DeskSettings::empty().without_loop_guard().sender(&sender).mailbox(&mailbox).text().to_owned()
    }

    pub fn pid(&self) -> Result<u32> {
        self.daemon.id().context("maildeskd runs")
    }

    /// Puts mails into the mailbox and lets Dovecot index them, so that no client has that to pay for.
    pub async fn seed(&self, mails: usize, seed: u64) -> Result<()> {
        let mailbox = self.dovecot.mailbox("desk");
        mailbox.seed(small_mails(mails, seed))?;
        mailbox.imap().await?.command("LOGOUT").await?;
        let counts = mailbox.counts().await?;
        anyhow::ensure!(counts.unseen as usize == mails, "{counts:?} instead of {mails} unread mails");
        Ok(())
    }

    /// Lets maildeskd poll, and returns how long it took until all mails were judged and flagged.
    pub async fn take_in(&self, mails: usize) -> Result<Duration> {
        let start = Instant::now();
        self.cli.ok(&["mailbox", "poll", "desk"]).await?;
        // The log tells the end without a process of its own for each look.
        eventually(Duration::from_secs(300), "all mails judged", async || self.judged() >= mails).await?;
        let time = start.elapsed();
        let counts = self.counts().await?;
        for (name, want) in [("mails", mails), ("tickets", mails), ("outbox_due", mails), ("quarantined", 0)] {
            anyhow::ensure!(counts[name] == want, "{name} is not {want}: {counts}");
        }
        let unseen = self.dovecot.mailbox("desk").counts().await?.unseen;
        anyhow::ensure!(unseen == 0, "{unseen} mails are still unread");
        Ok(time)
    }

    /// What `maildesk status` counts.
    pub async fn counts(&self) -> Result<serde_json::Value> {
        Ok(self.cli.json(&["status"]).await?["data"]["counts"].take())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.scratch.log_file("maildeskd")).unwrap_or_default()
    }

    fn log_has(&self, words: &str) -> bool {
        self.log().contains(words)
    }

    fn judged(&self) -> usize {
        let log = self.log();
        let lines = log.lines().filter(|line| line.contains("took in mail"));
        let number = |line: &str| {
            let digits: String = line.split_once("judged")?.1.chars().filter(char::is_ascii_digit).collect();
            digits.parse::<usize>().ok()
        };
        lines.filter_map(number).sum()
    }
}
