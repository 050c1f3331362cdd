//! The first run: proposals, tests before steps, what is kept, what is saved, the first ticket.

use super::{State, Step};
use crate::app::key::{Code, Key};
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{answer, asked, check, connected, enter, noon, press, said};
use maildesk_core::address::Address;
use maildesk_core::check::{CheckReport, CheckStep, Conclusion, Outcome, Stage};
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::ids::{EventSeq, MailId, Revision, TicketNumber};
use maildesk_core::route;
use maildesk_core::rpc::{EventBatch, SettingsDiff, SettingsView};
use maildesk_core::settings::proposal::{Source, propose};
use maildesk_core::settings::{FirstImport, MailboxName, SecretSetting, Settings, diff};

const NEXT: Key = Key::f(2);

fn empty() -> SettingsView {
    SettingsView { revision: Revision(1), settings: Settings::default() }
}

/// A console that found nothing set up.
fn begun() -> Model {
    let mut model = connected();
    answer(&mut model, Place::Home, Request::Settings, Answer::Settings(Box::new(empty())));
    model
}

fn state(model: &Model) -> &State {
    &model.screens.setup
}

/// Goes to a field of the step that is shown, empties it and types.
fn fill(model: &mut Model, path: &str, text: &str) {
    let sheet = model.screens.setup.wizard.as_mut().unwrap().sheet_mut().unwrap();
    sheet.focus = sheet.fields.iter().position(|field| field.path == path).unwrap();
    press(model, &[Key::ctrl('u')]);
    enter(model, text);
}

fn report(steps: Vec<(Stage, &[(&str, &str)])>) -> Answer {
    let step = |(step, found): (Stage, &[(&str, &str)])| CheckStep {
        step,
        outcome: Outcome::Passed,
        milliseconds: 12,
        found: found.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect(),
        server_said: None,
        diagnosis: None,
    };
    let conclusion = Conclusion { outcome: Outcome::Passed, sentence: "it works".into() };
    let steps = steps.into_iter().map(step).collect();
    Answer::Checked(Box::new(CheckReport { steps, transcript: Vec::new(), conclusion, mark: None }))
}

fn folder(takes: &str) -> Answer {
    let takes: &[(&str, &str)] = &[("mails", takes)];
    let folder: &[(&str, &str)] = &[("folder", "INBOX"), ("mails", "4812"), ("unread", "39")];
    report(vec![(Stage::Login, &[]), (Stage::Folder, folder), (Stage::NextPoll, takes)])
}

/// Presses F2, which tests; gives the answer and presses F2 again.
fn tested(model: &mut Model, with: Answer) {
    let request = asked(press(model, &[NEXT])).remove(0);
    answer(model, Place::Setup, request, with);
    press(model, &[NEXT]);
}

fn at_inbound() -> Model {
    let mut model = begun();
    fill(&mut model, "address", "support@acme.example");
    press(&mut model, &[NEXT]);
    fill(&mut model, "login.password", "hunter2");
    model
}

fn at_save() -> Model {
    let mut model = at_inbound();
    tested(&mut model, folder("0"));
    press(&mut model, &[NEXT]);
    tested(&mut model, report(vec![(Stage::Login, &[])]));
    model
}

/// What would be saved, after the daemon said what changes.
fn compared(model: &mut Model) -> Settings {
    let (settings, seen) = state(model).pending.clone().unwrap();
    assert_eq!(seen, Revision(1));
    let changes = SettingsDiff { revision: Revision(1), changes: diff(&Settings::default(), &settings) };
    let request = Request::SettingsDiff(Box::new(settings.clone()));
    answer(model, Place::Setup, request, Answer::Changes(changes));
    settings
}

#[test]
fn pictures() {
    check(&begun(), "setup", "desk");
    let mut model = at_inbound();
    let request = asked(press(&mut model, &[NEXT])).remove(0);
    answer(&mut model, Place::Setup, request, folder("0"));
    check(&model, "setup", "inbound-tested");
    press(&mut model, &[NEXT]);
    check(&model, "setup", "start");
    let mut model = at_save();
    compared(&mut model);
    check(&model, "setup", "save");
}

