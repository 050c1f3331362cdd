//! Servers that an address most often belongs to, to begin a form with. Only a beginning: the test says what is true.
//!
//! What the domain publishes counts first (SRV records, RFC 6186 and RFC 8314), then who takes its mail, where that is
//! a large provider, then the usual names, those that exist before those that do not.

use super::connection::{Encryption, ServerAddress};
use crate::address::Address;
use crate::doctor::{Answer, Answers, QuestionKind, Record};
use serde::{Deserialize, Serialize};

/// Where mail of a domain is likely read and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub imap: Proposed,
    pub smtp: Proposed,
}

/// One server, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    pub server: ServerAddress,
    pub source: Source,
}

/// How a server is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The domain says so in this SRV record. Whether it lies is told by the certificate (RFC 6186 section 6).
    Dns { record: String },
    /// The address, or whoever takes the domain's mail, is of a provider whose servers are known.
    Provider,
    /// A usual name that exists in DNS.
    Exists,
    /// A usual name; DNS does not know it, or was not asked.
    Guess,
}

impl Source {
    /// In a few words, behind the server.
    pub fn words(&self) -> String {
        match self {
            Self::Dns { record } => format!("by the DNS record {record}"),
            Self::Provider => "the provider's".into(),
            Self::Exists => "a usual name, which DNS knows".into(),
            Self::Guess => "a guess: DNS does not say".into(),
        }
    }
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

/// Ends of names of servers that take mail of other domains, and whose servers are meant then.
const EXCHANGERS: &[(&str, &str, &str, u16)] = &[
    (".google.com", "imap.gmail.com", "smtp.gmail.com", 587),
    (".googlemail.com", "imap.gmail.com", "smtp.gmail.com", 587),
    (".mail.protection.outlook.com", "outlook.office365.com", "smtp.office365.com", 587),
    (".messagingengine.com", "imap.fastmail.com", "smtp.fastmail.com", 465),
    (".mailbox.org", "imap.mailbox.org", "smtp.mailbox.org", 587),
    (".posteo.de", "posteo.de", "posteo.de", 587),
];

/// A service with its SRV names, the one that is encrypted from the first byte first (RFC 8314 section 3).
struct Service {
    records: [(&'static str, Encryption); 2],
    /// Hosts within the domain that often are it.
    usual: [&'static str; 2],
}

const IMAP: Service = Service {
    records: [("_imaps._tcp", Encryption::Tls), ("_imap._tcp", Encryption::Starttls)],
    usual: ["imap", "mail"],
};
const SUBMISSION: Service = Service {
    records: [("_submissions._tcp", Encryption::Tls), ("_submission._tcp", Encryption::Starttls)],
    usual: ["smtp", "mail"],
};

/// The servers of the provider of this address, or else the usual names within its domain. Nothing is looked up.
pub fn propose(address: &Address) -> Proposal {
    let domain = address.domain();
    match PROVIDERS.iter().find(|(domains, ..)| domains.contains(&domain)) {
        Some((_, imap, smtp, port)) => provider(imap, smtp, *port),
        None => Proposal {
            imap: Proposed { server: imap(&format!("imap.{domain}")), source: Source::Guess },
            smtp: Proposed { server: smtp(&format!("smtp.{domain}"), 587), source: Source::Guess },
        },
    }
}

/// As [`propose`], by what DNS says. Called again until no question is open.
pub fn discover(answers: &Answers, address: &Address) -> Proposal {
    let (domain, unasked) = (address.domain(), propose(address));
    if unasked.imap.source == Source::Provider {
        return unasked;
    }
    // All are asked at once.
    let (found_imap, found_smtp) = (published(answers, &IMAP, domain), published(answers, &SUBMISSION, domain));
    let exchangers = exchangers(answers, domain);
    let hosted = EXCHANGERS.iter().find(|(end, ..)| exchangers.iter().any(|host| host.ends_with(end)));
    let hosted = hosted.map(|(_, imap, smtp, port)| provider(imap, smtp, *port));
    let exists = |service: &Service| {
        let names = service.usual.iter().map(|name| format!("{name}.{domain}"));
        // A domain's own mail exchanger often does the rest too.
        let own = exchangers.iter().filter(|host| host.ends_with(&format!(".{domain}"))).cloned();
        let known: Vec<bool> =
            names.clone().map(|name| answers.addresses(&name).is_ok_and(|found| !found.is_empty())).collect();
        names.zip(known).filter_map(|(name, known)| known.then_some(name)).chain(own).next()
    };
    let usual_imap = exists(&IMAP).map(|host| Proposed { server: imap(&host), source: Source::Exists });
    let usual_smtp = exists(&SUBMISSION).map(|host| Proposed { server: smtp(&host, 587), source: Source::Exists });
    let (hosted_imap, hosted_smtp) = hosted.map(|hosted| (hosted.imap, hosted.smtp)).unzip();
    Proposal {
        imap: found_imap.or(hosted_imap).or(usual_imap).unwrap_or(unasked.imap),
        smtp: found_smtp.or(hosted_smtp).or(usual_smtp).unwrap_or(unasked.smtp),
    }
}

/// What the domain publishes of a service: the lowest priority, of equal ones the greatest weight.
fn published(answers: &Answers, service: &Service, domain: &str) -> Option<Proposed> {
    let ask = |(name, encryption): &(&str, Encryption)| {
        let record = format!("{name}.{domain}");
        let Answer::Found(records) = answers.ask(QuestionKind::Service, &record) else { return None };
        let usable = records.into_iter().filter_map(|found| match found {
            Record::Service { priority, weight, port, host } if port > 0 && is_host(&host) => {
                Some((priority, std::cmp::Reverse(weight), host, port))
            }
            _ => None,
        });
        let (_, _, host, port) = usable.min()?;
        let server = ServerAddress { host, port, encryption: *encryption, ca_file: None, pin_sha256: None };
        Some(Proposed { server, source: Source::Dns { record } })
    };
    let found: Vec<Option<Proposed>> = service.records.iter().map(ask).collect();
    found.into_iter().flatten().next()
}

/// A name that a form may hold: what stands in DNS is anybody's text.
fn is_host(host: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    host.len() <= 253 && host.contains('.') && host.chars().all(fits)
}

fn exchangers(answers: &Answers, domain: &str) -> Vec<String> {
    let Answer::Found(records) = answers.ask(QuestionKind::Mx, domain) else { return Vec::new() };
    let mut hosts: Vec<(u16, String)> = records
        .into_iter()
        .filter_map(|record| match record {
            Record::Mx { preference, host } if is_host(&host) => Some((preference, host)),
            _ => None,
        })
        .collect();
    hosts.sort();
    hosts.into_iter().map(|(_, host)| host).collect()
}

fn provider(imap_host: &str, smtp_host: &str, port: u16) -> Proposal {
    Proposal {
        imap: Proposed { server: imap(imap_host), source: Source::Provider },
        smtp: Proposed { server: smtp(smtp_host, port), source: Source::Provider },
    }
}

fn imap(host: &str) -> ServerAddress {
    server(host, 993, Encryption::Tls)
}

fn smtp(host: &str, port: u16) -> ServerAddress {
    server(host, port, if port == 465 { Encryption::Tls } else { Encryption::Starttls })
}

fn server(host: &str, port: u16, encryption: Encryption) -> ServerAddress {
    ServerAddress { host: host.to_owned(), port, encryption, ca_file: None, pin_sha256: None }
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
            let (imap, Proposed { server: smtp, source }) = (found.imap.server.host, found.smtp);
            (imap, smtp.host, smtp.port, smtp.encryption, source == Source::Provider)
        };
        let usual = ("imap.acme.example".to_owned(), "smtp.acme.example".to_owned(), 587, Encryption::Starttls, false);
        assert_eq!(hosts("help@Acme.example"), usual);
        let known = ("imap.mail.yahoo.com".to_owned(), "smtp.mail.yahoo.com".to_owned(), 465, Encryption::Tls, true);
        assert_eq!(hosts("help@yahoo.com"), known);
    }

    /// `NAME SRV PRIORITY WEIGHT PORT HOST`, `NAME MX HOST`, `NAME A`.
    fn by(records: &[&str], address: &str) -> [String; 2] {
        let mut answers = Answers::default();
        let found = |question: &crate::doctor::Question| {
            let of = |line: &&&str| {
                let words: Vec<&str> = line.split(' ').collect();
                let number = |at: usize| words[at].parse().unwrap();
                let (kind, record) = match words[1] {
                    "SRV" => {
                        let [priority, weight, port] = [2, 3, 4].map(number);
                        (QuestionKind::Service, Record::Service { priority, weight, port, host: words[5].into() })
                    }
                    "MX" => (QuestionKind::Mx, Record::Mx { preference: 10, host: words[2].into() }),
                    _ => (QuestionKind::Address, Record::Address([192, 0, 2, 1].into())),
                };
                (words[0] == question.name && kind == question.kind).then_some(record)
            };
            let records: Vec<Record> = records.iter().filter_map(|line| of(&line)).collect();
            if records.is_empty() { Answer::Absent } else { Answer::Found(records) }
        };
        let address = Address::parse(address).unwrap();
        let mut rounds = 0;
        loop {
            let proposal = discover(&answers, &address);
            let open = answers.open();
            if open.is_empty() {
                let line = |Proposed { server, source }: Proposed| {
                    format!("{}:{} {:?} {}", server.host, server.port, server.encryption, source.words())
                };
                return [line(proposal.imap), line(proposal.smtp)];
            }
            rounds += 1;
            assert!(rounds < 3, "still open: {open:?}");
            for question in open {
                let answer = found(&question);
                answers.insert(question, answer);
            }
        }
    }

    fn check(records: &[&str], imap: &str, smtp: &str) {
        assert_eq!(by(records, "help@ex.org"), [imap, smtp], "{records:?}");
    }

    #[test]
    fn what_the_domain_publishes_counts_first() {
        let smtp = "smtp.ex.org:587 Starttls a guess: DNS does not say";
        let published = "a.ex.org:1993 Tls by the DNS record _imaps._tcp.ex.org";
        check(
            &[
                "_imap._tcp.ex.org SRV 0 0 143 c.ex.org",
                "_imaps._tcp.ex.org SRV 20 90 993 b.ex.org",
                "_imaps._tcp.ex.org SRV 10 1 993 b.ex.org",
                "_imaps._tcp.ex.org SRV 10 5 1993 a.ex.org",
                "imap.ex.org A",
            ],
            published,
            smtp,
        );
        // No target, and one that is none: no such service (RFC 6186 section 3.4).
        check(
            &[
                "_imaps._tcp.ex.org SRV 0 0 0 ",
                "_imaps._tcp.ex.org SRV 0 0 993 a;b.ex.org",
                "_imap._tcp.ex.org SRV 0 1 143 mail.host.example",
                "_submissions._tcp.ex.org SRV 0 1 465 mail.host.example",
                "_submission._tcp.ex.org SRV 0 1 587 mail.host.example",
                "ex.org MX aspmx.l.google.com",
            ],
            "mail.host.example:143 Starttls by the DNS record _imap._tcp.ex.org",
            "mail.host.example:465 Tls by the DNS record _submissions._tcp.ex.org",
        );
    }

    #[test]
    fn then_the_provider_then_names_that_exist_then_a_guess() {
        check(
            &["ex.org MX aspmx.l.google.com", "imap.ex.org A"],
            "imap.gmail.com:993 Tls the provider's",
            "smtp.gmail.com:587 Starttls the provider's",
        );
        let exists = "mail.ex.org:993 Tls a usual name, which DNS knows";
        let smtp = "mail.ex.org:587 Starttls a usual name, which DNS knows";
        check(&["mail.ex.org A", "ex.org MX mx.ex.org"], exists, smtp);
        let [imap, _] = by(&["ex.org MX mx.ex.org"], "help@ex.org");
        assert_eq!(imap, "mx.ex.org:993 Tls a usual name, which DNS knows");
        let guess = "imap.ex.org:993 Tls a guess: DNS does not say";
        check(&[], guess, "smtp.ex.org:587 Starttls a guess: DNS does not say");
        assert_eq!(by(&["imap.gmail.com A"], "a@gmail.com")[0], "imap.gmail.com:993 Tls the provider's");
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
