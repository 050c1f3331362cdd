//! Looks on and writes down: one step for each stage that is passed, and the conversation without secrets.

use crate::net::{CertificateFacts, Onlooker, Seen};
use jiff::Timestamp;
use maildesk_core::check::{CheckReport, CheckStep, LINES_MAX, Outcome, Redactor, Stage, conclude};
use maildesk_core::diagnosis::{Diagnosis, Fault, FaultKind, Protocol, Step};
use maildesk_core::settings::connection::ServerAddress;
use maildesk_core::text::shorten;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// A certificate that ends earlier is a warning.
const DAYS_ENOUGH: i64 = 14;
/// Longest value that is shown, in characters.
const VALUE_MAX: usize = 1000;

/// What was found: label and value.
pub(super) type Found = Vec<(&'static str, String)>;

pub(super) struct Recorder {
    protocol: Protocol,
    /// Absent where there is none.
    server: Option<ServerAddress>,
    redactor: Redactor,
    now: Timestamp,
    state: Mutex<State>,
}

struct State {
    steps: Vec<CheckStep>,
    transcript: Vec<String>,
    last: Instant,
    certificate: Option<CertificateFacts>,
}

impl Recorder {
    pub(super) fn new(protocol: Protocol, server: Option<&ServerAddress>, redactor: Redactor, now: Timestamp) -> Self {
        let state = State { steps: Vec::new(), transcript: Vec::new(), last: Instant::now(), certificate: None };
        Self { protocol, server: server.cloned(), redactor, now, state: Mutex::new(state) }
    }

    pub(super) fn passed(&self, step: Stage, found: Found) {
        self.step(step, Outcome::Passed, found, "", None);
    }

    pub(super) fn skipped(&self, step: Stage, found: Found) {
        self.step(step, Outcome::Skipped, found, "", None);
    }

    /// A fault on this rung. One that a wait mends is a warning.
    pub(super) fn fault(&self, step: Stage, diagnosis: Diagnosis, mut found: Found) {
        let outcome = if diagnosis.kind == FaultKind::Greylisted { Outcome::Warned } else { Outcome::Failed };
        if step == Stage::Tls {
            found.extend(self.lock().certificate.as_ref().map(|facts| describe(facts, self.now)).unwrap_or_default());
        }
        let words = diagnosis.server_said.clone().unwrap_or_default();
        self.step(step, outcome, found, &words, Some(diagnosis));
    }

    pub(super) fn with_advice(&self, step: Stage, outcome: Outcome, diagnosis: Diagnosis, found: Found) {
        self.step(step, outcome, found, "", Some(diagnosis));
    }

    /// Where a fault at this step of a connection belongs, given how far the ladder was climbed.
    pub(super) fn stage_of(&self, step: Step) -> Stage {
        match Stage::of(step) {
            Stage::Greeting if self.reached(Stage::Greeting) => Stage::Offers,
            stage => stage,
        }
    }

    pub(super) fn reached(&self, stage: Stage) -> bool {
        self.lock().steps.iter().any(|step| step.step == stage)
    }

    /// Adds to the newest step.
    pub(super) fn add(&self, label: &str, value: &str) {
        let value = self.value(value);
        if let Some(step) = self.lock().steps.last_mut() {
            step.found.push((label.to_owned(), value));
        }
    }

    /// The report. Rungs of `ladder` that were not reached are skipped; `well` is said where all went well.
    pub(super) fn finish(&self, ladder: &[Stage], well: &str, mark: Option<String>) -> CheckReport {
        let mut state = self.lock();
        let mut steps = std::mem::take(&mut state.steps);
        for stage in ladder {
            if !steps.iter().any(|step| step.step == *stage) {
                steps.push(CheckStep {
                    step: *stage,
                    outcome: Outcome::Skipped,
                    milliseconds: 0,
                    found: Vec::new(),
                    server_said: None,
                    diagnosis: None,
                });
            }
        }
        let conclusion = conclude(&steps, well);
        CheckReport { steps, transcript: std::mem::take(&mut state.transcript), conclusion, mark }
    }

    fn step(&self, step: Stage, outcome: Outcome, found: Found, words: &str, diagnosis: Option<Diagnosis>) {
        let found = found.into_iter().map(|(label, value)| (label.to_owned(), self.value(&value))).collect();
        let words = Some(self.redactor.line(words)).filter(|words| !words.is_empty());
        let diagnosis = diagnosis.map(|diagnosis| Diagnosis {
            server_said: diagnosis.server_said.map(|words| self.redactor.line(&words)),
            ..diagnosis
        });
        let mut state = self.lock();
        let milliseconds = u32::try_from(state.last.elapsed().as_millis()).unwrap_or(u32::MAX);
        state.last = Instant::now();
        state.steps.push(CheckStep { step, outcome, milliseconds, found, server_said: words, diagnosis });
    }

    fn value(&self, text: &str) -> String {
        shorten(&self.redactor.text(text), VALUE_MAX)
    }

    fn encrypted(&self, protocol: &str, cipher: &str) {
        let mut found: Found = vec![("protocol", protocol.to_owned()), ("cipher", cipher.to_owned())];
        let certificate = self.lock().certificate.clone();
        let days = certificate.as_ref().map(|facts| facts.days_left(self.now));
        found.extend(certificate.map(|facts| describe(&facts, self.now)).unwrap_or_default());
        let ends_soon = days.filter(|days| *days < DAYS_ENOUGH).zip(self.server.clone()).map(|(days, server)| {
            let kind = FaultKind::CertificateEndsSoon { days };
            Fault { protocol: self.protocol, server, step: Step::Tls, kind, server_said: None }.diagnosis()
        });
        let outcome = if ends_soon.is_some() { Outcome::Warned } else { Outcome::Passed };
        self.step(Stage::Tls, outcome, found, "", ends_soon);
    }

    fn line(&self, who: &str, line: &str) {
        let line = self.redactor.line(line);
        let mut state = self.lock();
        match state.transcript.len() {
            LINES_MAX => state.transcript.push("(more was said)".into()),
            written if written < LINES_MAX => state.transcript.push(format!("{who}: {line}")),
            _ => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Onlooker for Recorder {
    fn see(&self, seen: Seen<'_>) {
        match seen {
            Seen::Resolved(addresses) => {
                let list: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
                self.passed(Stage::Resolve, vec![("addresses", list.join(", "))]);
            }
            Seen::Connected(peer) => self.passed(Stage::Connect, vec![("address", peer.to_string())]),
            Seen::Certificate(der) => self.lock().certificate = CertificateFacts::read(der),
            Seen::Encrypted { protocol, cipher } => self.encrypted(protocol, cipher),
            Seen::Greeted(words) => self.step(Stage::Greeting, Outcome::Passed, Vec::new(), words, None),
            Seen::Offered(offers) => self.passed(Stage::Offers, vec![("offers", offers.join(", "))]),
            Seen::LoggedIn { mechanism, words } => {
                self.step(Stage::Login, Outcome::Passed, vec![("mechanism", mechanism.to_owned())], words, None);
            }
            Seen::Accepted(step, words) => self.step(Stage::of(step), Outcome::Passed, Vec::new(), words, None),
            Seen::Said(line) => self.line("C", line),
            Seen::Heard(line) => self.line("S", line),
        }
    }
}

fn describe(facts: &CertificateFacts, now: Timestamp) -> Found {
    let issuer = if facts.self_signed { "itself (self-signed)" } else { facts.issuer.as_str() };
    let days = match facts.days_left(now) {
        days if days < 0 => format!("ended {} days ago", -days),
        days => format!("{days} days left"),
    };
    vec![
        ("certificate", facts.subject.clone()),
        ("names", facts.names.join(", ")),
        ("issuer", issuer.to_owned()),
        ("valid until", format!("{}, {days}", facts.not_after.strftime("%Y-%m-%d"))),
        ("SHA-256", facts.sha256.clone()),
    ]
}
