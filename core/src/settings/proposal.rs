//! Servers that an address most often belongs to, to begin a form with. Only a beginning: the test says what is true.

use super::connection::{Encryption, ServerAddress};
use crate::address::Address;

/// Where mail of a domain is likely read and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub imap: ServerAddress,
    pub smtp: ServerAddress,
    /// The provider is known, so that the servers are no guess.
    pub known: bool,
}

/// Domains of large providers, their IMAP server and their SMTP server with its port.
const PROVIDERS: &[(&[&str], &str, &str, u16)] = &[
    (&["gmail.com", "googlemail.com"], "imap.gmail.com", "smtp.gmail.com", 587),
    (&["outlook.com", "hotmail.com", "live.com", "msn.com"], "outlook.office365.com", "smtp-mail.outlook.com", 587),
    (&["icloud.com", "me.com", "mac.com"], "imap.mail.me.com", "smtp.mail.me.com", 587),
    (&["yahoo.com", "ymail.com"], "imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465),
    (&["gmx.de", "gmx.net", "gmx.at", "gmx.ch"], "imap.gmx.net", "mail.gmx.net", 587),
    (&["web.de"], "imap.web.de", "smtp.web.de", 587),
    (&["fastmail.com", "fastmail.fm"], "imap.fastmail.com", "smtp.fastmail.com", 465),
    (&["mailbox.org"], "imap.mailbox.org", "smtp.mailbox.org", 587),
    (&["posteo.de", "posteo.net"], "posteo.de", "posteo.de", 587),
];

/// The servers of the provider of this address, or else the usual names within its domain.
pub fn propose(address: &Address) -> Proposal {
    let domain = address.domain();
    let provider = PROVIDERS.iter().find(|(domains, ..)| domains.contains(&domain));
    let (imap, smtp, port, known) = match provider {
        Some((_, imap, smtp, port)) => ((*imap).to_owned(), (*smtp).to_owned(), *port, true),
        None => (format!("imap.{domain}"), format!("smtp.{domain}"), 587, false),
    };
    let encryption = if port == 465 { Encryption::Tls } else { Encryption::Starttls };
    Proposal { imap: server(imap, 993, Encryption::Tls), smtp: server(smtp, port, encryption), known }
}

fn server(host: String, port: u16, encryption: Encryption) -> ServerAddress {
    ServerAddress { host, port, encryption, ca_file: None, pin_sha256: None }
}

/// A short name for a mailbox and its sender from the part before the @: `Sales+EU@` is `sales-eu`.
pub fn short_name(address: &Address) -> String {
    let text = address.to_string().to_lowercase();
    let local = text.rsplit_once('@').map_or(text.as_str(), |(local, _)| local);
    let fits = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = local.chars().map(fits).take(40).collect();
    match name.trim_matches(['-', '_']) {
        "" => "desk".into(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::MailboxName;

    #[test]
    fn servers_are_those_of_the_provider_or_the_usual_names() {
        let hosts = |address: &str| {
            let found = propose(&Address::parse(address).unwrap());
            (found.imap.host, found.smtp.host, found.smtp.port, found.smtp.encryption, found.known)
        };
        let usual = ("imap.acme.example".to_owned(), "smtp.acme.example".to_owned(), 587, Encryption::Starttls, false);
        assert_eq!(hosts("help@Acme.example"), usual);
        let known = ("imap.mail.yahoo.com".to_owned(), "smtp.mail.yahoo.com".to_owned(), 465, Encryption::Tls, true);
        assert_eq!(hosts("help@yahoo.com"), known);
    }

    #[test]
    fn every_address_has_a_name_that_may_be_one() {
        for (address, want) in [
            ("support@ex.org", "support"),
            ("Sales+EU@ex.org", "sales-eu"),
            ("-.-@ex.org", "desk"),
            ("größe@ex.org", "gr--e"),
        ] {
            let name = short_name(&Address::parse(address).unwrap());
            assert_eq!(name, want);
            assert!(MailboxName::parse(&name).is_ok(), "{name}");
        }
        let long = short_name(&Address::parse(&format!("{}@ex.org", "a".repeat(60))).unwrap());
        assert!(MailboxName::parse(&long).is_ok(), "{long}");
    }
}
