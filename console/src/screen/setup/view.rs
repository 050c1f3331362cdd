//! The first run on the screen: the row of steps, the fields, and beside them the test or what is to be known.

use super::state::{State, Tested};
use super::step::Step;
use super::wizard::Wizard;
use crate::app::desk::Desk;
use crate::app::request::Problem;
use crate::command::health;
use crate::output::{Page, Span, Style};
use crate::screen::channels::sheet_view::{self, Beside};
use crate::screen::channels::view::of_check;
use crate::screen::channels::{Form, Noun};
use crate::screen::review::changes;
use crate::widget::canvas::{Canvas, row};
use crate::widget::page;
use crate::widget::pane::Pane;
use maildesk_core::rpc::SettingsDiff;
use ratatui::layout::{Constraint, Layout, Rect};

pub fn draw(state: &State, desk: &Desk, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let step = state.step();
    let title = format!("First run  step {} of {}: {}", step.number(), Step::ALL.len(), step.title());
    let below = if state.under_way { "saving" } else { "" };
    let inner = Pane { title: &title, right: "", below, focused: true }.draw(area, canvas);
    canvas.line(row(inner, 0), &steps(step));
    let rest = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
    let Some(wizard) = &state.wizard else {
        match &desk.settings.problem {
            Some(problem) => page::say(Style::Bad, &problem.line(), rest, canvas),
            None => page::say(Style::Dim, "asking for the settings", rest, canvas),
        }
        return canvas.cursor(rest.x, rest.y);
    };
    let known = match &state.looking_for {
        Some(domain) => Some(format!("asking DNS for the servers of {domain}")),
        None => wizard.source(),
    };
    canvas.text(row(inner, 1), Style::Dim, &known.filter(|_| form(wizard).is_some()).unwrap_or_default());
    match wizard.sheet() {
        Some(sheet) => {
            let [left, right] = match beside_page(state, desk) {
                Some(_) => Layout::horizontal([Constraint::Percentage(46), Constraint::Fill(1)]).spacing(1).areas(rest),
                None => [rest, Rect { width: 0, ..rest }],
            };
            let form = form(wizard);
            let secret = form.map(Form::secret_state).unwrap_or_default();
            let general = form.and_then(|form| form.general.as_deref());
            let beside = Beside { is_new: form.is_none_or(|form| form.is_new), secret: &secret, general };
            sheet_view::draw(sheet, &beside, left, canvas);
            if let Some(text) = beside_page(state, desk) {
                page::draw(&text, right, &state.scroll, canvas);
            }
        }
        None => {
            if let Some(text) = beside_page(state, desk) {
                page::draw(&text, rest, &state.scroll, canvas);
            }
            canvas.cursor(rest.x, rest.y);
        }
    }
}

fn steps(now: Step) -> Vec<Span> {
    let mut spans = Vec::new();
    for step in Step::ALL {
        let (style, sign) = match step.cmp(&now) {
            std::cmp::Ordering::Less => (Style::Good, "✔"),
            std::cmp::Ordering::Equal => (Style::Strong, "▸"),
            std::cmp::Ordering::Greater => (Style::Dim, " "),
        };
        spans.push(Span::exact(style, &format!("[{sign}]{} {} ", step.number(), step.word())));
    }
    spans
}

fn form(wizard: &Wizard) -> Option<&Form> {
    match wizard.step {
        Step::Inbound => wizard.inbound.as_ref(),
        Step::Outbound => wizard.outbound.as_ref(),
        _ => None,
    }
}

/// What stands beside the fields of this step, or in their place.
pub fn beside_page(state: &State, desk: &Desk) -> Option<Page> {
    match state.step() {
        Step::Desk => None,
        Step::Inbound | Step::Outbound => state.tested().map(|tested| of_check(&tested.check, desk)),
        Step::Start => Some(start_page(state, desk)),
        Step::Save => Some(save_page(state, desk)),
        Step::FirstMail => Some(waiting_page(state, desk)),
    }
}

fn start_page(state: &State, desk: &Desk) -> Page {
    let mut page = Page::default();
    let counts = &state.counts;
    if let (Some(mails), Some(unread)) = (counts.in_folder, counts.unread) {
        page.line([Span::plain(format!("The folder has {mails} mails, {unread} of them unread."))]);
        page.empty_line();
    }
    let mut choices = vec!["from_now".to_owned(), "unread".to_owned()];
    let day = state.wizard.as_ref().map(|wizard| wizard.start.text("day")).unwrap_or_default();
    choices.extend(Some(day.trim().to_owned()).filter(|day| !day.is_empty()));
    for choice in choices {
        let takes = match counts.of(&choice) {
            Some(0) => "takes nothing that is there now".to_owned(),
            Some(1) => "takes 1 mail, for 1 ticket".to_owned(),
            Some(mails) => format!("takes {mails} mails, for about as many tickets"),
            None => "F3 counts what it takes".to_owned(),
        };
        page.line([Span::strong(&choice), Span::plain(takes)]);
    }
    page.empty_line();
    page.line([Span::dim("Old mail is never acknowledged; nothing is deleted or moved.")]);
    if let Some(tested) = &state.inbound
        && !matches!(&tested.check.result, Some(Ok(_)))
    {
        page.empty_line();
        page.append(of_check(&tested.check, desk));
    }
    page
}

