//! A macro on disk.

use jiff::Timestamp;
use maildesk_core::ids::Revision;
use maildesk_core::macros::{Macro, MacroName, MacroStatus, SavedMacro};
use serde::{Deserialize, Serialize};

use super::maybe;
use super::ticket::PriorityRecord;

same_struct!(SavedMacroRecord = SavedMacro { revision: Revision, at: Timestamp, by: String, content: MacroRecord });

/// [`Macro`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct MacroRecord {
    name: MacroName,
    reply: Option<String>,
    note: Option<String>,
    status: Option<MacroStatusRecord>,
    tell: bool,
    priority: Option<PriorityRecord>,
    add_tags: Vec<String>,
    remove_tags: Vec<String>,
    assign: Option<String>,
}

impl From<Macro> for MacroRecord {
    fn from(content: Macro) -> MacroRecord {
        let Macro { name, reply, note, status, tell, priority, add_tags, remove_tags, assign } = content;
        let (status, priority) = (maybe(status), maybe(priority));
        MacroRecord { name, reply, note, status, tell, priority, add_tags, remove_tags, assign }
    }
}

impl From<MacroRecord> for Macro {
    fn from(record: MacroRecord) -> Macro {
        let MacroRecord { name, reply, note, status, tell, priority, add_tags, remove_tags, assign } = record;
        let (status, priority) = (maybe(status), maybe(priority));
        Macro { name, reply, note, status, tell, priority, add_tags, remove_tags, assign }
    }
}

same_word!(MacroStatusRecord = MacroStatus { Open, Pending, Resolved, Closed });
