//! Old and new before anything is saved; a save that came too late is laid upon what is there now.

use super::state::State;
use crate::app::desk::Desk;
use crate::app::overlay::{Purpose, Question};
use crate::app::request::{Problem, ProblemKind, Request};
use crate::output::{Page, Span, Style, counted};
use crate::screen::review::changes;
use maildesk_core::ids::Revision;
use maildesk_core::rpc::SettingsDiff;
use maildesk_core::settings::Settings;

/// What waits for a yes.
#[derive(Debug)]
pub(super) struct Pending {
    settings: Settings,
    seen: Revision,
    purpose: Purpose,
    title: String,
}

impl State {
    /// Asks the daemon what saving the form would change.
    pub(super) fn review(&mut self, desk: &mut Desk) {
        let (Some(form), Some(view)) = (&mut self.form, &desk.settings.value) else { return };
        if form.changed() == 0 {
            return desk.say(Style::Dim, "nothing is changed");
        }
        let Some(settings) = form.settings(&view.settings) else {
            let errors = form.errors();
            let words =
                form.general.clone().unwrap_or_else(|| format!("{errors} fields need a look: nothing was saved"));
            form.sheet.to_problem();
            return desk.say(Style::Bad, words);
        };
        let title = format!("Save {} {}?", form.noun.word(), form.name);
        let seen = view.revision;
        self.propose(Pending { settings, seen, purpose: Purpose::SaveSettings, title }, desk);
    }

    /// Asks the daemon what removing the selected one would change.
    pub(super) fn review_removal(&mut self, desk: &mut Desk) {
        let (Some(name), Some(view)) = (self.selected(desk), &desk.settings.value) else { return };
        let settings = self.noun.remove(&view.settings, &name);
        let title = format!("Remove {} {name} from the settings?", self.noun.word());
        let seen = view.revision;
        self.propose(Pending { settings, seen, purpose: Purpose::RemoveItem, title }, desk);
    }

    fn propose(&mut self, pending: Pending, desk: &mut Desk) {
        desk.ask(self.noun.place(), Request::SettingsDiff(Box::new(pending.settings.clone())));
        self.pending = Some(pending);
    }

    /// Shows old and new, and asks.
    pub(super) fn show_changes(&mut self, diff: &SettingsDiff, desk: &mut Desk) {
        let Some(pending) = &self.pending else { return };
        let mut page = Page::default();
        if let (Some(form), Some(view)) = (&self.form, &desk.settings.value)
            && form.seen != view.revision
        {
            let changed =
                format!("The settings were changed meanwhile: revision {}, not {}.", view.revision, form.seen);
            page.line([Span::new(Style::Attention, changed)]);
            for (label, theirs, ours) in form.clashes(&view.settings) {
                let words = format!("{label}: they set \"{theirs}\", you \"{ours}\"; yes keeps yours");
                page.indented(2, [Span::new(Style::Attention, words)]);
            }
            page.empty_line();
        }
        page.append(changes(diff));
        let yes = if pending.purpose == Purpose::RemoveItem { "remove it" } else { "save" };
        desk.question(Question::new(pending.purpose, pending.title.clone(), page, yes));
    }

    /// The person said yes.
    pub(super) fn apply(&mut self, desk: &mut Desk) {
        if let Some(pending) = &self.pending {
            if let Some(form) = &mut self.form {
                form.under_way = true;
            }
            let settings = Box::new(pending.settings.clone());
            desk.ask(self.noun.place(), Request::SettingsApply(settings, pending.seen));
        }
    }

    pub(super) fn applied(&mut self, diff: &SettingsDiff, desk: &mut Desk) {
        self.pending = None;
        self.close(desk);
        desk.settings.asking.now();
        desk.status.asking.now();
        desk.say(
            Style::Good,
            format!("saved: {}, revision {}", counted(diff.changes.len() as u64, "change"), diff.revision),
        );
    }

    pub(super) fn not_applied(&mut self, problem: &Problem, desk: &mut Desk) {
        self.pending = None;
        if let Some(form) = &mut self.form {
            form.under_way = false;
            form.refused(&problem.fields);
        }
        if problem.kind == ProblemKind::Conflict {
            desk.settings.asking.now();
            let words = "somebody else saved first: nothing of yours is lost, save again to see both";
            return desk.say(Style::Attention, words);
        }
        desk.say_problem(problem);
    }
}
