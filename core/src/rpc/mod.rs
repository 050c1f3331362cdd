//! The tarpc service, its wire types and its protocol number.
//!
//! Before the first call both ends send [`PREFACE`]; an end that sees another number says so in words instead of
//! failing in the middle of a call. Lists are windows: a cursor and a limit. Writes carry a [`RequestKey`], so that
//! a call repeated after a lost answer does its work once, and where they change a record, the revision they saw.

mod codec;
mod error;
mod filters;
mod logs;
mod macros;
mod mail_search;
mod moves;
mod people;
mod reply;
mod sla;
mod templates;
mod ticket_search;
mod views;

pub use codec::{MAX_FRAME, Postcard};
pub use error::RpcError;
pub use filters::{ChangedMail, DryRunPart, FilterHits, FilterRow, FiltersView, MAX_TRIAL};
pub use logs::{LogLevel, LogLine, LogPart, LogQuery};
pub use macros::{MACROS_AT_ONCE, MacroCall, MacroChange, MacroChanged, MacroFate, MacroOutcome, MacroReply};
pub use mail_search::{FoundMails, MailBulk, MailQuery};
pub use moves::{MergeView, MovedEntry, MovedTickets, SplitView, TicketMove};
pub use people::{AuditLine, BlockRows, ContactAction, ContactKey, CustomerAction, TokenKeyRow};
pub use reply::{GivenFile, MOST_FILE_BYTES, MOST_FILES, TicketReply};
pub use sla::{SlaBrief, SlaView};
pub use templates::{
    PreviewedMail, TemplateData, TemplateId, TemplatePreview, TemplateRow, TemplateStamp, TemplateVersion, TemplateView,
};
pub use ticket_search::{People, SEARCHED, TicketQuery};
pub use views::*;

use crate::address::Address;
use crate::check::CheckReport;
use crate::directory::Block;
use crate::doctor::Report;
use crate::event::Event;
use crate::filter::Filter;
use crate::ids::{BlobHash, ContactId, CustomerId, EventSeq, InvitationId, MailId, OutboxId, Revision, TicketNumber};
use crate::invitation::{Invitation, InvitationAction};
use crate::macros::{MacroName, SavedMacro};
use crate::notification::TemplateSource;
use crate::route::{JudgedMail, MailAction};
use crate::settings::proposal::Proposal;
use crate::settings::{Mailbox, MailboxName, Sender, SenderName, Settings};
use crate::ticket::TicketAction;
use serde_bytes::ByteBuf;

/// Changes whenever a call or a wire type does.
pub const PROTOCOL: u8 = 8;

/// Sent by both ends first: magic and protocol number.
pub const PREFACE: [u8; 8] = [b'M', b'D', b'E', b'S', b'K', b'0', b'0', PROTOCOL];

/// Rows of a list at the most.
pub const MAX_ROWS: u32 = 500;

/// Bytes of a blob in one answer at the most.
pub const MAX_PIECE: u32 = 1 << 20;

/// What the daemon does for consoles.
#[tarpc::service]
pub trait Desk {
    async fn hello() -> Result<Welcome, RpcError>;
    async fn status() -> Result<StatusView, RpcError>;

    /// Examines the desk and one sender, or all: DNS of the From domain, queue, clock, disk, secrets. Takes up to 20 s.
    async fn doctor(sender: Option<SenderName>) -> Result<Report, RpcError>;

    /// Servers that this address likely has, by DNS and by what is known of providers. Takes up to 10 s.
    async fn servers(address: Address) -> Result<Proposal, RpcError>;

    async fn settings() -> Result<SettingsView, RpcError>;
    /// What applying would change; applies nothing.
    async fn settings_diff(settings: Settings) -> Result<SettingsDiff, RpcError>;
    /// Replaces all settings if their revision is still `seen`.
    async fn settings_apply(settings: Settings, seen: Revision, key: RequestKey) -> Result<SettingsDiff, RpcError>;

    /// Polls one mailbox now, or all; answers when the poll is asked for, not when it is done.
    async fn mailbox_poll(mailbox: Option<MailboxName>) -> Result<u32, RpcError>;

    /// Climbs from the name look-up to RCPT TO with these values, saved or not; with `to` a test mail is sent there.
    /// A secret that is `sealed` is the stored one of the sender of that name. May take a minute.
    async fn sender_check(sender: Sender, to: Option<Address>) -> Result<CheckReport, RpcError>;
    /// Climbs from the name look-up to what the next poll would take with these values, saved or not; nothing is
    /// saved or marked. A secret that is `sealed` is the stored one of the mailbox of that name. May take a minute.
    async fn mailbox_check(mailbox: Mailbox) -> Result<CheckReport, RpcError>;

