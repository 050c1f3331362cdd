//! Senders and mailboxes: forms that trap nobody, secrets that are never shown, reviews, conflicts, tests.

use super::Form;
use crate::app::key::{Code, Key};
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, ProblemKind, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{UNICODE, answer, asked, check, connected, enter, noon, picture, press, said};
use jiff::SignedDuration;
use maildesk_core::check::{CheckReport, CheckStep, Conclusion, Outcome, Stage};
use maildesk_core::diagnosis::{Diagnosis, FaultKind, Step};
use maildesk_core::ids::Revision;
use maildesk_core::rpc::{SettingsDiff, SettingsView};
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use maildesk_core::settings::proposal::{Proposal, Proposed, Source};
use maildesk_core::settings::{SecretSetting, Settings, diff, from_toml};

const DOCUMENT: &str = r#"
[[sender]]
name = "desk"
from = "desk@ex.org"
server = { host = "smtp.ex.org", port = 587, encryption = "starttls" }
login = { username = "desk@ex.org", password = "sealed" }

[[mailbox]]
name = "support"
address = "support@ex.org"
server = { host = "imap.ex.org", port = 993, encryption = "tls" }
login = { username = "support@ex.org", password = { credential = "imap" } }
"#;

pub(crate) fn view(revision: u64) -> SettingsView {
    SettingsView { revision: Revision(revision), settings: from_toml(DOCUMENT).unwrap() }
}

fn at(key: char) -> Model {
    let mut model = connected();
    answer(&mut model, Place::Home, Request::Settings, Answer::Settings(Box::new(view(4))));
    press(&mut model, &[Key::char(key)]);
    model
}

fn tab(model: &mut Model, times: usize) {
    (0..times).for_each(|_| drop(press(model, &[Key::of(Code::Tab)])));
}

fn form(model: &Model) -> &Form {
    model.screens.outbound.form.as_ref().unwrap()
}

/// The outbound form with the cursor on this field.
fn editing(path: &str) -> Model {
    let mut model = at('6');
    press(&mut model, &[Key::char('e')]);
    assert!(form(&model).sheet.field(path).is_some_and(|field| !field.hidden), "{path} is not shown");
    while form(&model).sheet.focused().unwrap().path != path {
        tab(&mut model, 1);
    }
    model
}

pub(crate) fn failed() -> CheckReport {
    let step = |step, outcome, said: Option<&str>| CheckStep {
        step,
        outcome,
        milliseconds: 31,
        found: Vec::new(),
        server_said: said.map(str::to_owned),
        diagnosis: said.map(|said| Diagnosis {
            kind: FaultKind::Refused,
            step: Step::Login,
            server_said: Some(said.into()),
            meaning: "the server does not accept this user name and password".into(),
            remedy: "type the password anew".into(),
        }),
    };
    CheckReport {
        steps: vec![
            step(Stage::Resolve, Outcome::Passed, None),
            step(Stage::Connect, Outcome::Passed, None),
            step(Stage::Login, Outcome::Failed, Some("535 5.7.8 refused")),
            step(Stage::Sender, Outcome::Skipped, None),
        ],
        transcript: Vec::new(),
        conclusion: Conclusion { outcome: Outcome::Failed, sentence: "login: it is refused".into() },
        mark: None,
    }
}

#[test]
fn pictures() {
    check(&at('6'), "channels", "senders");
    check(&at('5'), "channels", "mailboxes");
    let mut model = editing("login.password");
    enter(&mut model, "hunter2");
    let tested = press(&mut model, &[Key::f(3)]);
    let request = asked(tested).remove(0);
    check(&model, "channels", "testing");
    answer(&mut model, Place::Outbound, request, Answer::Checked(Box::new(failed())));
    check(&model, "channels", "tested");
    let mut mailbox = at('5');
    press(&mut mailbox, &[Key::char('e')]);
    check(&mailbox, "channels", "mailbox-form");
}

