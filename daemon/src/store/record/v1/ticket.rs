//! A ticket on disk.

use jiff::Timestamp;
use maildesk_core::ids::{ContactId, CustomerId, Revision, TicketNumber};
use maildesk_core::settings::MailboxName;
use maildesk_core::ticket::{Moves, Priority, Status, Ticket};

same_struct!(TicketRecord = Ticket {
    number: TicketNumber,
    subject: String,
    status: StatusRecord,
    priority: PriorityRecord,
    contact: ContactId,
    customer: Option<CustomerId>,
    assignee: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    related: Vec<TicketNumber>,
    mailbox: MailboxName,
    created: Timestamp,
    updated: Timestamp,
    entries: u32,
    revision: Revision,
    #[serde(default, skip_serializing_if = "MovesRecord::is_nothing")]
    moves: MovesRecord,
});

same_struct!(
    #[derive(Default)]
    MovesRecord = Moves { merged_into: Option<TicketNumber>, arranged: u32, gone: u32 }
);

impl MovesRecord {
    fn is_nothing(&self) -> bool {
        self.merged_into.is_none() && self.arranged == 0 && self.gone == 0
    }
}

same_enum!(StatusRecord = Status {
    New {},
    Open {},
    Pending { until: Option<Timestamp> },
    Resolved { at: Timestamp },
    Closed { at: Timestamp },
});

same_word!(PriorityRecord = Priority { Low, Normal, High, Urgent });
