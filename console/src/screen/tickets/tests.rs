//! Tickets: reading, answering with review and undo, drafts, noting, resolving.

use crate::app::key::{Code, Key};
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, ProblemKind, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{UNICODE, ago, answer, asked, check, connected, enter, noon, picture, press, said};
use jiff::SignedDuration;
use maildesk_core::address::Address;
use maildesk_core::ids::{ContactId, EntryNumber, OutboxId, Revision, TicketNumber};
use maildesk_core::macros::{Macro, MacroName, SavedMacro};
use maildesk_core::outbox::OutboxAction;
use maildesk_core::rpc::{
    ContactRow, EntryView, MacroCall, MacroOutcome, MacroReply, MergeView, MovedEntry, MovedTickets, ReplyView, Rows,
    SplitView, TicketMove, TicketQuery, TicketRow, TicketView, Window,
};
use maildesk_core::settings::MailboxName;
use maildesk_core::ticket::{Author, EntryKind, Fold, Priority, Status, TicketAction};

pub(crate) fn row(number: u64, subject: &str, status: Status) -> TicketRow {
    TicketRow {
        number: TicketNumber(number),
        subject: subject.into(),
        status,
        priority: if number == 12 { Priority::High } else { Priority::Normal },
        contact: "Ana Ruiz".into(),
        customer: Some("ACME".into()),
        mailbox: MailboxName::parse("support").unwrap(),
        created: ago(100),
        updated: ago(5),
        entries: 2,
        revision: Revision(1),
        sla: None,
    }
}

pub(crate) fn rows() -> Rows<TicketRow> {
    let rows = vec![
        row(13, "見積もりのお願い", Status::New),
        row(12, "Printer on fire", Status::Open),
        row(11, "\u{1b}[2Jwiped", Status::Resolved { at: ago(50) }),
    ];
    Rows { rows, next: None }
}

fn entry(number: u32, author: Author, kind: EntryKind, text: &str) -> EntryView {
    let folds = text.find("> ").map(|at| Fold { start: at as u32, end: text.len() as u32 });
    EntryView {
        number: EntryNumber(number),
        at: ago(90 - i64::from(number)),
        author,
        kind,
        text: text.into(),
        folds: folds.into_iter().collect(),
        attachments: Vec::new(),
        remarks: Vec::new(),
        message_id: None,
        mail: None,
        raw: None,
        outbox: None,
        came_from: None,
    }
}

pub(crate) fn thread() -> Answer {
    let contact = ContactRow {
        id: ContactId(1),
        name: Some("Ana Ruiz".into()),
        addresses: vec!["a.ruiz@acme.test".into()],
        customer: None,
        customer_name: None,
        language: None,
        confirmed: None,
        created: ago(500),
    };
    let ana = || Author::Contact {
        id: ContactId(1),
        address: Address::parse("a.ruiz@acme.test").unwrap(),
        name: Some("Ana Ruiz".into()),
    };
    let view = TicketView {
        row: row(12, "Printer on fire", Status::Open),
        contact,
        assignee: None,
        tags: Vec::new(),
        related: Vec::new(),
        merged_into: None,
    };
    let entries = vec![
        entry(1, ana(), EntryKind::Comment, "Hello, the printer on floor two is on fire.\n\nAna"),
        entry(2, Author::Agent { name: "ana".into() }, EntryKind::Note, "called the caretaker"),
        entry(3, ana(), EntryKind::Comment, "It smokes \u{1b}]0;owned\u{7}now.\n\n> please unplug it\n> at once"),
    ];
    Answer::Ticket(Box::new(view), entries)
}

const ALL: Window = Window { after: None, limit: 200 };

fn list() -> Model {
    let mut model = connected();
    press(&mut model, &[Key::char('4')]);
    answer(&mut model, Place::Tickets, Request::Tickets(TicketQuery::default(), ALL), Answer::Tickets(rows()));
    model
}

pub(super) fn reading() -> Model {
    let mut model = list();
    let effects = press(&mut model, &[Key::char('j'), Key::of(Code::Enter)]);
    assert!(asked(effects).contains(&Request::Ticket(TicketNumber(12))));
    answer(&mut model, Place::Tickets, Request::Ticket(TicketNumber(12)), thread());
    model
}

pub(super) fn replied(held: bool) -> Answer {
    Answer::Replied(Box::new(ReplyView {
        ticket: row(12, "Printer on fire", Status::Open),
        entry: EntryNumber(4),
        outbox: OutboxId(77),
        held_until: held.then(|| noon() + SignedDuration::from_secs(10)),
    }))
}

fn reply() -> Request {
    Request::Reply {
        ticket: TicketNumber(12),
        text: "Unplug it.\nNow.".into(),
        files: Vec::new(),
        even_if_suppressed: false,
    }
}

