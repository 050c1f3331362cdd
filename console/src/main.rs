//! maildesk: the command line of maildeskd.

use std::process::ExitCode;

fn main() -> ExitCode {
    maildesk_console::runtime::run(std::env::args_os())
}
