//! The kinds of mail that maildesk sends; a kind names its template.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    TicketAcknowledgement,
    AgentReply,
    TicketResolved,
    SlaWarning,
    SlaBreached,
    Invitation,
}