fn told(tested: Option<&Tested>, typed: u64) -> Span {
    match tested.and_then(|tested| tested.check.result.as_ref().map(|result| (tested.typed, result))) {
        None => Span::new(Style::Attention, "not tested"),
        Some((_, Err(problem))) => Span::new(Style::Bad, format!("test: {}", problem.said)),
        Some((_, Ok(report))) if report.conclusion.outcome == maildesk_core::check::Outcome::Failed => {
            Span::new(Style::Bad, format!("the test failed: {}", report.conclusion.sentence))
        }
        Some((then, Ok(_))) if then < typed => Span::plain("tested; something was typed since"),
        Some((_, Ok(_))) => Span::new(Style::Good, "tested, it works"),
    }
}

fn save_page(state: &State, desk: &Desk) -> Page {
    let mut page = Page::default();
    page.line([Span::plain("Inbound: "), told(state.inbound.as_ref(), state.typed)]);
    page.line([Span::plain("Outbound:"), told(state.outbound.as_ref(), state.typed)]);
    let first = state.wizard.as_ref().map(|wizard| match wizard.start.text("choice").as_str() {
        "since" => wizard.start.text("day"),
        choice => choice.to_owned(),
    });
    let takes = first.and_then(|choice| state.counts.of(&choice));
    let takes = takes.map_or("a number that was not counted".into(), |mails| mails.to_string());
    page.line([Span::plain(format!("The first poll takes in mails that are there now: {takes}."))]);
    page.empty_line();
    match &state.diff {
        Some(diff) => page.append(new_or_changed(diff)),
        None if state.refused.is_some() => {
            let said = state.refused.iter().map(Problem::line).collect::<String>();
            page.line([Span::new(Style::Bad, said)]);
            page.line([Span::plain("F2 asks once more, F7 leads back to the steps.")]);
        }
        None if desk.is_up() => page.line([Span::dim("asking what would change")]),
        None => page.line([Span::new(Style::Bad, "there is no connection: nothing can be saved now")]),
    }
    page.empty_line();
    page.line([Span::strong("F2 saves this."), Span::plain("Nothing is polled or sent before.")]);
    page
}

/// As everywhere, but what was not there before takes one line: on a first run that is nearly everything.
fn new_or_changed(diff: &SettingsDiff) -> Page {
    let (new, other): (Vec<_>, Vec<_>) = diff.changes.iter().cloned().partition(|change| change.old.is_none());
    let mut page = Page::default();
    page.fields(new.iter().map(|change| (change.field.as_str(), change.new.clone())));
    if !other.is_empty() || new.is_empty() {
        page.append(changes(&SettingsDiff { revision: diff.revision, changes: other }));
    }
    page
}

fn waiting_page(state: &State, desk: &Desk) -> Page {
    let mut page = Page::default();
    let wizard = state.wizard.as_ref();
    let address = wizard.map(|wizard| wizard.desk.text("address")).unwrap_or_default();
    match &state.arrived {
        Some(arrived) => {
            page.line([
                Span::new(Style::Good, format!("✔ Ticket #{}", arrived.ticket)),
                Span::strong(&arrived.subject),
            ]);
            page.line([Span::plain(format!("from {}. Enter reads it. The desk is open.", arrived.from))]);
        }
        None => {
            let seconds = state.waits_since.map_or(0, |since| desk.now().duration_since(since).as_secs().max(0));
            page.line([Span::plain(format!("Write a mail to {address} now; it shows up here. Waiting, {seconds} s."))]);
        }
    }
    if let Some(status) = &desk.status.value {
        for (noun, form) in [
            (Noun::Mailbox, wizard.and_then(|wizard| wizard.inbound.as_ref())),
            (Noun::Sender, wizard.and_then(|wizard| wizard.outbound.as_ref())),
        ] {
            let Some(name) = form.map(|form| form.name.as_str()) else { continue };
            let Some(found) = noun.state(status, name) else { continue };
            page.empty_line();
            page.line([
                Span::plain(format!("{} {name}:", noun.word())),
                Span::new(health::style(found), health::word(found)),
            ]);
            health::explain(&mut page, name, found, &desk.zoned());
        }
    }
    if let Some(tested) = &state.outbound
        && tested.check.since >= state.waits_since.unwrap_or(jiff::Timestamp::MAX)
    {
        page.empty_line();
        page.append(of_check(&tested.check, desk));
    }
    page
}
