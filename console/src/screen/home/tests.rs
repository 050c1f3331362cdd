//! Home: what needs a person comes first, and Enter leads there.

use crate::app::desk::Goal;
use crate::app::key::{Code, Key};
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, ProblemKind, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{ago, answer, asked, check, connected, noon, press, said};
use jiff::SignedDuration;
use maildesk_core::diagnosis::{Diagnosis, FaultKind, Step};
use maildesk_core::ids::{EntryNumber, EventSeq, TicketNumber};
use maildesk_core::route::Outcome;
use maildesk_core::rpc::EventBatch;
use maildesk_core::rpc::{Counts, MailboxStatus, SenderStatus, StatusView, StorageStatus, WorkState};
use maildesk_core::rpc::{Rows, SlaBrief, TicketRow};
use maildesk_core::settings::{MailboxName, PolicyName, SenderName};
use maildesk_core::sla::Target;
use maildesk_core::ticket::Status;

/// A desk with one of each state.
pub(crate) fn status() -> StatusView {
    let mailbox = |name, state| MailboxStatus {
        name: MailboxName::parse(name).unwrap(),
        state,
        last_poll: Some(ago(2)),
        judged: 61,
    };
    let diagnosis = Diagnosis {
        kind: FaultKind::Refused,
        step: Step::Login,
        meaning: "the server does not accept this user name and password".into(),
        remedy: "type the password anew".into(),
        server_said: Some("NO [AUTHENTICATIONFAILED] \u{1b}[31mAuthentication failed.".into()),
    };
    let faulty = WorkState::Faulty { since: ago(39), next_try: Some(noon() + SignedDuration::from_mins(3)), diagnosis };
    StatusView {
        version: "0.1.0".into(),
        started: ago(76 * 60),
        mailboxes: vec![mailbox("support", WorkState::Working), mailbox("billing", faulty)],
        senders: vec![SenderStatus {
            name: SenderName::parse("desk").unwrap(),
            state: WorkState::RateLimited { until: noon() + SignedDuration::from_mins(5) },
            sent: 40,
            size_limit: None,
        }],
        storage: StorageStatus { place: "folder".into(), state: WorkState::Working },
        sent_copies: Vec::new(),
        counts: Counts { tickets: 31, mails: 80, outbox_due: 4, outbox_failed: 1, quarantined: 2, ..Counts::default() },
        memory: 40_000_000,
        disk_free: 90_000_000_000,
        clean_up: None,
        silent: None,
    }
}

fn home() -> Model {
    let mut model = connected();
    answer(&mut model, Place::Home, Request::Status, Answer::Status(Box::new(status())));
    model
}

#[test]
fn pictures() {
    check(&home(), "home", "attention");
    let mut quiet = connected();
    let mut fine = status();
    fine.mailboxes.truncate(1);
    fine.senders[0].state = WorkState::Working;
    fine.counts = Counts { tickets: 31, mails: 80, ..Counts::default() };
    answer(&mut quiet, Place::Home, Request::Status, Answer::Status(Box::new(fine)));
    check(&quiet, "home", "quiet");
    let mut help = home();
    press(&mut help, &[Key::char('?')]);
    check(&help, "home", "help");
    let mut palette = home();
    press(&mut palette, &[Key::char(':'), Key::char('p'), Key::char('o'), Key::char('l')]);
    check(&palette, "home", "palette");
}

#[test]
fn what_came_in_is_pictured() {
    let mut model = home();
    let outcomes = [
        Outcome::NewTicket { ticket: TicketNumber(12) },
        Outcome::Comment { ticket: TicketNumber(12), entry: EntryNumber(2) },
        Outcome::Dropped { rule: "newsletters".into() },
        Outcome::Quarantined { reason: "virus Eicar".into() },
    ];
    let events = (0..20).map(|number| {
        let outcome = outcomes[number as usize % outcomes.len()].clone();
        super::pulse::tests::judged(number, ago(50 - 50 * number as i64 * number as i64 / 400), outcome)
    });
    let batch = EventBatch { events: events.collect(), next: EventSeq(20), gap: false };
    update(&mut model, Msg::Happened(batch));
    check(&model, "home", "came-in");
}

fn lost(kind: ProblemKind, said: &str, remedy: &str) -> Msg {
    let problem = Problem { kind, said: said.into(), remedy: Some(remedy.into()), fields: Vec::new() };
    Msg::Unlinked { problem, attempt: 3, next_try: noon() + SignedDuration::from_secs(2) }
}

#[test]
fn a_lost_link_leaves_what_was_known_with_its_age() {
    let mut model = home();
    update(
        &mut model,
        lost(ProblemKind::Offline, "nothing listens at /run/maildesk/maildesk.sock", "systemctl status maildeskd"),
    );
    check(&model, "home", "lost");
    press(&mut model, &[Key::char('p')]);
    assert_eq!(said(&model.desk), "there is no connection: you can read, changes are off");
    assert_eq!(press(&mut model, &[Key::char('r')]), [Effect::ConnectNow]);
}