#[test]
fn a_secret_is_never_on_the_screen_nor_in_debug() {
    let mut model = editing("login.password");
    enter(&mut model, "hunter2");
    let shown = picture(&model, UNICODE, (120, 40));
    assert!(!shown.contains("hunter2") && shown.contains("new, not saved"), "{shown}");
    assert!(!format!("{model:?}").contains("hunter2"));
    let saved = asked(press(&mut model, &[Key::f(2)]));
    let [Request::SettingsDiff(settings)] = saved.as_slice() else { panic!("{saved:?}") };
    assert!(!format!("{settings:?}").contains("hunter2"));
    let password = &settings.sender[0].way.smtp().unwrap().login.as_ref().unwrap().password;
    assert!(matches!(password, SecretSetting::Value(secret) if secret.expose() == "hunter2"));
}

#[test]
fn a_password_is_typed_or_a_credential_or_what_a_program_prints() {
    let saved = |model: &mut Model| {
        let saved = asked(press(model, &[Key::f(2)]));
        let [Request::SettingsDiff(settings)] = saved.as_slice() else { panic!("{saved:?}") };
        settings.sender[0].way.smtp().unwrap().login.as_ref().unwrap().password.clone()
    };
    let mut model = editing("login.password.source");
    press(&mut model, &[Key::of(Code::Enter)]);
    assert_eq!(asked(press(&mut model, &[Key::f(2)])), [], "which credential?");
    assert_eq!(form(&model).sheet.focused().unwrap().path, "login.password.credential");
    enter(&mut model, "smtp");
    assert_eq!(saved(&mut model), SecretSetting::Credential("smtp".into()));
    let mut model = editing("login.password.source");
    press(&mut model, &[Key::char(' '), Key::char(' ')]);
    tab(&mut model, 1);
    enter(&mut model, "/usr/bin/pass show smtp");
    let words = ["/usr/bin/pass", "show", "smtp"].map(str::to_owned).to_vec();
    assert_eq!(saved(&mut model), SecretSetting::Command(words));
    // Back to the one that is sealed: nothing is changed. From a credential to one that is typed: it must be typed.
    press(&mut model, &[Key::of(Code::BackTab), Key::f(8)]);
    assert_eq!((asked(press(&mut model, &[Key::f(2)])), said(&model.desk)), (Vec::new(), "nothing is changed"));
    let mut model = at('5');
    press(&mut model, &[Key::char('e')]);
    let sheet = &mut model.screens.inbound.form.as_mut().unwrap().sheet;
    assert_eq!(
        (sheet.text("login.password.source"), sheet.text("login.password.credential")),
        ("credential".into(), "imap".into())
    );
    sheet.focus = sheet.fields.iter().position(|field| field.path == "login.password.source").unwrap();
    press(&mut model, &[Key::char(' '), Key::char(' ')]);
    assert_eq!(asked(press(&mut model, &[Key::f(2)])), []);
    assert_eq!(model.screens.inbound.form.as_ref().unwrap().sheet.focused().unwrap().path, "login.password");
}

#[test]
fn servers_are_looked_for_and_put_into_the_form() {
    let mut model = at('6');
    press(&mut model, &[Key::char('a')]);
    enter(&mut model, "sales");
    press(&mut model, &[Key::of(Code::Enter), Key::f(9)]);
    assert_eq!(said(&model.desk), "give the address first: its servers are looked for");
    assert_eq!(form(&model).sheet.focused().unwrap().path, "from");
    enter(&mut model, "sales@ex.org");
    let request = asked(press(&mut model, &[Key::f(9)])).remove(0);
    let server = ServerAddress {
        host: "out.ex.org".into(),
        port: 465,
        encryption: Encryption::Tls,
        ca_file: None,
        pin_sha256: None,
    };
    let smtp = Proposed { server, source: Source::Dns { record: "_submissions._tcp.ex.org".into() } };
    let found = Proposal { imap: smtp.clone(), smtp };
    answer(&mut model, Place::Outbound, request, Answer::Servers(Box::new(found)));
    let text = |path: &str| form(&model).sheet.text(path);
    let got = [text("server.host"), text("server.port"), text("server.encryption"), text("login.username")];
    assert_eq!(got, ["out.ex.org", "465", "tls", "sales@ex.org"]);
    assert!(said(&model.desk).contains("by the DNS record _submissions._tcp.ex.org"), "{}", said(&model.desk));
}