    /// Looks at a few thousand tickets at the most: there can be no rows and yet a cursor to go on with.
    async fn tickets(query: TicketQuery, window: Window) -> Result<Rows<TicketRow>, RpcError>;
    async fn ticket(number: TicketNumber) -> Result<TicketView, RpcError>;
    /// How the clocks of a ticket stand now.
    async fn ticket_sla(number: TicketNumber) -> Result<SlaView, RpcError>;
    /// Entries after the entry number of the cursor, oldest first.
    async fn ticket_entries(number: TicketNumber, window: Window) -> Result<Rows<EntryView>, RpcError>;
    async fn ticket_reply(reply: TicketReply, key: RequestKey) -> Result<ReplyView, RpcError>;
    /// A piece of a file that goes along with an answer, at its place behind those before it; gives how many bytes
    /// are there. They are kept for some minutes, until the answer names them.
    async fn file_piece(upload: RequestKey, offset: u64, piece: ByteBuf) -> Result<u64, RpcError>;
    async fn ticket_note(number: TicketNumber, text: String, key: RequestKey) -> Result<TicketRow, RpcError>;
    /// Status, agent in charge, priority, tags: all of it or nothing.
    async fn ticket_act(
        number: TicketNumber,
        actions: Vec<TicketAction>,
        key: RequestKey,
    ) -> Result<TicketRow, RpcError>;

    /// Merges or splits tickets, in one commit. A dry run says what would be.
    async fn ticket_move(wanted: TicketMove, dry_run: bool, key: RequestKey) -> Result<MovedTickets, RpcError>;

    async fn outbox(query: OutboxQuery, window: Window) -> Result<Rows<OutboxRow>, RpcError>;
    async fn outbox_entry(id: OutboxId) -> Result<OutboxView, RpcError>;
    /// The MIME message as it is or will be sent; of files that go along only where they stand, not their bytes.
    async fn outbox_message(id: OutboxId) -> Result<ByteBuf, RpcError>;
    async fn outbox_act(id: OutboxId, action: OutboxAction, key: RequestKey) -> Result<OutboxRow, RpcError>;
    /// What [`outbox_act`](Desk::outbox_act) would make of the mail, or why it could not. Nothing is changed.
    async fn outbox_rehearse(id: OutboxId, action: OutboxAction) -> Result<OutboxRow, RpcError>;
    /// One verb for every mail that matches, in commits of bounded size.
    async fn outbox_bulk(
        action: OutboxAction,
        query: OutboxQuery,
        consent: BulkConsent,
        key: RequestKey,
    ) -> Result<OutboxBulk, RpcError>;

    /// Suppressed addresses in the order of their keys, behind that address.
    async fn suppressions(after: Option<String>, limit: u32) -> Result<SuppressionRows, RpcError>;
    /// Adds an address or replaces what was said about it; `days` absent: until a person removes it.
    async fn suppression_add(
        address: String,
        reason: String,
        days: Option<u32>,
        key: RequestKey,
    ) -> Result<Suppression, RpcError>;
    async fn suppression_remove(address: String, key: RequestKey) -> Result<(), RpcError>;

    /// The block list in the order of its keys, behind that line.
    async fn blocks(after: Option<String>, limit: u32) -> Result<BlockRows, RpcError>;
    /// Drops the mail of an address, a domain, or a domain with all below it (`*.domain`) from now on, or replaces what
    /// was said about it; `days` absent: until a person removes it.
    async fn block_add(who: String, reason: String, days: Option<u32>, key: RequestKey) -> Result<Block, RpcError>;
    async fn block_remove(who: String, key: RequestKey) -> Result<(), RpcError>;

    /// Invitations, the newest first.
    async fn invitations(window: Window) -> Result<Rows<Invitation>, RpcError>;
    async fn invitation(id: InvitationId) -> Result<Invitation, RpcError>;
    async fn invitation_act(action: InvitationAction, key: RequestKey) -> Result<Invitation, RpcError>;

    /// Who changed what, the newest first.
    async fn audit(window: Window) -> Result<Rows<AuditLine>, RpcError>;

    /// The newest log lines. With none behind what was seen it waits for up to `wait_ms`.
    async fn log_lines(query: LogQuery, wait_ms: u32) -> Result<LogPart, RpcError>;

    /// Keys of reply tokens, the one that signs first; never the keys themselves.
    async fn token_keys() -> Result<Vec<TokenKeyRow>, RpcError>;
    /// Makes a new key that signs from now on; those before it still verify.
    async fn token_rotate(key: RequestKey) -> Result<Vec<TokenKeyRow>, RpcError>;

