//! What the scripted daemon knows: three tickets, one of them hostile.

use jiff::{SignedDuration, Timestamp};
use maildesk_core::address::Address;
use maildesk_core::diagnosis::{Diagnosis, FaultKind, Step};
use maildesk_core::directory::{Block, Blocked};
use maildesk_core::filter::Filter;
use maildesk_core::ids::{
    BlobHash, ContactId, CustomerId, EntryNumber, InvitationId, MailId, OutboxId, Revision, TicketNumber,
};
use maildesk_core::ids::{Uid, UidValidity};
use maildesk_core::invitation::{Invitation, InvitedAs};
use maildesk_core::macros::{Macro, MacroName, MacroStatus, SavedMacro};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{OutboxState, Suppression};
use maildesk_core::route::{Aspect, Difference, Effect, JudgedMail, Outcome, Timing, TraceStep};
use maildesk_core::rpc::{
    ChangedMail, ContactRow, Counts, CustomerRow, DryRunPart, EntryView, LogLevel, LogLine, LogPart, LogQuery,
    MailBulk, MailRow, MailboxStatus, MergeView, OutboxRow, OutboxView, SenderStatus, SlaBrief, SlaView, StatusView,
    StorageStatus, TicketRow, TicketView, TokenKeyRow, Window, WorkState,
};
use maildesk_core::settings::{
    AgentNotice, FilterName, MailboxName, PolicyName, SenderName, Settings, filters_from_toml, from_toml,
};
use maildesk_core::sla::{ClockId, ClockState, ClockView, Lead, Sign, Target};
use maildesk_core::ticket::{AttachmentRef, Author, EntryKind, Fold, Priority, Status};

/// Escape sequences, C1 controls and direction marks, as a mail may carry them.
pub(crate) const HOSTILE: &str = "\x1b[2J\x1b]0;pwned\x07 \u{9b}31m \u{202e}evil\r\nBcc: x";

/// The bytes of the attachment `report.pdf`: more than two pieces.
pub(crate) fn attachment_bytes() -> Vec<u8> {
    (0..2_500_000_u32).map(|position| (position % 251) as u8).collect()
}

pub(crate) const RAW: &[u8] = b"Subject: \x1b[31mred\r\n\r\n\xff\xfe raw";

pub(crate) const SETTINGS: &str = r#"
[desk]
name = "Acme Support"

[[sender]]
name = "main"
from = "desk@example.org"
server = { host = "smtp.example.org", port = 587, encryption = "starttls" }
login = { username = "desk", password = "sealed" }

[[mailbox]]
name = "support"
address = "support@example.org"
server = { host = "imap.example.org", port = 993, encryption = "tls" }
login = { username = "support", password = { credential = "imap" } }
"#;

pub(crate) fn settings() -> Settings {
    from_toml(SETTINGS).unwrap()
}

/// Some minutes before the test runs, so that relative times are known.
#[expect(clippy::disallowed_methods, reason = "the binary under test reads the system's clock too")]
pub(crate) fn minutes_ago(minutes: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(minutes) - SignedDuration::from_secs(5)
}

fn mailbox() -> MailboxName {
    MailboxName::parse("support").unwrap()
}

fn sender() -> SenderName {
    SenderName::parse("main").unwrap()
}

pub(crate) fn tickets() -> Vec<TicketRow> {
    let row = |number, subject: &str, status| TicketRow {
        number: TicketNumber(number),
        subject: subject.into(),
        status,
        priority: Priority::Normal,
        contact: "Ann Miller".into(),
        customer: Some("Acme".into()),
        mailbox: mailbox(),
        created: minutes_ago(10),
        updated: minutes_ago(3),
        entries: 3,
        revision: Revision(2),
        sla: (number == 2).then(|| SlaBrief {
            policy: PolicyName::parse("gold").unwrap(),
            target: Target::FirstResponse,
            due: Some(minutes_ago(5)),
        }),
    };
    vec![
        row(3, HOSTILE, Status::New),
        row(2, "Printer on fire", Status::Open),
        row(1, "", Status::Resolved { at: Timestamp::UNIX_EPOCH }),
    ]
}

pub(crate) fn contact() -> ContactRow {
    ContactRow {
        id: ContactId(1),
        name: Some(format!("Ann Miller{HOSTILE}")),
        addresses: vec!["ann@acme.example".into()],
        customer: Some(CustomerId(1)),
        customer_name: Some("Acme".into()),
        language: None,
        confirmed: None,
        created: minutes_ago(10),
    }
}

pub(crate) fn block(who: &str, days: Option<u32>) -> Block {
    Block {
        who: Blocked::parse(who).unwrap(),
        reason: format!("abuse{HOSTILE}"),
        since: minutes_ago(5),
        expires: days.map(|_| minutes_ago(-60)),
    }
}