pub(super) fn writing() -> Model {
    let mut model = reading();
    press(&mut model, &[Key::char('r')]);
    enter(&mut model, "Unplug it.");
    press(&mut model, &[Key::of(Code::Enter)]);
    enter(&mut model, "Now.");
    model
}

#[test]
fn pictures() {
    check(&list(), "tickets", "list");
    check(&reading(), "tickets", "thread");
    let mut model = writing();
    check(&model, "tickets", "writing");
    press(&mut model, &[Key::ctrl('s')]);
    check(&model, "tickets", "review");
    let mut empty = connected();
    press(&mut empty, &[Key::char('4'), Key::char('s')]);
    let query = TicketQuery { status: Some("new".into()), ..TicketQuery::default() };
    let none = Answer::Tickets(Rows { rows: Vec::new(), next: None });
    answer(&mut empty, Place::Tickets, Request::Tickets(query, ALL), none);
    check(&empty, "tickets", "none");
}

#[test]
fn an_answer_is_reviewed_sent_and_taken_back() {
    let mut model = writing();
    assert_eq!(asked(press(&mut model, &[Key::ctrl('s'), Key::of(Code::Enter)])), [], "Enter never sends");
    assert_eq!(asked(press(&mut model, &[Key::f(2), Key::char('y')])), [reply()]);
    enter(&mut model, "typed while it is sent");
    let effects = answer(&mut model, Place::Tickets, reply(), replied(true));
    let forgotten = Effect::KeepDraft { name: "reply-12".into(), text: String::new() };
    assert!(effects.contains(&forgotten), "{effects:?}");
    let cancel = Request::OutboxAct(vec![OutboxId(77)], OutboxAction::Cancel);
    assert_eq!(asked(press(&mut model, &[Key::char('u')])), std::slice::from_ref(&cancel));
    answer(&mut model, Place::Tickets, cancel, Answer::Acted(1, Vec::new()));
    assert_eq!(said(&model.desk), "taken back: the answer to #12 was not sent");
    assert_eq!(
        model.screens.tickets.compose.as_ref().map(|compose| compose.text.text()).as_deref(),
        Some("Unplug it.\nNow.")
    );
}

#[test]
fn the_time_to_take_it_back_passes() {
    let mut model = writing();
    press(&mut model, &[Key::ctrl('s'), Key::char('y')]);
    answer(&mut model, Place::Tickets, reply(), replied(true));
    model.desk.clock.now = noon() + SignedDuration::from_secs(11);
    update(&mut model, Msg::Tick);
    press(&mut model, &[Key::char('u')]);
    assert_eq!(said(&model.desk), "there is nothing to take back");
}

#[test]
fn a_refused_answer_keeps_its_text() {
    let mut model = writing();
    press(&mut model, &[Key::ctrl('s'), Key::char('y')]);
    let said = "refused: mail to a.ruiz@acme.test is suppressed".to_owned();
    let problem = Problem { kind: ProblemKind::Refused, said, remedy: None, fields: Vec::new() };
    update(&mut model, Msg::Answered { from: Place::Tickets, request: reply(), result: Box::new(Err(problem)) });
    let again = asked(press(&mut model, &[Key::char('y')]));
    let Some(Request::Reply { even_if_suppressed: true, text, .. }) = again.first() else { panic!("{again:?}") };
    assert_eq!(text, "Unplug it.\nNow.");
}

#[test]
fn leaving_keeps_the_draft_and_coming_back_finds_it() {
    let mut model = writing();
    let effects = press(&mut model, &[Key::of(Code::Esc)]);
    let kept = Effect::KeepDraft { name: "reply-12".into(), text: "Unplug it.\nNow.".into() };
    assert!(effects.contains(&kept), "{effects:?}");
    press(&mut model, &[Key::char('r')]);
    assert_eq!(
        model.screens.tickets.compose.as_ref().map(|compose| compose.text.text()).as_deref(),
        Some("Unplug it.\nNow.")
    );
    let mut other = reading();
    update(&mut other, Msg::Draft { name: "reply-12".into(), text: "from before".into() });
    press(&mut other, &[Key::char('r')]);
    assert_eq!(other.screens.tickets.compose.map(|compose| compose.text.text()).as_deref(), Some("from before"));
}

#[test]
fn a_draft_is_kept_while_the_keys_rest() {
    let mut model = writing();
    assert!(update(&mut model, Msg::Tick).iter().all(|effect| !matches!(effect, Effect::KeepDraft { .. })));
    model.desk.clock.now = noon() + SignedDuration::from_secs(2);
    assert!(update(&mut model, Msg::Tick).iter().any(|effect| matches!(effect, Effect::KeepDraft { .. })));
}

