//! Queues: marks, verbs for the marked, the question before cancelling.

use super::Queue;
use crate::app::desk::Goal;
use crate::app::key::{Code, Key};
use crate::app::message::Msg;
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{ago, answer, asked, check, connected, enter, noon, press, said};
use jiff::SignedDuration;
use maildesk_core::address::Address;
use maildesk_core::ids::{MailId, OutboxId, TicketNumber, Uid, UidValidity};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::{Attempt, HoldReason, OutboxAction, OutboxState};
use maildesk_core::route::{JudgedMail, MailAction, Outcome, TraceStep};
use maildesk_core::rpc::{FoundMails, MailQuery, MailRow, OutboxQuery, OutboxRow, OutboxView, Rows, Window};
use maildesk_core::settings::{MailboxName, SenderName};

pub(crate) fn row(id: u64, state: OutboxState) -> OutboxRow {
    OutboxRow {
        id: OutboxId(id),
        kind: Kind::AgentReply,
        ticket: Some(TicketNumber(12)),
        sender: SenderName::parse("desk").unwrap(),
        to: format!("person{id}@acme.test"),
        subject: "Re: Printer on fire".into(),
        created: ago(20),
        size: 1200,
        state,
        attempts: 1,
        deferrals: 1,
        said: Some("451 4.7.1 Greylisted, please try again in 300s".into()),
        sending: false,
        waits_for: None,
    }
}

pub(crate) fn due() -> OutboxState {
    OutboxState::Due { at: noon() + SignedDuration::from_mins(4) }
}

pub(crate) fn view(row: OutboxRow, attempts: Vec<Attempt>) -> OutboxView {
    let (from, message_id) = ("desk@ex.org".into(), "1.2@ex.org".into());
    OutboxView { row, from, message_id, entry: None, attempts, attachments: Vec::new() }
}

fn request(queue: Queue) -> Request {
    let query = OutboxQuery { state: queue.state().map(str::to_owned), ..OutboxQuery::default() };
    Request::Outbox(query, Window { after: None, limit: 200 })
}

fn queue(rows: Vec<OutboxRow>) -> Model {
    let mut model = connected();
    let effects = press(&mut model, &[Key::char('3')]);
    assert!(asked(effects).contains(&request(Queue::Waiting)));
    answer(&mut model, Place::Queues, request(Queue::Waiting), Answer::Outbox(Rows { rows, next: None }));
    model
}

fn three() -> Model {
    queue((1..=3).map(|id| row(id, due())).collect())
}

#[test]
fn a_mail_is_led_to_in_whichever_queue_it_is() {
    let mut model = connected();
    model.desk.goal = Some(Goal::Outbox(OutboxId(7)));
    let wanted = asked(update(&mut model, Msg::Tick));
    assert!(wanted.contains(&Request::OutboxEntry(OutboxId(7))), "{wanted:?}");
    let sent = OutboxState::Sent { at: ago(1), server_said: "250 2.0.0 Ok".into() };
    let view = view(row(7, sent.clone()), Vec::new());
    let found =
        answer(&mut model, Place::Queues, Request::OutboxEntry(OutboxId(7)), Answer::OutboxEntry(Box::new(view)));
    assert!(asked(found).contains(&request(Queue::Sent)));
    let rows = Rows { rows: [9, 8, 7].map(|id| row(id, sent.clone())).into(), next: None };
    answer(&mut model, Place::Queues, request(Queue::Sent), Answer::Outbox(rows));
    let state = &model.screens.queues;
    assert_eq!((state.queue, state.outbox.selected().map(|row| row.id)), (Queue::Sent, Some(OutboxId(7))));
    // Too far down, a person is told how to see it.
    model.desk.goal = Some(Goal::Outbox(OutboxId(2)));
    update(&mut model, Msg::Tick);
    let view = self::view(row(2, sent.clone()), Vec::new());
    answer(&mut model, Place::Queues, Request::OutboxEntry(OutboxId(2)), Answer::OutboxEntry(Box::new(view)));
    let rows = Rows { rows: [9, 8].map(|id| row(id, sent.clone())).into(), next: Some(8) };
    answer(&mut model, Place::Queues, request(Queue::Sent), Answer::Outbox(rows));
    assert_eq!(said(&model.desk), "mail 2 is further down: maildesk outbox show 2");
}

#[test]
fn pictures() {
    let mut model = three();
    let attempt = Attempt {
        at: ago(5),
        said: "451 4.7.1 Greylisted, please try again in 300s".into(),
        meaning: Some("the receiver asks us to come back later".into()),
        remedy: None,
    };
    let view = view(row(2, due()), vec![attempt]);
    press(&mut model, &[Key::char(' ')]);
    answer(&mut model, Place::Queues, Request::OutboxEntry(OutboxId(2)), Answer::OutboxEntry(Box::new(view)));
    check(&model, "queues", "marked");
    press(&mut model, &[Key::char('x')]);
    check(&model, "queues", "cancel");
    check(&queue(Vec::new()), "queues", "empty");
}

#[test]
fn verbs_mean_the_marked_mails() {
    let mut model = three();
    press(&mut model, &[Key::char(' '), Key::char('j'), Key::char(' ')]);
    let retry = Request::OutboxAct(vec![OutboxId(1), OutboxId(3)], OutboxAction::Retry { even_if_suppressed: false });
    assert_eq!(asked(press(&mut model, &[Key::char('t')])), std::slice::from_ref(&retry));
    answer(&mut model, Place::Queues, retry, Answer::Acted(1, vec!["mail 3 is sent".into()]));
    assert_eq!(said(&model.desk), "1 of 2 mails tried again; mail 3 is sent");
    assert!(model.screens.queues.marked.is_empty());
}

