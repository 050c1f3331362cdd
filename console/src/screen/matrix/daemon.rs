//! What a desk in use answers, and what one without anything does.

use crate::app::attached::AttachedFile;
use crate::app::request::{Answer, Request};
use crate::screen::pictures::ago;
use crate::screen::{channels, filters, home, live, queues, templates, tickets};
use maildesk_core::address::Address;
use maildesk_core::check::{CheckReport, Conclusion, Outcome as Passed};
use maildesk_core::directory::{Block, Blocked};
use maildesk_core::doctor::{Check, Finding, Report, SenderFindings, Verdict};
use maildesk_core::ids::{ContactId, CustomerId, InvitationId, OutboxId, Revision};
use maildesk_core::invitation::{Invitation, InvitedAs};
use maildesk_core::language::Language;
use maildesk_core::outbox::{Attempt, HoldReason, OutboxState};
use maildesk_core::route::Outcome;
use maildesk_core::rpc::{
    AuditLine, ContactRow, Counts, CustomerRow, FilterHits, FilterRow, FiltersView, FoundMails, LogLevel, LogLine,
    LogPart, Rows, SettingsDiff, SettingsView, StatusView, Suppression, SuppressionRows, TemplateVersion, TokenKeyRow,
};
use maildesk_core::settings::proposal::propose;
use maildesk_core::settings::{SenderName, Settings, diff};

fn rows<T>(rows: Vec<T>) -> Rows<T> {
    Rows { rows, next: None }
}

/// What lies at every path.
pub(super) fn file(path: &str) -> AttachedFile {
    let name = path.rsplit('/').next().unwrap_or(path);
    AttachedFile { path: path.into(), name: name.into(), size: 540_000 }
}

/// The answer of a desk without anything.
pub(super) fn nothing(request: &Request) -> Answer {
    match request {
        Request::Status => Answer::Status(Box::new(StatusView {
            mailboxes: Vec::new(),
            senders: Vec::new(),
            counts: Counts::default(),
            ..home::tests::status()
        })),
        Request::Settings => {
            Answer::Settings(Box::new(SettingsView { revision: Revision(1), settings: Settings::default() }))
        }
        Request::Tickets(..) | Request::DueTickets => Answer::Tickets(rows(Vec::new())),
        Request::Outbox(..) => Answer::Outbox(rows(Vec::new())),
        Request::Mails(..) => Answer::Mails(FoundMails::default()),
        Request::Filters => {
            Answer::Filters(FiltersView { revision: Revision(4), rows: Vec::new(), shadowed: Vec::new() })
        }
        Request::Contacts(_) => Answer::Contacts(rows(Vec::new())),
        Request::Customers(_) => Answer::Customers(rows(Vec::new())),
        Request::Suppressions => Answer::Suppressions(SuppressionRows { rows: Vec::new(), next: None }),
        Request::Invitations(_) => Answer::Invitations(rows(Vec::new())),
        Request::Blocks => Answer::Blocks(Vec::new()),
        Request::Audit(_) => Answer::Audit(rows(Vec::new())),
        Request::Logs(_) => Answer::Logs(LogPart::default()),
        other => panic!("nothing is known of {other:?}"),
    }
}

/// The answer of a desk in use.
pub(super) fn something(request: &Request) -> Answer {
    match request {
        Request::Status => Answer::Status(Box::new(home::tests::status())),
        Request::Settings => Answer::Settings(Box::new(channels::tests::view(4))),
        Request::SettingsDiff(settings) => {
            let changes = diff(&channels::tests::view(4).settings, settings);
            Answer::Changes(SettingsDiff { revision: Revision(4), changes })
        }
        Request::SettingsApply(settings, _) => {
            let changes = diff(&channels::tests::view(4).settings, settings);
            Answer::Changes(SettingsDiff { revision: Revision(5), changes })
        }
        Request::CheckMailbox(_) | Request::CheckSender(..) => {
            let conclusion = Conclusion { outcome: Passed::Passed, sentence: "it works".into() };
            Answer::Checked(Box::new(CheckReport { steps: Vec::new(), transcript: Vec::new(), conclusion, mark: None }))
        }
        Request::PollNow(_) => Answer::Polled(1),
        Request::Tickets(..) => Answer::Tickets(tickets::tests::rows()),
        Request::Ticket(_) => tickets::tests::thread(),
        Request::Outbox(query, _) => {
            let state = || outbox_state(query.state.as_deref().unwrap_or("due"));
            Answer::Outbox(rows((1..=3).map(|id| queues::tests::row(id, state())).collect()))
        }
        Request::OutboxEntry(id) => {
            let attempt = Attempt {
                at: ago(5),
                said: "451 4.7.1 Greylisted, please try again in 300s".into(),
                meaning: Some("the receiver asks us to come back later".into()),
                remedy: None,
            };
            let row = queues::tests::row(id.0, queues::tests::due());
            Answer::OutboxEntry(Box::new(queues::tests::view(row, vec![attempt])))
        }
        Request::Mails(..) => Answer::Mails(FoundMails {
            rows: vec![queues::tests::held(7), queues::tests::held(8)],
            ..Default::default()
        }),
        Request::Mail(id) if id.0 > 5 => {
            let held = Outcome::Quarantined { reason: "virus Eicar".into() };
            Answer::Mail(Box::new(queues::tests::judged(id.0, held)))
        }
        Request::Mail(id) => Answer::Mail(Box::new(live::tests::why(id.0))),
        Request::Filters => {
            let row = |filter| FilterRow { filter, hits: FilterHits { count: 6, last: Some(ago(30)), mail: None } };
            let rows = filters::tests::rules().into_iter().map(row).collect();
            Answer::Filters(FiltersView { revision: Revision(4), rows, shadowed: Vec::new() })
        }
        Request::Templates => Answer::Templates(templates::tests::rows()),
        Request::Template(..) => Answer::Template(Box::new(templates::tests::view(None))),
        Request::RenderTemplate { version: TemplateVersion::Given(source), .. } => {
            Answer::Rendered(Box::new(templates::tests::preview(source)))
        }
        Request::Contacts(_) => Answer::Contacts(rows(vec![contact(2), contact(1)])),
        Request::Customers(_) => Answer::Customers(rows(vec![customer()])),
        Request::Suppressions => {
            let row = Suppression {
                address: Address::parse("gone@acme.test").unwrap(),
                reason: "550 5.1.1 no such user".into(),
                since: ago(600),
                expires: None,
            };
            Answer::Suppressions(SuppressionRows { rows: vec![row], next: None })
        }
        Request::TheirTickets(_) => Answer::TheirTickets(tickets::tests::rows().rows),
        Request::Invitations(_) => Answer::Invitations(rows(vec![invitation()])),
        Request::Blocks => Answer::Blocks(vec![Block {
            who: Blocked::parse("*.spam.test").unwrap(),
            reason: "entered by ben".into(),
            since: ago(600),
            expires: None,
        }]),
        Request::Audit(_) => {
            let line = |seq, what: &str| AuditLine { seq, at: ago(9), user: "ben".into(), what: what.into() };
            Answer::Audit(rows(vec![line(2, "applied settings, revision 4"), line(1, "merged #9 into #12")]))
        }
        Request::Logs(_) => Answer::Logs(log()),
        Request::Keys => Answer::Keys(vec![
            TokenKeyRow { made: Some(ago(600)), replaced: None },
            TokenKeyRow { made: None, replaced: Some(ago(600)) },
        ]),
        Request::Servers(address) => Answer::Servers(Box::new(propose(address))),
        Request::Doctor => Answer::Doctor(Box::new(report())),
        other => panic!("nothing is known of {other:?}"),
    }
}

