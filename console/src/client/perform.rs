//! What screens ask, as calls.

use super::Client;
use crate::app::request::{Answer, Problem, Request};
use crate::command::filter::trial::collect;
use crate::command::pieces::fetch;
use crate::command::round_trip::round_trip;
use crate::command::ticket::all_entries;
use crate::command::ticket_reply::give;
use crate::failure::Failure;
use crate::output::progress::Progress;
use maildesk_core::filter::Filter;
use maildesk_core::ids::{MailId, OutboxId};
use maildesk_core::outbox::OutboxAction;
use maildesk_core::route::JudgedMail;
use maildesk_core::rpc::{
    ContactKey, LogLevel, LogQuery, MAX_ROWS, TicketOrder, TicketQuery, TicketReply, TicketRow, Window,
};
use std::path::PathBuf;
use std::time::Duration;

/// Tickets that stand beside a contact or customer, and parts of the list that are looked through for them.
const THEIR_TICKETS: u32 = 20;
const PARTS: usize = 5;
/// Tickets that are due next, as many as a line of attention can count.
const DUE: u32 = 20;

/// Makes the call, or the few calls, of a request.
pub async fn perform(client: &Client, request: Request) -> Result<Answer, Problem> {
    Ok(match request {
        Request::Status => Answer::Status(Box::new(client.status().await?)),
        Request::Settings => Answer::Settings(Box::new(client.settings().await?)),
        Request::Servers(address) => Answer::Servers(Box::new(client.servers(address).await?)),
        Request::SettingsDiff(settings) => Answer::Changes(client.settings_diff(*settings).await?),
        Request::SettingsApply(settings, seen) => Answer::Changes(client.settings_apply(*settings, seen).await?),
        Request::PollNow(mailbox) => Answer::Polled(client.mailbox_poll(mailbox).await?),
        Request::CheckSender(sender, to) => Answer::Checked(Box::new(client.sender_check(*sender, to).await?)),
        Request::CheckMailbox(mailbox) => Answer::Checked(Box::new(client.mailbox_check(*mailbox).await?)),
        Request::RoundTrip(settings, name) => {
            let Some(sender) = settings.sender(&name) else { return Err(Problem::offline()) };
            Answer::Checked(Box::new(round_trip(client, &settings, sender, None, Progress::silent()).await?))
        }
        Request::Tickets(query, window) => Answer::Tickets(client.tickets(query, window).await?),
        Request::DueTickets => {
            let query = TicketQuery { order: TicketOrder::Due, ..TicketQuery::default() };
            Answer::Tickets(client.tickets(query, Window { after: None, limit: DUE }).await?)
        }
        Request::Ticket(number) => {
            let view = client.ticket(number).await?;
            Answer::Ticket(Box::new(view), all_entries(client, number).await?)
        }
        Request::Reply { ticket, text, files, even_if_suppressed } => {
            let paths: Vec<PathBuf> = files.into_iter().map(|file| file.path).collect();
            let files = give(client, &paths, Progress::silent()).await?;
            let reply = TicketReply { number: ticket, text, files, even_if_suppressed };
            Answer::Replied(Box::new(client.ticket_reply(reply).await?))
        }
        Request::Note { ticket, text } => Answer::Changed(Box::new(client.ticket_note(ticket, text).await?)),
        Request::TicketAct(ticket, action) => Answer::Changed(Box::new(client.ticket_act(ticket, vec![action]).await?)),
        Request::TicketMove(wanted, dry_run) => Answer::Moved(client.ticket_move(wanted, dry_run).await?),
        Request::Macros => Answer::Macros(client.all_macros().await?),
        Request::Macro(call) => Answer::Macro(Box::new(client.macro_apply(call).await?)),
        Request::Outbox(query, window) => Answer::Outbox(client.outbox(query, window).await?),
        Request::OutboxEntry(id) => Answer::OutboxEntry(Box::new(client.outbox_entry(id).await?)),
        Request::OutboxAct(ids, action) => act(client, ids, action).await?,
        Request::Mails(query, window) => Answer::Mails(client.mails(query, window).await?),
        Request::Mail(id) => Answer::Mail(Box::new(client.mail(id).await?)),
        Request::MailAct { id, action, rehearse } => {
            Answer::Decided(Box::new(client.mail_act(id, action, rehearse).await?))
        }
        Request::Filters => Answer::Filters(client.filters().await?),
        Request::DryRun(filters, limit) => {
            Answer::DryRun(collect(client, Some(filters), limit, Progress::silent()).await?)
        }
        Request::TryRules(id, filters) => Answer::Tried(Box::new(try_rules(client, id, filters).await?)),
        Request::Contacts(window) => Answer::Contacts(client.contacts(window).await?),
        Request::TheirTickets(words) => Answer::TheirTickets(their_tickets(client, words).await?),
        Request::ContactAct(id, action) => {
            Answer::Contact(Box::new(client.contact_act(ContactKey::Id(id), action).await?))
        }
        Request::Customers(window) => Answer::Customers(client.customers(window).await?),
        Request::CustomerAct(id, action) => Answer::Customer(Box::new(client.customer_act(id, action).await?)),
        Request::Invitations(window) => Answer::Invitations(client.invitations(window).await?),
        Request::InvitationAct(action) => Answer::Invitation(Box::new(client.invitation_act(action).await?)),
        Request::Blocks => Answer::Blocks(client.blocks(None, MAX_ROWS).await?.rows),
        Request::Block { who, reason } => Answer::Blocked(client.block_add(who, reason, None).await?),
        Request::Unblock(who) => {
            client.block_remove(who).await?;
            Answer::Unblocked
        }
        Request::Keys => Answer::Keys(client.token_keys().await?),
        Request::Logs(after) => {
            let query = LogQuery { after, level: LogLevel::Info, limit: MAX_ROWS };
            Answer::Logs(client.log_lines(query, Duration::ZERO).await?)
        }
        Request::Audit(window) => Answer::Audit(client.audit(window).await?),
        Request::RotateKeys => Answer::Keys(client.token_rotate().await?),
        Request::Suppressions => Answer::Suppressions(client.suppressions(None, MAX_ROWS).await?),
        Request::Suppress { address, reason } => {
            Answer::Suppressed(client.suppression_add(address, reason, None).await?)
        }
        Request::Unsuppress(address) => {
            client.suppression_remove(address).await?;
            Answer::Unsuppressed
        }
        Request::Doctor => Answer::Doctor(Box::new(client.doctor(None).await?)),
        Request::Templates => Answer::Templates(client.templates().await?),
        Request::Template(kind, language) => Answer::Template(Box::new(client.template(kind, language).await?)),
        Request::TemplateSource(kind, language, revision) => {
            let version = maildesk_core::rpc::TemplateVersion::Saved(revision);
            Answer::TemplateSource(Box::new(client.template_source(kind, language, version).await?))
        }
        Request::RenderTemplate { kind, language, version, data } => {
            Answer::Rendered(Box::new(client.template_render(kind, language, version, data).await?))
        }
        Request::SendTemplate { kind, language, version, data, to } => {
            Answer::TemplateQueued(client.template_send(kind, language, version, data, to).await?)
        }
        Request::TemplateDraft(kind, language, source) => {
            client.template_draft(kind, language, source.map(|source| *source)).await?;
            Answer::TemplateDrafted
        }
        Request::SaveTemplate(kind, language, source, seen) => {
            let source = source.map(|source| *source);
            Answer::TemplateSaved(Box::new(client.template_save(kind, language, source, seen).await?))
        }
    })
}