#[test]
fn notes_and_resolving_ask_first() {
    let mut model = reading();
    press(&mut model, &[Key::char('i')]);
    update(&mut model, Msg::Paste("called\r\nthem".into()));
    let asked_for = asked(press(&mut model, &[Key::ctrl('s'), Key::char('y')]));
    assert_eq!(asked_for, [Request::Note { ticket: TicketNumber(12), text: "called\nthem".into() }]);
    let mut model = reading();
    assert_eq!(asked(press(&mut model, &[Key::char('R')])), []);
    assert_eq!(
        asked(press(&mut model, &[Key::char('y')])),
        [Request::TicketAct(TicketNumber(12), TicketAction::Resolve { tell: true })]
    );
}

#[test]
fn the_editor_gives_its_text_back() {
    let mut model = writing();
    let effects = press(&mut model, &[Key::ctrl('g')]);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Editor { ending: ".txt", .. })));
    update(&mut model, Msg::Edited { from: Place::Tickets, result: Ok("Better.\n".into()) });
    assert_eq!(model.screens.tickets.compose.map(|compose| compose.text.text()).as_deref(), Some("Better."));
}

#[test]
fn words_and_order_are_the_daemons_work_and_late_answers_are_not_taken() {
    let mut model = list();
    press(&mut model, &[Key::char('/')]);
    enter(&mut model, "acme !fire");
    let searched = asked(press(&mut model, &[Key::of(Code::Enter)]));
    let query = TicketQuery { words: vec!["acme".into(), "!fire".into()], ..TicketQuery::default() };
    assert_eq!(searched, [Request::Tickets(query.clone(), ALL)]);
    answer(&mut model, Place::Tickets, Request::Tickets(TicketQuery::default(), ALL), Answer::Tickets(rows()));
    assert!(model.screens.tickets.list.rows.is_empty(), "the list without words came too late");
    let part = Rows { rows: Vec::new(), next: Some(9000) };
    let on = asked(answer(&mut model, Place::Tickets, Request::Tickets(query.clone(), ALL), Answer::Tickets(part)));
    let window = Window { after: Some(9000), ..ALL };
    assert_eq!(on, [Request::Tickets(query.clone(), window)], "an empty part is not the end");
    answer(&mut model, Place::Tickets, Request::Tickets(query, window), Answer::Tickets(rows()));
    let shown = picture(&model, UNICODE, (120, 40));
    assert!(shown.contains("Tickets: all, /acme !fire") && shown.contains("3 found, all looked at"), "{shown}");
    press(&mut model, &[Key::of(Code::Esc)]);
    let sorted = asked(press(&mut model, &[Key::char('S')]));
    assert_eq!(sorted, [Request::Tickets(TicketQuery { reversed: true, ..TicketQuery::default() }, ALL)]);
}

#[test]
fn a_ticket_is_assigned_and_prioritised() {
    let mut model = reading();
    press(&mut model, &[Key::char('A')]);
    enter(&mut model, "me");
    let to = TicketAction::Assign { to: Some("ana".into()) };
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [Request::TicketAct(TicketNumber(12), to)]);
    press(&mut model, &[Key::char('P'), Key::ctrl('u')]);
    enter(&mut model, "highest");
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), []);
    assert_eq!(said(&model.desk), "the priority must be low, normal, high or urgent");
    press(&mut model, &[Key::char('P'), Key::ctrl('u')]);
    enter(&mut model, "urgent");
    let urgent = TicketAction::Prioritise { priority: Priority::Urgent };
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [Request::TicketAct(TicketNumber(12), urgent)]);
}

fn merged() -> Answer {
    Answer::Moved(MovedTickets::Merged(Box::new(MergeView {
        source: TicketNumber(12),
        target: row(13, "見積もりのお願い", Status::Open),
        entries: 3,
        tags: vec!["fire".into()],
        raised_from: None,
        assigned: None,
        opened_from: Some("resolved".into()),
        mails_waiting: 1,
        other_requester: Some("Bob Roe".into()),
    })))
}

#[test]
fn a_merge_is_shown_first_and_done_after_a_yes() {
    let wanted = TicketMove::Merge { source: TicketNumber(12), target: TicketNumber(13) };
    let mut model = reading();
    press(&mut model, &[Key::char('M')]);
    enter(&mut model, "x");
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), []);
    assert_eq!(said(&model.desk), "'x' is no number of a ticket");
    press(&mut model, &[Key::char('M')]);
    enter(&mut model, "#13");
    let trial = Request::TicketMove(wanted.clone(), true);
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), std::slice::from_ref(&trial));
    answer(&mut model, Place::Tickets, trial.clone(), merged());
    check(&model, "tickets", "merge");
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [], "Enter never merges");
    answer(&mut model, Place::Tickets, trial, merged());
    let done = Request::TicketMove(wanted, false);
    assert_eq!(asked(press(&mut model, &[Key::char('y')])), std::slice::from_ref(&done));
    answer(&mut model, Place::Tickets, done, merged());
    assert_eq!(said(&model.desk), "#12 is part of #13 now");
    assert_eq!(model.screens.tickets.thread.as_ref().map(|thread| thread.number), Some(TicketNumber(13)));
}

