//! More: lists that load when they are shown, suppressing with a question, the doctor on demand.

use crate::app::Model;
use crate::app::key::{Code, Key};
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::screen::pictures::{ago, answer, asked, check, connected, enter, press, said};
use maildesk_core::ids::{ContactId, CustomerId};
use maildesk_core::rpc::{ContactRow, Rows, SuppressionRows, Window};

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
fn pictures() {
    check(&more(), "more", "contacts");
    let mut model = more();
    press(&mut model, &[Key::char('['), Key::of(Code::Enter)]);
    check(&model, "more", "doctor");
}

#[test]
fn each_list_is_asked_for_when_it_is_shown() {
    let mut model = more();
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Customers(WINDOW)]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [Request::Suppressions]);
    assert_eq!(asked(press(&mut model, &[Key::char(']')])), [], "the doctor waits to be called");
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [Request::Doctor]);
}

#[test]
fn an_address_is_suppressed() {
    let mut model = more();
    press(&mut model, &[Key::char(']'), Key::char(']')]);
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
