//! Workers: restarted with backoff when they break, stopped together; word to systemd and its watchdog.

mod crew;
pub mod systemd;

pub use crew::Crew;
