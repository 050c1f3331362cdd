//! UID SEARCH, sizes and dates, and the \Seen flag.

use super::{ImapError, ImapSession, login::quoted, uid_set::uid_sets};
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use maildesk_core::diagnosis::Step;
use maildesk_core::ids::Uid;
use std::collections::HashSet;

/// Most UIDs in one command that brings or changes a little for each.
const UIDS_PER_COMMAND: usize = 5000;

/// What is known of a mail before it is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailMeta {
    pub uid: Uid,
    /// In bytes, as the server counts (RFC 3501 §2.3.4).
    pub size: u32,
    /// When the server took the mail in.
    pub internal_date: Option<Timestamp>,
}

impl ImapSession {
    /// The unread mails of the open folder, ascending: those from UID `first` on, taken in on `since` or later (the
    /// server's day, RFC 3501 §6.4.4).
    ///
    /// # Errors
    /// As for every command: refusal, loss of the connection, unreadable answer.
    pub async fn search_unseen(&mut self, first: Option<Uid>, since: Option<Date>) -> Result<Vec<Uid>, ImapError> {
        let mut command = "UID SEARCH UNSEEN".to_owned();
        if let Some(first) = first {
            command.push_str(&format!(" UID {first}:*"));
        }
        if let Some(since) = since {
            command.push_str(&format!(" SINCE {}", search_date(since)));
        }
        let mut found = Vec::new();
        self.exec(Step::Search, &command, |answer| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
                found.extend(uids.iter().copied().map(Uid));
            }
        })
        .await?;
        // "n:*" always names the last mail, also where its UID is below n.
        found.retain(|uid| first.is_none_or(|first| *uid >= first));
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Whether the open folder holds a mail with this Message-ID (without angle brackets), taken in on `since` or
    /// later (the server's day): a server need not look through all that was ever sent.
    ///
    /// # Errors
    /// As for every command: refusal, loss of the connection, unreadable answer.
    pub async fn holds(&mut self, message_id: &str, since: Date) -> Result<bool, ImapError> {
        let id = quoted(&format!("<{message_id}>"));
        let command = format!("UID SEARCH SINCE {} HEADER Message-ID {id}", search_date(since));
        let mut found = false;
        self.exec(Step::Search, &command, |answer| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
                found |= !uids.is_empty();
            }
        })
        .await?;
        Ok(found)
    }

    /// Sizes and dates of these mails, in the server's order. Mails that have vanished are left out.
    ///
    /// # Errors
    /// As for every command: refusal, loss of the connection, unreadable answer.
    pub async fn sizes(&mut self, uids: &[Uid]) -> Result<Vec<MailMeta>, ImapError> {
        let mut found = Vec::with_capacity(uids.len());
        self.sizes_into(uids, &mut found).await?;
        Ok(found)
    }

    /// As [`sizes`](Self::sizes); what came before an error is found, too.
    ///
    /// # Errors
    /// As for every command: refusal, loss of the connection, unreadable answer.
    pub async fn sizes_into(&mut self, uids: &[Uid], found: &mut Vec<MailMeta>) -> Result<(), ImapError> {
        let wanted: HashSet<Uid> = uids.iter().copied().collect();
        for set in uid_sets(uids, UIDS_PER_COMMAND) {
            let command = format!("UID FETCH {set} (UID RFC822.SIZE INTERNALDATE)");
            self.exec(Step::Fetch, &command, |answer| {
                if let Response::Fetch(_, attributes) = answer
                    && let Some(meta) = meta_of(attributes)
                    && wanted.contains(&meta.uid)
                {
                    found.push(meta);
                }
            })
            .await?;
        }
        Ok(())
    }

    /// Marks these mails as read, with one command for all of them (more only where they do not fit into a line).
    ///
    /// # Errors
    /// [`FaultKind::FolderReadOnly`](maildesk_core::diagnosis::FaultKind::FolderReadOnly) where the account may not;
    /// else as for every command.
    pub async fn mark_seen(&mut self, uids: &[Uid]) -> Result<(), ImapError> {
        for set in uid_sets(uids, UIDS_PER_COMMAND) {
            self.exec(Step::Flag, &format!("UID STORE {set} +FLAGS.SILENT (\\Seen)"), |_| ()).await?;
        }
        Ok(())
    }
}

fn meta_of(attributes: &[AttributeValue<'_>]) -> Option<MailMeta> {
    let (mut uid, mut size, mut internal_date) = (None, None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(number) => uid = Some(Uid(*number)),
            AttributeValue::Rfc822Size(bytes) => size = Some(*bytes),
            AttributeValue::InternalDate(text) => internal_date = parse_internal_date(text),
            _ => {}
        }
    }
    Some(MailMeta { uid: uid?, size: size?, internal_date })
}

/// `22-Nov-2026 19:57:04 +0100`; days below ten have a space or nothing before them (RFC 3501 §9, date-time).
fn parse_internal_date(text: &str) -> Option<Timestamp> {
    Timestamp::strptime("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()
}

/// `1-Nov-2026` (RFC 3501 §9, date).
fn search_date(date: Date) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = usize::try_from(date.month() - 1).ok().and_then(|month| MONTHS.get(month)).copied();
    format!("{}-{}-{:04}", date.day(), month.unwrap_or("Jan"), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_are_read_with_their_zone() {
        for (text, want) in [
            ("22-Nov-2026 19:57:04 +0000", Some("2026-11-22T19:57:04Z")),
            ("22-Nov-2026 19:57:04 +0130", Some("2026-11-22T18:27:04Z")),
            (" 1-Feb-2026 00:00:00 -0800", Some("2026-02-01T08:00:00Z")),
            ("yesterday", None),
        ] {
            assert_eq!(parse_internal_date(text), want.map(|want| want.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn search_dates_have_english_months_in_every_locale() {
        assert_eq!(search_date(jiff::civil::date(2026, 11, 1)), "1-Nov-2026");
        assert_eq!(search_date(jiff::civil::date(2026, 12, 31)), "31-Dec-2026");
    }
}
