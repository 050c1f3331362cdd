//! `maildesk invitation`: people who are asked by mail to join as agents or to confirm their address.

use super::Session;
use super::contact::LanguageWord;
use super::listing::{Listing, collect, mention_rest};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json;
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Style, Table};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use maildesk_core::ids::{CustomerId, InvitationId};
use maildesk_core::invitation::{
    Invitation, InvitationAction, InvitationEnd, InvitationState, InvitedAs, NewInvitation,
};
use maildesk_core::rpc::Rows;
use maildesk_core::settings::{AgentNotice, SenderName};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Invite a person by mail
    Send(Send),
    /// Invitations, the newest first, and what became of them
    List {
        #[command(flatten)]
        listing: Listing,
    },
    /// One invitation
    Show(Number),
    /// Send a new mail; the code of the one before counts no more, and the time begins anew
    Resend(Number),
    /// Take an invitation back
    Revoke(Number),
    /// Accept an invitation by its code; replying to its mail does the same
    Accept {
        /// The code that stands in the mail
        code: String,
    },
}

#[derive(Debug, Args)]
pub struct Number {
    /// Number of the invitation, as `invitation list` says
    id: u64,
}

#[derive(Debug, Args)]
pub struct Send {
    /// Whom to write to
    address: String,
    /// As an agent of this user name
    #[arg(long, value_name = "USER", required_unless_present = "contact", conflicts_with = "contact")]
    agent: Option<String>,
    /// As a contact, whose address is confirmed by the answer
    #[arg(long)]
    contact: bool,
    /// The customer that the contact belongs to: its number
    #[arg(long, value_name = "ID", conflicts_with_all = ["agent", "notify"])]
    customer: Option<u64>,
    /// What the person is called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// What the agent is told by mail, apart by commas; without it, everything
    #[arg(long, value_name = "LIST", value_parser = notices(), value_delimiter = ',', conflicts_with = "contact")]
    notify: Option<Vec<AgentNotice>>,
    /// Of mails to the person; without it, the desk's
    #[arg(long)]
    language: Option<LanguageWord>,
    /// The sender that invites; without it, the first
    #[arg(long, value_name = "NAME", value_parser = sender_name)]
    sender: Option<SenderName>,
    /// Days until it expires; without it, as the settings say
    #[arg(long, value_name = "N")]
    days: Option<u32>,
}

/// What an agent may be told, as the settings name it.
fn notices() -> impl TypedValueParser<Value = AgentNotice> {
    let named = |word: String| AgentNotice::ALL.into_iter().find(|notice| notice.word() == word);
    PossibleValuesParser::new(AgentNotice::ALL.map(AgentNotice::word))
        .try_map(move |word| named(word).ok_or("is nothing that agents are told"))
}

fn sender_name(text: &str) -> Result<SenderName, String> {
    SenderName::parse(text).map_err(|problem| format!("a sender's name {problem}"))
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let (invitation, schema) = match verb {
        Verb::List { listing } => {
            let rows = collect(&listing, async |window| client.invitations(window).await).await?;
            return list(rows, session);
        }
        Verb::Show(Number { id }) => (client.invitation(InvitationId(id)).await?, "maildesk.invitation.show/1"),
        Verb::Send(given) => {
            let action = InvitationAction::Send(drafted(given));
            (client.invitation_act(action).await?, "maildesk.invitation.send/1")
        }
        Verb::Resend(Number { id }) => {
            let action = InvitationAction::Resend(InvitationId(id));
            (client.invitation_act(action).await?, "maildesk.invitation.resend/1")
        }
        Verb::Revoke(Number { id }) => {
            let action = InvitationAction::Revoke(InvitationId(id));
            (client.invitation_act(action).await?, "maildesk.invitation.revoke/1")
        }
        Verb::Accept { code } => {
            let action = InvitationAction::Accept { code };
            (client.invitation_act(action).await?, "maildesk.invitation.accept/1")
        }
    };
    if session.output.json() {
        let now = session.output.clock().now;
        return session.output.answer(schema, &json::invitation::Invitation::at(invitation, now), None);
    }
    let page = page_of(&invitation, session.output.clock());
    session.output.page(&page)
}

fn drafted(given: Send) -> NewInvitation {
    let role = match given.agent {
        Some(name) => {
            let notify = given.notify.unwrap_or_else(|| AgentNotice::ALL.to_vec());
            InvitedAs::Agent { name, notify }
        }
        None => InvitedAs::Contact { customer: given.customer.map(CustomerId) },
    };
    let language = given.language.and_then(Option::from);
    NewInvitation { to: given.address, name: given.name, role, language, sender: given.sender, days: given.days }
}

fn list(rows: Rows<Invitation>, session: &mut Session<'_>) -> Result<(), Failure> {
    let clock = session.output.clock().clone();
    if session.output.json() {
        let next = rows.next;
        let rows: Vec<_> = rows.rows.into_iter().map(|row| json::invitation::Invitation::at(row, clock.now)).collect();
        return session.output.answer("maildesk.invitation.list/1", &rows, next);
    }
    session.output.table(&table(&rows.rows, &clock), "Nobody is invited; maildesk invitation send invites.")?;
    mention_rest(&rows);
    Ok(())
}

/// The list as people read it.
pub(crate) fn table(rows: &[Invitation], clock: &Clock) -> Table {
    let mut table = Table::new([
        Column::Number("No"),
        Column::Word("State"),
        Column::Text("To"),
        Column::Text("As"),
        Column::Name("By"),
        Column::Word("Sent"),
        Column::Word("Expires"),
    ]);
    for row in rows {
        let state = row.state(clock.now);
        let style = if state == InvitationState::Waiting { Style::Plain } else { Style::Dim };
        let expires = if state == InvitationState::Waiting { relative(row.expires, clock) } else { "-".into() };
        let cells = [
            row.id.to_string(),
            state.word().to_owned(),
            row.to.to_string(),
            role(&row.role),
            row.by.clone(),
            relative(row.sent, clock),
            expires,
        ];
        table.row(style, cells);
    }
    table
}

fn role(role: &InvitedAs) -> String {
    match role {
        InvitedAs::Agent { name, .. } => format!("agent {name}"),
        InvitedAs::Contact { customer: Some(id) } => format!("contact of customer {id}"),
        InvitedAs::Contact { customer: None } => "contact".into(),
    }
}

/// One invitation as people read it.
pub(crate) fn page_of(invitation: &Invitation, clock: &Clock) -> Page {
    let mut page = Page::default();
    let state = invitation.state(clock.now);
    page.line([Span::strong(format!("invitation {}", invitation.id)), Span::plain(state.word())]);
    let name = invitation.name.as_deref().map(|name| format!("{name} <{}>", invitation.to));
    let ended = match &invitation.end {
        Some(InvitationEnd::Accepted { at }) => Some(("accepted", both(*at, clock))),
        Some(InvitationEnd::Revoked { at, by }) => Some(("revoked", format!("{} by {by}", both(*at, clock)))),
        None => None,
    };
    page.fields([
        ("to", Some(name.unwrap_or_else(|| invitation.to.to_string()))),
        ("as", Some(role(&invitation.role))),
        ("by", Some(invitation.by.clone())),
        ("language", invitation.language.map(|language| language.tag().to_owned())),
        ("sent", Some(format!("{}, mail {}", both(invitation.sent, clock), invitation.outbox))),
        ("sendings", (invitation.sendings > 1).then(|| invitation.sendings.to_string())),
        ("expires", Some(both(invitation.expires, clock))),
    ]);
    if let Some((word, when)) = ended {
        page.fields([(word, Some(when))]);
    }
    page
}
