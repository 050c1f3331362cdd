//! What is done to a ticket beside writing: status, agent in charge, priority, tags.

use super::Session;
use super::moment::{Direction, moment};
use super::ticket::changed;
use crate::client::Client;
use crate::failure::Failure;
use crate::output::time::both;
use clap::{Args, ValueEnum};
use maildesk_core::ids::TicketNumber;
use maildesk_core::ticket::{Priority, TicketAction};

/// A ticket's number.
#[derive(Debug, Args)]
pub struct Number {
    /// Number of the ticket
    pub number: u64,
}

#[derive(Debug, Args)]
pub struct Resolve {
    #[command(flatten)]
    number: Number,
    /// Do not tell the customer
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Args)]
pub struct Pend {
    #[command(flatten)]
    number: Number,
    /// Open it again then: 3d, 12h, 2026-12-01, 2026-12-01T09:00
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

#[derive(Debug, Args)]
pub struct Assign {
    #[command(flatten)]
    number: Number,
    /// User name of the agent, me, or nobody
    to: String,
}

#[derive(Debug, Args)]
pub struct Prioritise {
    #[command(flatten)]
    number: Number,
    priority: PriorityWord,
}

#[derive(Debug, Args)]
pub struct Tag {
    #[command(flatten)]
    number: Number,
    /// Tags to add
    #[arg(required_unless_present = "remove")]
    add: Vec<String>,
    /// Tag to take away; may be given several times
    #[arg(long, value_name = "TAG")]
    remove: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PriorityWord {
    Low,
    Normal,
    High,
    Urgent,
}

impl From<PriorityWord> for Priority {
    fn from(word: PriorityWord) -> Self {
        match word {
            PriorityWord::Low => Priority::Low,
            PriorityWord::Normal => Priority::Normal,
            PriorityWord::High => Priority::High,
            PriorityWord::Urgent => Priority::Urgent,
        }
    }
}

pub(super) async fn resolve(given: Resolve, session: &mut Session<'_>) -> Result<(), Failure> {
    let actions = vec![TicketAction::Resolve { tell: !given.quiet }];
    act(&given.number, actions, "maildesk.ticket.resolve/1", "resolved", session).await
}

pub(super) async fn pend(given: Pend, session: &mut Session<'_>) -> Result<(), Failure> {
    let clock = session.output.clock();
    let until = given.until.as_deref().map(|text| moment(text, Direction::Ahead, clock)).transpose()?;
    let what = match until {
        Some(until) => format!("waits until {}:", both(until, clock)),
        None => "waits for the customer:".to_owned(),
    };
    act(&given.number, vec![TicketAction::Pend { until }], "maildesk.ticket.pend/1", &what, session).await
}

pub(super) async fn close(number: &Number, session: &mut Session<'_>) -> Result<(), Failure> {
    act(number, vec![TicketAction::Close], "maildesk.ticket.close/1", "closed", session).await
}

pub(super) async fn reopen(number: &Number, session: &mut Session<'_>) -> Result<(), Failure> {
    act(number, vec![TicketAction::Reopen], "maildesk.ticket.reopen/1", "open again", session).await
}

pub(super) async fn assign(given: Assign, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let to = match given.to.as_str() {
        "nobody" => None,
        "me" => Some(client.welcome().user.clone()),
        name => Some(name.to_owned()),
    };
    let words = format!("assigned to {}", to.as_deref().unwrap_or("nobody"));
    send(&client, &given.number, vec![TicketAction::Assign { to }], "maildesk.ticket.assign/1", &words, session).await
}

pub(super) async fn prioritise(given: Prioritise, session: &mut Session<'_>) -> Result<(), Failure> {
    let priority = Priority::from(given.priority);
    let words = format!("priority {}", priority.word());
    act(&given.number, vec![TicketAction::Prioritise { priority }], "maildesk.ticket.priority/1", &words, session).await
}

pub(super) async fn tag(given: Tag, session: &mut Session<'_>) -> Result<(), Failure> {
    let removed = given.remove.into_iter().map(|tag| TicketAction::RemoveTag { tag });
    let actions = removed.chain(given.add.into_iter().map(|tag| TicketAction::AddTag { tag })).collect();
    act(&given.number, actions, "maildesk.ticket.tag/1", "tags changed", session).await
}

async fn act(
    number: &Number,
    actions: Vec<TicketAction>,
    schema: &'static str,
    words: &str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let client = session.client().await?;
    send(&client, number, actions, schema, words, session).await
}

async fn send(
    client: &Client,
    number: &Number,
    actions: Vec<TicketAction>,
    schema: &'static str,
    words: &str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let row = client.ticket_act(TicketNumber(number.number), actions).await?;
    changed(row, schema, words, session)
}
