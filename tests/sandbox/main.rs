//! The two-minute trial behind `tests/try`: servers, a daemon, sample mails, and what they became.

mod inbox;
mod letters;
mod next;
mod paper;
mod place;
mod story;

use anyhow::Result;
use clap::Parser;
use maildesk_tests::scratch::Scratch;
use paper::Paper;
use place::Place;
use std::path::PathBuf;
use std::process::ExitCode;
use story::Desk;

/// Starts mail servers and maildeskd on loopback, sends sample mails, shows what became of them, and leaves all of
/// it running for you to play with.
#[derive(Debug, Parser)]
#[command(name = "tests/try")]
struct Arguments {
    /// Stop and remove everything at the end; the exit code says whether all went well
    #[arg(long, conflicts_with_all = ["stop", "mail", "inbox"])]
    once: bool,
    /// Stop what an earlier call left running, and remove it
    #[arg(long, conflicts_with_all = ["mail", "inbox"])]
    stop: bool,
    /// Send a mail to the desk
    #[arg(long, num_args = 3, value_names = ["FROM", "SUBJECT", "TEXT"], conflicts_with = "inbox")]
    mail: Option<Vec<String>>,
    /// A file to attach to it
    #[arg(long, value_name = "FILE", requires = "mail")]
    attach: Vec<PathBuf>,
    /// Show what is in somebody's mailbox: alice, bob or carol
    #[arg(long, value_name = "NAME")]
    inbox: Option<String>,
    /// Where all of it lives [default: maildesk-try in the temporary directory]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let paper = Paper::of_process();
    match begin(&arguments, &paper) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            paper.failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn begin(arguments: &Arguments, paper: &Paper) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let dir = arguments.dir.clone().unwrap_or_else(|| std::env::temp_dir().join("maildesk-try"));
    if arguments.stop {
        return place::stop(&dir, paper);
    }
    if let Some(user) = &arguments.inbox {
        return inbox::show(&place::running(&dir)?, user, paper);
    }
    if let Some([from, subject, text]) = arguments.mail.as_deref() {
        let place = place::running(&dir)?;
        return runtime.block_on(inbox::send(&place, from, subject, text, &arguments.attach, paper));
    }
    paper.title("maildesk", "a support desk's mail engine, tried out on this machine");
    if arguments.once {
        let desk = runtime.block_on(whole_story(Scratch::new()?, paper))?;
        drop(desk);
        paper.closing("All is well. Everything was stopped and removed; without --once it goes on running.");
        return Ok(());
    }
    let place = Place::claim(&dir)?;
    let desk = runtime.block_on(whole_story(Scratch::at(place.dir())?, paper))?;
    desk.bed.scratch.leave_running();
    next::show(place.dir(), desk.daemon.socket(), paper)
}

async fn whole_story(scratch: Scratch, paper: &Paper) -> Result<Desk> {
    let desk = Desk::open(scratch, paper).await?;
    let told = story::tell(&desk, paper).await;
    if told.is_err() {
        paper.log(&desk.daemon.log_tail(12));
    }
    told.map(|()| desk)
}
