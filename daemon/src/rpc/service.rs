//! The service: checks what the caller may do and hands on to the handlers.

use super::visitor::Service;
use super::{
    audit_log, blocks, checks, contact_change, customer_change, directory, doctor, filters, following, held_mails,
    invitations, log_lines, macros, mailboxes, mails, moving, outbox, outbox_bulk, proposals, settings, sla, status,
    suppressions, template_preview, templates, ticket_actions, tickets, token_keys,
};
use maildesk_core::address::Address;
use maildesk_core::check::CheckReport;
use maildesk_core::directory::Block;
use maildesk_core::doctor::Report;
use maildesk_core::filter::Filter;
use maildesk_core::ids::{
    BlobHash, ContactId, CustomerId, EventSeq, InvitationId, MailId, OutboxId, Revision, TicketNumber,
};
use maildesk_core::invitation::{Invitation, InvitationAction};
use maildesk_core::macros::{MacroName, SavedMacro};
use maildesk_core::notification::TemplateSource;
use maildesk_core::route::{JudgedMail, MailAction};
use maildesk_core::rpc::*;
use maildesk_core::settings::proposal::Proposal;
use maildesk_core::settings::{Mailbox, MailboxName, Sender, SenderName, Settings};
use maildesk_core::ticket::TicketAction;
use serde_bytes::ByteBuf;
use std::sync::Arc;
use tarpc::context::Context;

type Answer<T> = Result<T, RpcError>;

/// Short, so that most calls stand on one line.
type Key = RequestKey;

impl Desk for Service {
    async fn hello(self, _: Context) -> Answer<Welcome> {
        self.reader()?;
        Ok(Welcome {
            daemon_version: env!("CARGO_PKG_VERSION").to_owned(),
            user: self.caller.user.clone(),
            access: self.caller.access.unwrap_or(Access::Read),
            write_group: self.groups.write.clone(),
        })
    }

    async fn status(self, _: Context) -> Answer<StatusView> {
        Ok(status::status(self.reader()?)?)
    }
    async fn doctor(self, _: Context, sender: Option<SenderName>) -> Answer<Report> {
        Ok(doctor::doctor(self.reader()?, sender).await?)
    }
    async fn servers(self, _: Context, address: Address) -> Answer<Proposal> {
        Ok(proposals::servers(self.reader()?, &address).await)
    }
    async fn settings(self, _: Context) -> Answer<SettingsView> {
        Ok(settings::get(self.reader()?))
    }
    async fn settings_diff(self, _: Context, new: Settings) -> Answer<SettingsDiff> {
        Ok(settings::compare(self.reader()?, &new)?)
    }

    async fn settings_apply(self, _: Context, new: Settings, seen: Revision, key: Key) -> Answer<SettingsDiff> {
        let (_, user) = self.writer()?;
        Ok(settings::apply(Arc::clone(&self.parts), user, new, seen, key).await?)
    }

    async fn mailbox_poll(self, _: Context, mailbox: Option<MailboxName>) -> Answer<u32> {
        let (parts, _) = self.writer()?;
        Ok(mailboxes::poll(parts, mailbox)?)
    }

    async fn sender_check(self, _: Context, sender: Sender, to: Option<Address>) -> Answer<CheckReport> {
        let (_, user) = self.writer()?;
        let asked = checks::Asked::Sender { sender, to };
        Ok(checks::run(Arc::clone(&self.parts), user, asked, self.stop.clone()).await?)
    }

    async fn mailbox_check(self, _: Context, mailbox: Mailbox) -> Answer<CheckReport> {
        let (_, user) = self.writer()?;
        Ok(checks::run(Arc::clone(&self.parts), user, checks::Asked::Mailbox(mailbox), self.stop.clone()).await?)
    }

    async fn tickets(self, _: Context, query: TicketQuery, window: Window) -> Answer<Rows<TicketRow>> {
        Ok(tickets::list(self.reader()?, query, window).await?)
    }

    async fn ticket(self, _: Context, number: TicketNumber) -> Answer<TicketView> {
        Ok(tickets::show(self.reader()?, number).await?)
    }

