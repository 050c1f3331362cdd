//! More: lists that load when they are shown, suppressing with a question, the doctor on demand.

use super::Tab;
use crate::action::Action;
use crate::app::key::{Code, Key};
use crate::app::message::Msg;
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{ago, answer, asked, connected, enter, press, said};
use maildesk_core::ids::{ContactId, CustomerId};
use maildesk_core::language::Language;
use maildesk_core::rpc::{
    ContactAction, ContactRow, CustomerAction, LogLevel, LogLine, LogPart, Rows, SuppressionRows, Window,
};

const WINDOW: Window = Window { after: None, limit: 200 };

fn more() -> Model {
    let mut model = connected();
    assert_eq!(asked(press(&mut model, &[Key::char('9')])), [Request::Contacts(WINDOW)]);
    let row = ContactRow {
        id: ContactId(1),
        name: Some("Ana Ruiz".into()),
        addresses: vec!["a.ruiz@acme.test".into()],
        customer: Some(CustomerId(1)),
        customer_name: Some("ACME".into()),
        language: None,
        confirmed: None,
        created: ago(600),
    };
    let rows = Rows { rows: vec![row], next: None };
    answer(&mut model, Place::More, Request::Contacts(WINDOW), Answer::Contacts(rows));
    model
}

#[test]
fn each_list_is_asked_for_when_it_is_shown() {
    let mut model = more();
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Customers(WINDOW)]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Invitations(WINDOW)]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Suppressions]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Blocks]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Keys]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Audit(WINDOW)]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Logs(None)]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [], "the doctor waits to be called");
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [Request::Doctor]);
}

/// Types into the palette and runs what is found first.
fn found(model: &mut Model, typed: &str) -> Vec<Request> {
    press(model, &[Key::char(':')]);
    enter(model, typed);
    asked(press(model, &[Key::of(Code::Enter)]))
}

#[test]
fn the_palette_leads_to_each_list() {
    let mut model = connected();
    assert_eq!(found(&mut model, "audit log"), [Request::Audit(WINDOW)]);
    assert_eq!((model.desk.place, model.screens.more.tab), (Place::More, Tab::Audit));
    assert_eq!(found(&mut model, "customer list"), [Request::Customers(WINDOW)]);
    press(&mut model, &[Key::char('1')]);
    assert_eq!(found(&mut model, "suppress an address"), [Request::Suppressions]);
    assert_eq!((model.screens.more.tab, said(&model.desk)), (Tab::Suppressed, "select one, then press a"));
    found(&mut model, "quarantine list");
    assert_eq!(
        (model.desk.place, model.screens.queues.queue),
        (Place::Queues, crate::screen::queues::Queue::Quarantine)
    );
    assert!(Tab::ALL.iter().all(|tab| crate::action::all().any(|entry| entry.action == Action::GoList(tab.context()))));
}

#[test]
fn an_address_is_suppressed() {
    let mut model = more();
    press(&mut model, &[Key::char(']'), Key::char(']'), Key::char(']')]);
    let none = SuppressionRows { rows: Vec::new(), next: None };
    answer(&mut model, Place::More, Request::Suppressions, Answer::Suppressions(none));
    press(&mut model, &[Key::char('x')]);
    assert_eq!(said(&model.desk), "no address is suppressed");
    press(&mut model, &[Key::char('a')]);
    enter(&mut model, "x@acme.test");
    let request = asked(press(&mut model, &[Key::of(Code::Enter)]));
    let want = Request::Suppress { address: "x@acme.test".into(), reason: "entered by ana".into() };
    assert_eq!(request, [want]);
}

/// What a prompt of this key asks for, once the line is entered.
fn entered(model: &mut Model, key: char, line: &str) -> Vec<Request> {
    press(model, &[Key::char(key), Key::ctrl('u')]);
    enter(model, line);
    asked(press(model, &[Key::of(Code::Enter)]))
}

#[test]
fn a_contact_is_shown_with_its_tickets_and_changed() {
    let mut model = more();
    let words = vec!["from:a.ruiz@acme.test".to_owned()];
    let request = Request::TheirTickets(words);
    let rows = crate::screen::tickets::tests::rows().rows;
    answer(&mut model, Place::More, request, Answer::TheirTickets(rows));
    let shown = crate::screen::pictures::picture(&model, crate::screen::pictures::UNICODE, (80, 24));
    assert!(shown.contains("#12") && shown.contains("Printer on fire"), "{shown}");
    let act = |action| Request::ContactAct(ContactId(1), action);
    let added = entered(&mut model, 'a', "ana@home.test");
    assert_eq!(added, [act(ContactAction::AddAddress { address: "ana@home.test".into() })]);
    assert_eq!(entered(&mut model, 'l', "xx"), []);
    assert_eq!(said(&model.desk), "the language must be en, de, fr, es or none");
    let spanish = ContactAction::Language { language: Some(Language::Es) };
    assert_eq!(entered(&mut model, 'l', "es"), [act(spanish)]);
    assert_eq!(entered(&mut model, 'M', "7"), [], "merging asks first");
    let merged = asked(press(&mut model, &[Key::char('y')]));
    assert_eq!(merged, [act(ContactAction::Merge { gone: ContactId(7), dry_run: false })]);
    let removed = entered(&mut model, 'x', "a.ruiz@acme.test");
    assert_eq!(removed, [act(ContactAction::RemoveAddress { address: "a.ruiz@acme.test".into() })]);
    press(&mut model, &[Key::char('t')]);
    assert_eq!(model.desk.place, Place::Tickets);
    assert_eq!(model.screens.tickets.choice.words, "from:a.ruiz@acme.test");
}

