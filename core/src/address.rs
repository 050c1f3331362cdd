//! Checked mail addresses and domains (RFC 5321, RFC 6531, IDNA).

use serde::{Deserialize, Serialize};
use std::fmt;

/// What is wrong with an address or domain, in words for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("is empty")]
    Empty,
    #[error("has no @ between name and domain")]
    NoAt,
    #[error("holds a space, control character, angle bracket or comma")]
    BadCharacter,
    #[error("is longer than RFC 5321 allows (64 before the @, 254 in all)")]
    TooLong,
    #[error("has no valid domain after the @")]
    BadDomain,
    /// Of a domain that stands alone.
    #[error("is no valid domain")]
    NotADomain,
}

/// A domain in its ASCII form (IDNA), lower case: two spellings of one domain are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Domain(String);

impl Domain {
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim().trim_end_matches('.');
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let ascii = idna::domain_to_ascii(text).map_err(|_| AddressError::NotADomain)?;
        let labels_fit = ascii.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        });
        if !labels_fit || ascii.len() > 253 { Err(AddressError::NotADomain) } else { Ok(Self(ascii)) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a domain is this other one or lies below it; both in ASCII and lower case.
pub fn is_within(domain: &str, other: &str) -> bool {
    domain.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Domain {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Domain> for String {
    fn from(domain: Domain) -> Self {
        domain.0
    }
}

/// A mail address: the local part as written, the domain in ASCII. Address literals (`[192.0.2.1]`) are kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    text: String,
    at: usize,
}

impl Address {
    /// Accepts what real mail carries, also local parts such as `a..b` that RFC 5321 forbids but servers deliver.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError::NoAt)?;
        if local.is_empty() {
            return Err(AddressError::NoAt);
        }
        let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
        let bad = |c: char| c.is_control() || (!quoted && (c.is_whitespace() || "<>,;:\"@()[]\\".contains(c)));
        if local.chars().any(bad) {
            return Err(AddressError::BadCharacter);
        }
        let literal = domain.starts_with('[') && domain.ends_with(']') && domain.bytes().all(|b| b.is_ascii_graphic());
        let domain = if literal {
            domain.to_owned()
        } else {
            Domain::parse(domain).map_err(|_| AddressError::BadDomain)?.into()
        };
        if local.len() > 64 || local.len() + 1 + domain.len() > 254 {
            return Err(AddressError::TooLong);
        }
        Ok(Self { text: format!("{local}@{domain}"), at: local.len() })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn local(&self) -> &str {
        self.text.split_at(self.at).0
    }

    /// The part after the @: a domain in ASCII, or an address literal in brackets.
    pub fn domain(&self) -> &str {
        self.text.split_at(self.at + 1).1
    }

    /// The address without what stands behind a plus in its local part: `ann+shop@x.de` is Ann's. `None` where there
    /// is no such tag.
    pub fn untagged(&self) -> Option<Self> {
        let (base, _) = self.local().split_once('+').filter(|(base, _)| !base.is_empty() && !base.starts_with('"'))?;
        Some(Self { text: format!("{base}@{}", self.domain()), at: base.len() })
    }

    /// Whether both are one mailbox, tags behind a plus aside.
    pub fn same_person(&self, other: &Self) -> bool {
        let key = |address: &Self| address.untagged().as_ref().unwrap_or(address).key();
        key(self) == key(other)
    }

    /// What two spellings of one mailbox share: everything in lower case. RFC 5321 leaves the case of the local
    /// part to the receiving host; no host in use tells two people apart by it.
    pub fn key(&self) -> String {
        self.text.to_lowercase()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, want: Result<&str, AddressError>) {
        assert_eq!(Address::parse(input).map(String::from), want.map(str::to_owned), "{input:?}");
    }

    #[test]
    fn addresses() {
        check("Desk@Example.ORG", Ok("Desk@example.org"));
        check(" a+b@x.de ", Ok("a+b@x.de"));
        check("a..b@docomo.ne.jp", Ok("a..b@docomo.ne.jp"));
        check("user@пример.рф", Ok("user@xn--e1afmkfd.xn--p1ai"));
        check("\"odd name\"@x.de", Ok("\"odd name\"@x.de"));
        check("a@[192.0.2.1]", Ok("a@[192.0.2.1]"));
        check("root@localhost", Ok("root@localhost"));
        check("", Err(AddressError::Empty));
        check("nobody", Err(AddressError::NoAt));
        check("@x.de", Err(AddressError::NoAt));
        check("a b@x.de", Err(AddressError::BadCharacter));
        check("a\r\nRCPT TO:<b@x.de>@x.de", Err(AddressError::BadCharacter));
        check("a@x y", Err(AddressError::BadDomain));
        check("a@x..de", Err(AddressError::BadDomain));
        check(&format!("{}@x.de", "a".repeat(65)), Err(AddressError::TooLong));
    }

    #[test]
    fn a_tag_is_not_another_person() {
        let read = |text| Address::parse(text).unwrap();
        let untagged = |text| read(text).untagged().map(String::from);
        assert_eq!(untagged("Ann+shop+2@X.de").as_deref(), Some("Ann@x.de"));
        assert_eq!([untagged("ann@x.de"), untagged("+ann@x.de"), untagged("\"a+b\"@x.de")], [None, None, None]);
        assert!(read("ann+shop@x.de").same_person(&read("ANN+other@x.de")));
        assert!(!read("ann+shop@x.de").same_person(&read("ann@y.de")));
    }

    #[test]
    fn keys_ignore_case() {
        let key = |text| Address::parse(text).map(|a| a.key());
        assert_eq!(key("Ann@X.DE"), key("ann@x.de"));
    }
}