    async fn ticket_sla(self, _: Context, number: TicketNumber) -> Result<SlaView, RpcError> {
        Ok(sla::show(self.reader()?, number).await?)
    }

    async fn ticket_entries(self, _: Context, number: TicketNumber, window: Window) -> Answer<Rows<EntryView>> {
        Ok(tickets::thread(self.reader()?, number, window).await?)
    }

    async fn ticket_reply(self, _: Context, reply: TicketReply, key: Key) -> Answer<ReplyView> {
        let (parts, user) = self.writer()?;
        Ok(super::reply::reply(parts, user, reply, key).await?)
    }

    async fn file_piece(self, _: Context, upload: Key, offset: u64, piece: ByteBuf) -> Answer<u64> {
        let (parts, user) = self.writer()?;
        Ok(parts.uploads.add(user, upload, offset, &piece, parts.clock.now())?)
    }

    async fn ticket_note(self, _: Context, number: TicketNumber, text: String, key: Key) -> Answer<TicketRow> {
        let (parts, user) = self.writer()?;
        Ok(tickets::note(parts, user, number, text, key).await?)
    }

    async fn ticket_act(
        self,
        _: Context,
        number: TicketNumber,
        actions: Vec<TicketAction>,
        key: Key,
    ) -> Answer<TicketRow> {
        let (parts, user) = self.writer()?;
        Ok(ticket_actions::carry_out(parts, user, number, actions, key).await?)
    }

    async fn ticket_move(self, _: Context, wanted: TicketMove, dry_run: bool, key: Key) -> Answer<MovedTickets> {
        let (parts, user) = self.writer()?;
        Ok(moving::carry_out(parts, user, wanted, dry_run, key).await?)
    }

    async fn outbox(self, _: Context, query: OutboxQuery, window: Window) -> Answer<Rows<OutboxRow>> {
        Ok(outbox::list(self.reader()?, query, window).await?)
    }

    async fn outbox_entry(self, _: Context, id: OutboxId) -> Answer<OutboxView> {
        Ok(outbox::show(self.reader()?, id, self.writer().map(drop)).await?)
    }

    async fn outbox_message(self, _: Context, id: OutboxId) -> Answer<ByteBuf> {
        Ok(outbox::message(self.reader()?, id, self.writer().map(drop)).await?)
    }

    async fn outbox_act(self, _: Context, id: OutboxId, action: OutboxAction, key: Key) -> Answer<OutboxRow> {
        let (parts, user) = self.writer()?;
        Ok(outbox::act_once(parts, user, id, action, key).await?)
    }

    async fn outbox_rehearse(self, _: Context, id: OutboxId, action: OutboxAction) -> Answer<OutboxRow> {
        let (parts, user) = self.writer()?;
        Ok(outbox::rehearse(parts, user, id, action).await?)
    }

    async fn outbox_bulk(
        self,
        _: Context,
        action: OutboxAction,
        query: OutboxQuery,
        consent: BulkConsent,
        key: Key,
    ) -> Answer<OutboxBulk> {
        let (_, user) = self.writer()?;
        Ok(outbox_bulk::bulk(Arc::clone(&self.parts), user, action, query, consent, key).await?)
    }

    async fn suppressions(self, _: Context, after: Option<String>, limit: u32) -> Answer<SuppressionRows> {
        Ok(suppressions::list(self.reader()?, after, limit).await?)
    }

    async fn suppression_add(
        self,
        _: Context,
        address: String,
        reason: String,
        days: Option<u32>,
        key: Key,
    ) -> Answer<Suppression> {
        let (parts, user) = self.writer()?;
        Ok(suppressions::add(parts, user, address, reason, days, key).await?)
    }

    async fn suppression_remove(self, _: Context, address: String, key: Key) -> Answer<()> {
        let (parts, user) = self.writer()?;
        Ok(suppressions::remove(parts, user, address, key).await?)
    }

    async fn blocks(self, _: Context, after: Option<String>, limit: u32) -> Answer<BlockRows> {
        Ok(blocks::list(self.reader()?, after, limit).await?)
    }

    async fn block_add(self, _: Context, who: String, reason: String, days: Option<u32>, key: Key) -> Answer<Block> {
        let (parts, user) = self.writer()?;
        Ok(blocks::add(parts, user, who, reason, days, key).await?)
    }