    /// The verdict log, newest first. Looks at a few thousand mails at the most and says where it stopped.
    async fn mails(query: MailQuery, window: Window) -> Result<FoundMails, RpcError>;
    async fn mail(id: MailId) -> Result<JudgedMail, RpcError>;
    /// Decides about a mail that was held back; the new verdict. With `rehearse` nothing is written. A mail that was too
    /// large is fetched for its release, which takes its time.
    async fn mail_act(id: MailId, action: MailAction, rehearse: bool, key: RequestKey) -> Result<JudgedMail, RpcError>;
    /// One action for every mail of the quarantine that matches, each in a commit of its own.
    async fn mail_bulk(
        action: MailAction,
        query: MailQuery,
        consent: BulkConsent,
        key: RequestKey,
    ) -> Result<MailBulk, RpcError>;
    /// A piece of a raw mail or attachment; empty at its end.
    async fn blob(hash: BlobHash, offset: u64, limit: u32) -> Result<ByteBuf, RpcError>;

    /// The rules in their order, how often each matched, and which can never act.
    async fn filters() -> Result<FiltersView, RpcError>;
    /// Judges these bytes as if they came in now by this mailbox (absent: the first one), with these rules (absent:
    /// the saved ones); writes nothing. At most [`MAX_TRIAL`] bytes.
    async fn filter_try(
        raw: ByteBuf,
        mailbox: Option<MailboxName>,
        filters: Option<Vec<Filter>>,
    ) -> Result<JudgedMail, RpcError>;
    /// Judges kept mails anew with these rules (absent: the saved ones), the newest first; writes nothing. One call
    /// does a small part: `limit` is what is still wanted.
    async fn filter_dry_run(filters: Option<Vec<Filter>>, window: Window) -> Result<DryRunPart, RpcError>;

    /// Every kind in every language.
    async fn templates() -> Result<Vec<TemplateRow>, RpcError>;
    /// A template in all of its versions.
    async fn template(id: TemplateId) -> Result<TemplateView, RpcError>;
    /// The text of one version.
    async fn template_source(id: TemplateId, version: TemplateVersion) -> Result<TemplateSource, RpcError>;
    /// Fills a version in; nothing is sent. A template with problems comes back with them and without a mail.
    async fn template_render(
        id: TemplateId,
        version: TemplateVersion,
        data: TemplateData,
    ) -> Result<TemplatePreview, RpcError>;
    /// As [`template_render`](Desk::template_render), and queues it to this address.
    async fn template_send(
        id: TemplateId,
        version: TemplateVersion,
        data: TemplateData,
        to: Address,
        key: RequestKey,
    ) -> Result<OutboxId, RpcError>;
    /// Keeps a draft, which is not checked; with nothing, forgets it.
    async fn template_draft(
        id: TemplateId,
        source: Option<TemplateSource>,
        key: RequestKey,
    ) -> Result<TemplateRow, RpcError>;
    /// Saves a version if the newest is still `seen`, and forgets the draft; problems refuse it. With nothing, the
    /// built-in template counts again.
    async fn template_save(
        id: TemplateId,
        source: Option<TemplateSource>,
        seen: Revision,
        key: RequestKey,
    ) -> Result<TemplateRow, RpcError>;

    /// Macros in the order of their names, behind that one; at most [`MACROS_AT_ONCE`].
    async fn macros(after: Option<MacroName>) -> Result<Vec<SavedMacro>, RpcError>;
    async fn macro_saved(name: MacroName) -> Result<SavedMacro, RpcError>;
    /// Saves and removes macros, all or none. A dry run says what would be.
    async fn macro_change(
        changes: Vec<MacroChange>,
        dry_run: bool,
        key: RequestKey,
    ) -> Result<Vec<MacroChanged>, RpcError>;
    /// Does all that a macro says to one ticket, or nothing.
    async fn macro_apply(call: MacroCall, key: RequestKey) -> Result<MacroOutcome, RpcError>;

    /// Events after `seen`, waiting up to `wait_ms` for the first.
    async fn events_after(seen: EventSeq, wait_ms: u32) -> Result<EventBatch, RpcError>;
    /// The newest event, where following begins.
    async fn newest_event() -> Result<EventSeq, RpcError>;

    async fn contacts(window: Window) -> Result<Rows<ContactRow>, RpcError>;
    async fn contact(id: ContactId) -> Result<ContactRow, RpcError>;
    async fn contacts_import(rows: Vec<ContactImport>, dry_run: bool, key: RequestKey) -> Result<Imported, RpcError>;
    async fn contact_act(who: ContactKey, action: ContactAction, key: RequestKey) -> Result<ContactRow, RpcError>;
    async fn customers(window: Window) -> Result<Rows<CustomerRow>, RpcError>;
    async fn customer(id: CustomerId) -> Result<CustomerRow, RpcError>;
    async fn customer_act(id: CustomerId, action: CustomerAction, key: RequestKey) -> Result<CustomerRow, RpcError>;
    async fn customers_import(rows: Vec<CustomerImport>, dry_run: bool, key: RequestKey) -> Result<Imported, RpcError>;
}

/// Events in their order.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EventBatch {
    pub events: Vec<Event>,
    /// What to ask for next.
    pub next: EventSeq,
    /// Events after `seen` are no longer kept: something was missed.
    pub gap: bool,
}
