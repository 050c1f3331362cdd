//! What tells senders and mailboxes apart.

use crate::action::Context;
use crate::app::place::Place;
use maildesk_core::rpc::{StatusView, WorkState};
use maildesk_core::settings::{Mailbox, MailboxName, Sender, SenderName, Settings};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Mailbox,
    Sender,
}

impl Noun {
    pub fn word(self) -> &'static str {
        match self {
            Self::Mailbox => "mailbox",
            Self::Sender => "sender",
        }
    }

    pub fn place(self) -> Place {
        match self {
            Self::Mailbox => Place::Inbound,
            Self::Sender => Place::Outbound,
        }
    }

    pub fn context(self) -> Context {
        match self {
            Self::Mailbox => Context::Inbound,
            Self::Sender => Context::Outbound,
        }
    }

    /// The names of all, in the order of the settings.
    pub fn names(self, settings: &Settings) -> Vec<String> {
        match self {
            Self::Mailbox => settings.mailbox.iter().map(|one| one.name.to_string()).collect(),
            Self::Sender => settings.sender.iter().map(|one| one.name.to_string()).collect(),
        }
    }

    /// Whether it may be called so.
    pub fn is_name(self, name: &str) -> Result<(), String> {
        match self {
            Self::Mailbox => MailboxName::parse(name).map(drop),
            Self::Sender => SenderName::parse(name).map(drop),
        }
        .map_err(|error| error.to_string())
    }

    /// One of them as a document: the same fields that `desk.toml` has.
    pub fn document(self, settings: &Settings, name: &str) -> Option<Value> {
        match self {
            Self::Mailbox => {
                let found = settings.mailbox.iter().find(|one| one.name.as_str() == name)?;
                serde_json::to_value(found).ok()
            }
            Self::Sender => {
                let found = settings.sender.iter().find(|one| one.name.as_str() == name)?;
                serde_json::to_value(found).ok()
            }
        }
    }

    /// A new one before anything was filled in.
    pub fn blank(self, name: &str) -> Value {
        match self {
            Self::Mailbox => serde_json::json!({
                "name": name,
                "server": { "host": "", "port": 993, "encryption": "tls" },
                "login": { "username": "", "password": "sealed" },
            }),
            Self::Sender => serde_json::json!({
                "name": name,
                "server": { "host": "", "port": 587, "encryption": "starttls" },
                "login": { "username": "", "password": "sealed" },
            }),
        }
    }

    /// The settings with this document in the place of the one of its name, or at the end.
    pub fn put(self, settings: &Settings, document: Value) -> Result<Settings, String> {
        let mut settings = settings.clone();
        match self {
            Self::Mailbox => {
                let one: Mailbox = serde_json::from_value(document).map_err(|error| error.to_string())?;
                match settings.mailbox.iter_mut().find(|known| known.name == one.name) {
                    Some(known) => *known = one,
                    None => settings.mailbox.push(one),
                }
            }
            Self::Sender => {
                let one: Sender = serde_json::from_value(document).map_err(|error| error.to_string())?;
                match settings.sender.iter_mut().find(|known| known.name == one.name) {
                    Some(known) => *known = one,
                    None => settings.sender.push(one),
                }
            }
        }
        Ok(settings)
    }

    /// The settings without it.
    pub fn remove(self, settings: &Settings, name: &str) -> Settings {
        let mut settings = settings.clone();
        match self {
            Self::Mailbox => settings.mailbox.retain(|one| one.name.as_str() != name),
            Self::Sender => settings.sender.retain(|one| one.name.as_str() != name),
        }
        settings
    }

    /// How it fares.
    pub fn state<'a>(self, status: &'a StatusView, name: &str) -> Option<&'a WorkState> {
        match self {
            Self::Mailbox => status.mailboxes.iter().find(|one| one.name.as_str() == name).map(|one| &one.state),
            Self::Sender => status.senders.iter().find(|one| one.name.as_str() == name).map(|one| &one.state),
        }
    }
}
