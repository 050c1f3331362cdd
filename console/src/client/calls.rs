//! The calls, one by one, in the order of the service; those about people stand in `people`.

use super::{Client, ClientError, Effect, answer, context, fresh_key};
use maildesk_core::address::Address;
use maildesk_core::check::CheckReport;
use maildesk_core::doctor::Report;
use maildesk_core::filter::Filter;
use maildesk_core::ids::{BlobHash, EventSeq, MailId, OutboxId, Revision, TicketNumber};
use maildesk_core::language::Language;
use maildesk_core::macros::{MacroName, SavedMacro};
use maildesk_core::notification::{Kind, TemplateSource};
use maildesk_core::route::{JudgedMail, MailAction};
use maildesk_core::rpc::{
    BulkConsent, DryRunPart, EntryView, EventBatch, FiltersView, FoundMails, GivenFile, LogPart, LogQuery,
    MACROS_AT_ONCE, MAX_PIECE, MacroCall, MacroChange, MacroChanged, MacroOutcome, MailBulk, MailQuery, MovedTickets,
    OutboxAction, OutboxBulk, OutboxQuery, OutboxRow, OutboxView, ReplyView, Rows, SettingsDiff, SettingsView, SlaView,
    StatusView, TemplateData, TemplateId, TemplatePreview, TemplateRow, TemplateVersion, TemplateView, TicketMove,
    TicketQuery, TicketReply, TicketRow, TicketView, Window,
};
use maildesk_core::settings::proposal::Proposal;
use maildesk_core::settings::{Mailbox, MailboxName, Sender, SenderName, Settings};
use maildesk_core::ticket::TicketAction;
use std::time::Duration;

/// What the daemon may need beyond the wait of a long poll to get its answer to us.
const POLL_GRACE: Duration = Duration::from_secs(5);
/// The daemon ends a check by itself before this.
const CHECK_LIMIT: Duration = Duration::from_secs(75);

/// The daemon gives up looking things up before this.
const DOCTOR_WAIT: Duration = Duration::from_secs(40);

/// A mail that was too large for its mailbox takes its time on the line.
const LARGE_MAIL_WAIT: Duration = Duration::from_secs(600);
/// The daemon gives up looking servers up before this.
const PROPOSAL_WAIT: Duration = Duration::from_secs(15);

pub(super) type Answer<T> = Result<T, ClientError>;

impl Client {
    pub async fn status(&self) -> Answer<StatusView> {
        self.read(self.desk.status(self.context()).await)
    }

    /// Look-ups take their time: the deadline of this call is at least [`DOCTOR_WAIT`].
    pub async fn doctor(&self, sender: Option<SenderName>) -> Answer<Report> {
        let timeout = self.timeout.max(DOCTOR_WAIT);
        answer(self.desk.doctor(context(timeout), sender).await, timeout, Effect::None)
    }

    /// Servers that an address likely has. Name servers take their time: the deadline is at least [`PROPOSAL_WAIT`].
    pub async fn servers(&self, address: Address) -> Answer<Proposal> {
        let timeout = self.timeout.max(PROPOSAL_WAIT);
        answer(self.desk.servers(context(timeout), address).await, timeout, Effect::None)
    }

    pub async fn settings(&self) -> Answer<SettingsView> {
        self.read(self.desk.settings(self.context()).await)
    }

    pub async fn settings_diff(&self, settings: Settings) -> Answer<SettingsDiff> {
        self.read(Box::pin(self.desk.settings_diff(self.context(), settings)).await)
    }

    /// Replaces all settings if they still are at revision `seen`.
    pub async fn settings_apply(&self, settings: Settings, seen: Revision) -> Answer<SettingsDiff> {
        self.written(Box::pin(self.desk.settings_apply(self.context(), settings, seen, fresh_key()?)).await)
    }

    /// Asks for a poll of one mailbox, or all; the number of mailboxes asked.
    pub async fn mailbox_poll(&self, mailbox: Option<MailboxName>) -> Answer<u32> {
        self.read(self.desk.mailbox_poll(self.context(), mailbox).await)
    }

    /// Tries a sender, saved or not; with `to` a test mail goes there.
    pub async fn sender_check(&self, sender: Sender, to: Option<Address>) -> Answer<CheckReport> {
        let timeout = self.timeout.max(CHECK_LIMIT);
        answer(Box::pin(self.desk.sender_check(context(timeout), sender, to)).await, timeout, Effect::None)
    }

    /// Tries a mailbox, saved or not; changes nothing.
    pub async fn mailbox_check(&self, mailbox: Mailbox) -> Answer<CheckReport> {
        let timeout = self.timeout.max(CHECK_LIMIT);
        answer(Box::pin(self.desk.mailbox_check(context(timeout), mailbox)).await, timeout, Effect::None)
    }

    pub async fn tickets(&self, query: TicketQuery, window: Window) -> Answer<Rows<TicketRow>> {
        self.read(self.desk.tickets(self.context(), query, window).await)
    }

