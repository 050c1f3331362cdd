//! The life of one command: read the arguments, run, say what failed, end with the right code.

use crate::app::place::Place;
use crate::args::{Arguments, Global, Noun};
use crate::clock::Clock;
use crate::command::{self, Finished};
use crate::failure::{Failure, report};
use crate::output::Output;
use crate::terminal;
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// Runs the command line `arguments` (with the program's name first) to its end.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    let parsed = match Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(refusal) => return refused(&refusal, json),
    };
    let on_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let place = match &parsed.noun {
        None => Some(Place::Home),
        Some(Noun::Setup) => Some(Place::Setup),
        Some(_) => None,
    };
    if let Some(place) = place {
        let plain =
            parsed.plain || std::env::var_os("ACCESSIBLE").is_some_and(|value| !value.is_empty() && value != "0");
        return match on_terminal && !json {
            true => console(&parsed.global, parsed.ascii, plain, place),
            false => nothing_asked(place, json),
        };
    }
    let Some(noun) = parsed.noun else { return nothing_asked(Place::Home, json) };
    let mut output = Output::of_process(&parsed.global, Clock::system());
    let result = in_runtime(parsed.global, noun, &mut output);
    let result = result.and_then(|finished| output.flush().map(|()| finished).map_err(Failure::Output));
    match result {
        Ok(Finished::Well) => ExitCode::SUCCESS,
        Ok(Finished::WithFindings) => ExitCode::from(6),
        Ok(Finished::WithRefusals) => ExitCode::from(5),
        // Whoever read our output has read enough.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            // What was begun on standard output is complete lines of text; with --json nothing was written yet.
            report(&failure, json, &mut std::io::stderr().lock());
            ExitCode::from(failure.exit_code())
        }
    }
}

/// The screens, until the person leaves them.
fn console(global: &Global, ascii: bool, plain: bool, place: Place) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::Runtime);
    let result = runtime.and_then(|runtime| {
        let result = runtime.block_on(tokio::task::LocalSet::new().run_until(async {
            match plain {
                true => Box::pin(crate::plain::run(global, place)).await,
                false => Box::pin(terminal::run(global, ascii, place)).await,
            }
        }));
        // Calls that were not answered yet must not hold up the end.
        runtime.shutdown_background();
        result
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure, false, &mut std::io::stderr().lock());
            ExitCode::from(failure.exit_code())
        }
    }
}

fn in_runtime(global: Global, noun: Noun, output: &mut Output) -> Result<Finished, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::Runtime)?;
    let result = runtime.block_on(async {
        tokio::select! {
            result = command::run(global, noun, output) => result,
            _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
        }
    });
    // A thread that still waits for standard input must not hold up the end.
    runtime.shutdown_background();
    result
}

/// Without a terminal there is the help, and the exit code of wrong usage.
fn nothing_asked(place: Place, json: bool) -> ExitCode {
    let to = &mut std::io::stderr().lock();
    if place == Place::Setup {
        let words = "setup asks on a terminal; without one write desk.toml and use maildesk settings apply desk.toml";
        report(&Failure::Usage(words.into()), json, to);
    } else if json {
        report(&Failure::Usage("no command was given; see maildesk --help".into()), true, to);
    } else {
        // Nobody is left to tell when standard error is closed.
        drop(write!(to, "{}", Arguments::command().render_help()));
    }
    ExitCode::from(2)
}

fn refused(refusal: &clap::Error, json: bool) -> ExitCode {
    let code = u8::try_from(refusal.exit_code()).unwrap_or(2);
    if json && code != 0 {
        let failure = Failure::Usage(refusal.render().to_string());
        report(&failure, true, &mut std::io::stderr().lock());
    } else {
        // Nobody is left to tell when the stream it belongs to is closed.
        drop(refusal.print());
    }
    ExitCode::from(code)
}