pub(crate) fn token_keys() -> Vec<TokenKeyRow> {
    let older = TokenKeyRow { made: None, replaced: Some(minutes_ago(20)) };
    vec![TokenKeyRow { made: Some(minutes_ago(20)), replaced: None }, older]
}

pub(crate) fn customer() -> CustomerRow {
    CustomerRow {
        id: CustomerId(1),
        name: "Acme".into(),
        domains: vec!["acme.example".into()],
        created: minutes_ago(9),
    }
}

pub(crate) fn entries() -> Vec<EntryView> {
    let entry = |number, author, kind, text: &str| EntryView {
        number: EntryNumber(number),
        at: minutes_ago(10),
        author,
        kind,
        text: text.into(),
        folds: Vec::new(),
        remarks: Vec::new(),
        attachments: Vec::new(),
        message_id: None,
        mail: None,
        raw: None,
        outbox: None,
        came_from: None,
    };
    let address = maildesk_core::address::Address::parse("ann@acme.example").unwrap();
    let ann = Author::Contact { id: ContactId(1), address, name: Some("Ann Miller".into()) };
    let text = "It burns.\n\nOn Monday you wrote:\n> is it on?\n> really?\n";
    let mut first = entry(1, ann, EntryKind::Comment, text);
    first.folds = vec![Fold { start: 11, end: text.len() as u32 }];
    let attached = |name: &str| AttachmentRef {
        name: name.into(),
        content_type: "application/pdf".into(),
        size: 2_500_000,
        blob: BlobHash::of(&attachment_bytes()),
        inline: false,
        content_id: None,
    };
    first.attachments = vec![attached("report.pdf")];
    let note = entry(2, Author::Agent { name: "bob".into() }, EntryKind::Note, HOSTILE);
    let status = entry(3, Author::System, EntryKind::StatusChange, "new -> open");
    let mut alike = entry(4, Author::Agent { name: "bob".into() }, EntryKind::Note, "three files");
    alike.attachments = ["a.txt", "a.txt", "a (2).txt"].map(attached).to_vec();
    vec![first, note, status, alike]
}

pub(crate) fn outbox() -> OutboxRow {
    OutboxRow {
        id: OutboxId(5),
        kind: Kind::AgentReply,
        ticket: Some(TicketNumber(2)),
        sender: sender(),
        to: "ann@acme.example".into(),
        subject: "Re: Printer on fire".into(),
        created: minutes_ago(2),
        size: 1234,
        state: OutboxState::Failed { at: minutes_ago(1), reason: format!("550 no such user{HOSTILE}") },
        attempts: 1,
        deferrals: 0,
        said: Some("550 no such user".into()),
        sending: false,
        waits_for: None,
    }
}

pub(crate) fn suppression() -> Suppression {
    let address = Address::parse("gone@acme.example").unwrap();
    Suppression { address, reason: format!("no such user{HOSTILE}"), since: minutes_ago(9), expires: None }
}

pub(crate) fn mail() -> JudgedMail {
    JudgedMail {
        id: MailId(9),
        at: minutes_ago(4),
        mailbox: mailbox(),
        uid_validity: UidValidity(77),
        uid: Uid(12),
        received: None,
        from: "mallory@example.org".into(),
        subject: HOSTILE.into(),
        message_id: None,
        size: RAW.len() as u64,
        raw: Some(BlobHash::of(RAW)),
        outcome: Outcome::Quarantined { reason: "nesting too deep".into() },
        trace: vec![TraceStep { step: "parse".into(), said: format!("refused{HOSTILE}") }],
        issues: vec![maildesk_core::mail::MailIssue::NoFrom],
        effect: Effect::default(),
        timing: Timing { fetch: Some(41_000), parse: Some(1_234), ..Timing::default() },
        decided: None,
        checked: None,
    }
}

pub(crate) fn mail_bulk() -> MailBulk {
    let outcomes = [("new_ticket".to_owned(), 2)].into();
    MailBulk { matched: 3, changed: 2, outcomes, refused: vec!["mail 4 cannot be released".into()] }
}

pub(crate) fn outbox_view() -> OutboxView {
    let (from, message_id) = ("desk@example.org".into(), "a@b".into());
    OutboxView { row: outbox(), from, message_id, entry: None, attempts: vec![], attachments: vec![] }
}

pub(crate) fn ticket_view(row: TicketRow) -> TicketView {
    let (tags, related) = (vec!["vip".into()], vec![TicketNumber(1)]);
    TicketView { row, contact: contact(), assignee: None, tags, related, merged_into: None }
}

/// The second can never act, the third rests.
pub(crate) fn filters() -> Vec<Filter> {
    let text = r#"
        [[filter]]
        name = "noise"
        when = [{ field = "from_domain", equals = "noise.example" }]
        then = { drop = true }
        [[filter]]
        name = "late"
        when = [{ field = "from_domain", equals = "noise.example" }, { field = "subject", contains = "x" }]
        then = { tags = ["late"] }
        [[filter]]
        name = "rest"
        enabled = false
        then = { no_acknowledgement = true }
    "#;
    filters_from_toml(text).unwrap()
}

