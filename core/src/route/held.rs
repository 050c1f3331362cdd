//! What a person may do with a mail that was held back: let it through, have it judged anew, or drop it.

use super::outcome::{JudgedMail, Outcome, TraceStep};
use crate::ids::MailId;
use crate::settings::MailboxName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a person decides about a mail that became no part of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailAction {
    /// It goes through as any other mail, whatever rule, block or scanner holds it back.
    Release,
    /// It is judged as if it came in now, by today's settings.
    Replay,
    /// It is dropped.
    Discard { reason: String },
}

impl MailAction {
    /// The action as commands and the audit log name it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Replay => "replay",
            Self::Discard { .. } => "discard",
        }
    }

    fn done(&self) -> &'static str {
        match self {
            Self::Release => "released",
            Self::Replay => "judged anew",
            Self::Discard { .. } => "discarded",
        }
    }

    /// Whether it wants the mail in any case: one whose bytes are not here is fetched, however large, and one that
    /// cannot be taken apart is attached whole.
    pub fn wants_mail(&self) -> bool {
        *self == Self::Release
    }

    /// Whether it needs the bytes of the mail.
    pub fn reads_mail(&self) -> bool {
        !matches!(self, Self::Discard { .. })
    }
}

/// Who decided last about a mail that was held back, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub at: Timestamp,
    /// Unix user name.
    pub by: String,
}

/// Why an action cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailRefusal {
    #[error("mail {mail} is {verdict}: there is nothing to {action}")]
    NotHeld { mail: MailId, verdict: String, action: &'static str },
    #[error("mail {mail} was never fetched; released, it is fetched after all")]
    NoBytes { mail: MailId },
    #[error("mail {mail}: its bytes are no longer kept (retention.raw_mail_days); released, it is fetched anew")]
    BytesGone { mail: MailId },
    #[error("mail {mail} cannot be released: {verdict}")]
    StillHeld { mail: MailId, verdict: String },
    #[error("mail {mail} came in by the mailbox {mailbox}, which is no longer among the settings")]
    NoMailbox { mail: MailId, mailbox: MailboxName },
}

/// Whether a mail is held back in a way that the action can change.
///
/// # Errors
/// It is part of a ticket, or it is dropped already, or its bytes are not here and are not fetched for the action.
pub fn may_act(action: &MailAction, judged: &JudgedMail) -> Result<(), MailRefusal> {
    let held = matches!(
        (&judged.outcome, action),
        (Outcome::Quarantined { .. }, _) | (Outcome::Dropped { .. }, MailAction::Release | MailAction::Replay)
    );
    if !held {
        let (verdict, action) = (judged.outcome.sentence(), action.word());
        return Err(MailRefusal::NotHeld { mail: judged.id, verdict, action });
    }
    match judged.raw {
        None if !action.reads_mail() || action.wants_mail() => Ok(()),
        // What was dropped was fetched once.
        None if matches!(judged.outcome, Outcome::Dropped { .. }) => Err(MailRefusal::BytesGone { mail: judged.id }),
        None => Err(MailRefusal::NoBytes { mail: judged.id }),
        _ => Ok(()),
    }
}

/// Signs a new verdict: it keeps the place of the one `before` in the log, and says who asked for it.
pub fn sign(judged: &mut JudgedMail, before: &JudgedMail, action: &MailAction, by: &str, now: Timestamp) {
    let said = format!("{} by {by} at {now:.0}; before: {}", action.done(), before.outcome.sentence());
    let earlier = before.trace.iter().filter(|step| step.step == STEP).cloned();
    let steps: Vec<TraceStep> = earlier.chain([TraceStep { step: STEP.into(), said }]).collect();
    judged.trace.splice(0..0, steps);
    judged.at = before.at;
    judged.decided = Some(Decision { at: now, by: by.to_owned() });
    // What could not be read when it came may be known from that time.
    if judged.from.is_empty() && judged.subject.is_empty() {
        judged.from.clone_from(&before.from);
        judged.subject.clone_from(&before.subject);
        judged.message_id.clone_from(&before.message_id);
    }
}