#[test]
fn a_desk_without_settings_is_led_here_once_and_a_set_up_one_never() {
    let mut model = begun();
    assert_eq!(model.desk.place, Place::Setup);
    press(&mut model, &[Key::of(Code::Esc)]);
    answer(&mut model, Place::Home, Request::Settings, Answer::Settings(Box::new(empty())));
    assert_eq!(model.desk.place, Place::Home);
    press(&mut model, &[Key::char('0')]);
    assert_eq!(model.desk.place, Place::Setup);
    let mut settings = Settings::default();
    let document = "[[sender]]\nname = \"a\"\nfrom = \"a@b.example\"\ntransport = \"folder\"\npath = \"/x\"\n";
    settings.sender = maildesk_core::settings::from_toml(document).unwrap().sender;
    let mut model = connected();
    let view = SettingsView { revision: Revision(2), settings };
    answer(&mut model, Place::Home, Request::Settings, Answer::Settings(Box::new(view)));
    assert_eq!(model.desk.place, Place::Home);
}

#[test]
fn the_servers_are_proposed_and_what_is_wrong_is_pointed_out() {
    let mut model = begun();
    press(&mut model, &[NEXT]);
    assert_eq!((state(&model).step(), said(&model.desk)), (Step::Desk, "fields need a look first"));
    fill(&mut model, "address", "support@acme.example");
    press(&mut model, &[NEXT]);
    let form = state(&model).wizard.as_ref().unwrap().inbound.as_ref().unwrap();
    assert_eq!((form.name.as_str(), form.sheet.text("server.host").as_str()), ("support", "imap.acme.example"));
    assert_eq!(form.sheet.text("login.username"), "support@acme.example");
    assert_eq!(asked(press(&mut model, &[NEXT])), [], "no password, no test");
    let form = state(&model).wizard.as_ref().unwrap().inbound.as_ref().unwrap();
    assert_eq!(form.sheet.focused().unwrap().path, "login.password");
}

#[test]
fn servers_that_dns_names_take_the_place_of_guesses_but_not_of_what_was_typed() {
    let mut model = begun();
    fill(&mut model, "address", "support@acme.example");
    let request = asked(press(&mut model, &[NEXT])).remove(0);
    let address = Address::parse("support@acme.example").unwrap();
    assert_eq!(request, Request::Servers(address.clone()));
    let mut typed = begun();
    fill(&mut typed, "address", "support@acme.example");
    press(&mut typed, &[NEXT]);
    fill(&mut typed, "server.host", "mine.acme.example");
    let mut found = propose(&address);
    found.imap.server.host = "mx7.host.example".into();
    found.imap.source = Source::Dns { record: "_imaps._tcp.acme.example".into() };
    for (model, host) in [(&mut model, "mx7.host.example"), (&mut typed, "mine.acme.example")] {
        answer(model, Place::Setup, request.clone(), Answer::Servers(Box::new(found.clone())));
        let form = state(model).wizard.as_ref().unwrap().inbound.as_ref().unwrap();
        assert_eq!(form.sheet.text("server.host"), host);
    }
    let source = state(&model).wizard.as_ref().unwrap().source().unwrap();
    assert_eq!(source, "mx7.host.example: by the DNS record _imaps._tcp.acme.example");
    assert_eq!(state(&typed).wizard.as_ref().unwrap().source(), None);
}

