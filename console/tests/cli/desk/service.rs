//! The service with canned answers.

use super::answers;
use super::canned::*;
use super::reports;
use super::wire::*;

/// Short, so that most calls stand on one line.
type Key = RequestKey;

impl Desk for Canned {
    async fn hello(self, _: Context) -> Answer<Welcome> {
        Ok(Welcome {
            daemon_version: "0.1.0".into(),
            user: "ann".into(),
            access: Access::Write,
            write_group: "maildesk-admin".into(),
        })
    }
    async fn status(self, _: Context) -> Answer<StatusView> {
        self.allowed().await.map(|()| answers::status())
    }
    async fn doctor(self, _: Context, sender: Option<SenderName>) -> Answer<Report> {
        self.allowed().await?;
        match sender {
            Some(name) if name.as_str() != "support" => missing("sender", name),
            _ => Ok(reports::doctor()),
        }
    }
    async fn servers(self, _: Context, address: Address) -> Answer<Proposal> {
        self.allowed().await?;
        Ok(propose(&address))
    }
    async fn settings(self, _: Context) -> Answer<SettingsView> {
        self.allowed().await?;
        Ok(self.settings_view())
    }
    async fn settings_diff(self, _: Context, settings: Settings) -> Answer<SettingsDiff> {
        self.allowed().await?;
        Ok(SettingsDiff { revision: Revision(4), changes: diff(&answers::settings(), &settings) })
    }
    async fn settings_apply(self, _: Context, settings: Settings, seen: Revision, _: Key) -> Answer<SettingsDiff> {
        self.allowed().await?;
        if seen != Revision(4) {
            return Err(RpcError::Conflict { seen, now: Revision(4) });
        }
        self.note("settings_apply".into());
        Ok(SettingsDiff { revision: Revision(5), changes: diff(&answers::settings(), &settings) })
    }
    async fn mailbox_poll(self, _: Context, mailbox: Option<MailboxName>) -> Answer<u32> {
        self.allowed().await?;
        match mailbox {
            Some(name) if name.as_str() != "support" => missing("mailbox", name),
            _ => Ok(1),
        }
    }
    async fn sender_check(self, _: Context, sender: Sender, to: Option<Address>) -> Answer<CheckReport> {
        self.allowed().await?;
        self.note(format!("check {} {to:?}", sender.name));
        Ok(reports::check(to.is_none()))
    }
    async fn mailbox_check(self, _: Context, mailbox: Mailbox) -> Answer<CheckReport> {
        self.allowed().await?;
        self.note(format!("check {} {}", mailbox.name, mailbox.folder));
        Ok(reports::check(true))
    }
    async fn tickets(self, _: Context, query: TicketQuery, part: Window) -> Answer<Rows<TicketRow>> {
        self.allowed().await?;
        let mut rows = answers::tickets();
        rows.retain(|row| query.order == TicketOrder::Newest || row.sla.is_some());
        rows.retain(|row| query.status.as_deref().is_none_or(|status| row.status.word() == status));
        Ok(window(rows, part, |row| row.number.0))
    }
    async fn ticket(self, _: Context, number: TicketNumber) -> Answer<TicketView> {
        self.allowed().await?;
        ticket_row(number).map(answers::ticket_view)
    }
    async fn ticket_sla(self, _: Context, number: TicketNumber) -> Answer<SlaView> {
        self.allowed().await?;
        ticket_row(number)?;
        Ok(answers::sla(number))
    }
    async fn ticket_entries(self, _: Context, number: TicketNumber, part: Window) -> Answer<Rows<EntryView>> {
        self.allowed().await?;
        ticket_row(number)?;
        Ok(window(answers::entries(), part, |entry| u64::from(entry.number.0)))
    }
    async fn ticket_reply(self, _: Context, reply: TicketReply, _: Key) -> Answer<ReplyView> {
        self.allowed().await?;
        let TicketReply { number, text, files, even_if_suppressed } = reply;
        let files: String = files.iter().map(|file| format!(" + {} {}", file.name, file.size)).collect();
        let even = if even_if_suppressed { " even if suppressed" } else { "" };
        self.note(format!("reply {number} {text}{files}{even}"));
        Ok(ReplyView { ticket: ticket_row(number)?, entry: EntryNumber(4), outbox: OutboxId(5), held_until: None })
    }
    async fn file_piece(self, _: Context, _: Key, offset: u64, piece: ByteBuf) -> Answer<u64> {
        self.allowed().await?;
        Ok(offset + piece.len() as u64)
    }
    async fn ticket_note(self, _: Context, number: TicketNumber, text: String, _: Key) -> Answer<TicketRow> {
        self.allowed().await?;
        self.note(format!("note {number} {text}"));
        ticket_row(number)
    }
    async fn ticket_act(
        self,
        _: Context,
        number: TicketNumber,
        actions: Vec<TicketAction>,
        _: Key,
    ) -> Answer<TicketRow> {
        self.allowed().await?;
        let words: Vec<&str> = actions.iter().map(TicketAction::word).collect();
        self.note(format!("{} {number}", words.join(",")));
        ticket_row(number)
    }
    async fn ticket_move(self, _: Context, wanted: TicketMove, dry_run: bool, _: RequestKey) -> Answer<MovedTickets> {
        self.allowed().await?;
        self.note(format!("{wanted:?}{}", if dry_run { " as a trial" } else { "" }));
        moved_tickets(wanted)
    }
    async fn outbox(self, _: Context, _: OutboxQuery, part: Window) -> Answer<Rows<OutboxRow>> {
        self.allowed().await?;
        Ok(window(vec![answers::outbox()], part, |row| row.id.0))
    }
    async fn outbox_entry(self, _: Context, id: OutboxId) -> Answer<OutboxView> {
        self.allowed().await?;
        if id == OutboxId(5) { Ok(answers::outbox_view()) } else { missing("outbox entry", id) }
    }
    async fn outbox_message(self, _: Context, _: OutboxId) -> Answer<ByteBuf> {
        self.allowed().await.map(|()| ByteBuf::from(answers::RAW))
    }
    async fn outbox_act(self, _: Context, id: OutboxId, action: OutboxAction, _: Key) -> Answer<OutboxRow> {
        self.allowed().await?;
        self.note(match action {
            OutboxAction::Redirect { to } => format!("redirect {id} {to}"),
            OutboxAction::Retry { even_if_suppressed: true } => format!("retry {id} even if suppressed"),
            other => format!("{} {id}", other.word()),
        });
        Ok(answers::outbox())
    }
    async fn outbox_rehearse(self, _: Context, id: OutboxId, action: OutboxAction) -> Answer<OutboxRow> {
        self.allowed().await?;
        self.note(format!("rehearse {} {id}", action.word()));
        Ok(answers::outbox())
    }
    async fn outbox_bulk(
        self,
        _: Context,
        action: OutboxAction,
        query: OutboxQuery,
        consent: BulkConsent,
        _: Key,
    ) -> Answer<OutboxBulk> {
        self.allowed().await?;
        let said = [query.state, query.held, query.sender.map(String::from), query.to_domain];
        let said: Vec<String> = said.into_iter().flatten().collect();
        self.note(format!("{} all {} {consent:?}", action.word(), said.join(" ")));
        Ok(OutboxBulk { matched: 12, changed: 11, refused: vec!["mail 3 is sent and cannot be held".into()] })
    }
    async fn suppressions(self, _: Context, after: Option<String>, _: u32) -> Answer<SuppressionRows> {
        self.allowed().await?;
        let row = answers::suppression();
        // Two windows, so that the second is asked for.
        let next = after.is_none().then(|| row.address.to_string());
        Ok(SuppressionRows { rows: vec![row], next })
    }
    async fn suppression_add(
        self,
        _: Context,
        address: String,
        reason: String,
        days: Option<u32>,
        _: Key,
    ) -> Answer<Suppression> {
        self.allowed().await?;
        self.note(format!("suppress {address} {reason} {days:?}"));
        Ok(answers::suppression())
    }
    async fn suppression_remove(self, _: Context, address: String, _: Key) -> Answer<()> {
        self.allowed().await?;
        self.note(format!("unsuppress {address}"));
        Ok(())
    }
    async fn blocks(self, _: Context, _: Option<String>, _: u32) -> Answer<BlockRows> {
        self.allowed().await?;
        Ok(BlockRows { rows: vec![answers::block("spam.example", None)], next: None })
    }
    async fn block_add(self, _: Context, who: String, reason: String, days: Option<u32>, _: Key) -> Answer<Block> {
        self.allowed().await?;
        self.note(format!("block {who} {days:?} {reason}"));
        Ok(answers::block(&who, days))
    }
    async fn block_remove(self, _: Context, who: String, _: Key) -> Answer<()> {
        self.allowed().await?;
        self.note(format!("unblock {who}"));
        Ok(())
    }
    async fn invitations(self, _: Context, part: Window) -> Answer<Rows<Invitation>> {
        self.allowed().await?;
        Ok(window(vec![answers::invitation()], part, |row| row.id.0))
    }
    async fn invitation(self, _: Context, id: InvitationId) -> Answer<Invitation> {
        self.allowed().await?;
        if id == InvitationId(1) { Ok(answers::invitation()) } else { missing("invitation", id) }
    }
    async fn invitation_act(self, _: Context, action: InvitationAction, _: RequestKey) -> Answer<Invitation> {
        self.allowed().await?;
        self.note(format!("{action:?}"));
        Ok(answers::invitation())
    }
    async fn audit(self, _: Context, _: Window) -> Answer<Rows<AuditLine>> {
        self.allowed().await?;
        let line =
            |seq, what: &str| AuditLine { seq, at: answers::minutes_ago(5), user: "ann".into(), what: what.into() };
        Ok(Rows { rows: vec![line(2, "merged #4 into #3\u{1b}[2J"), line(1, "resolved #3")], next: None })
    }
    async fn log_lines(self, _: Context, query: LogQuery, _: u32) -> Answer<LogPart> {
        self.allowed().await?;
        match query.after {
            None => Ok(answers::log(query)),
            Some(_) => Err(RpcError::Stopping),
        }
    }
    async fn token_keys(self, _: Context) -> Answer<Vec<TokenKeyRow>> {
        self.allowed().await?;
        Ok(answers::token_keys())
    }
    async fn token_rotate(self, _: Context, _: Key) -> Answer<Vec<TokenKeyRow>> {
        self.allowed().await?;
        self.note("rotate".into());
        Ok(answers::token_keys())
    }
    async fn mails(self, _: Context, query: MailQuery, part: Window) -> Answer<FoundMails> {
        self.allowed().await?;
        self.note(format!("mails {query:?} after {:?}", part.after));
        Ok(found_mails(&query, part))
    }
    async fn mail(self, _: Context, id: MailId) -> Answer<JudgedMail> {
        self.allowed().await?;
        if id == MailId(9) { Ok(answers::mail()) } else { missing("mail", id) }
    }
    async fn mail_act(self, _: Context, id: MailId, action: MailAction, rehearse: bool, _: Key) -> Answer<JudgedMail> {
        self.allowed().await?;
        self.note(format!("{action:?} {id}{}", if rehearse { " rehearsed" } else { "" }));
        if id == MailId(9) { Ok(answers::mail()) } else { missing("mail", id) }
    }
    async fn mail_bulk(
        self,
        _: Context,
        action: MailAction,
        query: MailQuery,
        consent: BulkConsent,
        _: Key,
    ) -> Answer<MailBulk> {
        self.allowed().await?;
        self.note(format!("{action:?} all {:?} {} {consent:?}", query.from, query.quarantined_only));
        Ok(answers::mail_bulk())
    }
    async fn blob(self, _: Context, hash: BlobHash, offset: u64, limit: u32) -> Answer<ByteBuf> {
        self.allowed().await?;
        self.piece(hash, offset, limit)
    }
    async fn filters(self, _: Context) -> Answer<FiltersView> {
        self.allowed().await?;
        Ok(filters_view())
    }
    async fn filter_try(
        self,
        _: Context,
        raw: ByteBuf,
        mailbox: Option<MailboxName>,
        filters: Option<Vec<Filter>>,
    ) -> Answer<JudgedMail> {
        self.allowed().await?;
        self.note(format!("try {} bytes {mailbox:?} {:?}", raw.len(), filters.map(|filters| filters.len())));
        Ok(answers::mail())
    }
    async fn filter_dry_run(self, _: Context, filters: Option<Vec<Filter>>, part: Window) -> Answer<DryRunPart> {
        self.allowed().await?;
        self.note(format!("dry run {:?} {part:?}", named(filters)));
        Ok(answers::dry_run(part))
    }
    async fn templates(self, _: Context) -> Answer<Vec<TemplateRow>> {
        missing("template", "")
    }
    async fn template(self, _: Context, id: TemplateId) -> Answer<TemplateView> {
        missing("template", id.kind)
    }
    async fn template_source(self, _: Context, id: TemplateId, _: TemplateVersion) -> Answer<TemplateSource> {
        self.allowed().await?;
        Ok(builtin(id.kind, id.language))
    }
    async fn template_render(
        self,
        _: Context,
        id: TemplateId,
        _: TemplateVersion,
        _: TemplateData,
    ) -> Answer<TemplatePreview> {
        missing("template", id.kind)
    }
    async fn template_send(
        self,
        _: Context,
        id: TemplateId,
        _: TemplateVersion,
        _: TemplateData,
        _: Address,
        _: Key,
    ) -> Answer<OutboxId> {
        missing("template", id.kind)
    }
    async fn template_draft(
        self,
        _: Context,
        id: TemplateId,
        _: Option<TemplateSource>,
        _: Key,
    ) -> Answer<TemplateRow> {
        missing("template", id.kind)
    }
    async fn template_save(
        self,
        _: Context,
        id: TemplateId,
        _: Option<TemplateSource>,
        _: Revision,
        _: Key,
    ) -> Answer<TemplateRow> {
        missing("template", id.kind)
    }
    async fn macros(self, _: Context, after: Option<MacroName>) -> Answer<Vec<SavedMacro>> {
        self.allowed().await?;
        Ok(after.is_none().then(answers::shipped).into_iter().collect())
    }
    async fn macro_saved(self, _: Context, name: MacroName) -> Answer<SavedMacro> {
        self.allowed().await?;
        if name.as_str() == "shipped" { Ok(answers::shipped()) } else { missing("macro", name) }
    }
    async fn macro_change(
        self,
        _: Context,
        all: Vec<MacroChange>,
        dry: bool,
        _: RequestKey,
    ) -> Answer<Vec<MacroChanged>> {
        self.allowed().await?;
        self.note(format!("{all:?}{}", if dry { " as a trial" } else { "" }));
        Ok(changed_macros(all))
    }
    async fn macro_apply(self, _: Context, call: MacroCall, _: RequestKey) -> Answer<MacroOutcome> {
        self.allowed().await?;
        self.note(format!("apply {} to {}{}", call.name, call.ticket, if call.dry_run { " as a trial" } else { "" }));
        applied(&call)
    }
    async fn events_after(self, _: Context, seen: EventSeq, wait_ms: u32) -> Answer<EventBatch> {
        self.allowed().await?;
        next_event(seen, wait_ms)
    }
    async fn newest_event(self, _: Context) -> Answer<EventSeq> {
        self.allowed().await.map(|()| EventSeq(2))
    }
    async fn contacts(self, _: Context, part: Window) -> Answer<Rows<ContactRow>> {
        self.allowed().await?;
        Ok(window(vec![answers::contact()], part, |row| row.id.0))
    }
    async fn contact(self, _: Context, id: ContactId) -> Answer<ContactRow> {
        self.allowed().await?;
        if id == ContactId(1) { Ok(answers::contact()) } else { missing("contact", id) }
    }
    async fn contacts_import(self, _: Context, rows: Vec<ContactImport>, dry_run: bool, _: Key) -> Answer<Imported> {
        self.allowed().await?;
        self.import(rows.len(), dry_run)
    }
    async fn contact_act(self, _: Context, who: ContactKey, action: ContactAction, _: Key) -> Answer<ContactRow> {
        self.allowed().await?;
        self.note(format!("{who:?} {action:?}"));
        Ok(answers::contact())
    }
    async fn customer_act(self, _: Context, id: CustomerId, action: CustomerAction, _: Key) -> Answer<CustomerRow> {
        self.allowed().await?;
        self.note(format!("{id:?} {action:?}"));
        Ok(answers::customer())
    }
    async fn customers(self, _: Context, part: Window) -> Answer<Rows<CustomerRow>> {
        self.allowed().await?;
        Ok(window(vec![answers::customer()], part, |row| row.id.0))
    }
    async fn customer(self, _: Context, id: CustomerId) -> Answer<CustomerRow> {
        self.allowed().await?;
        if id == CustomerId(1) { Ok(answers::customer()) } else { missing("customer", id) }
    }
    async fn customers_import(self, _: Context, rows: Vec<CustomerImport>, dry_run: bool, _: Key) -> Answer<Imported> {
        self.allowed().await?;
        self.import(rows.len(), dry_run)
    }
}
