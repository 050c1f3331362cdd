//! Agents as the settings list them: people who work tickets, and by which addresses their mail is known.

use super::{AgentNotice, FieldProblem, Settings, ZoneName};
use crate::address::Address;
use crate::language::Language;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// Unix user name, as it stands beside answers and in `assignee`.
    pub name: String,
    /// The first is the one that is written to; mail from any of them is the agent's.
    pub addresses: Vec<Address>,
    /// What the person is called in mails; absent: `name`.
    #[serde(default)]
    pub display_name: Option<String>,
    /// What the agent is told by mail; nothing where nothing is asked for.
    #[serde(default)]
    pub notify: Vec<AgentNotice>,
    /// Of mails to the agent; absent: the desk's.
    #[serde(default)]
    pub language: Option<Language>,
    /// Of times in mails to the agent; absent: the desk's.
    #[serde(default)]
    pub time_zone: Option<ZoneName>,
}

impl Agent {
    /// An agent who is told nothing by mail.
    pub fn new(name: &str, addresses: Vec<Address>) -> Self {
        let (display_name, notify, language, time_zone) = (None, Vec::new(), None, None);
        Self { name: name.to_owned(), addresses, display_name, notify, language, time_zone }
    }

    /// Whether this address is one of the agent's.
    pub fn owns(&self, address: &Address) -> bool {
        let key = address.key();
        self.addresses.iter().any(|own| own.key() == key)
    }

    /// What to call the person.
    pub fn display(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.name)
    }

    pub fn wants(&self, notice: AgentNotice) -> bool {
        self.notify.contains(&notice)
    }
}

impl Settings {
    /// The agent who has this address.
    pub fn agent_of(&self, address: &Address) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.owns(address))
    }

    /// The agent of this user name.
    pub fn agent(&self, name: &str) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.name == name)
    }
}

pub(super) fn validate(settings: &Settings, found: &mut Vec<FieldProblem>) {
    let own = settings.own_addresses();
    let (mut names, mut taken) = (HashSet::new(), HashSet::new());
    for agent in &settings.agents {
        let at = |field: &str| format!("agents \"{}\": {field}", agent.name);
        let usable = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if !(1..=64).contains(&agent.name.len()) || !agent.name.chars().all(usable) {
            found.push(FieldProblem::new(at("name"), "is not a user name", "use 1 to 64 of a-z, A-Z, 0-9, . _ -"));
        }
        if !names.insert(&agent.name) {
            found.push(FieldProblem::new(at("name"), "is given twice", "names are unique"));
        }
        if agent.addresses.is_empty() {
            found.push(FieldProblem::new(at("addresses"), "is empty", "give the address that the agent writes from"));
        }
        if agent.display_name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            found.push(FieldProblem::new(at("display_name"), "is empty", "leave it out, or give a name"));
        }
        for address in &agent.addresses {
            if own.contains(&address.key()) {
                let problem = format!("{address} is the desk's own");
                found.push(FieldProblem::new(at("addresses"), problem, "give the agent's personal address"));
            }
            if !taken.insert(address.key()) {
                let problem = format!("{address} is given twice");
                found.push(FieldProblem::new(at("addresses"), problem, "an address belongs to one agent"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::address::Address;
    use crate::settings::{Settings, diff, from_toml, to_toml};

    const DESK: &str = "[[sender]]\nname = \"main\"\nfrom = \"desk@example.org\"\ntransport = \"folder\"\npath = \"/eml\"\n\n\
        [[agents]]\nname = \"ann\"\naddresses = [\"ann@example.org\", \"ann@home.example\"]\n";

    fn agents(from: &str, to: &str) -> Result<Settings, String> {
        assert!(DESK.contains(from), "{from}");
        from_toml(&DESK.replacen(from, to, 1)).map_err(|problems| problems[0].to_string())
    }

    #[test]
    fn agents_are_known_by_each_of_their_addresses() {
        let settings = agents("", "").unwrap();
        let who = |text| settings.agent_of(&Address::parse(text).unwrap()).map(|agent| agent.name.as_str());
        assert_eq!([who("ANN@home.example"), who("bob@example.org")], [Some("ann"), None]);
        assert_eq!(from_toml(&to_toml(&settings).unwrap()).unwrap(), settings);
        let more = agents(", \"ann@home.example\"", "").unwrap();
        let changes = format!("{:?}", diff(&settings, &more));
        assert!(changes.contains("agents.ann.addresses.1"), "{changes}");
    }

    #[test]
    fn a_wrong_agent_is_named() {
        let twice = "[[agents]]\nname = \"ann\"\naddresses = [\"ann@home.example\"]\n\n[[agents]]";
        for (from, to, want) in [
            ("\"ann\"", "\"an n\"", "agents \"an n\": name: is not a user name; use 1 to 64 of"),
            ("[[agents]]", twice, "agents \"ann\": name: is given twice"),
            ("[\"ann@example.org\", \"ann@home.example\"]", "[]", "agents \"ann\": addresses: is empty"),
            ("ann@home.example", "ANN@example.org", "addresses: ANN@example.org is given twice"),
            ("ann@home.example", "desk@example.org", "addresses: desk@example.org is the desk's own"),
            ("ann@home.example", "nobody", "agents \"ann\": "),
        ] {
            let found = agents(from, to).unwrap_err();
            assert!(found.contains(want), "{found}");
        }
    }

    #[test]
    fn a_plus_address_and_the_days_of_reopening_are_settings() {
        let settings = agents("path =", "plus_address = true\npath =").unwrap();
        assert_eq!((settings.sender[0].plus_address, settings.desk.reopen_days), (true, 14));
        assert_eq!(from_toml(&to_toml(&settings).unwrap()).unwrap(), settings);
        let later = agents("[[sender]]", "[desk]\nreopen_days = 30\n[[sender]]").unwrap();
        assert!(format!("{:?}", diff(&settings, &later)).contains("desk.reopen_days"));
        let found = agents("[[sender]]", "[desk]\nreopen_days = 4000\n[[sender]]").unwrap_err();
        assert!(found.contains("desk: reopen_days: is out of range; use 0 to 3650"), "{found}");
    }
}
