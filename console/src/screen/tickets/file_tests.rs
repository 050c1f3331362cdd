//! Files beside an answer: chosen, refused, taken off, kept in the draft, sent, and taken back with it.

use super::tests::{reading, replied, writing};
use crate::app::attached::AttachedFile;
use crate::app::key::{Code, Key};
use crate::app::message::{Effect, Msg};
use crate::app::place::Place;
use crate::app::request::{Answer, Request};
use crate::app::{Model, update};
use crate::screen::pictures::{answer, asked, enter, press, said};
use maildesk_core::ids::OutboxId;
use maildesk_core::outbox::OutboxAction;

const DRAFT: &str = "reply-12-files";

fn file(name: &str, size: u64) -> AttachedFile {
    AttachedFile { path: format!("/srv/{name}").into(), name: name.into(), size }
}

fn seen(model: &mut Model, result: Result<AttachedFile, String>) -> Vec<Effect> {
    update(model, Msg::FileSeen { draft: DRAFT.into(), result })
}

fn kept(text: &str) -> Effect {
    Effect::KeepDraft { name: DRAFT.into(), text: text.into() }
}

/// The files of the answer that would be sent.
fn sent(model: &mut Model) -> Vec<AttachedFile> {
    let mut wanted = asked(press(model, &[Key::f(2), Key::char('y')]));
    let Some(Request::Reply { files, .. }) = wanted.pop() else { panic!("{wanted:?}") };
    files
}

#[test]
fn a_path_is_looked_at_before_its_file_goes_along() {
    let mut model = writing();
    press(&mut model, &[Key::f(9)]);
    enter(&mut model, "~/label.jpg");
    let wanted = press(&mut model, &[Key::of(Code::Enter)]);
    assert_eq!(wanted, [Effect::LookAtFile { draft: DRAFT.into(), path: "~/label.jpg".into() }]);
    assert_eq!(seen(&mut model, Err("there is no file /home/ana/label.jpg".into())), []);
    assert_eq!(said(&model.desk), "there is no file /home/ana/label.jpg");
    assert_eq!(seen(&mut model, Ok(file("label.jpg", 540_000))), [kept("/srv/label.jpg")]);
    assert_eq!(said(&model.desk), "label.jpg goes along, 540 kB");
    seen(&mut model, Ok(file("label.jpg", 540_000)));
    assert_eq!(said(&model.desk), "label.jpg goes along already");
    seen(&mut model, Ok(file("film.mp4", 26 << 20)));
    assert!(said(&model.desk).contains("larger than 25 MiB together"), "{}", said(&model.desk));
    assert_eq!(sent(&mut model), [file("label.jpg", 540_000)]);
    press(&mut model, &[Key::f(9)]);
    assert_eq!(said(&model.desk), "it is being sent at this moment");
}

#[test]
fn files_are_taken_off_by_their_numbers() {
    let mut model = writing();
    press(&mut model, &[Key::f(8)]);
    assert_eq!(said(&model.desk), "no file goes along");
    for name in ["a.txt", "b.txt", "c.txt"] {
        seen(&mut model, Ok(file(name, 5)));
    }
    press(&mut model, &[Key::f(8), Key::char('4'), Key::of(Code::Enter)]);
    assert_eq!(said(&model.desk), "no file has the number '4'");
    let effects = press(&mut model, &[Key::f(8), Key::char('2'), Key::of(Code::Enter)]);
    assert_eq!(effects, [kept("/srv/a.txt\n/srv/c.txt")]);
    press(&mut model, &[Key::f(8), Key::char('1'), Key::of(Code::Enter)]);
    assert_eq!(press(&mut model, &[Key::f(8)]), [kept("")], "the last one is not asked for");
    assert_eq!(sent(&mut model), []);
}

#[test]
fn a_note_takes_no_files() {
    let mut model = reading();
    press(&mut model, &[Key::char('i'), Key::f(9)]);
    assert_eq!(said(&model.desk), "a note takes no files");
}

#[test]
fn files_come_back_with_their_draft_and_with_an_answer_that_is_taken_back() {
    let mut model = reading();
    let effects = update(&mut model, Msg::Draft { name: DRAFT.into(), text: "/srv/a.txt\n/srv/gone".into() });
    let look = |path: &str| Effect::LookAtFile { draft: DRAFT.into(), path: path.into() };
    assert_eq!(effects, [look("/srv/a.txt"), look("/srv/gone")]);
    seen(&mut model, Ok(file("a.txt", 5)));
    seen(&mut model, Err("there is no file /srv/gone".into()));
    press(&mut model, &[Key::char('r')]);
    enter(&mut model, "See this.");
    let wanted = asked(press(&mut model, &[Key::ctrl('s'), Key::char('y')]));
    let effects = answer(&mut model, Place::Tickets, wanted[0].clone(), replied(true));
    assert!(effects.contains(&kept("")), "{effects:?}");
    press(&mut model, &[Key::char('u')]);
    let cancel = Request::OutboxAct(vec![OutboxId(77)], OutboxAction::Cancel);
    let effects = answer(&mut model, Place::Tickets, cancel, Answer::Acted(1, Vec::new()));
    assert!(effects.contains(&kept("/srv/a.txt")), "{effects:?}");
    assert_eq!(sent(&mut model), [file("a.txt", 5)]);
}
