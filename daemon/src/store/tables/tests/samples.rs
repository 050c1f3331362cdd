//! One of everything, with every variant of every enum and every optional field both ways.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::directory::{Contact, Customer, DomainPattern};
use maildesk_core::event::{DomainEvent, Removed};
use maildesk_core::ids::*;
use maildesk_core::invitation::{Invitation, InvitationEnd, InvitedAs};
use maildesk_core::language::Language;
use maildesk_core::mail::MailIssue;
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{Attempt, HoldReason, OutboxEntry, OutboxQuery, OutboxState, Told};
use maildesk_core::route::{Decision, Effect, JudgedMail, Outcome, Timing, TraceStep};
use maildesk_core::settings::{AgentNotice, FilterName, MacroName, MailboxName, SenderName};
use maildesk_core::ticket::*;
use maildesk_core::verdict::{Finding, SenderCheck};

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::new(1_790_000_000 + second, 123_456_789).unwrap()
}

pub(super) fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub(super) fn mailbox() -> MailboxName {
    MailboxName::parse("support").unwrap()
}

pub(super) fn sender() -> SenderName {
    SenderName::parse("desk").unwrap()
}

pub(super) fn statuses() -> Vec<Status> {
    vec![
        Status::New,
        Status::Open,
        Status::Pending { until: None },
        Status::Pending { until: Some(at(1)) },
        Status::Resolved { at: at(2) },
        Status::Closed { at: at(3) },
    ]
}

pub(super) fn ticket(number: u64, status: Status) -> Ticket {
    Ticket {
        status,
        updated: at(1),
        entries: 2,
        revision: Revision(5),
        ..Ticket::begun(TicketNumber(number), "Drucker \"brennt\" \\ пожар 🔥".into(), ContactId(3), mailbox(), at(0))
    }
}

pub(super) fn tickets() -> Vec<Ticket> {
    let mut tickets: Vec<Ticket> = (1..).zip(statuses()).map(|(number, status)| ticket(number, status)).collect();
    for (number, priority) in (20..).zip([Priority::Low, Priority::Normal, Priority::High, Priority::Urgent]) {
        let (customer, assignee) = (Some(CustomerId(9)), Some("ann".into()));
        let tags = vec!["vip".to_owned(), "öl".to_owned()];
        tickets.push(Ticket {
            priority,
            customer,
            assignee,
            tags,
            related: vec![TicketNumber(3)],
            moves: Moves { merged_into: Some(TicketNumber(3)), arranged: 2, gone: 1 },
            ..ticket(number, Status::Open)
        });
    }
    tickets
}

pub(super) fn entries() -> Vec<Entry> {
    let contact = |name| Author::Contact { id: ContactId(3), address: address("Ann@acme.example"), name };
    let authors = [
        contact(None),
        contact(Some("Ann".into())),
        Author::Agent { name: "bob".into() },
        Author::System,
        Author::System,
    ];
    let kinds = [
        EntryKind::Comment,
        EntryKind::Note,
        EntryKind::UnverifiedNote,
        EntryKind::StatusChange,
        EntryKind::DeliveryProblem,
    ];
    let mut entries: Vec<Entry> = (1..)
        .zip(authors.into_iter().zip(kinds))
        .map(|(number, (author, kind))| Entry {
            number: EntryNumber(number),
            remarks: vec!["mx says spf pass".into()],
            ..Entry::new(author, kind, "first line\n\n> quote\t\u{1}".into(), at(number.into()))
        })
        .collect();
    let blob = BlobHash::of(b"attachment");
    let file = |inline, content_id| AttachmentRef {
        name: "a.pdf".into(),
        content_type: "application/pdf".into(),
        size: u64::MAX,
        blob,
        inline,
        content_id,
    };
    if let Some(entry) = entries.first_mut() {
        entry.folds = vec![Fold { start: 0, end: 4 }, Fold { start: 5, end: u32::MAX }];
        entry.attachments = vec![file(false, None), file(true, Some("cid@x".into()))];
        entry.message_id = Some("m@x".into());
        entry.mail = Some(MailId(7));
        entry.raw = Some(blob);
        entry.outbox = Some(OutboxId(8));
    }
    entries
}