#[test]
fn entries_are_split_off_after_a_look() {
    let mut model = reading();
    press(&mut model, &[Key::char('S')]);
    enter(&mut model, "three");
    press(&mut model, &[Key::of(Code::Enter)]);
    assert_eq!(said(&model.desk), "begin with the numbers of the entries, such as 3 5-7");
    press(&mut model, &[Key::char('S')]);
    enter(&mut model, "1 3-4 It smokes");
    let request = asked(press(&mut model, &[Key::of(Code::Enter)])).remove(0);
    let entries = [1, 3, 4].map(EntryNumber).to_vec();
    let wanted = TicketMove::Split { ticket: TicketNumber(12), entries, subject: Some("It smokes".into()) };
    assert_eq!(request, Request::TicketMove(wanted.clone(), true));
    let split = || {
        let entries = vec![MovedEntry { was: EntryNumber(3), is: EntryNumber(1) }];
        let (old, new) = (row(12, "Printer on fire", Status::Open), row(14, "It smokes", Status::New));
        Answer::Moved(MovedTickets::Split(Box::new(SplitView { old, new, entries })))
    };
    answer(&mut model, Place::Tickets, request, split());
    check(&model, "tickets", "split");
    let done = asked(press(&mut model, &[Key::char('y')])).remove(0);
    assert_eq!(done, Request::TicketMove(wanted, false));
    answer(&mut model, Place::Tickets, done, split());
    assert_eq!(model.screens.tickets.thread.as_ref().unwrap().number, TicketNumber(14));
}

fn macros() -> Answer {
    let saved = |name: &str| SavedMacro {
        revision: Revision(3),
        at: ago(9),
        by: "ana".into(),
        content: Macro { note: Some("x".into()), ..Macro::new(MacroName::parse(name).unwrap()) },
    };
    Answer::Macros(vec![saved("shipped"), saved("shop-closed"), saved("thanks")])
}

fn applied(held: bool) -> Answer {
    let reply = MacroReply {
        to: "a.ruiz@acme.test".into(),
        subject: "Re: [#12] Printer on fire".into(),
        text: "Hello Ana,\n\nthe \u{1b}[2Jcaretaker is on his way.".into(),
        outbox: OutboxId(77),
        held_until: held.then(|| noon() + SignedDuration::from_secs(10)),
    };
    let changes = vec!["tag fire added".into(), "open -> pending".into()];
    let ticket = row(12, "Printer on fire", Status::Pending { until: None });
    Answer::Macro(Box::new(MacroOutcome { ticket, reply: Some(reply), note: Some("caretaker called".into()), changes }))
}

#[test]
fn a_macro_is_chosen_shown_applied_and_its_answer_taken_back() {
    let mut model = reading();
    assert_eq!(asked(press(&mut model, &[Key::char('m')])), [Request::Macros]);
    answer(&mut model, Place::Tickets, Request::Macros, macros());
    check(&model, "tickets", "choose-macro");
    enter(&mut model, "sh");
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), []);
    assert_eq!(said(&model.desk), "2 macros begin with sh");
    press(&mut model, &[Key::char('m')]);
    answer(&mut model, Place::Tickets, Request::Macros, macros());
    enter(&mut model, "shi");
    let call = |dry_run| {
        let name = MacroName::parse("shipped").unwrap();
        Request::Macro(MacroCall { name, seen: Revision(3), ticket: TicketNumber(12), dry_run })
    };
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [call(true)]);
    answer(&mut model, Place::Tickets, call(true), applied(true));
    check(&model, "tickets", "macro");
    assert_eq!(asked(press(&mut model, &[Key::char('y')])), [call(false)]);
    answer(&mut model, Place::Tickets, call(false), applied(true));
    let cancel = Request::OutboxAct(vec![OutboxId(77)], OutboxAction::Cancel);
    assert_eq!(asked(press(&mut model, &[Key::char('u')])), [cancel]);
    // Nothing to choose from is said.
    answer(&mut model, Place::Tickets, Request::Macros, Answer::Macros(Vec::new()));
    assert_eq!(said(&model.desk), "there are no macros yet: maildesk macro set NAME --reply TEXT");
}
