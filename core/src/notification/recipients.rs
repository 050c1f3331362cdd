//! Which agents are told of something.

use crate::address::Address;
use crate::settings::{Agent, AgentNotice};

/// Who did it; never told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doer<'a> {
    /// User name of an agent.
    Agent(&'a str),
    /// Whoever writes from this address.
    Address(&'a Address),
    /// Nobody but the clock.
    Clock,
}

/// The agents who asked for this notice and whom it concerns: a new ticket concerns all, an assignment the agent in
/// charge, and all else the agent in charge, or everybody where there is none who asked for it.
pub fn recipients<'a>(
    agents: &'a [Agent],
    notice: AgentNotice,
    assignee: Option<&str>,
    doer: Doer<'_>,
) -> Vec<&'a Agent> {
    let did_it = |agent: &Agent| match doer {
        Doer::Agent(name) => agent.name == name,
        Doer::Address(address) => agent.owns(address),
        Doer::Clock => false,
    };
    let asked: Vec<&Agent> = agents.iter().filter(|agent| agent.wants(notice)).collect();
    let in_charge = |agent: &&&Agent| assignee == Some(agent.name.as_str());
    let concerned: Vec<&Agent> = match notice {
        AgentNotice::NewTicket => asked,
        AgentNotice::Assigned => asked.iter().filter(in_charge).copied().collect(),
        // A ticket of somebody else's is that agent's business, also where that agent does not want to hear of it.
        AgentNotice::CustomerReplied | AgentNotice::Reminder if assignee.is_some() => {
            asked.iter().filter(in_charge).copied().collect()
        }
        AgentNotice::CustomerReplied | AgentNotice::Reminder => asked,
        // A due time is everybody's business where the agent in charge is not told.
        AgentNotice::SlaWarning | AgentNotice::SlaBreached => match asked.iter().find(in_charge) {
            Some(agent) => vec![*agent],
            None => asked,
        },
    };
    concerned.into_iter().filter(|agent| !did_it(agent)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(name: &str, notify: &[AgentNotice]) -> Agent {
        let addresses = vec![Address::parse(&format!("{name}@staff.example")).unwrap()];
        Agent { notify: notify.to_vec(), ..Agent::new(name, addresses) }
    }

    #[test]
    fn only_who_asked_is_told_and_never_who_did_it() {
        use AgentNotice::*;
        let ann_writes = Address::parse("ANN@staff.example").unwrap();
        let agents = [
            agent("ann", &[NewTicket, CustomerReplied, Assigned, SlaBreached]),
            agent("bob", &[NewTicket, CustomerReplied, Assigned]),
            agent("cid", &[SlaBreached]),
            agent("dan", &[]),
        ];
        for (notice, assignee, doer, want) in [
            (NewTicket, None, Doer::Clock, "ann bob"),
            (NewTicket, Some("bob"), Doer::Address(&ann_writes), "bob"),
            (Assigned, Some("bob"), Doer::Agent("ann"), "bob"),
            (Assigned, Some("bob"), Doer::Agent("bob"), ""),
            (Assigned, Some("cid"), Doer::Agent("ann"), ""),
            (CustomerReplied, None, Doer::Clock, "ann bob"),
            (CustomerReplied, Some("ann"), Doer::Clock, "ann"),
            (CustomerReplied, Some("dan"), Doer::Clock, ""),
            (SlaBreached, Some("bob"), Doer::Clock, "ann cid"),
            (SlaBreached, Some("cid"), Doer::Clock, "cid"),
            (SlaWarning, None, Doer::Clock, ""),
        ] {
            let told = recipients(&agents, notice, assignee, doer);
            let names: Vec<&str> = told.iter().map(|agent| agent.name.as_str()).collect();
            assert_eq!(names.join(" "), want, "{notice:?} {assignee:?} {doer:?}");
        }
    }
}
