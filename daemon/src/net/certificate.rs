//! What a certificate says of itself (RFC 5280), read for people. Nothing is judged here: rustls does that.

use data_encoding::HEXUPPER;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use maildesk_core::text::{clean_line, shorten};
use sha2::{Digest, Sha256};

/// Names shown at the most; content networks put hundreds into one certificate.
const NAMES_MAX: usize = 20;
/// Longest name that is kept, in characters.
const NAME_MAX: usize = 100;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_ID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const OCTET_STRING: u8 = 0x04;
/// `[0]` and `[3]` of TBSCertificate: version, extensions.
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// GeneralName: `[2]` dNSName, `[7]` iPAddress.
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

/// 2.5.4.3, commonName; 2.5.4.10, organizationName; 2.5.29.17, subjectAltName.
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 29, 17];

/// A certificate described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Common name, else organisation; possibly empty.
    pub subject: String,
    pub issuer: String,
    pub self_signed: bool,
    /// DNS names and addresses it is for.
    pub names: Vec<String>,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    /// SHA-256 of the whole certificate, in hexadecimal.
    pub sha256: String,
}

impl CertificateFacts {
    /// `None` where it is not DER as RFC 5280 has it.
    pub fn read(der: &[u8]) -> Option<Self> {
        let mut tbs = Der(Der(Der(der).value_of(SEQUENCE)?).value_of(SEQUENCE)?);
        // Version 1 leaves the version out; then this was the serial number. The signature's algorithm follows it.
        if tbs.item()?.0 == VERSION {
            tbs.item()?;
        }
        tbs.item()?;
        let issuer = tbs.value_of(SEQUENCE)?;
        let mut validity = Der(tbs.value_of(SEQUENCE)?);
        let (not_before, not_after) = (time(validity.item()?)?, time(validity.item()?)?);
        let subject = tbs.value_of(SEQUENCE)?;
        let mut names = Vec::new();
        while let Some((tag, content)) = tbs.item() {
            if tag == EXTENSIONS {
                names = alternative_names(content).unwrap_or_default();
            }
        }
        Some(Self {
            subject: name(subject).unwrap_or_default(),
            issuer: name(issuer).unwrap_or_default(),
            self_signed: subject == issuer,
            names,
            not_before,
            not_after,
            sha256: HEXUPPER.encode(&Sha256::digest(der)),
        })
    }

    /// Whole days from `now` to the end; below zero once it has ended.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.not_after.duration_since(now).as_secs().div_euclid(24 * 3600)
    }
}

/// Tag, length, value (X.690), definite lengths only.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    fn item(&mut self) -> Option<(u8, &'a [u8])> {
        let (head, rest) = self.0.split_at_checked(2)?;
        let [tag, first] = head else { return None };
        let (length, rest) = match usize::from(*first) {
            short @ 0..=0x7f => (short, rest),
            long => {
                let (digits, rest) = rest.split_at_checked(long - 0x80).filter(|(digits, _)| digits.len() <= 4)?;
                (digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit)), rest)
            }
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*tag, content))
    }

    fn value_of(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.item().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }
}

/// Common name, else organisation, of a Name.
fn name(content: &[u8]) -> Option<String> {
    let (mut parts, mut organization) = (Der(content), None);
    while let Some((SET, set)) = parts.item() {
        let mut pair = Der(Der(set).value_of(SEQUENCE)?);
        let (kind, value) = (pair.value_of(OBJECT_ID)?, pair.item()?.1);
        let text = shorten(&clean_line(&String::from_utf8_lossy(value)), NAME_MAX);
        match kind {
            COMMON_NAME => return Some(text),
            ORGANIZATION => organization = Some(text),
            _ => {}
        }
    }
    organization
}

fn alternative_names(content: &[u8]) -> Option<Vec<String>> {
    let mut extensions = Der(Der(content).value_of(SEQUENCE)?);
    while let Some(extension) = extensions.value_of(SEQUENCE) {
        let mut extension = Der(extension);
        if extension.value_of(OBJECT_ID)? != ALTERNATIVE_NAMES {
            continue;
        }
        // A boolean "critical" may stand between.
        let value = std::iter::from_fn(|| extension.item()).find(|(tag, _)| *tag == OCTET_STRING)?.1;
        let mut names = Der(Der(value).value_of(SEQUENCE)?);
        let shown = std::iter::from_fn(|| names.item()).filter_map(|(tag, value)| match tag {
            DNS_NAME => Some(shorten(&clean_line(&String::from_utf8_lossy(value)), NAME_MAX)),
            IP_ADDRESS => ip(value),
            _ => None,
        });
        return Some(shown.take(NAMES_MAX).collect());
    }
    None
}

fn ip(bytes: &[u8]) -> Option<String> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(|bytes| std::net::Ipv4Addr::from(bytes).to_string()),
        16 => <[u8; 16]>::try_from(bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string()),
        _ => None,
    }
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` (RFC 5280 §4.1.2.5).
fn time((tag, content): (u8, &[u8])) -> Option<Timestamp> {
    let text = std::str::from_utf8(content).ok()?;
    let text = match tag {
        // Two digits from 50 on are the last century.
        UTC_TIME => format!("{}{text}", if text.as_bytes().first()? >= &b'5' { "19" } else { "20" }),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let at = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    fn made(last_year: i32) -> Vec<u8> {
        let names = ["mail.example", "*.mail.example", "192.0.2.7", "2001:db8::1"];
        let mut params = CertificateParams::new(names.map(str::to_owned).to_vec()).unwrap();
        params.distinguished_name.push(DnType::OrganizationName, "Example Ltd");
        params.distinguished_name.push(DnType::CommonName, "Müller\u{1b}[2J mail");
        params.not_before = date_time_ymd(1975, 2, 3);
        params.not_after = date_time_ymd(last_year, 1, 31);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn a_certificate_is_described() {
        for year in [2049, 2051] {
            let facts = CertificateFacts::read(&made(year)).unwrap();
            assert_eq!((facts.subject.as_str(), facts.self_signed), ("Müller [2J mail", true));
            assert_eq!(facts.names, ["mail.example", "*.mail.example", "192.0.2.7", "2001:db8::1"]);
            assert_eq!(facts.not_before.to_string(), "1975-02-03T00:00:00Z");
            assert_eq!(facts.not_after.to_string(), format!("{year}-01-31T00:00:00Z"));
            assert_eq!((facts.sha256.len(), facts.issuer == facts.subject), (64, true));
            let near = "2049-01-30T23:00:00Z".parse().unwrap();
            assert!(year != 2049 || facts.days_left(near) == 0);
            assert!(year != 2049 || facts.days_left("2049-01-31T00:00:01Z".parse().unwrap()) == -1);
        }
    }

    #[test]
    fn broken_certificates_are_none_or_some_but_never_a_panic() {
        let whole = made(2049);
        for end in 0..whole.len() {
            assert_eq!(CertificateFacts::read(whole.split_at(end).0), None, "cut at {end}");
        }
        for at in 0..whole.len() {
            for value in [0, 0x80, 0x84, 0xff] {
                let mut changed = whole.clone();
                changed[at] = value;
                drop(CertificateFacts::read(&changed));
            }
        }
    }
}
