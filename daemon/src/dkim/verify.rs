//! Verifies the signatures of mail that comes in, by keys that were looked up before: nothing is asked here.
//!
//! The mail is a stranger's. Its header is looked at up to a size, and so are signatures, the names they sign, and what
//! of them may count: one that leaves From or a part of the body unsigned proves nothing.

use crate::dns::{DnsError, nobody};
use futures::FutureExt;
use mail_auth::common::crypto::{Algorithm, CryptoError};
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::{DomainKey, VerifySignature};
use mail_auth::dkim::{DkimError, Signature};
use mail_auth::{
    AuthenticatedMessage, DkimResult, DnsError as MailDnsError, Error, MessageAuthenticator, Parameters, ResolverCache,
    Txt,
};
use maildesk_core::address::{Address, Domain, is_within};
use maildesk_core::doctor::Answer;
use maildesk_core::verdict::{Finding, LookedUp, SignatureFound};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Bytes of a header that are looked at; a mail with more is taken as unsigned.
const LARGEST_HEADER: usize = 256 << 10;
/// Signatures of one mail that are looked at, those of its author first.
const MOST_SIGNATURES: usize = 8;
/// Names of header fields that one signature may sign.
const MOST_SIGNED: usize = 200;

/// What the header of a mail says of its author and signatures.
#[derive(Debug, Default)]
pub struct SignedMail {
    /// Of the one author that From names.
    pub from: Option<Domain>,
    /// Where the keys of its signatures are in DNS.
    pub keys: Vec<String>,
}

/// Verifies signatures.
#[derive(Clone)]
pub struct Verifier(MessageAuthenticator);

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier")
    }
}

impl SignedMail {
    /// Reads the header. Blocks for as long as that takes; a panic of the library is caught.
    pub fn read(raw: &[u8]) -> Self {
        let read = || {
            let message = AuthenticatedMessage::parse(header(raw)?)?;
            let from = author(&message);
            let keys = looked_at(&message, from.as_ref()).iter().map(|signature| place(signature)).collect();
            Some(Self { from, keys })
        };
        catch_unwind(AssertUnwindSafe(read)).ok().flatten().unwrap_or_default()
    }
}

impl Verifier {
    /// # Errors
    /// The library cannot be set up.
    pub fn new() -> Result<Self, DnsError> {
        Ok(Self(MessageAuthenticator(nobody()?)))
    }

    /// What comes of each signature, by the answers for the keys of [`SignedMail`]. Reads the whole mail: blocks. A
    /// panic of the library is caught.
    pub fn verify(&self, raw: &[u8], signed: &SignedMail, answers: &[Answer]) -> Vec<SignatureFound> {
        if signed.keys.is_empty() {
            return Vec::new();
        }
        let keys = signed.keys.iter().zip(answers).map(|(name, answer)| (fqdn(name), key(answer)));
        let keys = Keys(keys.collect());
        catch_unwind(AssertUnwindSafe(|| self.verify_by(raw, signed.from.as_ref(), &keys))).unwrap_or_default()
    }

    fn verify_by(&self, raw: &[u8], from: Option<&Domain>, keys: &Keys) -> Vec<SignatureFound> {
        let Some(mut message) = AuthenticatedMessage::parse(raw) else { return Vec::new() };
        // The author that keys were chosen for is the one whose header is signed.
        if author(&message).as_ref() != from {
            return Vec::new();
        }
        let wanted: Vec<Signature> = looked_at(&message, from).into_iter().cloned().collect();
        message.dkim_headers.retain(|one| wanted.contains(&one.header));
        message.dkim_headers.truncate(MOST_SIGNATURES);
        message.errors.clear();
        // All that is asked for stands in the cache, so there is nothing to wait for.
        let verified = self.0.verify_dkim(Parameters::new(&message).with_txt_cache(keys)).now_or_never();
        let found = verified.iter().flatten().filter_map(|output| {
            let signature = output.signature()?;
            let (finding, why) = told(output.result());
            let (finding, why) = match unusable(signature) {
                Some(why) if finding == Finding::Pass => (Finding::Policy, Some(why.to_owned())),
                _ => (finding, why),
            };
            Some(SignatureFound { domain: signature.d.to_ascii_lowercase(), finding, why })
        });
        found.collect()
    }
}

