//! What is in force: the settings of now with all that is derived from them. A change makes a new one; workers and
//! calls hold the one they began with.

use crate::store::error::StoreError;
use crate::store::{Store, settings};
use crate::template_book::TemplateBook;
use maildesk_core::filter::{self, CompiledFilters};
use maildesk_core::ids::Revision;
use maildesk_core::route::DeskRules;
use maildesk_core::route::token::TokenKeys;
use maildesk_core::settings::{MailboxName, Settings};
use maildesk_core::sla::Plans;
use maildesk_core::verdict::OwnIdentity;
use std::sync::Arc;
use tokio::sync::watch;

/// This install, as it signs and names itself. Made with the store; keys are added.
#[derive(Debug, Clone)]
pub struct Identity {
    pub keys: TokenKeys,
    /// The value of the loop header.
    pub install: String,
}

#[derive(Debug)]
pub struct Active {
    pub revision: Revision,
    pub settings: Settings,
    pub identity: Identity,
    pub templates: Arc<TemplateBook>,
    pub filters: CompiledFilters,
    /// Service levels.
    pub plans: Plans,
    /// How intake knows our own mail.
    pub own: OwnIdentity,
}

impl Active {
    pub fn new(revision: Revision, settings: Settings, identity: Identity, templates: Arc<TemplateBook>) -> Self {
        let own = OwnIdentity {
            addresses: settings.own_addresses(),
            // People of the desk's own domain write mails too: only the loop header tells ours from theirs.
            message_id_domains: Vec::new(),
            loop_header_value: identity.install.clone(),
            authserv_ids: settings.judging.trusted_authserv_ids.clone(),
        };
        // Settings that do not validate are never stored, so these compile; mail is judged without them otherwise.
        let filters = filter::compile(&settings.filter).unwrap_or_else(|problems| {
            tracing::error!(?problems, "the stored filters do not compile; mail is judged without them");
            CompiledFilters::default()
        });
        let plans = Plans::new(&settings.sla);
        Self { revision, settings, identity, templates, filters, plans, own }
    }

    /// What routing rests on beside mail and store.
    pub fn rules(&self) -> DeskRules<'_> {
        DeskRules {
            keys: &self.identity.keys,
            own: &self.own.addresses,
            agents: &self.settings.agents,
            reopen_days: self.settings.desk.reopen_days,
            zone: &self.settings.desk.time_zone,
        }
    }

    /// Whether senders are checked whose mail comes in by this mailbox.
    pub fn checks_senders(&self, mailbox: &MailboxName) -> bool {
        self.settings.mailbox(mailbox).is_some_and(|mailbox| mailbox.check_senders)
    }

    /// The same settings with other keys.
    pub fn with_keys(&self, keys: TokenKeys) -> Self {
        let identity = Identity { keys, install: self.identity.install.clone() };
        Self::new(self.revision, self.settings.clone(), identity, Arc::clone(&self.templates))
    }

    /// The same install under other settings.
    pub fn with_settings(&self, revision: Revision, settings: Settings) -> Self {
        Self::new(revision, settings, self.identity.clone(), Arc::clone(&self.templates))
    }
}

/// Puts the stored settings in force, where they are newer than those that are.
///
/// # Errors
/// The store cannot be read.
pub fn follow_stored(store: &Store, active: &ActiveSettings) -> Result<(), StoreError> {
    let (revision, stored) = settings::get(store)?;
    active.send_if_modified(|active| {
        let newer = revision > active.revision;
        if newer {
            *active = Arc::new(active.with_settings(revision, stored));
        }
        newer
    });
    Ok(())
}

/// The settings in force, for everybody who follows them.
pub type ActiveSettings = watch::Sender<Arc<Active>>;
