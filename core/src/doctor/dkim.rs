//! The DKIM record of a selector (RFC 6376 §3.6.1): there, readable, strong, and the half of our key.

use super::dns::Answers;
use super::tags::{tags, value};
use super::{Check, Finding, Publish, Subject, Verdict};
use crate::settings::DkimAlgorithm;
use data_encoding::BASE64;

/// What is known of our own signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    pub domain: String,
    /// Where the public key stands: `SELECTOR._domainkey.DOMAIN`.
    pub record_name: String,
    pub algorithm: DkimAlgorithm,
    /// The public half of our key as `p=` holds it, or why there is none.
    pub public: Result<String, String>,
}

/// The TXT record for a public key.
pub fn record_value(algorithm: DkimAlgorithm, public: &str) -> String {
    format!("v=DKIM1; k={algorithm}; p={public}")
}

pub(super) fn judge(answers: &Answers, from_domain: &str, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(signing) = subject.signing else {
        let meaning = "maildesk signs nothing for this sender; whether the SMTP server does is not seen from here";
        return vec![
            Finding::new(Check::Dkim, Verdict::Unknown, from_domain, meaning)
                .remedy("Look for DKIM-Signature in a mail that arrived. If there is none: maildesk dkim generate."),
        ];
    };
    let mut findings = vec![record(answers, signing)];
    if !aligned(&signing.domain, from_domain) {
        findings.push(
            Finding::new(
                Check::Dkim,
                Verdict::Warning,
                &signing.domain,
                format!(
                    "the signature is by {}, the mail is from {from_domain}: DMARC does not count it",
                    signing.domain
                ),
            )
            .remedy("Sign with the domain of the From address."),
        );
    }
    findings
}

fn record(answers: &Answers, signing: &Signing) -> Finding {
    let name = signing.record_name.as_str();
    let finding = |verdict, meaning: String| Finding::new(Check::Dkim, verdict, name, meaning);
    let ours = match &signing.public {
        Ok(public) => public,
        Err(why) => {
            return finding(Verdict::Bad, format!("the signing key cannot be used: {why}"))
                .remedy("Mail waits until the key is there, unless dkim.required is false.");
        }
    };
    let wanted = Publish::txt(name, record_value(signing.algorithm, ours));
    let all = match answers.texts(name, "") {
        // Any text under this name is meant as a key: `v=` may be left out.
        Ok(texts) => texts,
        Err(why) => return finding(Verdict::Unknown, format!("the key could not be looked up: {why}")),
    };
    let [text] = all.as_slice() else {
        let found = finding(Verdict::Bad, String::new()).found(all.iter().map(String::as_str)).publish(wanted);
        return if all.is_empty() {
            Finding { meaning: "the public key is not in DNS: receivers cannot check our signatures".into(), ..found }
                .remedy("Publish this record.")
        } else {
            Finding {
                meaning: format!("there are {} records under this name; receivers take any one", all.len()),
                ..found
            }
            .remedy("Leave only this record.")
        };
    };
    match read(text) {
        Err(why) => finding(Verdict::Bad, format!("the record cannot be used: {why}"))
            .found([text.as_str()])
            .remedy("Publish this record in its place.")
            .publish(wanted),
        Ok(key) if key.algorithm != signing.algorithm.word() || !same_key(&key.public, ours) => {
            finding(Verdict::Bad, "another key stands in DNS than the one we sign with: every signature fails".into())
                .found([text.as_str()])
                .remedy("Publish this record in its place, or use another selector.")
                .publish(wanted)
        }
        Ok(key) => {
            let finding = |verdict, meaning: String| finding(verdict, meaning).found([text.as_str()]);
            match key.bits {
                Some(bits) if bits < 1024 => finding(Verdict::Bad, format!("an RSA key of {bits} bits is too short"))
                    .remedy("Make a new key with 2048 bits under a new selector."),
                Some(bits) if bits < 2048 => finding(Verdict::Warning, format!("an RSA key of {bits} bits is weak"))
                    .remedy("Make a new key with 2048 bits under a new selector."),
                _ if key.testing => finding(Verdict::Warning, "t=y says the key is only being tested".into())
                    .remedy("Take out t=y.")
                    .publish(wanted),
                Some(bits) => finding(Verdict::Good, format!("the RSA key of {bits} bits in DNS is ours")),
                None => finding(Verdict::Good, "the Ed25519 key in DNS is ours; some receivers check only RSA".into()),
            }
        }
    }
}

