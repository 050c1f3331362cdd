//! Filters: a draft that is tried and reviewed before it counts.

use crate::app::Model;
use crate::app::key::{Code, Key};
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::app::update;
use crate::screen::pictures::{UNICODE, answer, asked, check, connected, picture, press, said};
use maildesk_core::filter::Filter;
use maildesk_core::ids::Revision;
use maildesk_core::rpc::{DryRunPart, FilterHits, FilterRow, FiltersView, SettingsDiff, SettingsView};
use maildesk_core::settings::{Settings, diff, filters_from_toml};

const RULES: &str = r#"
[[filter]]
name = "newsletters"
when = [{ field = "fact", equals = "list" }]
then = { drop = true }

[[filter]]
name = "vip"
when = [{ field = "from_domain", equals = "acme.test" }]
then = { priority = "high" }
"#;

pub(crate) fn rules() -> Vec<Filter> {
    filters_from_toml(RULES).unwrap()
}

/// A desk that is set up, so that the first run is not offered.
const SENDER: &str = "[[sender]]\nname = \"a\"\nfrom = \"a@b.example\"\ntransport = \"folder\"\npath = \"/x\"\n";

fn settings() -> SettingsView {
    let sender = maildesk_core::settings::from_toml(SENDER).unwrap().sender;
    SettingsView { revision: Revision(4), settings: Settings { filter: rules(), sender, ..Settings::default() } }
}

fn filters() -> Model {
    let mut model = connected();
    answer(&mut model, Place::Home, Request::Settings, Answer::Settings(Box::new(settings())));
    assert!(asked(press(&mut model, &[Key::char('7')])).contains(&Request::Filters));
    let rows =
        rules().into_iter().map(|filter| FilterRow { filter, hits: FilterHits { count: 6, last: None, mail: None } });
    let view = FiltersView { revision: Revision(4), rows: rows.collect(), shadowed: Vec::new() };
    answer(&mut model, Place::Filters, Request::Filters, Answer::Filters(view));
    model
}

fn names(model: &Model) -> Vec<String> {
    model.screens.filters.rules().iter().map(|rule| rule.name.to_string()).collect()
}

#[test]
fn pictures() {
    check(&filters(), "filters", "rules");
    let mut model = filters();
    press(&mut model, &[Key::char('J'), Key::char('t')]);
    let part = DryRunPart { looked_at: 200, ..DryRunPart::default() };
    answer(&mut model, Place::Filters, Request::DryRun(Vec::new(), 200), Answer::DryRun(part));
    check(&model, "filters", "dry-run");
    let mut model = filters();
    press(&mut model, &[Key::char('a'), Key::char('j')]);
    check(&model, "filters", "presets");
    press(&mut model, &[Key::of(Code::Esc), Key::char('x')]);
    check(&model, "filters", "removing");
}

#[test]
fn moving_and_switching_make_a_draft_and_going_back_unmakes_it() {
    let mut model = filters();
    press(&mut model, &[Key::char('J')]);
    assert_eq!((names(&model), model.screens.filters.cursor.at), (vec!["vip".into(), "newsletters".into()], 1));
    press(&mut model, &[Key::char('K')]);
    assert!(model.screens.filters.draft.is_none());
    press(&mut model, &[Key::char(' ')]);
    assert!(!model.screens.filters.rules()[0].enabled);
    press(&mut model, &[Key::f(8), Key::char('y')]);
    assert!(model.screens.filters.draft.is_none());
}

#[test]
fn a_dry_run_tries_the_draft() {
    let mut model = filters();
    press(&mut model, &[Key::char(' ')]);
    let asked = asked(press(&mut model, &[Key::char('t')]));
    let [Request::DryRun(rules, 200)] = asked.as_slice() else { panic!("{asked:?}") };
    assert!(!rules[0].enabled);
    press(&mut model, &[Key::char('t')]);
    assert_eq!(said(&model.desk), "a dry run is under way");
}

#[test]
fn a_draft_is_reviewed_and_saved() {
    let mut model = filters();
    press(&mut model, &[Key::char('J')]);
    let request = asked(press(&mut model, &[Key::ctrl('s')])).remove(0);
    let Request::SettingsDiff(wanted) = &request else { panic!("{request:?}") };
    let changes = SettingsDiff { revision: Revision(5), changes: diff(&settings().settings, wanted) };
    answer(&mut model, Place::Filters, request, Answer::Changes(changes.clone()));
    let applied = asked(press(&mut model, &[Key::char('y')])).remove(0);
    assert!(matches!(&applied, Request::SettingsApply(_, Revision(4))), "{applied:?}");
    answer(&mut model, Place::Filters, applied, Answer::Changes(changes));
    assert!(model.screens.filters.draft.is_none());
    assert_eq!(said(&model.desk), "saved: 1 change, revision 5");
}

