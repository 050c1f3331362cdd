//! What screens ask of the daemon, and what comes back.

use super::attached::AttachedFile;
use crate::client::ClientError;
use crate::failure::Failure;
use maildesk_core::address::Address;
use maildesk_core::check::CheckReport;
use maildesk_core::directory::Block;
use maildesk_core::doctor::Report;
use maildesk_core::filter::Filter;
use maildesk_core::ids::{ContactId, CustomerId, MailId, OutboxId, Revision, TicketNumber};
use maildesk_core::invitation::{Invitation, InvitationAction};
use maildesk_core::language::Language;
use maildesk_core::macros::SavedMacro;
use maildesk_core::notification::{Kind, TemplateSource};
use maildesk_core::route::{JudgedMail, MailAction};
use maildesk_core::rpc::{
    AuditLine, ContactAction, ContactRow, CustomerAction, CustomerRow, DryRunPart, EntryView, FiltersView, FoundMails,
    LogPart, MacroCall, MacroOutcome, MailQuery, MovedTickets, OutboxAction, OutboxQuery, OutboxRow, OutboxView,
    ReplyView, Rows, RpcError, SettingsDiff, SettingsView, StatusView, Suppression, SuppressionRows, TemplateData,
    TemplatePreview, TemplateRow, TemplateVersion, TemplateView, TicketMove, TicketQuery, TicketRow, TicketView,
    TokenKeyRow, Window,
};
use maildesk_core::settings::proposal::Proposal;
use maildesk_core::settings::{FieldProblem, Mailbox, MailboxName, Sender, SenderName, Settings};
use maildesk_core::ticket::TicketAction;

/// One call, or a few that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Status,
    Settings,
    /// Servers that an address likely has.
    Servers(Address),
    SettingsDiff(Box<Settings>),
    SettingsApply(Box<Settings>, Revision),
    PollNow(Option<MailboxName>),
    CheckSender(Box<Sender>, Option<Address>),
    CheckMailbox(Box<Mailbox>),
    /// A test mail to a mailbox of our own, followed to its verdict.
    RoundTrip(Box<Settings>, SenderName),
    Tickets(TicketQuery, Window),
    /// The first few by due time.
    DueTickets,
    Ticket(TicketNumber),
    Reply {
        ticket: TicketNumber,
        text: String,
        files: Vec<AttachedFile>,
        even_if_suppressed: bool,
    },
    Note {
        ticket: TicketNumber,
        text: String,
    },
    TicketAct(TicketNumber, TicketAction),
    /// Done, or with `true` only tried.
    TicketMove(TicketMove, bool),
    Macros,
    Macro(MacroCall),
    Outbox(OutboxQuery, Window),
    OutboxEntry(OutboxId),
    OutboxAct(Vec<OutboxId>, OutboxAction),
    Mails(MailQuery, Window),
    Mail(MailId),
    /// Decides about a mail that was held back; rehearsed, it changes nothing.
    MailAct {
        id: MailId,
        action: MailAction,
        rehearse: bool,
    },
    Filters,
    DryRun(Vec<Filter>, u32),
    /// Judges a kept mail anew by these rules; absent: by the saved ones.
    TryRules(MailId, Option<Vec<Filter>>),
    Contacts(Window),
    /// The newest tickets of a contact or customer, by the words that find them.
    TheirTickets(Vec<String>),
    ContactAct(ContactId, ContactAction),
    Customers(Window),
    CustomerAct(CustomerId, CustomerAction),
    Invitations(Window),
    InvitationAct(InvitationAction),
    Blocks,
    Block {
        who: String,
        reason: String,
    },
    Unblock(String),
    Keys,
    RotateKeys,
    Audit(Window),
    /// Lines of the log behind this one; absent: the newest.
    Logs(Option<u64>),
    Suppressions,
    Suppress {
        address: String,
        reason: String,
    },
    Unsuppress(String),
    Doctor,
    Templates,
    Template(Kind, Language),
    TemplateSource(Kind, Language, Revision),
    RenderTemplate {
        kind: Kind,
        language: Language,
        version: TemplateVersion,
        data: TemplateData,
    },
    SendTemplate {
        kind: Kind,
        language: Language,
        version: TemplateVersion,
        data: TemplateData,
        to: Address,
    },
    /// Keeps a draft; with nothing, forgets it.
    TemplateDraft(Kind, Language, Option<Box<TemplateSource>>),
    /// Saves a version; with nothing, the built-in one counts again.
    SaveTemplate(Kind, Language, Option<Box<TemplateSource>>, Revision),
}

