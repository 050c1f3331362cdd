//! The story of the trial: three customers write, and what becomes of their mails.

use crate::inbox;
use crate::letters::{self, ALICE, CUSTOMERS, DESK, INVOICE, LOGIN, OLAF, OLGA, PRINTER};
use crate::paper::Paper;
use anyhow::{Context, Result, ensure};
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::{Daemon, binary};
use maildesk_tests::mailbox::StoredMail;
use maildesk_tests::scratch::Scratch;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed, eventually};
use serde_json::Value;
use std::process::Command;
use std::time::{Duration, Instant};

/// Far more than anything here takes; a machine may be busy.
const LIMIT: Duration = Duration::from_secs(60);

/// Beside the mailbox and the sender.
const DESK_NAME: &str = "[desk]\nname = \"Example Support\"\n";

/// All servers of a trial. They stop in this order.
pub struct Desk {
    pub daemon: Daemon,
    pub cli: Cli,
    pub bed: Testbed,
}

impl Desk {
    /// Starts the mail servers and maildeskd, and gives it its settings.
    pub async fn open(scratch: Scratch, paper: &Paper) -> Result<Self> {
        paper.heading("Starting, on loopback only");
        let start = Instant::now();
        let bed = Testbed::start_in(scratch).await?;
        paper.step(start.elapsed(), "Dovecot and Postfix, with a certificate authority of their own");

        let start = Instant::now();
        let daemon = bed.daemon().await?;
        let cli = daemon.cli();
        paper.step(start.elapsed(), "maildeskd on its embedded store");

        let start = Instant::now();
        cli.apply(&desk_settings(&bed).text().replacen("[desk]\n", DESK_NAME, 1)).await?;
        let customers = bed.scratch.path().join("customers.csv");
        std::fs::write(&customers, CUSTOMERS)?;
        cli.ok(&["customer", "import", &customers.to_string_lossy()]).await?;
        paper.step(start.elapsed(), "settings applied, one customer imported");

        let start = Instant::now();
        eventually(LIMIT, "the first look at the mailbox", async || {
            let status = cli.json(&["status"]).await?;
            anyhow::Ok(status["data"]["mailboxes"][0]["state"] == "working")
        })
        .await?;
        paper.step(start.elapsed(), &format!("first look at the mailbox of {DESK}, over TLS"));
        Ok(Self { daemon, cli, bed })
    }

    /// A ticket as `ticket list` tells it, once there is one that fits.
    async fn ticket(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        eventually(LIMIT, what, async || {
            let list = self.cli.json(&["ticket", "list"]).await?;
            let tickets = list["data"].as_array().context("no list of tickets")?;
            anyhow::Ok(tickets.iter().find(|ticket| fits(ticket)).cloned())
        })
        .await
    }

    async fn ticket_about(&self, subject: &str) -> Result<Value> {
        self.ticket(&format!("a ticket about {subject}"), |ticket| ticket["subject"] == subject).await
    }

    /// Sends a mail through port 25, as another mail server would.
    async fn post(&self, who: &str, letter: &Letter, from: &str, said: &str, paper: &Paper) -> Result<Instant> {
        let start = Instant::now();
        self.bed.post(letter, from, DESK).await?;
        paper.step(start.elapsed(), &format!("{who} {said}"));
        Ok(Instant::now())
    }

    /// Shows a command and what it prints here.
    fn shown(&self, arguments: &[&str], paper: &Paper) -> Result<()> {
        paper.command(&format!("maildesk {}", arguments.join(" ")));
        let mut command = Command::new(binary("maildesk")?);
        let status = command.arg("--socket").arg(self.daemon.socket()).args(arguments).status()?;
        ensure!(status.success(), "maildesk {}: {status}", arguments.join(" "));
        Ok(())
    }
}

/// Sends the mails, waits for what they become, and shows it.
pub async fn tell(desk: &Desk, paper: &Paper) -> Result<()> {
    let acknowledgement = mails_come_in(desk, paper).await?;
    paper.heading("What the desk sees");
    desk.shown(&["ticket", "list"], paper)?;
    desk.shown(&["ticket", "show", "1"], paper)?;
    desk.shown(&["outbox", "list"], paper)?;
    paper.heading(&format!("The acknowledgement, as it lies in the mailbox of {ALICE}"));
    paper.empty_line();
    inbox::print(&acknowledgement, paper)?;
    if let Some(bytes) = desk.daemon.resident_bytes() {
        paper.empty_line();
        paper.remark(&format!("maildeskd uses {:.1} MB of memory.", bytes as f64 / 1e6));
    }
    Ok(())
}

async fn mails_come_in(desk: &Desk, paper: &Paper) -> Result<StoredMail> {
    paper.heading("Mails come in (the mailbox is polled every second)");
    let said = format!("writes: \"{PRINTER}\", with printer.log");
    let sent = desk.post("Alice", &letters::printer(), ALICE, &said, paper).await?;
    let ticket = desk.ticket_about(PRINTER).await?;
    paper.step(sent.elapsed(), &format!("  it is ticket #{}", ticket["number"]));
    let acknowledgement = desk.bed.mailbox("alice").wait_for(LIMIT, "the acknowledgement", |_| true).await?;
    paper.step(sent.elapsed(), "  the acknowledgement is in her mailbox");

    let text = inbox::decode(&acknowledgement)?.text;
    let entries = ticket["entries"].as_u64().unwrap_or_default();
    let reply = letters::printer_reply(&acknowledgement, &text);
    let sent = desk.post("Alice", &reply, ALICE, "answers the acknowledgement", paper).await?;
    let same = |row: &Value| row["number"] == ticket["number"] && row["entries"].as_u64() > Some(entries);
    desk.ticket("Alice's answer on her ticket", same).await?;
    paper.step(sent.elapsed(), &format!("  it is a comment on ticket #{}", ticket["number"]));

    let said = format!("of Nordwind writes: \"{INVOICE}\"");
    let sent = desk.post("Olaf", &letters::invoice(), OLAF, &said, paper).await?;
    let ticket = desk.ticket_about(INVOICE).await?;
    ensure!(ticket["customer"] == "Nordwind Shipping", "ticket of another customer: {ticket}");
    paper.step(sent.elapsed(), &format!("  it is ticket #{} of {}", ticket["number"], "Nordwind Shipping, by domain"));

    let said = format!("writes in KOI8-R: \"{LOGIN}\"");
    let sent = desk.post("Olga", &letters::login(), OLGA, &said, paper).await?;
    let ticket = desk.ticket_about(LOGIN).await?;
    paper.step(sent.elapsed(), &format!("  it is ticket #{}", ticket["number"]));

    eventually(LIMIT, "three acknowledgements sent", async || {
        let sent = desk.cli.json(&["outbox", "list", "--state", "sent"]).await?;
        anyhow::Ok(sent["data"].as_array().is_some_and(|mails| mails.len() == 3))
    })
    .await?;
    paper.step(sent.elapsed(), "  all three acknowledgements are sent");
    Ok(acknowledgement)
}
