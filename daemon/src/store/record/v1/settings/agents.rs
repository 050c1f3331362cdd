//! Agents on disk.

use maildesk_core::address::Address;
use maildesk_core::settings::{Agent, AgentNotice};
use serde::{Deserialize, Serialize};

use super::super::each;
use super::super::language::LanguageRecord;
use super::zone;

/// [`Agent`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AgentRecord {
    name: String,
    addresses: Vec<Address>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    notify: Vec<AgentNoticeRecord>,
    #[serde(default)]
    language: Option<LanguageRecord>,
    #[serde(default)]
    time_zone: Option<String>,
}

same_word!(AgentNoticeRecord = AgentNotice { NewTicket, CustomerReplied, Assigned, SlaWarning, SlaBreached, Reminder });

impl From<Agent> for AgentRecord {
    fn from(agent: Agent) -> AgentRecord {
        let Agent { name, display_name, addresses, notify, language, time_zone } = agent;
        let (language, time_zone) = (language.map(LanguageRecord::from), time_zone.map(String::from));
        AgentRecord { name, display_name, addresses, notify: each(notify), language, time_zone }
    }
}

impl From<AgentRecord> for Agent {
    fn from(record: AgentRecord) -> Agent {
        let AgentRecord { name, display_name, addresses, notify, language, time_zone } = record;
        let (language, time_zone) = (language.map(Into::into), time_zone.as_deref().map(zone));
        Agent { name, display_name, addresses, notify: each(notify), language, time_zone }
    }
}