#[test]
fn without_permission_the_command_that_helps_is_named() {
    let mut model = Model::new(home().desk.clock, "mx1".into(), (80, 24));
    let remedy =
        "reading needs the group maildesk, writing maildesk-admin: sudo usermod -aG maildesk ana; then log in again";
    update(&mut model, lost(ProblemKind::NoPermission, "you may not use /run/maildesk/maildesk.sock", remedy));
    check(&model, "home", "no-permission");
}

#[test]
fn the_worst_comes_first_and_enter_leads_there() {
    let mut model = home();
    let lines = super::attention(&model.desk);
    let whats: Vec<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(whats, ["mailbox billing", "outbox", "sender desk", "quarantine"]);
    press(&mut model, &[Key::char('j'), Key::char('j'), Key::char('k'), Key::of(Code::Enter)]);
    let Goal::Place(place) = lines[1].goal else { panic!("{:?}", lines[1]) };
    assert_eq!(model.desk.place, place);
}

#[test]
fn tickets_that_are_late_or_nearly_so_are_named() {
    let mut model = home();
    let row = |number: u64, minutes: i64| {
        let due = Some(noon() + SignedDuration::from_mins(minutes));
        let policy = PolicyName::parse("fast").unwrap();
        let sla = Some(SlaBrief { policy, target: Target::FirstResponse, due });
        TicketRow {
            number: TicketNumber(number),
            sla,
            ..crate::screen::tickets::tests::row(number, "Printer", Status::Open)
        }
    };
    let mut rows: Vec<TicketRow> = (1..=7).map(|number| row(number, -2)).collect();
    rows.extend([row(20, 5), row(21, 45)]);
    answer(&mut model, Place::Home, Request::DueTickets, Answer::Tickets(Rows { rows, next: None }));
    let said: Vec<String> =
        super::attention(&model.desk).into_iter().filter(|line| line.what == "SLA").map(|line| line.said).collect();
    assert_eq!(said, ["7 tickets past the due time: #1 #2 #3 #4 #5 and more", "1 ticket due in less than 30 min: #20"]);
    model.desk.clock.now = noon() + SignedDuration::from_mins(60);
    let said = super::attention(&model.desk).into_iter().find(|line| line.what == "SLA").map(|line| line.said);
    assert_eq!(said.as_deref(), Some("9 tickets past the due time: #1 #2 #3 #4 #5 and more"), "time passes by itself");
}

#[test]
fn polling_asks_the_daemon_and_reading_users_are_refused() {
    let mut model = home();
    assert_eq!(asked(press(&mut model, &[Key::char('p')])), [Request::PollNow(None)]);
    answer(&mut model, Place::Home, Request::PollNow(None), Answer::Polled(2));
    assert_eq!(said(&model.desk), "2 mailboxes are polled now");
    model.desk.welcome.as_mut().unwrap().access = maildesk_core::rpc::Access::Read;
    assert_eq!(asked(press(&mut model, &[Key::char('p')])), []);
    assert!(
        said(&model.desk).starts_with("you may only read: sudo usermod -aG maildesk-admin"),
        "{:?}",
        model.desk.toast
    );
}

#[test]
fn q_leaves_at_home_only_and_control_c_twice_anywhere() {
    let mut model = home();
    press(&mut model, &[Key::char('2')]);
    assert_eq!(model.desk.place, Place::Live);
    press(&mut model, &[Key::char('q')]);
    assert_eq!(model.desk.place, Place::Home);
    assert_eq!(press(&mut model, &[Key::char('q')]), [Effect::Quit]);
    press(&mut model, &[Key::char('4'), Key::char('-')]);
    assert_eq!(model.desk.place, Place::Home);
    assert_eq!(press(&mut model, &[Key::ctrl('c')]), []);
    assert_eq!(press(&mut model, &[Key::ctrl('c')]), [Effect::Quit]);
    // Also out of what stands above a screen.
    let mut model = home();
    assert_eq!(press(&mut model, &[Key::char(':'), Key::ctrl('z')]), [Effect::Suspend]);
    assert_eq!(press(&mut model, &[Key::ctrl('c')]), []);
    assert_eq!(model.desk.overlay, None);
    assert_eq!(press(&mut model, &[Key::ctrl('c')]), [Effect::Quit]);
}

#[test]
fn pasted_text_is_never_taken_for_keys() {
    let mut model = home();
    assert_eq!(asked(update(&mut model, Msg::Paste("pqp".into()))), []);
    assert_eq!((model.desk.place, said(&model.desk)), (Place::Home, "nothing takes pasted text here"));
}
