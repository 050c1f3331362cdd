//! The syntax of SPF records (RFC 7208 §4.6, §5, §6).

use crate::doctor::MAX_TEXT;
use crate::text::shorten;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a match means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Qualifier {
    Pass,
    Fail,
    SoftFail,
    Neutral,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mechanism {
    All,
    Include(String),
    /// Domain, or the current one; prefix lengths for IPv4 and IPv6.
    A(Option<String>, u8, u8),
    Mx(Option<String>, u8, u8),
    Ptr,
    Ip(IpAddr, u8),
    Exists(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SpfRecord {
    pub(crate) directives: Vec<(Qualifier, Mechanism)>,
    pub(crate) redirect: Option<String>,
}

/// Reads a record; `Err` says in words what receivers reject it for (permerror).
pub(crate) fn parse(text: &str) -> Result<SpfRecord, String> {
    if text.len() > MAX_TEXT {
        return Err(format!("it is {} bytes long", text.len()));
    }
    if !text.is_ascii() {
        return Err("it holds characters outside ASCII".into());
    }
    let mut record = SpfRecord::default();
    for term in text.split_ascii_whitespace().skip(1) {
        let wrong = |why: &str| format!("\"{}\": {why}", shorten(term, 60));
        match modifier(term) {
            Some(("redirect", _)) if record.redirect.is_some() => return Err(wrong("redirect stands twice")),
            Some(("redirect", domain)) => record.redirect = Some(domain_spec(domain).map_err(|why| wrong(&why))?),
            Some(_) => {}
            None => record.directives.push(directive(term).map_err(|why| wrong(&why))?),
        }
    }
    Ok(record)
}

/// `name=value`, where the name is one (RFC 7208 §4.6.1): names in lower case.
fn modifier(term: &str) -> Option<(&'static str, &str)> {
    let (name, value) = term.split_once('=')?;
    if name.contains([':', '/']) {
        return None;
    }
    let known = if name.eq_ignore_ascii_case("redirect") { "redirect" } else { "other" };
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    is_name.then_some((known, value))
}

fn directive(term: &str) -> Result<(Qualifier, Mechanism), String> {
    let (qualifier, rest) = match term.chars().next() {
        Some('+') => (Qualifier::Pass, term.strip_prefix('+')),
        Some('-') => (Qualifier::Fail, term.strip_prefix('-')),
        Some('~') => (Qualifier::SoftFail, term.strip_prefix('~')),
        Some('?') => (Qualifier::Neutral, term.strip_prefix('?')),
        _ => (Qualifier::Pass, Some(term)),
    };
    let rest = rest.unwrap_or_default();
    let end = rest.find([':', '/']).unwrap_or(rest.len());
    let (name, argument) = rest.split_at(end);
    let domain = || argument.strip_prefix(':').ok_or("a domain must follow".to_owned()).and_then(domain_spec);
    let bare = |mechanism| if argument.is_empty() { Ok(mechanism) } else { Err("takes no argument".to_owned()) };
    let mechanism = match name.to_ascii_lowercase().as_str() {
        "all" => bare(Mechanism::All)?,
        "include" => Mechanism::Include(domain()?),
        "exists" => Mechanism::Exists(domain()?),
        "ptr" => Mechanism::Ptr,
        "a" => hosts(argument, Mechanism::A)?,
        "mx" => hosts(argument, Mechanism::Mx)?,
        "ip4" => network(argument, 32, |text| text.parse::<Ipv4Addr>().ok().map(IpAddr::V4))?,
        "ip6" => network(argument, 128, |text| text.parse::<Ipv6Addr>().ok().map(IpAddr::V6))?,
        _ => return Err("there is no such mechanism".into()),
    };
    Ok((qualifier, mechanism))
}

fn hosts(argument: &str, make: fn(Option<String>, u8, u8) -> Mechanism) -> Result<Mechanism, String> {
    let (domain, lengths) = argument.split_at(argument.find('/').unwrap_or(argument.len()));
    let domain = domain.strip_prefix(':').map(domain_spec).transpose()?;
    let (v4, v6) = match lengths.split_once("//") {
        Some((v4, v6)) => (v4.strip_prefix('/'), Some(v6)),
        None => (lengths.strip_prefix('/'), None),
    };
    Ok(make(domain, length(v4, 32)?, length(v6, 128)?))
}

fn network(argument: &str, bits: u8, read: fn(&str) -> Option<IpAddr>) -> Result<Mechanism, String> {
    let text = argument.strip_prefix(':').ok_or("an address must follow")?;
    let (address, given) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let address = read(address).ok_or("is no address of this kind")?;
    Ok(Mechanism::Ip(address, length(given, bits)?))
}

fn length(given: Option<&str>, bits: u8) -> Result<u8, String> {
    let Some(text) = given else { return Ok(bits) };
    let read = text.parse().ok().filter(|length| *length <= bits && text.bytes().all(|b| b.is_ascii_digit()));
    read.ok_or_else(|| format!("the prefix length is not 0 to {bits}"))
}

/// A domain, perhaps with macros, which are kept as they are.
fn domain_spec(text: &str) -> Result<String, String> {
    let name = text.trim_end_matches('.');
    if name.is_empty() || name.bytes().any(|b| !b.is_ascii_graphic()) {
        return Err("a domain must follow".into());
    }
    if !has_macro(name) && crate::address::Domain::parse(name).is_err() {
        return Err("what follows is no domain".into());
    }
    Ok(name.to_ascii_lowercase())
}

/// Macros need the mail that is being judged: such terms cannot be followed.
pub(crate) fn has_macro(domain: &str) -> bool {
    domain.contains('%')
}