/// Two parts: one mail that changes, then one that is not kept.
pub(crate) fn dry_run(part: Window) -> DryRunPart {
    if part.after.is_some() {
        return DryRunPart { without_bytes: vec![MailId(3)], ..DryRunPart::default() };
    }
    let (old, new) = ("new ticket".into(), "dropped, filter noise".into());
    let difference = Difference { aspect: Aspect::Outcome, old, new, by_rules: true };
    let changed = ChangedMail {
        mail: mail_row(),
        differences: vec![difference],
        rules_new: vec![FilterName::parse("noise").unwrap()],
        rules_gone: Vec::new(),
        rules_same: Vec::new(),
    };
    DryRunPart { changed: vec![changed], looked_at: 4, without_bytes: Vec::new(), next: Some(5) }
}

pub(crate) fn mail_row() -> MailRow {
    let JudgedMail { id, at, mailbox, from, subject, size, raw, outcome, .. } = mail();
    MailRow { id, at, mailbox, from, subject, size, raw, outcome }
}

pub(crate) fn status() -> StatusView {
    let diagnosis = Diagnosis {
        kind: FaultKind::AuthenticationRejected,
        step: Step::Login,
        server_said: Some(format!("[AUTHENTICATIONFAILED]{HOSTILE}")),
        meaning: "The server does not accept this user name and password.".into(),
        remedy: "Check login.username and login.password.".into(),
    };
    let faulty = WorkState::Faulty { since: minutes_ago(30), next_try: None, diagnosis };
    StatusView {
        version: "0.1.0".into(),
        started: minutes_ago(60),
        mailboxes: vec![MailboxStatus { name: mailbox(), state: faulty, last_poll: Some(minutes_ago(1)), judged: 7 }],
        senders: vec![SenderStatus { name: sender(), state: WorkState::Working, sent: 3, size_limit: None }],
        storage: StorageStatus { place: "folder".into(), state: WorkState::Working },
        sent_copies: Vec::new(),
        counts: Counts { tickets: 3, mails: 7, ..Counts::default() },
        memory: 20_000_000,
        disk_free: 5_000_000_000,
        clean_up: None,
        silent: None,
    }
}

pub(crate) fn sla(ticket: TicketNumber) -> SlaView {
    let clock = |target, state, due| ClockView {
        clock: ClockId { target, round: 1 },
        state,
        minutes: 60,
        used_minutes: 65,
        due,
        told: vec![(Sign::Warning(Lead::Share(80)), minutes_ago(17)), (Sign::Breach, minutes_ago(5))],
    };
    let clocks = vec![
        clock(Target::FirstResponse, ClockState::Running, Some(minutes_ago(5))),
        clock(Target::Resolution, ClockState::Paused, None),
    ];
    SlaView { ticket, policy: PolicyName::parse("gold").ok(), calendar: Some("office".into()), clocks }
}

pub(crate) fn merged(source: TicketNumber, target: TicketRow) -> MergeView {
    MergeView {
        source,
        target,
        entries: 2,
        tags: vec!["vip".into()],
        raised_from: None,
        assigned: None,
        opened_from: Some("resolved".into()),
        mails_waiting: 1,
        other_requester: Some("Bob".into()),
    }
}

pub(crate) fn shipped() -> SavedMacro {
    let content = Macro {
        reply: Some("Hello $contact.name,\n\nit is on its way.".into()),
        status: Some(MacroStatus::Resolved),
        add_tags: vec!["shipped".into()],
        ..Macro::new(MacroName::parse("shipped").unwrap())
    };
    SavedMacro { revision: Revision(3), at: minutes_ago(30), by: "ann".into(), content }
}

pub(crate) fn invitation() -> Invitation {
    Invitation {
        id: InvitationId(1),
        to: Address::parse("zoe@home.example").unwrap(),
        name: Some(format!("Zoe{HOSTILE}")),
        role: InvitedAs::Agent { name: "zoe".into(), notify: vec![AgentNotice::NewTicket] },
        language: None,
        sender: SenderName::parse("support").unwrap(),
        by: "ann".into(),
        created: minutes_ago(20),
        sendings: 1,
        sent: minutes_ago(20),
        expires: minutes_ago(-60),
        outbox: OutboxId(1),
        end: None,
    }
}

pub(crate) fn log(query: LogQuery) -> LogPart {
    let line = |seq, level, text: &str| LogLine { seq, at: minutes_ago(5), level, text: text.into() };
    let all = [line(1, LogLevel::Info, "maildeskd is up"), line(2, LogLevel::Error, "refused\u{1b}[2J said=\"no\"")];
    LogPart { lines: all.into_iter().filter(|line| line.level <= query.level).collect(), next: 2, missed: false }
}