#[test]
fn what_a_choice_takes_is_counted_before_it_is_chosen() {
    let mut model = at_inbound();
    tested(&mut model, folder("0"));
    assert_eq!(state(&model).step(), Step::Start);
    press(&mut model, &[Key::of(Code::Enter)]);
    assert_eq!(state(&model).counts.of("unread"), Some(39));
    press(&mut model, &[Key::of(Code::Enter)]);
    press(&mut model, &[NEXT]);
    assert_eq!(said(&model.desk), "fields need a look first");
    fill(&mut model, "day", "2026-03-01");
    let request = asked(press(&mut model, &[NEXT])).remove(0);
    let Request::CheckMailbox(mailbox) = &request else { panic!("{request:?}") };
    let day = "2026-03-01".parse().unwrap();
    assert_eq!(mailbox.first_import, FirstImport::Since(day));
    answer(&mut model, Place::Setup, request, folder("12"));
    assert_eq!(state(&model).counts.of("2026-03-01"), Some(12));
    press(&mut model, &[NEXT]);
    assert_eq!(state(&model).step(), Step::Outbound);
}

#[test]
fn everything_is_saved_at_once_with_the_login_of_the_mailbox_for_both() {
    let mut model = at_save();
    assert_eq!(state(&model).step(), Step::Save);
    let settings = compared(&mut model);
    let (mailbox, sender) = (&settings.mailbox[0], &settings.sender[0]);
    assert_eq!((mailbox.address.as_str(), sender.from.as_str()), ("support@acme.example", "support@acme.example"));
    let smtp = sender.way.smtp().unwrap();
    assert_eq!((smtp.server.host.as_str(), smtp.server.port), ("smtp.acme.example", 587));
    let typed = |secret: &SecretSetting| matches!(secret, SecretSetting::Value(text) if text.expose() == "hunter2");
    assert!(typed(&mailbox.login.password) && typed(&smtp.login.as_ref().unwrap().password));
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [], "Enter never saves");
    let applied = asked(press(&mut model, &[NEXT])).remove(0);
    assert!(matches!(&applied, Request::SettingsApply(_, seen) if seen.0 == 1), "{applied:?}");
    let done = SettingsDiff { revision: Revision(2), changes: Vec::new() };
    answer(&mut model, Place::Setup, applied, Answer::Changes(done));
    assert_eq!(state(&model).step(), Step::FirstMail);

    let what = DomainEvent::MailJudged {
        mail: MailId(1),
        mailbox: MailboxName::parse("support").unwrap(),
        from: "ann@ex.org".into(),
        subject: "Hello".into(),
        outcome: route::Outcome::NewTicket { ticket: TicketNumber(1) },
        acknowledgement: None,
    };
    let events = vec![Event { seq: EventSeq(9), at: noon(), what }];
    let effects = update(&mut model, Msg::Happened(EventBatch { events, next: EventSeq(9), gap: false }));
    assert!(effects.contains(&Effect::KeepDraft { name: "setup".into(), text: String::new() }), "it is done");
    check(&model, "setup", "first-ticket");
    press(&mut model, &[Key::of(Code::Enter)]);
    assert_eq!(model.desk.place, Place::Tickets);
}

#[test]
fn it_goes_on_where_it_was_left_without_the_secret() {
    let mut model = at_inbound();
    tested(&mut model, folder("0"));
    let left = press(&mut model, &[Key::of(Code::Esc)]);
    let text = left.into_iter().find_map(|effect| match effect {
        Effect::KeepDraft { name, text } if name == "setup" => Some(text),
        _ => None,
    });
    let text = text.unwrap();
    assert!(!text.contains("hunter2") && !format!("{model:?}").contains("hunter2"), "{text}");
    let mut model = begun();
    update(&mut model, Msg::Draft { name: "setup".into(), text });
    assert_eq!(state(&model).step(), Step::Start);
    press(&mut model, &[NEXT]);
    assert_eq!(state(&model).step(), Step::Outbound);
    press(&mut model, &[NEXT]);
    assert!(said(&model.desk).starts_with("the password of the mailbox is needed once more"), "{}", said(&model.desk));
    press(&mut model, &[Key::f(7), Key::f(7)]);
    assert_eq!(state(&model).step(), Step::Inbound);
    assert_eq!(state(&model).wizard.as_ref().unwrap().desk.text("address"), "support@acme.example");
}