#[test]
fn an_untouched_secret_stays_as_it_is() {
    let mut model = editing("display_name");
    enter(&mut model, "Example Support");
    let saved = asked(press(&mut model, &[Key::ctrl('s')]));
    let [Request::SettingsDiff(settings)] = saved.as_slice() else { panic!("{saved:?}") };
    let want = Settings { ..view(4).settings };
    let changes: Vec<String> = diff(&want, settings).into_iter().map(|change| change.field).collect();
    assert_eq!(changes, ["sender.desk.display_name"]);
}

#[test]
fn nothing_keeps_a_person_in_a_field_but_nothing_wrong_is_saved() {
    let mut model = editing("server.port");
    press(&mut model, &[Key::ctrl('u')]);
    enter(&mut model, "many");
    tab(&mut model, 1);
    assert_eq!((form(&model).sheet.focus, form(&model).errors()), (2, 1));
    assert_eq!(asked(press(&mut model, &[Key::ctrl('s')])), []);
    assert_eq!(form(&model).sheet.focused().unwrap().path, "server.port");
    press(&mut model, &[Key::f(8), Key::ctrl('u')]);
    enter(&mut model, "465");
    assert_eq!(asked(press(&mut model, &[Key::ctrl('s')])), []);
    let wrong = form(&model).sheet.fields.iter().find_map(|field| field.problem.clone().map(|said| (field.path, said)));
    let (path, said) = wrong.unwrap();
    assert!(path == "server.encryption" && said.starts_with("does not fit port 465"), "{path}: {said}");
}

#[test]
fn old_and_new_are_shown_before_it_is_saved() {
    let mut model = editing("per_minute");
    press(&mut model, &[Key::ctrl('u')]);
    enter(&mut model, "30");
    let request = asked(press(&mut model, &[Key::f(2)])).remove(0);
    let Request::SettingsDiff(settings) = &request else { panic!("{request:?}") };
    let changes = diff(&view(4).settings, settings);
    let changes = SettingsDiff { revision: Revision(4), changes };
    answer(&mut model, Place::Outbound, request.clone(), Answer::Changes(changes.clone()));
    check(&model, "channels", "review");
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), [], "Enter never saves");
    let request = asked(press(&mut model, &[Key::f(2)])).remove(0);
    answer(&mut model, Place::Outbound, request, Answer::Changes(changes.clone()));
    let applied = asked(press(&mut model, &[Key::char('y')])).remove(0);
    assert!(matches!(&applied, Request::SettingsApply(_, seen) if seen.0 == 4), "{applied:?}");
    let done = SettingsDiff { revision: Revision(5), ..changes };
    let effects = answer(&mut model, Place::Outbound, applied, Answer::Changes(done));
    assert!(model.screens.outbound.form.is_none() && asked(effects).contains(&Request::Settings));
    assert_eq!(said(&model.desk), "saved: 1 change, revision 5");
}

#[test]
fn a_save_that_came_too_late_is_laid_upon_what_is_there() {
    let mut model = editing("per_minute");
    press(&mut model, &[Key::ctrl('u')]);
    enter(&mut model, "30");
    let settings = Box::new(view(4).settings);
    let problem = Problem { kind: ProblemKind::Conflict, said: "changed".into(), remedy: None, fields: Vec::new() };
    let request = Request::SettingsApply(settings, Revision(4));
    update(&mut model, Msg::Answered { from: Place::Outbound, request, result: Box::new(Err(problem)) });
    let mut theirs = view(5);
    theirs.settings.sender[0].per_minute = 60;
    theirs.settings.sender[0].per_hour = 900;
    answer(&mut model, Place::Home, Request::Settings, Answer::Settings(Box::new(theirs.clone())));
    let request = asked(press(&mut model, &[Key::f(2)])).remove(0);
    let Request::SettingsDiff(merged) = &request else { panic!("{request:?}") };
    assert_eq!((merged.sender[0].per_minute, merged.sender[0].per_hour), (30, 900), "theirs is kept where ours is not");
    let changes = SettingsDiff { revision: Revision(5), changes: diff(&theirs.settings, merged) };
    answer(&mut model, Place::Outbound, request, Answer::Changes(changes));
    let shown = picture(&model, UNICODE, (120, 40));
    assert!(shown.contains("Per minute: they set \"60\", you \"30\""), "{shown}");
}