fn log() -> LogPart {
    let line = |seq, level, text: &str| LogLine { seq, at: ago(9), level, text: text.into() };
    let lines = vec![
        line(1, LogLevel::Info, "maildeskd is up version=\"0.1.0\" socket=/run/maildesk/maildesk.sock"),
        line(2, LogLevel::Error, "mailbox{mailbox=billing}: the login was refused said=\"NO [AUTHENTICATIONFAILED]\""),
        line(3, LogLevel::Warning, "a worker of the old settings took too long to end and was left behind"),
        line(4, LogLevel::Info, "new settings are in force revision=4"),
    ];
    LogPart { lines, next: 4, missed: false }
}

fn outbox_state(word: &str) -> OutboxState {
    match word {
        "held" => OutboxState::Held { since: ago(9), until: None, reason: HoldReason::ByPerson { by: "ben".into() } },
        "failed" => OutboxState::Failed { at: ago(9), reason: "550 5.1.1 no such user".into() },
        "sent" => OutboxState::Sent { at: ago(9), server_said: "250 2.0.0 Ok: queued as 4F2".into() },
        _ => queues::tests::due(),
    }
}

pub(super) fn contact(id: u64) -> ContactRow {
    let known = id == 1;
    ContactRow {
        id: ContactId(id),
        name: known.then(|| "Ana Ruiz".into()),
        addresses: match known {
            true => vec!["a.ruiz@acme.test".into(), "ana@home.test".into()],
            false => vec!["k.ito@umbrella.test".into()],
        },
        customer: known.then_some(CustomerId(1)),
        customer_name: known.then(|| "ACME".into()),
        language: known.then_some(Language::Es),
        confirmed: None,
        created: ago(600 * i64::try_from(id).unwrap()),
    }
}

pub(in crate::screen) fn customer() -> CustomerRow {
    let domains = vec!["acme.test".into(), "*.acme.example".into()];
    CustomerRow { id: CustomerId(1), name: "ACME".into(), domains, created: ago(6000) }
}

fn invitation() -> Invitation {
    Invitation {
        id: InvitationId(1),
        to: Address::parse("ben@ex.org").unwrap(),
        name: Some("Ben".into()),
        role: InvitedAs::Agent { name: "ben".into(), notify: Vec::new() },
        language: None,
        sender: SenderName::parse("desk").unwrap(),
        by: "ana".into(),
        created: ago(600),
        sendings: 1,
        sent: ago(600),
        expires: ago(-6000),
        outbox: OutboxId(9),
        end: None,
    }
}

fn report() -> Report {
    let finding = |check, verdict, subject: &str, meaning: &str, remedy: Option<&str>| Finding {
        check,
        verdict,
        subject: subject.into(),
        found: Vec::new(),
        meaning: meaning.into(),
        remedy: remedy.map(str::to_owned),
        publish: None,
    };
    Report {
        at: ago(0),
        version: "maildeskd 0.1.0".into(),
        desk: vec![finding(Check::Disk, Verdict::Good, "/var/lib/maildesk", "90 GB free", None)],
        senders: vec![SenderFindings {
            name: SenderName::parse("desk").unwrap(),
            from: "desk@ex.org".into(),
            findings: vec![finding(
                Check::Spf,
                Verdict::Bad,
                "ex.org",
                "no SPF record: receivers cannot tell that this server may send",
                Some("Publish this record."),
            )],
        }],
    }
}
