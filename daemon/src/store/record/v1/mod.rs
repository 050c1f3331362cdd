//! Records of schema 1.

mod blob;
mod directory;
mod entry;
mod event;
mod filter;
mod invitation;
mod language;
mod log;
mod loop_guard;
mod macros;
mod mail;
mod outbox;
mod settings;
mod sla;
mod template;
mod ticket;

pub(in crate::store) use blob::BlobRecordV1;
pub(in crate::store) use directory::{BlockRecord, ContactRecord, CustomerRecord};
pub(in crate::store) use entry::EntryRecord;
pub(in crate::store) use event::EventRecord;
pub(in crate::store) use filter::FilterHitsRecord;
pub(in crate::store) use invitation::InvitationRecord;
pub(in crate::store) use log::{AuditRecord, CleanUpNoteRecord, InstallRecord, MailboxStateRecord};
pub(in crate::store) use loop_guard::AutomaticRecord;
pub(in crate::store) use macros::SavedMacroRecord;
pub(in crate::store) use mail::JudgedMailRecord;
pub(in crate::store) use outbox::{OutboxRecord, SuppressionRecord};
pub(in crate::store) use settings::SettingsRecord;
pub(in crate::store) use sla::ClocksRecord;
pub(in crate::store) use template::{SavedTemplateRecord, TemplateDraftRecord};
pub(in crate::store) use ticket::TicketRecord;

/// A record that may be absent.
fn maybe<A, B: From<A>>(one: Option<A>) -> Option<B> {
    one.map(B::from)
}

/// Many records of one form as many of another.
fn each<A, B: From<A>>(all: Vec<A>) -> Vec<B> {
    all.into_iter().map(B::from).collect()
}
