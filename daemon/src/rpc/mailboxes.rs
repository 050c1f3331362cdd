//! Polls on request.

use super::fault::Fault;
use super::parts::RpcParts;
use maildesk_core::settings::MailboxName;

/// Asks for a poll of one mailbox, or of all; gives the number asked.
pub(super) fn poll(parts: &RpcParts, mailbox: Option<MailboxName>) -> Result<u32, Fault> {
    let active = parts.active.borrow().clone();
    let wanted = active.settings.mailbox.iter().filter(|known| mailbox.as_ref().is_none_or(|name| *name == known.name));
    let enabled: Vec<_> = wanted.filter(|known| known.enabled).map(|known| &known.name).collect();
    match mailbox {
        Some(name) if enabled.is_empty() => Err(Fault::not_found("enabled mailbox", name)),
        _ => {
            enabled.iter().for_each(|name| parts.nudges.mailbox(name).notify_one());
            Ok(u32::try_from(enabled.len()).unwrap_or(u32::MAX))
        }
    }
}
