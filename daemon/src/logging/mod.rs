//! tracing to stderr, to daily files, and to the consoles.
//!
//! Levels of other crates are capped: async-imap and lettre would log commands with passwords below `info`.

mod recent;

pub use recent::RecentLog;

use crate::clock::Clock;
use crate::config::LogConfig;
use std::path::PathBuf;
use tracing_appender::non_blocking::{ErrorCounter, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, reload, util::SubscriberInitExt};

/// These crates say nothing above this, whatever the filter is.
const CAPS: [&str; 6] = ["async_imap=warn", "lettre=warn", "tarpc=warn", "hyper=warn", "rustls=warn", "sled=warn"];

#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("log.level \"{level}\" is not a filter ({problem}); use error, warn, info or debug")]
    Filter { level: String, problem: String },
    #[error("cannot write log files in {}: {problem}", dir.display())]
    Folder { dir: PathBuf, problem: String },
    #[error("logging was set up twice")]
    Twice,
}

/// Keeps the log's writer alive; lines still waiting are written when it is dropped.
pub struct Logging {
    filter: reload::Handle<EnvFilter, tracing_subscriber::Registry>,
    _writer: Option<WorkerGuard>,
    dropped: Option<ErrorCounter>,
    recent: RecentLog,
}

/// Starts logging for the whole process.
pub fn start(config: &LogConfig) -> Result<Logging, LogError> {
    let (filter, handle) = reload::Layer::new(filter(&config.level)?);
    // journald knows the time; a terminal and a file want it.
    let to_journal = std::env::var_os("JOURNAL_STREAM").is_some();
    let stderr = fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(false);
    let stderr = if to_journal { None } else { Some(stderr) };
    let plain = fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(false).without_time();
    let plain = if to_journal { Some(plain) } else { None };
    let (file, writer, dropped) = match &config.dir {
        None => (None, None, None),
        Some(dir) => {
            let failed = |problem: String| LogError::Folder { dir: dir.clone(), problem };
            std::fs::create_dir_all(dir).map_err(|error| failed(error.to_string()))?;
            // The folder must hold nothing else with this name: old files are deleted by prefix and suffix.
            let appender = RollingFileAppender::builder()
                .rotation(Rotation::DAILY)
                .filename_prefix("maildeskd")
                .filename_suffix("log")
                .max_log_files(config.keep_days.max(1))
                .build(dir)
                .map_err(|error| failed(error.to_string()))?;
            let (writer, guard) = tracing_appender::non_blocking(appender);
            let dropped = writer.error_counter();
            (Some(fmt::layer().with_writer(writer).with_ansi(false)), Some(guard), Some(dropped))
        }
    };
    let recent = RecentLog::new(Clock);
    tracing_subscriber::registry()
        .with(filter)
        .with(stderr)
        .with(plain)
        .with(file)
        .with(for_consoles(recent.clone()))
        .try_init()
        .map_err(|_| LogError::Twice)?;
    Ok(Logging { filter: handle, _writer: writer, dropped, recent })
}

impl Logging {
    /// The newest lines.
    pub fn recent(&self) -> RecentLog {
        self.recent.clone()
    }

    /// Takes over the level of a configuration read anew.
    pub fn set_level(&self, config: &LogConfig) -> Result<(), LogError> {
        self.filter.reload(filter(&config.level)?).map_err(|_| LogError::Twice)
    }

    /// Lines that the file writer could not take since the start; it drops rather than holds up the daemon.
    pub fn dropped_lines(&self) -> usize {
        self.dropped.as_ref().map_or(0, ErrorCounter::dropped_lines)
    }
}

/// Lines from info on, as the journal has them: time and level stand beside them.
fn for_consoles<S: tracing::Subscriber + for<'a> LookupSpan<'a>>(recent: RecentLog) -> impl Layer<S> {
    let lines = fmt::layer().with_writer(recent).with_target(false).with_ansi(false).without_time().with_level(false);
    lines.with_filter(LevelFilter::INFO)
}

fn filter(level: &str) -> Result<EnvFilter, LogError> {
    let failed = |problem: String| LogError::Filter { level: level.to_owned(), problem };
    let mut filter = EnvFilter::try_new(level).map_err(|error| failed(error.to_string()))?;
    for cap in CAPS {
        let directive = cap.parse().map_err(|_| failed("a built-in cap is wrong".into()))?;
        filter = filter.add_directive(directive);
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_wrong_level_is_explained() {
        let error = super::filter("loud=,=x").unwrap_err().to_string();
        assert!(error.contains("loud") && error.contains("debug"), "{error}");
        assert!(super::filter("info,maildesk_daemon::imap=debug").is_ok());
    }
}
