//! People whose mail is dropped: an address, a domain, or a domain with all below it.

use super::DomainPattern;
use crate::address::{Address, AddressError, Domain};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whose mail a block drops.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Blocked {
    Address(Address),
    Domain(DomainPattern),
}

impl Blocked {
    /// # Errors
    /// It is neither an address nor a domain.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        match text.trim().strip_prefix('@') {
            Some(domain) => DomainPattern::parse(domain).map(Self::Domain),
            None if text.contains('@') => Address::parse(text).map(Self::Address),
            None => DomainPattern::parse(text).map(Self::Domain),
        }
    }

    /// What an address could be blocked by, the nearest first.
    pub fn covering(address: &Address) -> Vec<Self> {
        let mut found = vec![Self::Address(address.clone())];
        found.extend(address.untagged().map(Self::Address));
        if let Ok(domain) = Domain::parse(address.domain()) {
            found.extend(DomainPattern::covering(&domain).into_iter().map(Self::Domain));
        }
        found
    }

    /// Whether it drops the mail of this address.
    pub fn covers(&self, address: &Address) -> bool {
        let key = self.key();
        Self::covering(address).iter().any(|one| one.key() == key)
    }

    /// What two spellings of it share.
    pub fn key(&self) -> String {
        match self {
            Self::Address(address) => address.key(),
            Self::Domain(pattern) => format!("@{pattern}"),
        }
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Domain(pattern) => pattern.fmt(f),
        }
    }
}

impl TryFrom<String> for Blocked {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Blocked> for String {
    fn from(blocked: Blocked) -> Self {
        blocked.to_string()
    }
}

/// One line of the block list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub who: Blocked,
    /// Why, in words for people.
    pub reason: String,
    pub since: Timestamp,
    /// Absent: until a person removes it.
    pub expires: Option<Timestamp>,
}

impl Block {
    /// Whether it counts at this time.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }

    /// The rule that mail is dropped by.
    pub fn rule(&self) -> String {
        format!("block list: {}", self.who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_domains_and_families_are_told_apart() {
        let read = |text| Blocked::parse(text).map(|blocked| (blocked.to_string(), blocked.key()));
        let pair = |shown: &str, key: &str| Ok((shown.to_owned(), key.to_owned()));
        assert_eq!(read("Eve@Spam.example"), pair("Eve@spam.example", "eve@spam.example"));
        assert_eq!(read("@spam.example"), pair("spam.example", "@spam.example"));
        assert_eq!(read("*.spam.example"), pair("*.spam.example", "@*.spam.example"));
        assert!(read("").is_err() && read("a b").is_err() && read("eve@").is_err());
    }

    #[test]
    fn a_block_covers_case_tags_and_what_lies_below() {
        let covers = |blocked, text| Blocked::parse(blocked).unwrap().covers(&Address::parse(text).unwrap());
        for (blocked, address, want) in [
            ("eve@spam.example", "EVE+news@SPAM.example", true),
            ("eve+news@spam.example", "eve@spam.example", false),
            ("spam.example", "any@spam.example", true),
            ("spam.example", "any@mx.spam.example", false),
            ("*.spam.example", "any@mx.spam.example", true),
            ("spam.example", "any@nospam.example", false),
        ] {
            assert_eq!(covers(blocked, address), want, "{blocked} {address}");
        }
    }

    #[test]
    fn a_block_ends_with_its_time() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let who = Blocked::parse("spam.example").unwrap();
        let block = Block { who, reason: "r".into(), since: at(0), expires: Some(at(9)) };
        assert!(block.holds(at(8)) && !block.holds(at(9)));
        assert!(Block { expires: None, ..block.clone() }.holds(at(9_999)));
        assert_eq!(block.rule(), "block list: spam.example");
    }
}
