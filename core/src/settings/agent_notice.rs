//! What agents may ask to be told by mail.

use crate::notification::Kind;
use serde::{Deserialize, Serialize};

/// Something that an agent may want to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentNotice {
    NewTicket,
    /// A customer wrote on a ticket that is the agent's or nobody's.
    CustomerReplied,
    /// A ticket became the agent's.
    Assigned,
    SlaWarning,
    SlaBreached,
    /// A ticket that is the agent's or nobody's waited until a time, and is open again.
    Reminder,
}

impl AgentNotice {
    pub const ALL: [Self; 6] =
        [Self::NewTicket, Self::CustomerReplied, Self::Assigned, Self::SlaWarning, Self::SlaBreached, Self::Reminder];

    /// As settings and commands name it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NewTicket => "new_ticket",
            Self::CustomerReplied => "customer_replied",
            Self::Assigned => "assigned",
            Self::SlaWarning => "sla_warning",
            Self::SlaBreached => "sla_breached",
            Self::Reminder => "reminder",
        }
    }

    /// The kind of mail that tells it.
    pub const fn kind(self) -> Kind {
        match self {
            Self::NewTicket => Kind::AgentNewTicket,
            Self::CustomerReplied => Kind::AgentCustomerReplied,
            Self::Assigned => Kind::AgentAssigned,
            Self::SlaWarning => Kind::SlaWarning,
            Self::SlaBreached => Kind::SlaBreached,
            Self::Reminder => Kind::AgentReminder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::settings::{Settings, diff, from_toml, to_toml};

    const ANN: &str = "[[agents]]\nname = \"ann\"\naddresses = [\"ann@staff.example\"]\n";

    #[test]
    fn what_agents_are_told_is_read_written_and_compared() {
        let settings = from_toml(&format!(
            "[desk]\nlanguage = \"fr\"\ntime_zone = \"Europe/Paris\"\n{ANN}display_name = \"Ann Bee\"\n\
             notify = [\"new_ticket\", \"assigned\"]\nlanguage = \"de\"\ntime_zone = \"Europe/Berlin\"\n"
        ))
        .unwrap();
        let ann = settings.agent("ann").unwrap();
        assert!(ann.wants(AgentNotice::Assigned) && !ann.wants(AgentNotice::SlaBreached));
        assert_eq!(
            (ann.display(), ann.language, settings.desk.language),
            ("Ann Bee", Some(Language::De), Language::Fr)
        );
        assert_eq!(from_toml(&to_toml(&settings).unwrap()).unwrap(), settings);
        let bytes = postcard::to_stdvec(&settings).unwrap();
        assert_eq!(postcard::from_bytes::<Settings>(&bytes).unwrap(), settings);
        let changes = diff(&from_toml(ANN).unwrap(), &settings);
        for field in ["agents.ann.time_zone", "agents.ann.notify.0", "desk.language", "desk.time_zone"] {
            assert!(changes.iter().any(|change| change.field == field), "{field} in {changes:?}");
        }
    }

    #[test]
    fn what_does_not_exist_is_named() {
        for (more, want) in [
            ("display_name = \" \"", "display_name: is empty"),
            ("notify = [\"everything\"]", "agents \"ann\""),
            ("language = \"xx\"", "agents \"ann\""),
            ("time_zone = \"Europe/Atlantis\"", "is not a time zone"),
        ] {
            let problem = from_toml(&format!("{ANN}{more}\n")).unwrap_err()[0].to_string();
            assert!(problem.contains(want), "{problem}");
        }
    }

    #[test]
    fn kinds_for_agents_are_those_that_agents_can_ask_for() {
        for notice in AgentNotice::ALL {
            assert_eq!(serde_json::to_value(notice).unwrap(), notice.word());
        }
        for kind in Kind::ALL {
            let asked_for = AgentNotice::ALL.iter().any(|notice| notice.kind() == kind);
            assert_eq!(kind.to_agents(), asked_for || kind == Kind::CommandRefused, "{kind}: an answer to an agent");
        }
    }
}
