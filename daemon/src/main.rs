//! maildeskd: the daemon.
fn main() {}
