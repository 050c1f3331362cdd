//! `maildesk logs`: the newest lines of the daemon's log, and those that come.

use super::Session;
use crate::failure::Failure;
use crate::json::log as json;
use crate::output::time::short;
use crate::output::{Column, Page, Span, Style, Table};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use maildesk_core::rpc::{LogLevel, LogLine, LogPart, LogQuery, MAX_ROWS};
use std::time::Duration;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The newest lines, so many at the most
    #[arg(long, short = 'n', default_value_t = 50, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ROWS)))]
    lines: u32,
    /// Go on as lines come
    #[arg(long, short)]
    follow: bool,
    /// Lines of this level and worse
    #[arg(long, value_enum, default_value = "info", value_name = "LEVEL")]
    level: Level,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Error,
    #[value(alias = "warn")]
    Warning,
    Info,
}

/// How long one call waits for the first line.
const WAIT: Duration = Duration::from_secs(20);

pub(super) async fn run(arguments: Arguments, session: &mut Session<'_>) -> Result<(), Failure> {
    let level = match arguments.level {
        Level::Error => LogLevel::Error,
        Level::Warning => LogLevel::Warning,
        Level::Info => LogLevel::Info,
    };
    let client = session.client().await?;
    let mut query = LogQuery { after: None, level, limit: arguments.lines };
    let mut part = client.log_lines(query, Duration::ZERO).await?;
    if !arguments.follow && session.output.json() {
        let lines: Vec<json::Line> = part.lines.into_iter().map(json::Line::from).collect();
        return session.output.answer("maildesk.logs/1", &lines, None);
    }
    loop {
        show(&part, session)?;
        if !arguments.follow {
            return Ok(());
        }
        query = LogQuery { after: Some(part.next), limit: MAX_ROWS, ..query };
        part = client.log_lines(query, WAIT).await?;
    }
}

fn show(part: &LogPart, session: &mut Session<'_>) -> Result<(), Failure> {
    let output = &mut session.output;
    if output.json() {
        if part.missed {
            output.json_line(&json::gap())?;
        }
        return part.lines.iter().try_for_each(|line| output.json_line(&json::Line::from(line.clone())));
    }
    let mut page = Page::default();
    if part.missed {
        page.line([Span::new(Style::Attention, MISSED)]);
    }
    for line in &part.lines {
        let (style, sign) = level(line.level);
        let when = short(line.at, output.clock());
        page.line([Span::dim(when), Span::exact(style, sign), Span::new(style, &line.text)]);
    }
    output.page(&page)?;
    output.flush().map_err(Failure::Output)
}

/// What stands where lines are missing.
pub(crate) const MISSED: &str = "lines before these are no longer held; journalctl -u maildeskd has them";

/// How a level looks: a sign and a word of one width.
pub(crate) fn level(level: LogLevel) -> (Style, &'static str) {
    match level {
        LogLevel::Error => (Style::Bad, "✖ error  "),
        LogLevel::Warning => (Style::Attention, "! warning"),
        LogLevel::Info => (Style::Plain, "· info   "),
    }
}

/// Lines as the console lists them; `when` says how their times are told.
pub(crate) fn table<'a>(lines: impl Iterator<Item = &'a LogLine>, when: &dyn Fn(Timestamp) -> String) -> Table {
    let mut table = Table::new([Column::Word("Time"), Column::Word("Level"), Column::Text("Line")]);
    for line in lines {
        let (style, sign) = level(line.level);
        table.row(style, [when(line.at), sign.to_owned(), line.text.clone()]);
    }
    table
}

/// One line in full.
pub(crate) fn page_of(line: &LogLine, when: String) -> Page {
    let (style, sign) = level(line.level);
    let mut page = Page::default();
    page.line([Span::dim(when), Span::new(style, sign.trim_end())]);
    page.line([Span::plain(&line.text)]);
    page
}
