//! The types that travel, for the canned service.

pub(super) use maildesk_core::address::Address;
pub(super) use maildesk_core::check::CheckReport;
pub(super) use maildesk_core::directory::Block;
pub(super) use maildesk_core::doctor::Report;
pub(super) use maildesk_core::filter::Filter;
pub(super) use maildesk_core::ids::{
    BlobHash, ContactId, CustomerId, EntryNumber, EventSeq, InvitationId, MailId, OutboxId, Revision, TicketNumber,
};
pub(super) use maildesk_core::invitation::{Invitation, InvitationAction};
pub(super) use maildesk_core::macros::{MacroName, SavedMacro};
pub(super) use maildesk_core::notification::{TemplateSource, builtin};
pub(super) use maildesk_core::route::{JudgedMail, MailAction};
pub(super) use maildesk_core::rpc::*;
pub(super) use maildesk_core::settings::proposal::{Proposal, propose};
pub(super) use maildesk_core::settings::{Mailbox, MailboxName, Sender, SenderName, Settings, diff};
pub(super) use maildesk_core::ticket::TicketAction;
pub(super) use serde_bytes::ByteBuf;
pub(super) use tarpc::context::Context;