    async fn block_remove(self, _: Context, who: String, key: Key) -> Answer<()> {
        let (parts, user) = self.writer()?;
        Ok(blocks::remove(parts, user, who, key).await?)
    }

    async fn invitations(self, _: Context, window: Window) -> Answer<Rows<Invitation>> {
        Ok(invitations::list(self.reader()?, window).await?)
    }

    async fn invitation(self, _: Context, id: InvitationId) -> Answer<Invitation> {
        Ok(invitations::show(self.reader()?, id).await?)
    }

    async fn invitation_act(self, _: Context, action: InvitationAction, key: Key) -> Answer<Invitation> {
        let (_, user) = self.writer()?;
        Ok(invitations::act(Arc::clone(&self.parts), user, action, key).await?)
    }

    async fn audit(self, _: Context, window: Window) -> Answer<Rows<AuditLine>> {
        Ok(audit_log::list(self.reader()?, window).await?)
    }

    async fn token_keys(self, _: Context) -> Answer<Vec<TokenKeyRow>> {
        Ok(token_keys::list(self.reader()?).await?)
    }

    async fn token_rotate(self, _: Context, key: Key) -> Answer<Vec<TokenKeyRow>> {
        let (_, user) = self.writer()?;
        Ok(token_keys::rotate(Arc::clone(&self.parts), user, key).await?)
    }

    async fn mails(self, _: Context, query: MailQuery, window: Window) -> Answer<FoundMails> {
        Ok(mails::list(self.reader()?, query, window).await?)
    }

    async fn mail(self, _: Context, id: MailId) -> Answer<JudgedMail> {
        Ok(mails::show(self.reader()?, id).await?)
    }

    async fn mail_act(
        self,
        _: Context,
        id: MailId,
        action: MailAction,
        rehearse: bool,
        key: Key,
    ) -> Answer<JudgedMail> {
        let (_, user) = self.writer()?;
        Ok(held_mails::act(Arc::clone(&self.parts), user, id, action, rehearse, key).await?)
    }

    async fn mail_bulk(
        self,
        _: Context,
        action: MailAction,
        query: MailQuery,
        consent: BulkConsent,
        key: Key,
    ) -> Answer<MailBulk> {
        let (_, user) = self.writer()?;
        Ok(held_mails::bulk(Arc::clone(&self.parts), user, action, query, consent, key).await?)
    }

    async fn blob(self, _: Context, hash: BlobHash, offset: u64, limit: u32) -> Answer<ByteBuf> {
        Ok(mails::blob(self.reader()?, hash, offset, limit).await?)
    }

    async fn filters(self, _: Context) -> Answer<FiltersView> {
        Ok(filters::list(self.reader()?).await?)
    }

    async fn filter_try(
        self,
        _: Context,
        raw: ByteBuf,
        mailbox: Option<MailboxName>,
        filters: Option<Vec<Filter>>,
    ) -> Answer<JudgedMail> {
        Ok(filters::try_one(self.reader()?, raw, mailbox, filters).await?)
    }

    async fn filter_dry_run(self, _: Context, filters: Option<Vec<Filter>>, window: Window) -> Answer<DryRunPart> {
        Ok(filters::dry_run(self.reader()?, filters, window).await?)
    }

    async fn templates(self, _: Context) -> Answer<Vec<TemplateRow>> {
        Ok(templates::list(self.reader()?).await?)
    }

    async fn template(self, _: Context, id: TemplateId) -> Answer<TemplateView> {
        Ok(templates::show(self.reader()?, id).await?)
    }

    async fn template_source(self, _: Context, id: TemplateId, version: TemplateVersion) -> Answer<TemplateSource> {
        Ok(templates::get(self.reader()?, id, version).await?)
    }

    async fn template_render(
        self,
        _: Context,
        id: TemplateId,
        version: TemplateVersion,
        data: TemplateData,
    ) -> Answer<TemplatePreview> {
        Ok(template_preview::render(self.reader()?, id, version, data).await?)
    }

