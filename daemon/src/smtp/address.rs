//! Mail addresses as they go onto the wire: domain in ASCII, nothing that could end the command.

/// An address that may stand between the angle brackets of MAIL and RCPT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WireAddress {
    pub(super) text: String,
    /// The local part has letters outside ASCII: the server must offer SMTPUTF8 (RFC 6531).
    pub(super) needs_smtp_utf8: bool,
}

impl WireAddress {
    /// `None` where the text is no address. Odd but used forms pass, such as `a..b@example.org`.
    pub(super) fn parse(address: &str) -> Option<Self> {
        let (local, domain) = address.trim().rsplit_once('@')?;
        let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
        let local_allows = |c: char| !c.is_control() && !matches!(c, '<' | '>') && (quoted || !c.is_whitespace());
        if local.is_empty() || !local.chars().all(local_allows) {
            return None;
        }
        let domain = if is_literal(domain) { domain.to_owned() } else { idna::domain_to_ascii(domain).ok()? };
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '[' | ']' | ':');
        if domain.is_empty() || !domain.chars().all(allowed) {
            return None;
        }
        Some(Self { text: format!("{local}@{domain}"), needs_smtp_utf8: !local.is_ascii() })
    }
}

/// An address as it may stand on a command line: its domain in ASCII; `None` where the text is none.
pub(crate) fn wire_address(address: &str) -> Option<String> {
    WireAddress::parse(address).map(|wire| wire.text)
}

/// `[192.0.2.1]` (RFC 5321 §4.1.3).
fn is_literal(domain: &str) -> bool {
    domain.starts_with('[') && domain.ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_fit_for_the_wire_or_refused() {
        for (address, want) in [
            ("user@example.org", Some(("user@example.org", false))),
            (" user@Example.ORG ", Some(("user@example.org", false))),
            ("user@пример.рф", Some(("user@xn--e1afmkfd.xn--p1ai", false))),
            ("юзер@example.org", Some(("юзер@example.org", true))),
            ("a..b@example.org", Some(("a..b@example.org", false))),
            ("\"a b\"@example.org", Some(("\"a b\"@example.org", false))),
            ("a@[127.0.0.1]", Some(("a@[127.0.0.1]", false))),
            ("a@example.org\r\nRCPT TO:<x@y>", None),
            ("a\r\nb@example.org", None),
            ("<a@b.c>", None),
            ("a b@example.org", None),
            ("a@b> SIZE=1", None),
            ("@example.org", None),
            ("a@", None),
            ("nobody", None),
        ] {
            let got = WireAddress::parse(address);
            assert_eq!(got.as_ref().map(|a| (a.text.as_str(), a.needs_smtp_utf8)), want, "{address:?}");
        }
    }
}
