//! What of a judged mail need not be kept any longer.

use super::outcome::{JudgedMail, Outcome};
use crate::settings::Retention;
use jiff::{SignedDuration, Timestamp};

/// What goes of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expired {
    Nothing,
    /// Its bytes; the verdict stays.
    RawMail,
    /// The verdict, and the bytes where nothing else needs them.
    Verdict,
}

/// What goes of this mail by now. Time runs from what a person last decided about it.
pub fn expired(judged: &JudgedMail, retention: &Retention, now: Timestamp) -> Expired {
    let since = judged.decided.as_ref().map_or(judged.at, |decided| decided.at);
    let over = |days: u32| days > 0 && now.duration_since(since) >= SignedDuration::from_hours(24 * i64::from(days));
    match &judged.outcome {
        Outcome::Quarantined { .. } if over(retention.quarantine_days) => Expired::Verdict,
        Outcome::Quarantined { .. } => Expired::Nothing,
        _ if over(retention.verdict_days) => Expired::Verdict,
        Outcome::Dropped { .. } if judged.raw.is_some() && over(retention.raw_mail_days) => Expired::RawMail,
        _ => Expired::Nothing,
    }
}

/// What was judged after this time has not expired after so many days. `None`: nothing has, for 0 is for ever.
pub fn judged_until(days: u32, now: Timestamp) -> Option<Timestamp> {
    let kept = SignedDuration::from_hours(24 * i64::from(days));
    if days == 0 { None } else { now.checked_sub(kept).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{BlobHash, MailId, TicketNumber, Uid, UidValidity};
    use crate::route::Decision;
    use crate::settings::MailboxName;

    fn day(days: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * days)
    }

    fn mail(outcome: Outcome) -> JudgedMail {
        JudgedMail {
            size: 1,
            raw: Some(BlobHash::of(b"raw")),
            ..JudgedMail::begun(
                MailId(1),
                MailboxName::parse("support").unwrap(),
                (UidValidity(1), Uid(1)),
                outcome,
                day(0),
            )
        }
    }

    #[test]
    fn what_goes_when() {
        let dropped = || mail(Outcome::Dropped { rule: "filter noise".into() });
        let ticket = || mail(Outcome::NewTicket { ticket: TicketNumber(1) });
        let held = || mail(Outcome::Quarantined { reason: "odd".into() });
        let usual = Retention::default();
        let strict = Retention { quarantine_days: 60, ..usual };
        let never = Retention { verdict_days: 0, raw_mail_days: 0, quarantine_days: 0 };
        let decided = JudgedMail { decided: Some(Decision { at: day(80), by: "ann".into() }), ..dropped() };
        for (judged, retention, on, want) in [
            (dropped(), usual, 29, Expired::Nothing),
            (dropped(), usual, 30, Expired::RawMail),
            (JudgedMail { raw: None, ..dropped() }, usual, 30, Expired::Nothing),
            (dropped(), usual, 90, Expired::Verdict),
            (decided.clone(), usual, 109, Expired::Nothing),
            (decided, usual, 110, Expired::RawMail),
            (ticket(), usual, 89, Expired::Nothing),
            (ticket(), usual, 90, Expired::Verdict),
            (held(), usual, 9000, Expired::Nothing),
            (held(), strict, 59, Expired::Nothing),
            (held(), strict, 60, Expired::Verdict),
            (dropped(), never, 9000, Expired::Nothing),
        ] {
            assert_eq!(expired(&judged, &retention, day(on)), want, "{:?} on day {on}", judged.outcome);
        }
        assert_eq!([0, 90].map(|days| judged_until(days, day(100))), [None, Some(day(10))]);
    }
}
