//! What a person decides about the selected mail of the quarantine.

use super::state::State;
use crate::app::desk::Desk;
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::Request;
use crate::output::{Page, Span, Style};
use maildesk_core::route::{JudgedMail, MailAction};

impl State {
    pub(super) fn ask_to_release(&self, desk: &mut Desk) {
        let Some(row) = self.quarantine.selected() else { return };
        let mut page = Page::default();
        page.line([Span::plain("It goes through as any other mail, whatever held it back.")]);
        page.indented(2, [Span::plain(format!("from {}: {}", row.from, row.subject))]);
        page.indented(2, [Span::plain(row.outcome.sentence())]);
        desk.question(Question::new(Purpose::ReleaseMail, format!("Release mail {}?", row.id), page, "release"));
    }

    /// The question is asked when it is known what would become of it.
    pub(super) fn rehearse_replay(&self, desk: &mut Desk) {
        let Some(id) = self.quarantine.selected().map(|row| row.id) else { return };
        desk.ask(Place::Queues, Request::MailAct { id, action: MailAction::Replay, rehearse: true });
    }

    pub(super) fn ask_why_to_discard(&self, desk: &mut Desk) {
        let Some(id) = self.quarantine.selected().map(|row| row.id) else { return };
        let help = "why mail is dropped; stays in its verdict";
        desk.prompt(Prompt::new(Purpose::DiscardMail, format!("Discard mail {id} because"), help, ""));
    }

    /// A person said yes, or why.
    pub(super) fn decide(&self, purpose: Purpose, line: String, desk: &mut Desk) {
        let Some(id) = self.quarantine.selected().map(|row| row.id) else { return };
        let action = match purpose {
            Purpose::ReleaseMail => MailAction::Release,
            Purpose::ReplayMail => MailAction::Replay,
            _ if line.trim().is_empty() => return desk.say(Style::Attention, "nothing was done: give a reason"),
            _ => MailAction::Discard { reason: line },
        };
        desk.ask(Place::Queues, Request::MailAct { id, action, rehearse: false });
    }

    /// The daemon said what became of a mail, or would.
    pub(super) fn decided(&mut self, action: &MailAction, rehearsed: bool, judged: &JudgedMail, desk: &mut Desk) {
        let verdict = judged.outcome.sentence();
        if !rehearsed {
            self.quarantine.asking.now();
            self.mail.asking.now();
            return desk.say(Style::Good, format!("mail {}: {verdict}", judged.id));
        }
        // Another one may be selected by now.
        if *action != MailAction::Replay || self.quarantine.selected().is_none_or(|row| row.id != judged.id) {
            return;
        }
        let mut page = Page::default();
        page.line([Span::plain(format!("By today's settings it would be: {verdict}"))]);
        for step in judged.trace.iter().filter(|step| matches!(step.step.as_str(), "scan" | "filter" | "route")) {
            page.indented(2, [Span::dim(&step.step), Span::plain(&step.said)]);
        }
        let title = format!("Let mail {} be judged so?", judged.id);
        desk.question(Question::new(Purpose::ReplayMail, title, page, "judge it so"));
    }
}