pub(super) fn contact(id: u64, addresses: &[&str]) -> Contact {
    let addresses = addresses.iter().map(|text| address(text)).collect();
    let (language, confirmed) = (Some(Language::Es), Some(at(3)));
    Contact { id: ContactId(id), name: None, addresses, customer: None, language, confirmed, created: at(0) }
}

pub(super) fn customer(id: u64, name: &str, domains: &[&str]) -> Customer {
    let domains = domains.iter().map(|text| DomainPattern::parse(text).unwrap()).collect();
    Customer { id: CustomerId(id), name: name.into(), domains, created: at(0) }
}

pub(super) fn outbox_states() -> Vec<OutboxState> {
    vec![
        OutboxState::Held { since: at(4), until: Some(at(5)), reason: HoldReason::Undo },
        OutboxState::Held { since: at(4), until: None, reason: HoldReason::ByPerson { by: "ann".into() } },
        OutboxState::Held { since: at(4), until: None, reason: HoldReason::Silent },
        OutboxState::Due { at: at(5) },
        OutboxState::Sent { at: at(6), server_said: "250 2.0.0 Ok".into() },
        OutboxState::Failed { at: at(7), reason: "550".into() },
        OutboxState::Cancelled { at: at(8), by: "ann".into() },
    ]
}

pub(super) fn outbox_entry(id: u64, state: OutboxState) -> OutboxEntry {
    OutboxEntry {
        subject: "Re: x".into(),
        size: 4000,
        state,
        ..OutboxEntry::begun(
            OutboxId(id),
            Kind::AgentReply,
            sender(),
            address("desk@example.org"),
            address("ann@acme.example"),
            "t@x".into(),
            at(0),
        )
    }
}

pub(super) fn outbox_entries() -> Vec<OutboxEntry> {
    let mut entries: Vec<OutboxEntry> = (1..).zip(outbox_states()).map(|(id, state)| outbox_entry(id, state)).collect();
    let kinds = [
        Kind::TicketAcknowledgement,
        Kind::AgentReply,
        Kind::TicketResolved,
        Kind::SlaWarning,
        Kind::SlaBreached,
        Kind::Invitation,
        Kind::AgentNewTicket,
        Kind::AgentCustomerReplied,
        Kind::AgentAssigned,
        Kind::AgentReminder,
        Kind::CommandRefused,
        Kind::InvitationAnswer,
    ];
    for (id, kind) in (20..).zip(kinds) {
        entries.push(OutboxEntry {
            kind,
            ticket: Some(TicketNumber(1)),
            entry: Some(EntryNumber(2)),
            attempts: vec![Attempt { at: at(1), said: "451 later".into(), meaning: Some("m".into()), remedy: None }],
            deferrals: 1,
            waits_for: Some(OutboxId(1)),
            told: Told::Delayed,
            even_if_suppressed: true,
            first_to: Some(address("first@acme.example")),
            tried_since: Some(at(3)),
            came_back_after: Some(at(4)),
            ..outbox_entry(id, OutboxState::Due { at: at(9) })
        });
    }
    entries
}

pub(super) fn outcomes() -> Vec<Outcome> {
    let (ticket, entry) = (TicketNumber(4), EntryNumber(2));
    vec![
        Outcome::NewTicket { ticket },
        Outcome::Comment { ticket, entry },
        Outcome::AgentReply { ticket, entry },
        Outcome::UnverifiedNote { ticket, entry },
        Outcome::InvitationAccepted { invitation: InvitationId(2) },
        Outcome::BounceNote { ticket, entry, outbox: OutboxId(4) },
        Outcome::Dropped { rule: "loop".into() },
        Outcome::Quarantined { reason: "no sender".into() },
    ]
}

