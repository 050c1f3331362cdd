//! The commands: one file per noun, each with its arguments, its table for people and its JSON for scripts.

pub mod agent;
pub mod attachment;
pub mod audit;
pub mod block;
mod cells;
pub mod completions;
pub mod contact;
pub mod customer;
pub(crate) mod directory;
pub mod dkim;
pub mod doctor;
mod editor;
pub mod events;
pub mod filter;
pub(crate) mod health;
mod held;
mod import;
mod input;
pub mod invitation;
pub(crate) mod ladder;
pub(crate) mod limited;
mod listing;
pub mod logs;
pub mod macros;
pub mod mail;
mod mail_search;
pub(crate) mod mail_trace;
pub mod mailbox;
mod moment;
pub mod outbox;
pub mod outbox_page;
mod outbox_target;
pub(crate) mod pieces;
pub mod quarantine;
pub(crate) mod round_trip;
mod saving;
pub mod sender;
pub mod settings;
pub mod sla;
pub mod status;
pub mod suppression;
pub mod template;
pub mod ticket;
mod ticket_change;
pub(crate) mod ticket_moves;
pub(crate) mod ticket_page;
pub(crate) mod ticket_reply;
pub mod token;

use crate::args::{Global, Noun};
use crate::client::Client;
use crate::failure::Failure;
use crate::output::Output;
use maildesk_core::settings::FilterName;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    Well,
    /// It looked for something and found it: exit code 6.
    WithFindings,
    /// It told what of it was refused; the rest is done: exit code 5.
    WithRefusals,
}

/// What every command works with.
pub struct Session<'a> {
    global: Global,
    output: &'a mut Output,
}

impl Session<'_> {
    async fn client(&self) -> Result<Client, Failure> {
        Ok(Client::connect(&self.global.socket(), self.global.timeout).await?)
    }
}

/// A filter's name from the command line.
fn filter_name(text: &str) -> Result<FilterName, String> {
    FilterName::parse(text).map_err(|problem| format!("a filter's name {problem}"))
}

/// Runs one command.
pub async fn run(global: Global, noun: Noun, output: &mut Output) -> Result<Finished, Failure> {
    let mut session = Session { global, output };
    let session = &mut session;
    match noun {
        // The console, which the runtime opens: it needs the terminal for itself.
        Noun::Setup => {}
        Noun::Status(arguments) => return status::run(arguments, session).await,
        Noun::Settings(verb) => return settings::run(verb, session).await,
        Noun::Mailbox(verb) => return mailbox::run(verb, session).await,
        Noun::Sender(verb) => return Box::pin(sender::run(verb, session)).await,
        Noun::Doctor(arguments) => return doctor::run(arguments, session).await,
        Noun::Dkim(verb) => dkim::run(verb, session)?,
        Noun::Ticket(verb) => ticket::run(verb, session).await?,
        Noun::Sla(verb) => sla::run(verb, session).await?,
        Noun::Outbox(verb) => outbox::run(verb, session).await?,
        Noun::Suppression(verb) => suppression::run(verb, session).await?,
        Noun::Block(verb) => block::run(verb, session).await?,
        Noun::Agent(verb) => agent::run(verb, session).await?,
        Noun::Invitation(verb) => invitation::run(verb, session).await?,
        Noun::Audit(verb) => audit::run(verb, session).await?,
        Noun::Token(verb) => token::run(verb, session).await?,
        Noun::Quarantine(verb) => quarantine::run(verb, session).await?,
        Noun::Filter(verb) => Box::pin(filter::run(verb, session)).await?,
        Noun::Mail(verb) => mail::run(verb, session).await?,
        Noun::Template(verb) => Box::pin(template::run(verb, session)).await?,
        Noun::Macro(verb) => return Box::pin(macros::run(verb, session)).await,
        Noun::Attachment(verb) => attachment::run(verb, session).await?,
        Noun::Events(arguments) => events::run(arguments, session).await?,
        Noun::Logs(arguments) => logs::run(arguments, session).await?,
        Noun::Contact(verb) => contact::run(verb, session).await?,
        Noun::Customer(verb) => customer::run(verb, session).await?,
        Noun::Completions(arguments) => completions::run(&arguments, session)?,
    }
    Ok(Finished::Well)
}
