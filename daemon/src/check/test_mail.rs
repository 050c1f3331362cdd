//! The mail that a check sends: small, honest about what it is, marked so that our own intake drops it.

use super::CheckParts;
use crate::clock::random_bytes;
use crate::dkim::Signer;
use crate::smtp::compose;
use maildesk_core::address::{Address, Domain};
use maildesk_core::check::mark::{HEADER, Mark};
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::outbox::mail::OutboundMail;
use maildesk_core::settings::Sender;
use maildesk_core::verdict::LOOP_HEADER;

/// A test mail as it goes out.
pub(super) struct TestMail {
    /// Stands in its subject.
    pub(super) mark: String,
    pub(super) mime: Vec<u8>,
    /// Where the sender signs: how it was signed, or why not.
    pub(super) signature: Option<String>,
}

/// Composes a test mail of this sender.
pub(super) fn test_mail(parts: &CheckParts, sender: &Sender, to: &Address) -> Result<TestMail, Box<Diagnosis>> {
    let unmade = |reason: String| {
        let remedy = "Check the From address, display name and Reply-To of the sender.";
        Box::new(Diagnosis::of_our_own(Step::Content, reason, remedy))
    };
    let now = parts.clock.now();
    let random = random_bytes::<10>().map_err(|error| unmade(error.to_string()))?;
    let mark = Mark::new(random, now);
    let domain = Domain::parse(sender.from.domain()).map_or_else(|_| "localhost".to_owned(), String::from);
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mail = OutboundMail {
        from_address: sender.from.to_string(),
        from_name: sender.display_name.clone(),
        sender_address: sender.sender_header.as_ref().map(ToString::to_string),
        to: vec![(None, to.to_string())],
        reply_to: sender.reply_to.as_ref().map(ToString::to_string),
        subject: format!("maildesk test mail {}", mark.nonce()),
        date: now,
        message_id: format!("check.{}@{domain}", mark.nonce()),
        in_reply_to: None,
        references: Vec::new(),
        extra_headers: vec![
            header(LOOP_HEADER, &parts.install),
            (HEADER.to_owned(), mark.sign(&parts.key, to)),
            header("Auto-Submitted", "auto-generated"),
            header("X-Auto-Response-Suppress", "All"),
            header("Precedence", "bulk"),
        ],
        text: format!(
            "This is a test mail of maildesk, sent to see whether the sender \"{}\" works.\n\
             It did: you are reading it. There is nothing to do.\n",
            sender.name
        ),
        html: None,
        carries_files: false,
    };
    let mime = compose(&mail).map_err(|error| unmade(error.to_string()))?;
    let (mime, signature) = signed(parts, sender, mime)?;
    Ok(TestMail { mark: mark.nonce().to_owned(), mime, signature })
}

/// The mail with or without a signature, and what people are told of it.
type Signed = (Vec<u8>, Option<String>);

/// Signed as the sender's other mail is: a test should tell what the real thing meets.
fn signed(parts: &CheckParts, sender: &Sender, mime: Vec<u8>) -> Result<Signed, Box<Diagnosis>> {
    let Some(dkim) = &sender.dkim else { return Ok((mime, None)) };
    let signer = Signer::of_sender(dkim, &sender.name, &parts.secrets, &parts.store);
    match signer.and_then(|signer| signer.sign(&mime)) {
        Ok(signed) => Ok((signed, Some(format!("{} with {}", dkim.algorithm, dkim.record_name())))),
        Err(error) if dkim.required => {
            let remedy = "Give the DKIM key once: { value = \"...\" }, or name a credential.";
            Err(Box::new(Diagnosis::of_our_own(Step::Content, error.to_string(), remedy)))
        }
        Err(error) => Ok((mime, Some(format!("none: {error}")))),
    }
}