    async fn template_send(
        self,
        _: Context,
        id: TemplateId,
        version: TemplateVersion,
        data: TemplateData,
        to: Address,
        key: Key,
    ) -> Answer<OutboxId> {
        let (parts, user) = self.writer()?;
        Ok(template_preview::send(parts, user, (id, version, data), to, key).await?)
    }

    async fn template_draft(
        self,
        _: Context,
        id: TemplateId,
        source: Option<TemplateSource>,
        key: Key,
    ) -> Answer<TemplateRow> {
        let (parts, user) = self.writer()?;
        Ok(templates::put_draft(parts, user, id, source, key).await?)
    }

    async fn template_save(
        self,
        _: Context,
        id: TemplateId,
        source: Option<TemplateSource>,
        seen: Revision,
        key: Key,
    ) -> Answer<TemplateRow> {
        let (_, user) = self.writer()?;
        Ok(templates::save(Arc::clone(&self.parts), user, id, source, seen, key).await?)
    }

    async fn macros(self, _: Context, after: Option<MacroName>) -> Answer<Vec<SavedMacro>> {
        Ok(macros::list(self.reader()?, after).await?)
    }

    async fn macro_saved(self, _: Context, name: MacroName) -> Answer<SavedMacro> {
        Ok(macros::saved(self.reader()?, name).await?)
    }

    async fn macro_change(self, _: Context, all: Vec<MacroChange>, dry: bool, k: Key) -> Answer<Vec<MacroChanged>> {
        let (parts, user) = self.writer()?;
        Ok(macros::change(parts, user, all, dry, k).await?)
    }

    async fn macro_apply(self, _: Context, call: MacroCall, key: Key) -> Answer<MacroOutcome> {
        let (parts, user) = if call.dry_run { self.viewer()? } else { self.writer()? };
        Ok(macros::apply(parts, user, call, key).await?)
    }

    async fn events_after(self, context: Context, seen: EventSeq, wait_ms: u32) -> Answer<EventBatch> {
        Ok(following::events_after(self.reader()?, seen, wait_ms, context.deadline, &self.stop).await?)
    }

    async fn log_lines(self, context: Context, query: LogQuery, wait_ms: u32) -> Answer<LogPart> {
        log_lines::lines(self.reader()?, query, wait_ms, context.deadline, &self.stop).await
    }
    async fn newest_event(self, _: Context) -> Answer<EventSeq> {
        Ok(self.reader()?.hub.newest())
    }

    async fn contacts(self, _: Context, window: Window) -> Answer<Rows<ContactRow>> {
        Ok(directory::contact_list(self.reader()?, window).await?)
    }
    async fn contact(self, _: Context, id: ContactId) -> Answer<ContactRow> {
        Ok(directory::contact(self.reader()?, id).await?)
    }
    async fn contacts_import(self, _: Context, rows: Vec<ContactImport>, dry_run: bool, key: Key) -> Answer<Imported> {
        let (parts, user) = self.writer()?;
        Ok(directory::import_contacts(parts, user, rows, dry_run, key).await?)
    }

    async fn contact_act(self, _: Context, who: ContactKey, action: ContactAction, key: Key) -> Answer<ContactRow> {
        let (parts, user) = self.writer()?;
        Ok(contact_change::act(parts, user, who, action, key).await?)
    }
    async fn customers(self, _: Context, window: Window) -> Answer<Rows<CustomerRow>> {
        Ok(directory::customer_list(self.reader()?, window).await?)
    }
    async fn customer(self, _: Context, id: CustomerId) -> Answer<CustomerRow> {
        Ok(directory::customer(self.reader()?, id).await?)
    }
    async fn customer_act(self, _: Context, id: CustomerId, action: CustomerAction, key: Key) -> Answer<CustomerRow> {
        let (parts, user) = self.writer()?;
        Ok(customer_change::act(parts, user, id, action, key).await?)
    }
    async fn customers_import(
        self,
        _: Context,
        rows: Vec<CustomerImport>,
        dry_run: bool,
        key: Key,
    ) -> Answer<Imported> {
        let (parts, user) = self.writer()?;
        Ok(directory::import_customers(parts, user, rows, dry_run, key).await?)
    }
}
