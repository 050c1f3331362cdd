//! Templates: the list, editing and checking, saving, history, sending.

use crate::app::key::{Code, Key};
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, ProblemKind, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{ago, answer, asked, check, connected, enter, press, said};
use maildesk_core::address::Address;
use maildesk_core::ids::{OutboxId, Revision, TicketNumber};
use maildesk_core::language::Language;
use maildesk_core::notification::{self, Kind, TemplateSource};
use maildesk_core::rpc::{
    PreviewedMail, TemplateData, TemplatePreview, TemplateRow, TemplateStamp, TemplateVersion, TemplateView,
};

const KIND: Kind = Kind::TicketAcknowledgement;
const EN: Language = Language::En;

fn source(greeting: &str) -> TemplateSource {
    let html = format!("<p>{greeting}</p>\n<p>we got your mail: #$ticket.number.</p>\n<p>$desk.name</p>\n");
    TemplateSource { subject: "[#$ticket.number] received".into(), html, text: None }
}

fn stamp(revision: u64, reset: bool) -> TemplateStamp {
    TemplateStamp { revision: Revision(revision), at: ago(60 * 24), by: "ben".into(), reset }
}

fn row(kind: Kind, language: Language) -> TemplateRow {
    TemplateRow { kind, language, saved: None, draft: None, builtin_changed: false, problems: 0 }
}

pub(crate) fn rows() -> Vec<TemplateRow> {
    let own = TemplateRow { saved: Some(stamp(3, false)), builtin_changed: true, ..row(KIND, EN) };
    let draft = TemplateRow { draft: Some(stamp(0, false)), ..row(Kind::AgentReply, EN) };
    let broken = TemplateRow { saved: Some(stamp(1, false)), problems: 2, ..row(Kind::TicketResolved, Language::De) };
    vec![own, row(KIND, Language::De), draft, broken, row(Kind::Invitation, Language::Fr)]
}

pub(crate) fn view(draft: Option<TemplateSource>) -> TemplateView {
    let draft_stamp = draft.is_some().then(|| stamp(0, false));
    TemplateView {
        row: TemplateRow { saved: Some(stamp(3, false)), draft: draft_stamp, ..row(KIND, EN) },
        builtin: source("Hello,"),
        saved: Some(source("Dear friend,")),
        draft,
        history: vec![stamp(3, false), stamp(2, true), stamp(1, false)],
    }
}

pub(crate) fn preview(of: &TemplateSource) -> TemplatePreview {
    let checked = notification::check(KIND, of);
    let mail = checked.problems.is_empty().then(|| PreviewedMail {
        subject: "[#1042] received".into(),
        html: "<!doctype html>\n<p>Dear friend,</p>".into(),
        text: "Dear friend,\n\nwe got your mail: #1042.\n\nExample Support\n".into(),
        html_as_text: "Dear friend,\n\nwe got your mail: #1042.\n\nExample Support\u{1b}]52;c;x\u{7}\n".into(),
        size: 4200,
    });
    TemplatePreview { checked, mail }
}

fn listed() -> Model {
    let mut model = connected();
    press(&mut model, &[Key::char('8')]);
    answer(&mut model, Place::Templates, Request::Templates, Answer::Templates(rows()));
    model
}

/// Gives the open template and answers what it asks.
fn give(model: &mut Model, view: TemplateView) {
    let shown = view.draft.clone().or(view.saved.clone()).unwrap();
    let request = Request::Template(KIND, EN);
    answer(model, Place::Templates, request, Answer::Template(Box::new(view)));
    fill(model, &shown);
}

fn fill(model: &mut Model, source: &TemplateSource) {
    let version = TemplateVersion::Given(source.clone());
    let request = Request::RenderTemplate { kind: KIND, language: EN, version, data: TemplateData::Sample };
    answer(model, Place::Templates, request, Answer::Rendered(Box::new(preview(source))));
}

fn opened(draft: Option<TemplateSource>) -> Model {
    let mut model = listed();
    press(&mut model, &[Key::of(Code::Enter)]);
    give(&mut model, view(draft));
    model
}

fn broken() -> TemplateSource {
    let mut source = source("Dear ${contact.name},");
    source.html.push_str("<p>$ticket.nr</p>\n");
    source
}

