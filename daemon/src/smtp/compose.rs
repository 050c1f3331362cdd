//! From an [`OutboundMail`] to the bytes that go to the server: MIME, pure ASCII, the same for each attempt.
//!
//! Every text is cleaned first: names and subjects come from other people's mails, and lettre panics on line breaks
//! in display names.

use super::address::WireAddress;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Date, HeaderName, HeaderValue, To};
use lettre::message::{Mailbox, Mailboxes, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, Message};
use maildesk_core::ids::BlobHash;
use maildesk_core::outbox::mail::OutboundMail;
use maildesk_core::text::{clean_line, shorten};
use std::time::SystemTime;

/// Most Message-IDs in References: the first, and the latest of the rest.
const REFERENCES_MAX: usize = 40;
/// Longest Message-ID that is repeated; a line of a mail has at most 998 characters (RFC 5322 §2.1.1).
const MESSAGE_ID_MAX: usize = 250;
/// Longest display name and subject, in characters.
const NAME_MAX: usize = 200;
const SUBJECT_MAX: usize = 500;

/// Why a mail cannot be put into MIME. Each is permanent: the mail itself has to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    #[error("{0:?} is not a mail address")]
    Address(String),
    #[error("the local part of {0:?} is not ASCII; such addresses cannot stand in a plain mail header")]
    AddressNotAscii(String),
    #[error("{0:?} is not a Message-ID")]
    MessageId(String),
    #[error("{0:?} cannot be the name of a header")]
    HeaderName(String),
    #[error("the mail has no recipient")]
    NoRecipient,
    #[error("the mail could not be built: {0}")]
    Build(String),
}

/// Builds the MIME form. Equal mails give equal bytes, so a second attempt sends the same mail.
///
/// # Errors
/// An address, the Message-ID or a header's name is unusable, or there is no recipient.
pub fn compose(mail: &OutboundMail) -> Result<Vec<u8>, ComposeError> {
    if mail.to.is_empty() {
        return Err(ComposeError::NoRecipient);
    }
    let message_id =
        bracketed(&mail.message_id).ok_or_else(|| ComposeError::MessageId(clean_line(&mail.message_id)))?;
    let mut builder = Message::builder()
        .header(Date::new(SystemTime::from(mail.date)))
        .from(mailbox(mail.from_name.as_deref(), &mail.from_address)?)
        .message_id(Some(message_id))
        .subject(shorten(&clean_line(&mail.subject), SUBJECT_MAX));
    // All recipients at once, and the envelope by hand: lettre would read its own header again for each further one,
    // and forget the earlier ones where it does not understand itself.
    let recipients =
        mail.to.iter().map(|(name, address)| mailbox(name.as_deref(), address)).collect::<Result<Vec<_>, _>>()?;
    let envelope = Envelope::new(None, recipients.iter().map(|recipient| recipient.email.clone()).collect())
        .map_err(|error| ComposeError::Build(error.to_string()))?;
    builder = builder.header(To::from(Mailboxes::from_iter(recipients))).envelope(envelope);
    if let Some(address) = &mail.reply_to {
        builder = builder.reply_to(mailbox(None, address)?);
    }
    if let Some(address) = &mail.sender_address {
        builder = builder.sender(mailbox(None, address)?);
    }
    if let Some(id) = mail.in_reply_to.as_deref().and_then(bracketed) {
        builder = builder.in_reply_to(id);
    }
    let references = references(&mail.references);
    if !references.is_empty() {
        builder = builder.references(references);
    }
    for (name, value) in &mail.extra_headers {
        builder = builder.raw_header(extra_header(name, value)?);
    }
    let message = with_body(builder, mail)?;
    Ok(message.formatted())
}

fn with_body(builder: MessageBuilder, mail: &OutboundMail) -> Result<Message, ComposeError> {
    // NUL is the one character that no transfer encoding of ours hides from old servers.
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text.replace('\0', ""));
    let both = |text: SinglePart, html: &str| {
        let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(html.replace('\0', ""));
        MultiPart::alternative().boundary(boundary(&mail.message_id)).singlepart(text).singlepart(html)
    };
    let around = || MultiPart::mixed().boundary(files_boundary(&mail.message_id));
    let built = match (&mail.html, mail.carries_files) {
        (None, false) => builder.singlepart(text),
        (None, true) => builder.multipart(around().singlepart(text)),
        (Some(html), false) => builder.multipart(both(text, html)),
        (Some(html), true) => builder.multipart(around().multipart(both(text, html))),
    };
    built.map_err(|error| ComposeError::Build(error.to_string()))
}

/// Made of the Message-ID: fixed for each attempt, and unknown to whoever wrote the texts we quote.
fn boundary(message_id: &str) -> String {
    let hash = BlobHash::of(message_id.as_bytes()).to_string();
    format!("={}=", hash.chars().take(40).collect::<String>())
}

/// Of the parts that files are.
pub(super) fn files_boundary(message_id: &str) -> String {
    boundary(&format!("files {message_id}"))
}

fn mailbox(name: Option<&str>, address: &str) -> Result<Mailbox, ComposeError> {
    let unusable = || ComposeError::Address(clean_line(address));
    let wire = WireAddress::parse(address).ok_or_else(unusable)?;
    if wire.needs_smtp_utf8 {
        return Err(ComposeError::AddressNotAscii(clean_line(address)));
    }
    let (local, domain) = wire.text.rsplit_once('@').ok_or_else(unusable)?;
    // lettre's own check refuses forms that are in use, such as two dots in a row.
    let address = Address::new(local, domain).unwrap_or_else(|_| Address::new_dangerous(local, domain));
    let name = name.map(|name| shorten(&clean_line(name), NAME_MAX)).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address))
}

fn extra_header(name: &str, value: &str) -> Result<HeaderValue, ComposeError> {
    let usable = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let parsed = usable.then(|| HeaderName::new_from_ascii(name.to_owned()).ok()).flatten();
    let name = parsed.ok_or_else(|| ComposeError::HeaderName(clean_line(name)))?;
    Ok(HeaderValue::new(name, clean_line(value)))
}

/// The first and the latest ids, each in angle brackets.
fn references(ids: &[String]) -> String {
    let ids: Vec<String> = ids.iter().filter_map(|id| bracketed(id)).collect();
    let surplus = ids.len().saturating_sub(REFERENCES_MAX);
    let kept = ids.iter().enumerate().filter(|(index, _)| *index == 0 || *index > surplus);
    kept.map(|(_, id)| id.as_str()).collect::<Vec<_>>().join(" ")
}

/// An id in angle brackets; `None` where it holds anything that could end the header or the brackets.
fn bracketed(id: &str) -> Option<String> {
    let id = id.trim();
    let plain = !id.is_empty()
        && id.len() <= MESSAGE_ID_MAX
        && id.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>'));
    plain.then(|| format!("<{id}>"))
}

#[cfg(test)]
pub(crate) mod tests;
