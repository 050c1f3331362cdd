//! maildeskd: reads its bootstrap file, starts, follows settings and signals, stops.

use anyhow::Context;
use clap::Parser;
use maildesk_daemon::app::{App, with_own_authorities};
use maildesk_daemon::config::Config;
use maildesk_daemon::logging::{self, Logging};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

/// The daemon of maildesk: turns mail into tickets and sends what is due.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The bootstrap file.
    #[arg(long, default_value = "/etc/maildesk/maildeskd.toml")]
    config: PathBuf,
    /// Reads the bootstrap file, says whether it is right, and ends.
    #[arg(long)]
    check: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let config = Config::load(&arguments.config)?;
    if arguments.check {
        return Ok(ExitCode::SUCCESS);
    }
    with_own_authorities(&config)?;
    let logging = logging::start(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .max_blocking_threads(16)
        .build()
        .context("starting the runtime")?;
    runtime.block_on(live(&arguments.config, &config, &logging))
}

async fn live(path: &Path, config: &Config, logging: &Logging) -> anyhow::Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut app = match App::start(config, logging.recent()).await {
        Ok(app) => app,
        Err(error) => {
            // Said once: the log goes to stderr too.
            tracing::error!(%error, "cannot start");
            return Ok(ExitCode::FAILURE);
        }
    };
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hang_up.recv() => reload_log_level(path, logging),
            () = app.settings_changed() => app.follow_settings().await,
        }
    }
    app.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn reload_log_level(path: &Path, logging: &Logging) {
    let reloaded = Config::load(path).map_err(anyhow::Error::from).and_then(|config| {
        logging.set_level(&config.log)?;
        Ok(config.log.level)
    });
    match reloaded {
        Ok(level) => tracing::info!(level, dropped_lines = logging.dropped_lines(), "the log level was read anew"),
        Err(error) => tracing::warn!(%error, "the log level stays as it was"),
    }
}
