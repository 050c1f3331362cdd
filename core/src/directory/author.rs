//! Who a mail is really from: lists and web forms write their own address into From, agents forward what customers
//! wrote to them.

use crate::address::Address;
use crate::mail::{InboundMail, Limits, NamedAddress, Parsed, parse};

/// A person as a mail names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub address: Address,
    pub name: Option<String>,
}

impl Person {
    fn of(named: &NamedAddress) -> Option<Self> {
        Some(Self { address: Address::parse(&named.address).ok()?, name: named.name.clone() })
    }

    /// `Name <address>` or an address alone.
    fn read(text: &str) -> Option<Self> {
        let (name, address) = match text.rsplit_once('<') {
            Some((name, rest)) => (name.trim().trim_matches(['"', '\'']), rest.split('>').next().unwrap_or_default()),
            None => ("", text),
        };
        let address = address.trim().trim_start_matches("mailto:");
        Some(Self { address: Address::parse(address).ok()?, name: (!name.is_empty()).then(|| name.to_owned()) })
    }
}

/// Whom a mail is from: From; where From is a list's or one of our own addresses (`own`, as keys), who stands in
/// X-Original-From or Reply-To. `None`: nobody can be answered.
pub fn author(mail: &InboundMail, own: &[String]) -> Option<Person> {
    let from = mail.from.as_ref().and_then(Person::of);
    if let Some(from) = &from {
        let is_own = |address: &Address| own.contains(&address.key());
        if is_own(&from.address) || is_list(mail, &from.address) {
            let noted = mail.header("X-Original-From").and_then(Person::read);
            let candidates = noted.into_iter().chain(mail.reply_to.iter().filter_map(Person::of));
            let mut others = candidates
                .filter(|one| one.address.key() != from.address.key())
                .filter(|one| !is_own(&one.address) && !is_list(mail, &one.address));
            if let Some(found) = others.next() {
                return Some(found);
            }
        }
    }
    from.or_else(|| mail.sender.iter().chain(&mail.reply_to).find_map(Person::of))
}

/// Whether an address is that of the mailing list that the mail came through (RFC 2369, RFC 2919).
fn is_list(mail: &InboundMail, address: &Address) -> bool {
    let key = address.key();
    let named = |name: &str| {
        let words = mail.header(name).into_iter().flat_map(|value| value.split(['<', '>', ' ', ',', ';']));
        let addresses = words.map(|word| word.trim_start_matches("mailto:").split('?').next().unwrap_or_default());
        addresses.map(str::to_lowercase).any(|word| word == key)
    };
    let by_id = || {
        let id = mail.header("List-Id").and_then(|value| value.rsplit_once('<'))?;
        Some(id.1.trim_end_matches('>').to_lowercase() == key.replace('@', "."))
    };
    ["List-Post", "X-BeenThere", "Mailing-List", "X-Mailing-List", "X-Loop"].iter().any(|name| named(name))
        || by_id().unwrap_or_default()
}

/// Bytes of a forwarded mail in which its From is looked for.
const HEADER_READ: usize = 64 << 10;
/// Lines of a text in which a forwarded header is looked for.
const LINES_READ: usize = 400;

/// Who wrote the mail that this one forwards, as an attached mail or as a header block in the text. `skip` says whose
/// mails do not count: the desk's own and its agents'.
pub fn forwarded_author(mail: &InboundMail, skip: impl Fn(&Address) -> bool) -> Option<Person> {
    let attached = mail.attachments.iter().filter(|part| part.content_type == "message/rfc822");
    let attached = attached.filter_map(|part| {
        let head = part.content.get(..HEADER_READ).unwrap_or(&part.content);
        match parse(head, &Limits::default()) {
            Parsed::Mail(mail) => author(&mail, &[]),
            Parsed::Refused(_) => None,
        }
    });
    attached.chain(in_text(&mail.text)).find(|person| !skip(&person.address))
}

/// From of each header block in a text: such a line with two more of the form `Word: text` near by.
fn in_text(text: &str) -> Vec<Person> {
    let plain = |line: &'_ str| line.trim_start_matches(['>', ' ', '|', '\t']).replace('*', "");
    let lines: Vec<String> = text.lines().take(LINES_READ).map(plain).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((label, value)) = line.split_once([':', '：']) else { continue };
        let is_from = FROM.contains(&label.trim().to_lowercase().as_str());
        let around =
            lines.get(at.saturating_sub(4)..at).into_iter().chain(lines.get(at + 1..(at + 6).min(lines.len())));
        if is_from && around.flatten().filter(|line| is_field(line)).count() >= 2 {
            let value = value.replace("[mailto:", "<").replace(']', ">");
            found.extend(Person::read(value.trim()));
        }
    }
    found
}

/// `Word: text` or `Two words: text`.
fn is_field(line: &str) -> bool {
    line.split_once([':', '：']).is_some_and(|(label, value)| {
        let label = label.trim();
        !value.trim().is_empty()
            && (1..=24).contains(&label.chars().count())
            && label.split(' ').count() <= 3
            && label.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
    })
}

/// What programs call the field, in lower case.
const FROM: [&str; 20] = [
    "from",
    "von",
    "de",
    "da",
    "van",
    "fra",
    "från",
    "od",
    "от",
    "від",
    "lähettäjä",
    "feladó",
    "kimden",
    "από",
    "expéditeur",
    "mittente",
    "remitente",
    "发件人",
    "寄件者",
    "差出人",
];
