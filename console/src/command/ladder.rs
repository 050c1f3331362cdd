//! A check shown to people: one rung a line, and under it what the server said, what it means, what to try.

use super::{Finished, Session, input};
use crate::client::ClientError;
use crate::failure::Failure;
use crate::json::check::Check;
use crate::output::progress::Progress;
use crate::output::{Page, Span, Style};
use maildesk_core::check::{CheckReport, CheckStep, Outcome};
use maildesk_core::settings::{Settings, from_toml};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often the progress line is written anew.
const TICK: Duration = Duration::from_millis(250);
/// Values stand beside their rung up to this many columns.
const BESIDE: usize = 70;
/// Columns before what belongs to a rung.
const INDENT: usize = 4;

/// The settings to take a channel from: of a document that is not applied yet, or of the daemon.
pub(super) async fn settings(file: Option<&Path>, client: &crate::client::Client) -> Result<Settings, Failure> {
    match file {
        None => Ok(client.settings().await?.settings),
        Some(file) => {
            let text = input::read_text(file).await?;
            from_toml(&text).map_err(|problems| Failure::Invalid { what: input::name(file), problems })
        }
    }
}

/// Waits for a check and says on standard error that it is under way.
pub(super) async fn waiting<T>(
    what: &str,
    progress: &mut Progress,
    check: impl Future<Output = Result<T, ClientError>>,
) -> Result<T, Failure> {
    let began = Instant::now();
    let mut tick = tokio::time::interval(TICK);
    let mut check = std::pin::pin!(check);
    loop {
        tokio::select! {
            done = &mut check => return Ok(done?),
            _ = tick.tick() => progress.say(&format!("{what}: {} s", began.elapsed().as_secs())),
        }
    }
}

/// Shows a report and tells how the command ends.
pub(super) fn show(
    schema: &'static str,
    name: &str,
    heading: &str,
    report: CheckReport,
    with_transcript: bool,
    session: &mut Session<'_>,
) -> Result<Finished, Failure> {
    let finished = match report.conclusion.outcome {
        Outcome::Passed | Outcome::Skipped => Finished::Well,
        Outcome::Warned | Outcome::Failed => Finished::WithFindings,
    };
    if session.output.json() {
        session.output.answer(schema, &Check::of(name, report, with_transcript), None)?;
        return Ok(finished);
    }
    let mut page = Page::default();
    page.line([Span::strong(heading)]);
    page.empty_line();
    page.append(self::page(&report));
    if with_transcript {
        page.empty_line();
        page.line([Span::strong("transcript")]);
        report.transcript.iter().for_each(|line| page.indented(2, [Span::dim(line)]));
    }
    session.output.page(&page)?;
    Ok(finished)
}

/// Every rung, and how it ended.
pub(crate) fn page(report: &CheckReport) -> Page {
    let mut page = Page::default();
    let width = report.steps.iter().map(|step| step.step.name().chars().count()).max().unwrap_or(0);
    for step in &report.steps {
        rung(&mut page, step, width);
    }
    page.empty_line();
    let conclusion = &report.conclusion;
    page.line([
        Span::new(style(conclusion.outcome), format!("{} {}", sign(conclusion.outcome), conclusion.outcome.word())),
        Span::plain(&conclusion.sentence),
    ]);
    page
}

fn rung(page: &mut Page, step: &CheckStep, width: usize) {
    let name = step.step.name();
    let head = Span::exact(style(step.outcome), &format!("{} {name:width$}", sign(step.outcome)));
    let time = match step.outcome {
        Outcome::Skipped => " ".repeat(8),
        _ => format!("{:>5} ms", step.milliseconds),
    };
    let time = Span::exact(Style::Dim, &time);
    let beside = match (&step.outcome, step.found.as_slice()) {
        (Outcome::Skipped, []) => Some("not reached".to_owned()),
        (_, []) => None,
        (_, [(_, only)]) => Some(only.clone()),
        (_, several) => {
            Some(several.iter().map(|(label, value)| format!("{label} {value}")).collect::<Vec<_>>().join(", "))
        }
    };
    let fits = beside.as_ref().is_none_or(|text| step.found.len() <= 1 || text.chars().count() <= BESIDE);
    page.line([head, time, Span::plain(beside.as_deref().filter(|_| fits).unwrap_or_default())]);
    if !fits {
        let label_width = step.found.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        for (label, value) in &step.found {
            page.indented(INDENT, [Span::exact(Style::Dim, &format!("{label:label_width$}")), Span::plain(value)]);
        }
    }
    if let Some(words) = &step.server_said {
        page.indented(INDENT, [Span::dim("server said:"), Span::plain(words)]);
    }
    if let Some(diagnosis) = &step.diagnosis {
        page.indented(INDENT, [Span::dim("what it means:"), Span::plain(&diagnosis.meaning)]);
        page.indented(INDENT, [Span::dim("try:"), Span::plain(&diagnosis.remedy)]);
    }
}

fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "✔",
        Outcome::Warned => "!",
        Outcome::Failed => "✖",
        Outcome::Skipped => "-",
    }
}

fn style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Passed => Style::Good,
        Outcome::Warned => Style::Attention,
        Outcome::Failed => Style::Bad,
        Outcome::Skipped => Style::Dim,
    }
}
