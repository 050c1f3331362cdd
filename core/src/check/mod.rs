//! A channel tested before it is saved: the rungs of the test, what each found, and how it ended.
//!
//! The daemon climbs the ladder with the code that also does the real work; here is what it reports and the pure
//! parts of it: redaction, the mark of a test mail, the nearest folder, the other usual port.

pub mod folder;
pub mod mark;
pub mod port;
mod stage;
mod transcript;

pub use stage::Stage;
pub use transcript::{LINES_MAX, Redactor};

use crate::diagnosis::Diagnosis;
use serde::{Deserialize, Serialize};

/// How one step ended, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    Passed,
    /// Not reached, or it cannot be told.
    Skipped,
    /// It works, and somebody should look at it.
    Warned,
    Failed,
}

impl Outcome {
    /// The word for people and scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Warned => "warned",
            Self::Failed => "failed",
        }
    }
}

/// One rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckStep {
    pub step: Stage,
    pub outcome: Outcome,
    /// Since the step before.
    pub milliseconds: u32,
    /// What was seen: label and value.
    pub found: Vec<(String, String)>,
    /// The server's words, cleaned, shortened and redacted.
    pub server_said: Option<String>,
    /// What a failure or warning means and what to try.
    pub diagnosis: Option<Diagnosis>,
}

/// How the whole check ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// The worst of the steps, skipped ones left aside.
    pub outcome: Outcome,
    /// One sentence.
    pub sentence: String,
}

/// The whole check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    pub steps: Vec<CheckStep>,
    /// The conversation, line by line: `C: ` ours, `S: ` the server's. Secrets are replaced.
    pub transcript: Vec<String>,
    pub conclusion: Conclusion,
    /// Stands in the subject of the test mail, where one was sent.
    pub mark: Option<String>,
}

/// The conclusion of these steps; `well` is said where nothing was found.
pub fn conclude(steps: &[CheckStep], well: &str) -> Conclusion {
    let of = |outcome| steps.iter().filter(move |step| step.outcome == outcome);
    if let Some(failed) = of(Outcome::Failed).next() {
        let why = failed.diagnosis.as_ref().map_or("it failed", |diagnosis| diagnosis.meaning.as_str());
        return Conclusion { outcome: Outcome::Failed, sentence: format!("{}: {why}", failed.step.name()) };
    }
    let warned: Vec<&str> = of(Outcome::Warned).map(|step| step.step.name()).collect();
    if warned.is_empty() {
        Conclusion { outcome: Outcome::Passed, sentence: well.to_owned() }
    } else {
        Conclusion { outcome: Outcome::Warned, sentence: format!("{well}; look at: {}", warned.join(", ")) }
    }
}

#[cfg(test)]
mod tests;