#[derive(Debug)]
pub(super) struct PublicKey {
    algorithm: String,
    public: Vec<u8>,
    /// Of an RSA key.
    bits: Option<usize>,
    testing: bool,
}

/// Reads a key record.
pub(super) fn read(text: &str) -> Result<PublicKey, String> {
    let list = tags(text)?;
    if value(&list, "v").is_some_and(|version| version != "DKIM1") {
        return Err("v= is not DKIM1".into());
    }
    if list.iter().position(|(name, _)| name == "v").is_some_and(|at| at > 0) {
        return Err("v= must stand first".into());
    }
    let algorithm = value(&list, "k").unwrap_or("rsa").to_ascii_lowercase();
    let digits: String =
        value(&list, "p").ok_or("p= is missing")?.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    if digits.is_empty() {
        return Err("p= is empty: the key is revoked".into());
    }
    let public = BASE64.decode(digits.as_bytes()).map_err(|_| "p= is not base64; it may be cut short".to_owned())?;
    let bits = match algorithm.as_str() {
        "rsa" => Some(rsa_bits(&public).ok_or("p= holds no RSA key; it may be cut short")?),
        "ed25519" if public.len() == 32 => None,
        "ed25519" => return Err(format!("p= holds {} bytes, an Ed25519 key has 32", public.len())),
        other => return Err(format!("k={} is no key type that receivers know", crate::text::shorten(other, 20))),
    };
    let listed = |name: &str, wanted: &[&str]| {
        value(&list, name).is_none_or(|all| all.split(':').any(|one| wanted.contains(&one.trim())))
    };
    if !listed("h", &["sha256"]) {
        return Err("h= does not allow sha256".into());
    }
    if !listed("s", &["*", "email"]) {
        return Err("s= does not allow email".into());
    }
    let testing = value(&list, "t").is_some_and(|flags| flags.split(':').any(|flag| flag.trim() == "y"));
    Ok(PublicKey { algorithm, public, bits, testing })
}

/// RSA keys are published with and without the frame around them.
fn same_key(found: &[u8], ours: &str) -> bool {
    let Ok(ours) = BASE64.decode(ours.as_bytes()) else { return false };
    found == ours.as_slice() || bare_rsa_key(&ours).is_some_and(|bare| bare == found)
}

/// RFC 7489 §3.1.1, with "one below the other" in place of a list of public suffixes.
pub(super) fn aligned(domain: &str, from: &str) -> bool {
    let below = |inner: &str, outer: &str| inner.strip_suffix(outer).is_some_and(|rest| rest.ends_with('.'));
    domain == from || below(domain, from) || below(from, domain)
}

/// AlgorithmIdentifier rsaEncryption with NULL (RFC 3279 §2.3.1).
const RSA_IDENTIFIER: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 2;
const BIT_STRING: u8 = 3;

/// SubjectPublicKeyInfo around an RSAPublicKey: the form in which `p=` holds RSA keys.
pub fn rsa_public_key_info(rsa_public_key: &[u8]) -> Vec<u8> {
    let bits = [&[0], rsa_public_key].concat();
    element(SEQUENCE, &[RSA_IDENTIFIER.as_slice(), &element(BIT_STRING, &bits)].concat())
}

/// A DER element; what stands here is far below 64 kB.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    let mut bytes = match content.len() {
        ..0x80 => vec![tag, low],
        0x80..0x100 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend_from_slice(content);
    bytes
}

/// The content of the first element, if it has this tag, and what follows it.
fn open(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        0x81 => rest.split_first().map(|(&length, rest)| (usize::from(length), rest))?,
        0x82 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length)).flatten()
}

fn bare_rsa_key(info: &[u8]) -> Option<&[u8]> {
    let (inner, _) = open(SEQUENCE, info)?;
    let (bits, _) = open(BIT_STRING, inner.strip_prefix(RSA_IDENTIFIER.as_slice())?)?;
    bits.strip_prefix(&[0])
}

/// Bits of the modulus of a SubjectPublicKeyInfo or RSAPublicKey.
fn rsa_bits(key: &[u8]) -> Option<usize> {
    let bare = bare_rsa_key(key).unwrap_or(key);
    let (inner, _) = open(SEQUENCE, bare)?;
    let (modulus, rest) = open(INTEGER, inner)?;
    open(INTEGER, rest)?;
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let leading = usize::try_from(modulus.get(first)?.leading_zeros()).ok()?;
    Some((modulus.len() - first) * 8 - leading)
}

#[cfg(test)]
mod tests;