    pub async fn ticket(&self, number: TicketNumber) -> Answer<TicketView> {
        self.read(self.desk.ticket(self.context(), number).await)
    }

    pub async fn ticket_sla(&self, number: TicketNumber) -> Answer<SlaView> {
        self.read(self.desk.ticket_sla(self.context(), number).await)
    }

    /// Entries after the entry number of the window's cursor, oldest first.
    pub async fn ticket_entries(&self, number: TicketNumber, window: Window) -> Answer<Rows<EntryView>> {
        self.read(self.desk.ticket_entries(self.context(), number, window).await)
    }

    pub async fn ticket_reply(&self, reply: TicketReply) -> Answer<ReplyView> {
        self.written(self.desk.ticket_reply(self.context(), reply, fresh_key()?).await)
    }

    /// Gives a file for an answer, piece by piece.
    pub async fn give_file(&self, name: String, bytes: &[u8]) -> Answer<GivenFile> {
        let (upload, mut offset) = (fresh_key()?, 0);
        for piece in bytes.chunks(MAX_PIECE as usize) {
            let piece = piece.to_vec().into();
            offset = self.written(self.desk.file_piece(self.context(), upload, offset, piece).await)?;
        }
        Ok(GivenFile { upload, name, size: bytes.len() as u64 })
    }

    pub async fn ticket_note(&self, number: TicketNumber, text: String) -> Answer<TicketRow> {
        self.written(self.desk.ticket_note(self.context(), number, text, fresh_key()?).await)
    }

    /// Does these actions together, or none.
    pub async fn ticket_act(&self, number: TicketNumber, actions: Vec<TicketAction>) -> Answer<TicketRow> {
        self.written(self.desk.ticket_act(self.context(), number, actions, fresh_key()?).await)
    }

    /// Merges or splits tickets; with `dry_run`, says what would be.
    pub async fn ticket_move(&self, wanted: TicketMove, dry_run: bool) -> Answer<MovedTickets> {
        self.written(self.desk.ticket_move(self.context(), wanted, dry_run, fresh_key()?).await)
    }

    pub async fn outbox(&self, query: OutboxQuery, window: Window) -> Answer<Rows<OutboxRow>> {
        self.read(self.desk.outbox(self.context(), query, window).await)
    }

    pub async fn outbox_entry(&self, id: OutboxId) -> Answer<OutboxView> {
        self.read(self.desk.outbox_entry(self.context(), id).await)
    }

    /// The MIME message exactly as it is or will be sent.
    pub async fn outbox_message(&self, id: OutboxId) -> Answer<Vec<u8>> {
        self.read(self.desk.outbox_message(self.context(), id).await).map(|bytes| bytes.into_vec())
    }

    pub async fn outbox_act(&self, id: OutboxId, action: OutboxAction) -> Answer<OutboxRow> {
        self.written(self.desk.outbox_act(self.context(), id, action, fresh_key()?).await)
    }

    /// Nothing is changed.
    pub async fn outbox_rehearse(&self, id: OutboxId, action: OutboxAction) -> Answer<OutboxRow> {
        self.read(self.desk.outbox_rehearse(self.context(), id, action).await)
    }

    pub async fn outbox_bulk(
        &self,
        action: OutboxAction,
        query: OutboxQuery,
        consent: BulkConsent,
    ) -> Answer<OutboxBulk> {
        self.written(self.desk.outbox_bulk(self.context(), action, query, consent, fresh_key()?).await)
    }

    /// The verdict log, newest first.
    pub async fn mails(&self, query: MailQuery, window: Window) -> Answer<FoundMails> {
        self.read(self.desk.mails(self.context(), query, window).await)
    }

    pub async fn mail(&self, id: MailId) -> Answer<JudgedMail> {
        self.read(self.desk.mail(self.context(), id).await)
    }

    /// Decides about a mail that was held back, or rehearses it. One that is still on its server is fetched first.
    pub async fn mail_act(&self, id: MailId, action: MailAction, rehearse: bool) -> Answer<JudgedMail> {
        let timeout = self.deciding(&action);
        let done = self.desk.mail_act(context(timeout), id, action, rehearse, fresh_key()?).await;
        answer(done, timeout, Effect::PerhapsDone)
    }

    /// Decides about all mails of the quarantine that match.
    pub async fn mail_bulk(&self, action: MailAction, query: MailQuery, consent: BulkConsent) -> Answer<MailBulk> {
        let timeout = self.deciding(&action);
        let done = self.desk.mail_bulk(context(timeout), action, query, consent, fresh_key()?).await;
        answer(done, timeout, Effect::PerhapsDone)
    }

    fn deciding(&self, action: &MailAction) -> Duration {
        if action.wants_mail() { self.timeout.max(LARGE_MAIL_WAIT) } else { self.timeout }
    }

    /// At most `limit` bytes of a blob from `offset` on; empty at its end.
    pub async fn blob(&self, hash: BlobHash, offset: u64, limit: u32) -> Answer<Vec<u8>> {
        self.read(self.desk.blob(self.context(), hash, offset, limit).await).map(|bytes| bytes.into_vec())
    }