/// The verdict of a mail that a person drops.
pub fn discard(before: &JudgedMail, reason: &str, by: &str, now: Timestamp) -> JudgedMail {
    let mut judged = before.clone();
    judged.trace.retain(|step| step.step != STEP);
    judged.outcome = Outcome::Dropped { rule: format!("discarded by {by}: {reason}") };
    sign(&mut judged, before, &MailAction::Discard { reason: reason.to_owned() }, by, now);
    judged
}

/// The steps of a verdict that a person took.
const STEP: &str = "person";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{BlobHash, TicketNumber, Uid, UidValidity};

    fn mail(outcome: Outcome) -> JudgedMail {
        JudgedMail {
            from: "ann@acme.example".into(),
            subject: "Help".into(),
            size: 1,
            raw: Some(BlobHash::of(b"raw")),
            trace: vec![TraceStep { step: "route".into(), said: "put into quarantine by a filter".into() }],
            ..JudgedMail::begun(
                MailId(5),
                MailboxName::parse("support").unwrap(),
                (UidValidity(1), Uid(1)),
                outcome,
                Timestamp::UNIX_EPOCH,
            )
        }
    }

    fn held() -> JudgedMail {
        mail(Outcome::Quarantined { reason: "filter odd".into() })
    }

    #[test]
    fn only_what_is_held_back_can_be_decided_about() {
        let discard = MailAction::Discard { reason: "spam".into() };
        let dropped = mail(Outcome::Dropped { rule: "filter noise".into() });
        let taken = mail(Outcome::NewTicket { ticket: TicketNumber(3) });
        for (action, judged, want) in [
            (&MailAction::Release, &held(), true),
            (&MailAction::Replay, &held(), true),
            (&discard, &held(), true),
            (&MailAction::Release, &dropped, true),
            (&MailAction::Replay, &dropped, true),
            (&discard, &dropped, false),
            (&MailAction::Release, &taken, false),
            (&MailAction::Replay, &taken, false),
            (&discard, &taken, false),
        ] {
            assert_eq!(may_act(action, judged).is_ok(), want, "{action:?} {:?}", judged.outcome);
        }
        let twice = may_act(&MailAction::Release, &taken).unwrap_err().to_string();
        assert_eq!(twice, "mail 5 is new ticket #3: there is nothing to release");
        let unfetched = JudgedMail { raw: None, ..held() };
        assert!(matches!(may_act(&MailAction::Replay, &unfetched), Err(MailRefusal::NoBytes { .. })));
        assert_eq!(may_act(&discard, &unfetched), Ok(()));
        assert_eq!(may_act(&MailAction::Release, &unfetched), Ok(()), "it is fetched after all");
        let expired = JudgedMail { raw: None, ..dropped };
        assert!(matches!(may_act(&MailAction::Replay, &expired), Err(MailRefusal::BytesGone { .. })));
    }

    #[test]
    fn a_verdict_says_who_changed_it_and_keeps_its_place() {
        let later = Timestamp::from_second(86_400).unwrap();
        let once = discard(&held(), "spam", "ann", later);
        assert_eq!(once.outcome, Outcome::Dropped { rule: "discarded by ann: spam".into() });
        assert_eq!((once.at, once.trace.len()), (Timestamp::UNIX_EPOCH, 2));
        let said = "discarded by ann at 1970-01-02T00:00:00Z; before: quarantined, filter odd";
        assert_eq!((once.trace[0].step.as_str(), once.trace[0].said.as_str()), ("person", said));
        let mut twice = mail(Outcome::NewTicket { ticket: TicketNumber(3) });
        sign(&mut twice, &once, &MailAction::Release, "bob", later);
        let people: Vec<&str> = twice.trace.iter().filter(|step| step.step == "person").map(|s| &*s.said).collect();
        let released = "released by bob at 1970-01-02T00:00:00Z; before: dropped, discarded by ann: spam";
        assert_eq!(people, [said, released]);
        assert_eq!(twice.decided, Some(Decision { at: later, by: "bob".into() }));
    }
}
