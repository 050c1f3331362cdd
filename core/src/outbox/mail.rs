//! An outbound mail before it is put into MIME: plain data, as the outbox stores it and the SMTP side composes it.

use serde::{Deserialize, Serialize};

/// One mail to send. Texts may come from anywhere: the composer cleans each before it stands in a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundMail {
    pub from_address: String,
    pub from_name: Option<String>,
    /// Display name and address of each recipient.
    pub to: Vec<(Option<String>, String)>,
    pub reply_to: Option<String>,
    /// The Sender header, where one is set.
    #[serde(default)]
    pub sender_address: Option<String>,
    pub subject: String,
    pub date: jiff::Timestamp,
    /// Without angle brackets; fixed when the mail is enqueued.
    pub message_id: String,
    /// Without angle brackets.
    pub in_reply_to: Option<String>,
    /// Message-IDs without angle brackets, oldest first.
    pub references: Vec<String>,
    /// Further headers, such as Auto-Submitted (RFC 3834).
    pub extra_headers: Vec<(String, String)>,
    pub text: String,
    pub html: Option<String>,
    /// Its form has room for files behind the text.
    #[serde(default)]
    pub carries_files: bool,
}
