//! One mailbox's worker: fetch, parse, plan, blobs, commit, flag.
//!
//! A mail is flagged only when its ticket is durable. A fault leaves it unread on its server, to be taken again; what
//! was committed is found by its processed mark and is only flagged. One bad mail is one mail's problem: it goes to
//! quarantine with its reason, and the next mail goes on.

mod again;
mod agent_reply;
mod alone;
mod batch;
mod commit;
mod decide;
mod doubts;
mod fetching;
mod invited;
mod late;
mod lookups;
mod pipeline;
mod poll;
mod prepare;
mod preview;
mod trial;
mod whole;
mod worker;

pub use again::{Again, AgainError, AtHand, HeldBytes, HeldMail, bytes_again, judge_again, read_again, rehearse_again};
pub use late::{LateError, LateMail, LateParts, fetch_late};
pub use poll::PollError;
pub use preview::{Preview, preview};
pub use trial::{Trial, rejudge, try_mail};
pub use worker::{IntakeParts, MailboxWorker};
