//! A bounce of a mail of ours: what its outbox entry, its ticket and the list of suppressed addresses hear of it.
//!
//! A bounce is believed only where it shows the signed reply token of the mail that came back: who has not seen that
//! mail cannot make one, and so cannot silence an address by sending false bounces.

use super::lookups::ReturnedMail;
use super::token::TokenKeys;
use crate::ids::{BlobHash, MailId};
use crate::outbox::{Attempt, OutboxEntry, OutboxState, Suppression};
use crate::text::{clean_line, shorten};
use crate::ticket::{Applied, Author, Command, Entry, EntryKind, Rejected, apply};
use crate::verdict::{Bounce, BounceAction};
use jiff::{SignedDuration, Timestamp};

/// How long an address is not written to after mail to it came back for good.
pub const SUPPRESSED_FOR: SignedDuration = SignedDuration::from_hours(60 * 24);
/// Longest piece of a foreign server's words that is kept, in characters.
const WORDS_MAX: usize = 300;

/// What follows from a bounce, beside the ticket's entry.
#[derive(Debug, Clone, PartialEq)]
pub struct NotedBounce {
    /// The mail that came back, as it is from now on.
    pub outbox: OutboxEntry,
    /// The address is not written to for a time.
    pub suppression: Option<Suppression>,
    /// It will not arrive, in words; absent where it is only late.
    pub failed: Option<String>,
}

/// Notes a bounce; `None` where its token is not genuine: it is a mail like any other then.
///
/// # Errors
/// The ticket takes no note.
pub(super) fn note(
    returned: &ReturnedMail,
    bounce: &Bounce,
    key: &TokenKeys,
    (mail, raw): (MailId, Option<BlobHash>),
    now: Timestamp,
) -> Result<Option<(NotedBounce, Applied)>, Rejected> {
    let ReturnedMail { claim, outbox, ticket } = returned;
    if !claim.made_for(key, outbox.token_recipient()) {
        return Ok(None);
    }
    let late = bounce.action == BounceAction::Delayed;
    let said = words(bounce);
    let id = outbox.id;
    let to = failed_address(bounce, outbox);
    let meaning = if late {
        format!("it has not reached {to} yet and is still tried")
    } else {
        format!("it came back from {to}")
    };
    let suppression = (!late && speaks_of_the_address(bounce)).then(|| Suppression {
        address: outbox.to.clone(),
        reason: format!("mail {id} came back: {said}"),
        since: now,
        expires: now.checked_add(SUPPRESSED_FOR).ok(),
    });
    let mut outbox = outbox.clone();
    outbox.note_attempt(Attempt { at: now, said: said.clone(), meaning: Some(meaning), remedy: remedy(&suppression) });
    if let (false, OutboxState::Sent { at, .. }) = (late, &outbox.state) {
        outbox.came_back_after = Some(*at);
        outbox.state = OutboxState::Failed { at: now, reason: format!("it came back: {said}") };
    }
    let (kind, text) = if late {
        (EntryKind::Note, format!("mail {id} has not reached {to} yet, its server still tries: {said}"))
    } else {
        let silence = suppression
            .as_ref()
            .and_then(|found| found.expires)
            .map(|until| format!(". The address is not written to until {until:.0} (maildesk suppression list)"));
        (EntryKind::DeliveryProblem, format!("mail {id} to {to} came back: {said}{}", silence.unwrap_or_default()))
    };
    let entry = Entry { mail: Some(mail), raw, outbox: Some(id), ..Entry::new(Author::System, kind, text, now) };
    let applied = apply(ticket, Command::Note { entry }, now)?;
    let noted = NotedBounce { outbox, suppression, failed: (!late).then_some(said) };
    Ok(Some((noted, applied)))
}

/// Whom the bounce names, and whom we wrote to where that is somebody else: mail is forwarded.
fn failed_address(bounce: &Bounce, outbox: &OutboxEntry) -> String {
    let named = bounce.failed_recipient.as_deref().map(|named| shorten(&clean_line(named), 254));
    match named.filter(|named| !named.eq_ignore_ascii_case(outbox.to.as_str())) {
        Some(named) => format!("{} (by way of {})", named, outbox.to),
        None => outbox.to.to_string(),
    }
}

/// Status and the foreign server's words, as far as the bounce has them.
fn words(bounce: &Bounce) -> String {
    let status = bounce.status.as_deref().unwrap_or_default();
    match bounce.diagnostic.as_deref().map(|said| shorten(&clean_line(said), WORDS_MAX)) {
        Some(said) if said.contains(status) => said,
        Some(said) => format!("{status} {said}"),
        None if status.is_empty() => "its server gave no reason".into(),
        None => format!("status {status}"),
    }
}

/// Whether a permanent status is about the address. Too large (5.2.3, 5.3.4), content (5.6.x) and policy (5.7.x) are
/// about this mail: the next one may arrive.
fn speaks_of_the_address(bounce: &Bounce) -> bool {
    let Some(status) = bounce.status.as_deref().filter(|status| status.starts_with("5.")) else { return false };
    !(matches!(status, "5.2.3" | "5.3.4") || status.starts_with("5.6.") || status.starts_with("5.7."))
}

fn remedy(suppression: &Option<Suppression>) -> Option<String> {
    let found = suppression.as_ref()?;
    Some(format!("Ask for another address; 'maildesk suppression remove {}' allows mail to it again.", found.address))
}
