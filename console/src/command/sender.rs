//! `maildesk sender`: who sends, and whether it works.

use super::round_trip::round_trip;
use super::{Finished, Session, health, ladder};
use crate::failure::Failure;
use crate::json::status::{SenderState, state_word};
use crate::output::progress::Progress;
use crate::output::{Column, Page, Table};
use clap::{Args, Subcommand};
use maildesk_core::address::Address;
use maildesk_core::check::port::encryption_word;
use maildesk_core::settings::connection::ServerAddress;
use maildesk_core::settings::{MailboxName, Sender, SenderName, Settings};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Every sender with its state
    List,
    /// Try a sender step by step and say what it means; exit code 6 where something was found
    Test(Test),
}

#[derive(Debug, Args)]
pub struct Test {
    /// Name of the sender
    #[arg(value_parser = sender_name)]
    name: SenderName,
    /// Send a test mail to this address; without it nothing is sent
    #[arg(long, value_name = "ADDR", value_parser = address)]
    to: Option<Address>,
    /// Send a test mail to a mailbox of our own and follow it to its verdict; no ticket is made
    #[arg(long, conflicts_with_all = ["to", "file"])]
    round_trip: bool,
    /// The mailbox of --round-trip; absent: the first that this sender answers
    #[arg(long, value_name = "NAME", requires = "round_trip", value_parser = super::mailbox::mailbox_name)]
    mailbox: Option<MailboxName>,
    /// Take the values from this document, applied or not; - for standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Show the conversation with the server; secrets are replaced
    #[arg(long)]
    transcript: bool,
}

fn sender_name(text: &str) -> Result<SenderName, String> {
    SenderName::parse(text).map_err(|error| error.to_string())
}

fn address(text: &str) -> Result<Address, String> {
    Address::parse(text).map_err(|error| error.to_string())
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<Finished, Failure> {
    match verb {
        Verb::List => list(session).await.map(|()| Finished::Well),
        Verb::Test(wanted) => test(wanted, session).await,
    }
}

/// A sender's state beside what its settings say of it.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    state: SenderState,
    from: Option<String>,
    /// `smtp`, `sendmail`, `folder`.
    transport: Option<&'static str>,
    /// Server, program or folder.
    place: Option<String>,
    host: Option<String>,
    port: Option<u16>,
}

async fn list(session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let (status, settings) = (client.status().await?, client.settings().await?.settings);
    if session.output.json() {
        let row = |sender: maildesk_core::rpc::SenderStatus| {
            let set = settings.sender(&sender.name);
            let server = set.and_then(|set| set.way.smtp()).map(|smtp| &smtp.server);
            Row {
                from: set.map(|set| set.from.to_string()),
                transport: set.map(|set| set.way.word()),
                place: set.map(|set| set.way.place()),
                host: server.map(|server| server.host.clone()),
                port: server.map(|server| server.port),
                state: SenderState {
                    name: sender.name,
                    health: sender.state.into(),
                    sent: sender.sent,
                    size_limit_bytes: sender.size_limit,
                },
            }
        };
        let rows: Vec<Row> = status.senders.into_iter().map(row).collect();
        return session.output.answer("maildesk.sender.list/1", &rows, None);
    }
    let clock = session.output.clock().clone();
    let mut table = Table::new([
        Column::Word("Name"),
        Column::Word("State"),
        Column::Text("From"),
        Column::Text("By"),
        Column::Number("Sent"),
    ]);
    for sender in &status.senders {
        let set = settings.sender(&sender.name);
        let told = |tell: fn(&Sender) -> String| set.map_or("-".to_owned(), tell);
        let cells = [
            sender.name.to_string(),
            state_word(&sender.state).to_owned(),
            told(|set| set.from.to_string()),
            told(|set| set.way.place()),
            sender.sent.to_string(),
        ];
        table.row(health::style(&sender.state), cells);
    }
    let mut page = Page::default();
    session.output.add_table(&mut page, &table, "No sender is set up: maildesk settings apply FILE");
    for sender in &status.senders {
        health::explain(&mut page, sender.name.as_str(), &sender.state, &clock);
    }
    session.output.page(&page)
}

async fn test(wanted: Test, session: &mut Session<'_>) -> Result<Finished, Failure> {
    let client = session.client().await?;
    let settings = ladder::settings(wanted.file.as_deref(), &client).await?;
    let sender = named(&settings, &wanted.name)?;
    let what = format!("sender {}: {} by {}", sender.name, sender.from, sender.way.place());
    let report = if wanted.round_trip {
        round_trip(&client, &settings, &sender, wanted.mailbox, Progress::start()).await?
    } else {
        ladder::waiting(&what, &mut Progress::start(), client.sender_check(sender, wanted.to)).await?
    };
    ladder::show("maildesk.sender.test/1", wanted.name.as_str(), &what, report, wanted.transcript, session)
}

fn named(settings: &Settings, name: &SenderName) -> Result<Sender, Failure> {
    settings.sender(name).cloned().ok_or_else(|| Failure::NotFound {
        what: "sender",
        name: name.to_string(),
        remedy: "maildesk sender list".into(),
    })
}

/// Host, port and encryption.
pub(crate) fn place(server: &ServerAddress) -> String {
    format!("{}:{} ({})", server.host, server.port, encryption_word(server.encryption))
}
