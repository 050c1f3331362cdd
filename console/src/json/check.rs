//! A check for scripts.

use maildesk_core::check::{CheckReport, CheckStep};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Check {
    /// Name of the sender or mailbox.
    pub name: String,
    /// `passed`, `warned`, `failed`.
    pub outcome: &'static str,
    pub sentence: String,
    pub steps: Vec<Step>,
    /// Only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
pub struct Step {
    pub step: &'static str,
    /// `passed`, `warned`, `failed`, `skipped`.
    pub outcome: &'static str,
    pub milliseconds: u32,
    pub found: Vec<Found>,
    pub server_said: Option<String>,
    pub meaning: Option<String>,
    pub remedy: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Found {
    pub label: String,
    pub value: String,
}

impl Check {
    pub fn of(name: &str, report: CheckReport, with_transcript: bool) -> Self {
        Self {
            name: name.to_owned(),
            outcome: report.conclusion.outcome.word(),
            sentence: report.conclusion.sentence,
            steps: report.steps.into_iter().map(Step::from).collect(),
            transcript: with_transcript.then_some(report.transcript),
        }
    }
}

impl From<CheckStep> for Step {
    fn from(step: CheckStep) -> Self {
        let (meaning, remedy) = step.diagnosis.map(|diagnosis| (diagnosis.meaning, diagnosis.remedy)).unzip();
        Self {
            step: step.step.word(),
            outcome: step.outcome.word(),
            milliseconds: step.milliseconds,
            found: step.found.into_iter().map(|(label, value)| Found { label, value }).collect(),
            server_said: step.server_said,
            meaning,
            remedy,
        }
    }
}
