//! From a rendered notification to an outbox entry and its mail: Message-ID, threading and the headers that keep
//! machines from answering machines.

use super::OutboxEntry;
use super::mail::OutboundMail;
use crate::address::{Address, Domain};
use crate::ids::{EntryNumber, OutboxId, TicketNumber};
use crate::notification::{Kind, Rendered};
use crate::route::token::{TokenKeys, message_id, plus_address};
use crate::settings::Sender;
use crate::ticket::AttachmentRef;
use crate::verdict::LOOP_HEADER;
use jiff::Timestamp;

/// Message ids kept in References: the first and the newest (RFC 5322 §3.6.4 lets long threads be shortened).
const REFERENCES_KEPT: usize = 20;

/// A notification to one person.
#[derive(Debug)]
pub struct Draft<'a> {
    pub kind: Kind,
    /// The ticket, and the entry that it carries or follows; absent: it is about none.
    pub about: Option<(TicketNumber, EntryNumber)>,
    /// A token of another kind than a ticket's, which stands in the Message-ID in place of ours.
    pub token: Option<String>,
    pub to: &'a Address,
    pub to_name: Option<&'a str>,
    pub sender: &'a Sender,
    /// Display name of From where it is not the sender's own.
    pub from_name: Option<String>,
    /// Message ids of the thread without angle brackets, oldest first; the last one is answered.
    pub thread: Vec<String>,
    /// Names this install in the loop header.
    pub install: &'a str,
    /// Files that go along.
    pub attachments: Vec<AttachmentRef>,
}

impl Draft<'_> {
    /// The entry to queue, due at once, and the mail to compose. The entry's size is not known yet.
    pub fn finish(
        self,
        rendered: Rendered,
        id: OutboxId,
        key: &TokenKeys,
        now: Timestamp,
    ) -> (OutboxEntry, OutboundMail) {
        let from = &self.sender.from;
        // Addresses at address literals have no domain; a Message-ID needs something unique behind the @.
        let domain = Domain::parse(from.domain()).ok();
        let message_id = match (&domain, self.about) {
            (Some(domain), Some((ticket, entry))) => message_id(key, ticket, entry, id, self.to, domain),
            (Some(domain), None) if self.token.is_some() => format!("{}@{domain}", self.token.unwrap_or_default()),
            (Some(domain), None) => format!("{}.{id}.{}@{domain}", self.kind, key.sign("message", &id.to_string())),
            (None, _) => format!("{id}.{}", self.install),
        };
        let plain_reply_to = self.sender.reply_to.as_ref();
        // An address whose local part has no room for the token goes without: In-Reply-To still carries it.
        let tagged = self.sender.plus_address.then(|| plus_address(plain_reply_to.unwrap_or(from), &message_id));
        let reply_to = tagged.flatten().or_else(|| plain_reply_to.cloned());
        let entry = OutboxEntry {
            ticket: self.about.map(|(ticket, _)| ticket),
            entry: self.about.map(|(_, entry)| entry),
            subject: rendered.subject.clone(),
            attachments: self.attachments,
            ..OutboxEntry::begun(
                id,
                self.kind,
                self.sender.name.clone(),
                from.clone(),
                self.to.clone(),
                message_id.clone(),
                now,
            )
        };
        let mail = OutboundMail {
            from_address: from.to_string(),
            from_name: self.from_name.or_else(|| self.sender.display_name.clone()),
            to: vec![(self.to_name.map(str::to_owned), self.to.to_string())],
            reply_to: reply_to.as_ref().map(ToString::to_string),
            sender_address: self.sender.sender_header.as_ref().map(ToString::to_string),
            subject: rendered.subject,
            date: now,
            message_id,
            in_reply_to: self.thread.last().cloned(),
            references: shortened(self.thread),
            extra_headers: headers(self.kind, self.install),
            text: rendered.text,
            html: Some(rendered.html),
            carries_files: !entry.attachments.is_empty(),
        };
        (entry, mail)
    }
}

fn shortened(mut thread: Vec<String>) -> Vec<String> {
    if thread.len() > REFERENCES_KEPT {
        thread.drain(1..=thread.len() - REFERENCES_KEPT);
    }
    thread
}

fn headers(kind: Kind, install: &str) -> Vec<(String, String)> {
    let mut headers = vec![(LOOP_HEADER.to_owned(), install.to_owned())];
    if kind.automatic() {
        // RFC 3834 §5: an answer to a mail is auto-replied, what comes of our own accord auto-generated.
        let answers = matches!(kind, Kind::TicketAcknowledgement | Kind::CommandRefused | Kind::InvitationAnswer);
        let submitted = if answers { "auto-replied" } else { "auto-generated" };
        headers.push(("Auto-Submitted".into(), submitted.into()));
        headers.push(("X-Auto-Response-Suppress".into(), "All".into()));
        headers.push(("Precedence".into(), "bulk".into()));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_threads_keep_their_first_and_newest_mails() {
        let thread: Vec<String> = (0..30).map(|n| n.to_string()).collect();
        let kept = shortened(thread);
        assert_eq!((kept.len(), kept[0].as_str(), kept[1].as_str(), kept[19].as_str()), (20, "0", "11", "29"));
        assert_eq!(shortened(vec!["a".into()]), ["a"]);
    }

    #[test]
    fn automatic_mail_says_so_and_an_agents_does_not() {
        let names = |kind| headers(kind, "x").into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(Kind::AgentReply), ["X-Maildesk-Loop"]);
        assert_eq!(
            names(Kind::TicketResolved),
            ["X-Maildesk-Loop", "Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"]
        );
    }
}