#[test]
fn leaving_with_changes_asks_and_without_does_not() {
    let mut model = editing("display_name");
    press(&mut model, &[Key::of(Code::Esc)]);
    assert!(model.screens.outbound.form.is_none());
    let mut model = editing("display_name");
    enter(&mut model, "x");
    press(&mut model, &[Key::of(Code::Esc), Key::of(Code::Enter)]);
    assert!(model.screens.outbound.form.is_some());
    press(&mut model, &[Key::of(Code::Esc), Key::char('y')]);
    assert!(model.screens.outbound.form.is_none());
}

#[test]
fn what_is_typed_is_kept_for_another_day_but_for_secrets() {
    let mut model = editing("display_name");
    enter(&mut model, "Example Support");
    let sheet = &mut model.screens.outbound.form.as_mut().unwrap().sheet;
    sheet.focus = sheet.fields.iter().position(|field| field.path == "login.password").unwrap();
    enter(&mut model, "hunter2");
    let kept = |effects: Vec<Effect>| {
        let kept = effects.into_iter().filter_map(|effect| match effect {
            Effect::KeepDraft { name, text } => Some((name, text)),
            _ => None,
        });
        kept.collect::<Vec<_>>()
    };
    model.desk.clock.now = noon() + SignedDuration::from_secs(1);
    let drafts = kept(update(&mut model, Msg::Tick));
    let [(name, text)] = drafts.as_slice() else { panic!("{drafts:?}") };
    assert!(text.contains("Example Support") && !text.contains("hunter2"), "{text}");
    assert_eq!(kept(update(&mut model, Msg::Tick)), [], "it is kept already");
    // The line drops with something typed since.
    enter(&mut model, "x");
    assert_eq!(kept(model.keep_drafts()).len(), 1);
    let mut later = editing("from");
    update(&mut later, Msg::Draft { name: name.clone(), text: text.clone() });
    assert_eq!((form(&later).changed(), form(&later).sheet.text("display_name")), (1, "Example Support".into()));
    assert!(said(&later.desk).starts_with("back from an earlier day: 1 change,"), "{}", said(&later.desk));
    let forgotten = kept(press(&mut later, &[Key::of(Code::Esc), Key::char('y')]));
    assert_eq!(forgotten, [(name.clone(), String::new())]);
}

#[test]
fn a_new_mailbox_needs_what_it_needs() {
    let mut model = at('5');
    press(&mut model, &[Key::char('a')]);
    enter(&mut model, "Sales");
    press(&mut model, &[Key::of(Code::Enter)]);
    assert!(said(&model.desk).starts_with("the name must be"), "{}", said(&model.desk));
    press(&mut model, &[Key::char('a')]);
    enter(&mut model, "sales");
    press(&mut model, &[Key::of(Code::Enter)]);
    for (path, text) in
        [("server.host", "imap.ex.org"), ("login.username", "sales"), ("address", "sales@ex.org"), ("sender", "")]
    {
        let form = model.screens.inbound.form.as_mut().unwrap();
        form.sheet.focus = form.sheet.fields.iter().position(|field| field.path == path).unwrap();
        enter(&mut model, text);
    }
    assert_eq!(asked(press(&mut model, &[Key::f(2)])), []);
    let form = model.screens.inbound.form.as_ref().unwrap();
    let wrong: Vec<_> =
        form.sheet.fields.iter().filter(|field| field.problem.is_some()).map(|field| field.path).collect();
    assert_eq!(wrong, ["login.password"]);
    update(&mut model, Msg::Paste("secret\n".into()));
    let saved = asked(press(&mut model, &[Key::f(2)]));
    assert!(matches!(saved.as_slice(), [Request::SettingsDiff(settings)] if settings.mailbox.len() == 2), "{saved:?}");
}

#[test]
fn a_test_mail_goes_to_an_address_or_home() {
    let mut model = at('6');
    press(&mut model, &[Key::f(6)]);
    assert!(matches!(asked(press(&mut model, &[Key::of(Code::Enter)])).as_slice(), [Request::RoundTrip(..)]));
    press(&mut model, &[Key::f(6)]);
    assert_eq!(said(&model.desk), "a test is under way");
}
