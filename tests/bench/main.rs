//! Benchmarks, most on real servers: `cargo run --release -p maildesk-tests --bin bench -- WHAT`, see `USAGE`.
//!
//! Build all binaries first (`cargo build --release --workspace`): the daemon that is measured is the one beside this
//! program. Nothing is asserted about speed. Machines differ and so do their moments; every rate is therefore printed
//! beside that of a named peer which did the same work in the same run.

mod bed;
mod console;
mod corpus;
mod idle;
mod intake;
mod judge;
mod mbsync;
mod measure;
mod outbox;
mod queue;
mod reader;
mod render;
mod table;
mod tickets;

use anyhow::{Context, Result, bail};

const USAGE: &str =
    "usage: bench intake|outbox|outbox-memory|idle|judge|render|console [--mails N] [--tickets N] [--seed N]";

/// What the command line says.
struct Arguments {
    what: String,
    mails: Option<usize>,
    tickets: usize,
    seed: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = arguments()?;
    if cfg!(debug_assertions) {
        println!("This is a debug build; its figures say nothing. Use --release.");
    }
    println!("{}", measure::machine());
    match arguments.what.as_str() {
        "intake" => intake::run(arguments.mails.unwrap_or(10_000), arguments.seed).await,
        "outbox" => outbox::run(arguments.mails.unwrap_or(10_000)).await,
        "outbox-memory" => outbox::memory(arguments.mails.unwrap_or(100_000)).await,
        "idle" => idle::run().await,
        "judge" => {
            judge::run(arguments.mails.unwrap_or(10_000), arguments.seed);
            Ok(())
        }
        "console" => console::run(arguments.tickets).await,
        "render" => render::run(arguments.mails.unwrap_or(20_000)),
        other => bail!("{other}: no such benchmark\n{USAGE}"),
    }
}

fn arguments() -> Result<Arguments> {
    let mut words = std::env::args().skip(1);
    let what = words.next().context(USAGE)?;
    let mut arguments = Arguments { what, mails: None, tickets: 1_000_000, seed: 1 };
    while let Some(word) = words.next() {
        let number: u64 = words.next().with_context(|| format!("{word} wants a number"))?.parse()?;
        match word.as_str() {
            "--mails" => arguments.mails = Some(usize::try_from(number)?),
            "--tickets" => arguments.tickets = usize::try_from(number)?,
            "--seed" => arguments.seed = number,
            _ => bail!("{word}: no such option\n{USAGE}"),
        }
    }
    Ok(arguments)
}
