//! Notifications: who reads one and in which language, what it says. Each is queued within the transaction of what it
//! tells about.

mod actions;
mod agents;
mod commands;
mod contact;
mod readers;
mod thread;

pub use actions::{Done, tell_of_actions};
pub use agents::{AgentNews, Heard, tell_agents};
pub use commands::{Refusal, tell_refused};
pub use contact::{ContactNews, contact_values, tell_contact};
pub use readers::{agent_reader, contact_reader};
pub use thread::{sender_of, thread_ids};