#[test]
fn cancelling_asks_and_very_many_want_their_number() {
    let mut model = three();
    assert_eq!(asked(press(&mut model, &[Key::char('x'), Key::of(Code::Enter)])), []);
    let one = Request::OutboxAct(vec![OutboxId(1)], OutboxAction::Cancel);
    assert_eq!(asked(press(&mut model, &[Key::char('x'), Key::char('y')])), [one]);
    let mut model = queue((1..=21).map(|id| row(id, due())).collect());
    press(&mut model, &[Key::char('*'), Key::char('x'), Key::char('y'), Key::char('2'), Key::char('1')]);
    let all = asked(press(&mut model, &[Key::of(Code::Enter)]));
    assert!(matches!(all.as_slice(), [Request::OutboxAct(ids, OutboxAction::Cancel)] if ids.len() == 21), "{all:?}");
}

#[test]
fn holding_releases_what_is_held_and_refused_verbs_say_why() {
    let held = || OutboxState::Held { since: ago(1), until: None, reason: HoldReason::ByPerson { by: "ana".into() } };
    let mut model = three();
    let hold = Request::OutboxAct(vec![OutboxId(1)], OutboxAction::Hold);
    assert_eq!(asked(press(&mut model, &[Key::char('H')])), [hold]);
    press(&mut model, &[Key::char(']')]);
    let rows = Rows { rows: vec![row(9, held())], next: None };
    answer(&mut model, Place::Queues, request(Queue::Held), Answer::Outbox(rows));
    press(&mut model, &[Key::char('t')]);
    assert_eq!(said(&model.desk), "it is held: H releases it");
    let release = Request::OutboxAct(vec![OutboxId(9)], OutboxAction::Release);
    assert_eq!(asked(press(&mut model, &[Key::char('H')])), [release]);
}

#[test]
fn an_answer_of_another_queue_is_left_aside() {
    let mut model = three();
    press(&mut model, &[Key::char(']'), Key::char(']')]);
    let late = Rows { rows: vec![row(9, due())], next: None };
    answer(&mut model, Place::Queues, request(Queue::Waiting), Answer::Outbox(late));
    assert!(model.screens.queues.outbox.rows.is_empty());
}

#[test]
fn redirecting_checks_the_address() {
    let mut model = three();
    press(&mut model, &[Key::char('a'), Key::ctrl('u')]);
    enter(&mut model, "no address");
    press(&mut model, &[Key::of(Code::Enter)]);
    assert!(said(&model.desk).starts_with("the address "), "{}", said(&model.desk));
    press(&mut model, &[Key::char('a'), Key::ctrl('u')]);
    enter(&mut model, "new@acme.test");
    let to = Address::parse("new@acme.test").unwrap();
    let redirect = Request::OutboxAct(vec![OutboxId(1)], OutboxAction::Redirect { to });
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [redirect]);
}

pub(crate) fn held(id: u64) -> MailRow {
    MailRow {
        id: MailId(id),
        at: ago(3),
        mailbox: MailboxName::parse("support").unwrap(),
        from: "mallory@acme.test".into(),
        subject: "Open this".into(),
        size: 900,
        raw: None,
        outcome: Outcome::Quarantined { reason: "virus Eicar".into() },
    }
}

pub(crate) fn judged(id: u64, outcome: Outcome) -> JudgedMail {
    let MailRow { id, at, mailbox, from, subject, size, raw, .. } = held(id);
    JudgedMail {
        from,
        subject,
        size,
        raw,
        trace: vec![TraceStep { step: "scan".into(), said: "no virus found".into() }],
        ..JudgedMail::begun(id, mailbox, (UidValidity(1), Uid(1)), outcome, at)
    }
}

fn quarantine() -> Model {
    let mut model = three();
    press(&mut model, &[Key::char('[')]);
    let window = Window { after: None, limit: 200 };
    let query = MailQuery { quarantined_only: true, ..MailQuery::default() };
    let found = FoundMails { rows: vec![held(7), held(8)], ..FoundMails::default() };
    answer(&mut model, Place::Queues, Request::Mails(query, window), Answer::Mails(found));
    model
}

#[test]
fn mails_of_the_quarantine_are_decided_about_after_a_question() {
    let act = |action, rehearse| Request::MailAct { id: MailId(7), action, rehearse };
    let mut model = quarantine();
    press(&mut model, &[Key::char('l')]);
    check(&model, "queues", "release");
    assert_eq!(asked(press(&mut model, &[Key::char('y')])), [act(MailAction::Release, false)]);
    let judged = judged(7, Outcome::NewTicket { ticket: TicketNumber(4) });
    let answered = |model: &mut Model, request: Request| {
        answer(model, Place::Queues, request, Answer::Decided(Box::new(judged.clone())));
    };
    answered(&mut model, act(MailAction::Release, false));
    assert_eq!(said(&model.desk), "mail 7: new ticket #4");
    // What would become of it is asked before the question.
    assert_eq!(asked(press(&mut model, &[Key::char('n')])), [act(MailAction::Replay, true)]);
    answered(&mut model, act(MailAction::Replay, true));
    assert_eq!(asked(press(&mut model, &[Key::char('y')])), [act(MailAction::Replay, false)]);
    press(&mut model, &[Key::char('D')]);
    enter(&mut model, "spam");
    let discard = act(MailAction::Discard { reason: "spam".into() }, false);
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [discard]);
    let mut model = three();
    press(&mut model, &[Key::char('l')]);
    assert_eq!(said(&model.desk), "this is for mails of the quarantine: ] goes there");
}