fn edit(model: &mut Model, text: String) -> Vec<Effect> {
    update(model, Msg::Edited { from: Place::Templates, result: Ok(text) })
}

#[test]
fn pictures() {
    let mut model = listed();
    check(&model, "templates", "list");
    model = opened(None);
    check(&model, "templates", "saved");
    press(&mut model, &[Key::char('n')]);
    check(&model, "templates", "names");
    press(&mut model, &[Key::char('h'), Key::char('j')]);
    check(&model, "templates", "history");
    press(&mut model, &[Key::char('d'), Key::char('d')]);
    check(&model, "templates", "diff");
    check(&opened(Some(broken())), "templates", "errors");
    model = opened(Some(source("Good day,")));
    press(&mut model, &[Key::f(2)]);
    check(&model, "templates", "saving");
    let mut empty = connected();
    press(&mut empty, &[Key::char('8')]);
    check(&empty, "templates", "asking");
}

#[test]
fn an_open_template_asks_for_its_versions_and_fills_in_what_is_shown() {
    let mut model = listed();
    let effects = press(&mut model, &[Key::of(Code::Enter)]);
    assert!(effects.contains(&Effect::LoadDraft("template-ticket_acknowledgement-en".into())));
    assert_eq!(asked(effects), [Request::Template(KIND, EN)]);
    let given = Answer::Template(Box::new(view(Some(source("Draft,")))));
    let effects = answer(&mut model, Place::Templates, Request::Template(KIND, EN), given);
    let version = TemplateVersion::Given(source("Draft,"));
    let data = TemplateData::Sample;
    assert_eq!(asked(effects), [Request::RenderTemplate { kind: KIND, language: EN, version, data }]);
}

#[test]
fn what_comes_from_the_editor_is_kept_here_until_the_daemon_has_it() {
    let mut model = opened(None);
    let effects = press(&mut model, &[Key::char('e')]);
    let text = source("Dear friend,").to_document();
    assert!(effects.contains(&Effect::Editor { from: Place::Templates, text: text.clone(), ending: ".template.html" }));
    assert_eq!(edit(&mut model, text), []);
    assert_eq!(said(&model.desk), "nothing was changed");

    let new = source("Good day,");
    let name = "template-ticket_acknowledgement-en".to_owned();
    let effects = edit(&mut model, new.to_document());
    assert!(effects.contains(&Effect::KeepDraft { name: name.clone(), text: new.to_document() }));
    let request = Request::TemplateDraft(KIND, EN, Some(Box::new(new.clone())));
    assert!(asked(effects).contains(&request));
    let effects = answer(&mut model, Place::Templates, request, Answer::TemplateDrafted);
    assert!(effects.contains(&Effect::KeepDraft { name, text: String::new() }));
    give(&mut model, view(Some(new)));
    assert_eq!(model.screens.templates.opened.as_ref().unwrap().edited, None);
}

#[test]
fn a_text_that_is_no_template_is_edited_again_and_never_lost() {
    let mut model = opened(None);
    let text = "Subject: a\nno html";
    edit(&mut model, text.into());
    // Enter stands on No; the text waits.
    press(&mut model, &[Key::of(Code::Enter)]);
    let effects = press(&mut model, &[Key::char('e')]);
    let again = Effect::Editor { from: Place::Templates, text: text.into(), ending: ".template.html" };
    assert!(effects.contains(&again));
    edit(&mut model, text.into());
    assert!(press(&mut model, &[Key::char('y')]).contains(&again));
}

#[test]
fn errors_forbid_saving_and_say_where() {
    let mut model = opened(Some(broken()));
    assert_eq!(asked(press(&mut model, &[Key::f(2)])), []);
    assert!(model.desk.overlay.is_none());
    let words = said(&model.desk);
    assert!(words.starts_with("Cannot save: line 6, column 4: unknown variable `$ticket.nr`"), "{words}");
    press(&mut model, &[Key::f(6)]);
    assert_eq!(said(&model.desk), "it makes no mail while it has errors");
}

