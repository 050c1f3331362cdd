//! A failure on standard error: lines for people, or one JSON object.

use super::Failure;
use maildesk_core::settings::FieldProblem;
use maildesk_core::text::{clean_block, clean_line};
use serde::Serialize;
use std::io::Write;

/// Says what failed: lines for people, or one JSON object.
pub fn report(failure: &Failure, json: bool, to: &mut dyn Write) {
    let text = if json { for_scripts(failure) } else { for_people(failure) };
    // Nobody is left to tell when standard error is closed.
    drop(to.write_all(text.as_bytes()).and_then(|()| to.flush()));
}

fn for_people(failure: &Failure) -> String {
    let mut text = format!("maildesk: {}\n", clean_block(&failure.message()).trim_end());
    for problem in failure.problems() {
        text.push_str(&format!("  {}\n", clean_line(&problem.to_string())));
    }
    if let Some(remedy) = failure.remedy() {
        text.push_str(&format!("  try: {remedy}\n"));
    }
    text
}

#[derive(Serialize)]
struct ErrorDocument<'a> {
    schema: &'static str,
    error: ErrorView<'a>,
}

#[derive(Serialize)]
struct ErrorView<'a> {
    kind: &'static str,
    exit_code: u8,
    message: String,
    remedy: Option<String>,
    fields: &'a [FieldProblem],
}

fn for_scripts(failure: &Failure) -> String {
    let (kind, exit_code) = failure.kind();
    let message = failure.message().trim_end().to_owned();
    let error = ErrorView { kind, exit_code, message, remedy: failure.remedy(), fields: failure.problems() };
    crate::json::to_line(&ErrorDocument { schema: "maildesk.error/1", error })
}
