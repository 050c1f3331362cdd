//! `maildesk agent`: people who work tickets, as the settings list them.

use super::Session;
use crate::failure::Failure;
use crate::output::{Column, Style, Table};
use clap::Subcommand;
use maildesk_core::settings::Agent;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Agents of the settings; `invitation send` invites one more
    List,
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    let Verb::List = verb;
    let agents = session.client().await?.settings().await?.settings.agents;
    if session.output.json() {
        return session.output.answer("maildesk.agent.list/1", &agents, None);
    }
    session.output.table(&table(&agents), "There are no agents: add [[agents]], or invite: invitation send.")
}

/// The list as people read it.
pub(crate) fn table(agents: &[Agent]) -> Table {
    let columns = [
        Column::Word("Agent"),
        Column::Text("Name"),
        Column::Text("Addresses"),
        Column::Word("Language"),
        Column::Text("Told"),
    ];
    let mut table = Table::new(columns);
    for agent in agents {
        let addresses: Vec<&str> = agent.addresses.iter().map(|address| address.as_str()).collect();
        let told: Vec<&str> = agent.notify.iter().map(|notice| notice.kind().name()).collect();
        let cells = [
            agent.name.clone(),
            agent.display().to_owned(),
            addresses.join(" "),
            agent.language.map_or("-", |language| language.tag()).to_owned(),
            if told.is_empty() { "-".to_owned() } else { told.join(" ") },
        ];
        table.row(Style::Plain, cells);
    }
    table
}
