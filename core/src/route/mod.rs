//! Where a mail goes: reply tokens, wanted look-ups, the plan.

mod admission;
mod agent_mail;
mod bounce;
mod compare;
mod expiry;
mod held;
mod invited;
mod leap;
mod link;
mod lookups;
mod outcome;
mod plan;
mod scan;
#[cfg(test)]
mod tests;
pub mod token;
mod told;
mod unread;
mod words;

pub use agent_mail::{AgentReply, kept_as_note};
pub use bounce::{NotedBounce, SUPPRESSED_FOR};
pub use compare::{Aspect, Difference, differences, rules_apart};
pub use expiry::{Expired, expired, judged_until};
pub use held::{Decision, MailAction, MailRefusal, discard, may_act, sign};
pub use invited::InvitationReply;
pub use leap::{CleanUpNote, Trust, trust};
pub use lookups::{
    ClaimedTicket, DeskRules, FoundInvitation, Lookups, NamedTicket, Pointer, ReturnedMail, Wanted, wanted,
};
pub use outcome::{Effect, JudgedMail, Outcome, Timing, TraceStep};
pub use plan::{Fresh, Kept, Origin, Plan, PlannedTicket, plan};
pub use scan::Scanned;
pub use told::told;
pub use unread::quarantine;
