//! maildesk: the console and CLI.
fn main() {}
