//! Live: following, pausing, gaps, filters, and why.

use crate::app::key::{Code, Key};
use crate::app::message::{Effect as Wanted, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{ago, answer, asked, check, connected, enter, press, said};
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::ids::{EntryNumber, EventSeq, MailId, OutboxId, Revision, TicketNumber, Uid, UidValidity};
use maildesk_core::notification::Kind;
use maildesk_core::route::{JudgedMail, Outcome, Timing, TraceStep};
use maildesk_core::rpc::{EventBatch, FiltersView};
use maildesk_core::settings::MailboxName;

fn judged(number: u64, from: &str, subject: &str, outcome: Outcome) -> DomainEvent {
    let mailbox = MailboxName::parse("support").unwrap();
    let (from, subject) = (from.to_owned(), subject.to_owned());
    DomainEvent::MailJudged { mail: MailId(number), mailbox, from, subject, outcome, acknowledgement: None }
}

pub(crate) fn batch(first: u64, events: Vec<DomainEvent>, gap: bool) -> Msg {
    let next = EventSeq(first + events.len() as u64);
    let event = |(index, what)| Event { seq: EventSeq(first + index as u64), at: ago(9 - index as i64 % 9), what };
    Msg::Happened(EventBatch { events: events.into_iter().enumerate().map(event).collect(), next, gap })
}

pub(crate) fn some() -> Vec<DomainEvent> {
    let ticket = TicketNumber(12);
    vec![
        judged(1, "a.ruiz@acme.test", "Printer on fire", Outcome::NewTicket { ticket }),
        DomainEvent::MailSent {
            outbox: OutboxId(3),
            kind: Kind::TicketAcknowledgement,
            ticket: Some(ticket),
            to: "a.ruiz@acme.test".into(),
            server_said: "250 2.0.0 Ok: queued as 4F2".into(),
        },
        judged(2, "k.ito@umbrella.test", "見積もりのお願い", Outcome::NewTicket { ticket: TicketNumber(13) }),
        judged(
            3,
            "news@vendor.test",
            "50% off\u{1b}]52;c;evil\u{7}",
            Outcome::Dropped { rule: "filter vendor".into() },
        ),
        judged(4, "", "", Outcome::Quarantined { reason: "no sender".into() }),
        judged(5, "a.ruiz@acme.test", "Re: Printer", Outcome::Comment { ticket, entry: EntryNumber(2) }),
    ]
}

fn live() -> Model {
    let mut model = connected();
    press(&mut model, &[Key::char('2')]);
    update(&mut model, batch(1, some(), false));
    model
}

pub(crate) fn why(id: u64) -> JudgedMail {
    let step = |step: &str, said: &str| TraceStep { step: step.into(), said: said.into() };
    JudgedMail {
        received: Some(ago(4)),
        from: "a.ruiz@acme.test".into(),
        subject: "Re: Printer".into(),
        message_id: Some("1@acme.test".into()),
        size: 41_000,
        trace: vec![
            step("parse", "multipart/alternative, 2 parts"),
            step("facts", "not automatic; spf=pass dkim=pass"),
            step("filter", "vendor does not match: the sender is another"),
            step("route", "answers the reply token of #12"),
        ],
        timing: Timing { fetch: Some(38_000), parse: Some(210), facts: Some(40), plan: Some(900) },
        ..JudgedMail::begun(
            MailId(id),
            MailboxName::parse("support").unwrap(),
            (UidValidity(1), Uid(88)),
            Outcome::Comment { ticket: TicketNumber(12), entry: EntryNumber(2) },
            ago(3),
        )
    }
}

#[test]
fn pictures() {
    let mut model = live();
    answer(&mut model, Place::Live, Request::Mail(MailId(5)), Answer::Mail(Box::new(why(5))));
    check(&model, "live", "following");
    press(&mut model, &[Key::char('k'), Key::char('k')]);
    update(
        &mut model,
        batch(9, vec![judged(9, "x@y.test", "New", Outcome::NewTicket { ticket: TicketNumber(14) })], true),
    );
    check(&model, "live", "paused");
    let mut empty = connected();
    press(&mut empty, &[Key::char('2')]);
    check(&empty, "live", "empty");
}

#[test]
fn enter_leads_to_what_an_event_is_about() {
    let mut model = connected();
    press(&mut model, &[Key::char('2')]);
    let desk = MailboxName::parse("desk").unwrap();
    let sent = DomainEvent::MailSent {
        outbox: OutboxId(7),
        kind: Kind::AgentReply,
        ticket: None,
        to: "a@b.test".into(),
        server_said: "ok".into(),
    };
    let fault = DomainEvent::MailboxFault { mailbox: desk, meaning: "it is down".into() };
    let reply = DomainEvent::NoteAdded { ticket: TicketNumber(3), entry: EntryNumber(2), by: "ana".into() };
    let rotated = DomainEvent::TokenKeyRotated { by: "ana".into() };
    for (event, place) in
        [(sent, Place::Queues), (fault, Place::Inbound), (reply, Place::Tickets), (rotated, Place::Live)]
    {
        update(&mut model, batch(1, vec![event], false));
        press(&mut model, &[Key::char('2'), Key::of(Code::Enter)]);
        assert_eq!(model.desk.place, place);
    }
    assert_eq!(said(&model.desk), "there is nothing more to show of this");
}

#[test]
fn the_selected_mail_is_asked_for_once() {
    let mut model = connected();
    press(&mut model, &[Key::char('2')]);
    let effects = update(&mut model, batch(1, some(), false));
    assert!(asked(effects).contains(&Request::Mail(MailId(5))));
    assert_eq!(asked(update(&mut model, Msg::Tick)), []);
    let effects = press(&mut model, &[Key::char('k')]);
    assert_eq!(asked(effects), [Request::Mail(MailId(4))]);
}

#[test]
fn moving_up_pauses_and_the_end_follows() {
    let mut model = live();
    assert_eq!(model.screens.live.following.cursor.at, 5);
    press(&mut model, &[Key::of(Code::Up)]);
    update(&mut model, batch(7, some(), false));
    let state = &model.screens.live;
    assert_eq!((state.following.paused, state.following.new, state.following.cursor.at), (true, 6, 4));
    press(&mut model, &[Key::char('F')]);
    let state = &model.screens.live;
    assert_eq!((state.following.paused, state.following.new, state.following.cursor.at), (false, 0, 11));
}

#[test]
fn a_long_stream_keeps_its_place_and_its_bound() {
    let mut model = live();
    press(&mut model, &[Key::char('p')]);
    let many = |from| batch(from, (0..1500).flat_map(|_| some().into_iter().take(1)).collect(), false);
    update(&mut model, many(7));
    update(&mut model, many(1507));
    let state = &model.screens.live;
    assert_eq!((state.held(), state.following.cursor.at), (2000, 0));
}

#[test]
fn what_was_missed_is_marked() {
    let mut model = live();
    update(&mut model, batch(900, some(), true));
    assert_eq!(model.screens.live.held(), 13);
    press(&mut model, &[Key::char('!')]);
    // Two quarantined mails and the gap between them.
    assert_eq!(model.screens.live.visible().len(), 3);
}

#[test]
fn a_filter_hides_and_escape_shows() {
    let mut model = live();
    press(&mut model, &[Key::char('/')]);
    enter(&mut model, "ruiz !sent");
    press(&mut model, &[Key::of(Code::Enter)]);
    let state = &model.screens.live;
    assert_eq!((state.visible().len(), state.hidden(), state.following.cursor.at), (2, 4, 1));
    press(&mut model, &[Key::of(Code::Esc)]);
    assert_eq!(model.screens.live.hidden(), 0);
}

#[test]
fn an_event_leads_to_its_ticket() {
    let mut model = live();
    let effects = press(&mut model, &[Key::char('t')]);
    assert_eq!(model.desk.place, Place::Tickets);
    assert!(asked(effects).contains(&Request::Ticket(TicketNumber(12))));
}

#[test]
fn a_mail_is_tried_under_the_rules_and_begins_a_rule() {
    let mut model = live();
    let effects = press(&mut model, &[Key::char('T')]);
    assert_eq!(model.desk.place, Place::Filters);
    assert!(asked(effects).contains(&Request::TryRules(MailId(5), None)));
    let tried = Answer::Tried(Box::new(why(5)));
    answer(&mut model, Place::Filters, Request::TryRules(MailId(5), None), tried);
    check(&model, "filters", "tried");

    let effects = press(&mut model, &[Key::char('2'), Key::char('f')]);
    assert!(asked(effects).contains(&Request::Mail(MailId(5))));
    // It waits for the rules that it is added to.
    let early = answer(&mut model, Place::Filters, Request::Mail(MailId(5)), Answer::Mail(Box::new(why(5))));
    assert_eq!(early, []);
    let (revision, rows, shadowed) = (Revision(1), Vec::new(), Vec::new());
    let rules = Answer::Filters(FiltersView { revision, rows, shadowed });
    let effects = answer(&mut model, Place::Filters, Request::Filters, rules);
    let begun = effects.into_iter().find_map(|effect| match effect {
        Wanted::Editor { from: Place::Filters, text, .. } => Some(text),
        _ => None,
    });
    let begun = begun.unwrap();
    assert_eq!(maildesk_core::settings::filters_from_toml(&begun).unwrap().len(), 1);
    let edited = |text: String| Msg::Edited { from: Place::Filters, result: Ok(text) };
    update(&mut model, edited(begun.clone()));
    assert_eq!(model.screens.filters.draft, None);
    press(&mut model, &[Key::char('2'), Key::char('f')]);
    answer(&mut model, Place::Filters, Request::Mail(MailId(5)), Answer::Mail(Box::new(why(5))));
    update(&mut model, edited(begun.replace("sorted", "printers")));
    assert_eq!(model.screens.filters.draft.as_ref().unwrap()[0].name.as_str(), "from-mail-5");
}