impl Request {
    /// Whether a lost answer may have changed something.
    pub fn writes(&self) -> bool {
        matches!(
            self,
            Self::SettingsApply(..)
                | Self::PollNow(_)
                | Self::Reply { .. }
                | Self::Note { .. }
                | Self::TicketAct(..)
                | Self::TicketMove(_, false)
                | Self::Macro(MacroCall { dry_run: false, .. })
                | Self::OutboxAct(..)
                | Self::ContactAct(..)
                | Self::CustomerAct(..)
                | Self::InvitationAct(_)
                | Self::Block { .. }
                | Self::Unblock(_)
                | Self::RotateKeys
                | Self::Suppress { .. }
                | Self::Unsuppress(_)
                | Self::SendTemplate { .. }
                | Self::TemplateDraft(..)
                | Self::SaveTemplate(..)
        ) || matches!(self, Self::CheckSender(_, Some(_)) | Self::RoundTrip(..) | Self::MailAct { rehearse: false, .. })
    }
}

/// What a [`Request`] of the same name came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Status(Box<StatusView>),
    Settings(Box<SettingsView>),
    Servers(Box<Proposal>),
    Changes(SettingsDiff),
    Polled(u32),
    Checked(Box<CheckReport>),
    Tickets(Rows<TicketRow>),
    Ticket(Box<TicketView>, Vec<EntryView>),
    Replied(Box<ReplyView>),
    Changed(Box<TicketRow>),
    Moved(MovedTickets),
    Macros(Vec<SavedMacro>),
    Macro(Box<MacroOutcome>),
    Outbox(Rows<OutboxRow>),
    OutboxEntry(Box<OutboxView>),
    /// Mails that were changed, and why others were not.
    Acted(usize, Vec<String>),
    Mails(FoundMails),
    Mail(Box<JudgedMail>),
    /// The new verdict.
    Decided(Box<JudgedMail>),
    Filters(FiltersView),
    DryRun(DryRunPart),
    Tried(Box<JudgedMail>),
    Contacts(Rows<ContactRow>),
    TheirTickets(Vec<TicketRow>),
    Contact(Box<ContactRow>),
    Customers(Rows<CustomerRow>),
    Customer(Box<CustomerRow>),
    Invitations(Rows<Invitation>),
    Invitation(Box<Invitation>),
    Blocks(Vec<Block>),
    Blocked(Block),
    Unblocked,
    Keys(Vec<TokenKeyRow>),
    Audit(Rows<AuditLine>),
    Logs(LogPart),
    Suppressions(SuppressionRows),
    Suppressed(Suppression),
    Unsuppressed,
    Doctor(Box<Report>),
    Templates(Vec<TemplateRow>),
    Template(Box<TemplateView>),
    TemplateSource(Box<TemplateSource>),
    Rendered(Box<TemplatePreview>),
    TemplateQueued(OutboxId),
    TemplateDrafted,
    TemplateSaved(Box<TemplateRow>),
}

/// Why a request came to nothing, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub said: String,
    pub remedy: Option<String>,
    pub fields: Vec<FieldProblem>,
}

/// What a screen does otherwise for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// There is no connection; the link says why.
    Offline,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// The daemon had a reason not to.
    Refused,
    /// The socket may not be used.
    NoPermission,
    /// Daemon and console are of different versions.
    OtherProtocol,
    Other,
}

impl Problem {
    /// There is no connection to ask by.
    pub fn offline() -> Self {
        Self {
            kind: ProblemKind::Offline,
            said: "there is no connection to maildeskd".into(),
            remedy: None,
            fields: Vec::new(),
        }
    }

    /// In one line, with what to try.
    pub fn line(&self) -> String {
        let fields = self.fields.first().map(|field| format!(": {field}")).unwrap_or_default();
        let remedy = self.remedy.as_ref().map(|remedy| format!(" Try: {remedy}")).unwrap_or_default();
        format!("{}{fields}.{remedy}", self.said)
    }
}

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        Self::from(Failure::Client(error))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let kind = match &failure {
            Failure::Client(ClientError::NoPermission { .. }) => ProblemKind::NoPermission,
            Failure::Client(ClientError::OtherProtocol { .. }) => ProblemKind::OtherProtocol,
            Failure::Client(ClientError::Refused(RpcError::Conflict { .. })) => ProblemKind::Conflict,
            Failure::Client(ClientError::Refused(RpcError::Stopping) | ClientError::Lost { .. }) => {
                ProblemKind::Offline
            }
            Failure::Client(ClientError::Refused(_)) => ProblemKind::Refused,
            _ => ProblemKind::Other,
        };
        Self { kind, said: failure.message(), remedy: failure.remedy(), fields: failure.problems().to_vec() }
    }
}
