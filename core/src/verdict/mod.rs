//! Facts about a mail: automatic, bounce, list, our own loop, and whether it may be answered automatically.
//!
//! Facts are judged from headers and structure; subjects count only in well-known forms. Automatic mail is still
//! imported: these facts only decide what is answered and what reopens a ticket.

mod authentication;
mod automatic;
mod bounce;
mod dsn;
mod list;
mod phrases;
mod sender_check;
mod suppress;
mod words;

pub use authentication::{Authentication, Finding};
pub use sender_check::{LookedUp, SenderCheck, SignatureFound, look_up};

use crate::mail::InboundMail;
use serde::{Deserialize, Serialize};

/// Who we are, to know our own mails when they come back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnIdentity {
    /// Addresses of all our mailboxes and senders, in lower case.
    pub addresses: Vec<String>,
    /// Domains of the message ids we write, in lower case.
    pub message_id_domains: Vec<String>,
    /// The value of our `X-Maildesk-Loop` header: one per install.
    pub loop_header_value: String,
    /// Servers whose `Authentication-Results` are believed (RFC 8601 §2.5), any case.
    pub authserv_ids: Vec<String>,
}

/// The header that every mail of ours carries.
pub const LOOP_HEADER: &str = "X-Maildesk-Loop";

/// What a mail is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Written by a machine rather than a person.
    pub automatic: Option<AutomaticReason>,
    /// Says that a mail could not be delivered, or not yet.
    pub bounce: Option<Bounce>,
    /// An absence notice: it must not reopen a ticket.
    pub vacation: bool,
    /// Came through a mailing list or as a newsletter.
    pub list: bool,
    /// We sent it ourselves.
    pub own_loop: bool,
    /// Why it must not be answered automatically; `None`: it may be.
    pub suppress_answer: Option<SuppressReason>,
    /// What the desk's own server or maildesk itself found out about the sender.
    pub authentication: Authentication,
}

/// How we know that a machine wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutomaticReason {
    /// `Auto-Submitted` other than `no` (RFC 3834 §5).
    AutoSubmitted,
    /// `X-Autoreply`, `X-Autorespond` and their kin.
    AutoReplyHeader,
    /// `Precedence: auto_reply`.
    Precedence,
    /// A read or delivery receipt (RFC 8098) or another report.
    Report,
    /// The subject has a well-known form of absence notices.
    Subject,
    /// A delivery status notification.
    Bounce,
}

/// Why no automatic answer may go out. Ordered by strength: the first that holds is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressReason {
    OwnLoop,
    OwnAddress,
    Bounce,
    NullReturnPath,
    Automatic,
    List,
    /// `Precedence: bulk`, `list` or `junk`.
    Bulk,
    /// `X-Auto-Response-Suppress` asks for it (MS-OXCMAIL).
    AskedFor,
    /// From `no-reply`, `mailer-daemon`, `postmaster` or the like.
    MachineSender,
    /// There is no address to answer to.
    NoSender,
}

/// What a delivery status notification says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounce {
    pub failed_recipient: Option<String>,
    /// Enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// Message id of the mail that was not delivered, without angle brackets.
    pub original_message_id: Option<String>,
    /// What the sender of that mail called it on its way (ENVID, RFC 3461 §4.4).
    pub envelope_id: Option<String>,
    /// The foreign server's words (`Diagnostic-Code`), without their type.
    pub diagnostic: Option<String>,
    pub action: BounceAction,
}

/// The `Action` field of RFC 3464 §2.3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BounceAction {
    #[default]
    Failed,
    /// Still being tried.
    Delayed,
    Delivered,
    Relayed,
    Expanded,
}

/// Judges a mail.
pub fn facts(mail: &InboundMail, own: &OwnIdentity) -> Facts {
    let bounce = bounce::bounce(mail);
    let vacation = automatic::vacation(mail) && bounce.is_none();
    let automatic = match bounce {
        Some(_) => Some(AutomaticReason::Bounce),
        None => automatic::automatic(mail, vacation),
    };
    let mut facts = Facts {
        automatic,
        bounce,
        vacation,
        list: list::list(mail),
        own_loop: own_loop(mail, own),
        suppress_answer: None,
        authentication: Authentication::of(mail, &own.authserv_ids),
    };
    facts.suppress_answer = suppress::suppress(mail, own, &facts);
    facts
}

/// Our loop header, or our message id where nobody else writes one: replies quote ids in other fields.
fn own_loop(mail: &InboundMail, own: &OwnIdentity) -> bool {
    let ours = !own.loop_header_value.is_empty()
        && mail.headers_named(LOOP_HEADER).any(|value| value.eq_ignore_ascii_case(&own.loop_header_value));
    let domain = mail.message_id.as_deref().and_then(|id| id.rsplit_once('@')).map(|(_, domain)| domain);
    ours || domain.is_some_and(|d| own.message_id_domains.iter().any(|own| own.eq_ignore_ascii_case(d)))
}

#[cfg(test)]
mod tests;