    /// The rules in their order, with how often each matched.
    pub async fn filters(&self) -> Answer<FiltersView> {
        self.read(self.desk.filters(self.context()).await)
    }

    /// Judges a mail as if it came in now; writes nothing.
    pub async fn filter_try(
        &self,
        raw: Vec<u8>,
        mailbox: Option<MailboxName>,
        filters: Option<Vec<Filter>>,
    ) -> Answer<JudgedMail> {
        self.read(self.desk.filter_try(self.context(), raw.into(), mailbox, filters).await)
    }

    /// Judges a part of the kept mails anew, the newest first; writes nothing.
    pub async fn filter_dry_run(&self, filters: Option<Vec<Filter>>, window: Window) -> Answer<DryRunPart> {
        self.read(self.desk.filter_dry_run(self.context(), filters, window).await)
    }

    pub async fn templates(&self) -> Answer<Vec<TemplateRow>> {
        self.read(self.desk.templates(self.context()).await)
    }

    pub async fn template(&self, kind: Kind, language: Language) -> Answer<TemplateView> {
        self.read(self.desk.template(self.context(), TemplateId { kind, language }).await)
    }

    pub async fn template_source(
        &self,
        kind: Kind,
        language: Language,
        version: TemplateVersion,
    ) -> Answer<TemplateSource> {
        self.read(self.desk.template_source(self.context(), TemplateId { kind, language }, version).await)
    }

    /// Fills a version in; nothing is sent.
    pub async fn template_render(
        &self,
        kind: Kind,
        language: Language,
        version: TemplateVersion,
        data: TemplateData,
    ) -> Answer<TemplatePreview> {
        self.read(self.desk.template_render(self.context(), TemplateId { kind, language }, version, data).await)
    }

    /// Fills a version in and queues it to an address.
    pub async fn template_send(
        &self,
        kind: Kind,
        language: Language,
        version: TemplateVersion,
        data: TemplateData,
        to: Address,
    ) -> Answer<OutboxId> {
        self.written(
            self.desk
                .template_send(self.context(), TemplateId { kind, language }, version, data, to, fresh_key()?)
                .await,
        )
    }

    /// Keeps a draft, or forgets it.
    pub async fn template_draft(
        &self,
        kind: Kind,
        language: Language,
        source: Option<TemplateSource>,
    ) -> Answer<TemplateRow> {
        self.written(
            self.desk.template_draft(self.context(), TemplateId { kind, language }, source, fresh_key()?).await,
        )
    }

    /// Saves a version, or lets the built-in one count again, if the newest is still `seen`.
    pub async fn template_save(
        &self,
        kind: Kind,
        language: Language,
        source: Option<TemplateSource>,
        seen: Revision,
    ) -> Answer<TemplateRow> {
        self.written(
            self.desk.template_save(self.context(), TemplateId { kind, language }, source, seen, fresh_key()?).await,
        )
    }

    /// All macros in the order of their names.
    pub async fn all_macros(&self) -> Answer<Vec<SavedMacro>> {
        let mut all: Vec<SavedMacro> = Vec::new();
        loop {
            let after = all.last().map(|saved| saved.content.name.clone());
            let part = self.read(self.desk.macros(self.context(), after).await)?;
            let more = part.len() >= MACROS_AT_ONCE as usize;
            all.extend(part);
            if !more {
                return Ok(all);
            }
        }
    }

    pub async fn macro_saved(&self, name: MacroName) -> Answer<SavedMacro> {
        self.read(self.desk.macro_saved(self.context(), name).await)
    }

    /// Saves and removes macros, all or none; with `dry_run`, says what would be.
    pub async fn macro_change(&self, changes: Vec<MacroChange>, dry_run: bool) -> Answer<Vec<MacroChanged>> {
        self.written(self.desk.macro_change(self.context(), changes, dry_run, fresh_key()?).await)
    }

    /// Does what a macro says to one ticket, or says what would be.
    pub async fn macro_apply(&self, call: MacroCall) -> Answer<MacroOutcome> {
        self.written(self.desk.macro_apply(self.context(), call, fresh_key()?).await)
    }

    /// Events after `seen`, waiting up to `wait` for the first. The deadline of this call lies behind the wait.
    pub async fn events_after(&self, seen: EventSeq, wait: Duration) -> Answer<EventBatch> {
        let timeout = wait + self.timeout.max(POLL_GRACE);
        let wait_ms = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        answer(self.desk.events_after(context(timeout), seen, wait_ms).await, timeout, Effect::None)
    }

    /// Lines of the daemon's log; with none behind what was seen it waits for up to `wait`.
    pub async fn log_lines(&self, query: LogQuery, wait: Duration) -> Answer<LogPart> {
        let timeout = wait + self.timeout.max(POLL_GRACE);
        let wait_ms = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        answer(self.desk.log_lines(context(timeout), query, wait_ms).await, timeout, Effect::None)
    }

    pub async fn newest_event(&self) -> Answer<EventSeq> {
        self.read(self.desk.newest_event(self.context()).await)
    }
}
