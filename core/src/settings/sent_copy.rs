//! Where copies of sent mail go: a folder of one of the desk's mailboxes.

use super::{FieldProblem, Mailbox, MailboxName, Sender};
use serde::{Deserialize, Serialize};

/// Each sent mail is put into this folder, marked as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentCopy {
    /// The mailbox whose server and login are used, whether it is polled or not.
    pub mailbox: MailboxName,
    /// Folder name in plain Unicode; it must exist.
    pub folder: String,
}

pub(super) fn validate(sender: &Sender, mailboxes: &[Mailbox], found: &mut Vec<FieldProblem>) {
    let Some(SentCopy { mailbox, folder }) = &sender.sent_copy else { return };
    let at = |field: &str| format!("sender \"{}\": sent_copy.{field}", sender.name);
    if !mailboxes.iter().any(|one| one.name == *mailbox) {
        let problem = format!("no mailbox is named \"{mailbox}\"");
        found.push(FieldProblem::new(at("mailbox"), problem, "add it or name another"));
    }
    if folder.trim().is_empty() {
        found.push(FieldProblem::new(at("folder"), "is empty", "use the name of a folder, such as Sent"));
    }
}
