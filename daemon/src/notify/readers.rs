//! In which language and zone somebody reads.

use maildesk_core::directory::Contact;
use maildesk_core::notification::Reader;
use maildesk_core::settings::{Agent, MailboxName, Settings};

/// A contact's language, or that of the mailbox, or the desk's; times stand in the desk's zone, since nobody asks
/// contacts for theirs.
pub fn contact_reader(settings: &Settings, mailbox: &MailboxName, contact: &Contact) -> Reader {
    let of_mailbox = || settings.mailbox(mailbox).and_then(|mailbox| mailbox.language);
    let language = contact.language.or_else(of_mailbox).unwrap_or(settings.desk.language);
    Reader { language, zone: settings.desk.time_zone.zone() }
}

/// As the agent's settings say, or else the desk's.
pub fn agent_reader(settings: &Settings, agent: &Agent) -> Reader {
    let zone = agent.time_zone.as_ref().unwrap_or(&settings.desk.time_zone).zone();
    Reader { language: agent.language.unwrap_or(settings.desk.language), zone }
}
