//! The desk itself: what the daemon knows of its queue, clock, disk, secrets and connections.

use super::{Check, Finding, Verdict};
use jiff::Timestamp;

/// Mail that has been due for longer than this does not get out.
const OLD_MINUTES: i64 = 15;
/// Below this many bytes intake stops soon.
const DISK_TIGHT: u64 = 2 << 30;
/// A certificate that ends in fewer days is a warning.
pub const CERTIFICATE_DAYS: i64 = 14;
/// Before this program was written no clock was right: 2026-01-01T00:00:00Z.
const EARLIEST: i64 = 1_767_225_600;

/// Age of the mail that has been due longest, by sender.
pub fn queue(sender: &str, due_since: Option<Timestamp>, now: Timestamp) -> Finding {
    let minutes = due_since.map_or(0, |since| now.duration_since(since).as_mins());
    if minutes < OLD_MINUTES {
        return Finding::new(Check::Queue, Verdict::Good, sender, "no mail waits longer than it should");
    }
    let age = if minutes < 120 { format!("{minutes} minutes") } else { format!("{} hours", minutes / 60) };
    Finding::new(Check::Queue, Verdict::Warning, sender, format!("a mail has been due for {age} and is not sent"))
        .remedy("See 'maildesk status' and 'maildesk outbox list --state due'.")
}

/// The machine's clock, against this program's age and the newest event kept.
pub fn clock(now: Timestamp, newest_event: Option<Timestamp>) -> Finding {
    let finding = |verdict, meaning: String| Finding::new(Check::Clock, verdict, now.to_string(), meaning);
    let remedy = "Set the clock: timedatectl set-ntp true.";
    if now.as_second() < EARLIEST {
        return finding(Verdict::Bad, "the clock is years behind: certificates and retries go wrong".into())
            .remedy(remedy);
    }
    match newest_event {
        Some(event) if event.duration_since(now).as_mins() >= 5 => {
            let minutes = event.duration_since(now).as_mins();
            finding(
                Verdict::Warning,
                format!("the clock was {minutes} minutes ahead of now when the last event was written"),
            )
            .remedy(remedy)
        }
        _ => finding(Verdict::Good, "the clock is plausible".into()),
    }
}

/// Free space where the state folder is; `minimum` is where intake stops.
pub fn disk(folder: &str, free: u64, minimum: u64) -> Finding {
    let shown = |bytes: u64| format!("{} MiB", bytes >> 20);
    let finding = |verdict, meaning: String| Finding::new(Check::Disk, verdict, folder, meaning);
    if free <= minimum {
        finding(Verdict::Bad, format!("{} free: no more mail is taken in below {}", shown(free), shown(minimum)))
            .remedy("Make room; mail stays unread on its server until then.")
    } else if free < minimum.saturating_add(DISK_TIGHT) {
        finding(Verdict::Warning, format!("{} free; intake stops at {}", shown(free), shown(minimum)))
            .remedy("Make room before that.")
    } else {
        finding(Verdict::Good, format!("{} free", shown(free)))
    }
}

/// Secrets by their field; each with why it cannot be resolved, if so.
pub fn secrets(fields: &[(String, Option<String>)]) -> Vec<Finding> {
    let bad = |(field, why): &(String, Option<String>)| {
        let why = why.as_ref()?;
        Some(
            Finding::new(Check::Secrets, Verdict::Bad, field, format!("the secret cannot be read: {why}"))
                .remedy("Give it again with 'maildesk settings apply'."),
        )
    };
    let found: Vec<Finding> = fields.iter().filter_map(bad).collect();
    if !found.is_empty() {
        return found;
    }
    let count = fields.len();
    vec![Finding::new(Check::Secrets, Verdict::Good, "settings", format!("all {count} secrets can be read"))]
}

/// There is no list of name servers to ask.
pub fn no_name_servers() -> Finding {
    Finding::new(Check::Dns, Verdict::Unknown, "/etc/resolv.conf", "no name server is known: nothing was judged")
        .remedy("Name one there, or under [dns] servers in maildeskd.toml.")
}

/// A server's certificate by when it ends; `fault` says why it could not be looked at.
pub fn certificate(server: &str, ends: Option<Timestamp>, fault: Option<&str>, now: Timestamp) -> Finding {
    let finding = |verdict, meaning: String| Finding::new(Check::Certificate, verdict, server, meaning);
    let Some(ends) = ends else {
        let why = fault.unwrap_or("there was no connection since the start");
        return finding(Verdict::Unknown, format!("its certificate was not seen: {why}"));
    };
    let (day, days) = (ends.strftime("%Y-%m-%d"), ends.duration_since(now).as_secs().div_euclid(24 * 3600));
    let remedy = "Renew it on the server: mail stops when it has ended.";
    match days {
        ..0 => finding(Verdict::Bad, format!("its certificate ended on {day}")).remedy(remedy),
        0..CERTIFICATE_DAYS => {
            finding(Verdict::Warning, format!("its certificate ends in {days} days, on {day}")).remedy(remedy)
        }
        _ => finding(Verdict::Good, format!("its certificate ends in {days} days, on {day}")),
    }
}

/// A mailbox, sender or storage that is faulty now.
pub fn connection(what: &str, diagnosis: &crate::diagnosis::Diagnosis) -> Finding {
    let finding = Finding::new(Check::Connection, Verdict::Bad, what, diagnosis.meaning.clone());
    finding.found(diagnosis.server_said.as_deref()).remedy(diagnosis.remedy.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_certificate_warns_two_weeks_before_its_end() {
        let now = Timestamp::UNIX_EPOCH;
        let check = |hours: i64, verdict, meaning: &str| {
            let found = certificate("sender a", Some(now + SignedDuration::from_hours(hours)), None, now);
            assert_eq!((found.verdict, found.meaning.as_str()), (verdict, meaning));
            assert_eq!(found.remedy.is_some(), verdict != Verdict::Good);
        };
        check(24 * 14, Verdict::Good, "its certificate ends in 14 days, on 1970-01-15");
        check(24 * 14 - 1, Verdict::Warning, "its certificate ends in 13 days, on 1970-01-14");
        check(1, Verdict::Warning, "its certificate ends in 0 days, on 1970-01-01");
        check(-1, Verdict::Bad, "its certificate ended on 1969-12-31");
        let unseen = certificate("sender a", None, Some("nothing listens on x port 1"), now);
        assert_eq!(unseen.verdict, Verdict::Unknown);
        assert_eq!(unseen.meaning, "its certificate was not seen: nothing listens on x port 1");
    }
}