/// The header with the empty line behind it; none where it is too large.
fn header(raw: &[u8]) -> Option<&[u8]> {
    let head = raw.get(..LARGEST_HEADER).unwrap_or(raw);
    let ends = |end: &[u8]| head.windows(end.len()).position(|bytes| bytes == end).map(|at| at + end.len());
    let end = ends(b"\r\n\r\n").into_iter().chain(ends(b"\n\n")).min();
    match end {
        Some(end) => head.get(..end),
        None => (raw.len() <= LARGEST_HEADER).then_some(raw),
    }
}

/// The domain of the one address of the one From field.
fn author(message: &AuthenticatedMessage<'_>) -> Option<Domain> {
    let fields = message.headers.iter().filter(|(name, _)| name.trim_ascii().eq_ignore_ascii_case(b"from")).count();
    match (fields, message.from.as_slice()) {
        (1, [one]) => Address::parse(one).ok().and_then(|address| Domain::parse(address.domain()).ok()),
        _ => None,
    }
}

/// The signatures that are looked at: of From's own domain and of those around it first.
fn looked_at<'a>(message: &'a AuthenticatedMessage<'_>, from: Option<&Domain>) -> Vec<&'a Signature> {
    let near = |signature: &Signature| {
        let (one, other) = (signature.d.as_str(), from.map_or("", Domain::as_str));
        !other.is_empty() && (is_within(one, other) || is_within(other, one))
    };
    let signatures = message.dkim_headers.iter().map(|header| &header.header);
    let mut fitting: Vec<&Signature> = signatures.filter(|signature| signature.h.len() <= MOST_SIGNED).collect();
    fitting.sort_by_key(|signature| !near(signature));
    fitting.truncate(MOST_SIGNATURES);
    fitting
}

/// Why a signature proves nothing although it fits.
fn unusable(signature: &Signature) -> Option<&'static str> {
    if !signature.h.iter().any(|name| name.trim().eq_ignore_ascii_case("from")) {
        return Some("it does not sign From");
    }
    // RFC 8301 §3.1.
    (signature.a == Algorithm::RsaSha1).then_some("it is made with SHA-1")
}

/// Where a signature's key is, as DNS is asked for it.
fn place(signature: &Signature) -> String {
    let name = signature.domain_key();
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn fqdn(name: &str) -> Box<str> {
    format!("{name}.").into_boxed_str()
}

/// What the records of a key come to: the first that can be read.
fn key(answer: &Answer) -> Txt {
    if let Answer::Failed(why) = answer {
        return Txt::Error(Error::Dns(MailDnsError::Resolver(why.clone())));
    }
    let mut read = Err(Error::Dns(MailDnsError::InvalidRecordType));
    for text in LookedUp::texts(answer) {
        read = DomainKey::parse(text.as_bytes());
        if read.is_ok() {
            break;
        }
    }
    read.into()
}

/// The finding of RFC 8601 §2.7.1, and what is wrong, in words.
fn told(result: &DkimResult) -> (Finding, Option<String>) {
    let (finding, error) = match result {
        DkimResult::Pass => return (Finding::Pass, None),
        DkimResult::None => return (Finding::None, None),
        DkimResult::Neutral(error @ Error::Dkim(DkimError::FailedBodyHashMatch | DkimError::SignatureExpired))
        | DkimResult::Fail(error) => (Finding::Fail, error),
        DkimResult::Neutral(error) => (Finding::Neutral, error),
        DkimResult::PermError(error) => (Finding::PermError, error),
        DkimResult::TempError(error) => (Finding::TempError, error),
    };
    let why = match error {
        Error::Dkim(DkimError::FailedBodyHashMatch) => "the body was changed after it was signed".to_owned(),
        Error::Dkim(DkimError::SignatureExpired) => "it has expired".to_owned(),
        Error::Crypto(CryptoError::FailedVerification | CryptoError::Library(_)) => {
            "it does not fit the header, or is made with another key".to_owned()
        }
        Error::Dns(MailDnsError::Resolver(why)) => format!("its key could not be looked up: {why}"),
        Error::Dns(_) => "its key is not in DNS".to_owned(),
        other => maildesk_core::text::shorten(&maildesk_core::text::clean_line(&other.to_string()), 200),
    };
    (finding, Some(why))
}

/// The keys of one mail. Whatever else is asked for does not exist.
struct Keys(HashMap<Box<str>, Txt>);

impl ResolverCache<Box<str>, Txt> for Keys {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        let absent = || Txt::Error(Error::Dns(MailDnsError::InvalidRecordType));
        Some(self.0.get(name).cloned().unwrap_or_else(absent))
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

#[cfg(test)]
mod tests;