#[test]
fn what_somebody_else_saved_meanwhile_is_shown_before_it_is_written_over() {
    let mut model = filters();
    press(&mut model, &[Key::char('J')]);
    let mut theirs = settings();
    theirs.revision = Revision(5);
    theirs.settings.filter[1].enabled = false;
    answer(&mut model, Place::Home, Request::Settings, Answer::Settings(Box::new(theirs.clone())));
    let request = asked(press(&mut model, &[Key::ctrl('s')])).remove(0);
    let Request::SettingsDiff(wanted) = &request else { panic!("{request:?}") };
    let changes = SettingsDiff { revision: Revision(5), changes: diff(&theirs.settings, wanted) };
    answer(&mut model, Place::Filters, request, Answer::Changes(changes));
    check(&model, "filters", "conflict");
    let shown = picture(&model, UNICODE, (120, 40));
    assert!(shown.contains("Somebody else changed the rules") && shown.contains("enabled"), "{shown}");
}

#[test]
fn a_text_that_does_not_check_is_kept_for_another_try() {
    let mut model = filters();
    let effects = press(&mut model, &[Key::char('e')]);
    assert!(
        matches!(effects.as_slice(), [Effect::Editor { text, ending: ".toml", .. }] if text.contains("newsletters"))
    );
    update(&mut model, Msg::Edited { from: Place::Filters, result: Ok("[[filter]]\nname = 7".into()) });
    assert!(model.screens.filters.draft.is_none() && !model.screens.filters.problems.is_empty());
    let effects = press(&mut model, &[Key::char('e')]);
    assert!(matches!(effects.as_slice(), [Effect::Editor { text, .. }] if text.contains("name = 7")), "{effects:?}");
    let better = RULES.replace("newsletters", "news");
    update(&mut model, Msg::Edited { from: Place::Filters, result: Ok(better) });
    assert_eq!(names(&model), ["news", "vip", "vip"]);
    assert_eq!(asked(press(&mut model, &[Key::ctrl('s')])), [], "two rules of one name are not saved");
}

fn kept(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::KeepDraft { name, text } if name == "filters" => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn a_preset_is_added_behind_all_others_and_only_once() {
    let mut model = filters();
    press(&mut model, &[Key::char('a'), Key::char('j')]);
    let effects = press(&mut model, &[Key::of(Code::Enter)]);
    assert_eq!(names(&model), ["newsletters", "vip", "out-of-office"]);
    assert!(kept(&effects).unwrap().contains("out-of-office"));
    press(&mut model, &[Key::char('a'), Key::of(Code::Enter)]);
    assert_eq!(names(&model).len(), 3);
    assert_eq!(said(&model.desk), "there is a filter newsletters already: e changes that one");
    press(&mut model, &[Key::of(Code::Esc)]);
    assert!(model.screens.filters.presets.is_none());
}

#[test]
fn a_rule_is_taken_out_only_after_a_yes_and_a_draft_without_rules_is_kept() {
    let mut model = filters();
    press(&mut model, &[Key::char('x'), Key::of(Code::Enter)]);
    assert_eq!(names(&model).len(), 2);
    press(&mut model, &[Key::char('x'), Key::char('y')]);
    assert_eq!(names(&model), ["vip"]);
    let effects = press(&mut model, &[Key::char('x'), Key::char('y')]);
    let text = kept(&effects).unwrap().to_owned();
    assert!(names(&model).is_empty() && !text.is_empty());
    let mut later = filters();
    update(&mut later, Msg::Draft { name: "filters".into(), text });
    assert_eq!(later.screens.filters.draft, Some(Vec::new()));
}

#[test]
fn a_draft_outlives_the_console_and_is_forgotten_when_asked() {
    let mut model = filters();
    let text = kept(&press(&mut model, &[Key::char('J')])).unwrap().to_owned();
    let mut later = connected();
    assert!(press(&mut later, &[Key::char('7')]).contains(&Effect::LoadDraft("filters".into())));
    update(&mut later, Msg::Draft { name: "filters".into(), text });
    assert_eq!(names(&later), ["vip", "newsletters"]);
    let effects = press(&mut later, &[Key::f(8), Key::char('y')]);
    assert_eq!(kept(&effects), Some(""));
}