#[test]
fn saving_shows_the_difference_and_tells_of_another_that_was_first() {
    let mut model = opened(None);
    press(&mut model, &[Key::f(2)]);
    assert_eq!(said(&model.desk), "there is no draft to save; e begins one");
    model = opened(Some(source("Good day,")));
    press(&mut model, &[Key::ctrl('s'), Key::of(Code::Enter)]);
    let effects = press(&mut model, &[Key::ctrl('s'), Key::char('y')]);
    let request = Request::SaveTemplate(KIND, EN, Some(Box::new(source("Good day,"))), Revision(3));
    assert_eq!(asked(effects), std::slice::from_ref(&request));
    let problem = Problem { kind: ProblemKind::Conflict, ..Problem::offline() };
    let told = Msg::Answered { from: Place::Templates, request: request.clone(), result: Box::new(Err(problem)) };
    assert_eq!(asked(update(&mut model, told)), [Request::Template(KIND, EN)]);
    assert!(said(&model.desk).starts_with("somebody else saved first"));
    let saved = TemplateRow { saved: Some(stamp(4, false)), ..row(KIND, EN) };
    answer(&mut model, Place::Templates, request, Answer::TemplateSaved(Box::new(saved)));
    assert_eq!(said(&model.desk), "saved as revision 4; mails are made by it now");
}

#[test]
fn the_history_is_saved_again_and_the_built_in_one_counts_again() {
    let mut model = opened(None);
    press(&mut model, &[Key::char('R')]);
    assert!(said(&model.desk).starts_with("h shows the history"));
    let effects = press(&mut model, &[Key::char('h'), Key::of(Code::End), Key::char('R')]);
    let request = Request::TemplateSource(KIND, EN, Revision(1));
    assert_eq!(asked(effects), std::slice::from_ref(&request));
    answer(&mut model, Place::Templates, request, Answer::TemplateSource(Box::new(source("Old,"))));
    let effects = press(&mut model, &[Key::char('y')]);
    assert_eq!(asked(effects), [Request::SaveTemplate(KIND, EN, Some(Box::new(source("Old,"))), Revision(3))]);
    // The version before it let the built-in one count again.
    press(&mut model, &[Key::char('k'), Key::char('R')]);
    let effects = press(&mut model, &[Key::char('y')]);
    assert_eq!(asked(effects), [Request::SaveTemplate(KIND, EN, None, Revision(3))]);
}

#[test]
fn a_draft_is_forgotten_only_after_a_yes() {
    let mut model = opened(None);
    press(&mut model, &[Key::char('x')]);
    assert_eq!(said(&model.desk), "there is no draft");
    model = opened(Some(source("Good day,")));
    assert_eq!(asked(press(&mut model, &[Key::char('x'), Key::of(Code::Esc)])), []);
    let effects = press(&mut model, &[Key::char('x'), Key::char('y')]);
    assert_eq!(asked(effects), [Request::TemplateDraft(KIND, EN, None)]);
}

#[test]
fn it_is_filled_with_a_ticket_and_sent_to_an_address() {
    let mut model = opened(None);
    press(&mut model, &[Key::char('S')]);
    enter(&mut model, "#12");
    let effects = press(&mut model, &[Key::of(Code::Enter)]);
    let (version, data) = (TemplateVersion::Given(source("Dear friend,")), TemplateData::Ticket(TicketNumber(12)));
    let request = Request::RenderTemplate { kind: KIND, language: EN, version: version.clone(), data };
    assert_eq!(asked(effects), [request]);
    press(&mut model, &[Key::f(6)]);
    enter(&mut model, "nobody");
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), []);
    assert!(said(&model.desk).ends_with("nothing was sent"), "{}", said(&model.desk));
    press(&mut model, &[Key::f(6)]);
    enter(&mut model, "ana@desk.test");
    let to = Address::parse("ana@desk.test").unwrap();
    let request = Request::SendTemplate { kind: KIND, language: EN, version, data, to };
    assert_eq!(asked(press(&mut model, &[Key::of(Code::Enter)])), std::slice::from_ref(&request));
    answer(&mut model, Place::Templates, request, Answer::TemplateQueued(OutboxId(7)));
    assert!(said(&model.desk).starts_with("queued as mail 7 to ana@desk.test"));
}

#[test]
fn the_list_is_narrowed_to_a_language() {
    let mut model = listed();
    press(&mut model, &[Key::char('l'), Key::char('l')]);
    let state = &model.screens.templates;
    assert_eq!((state.language, state.visible().len()), (Some(Language::De), 2));
    press(&mut model, &[Key::of(Code::Esc)]);
    assert_eq!(model.screens.templates.visible().len(), 5);
}
