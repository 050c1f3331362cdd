//! Servers of large providers, by the name of their SMTP server: what their customers put into SPF.

/// End of the SMTP server's name, and what to include. From the providers' public instructions.
const INCLUDES: [(&str, &str); 12] = [
    ("gmail.com", "_spf.google.com"),
    ("google.com", "_spf.google.com"),
    ("googlemail.com", "_spf.google.com"),
    ("office365.com", "spf.protection.outlook.com"),
    ("outlook.com", "spf.protection.outlook.com"),
    ("amazonaws.com", "amazonses.com"),
    ("sendgrid.net", "sendgrid.net"),
    ("mailgun.org", "mailgun.org"),
    ("postmarkapp.com", "spf.mtasv.net"),
    ("zoho.com", "zohomail.com"),
    ("messagingengine.com", "spf.messagingengine.com"),
    ("yandex.ru", "_spf.yandex.net"),
];

/// The SPF term that allows mail handed to this server.
pub(super) fn spf_term(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let below = |end: &str| host == end || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
    if let Some((_, include)) = INCLUDES.iter().find(|(end, _)| below(end)) {
        return format!("include:{include}");
    }
    match host.parse() {
        Ok(std::net::IpAddr::V4(address)) => format!("ip4:{address}"),
        Ok(std::net::IpAddr::V6(address)) => format!("ip6:{address}"),
        Err(_) => format!("a:{host}"),
    }
}
