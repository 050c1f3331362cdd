//! Domains as customers own them and as people are blocked by: one domain, or a domain with all below it.

use super::is_free_mail;
use crate::address::{Address, AddressError, Domain, is_within};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `acme.example`, or `*.acme.example`: that domain and every sub-domain of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DomainPattern {
    pub domain: Domain,
    pub with_subdomains: bool,
}

impl DomainPattern {
    /// # Errors
    /// It is no domain, or it asks for everything below a top-level domain.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let (text, with_subdomains) = match text.strip_prefix("*.") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let domain = Domain::parse(text)?;
        if with_subdomains && !domain.as_str().contains('.') {
            return Err(AddressError::NotADomain);
        }
        Ok(Self { domain, with_subdomains })
    }

    /// Patterns that a domain falls under, the nearest first: itself, then with wider and wider families. Whoever
    /// holds the first of these that is known is the longest match.
    pub fn covering(domain: &Domain) -> Vec<Self> {
        let exact = Self { domain: domain.clone(), with_subdomains: false };
        let mut found = vec![exact];
        let mut rest = Some(domain.as_str());
        while let Some(name) = rest {
            if let Some(family) = Domain::parse(name).ok().filter(|family| family.as_str().contains('.')) {
                found.push(Self { domain: family, with_subdomains: true });
            }
            rest = name.split_once('.').map(|(_, parent)| parent);
        }
        found
    }

    /// Whether a domain falls under it.
    pub fn covers(&self, domain: &Domain) -> bool {
        *domain == self.domain || self.with_subdomains && is_within(domain.as_str(), self.domain.as_str())
    }
}

impl fmt::Display for DomainPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.with_subdomains { "*." } else { "" }, self.domain)
    }
}

impl TryFrom<String> for DomainPattern {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<DomainPattern> for String {
    fn from(pattern: DomainPattern) -> Self {
        pattern.to_string()
    }
}

/// The domain by which a sender's customer is found; free-mail domains name no customer, and address literals
/// name none either.
pub fn customer_domain(address: &Address) -> Option<Domain> {
    Domain::parse(address.domain()).ok().filter(|domain| !is_free_mail(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(text: &str) -> Domain {
        Domain::parse(text).unwrap()
    }

    #[test]
    fn free_mail_and_literals_name_no_customer() {
        let found = |text| customer_domain(&Address::parse(text).unwrap()).map(String::from);
        assert_eq!(found("ann@Acme.example").as_deref(), Some("acme.example"));
        assert_eq!(found("ann@ПРИМЕР.рф").as_deref(), Some("xn--e1afmkfd.xn--p1ai"));
        assert_eq!(found("ann@gmail.com"), None);
        assert_eq!(found("ann@mail.gmail.com"), None, "nor what lies below one");
        assert_eq!(found("ann@[192.0.2.1]"), None);
    }

    #[test]
    fn patterns_are_read_and_written_alike() {
        let read = |text| DomainPattern::parse(text).map(String::from);
        assert_eq!(read(" Acme.Example ").as_deref(), Ok("acme.example"));
        assert_eq!(read("*.пример.рф").as_deref(), Ok("*.xn--e1afmkfd.xn--p1ai"));
        for bad in ["*.example", "*.", "*", "a.*.example", "", "x y"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_family_covers_its_domain_and_all_below() {
        let covers = |pattern, name| DomainPattern::parse(pattern).unwrap().covers(&domain(name));
        assert!(covers("*.acme.example", "acme.example") && covers("*.acme.example", "a.b.acme.example"));
        assert!(!covers("*.acme.example", "notacme.example") && !covers("acme.example", "a.acme.example"));
    }

    #[test]
    fn the_longest_match_comes_first() {
        let found: Vec<String> =
            DomainPattern::covering(&domain("it.acme.example")).into_iter().map(String::from).collect();
        assert_eq!(found, ["it.acme.example", "*.it.acme.example", "*.acme.example"]);
        for pattern in DomainPattern::covering(&domain("it.acme.example")) {
            assert!(pattern.covers(&domain("it.acme.example")), "{pattern}");
        }
    }
}
