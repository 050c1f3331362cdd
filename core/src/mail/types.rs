//! The mail as the rest of the house sees it.

use super::{Body, Poison, SourceHtml};
use jiff::Timestamp;

/// What became of raw bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum Parsed {
    /// A mail, however broken.
    Mail(Box<InboundMail>),
    /// Not parsed: parsing could abort the process or eat its memory. The caller quarantines the raw bytes.
    Refused(Poison),
}

/// One mail, decoded and made safe. All texts are free of control and direction characters.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundMail {
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// Message ids without angle brackets.
    pub in_reply_to: Vec<String>,
    /// Message ids without angle brackets, oldest first.
    pub references: Vec<String>,
    /// The first author (RFC 5322 §3.6.2).
    pub from: Option<NamedAddress>,
    /// The agent that transmitted it, where it is not the author.
    pub sender: Option<NamedAddress>,
    pub reply_to: Vec<NamedAddress>,
    pub to: Vec<NamedAddress>,
    pub cc: Vec<NamedAddress>,
    /// The envelope sender as the last server noted it.
    pub return_path: ReturnPath,
    /// Decoded, one clean line, possibly empty.
    pub subject: String,
    pub date: Option<Timestamp>,
    /// In the order of the mail, unfolded and decoded, capped in number and size.
    pub headers: Vec<Header>,
    /// The best text: of the text parts, or of the HTML where that says more. Line feeds only.
    pub text: String,
    /// Where `text` is new, quoted or a signature.
    pub body: Body,
    /// The HTML body as sent, readable only sanitised.
    pub html: Option<SourceHtml>,
    /// Attachments and inline images. Nested mails appear as `.eml`, delivery reports as their fields.
    pub attachments: Vec<Attachment>,
    /// What was wrong or left out.
    pub issues: Vec<MailIssue>,
    /// SHA-256 over Message-ID, From, Date, Subject and everything below the header: the same for two deliveries
    /// of one mail, different for another mail that reuses a Message-ID.
    pub content_fingerprint: [u8; 32],
}

impl InboundMail {
    /// The first header of this name, any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// All headers of this name, any case, in order.
    pub fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// What the author wrote anew, without quotes and signature.
    pub fn new_text(&self) -> String {
        self.body.new_text(&self.text)
    }
}

/// An address with its display name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamedAddress {
    /// One clean line.
    pub name: Option<String>,
    /// As written, without white space and control characters; not checked to be deliverable.
    pub address: String,
}

/// The `Return-Path` header, written by the last server (RFC 5321 §4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReturnPath {
    /// No such header.
    Absent,
    /// `<>`: a notification that must never be answered (RFC 5321 §4.5.5).
    Null,
    Address(String),
}

/// One header field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub name: String,
    /// Unfolded, encoded words decoded, one clean line.
    pub value: String,
}

/// One attachment or inline image, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Safe as a file name: no path, no control characters, never empty.
    pub name: String,
    /// `type/subtype` in lower case.
    pub content_type: String,
    /// To be shown within the body (`Content-Disposition: inline`, or referred to by the HTML).
    pub inline: bool,
    /// Without angle brackets.
    pub content_id: Option<String>,
    pub content: Vec<u8>,
}

/// Something about a mail that a person may want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailIssue {
    /// No header fields at all; everything was taken as text.
    NoHeaders,
    NoFrom,
    /// More than one `From` field; the first counts.
    SeveralFrom,
    NoMessageId,
    /// No `Date` or one that cannot be read.
    NoDate,
    /// A part's transfer encoding was broken; what could be read was kept.
    BrokenEncoding,
    /// Header fields, values or addresses over the limits were left out.
    HeadersCut,
    /// The text was longer than the limit.
    TextCut,
    /// The HTML was over the limit in size or depth and was left out.
    HtmlLeftOut,
    /// More attachments than the limit; the rest is only in the raw mail.
    AttachmentsLeftOut,
    /// The body is encrypted (PGP or S/MIME); it is kept as attachments.
    Encrypted,
    /// Its parts were not closed, or not where the header says; they were read as far as they could be told apart.
    BrokenStructure,
    /// It could not be taken apart; what its header says counts, and the mail is attached as it came.
    AttachedWhole,
    /// A blank line stood above the header. Its fields count all the same, and its lines are kept in the text, folded.
    BlankLineAboveHeader,
    /// Signed (PGP or S/MIME); the signature is kept as it is and was not checked.
    Signed,
}

impl MailIssue {
    /// In words, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoHeaders => "no header",
            Self::NoFrom => "no From",
            Self::SeveralFrom => "several From fields",
            Self::NoMessageId => "no Message-ID",
            Self::NoDate => "no Date",
            Self::BrokenEncoding => "broken encoding",
            Self::HeadersCut => "header cut",
            Self::TextCut => "text cut",
            Self::HtmlLeftOut => "HTML left out",
            Self::AttachmentsLeftOut => "attachments left out",
            Self::Encrypted => "encrypted",
            Self::BrokenStructure => "broken structure",
            Self::AttachedWhole => "attached whole",
            Self::BlankLineAboveHeader => "blank line above the header",
            Self::Signed => "signed",
        }
    }
}