/// The newest tickets that these words find. The daemon looks at a part of them at a time: a few parts must do.
async fn their_tickets(client: &Client, words: Vec<String>) -> Result<Vec<TicketRow>, Problem> {
    let query = TicketQuery { words, ..TicketQuery::default() };
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..PARTS {
        let part = client.tickets(query.clone(), Window { after, limit: THEIR_TICKETS }).await?;
        found.extend(part.rows);
        after = part.next;
        if after.is_none() || found.len() >= THEIR_TICKETS as usize {
            break;
        }
    }
    found.truncate(THEIR_TICKETS as usize);
    Ok(found)
}

/// One verb for a few mails; one that is refused does not keep the others back.
async fn act(client: &Client, ids: Vec<OutboxId>, action: OutboxAction) -> Result<Answer, Problem> {
    let (mut done, mut refused) = (0, Vec::new());
    for id in ids {
        match client.outbox_act(id, action.clone()).await.map_err(Problem::from) {
            Ok(_) => done += 1,
            Err(problem) if problem.kind == crate::app::request::ProblemKind::Refused => refused.push(problem.said),
            Err(problem) => return Err(problem),
        }
    }
    Ok(Answer::Acted(done, refused))
}

/// The bytes of a kept mail, judged anew.
async fn try_rules(client: &Client, id: MailId, filters: Option<Vec<Filter>>) -> Result<JudgedMail, Problem> {
    let judged = client.mail(id).await?;
    let Some(hash) = judged.raw else {
        let remedy = "choose another: only kept mails can be judged anew".to_owned();
        return Err(Failure::NotFound { what: "raw mail of", name: id.to_string(), remedy }.into());
    };
    let mut raw = Vec::new();
    fetch(client, hash, "the raw mail", |piece| {
        raw.extend_from_slice(piece);
        Ok(())
    })
    .await?;
    Ok(client.filter_try(raw, Some(judged.mailbox), filters).await?)
}