#[test]
fn a_key_is_made_and_a_block_is_set_after_a_question() {
    let mut model = more();
    press(
        &mut model,
        &[Key::char('['), Key::char('['), Key::char('['), Key::char('['), Key::char('n'), Key::of(Code::Enter)],
    );
    assert_eq!(asked(press(&mut model, &[Key::char('n'), Key::char('y')])), [Request::RotateKeys]);
    press(&mut model, &[Key::char('[')]);
    let blocked = entered(&mut model, 'a', "spam.test");
    assert_eq!(blocked, [Request::Block { who: "spam.test".into(), reason: "entered by ana".into() }]);
}

fn line(seq: u64, level: LogLevel) -> LogLine {
    LogLine { seq, at: ago(1), level, text: format!("line {seq}") }
}

/// The daemon's answer to what the log asks for.
fn log_grows(model: &mut Model, seen: Option<u64>, lines: Vec<LogLine>, missed: bool) {
    let next = lines.last().map_or(0, |line| line.seq);
    answer(model, Place::More, Request::Logs(seen), Answer::Logs(LogPart { lines, next, missed }));
}

#[test]
fn the_log_is_followed_until_somebody_reads() {
    let mut model = more();
    assert_eq!(found(&mut model, "logs of maildeskd"), [Request::Logs(None)]);
    log_grows(&mut model, None, (1..=30).map(|seq| line(seq, LogLevel::Info)).collect(), false);
    let selected = |model: &Model| model.screens.more.logs.selected().map(|line| line.text.clone()).unwrap_or_default();
    assert_eq!(selected(&model), "line 30");
    model.desk.clock.now += jiff::SignedDuration::from_secs(1);
    assert_eq!(asked(update(&mut model, Msg::Tick)), [Request::Logs(Some(30))], "what is behind it");
    log_grows(&mut model, Some(30), vec![line(31, LogLevel::Error)], false);
    assert_eq!(selected(&model), "line 31");
    press(&mut model, &[Key::char('k')]);
    log_grows(&mut model, Some(31), vec![line(40, LogLevel::Warning)], true);
    let logs = &model.screens.more.logs;
    assert_eq!((selected(&model).as_str(), logs.following.paused, logs.following.new), ("line 30", true, 2));
    assert!(logs.visible().iter().any(|line| line.text.contains("no longer held")));
    press(&mut model, &[Key::char('!'), Key::char('!'), Key::char('F')]);
    assert_eq!(selected(&model), "line 31", "errors only");
    press(&mut model, &[Key::of(Code::Esc), Key::char('/')]);
    enter(&mut model, "LINE 4");
    press(&mut model, &[Key::of(Code::Enter)]);
    assert_eq!(model.screens.more.logs.visible().len(), 4, "4, 14, 24 and 40");
}

#[test]
fn a_customer_is_renamed_and_has_its_domains_changed() {
    let mut model = more();
    press(&mut model, &[Key::char(']'), Key::char('e')]);
    assert_eq!(said(&model.desk), "there is nothing selected");
    let row = crate::screen::matrix::customer();
    answer(
        &mut model,
        Place::More,
        Request::Customers(WINDOW),
        Answer::Customers(Rows { rows: vec![row], next: None }),
    );
    let act = |action| Request::CustomerAct(CustomerId(1), action);
    assert_eq!(entered(&mut model, 'e', "Acme Works"), [act(CustomerAction::Rename { name: "Acme Works".into() })]);
    let domain = || "*.acme.example".to_owned();
    assert_eq!(entered(&mut model, 'a', &domain()), [act(CustomerAction::AddDomain { domain: domain() })]);
    press(&mut model, &[Key::char('x')]);
    let removed = asked(press(&mut model, &[Key::of(Code::Enter)]));
    assert_eq!(removed, [act(CustomerAction::RemoveDomain { domain: domain() })], "the last one is proposed");
    let changed = Answer::Customer(Box::new(crate::screen::matrix::customer()));
    answer(&mut model, Place::More, removed[0].clone(), changed);
    assert_eq!(said(&model.desk), "ACME is changed: acme.test *.acme.example");
}