pub(super) fn judged(id: u64, outcome: Outcome) -> JudgedMail {
    JudgedMail {
        subject: "Drucker".into(),
        size: 1234,
        trace: vec![TraceStep { step: "route".into(), said: "no reply token".into() }],
        ..JudgedMail::begun(MailId(id), mailbox(), (UidValidity(u32::MAX), Uid(17)), outcome, at(0))
    }
}

pub(super) fn mails() -> Vec<JudgedMail> {
    let mut mails: Vec<JudgedMail> = (1..).zip(outcomes()).map(|(id, outcome)| judged(id, outcome)).collect();
    mails.push(JudgedMail {
        received: Some(at(2)),
        from: "ann@acme.example".into(),
        message_id: Some("m@x".into()),
        raw: Some(BlobHash::of(b"raw")),
        checked: Some(SenderCheck {
            dkim: Finding::Pass,
            dmarc: Finding::TempError,
            proven: Some("acme.example".into()),
            why: "signed".into(),
        }),
        issues: vec![
            MailIssue::NoHeaders,
            MailIssue::NoFrom,
            MailIssue::SeveralFrom,
            MailIssue::NoMessageId,
            MailIssue::NoDate,
            MailIssue::BrokenEncoding,
            MailIssue::HeadersCut,
            MailIssue::TextCut,
            MailIssue::HtmlLeftOut,
            MailIssue::AttachmentsLeftOut,
            MailIssue::Encrypted,
        ],
        effect: Effect {
            rules: vec![FilterName::parse("shop").unwrap()],
            priority: Some(Priority::High),
            tags: vec!["shop".into()],
            assignee: Some("ann".into()),
            acknowledge: true,
        },
        timing: Timing { fetch: Some(40_000), parse: Some(900), facts: Some(12), plan: Some(150) },
        decided: Some(Decision { at: at(3), by: "ann".into() }),
        ..judged(40, Outcome::NewTicket { ticket: TicketNumber(1) })
    });
    mails
}

