//! `maildesk mailbox`: what is polled, polling it now, and whether it works.

use super::sender::place;
use super::{Finished, Session, health, ladder};
use crate::failure::Failure;
use crate::json::status::{MailboxState, state_word};
use crate::output::progress::Progress;
use crate::output::time::relative;
use crate::output::{Column, Page, Span, Table};
use clap::{Args, Subcommand};
use maildesk_core::address::Address;
use maildesk_core::settings::proposal::{Proposal, Proposed};
use maildesk_core::settings::{Mailbox, MailboxName};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Every mailbox with its state
    List,
    /// Poll one mailbox now, or all; comes back when the poll is asked for
    Poll {
        /// Name of the mailbox; absent: all
        #[arg(value_parser = mailbox_name)]
        name: Option<MailboxName>,
    },
    /// Try a mailbox step by step and say what it means; changes nothing; exit code 6 where something was found
    Test(Test),
    /// Servers that an address likely has, for a new mailbox and its sender: what its domain publishes in DNS (SRV), its
    /// provider's, or usual names
    Servers {
        /// The address
        #[arg(value_parser = address)]
        address: Address,
    },
}

fn address(text: &str) -> Result<Address, String> {
    Address::parse(text).map_err(|error| error.to_string())
}

#[derive(Debug, Args)]
pub struct Test {
    /// Name of the mailbox
    #[arg(value_parser = mailbox_name)]
    name: MailboxName,
    /// Take the values from this document, applied or not; - for standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Show the conversation with the server; secrets are replaced
    #[arg(long)]
    transcript: bool,
}

pub(super) fn mailbox_name(text: &str) -> Result<MailboxName, String> {
    MailboxName::parse(text).map_err(|error| error.to_string())
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<Finished, Failure> {
    match verb {
        Verb::List => list(session).await.map(|()| Finished::Well),
        Verb::Poll { name } => poll(name, session).await.map(|()| Finished::Well),
        Verb::Test(wanted) => test(wanted, session).await,
        Verb::Servers { address } => servers(address, session).await.map(|()| Finished::Well),
    }
}

async fn servers(address: Address, session: &mut Session<'_>) -> Result<(), Failure> {
    let proposal = session.client().await?.servers(address).await?;
    if session.output.json() {
        return session.output.answer("maildesk.mailbox.servers/1", &proposal, None);
    }
    session.output.page(&servers_page(&proposal))
}

/// Both servers, each with how it is known.
fn servers_page(proposal: &Proposal) -> Page {
    let mut page = Page::default();
    page.fields([("reads at", Some(server_words(&proposal.imap))), ("sends by", Some(server_words(&proposal.smtp)))]);
    page
}

/// One server and how it is known.
pub(crate) fn server_words(proposed: &Proposed) -> String {
    format!("{}, {}", place(&proposed.server), proposed.source.words())
}

async fn test(wanted: Test, session: &mut Session<'_>) -> Result<Finished, Failure> {
    let client = session.client().await?;
    let settings = ladder::settings(wanted.file.as_deref(), &client).await?;
    let mailbox = settings.mailbox(&wanted.name).cloned().ok_or_else(|| Failure::NotFound {
        what: "mailbox",
        name: wanted.name.to_string(),
        remedy: "maildesk mailbox list".into(),
    })?;
    let what = format!("mailbox {}: {} at {}", mailbox.name, mailbox.login.username, place(&mailbox.server));
    let report = ladder::waiting(&what, &mut Progress::start(), client.mailbox_check(mailbox)).await?;
    ladder::show("maildesk.mailbox.test/1", wanted.name.as_str(), &what, report, wanted.transcript, session)
}

/// A mailbox's state beside what its settings say of it.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    state: MailboxState,
    address: Option<String>,
    folder: Option<String>,
    host: Option<String>,
    port: Option<u16>,
}

async fn list(session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let (status, settings) = (client.status().await?, client.settings().await?.settings);
    if session.output.json() {
        let rows: Vec<Row> = status
            .mailboxes
            .into_iter()
            .map(|mailbox| {
                let set = settings.mailbox(&mailbox.name);
                Row {
                    address: set.map(|set| set.address.to_string()),
                    folder: set.map(|set| set.folder.clone()),
                    host: set.map(|set| set.server.host.clone()),
                    port: set.map(|set| set.server.port),
                    state: MailboxState {
                        name: mailbox.name,
                        health: mailbox.state.into(),
                        last_poll: mailbox.last_poll,
                        judged: mailbox.judged,
                    },
                }
            })
            .collect();
        return session.output.answer("maildesk.mailbox.list/1", &rows, None);
    }
    let clock = session.output.clock().clone();
    let mut table = Table::new([
        Column::Word("Name"),
        Column::Word("State"),
        Column::Text("Address"),
        Column::Text("Server"),
        Column::Name("Folder"),
        Column::Word("Last poll"),
        Column::Number("Judged"),
    ]);
    for mailbox in &status.mailboxes {
        let set = settings.mailbox(&mailbox.name);
        let told = |tell: fn(&Mailbox) -> String| set.map_or("-".to_owned(), tell);
        let cells = [
            mailbox.name.to_string(),
            state_word(&mailbox.state).to_owned(),
            told(|set| set.address.to_string()),
            told(|set| format!("{}:{}", set.server.host, set.server.port)),
            told(|set| set.folder.clone()),
            mailbox.last_poll.map_or("never".to_owned(), |at| relative(at, &clock)),
            mailbox.judged.to_string(),
        ];
        table.row(health::style(&mailbox.state), cells);
    }
    let mut page = Page::default();
    session.output.add_table(&mut page, &table, "No mailbox is set up: maildesk settings apply FILE");
    for mailbox in &status.mailboxes {
        health::explain(&mut page, mailbox.name.as_str(), &mailbox.state, &clock);
    }
    session.output.page(&page)
}

async fn poll(name: Option<MailboxName>, session: &mut Session<'_>) -> Result<(), Failure> {
    let asked = session.client().await?.mailbox_poll(name.clone()).await?;
    if session.output.json() {
        return session.output.answer("maildesk.mailbox.poll/1", &serde_json::json!({"mailboxes": asked}), None);
    }
    let mut page = Page::default();
    page.line([Span::plain(match (name, asked) {
        (Some(name), _) => format!("{name} is polled now"),
        (None, 0) => "there is no enabled mailbox to poll".into(),
        (None, 1) => "one mailbox is polled now".into(),
        (None, asked) => format!("{asked} mailboxes are polled now"),
    })]);
    page.line([Span::dim("watch: maildesk events --follow")]);
    session.output.page(&page)
}
