//! Silent mode: a desk on trial or in staging that writes to nobody but a few.

use crate::address::{Address, Domain};
use serde::{Deserialize, Serialize};

/// Everything is rendered and queued; only mail to allowed addresses leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silent {
    /// Addresses (`me@example.org`) and domains (`@example.org`).
    #[serde(default)]
    pub allow: Vec<String>,
}

impl Silent {
    pub fn allows(&self, to: &Address) -> bool {
        self.allow.iter().any(|allowed| match allowed.strip_prefix('@') {
            Some(domain) => Domain::parse(domain).is_ok_and(|domain| to.domain() == domain.as_str()),
            None => Address::parse(allowed).is_ok_and(|address| address.key() == to.key()),
        })
    }

    /// The first entry that is neither an address nor a domain.
    pub(super) fn unusable(&self) -> Option<&str> {
        let usable = |allowed: &str| match allowed.strip_prefix('@') {
            Some(domain) => Domain::parse(domain).is_ok(),
            None => Address::parse(allowed).is_ok(),
        };
        self.allow.iter().map(String::as_str).find(|allowed| !usable(allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_is_allowed() {
        let silent = Silent { allow: vec!["Me@Example.org".into(), "@staff.example".into(), "nonsense".into()] };
        let check = |to, want| assert_eq!(silent.allows(&Address::parse(to).unwrap()), want, "{to}");
        check("me@example.org", true);
        check("you@example.org", false);
        check("anyone@STAFF.example", true);
        check("anyone@sub.staff.example", false);
        check("nonsense@x.example", false);
        assert_eq!(silent.unusable(), Some("nonsense"));
    }
}