pub(super) fn happenings() -> Vec<DomainEvent> {
    let (ticket, entry, outbox) = (TicketNumber(1), EntryNumber(2), OutboxId(3));
    let text = |text: &str| text.to_owned();
    let by = || "ann".to_owned();
    let removed = Removed { verdicts: 6, quarantined: 5, raw_mails: 4, bytes: 3, blocks: 2, suppressions: 1 };
    let judged = |outcome| DomainEvent::MailJudged {
        mail: MailId(4),
        mailbox: mailbox(),
        from: text("x@y"),
        subject: text("s"),
        outcome,
        acknowledgement: Some(outbox),
    };
    let mut all: Vec<DomainEvent> = outcomes().into_iter().map(judged).collect();
    all.extend([
        DomainEvent::AgentReplied { ticket, entry, outbox, by: by() },
        DomainEvent::NoteAdded { ticket, entry, by: by() },
        DomainEvent::InvitationChanged { invitation: InvitationId(2), what: text("invited x@y"), by: by() },
        DomainEvent::StatusChanged { ticket, from: text("new"), to: text("open"), by: by() },
        DomainEvent::SlaWarning {
            ticket,
            target: text("resolution"),
            lead: text("80%"),
            due: Some(at(7)),
            policy: text("gold"),
            told: vec![by()],
        },
        DomainEvent::SlaBreached { ticket, target: text("resolution"), due: None, policy: text("gold"), told: vec![] },
        DomainEvent::TicketMerged { ticket, into: TicketNumber(2), entries: 3, by: by() },
        DomainEvent::TicketSplit { ticket, new: TicketNumber(2), entries: 3, by: by() },
        DomainEvent::TicketAssigned { ticket, to: Some(by()), by: by() },
        DomainEvent::MailSent { outbox, kind: Kind::AgentReply, ticket: None, to: text("t"), server_said: text("250") },
        DomainEvent::MailDeferred { outbox, to: text("t"), server_said: text("451"), next: at(5) },
        DomainEvent::MailFailed { outbox, ticket: Some(ticket), to: text("t"), reason: text("550") },
        DomainEvent::MailCancelled { outbox, by: by() },
        DomainEvent::MailRetried { outbox, by: by() },
        DomainEvent::MailHeld { outbox, by: by() },
        DomainEvent::MailReleased { outbox, by: by() },
        DomainEvent::MailRedirected { outbox, to: text("t"), by: by() },
        DomainEvent::OutboxBulk { action: text("retry"), mails: 9, by: by() },
        DomainEvent::DeliveryProblem { ticket, outbox, to: text("t"), assignee: None, said: text("451") },
        DomainEvent::AgentNotTold { ticket, agent: by(), notice: Kind::AgentNewTicket, reason: text("a loop?") },
        DomainEvent::TemplateFailed { kind: Kind::AgentReply, outbox, reason: text("long") },
        DomainEvent::TemplateSaved {
            kind: Kind::Invitation,
            language: Language::De,
            revision: Revision(2),
            reset: true,
            by: by(),
        },
        DomainEvent::MacroChanged {
            name: MacroName::parse("shipped").unwrap(),
            revision: Revision(2),
            removed: true,
            by: by(),
        },
        DomainEvent::AddressSuppressed { address: text("t"), reason: text("bounced"), by: by() },
        DomainEvent::SuppressionRemoved { address: text("t"), by: by() },
        DomainEvent::PersonBlocked { who: text("x.de"), reason: text("abuse"), by: by() },
        DomainEvent::PersonUnblocked { who: text("x.de"), by: by() },
        DomainEvent::ContactChanged { contact: ContactId(1), what: text("merged"), by: by() },
        DomainEvent::CustomerChanged { customer: CustomerId(1), what: text("renamed"), by: by() },
        DomainEvent::TokenKeyRotated { by: by() },
        DomainEvent::MailboxFault { mailbox: mailbox(), meaning: text("refused") },
        DomainEvent::MailboxRecovered { mailbox: mailbox() },
        DomainEvent::SenderFault { sender: sender(), meaning: text("refused") },
        DomainEvent::SenderRecovered { sender: sender() },
        DomainEvent::StorageFault { meaning: text("no bucket") },
        DomainEvent::StorageRecovered,
        DomainEvent::CleanedUp { removed },
        DomainEvent::SettingsApplied { revision: Revision(2), by: by() },
        DomainEvent::DirectoryImported { contacts: 1, customers: 2, by: by() },
    ]);
    all
}

pub(super) fn of_state(word: Option<&str>) -> OutboxQuery {
    OutboxQuery { state: word.map(str::to_owned), ..OutboxQuery::default() }
}

pub(super) fn invitations() -> Vec<Invitation> {
    let of = |id, role, end| Invitation {
        id: InvitationId(id),
        to: address("zoe@home.example"),
        name: Some("Zoë".into()),
        role,
        language: Some(Language::Fr),
        sender: sender(),
        by: "ann".into(),
        created: at(0),
        sendings: 2,
        sent: at(1),
        expires: at(2),
        outbox: OutboxId(9),
        end,
    };
    let agent = InvitedAs::Agent { name: "zoe".into(), notify: vec![AgentNotice::NewTicket, AgentNotice::SlaBreached] };
    let contact = |customer| InvitedAs::Contact { customer };
    vec![
        of(1, agent, None),
        of(2, contact(Some(CustomerId(3))), Some(InvitationEnd::Accepted { at: at(3) })),
        Invitation {
            name: None,
            language: None,
            ..of(3, contact(None), Some(InvitationEnd::Revoked { at: at(3), by: "bob".into() }))
        },
    ]
}
