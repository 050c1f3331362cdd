//! `maildesk completions`: scripts that make shells complete our commands.

use super::Session;
use crate::failure::Failure;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The shell to complete in
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_>) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::args::Arguments::command(), "maildesk", &mut script);
    session.output.own_text(&String::from_utf8_lossy(&script))
}
