//! What the daemon answers to the first run.

use super::state::State;
use super::step::Step;
use crate::app::desk::Desk;
use crate::app::request::{Answer, Problem, ProblemKind, Request};
use crate::output::Style;
use maildesk_core::check::Outcome;
use maildesk_core::settings::FirstImport;

impl State {
    pub(super) fn learns(&mut self, request: Request, result: Result<Answer, Problem>, desk: &mut Desk) {
        match (request, result) {
            (Request::CheckMailbox(mailbox), result) => {
                if let Ok(Answer::Checked(report)) = &result {
                    let choice = match mailbox.first_import {
                        FirstImport::FromNow => "from_now".into(),
                        FirstImport::Unread => "unread".into(),
                        FirstImport::Since(day) => day.to_string(),
                    };
                    self.counts.learn(&choice, report);
                }
                self.tested_now(true, result, desk);
            }
            (Request::Servers(address), result) => {
                self.looking_for = None;
                // Without an answer the usual names stay; the test tells what is true.
                if let (Some(wizard), Ok(Answer::Servers(found))) = (&mut self.wizard, result) {
                    wizard.learn(&address, *found);
                }
            }
            (Request::CheckSender(..) | Request::RoundTrip(..), result) => self.tested_now(false, result, desk),
            (Request::SettingsDiff(_), Ok(Answer::Changes(diff))) => (self.diff, self.refused) = (Some(diff), None),
            (Request::SettingsApply(..), Ok(Answer::Changes(_))) => {
                (self.under_way, self.pending) = (false, None);
                desk.settings.asking.now();
                self.go_to(Step::FirstMail, desk);
                desk.say(Style::Good, "saved: maildeskd polls the mailbox from now on");
            }
            (Request::SettingsDiff(_) | Request::SettingsApply(..), Err(problem)) => {
                (self.under_way, self.pending) = (false, None);
                if problem.kind == ProblemKind::Conflict {
                    desk.settings.asking.now();
                    let words = "somebody else saved meanwhile: nothing of yours is lost, F2 compares anew";
                    return desk.say(Style::Attention, words);
                }
                desk.say_problem(&problem);
                self.refused = Some(problem);
            }
            (_, Err(problem)) => desk.say_problem(&problem),
            (_, Ok(_)) => {}
        }
    }

    fn tested_now(&mut self, inbound: bool, result: Result<Answer, Problem>, desk: &mut Desk) {
        let tested = if inbound { &mut self.inbound } else { &mut self.outbound };
        let Some(tested) = tested else { return };
        let (style, said) = match &result {
            Ok(Answer::Checked(report)) if report.conclusion.outcome == Outcome::Failed => {
                (Style::Bad, report.conclusion.sentence.clone())
            }
            Ok(Answer::Checked(report)) => (Style::Good, report.conclusion.sentence.clone()),
            Ok(_) => return,
            Err(problem) => (Style::Bad, problem.line()),
        };
        tested.check.result = Some(result.and_then(|answer| match answer {
            Answer::Checked(report) => Ok(report),
            _ => Err(Problem::offline()),
        }));
        desk.say(style, said);
    }
}
