//! What a server's refusal means, read from its codes and words (RFC 5530 for IMAP, RFC 3463 and RFC 5321 for SMTP).

use super::{FaultKind, Step};

/// The enhanced status code (RFC 3463) at the head of an SMTP reply's text, such as `5.7.139`.
pub fn enhanced_code(text: &str) -> Option<&str> {
    let word = text.split_whitespace().next()?;
    let mut parts = word.split('.');
    let class = parts.next()?;
    let numbers = [parts.next()?, parts.next()?];
    let well_formed = parts.next().is_none()
        && matches!(class, "2" | "4" | "5")
        && numbers.iter().all(|n| (1..=3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    well_formed.then_some(word)
}

/// What a tagged NO or BAD of an IMAP server means. `text` begins with the response code where there is one.
pub fn imap_refusal(step: Step, text: &str) -> FaultKind {
    let words = text.to_ascii_lowercase();
    let has = |part: &str| words.contains(part);
    if has("[unavailable]") || has("[serverbug]") || has("[inuse]") || has("temporary") || has("try again") {
        return if step == Step::Login && has("too many") {
            FaultKind::Throttled
        } else {
            FaultKind::ServerUnavailable
        };
    }
    if has("[limit]") || has("too many") || has("rate limit") || has("throttl") || has("bandwidth limit") {
        return FaultKind::Throttled;
    }
    if has("[overquota]") {
        return FaultKind::OverQuota;
    }
    match step {
        Step::Login => login_refusal(&words),
        Step::Folder if has("read-only") => FaultKind::FolderReadOnly,
        Step::Folder => FaultKind::FolderNotFound,
        Step::Flag if has("read-only") || has("[noperm]") || has("permission") => FaultKind::FolderReadOnly,
        _ => FaultKind::CommandRefused,
    }
}

/// What a 4xx or 5xx reply of an SMTP server means.
pub fn smtp_refusal(step: Step, code: u16, text: &str) -> FaultKind {
    let words = text.to_ascii_lowercase();
    let has = |part: &str| words.contains(part);
    let enhanced = enhanced_code(text).unwrap_or_default();
    match (code, step) {
        (421, _) if has("too many") || has("rate") || has("throttl") || has("limit") => FaultKind::Throttled,
        (421, _) => FaultKind::ServerBye,
        (530, _) if has("starttls") => FaultKind::TlsNotOffered,
        (530, _) => FaultKind::AuthenticationRequired,
        (_, Step::Login) if code == 454 || (400..500).contains(&code) => {
            if has("too many") || has("rate") {
                FaultKind::Throttled
            } else {
                FaultKind::ServerUnavailable
            }
        }
        (502..=504, Step::Login) => FaultKind::AuthenticationNotOffered,
        (_, Step::Login) => login_refusal(&words),
        (535, _) => FaultKind::AuthenticationRejected,
        (552, _) if enhanced != "5.2.2" => FaultKind::TooLarge,
        (552, _) => FaultKind::OverQuota,
        (450..=452, _) if has("greylist") || has("graylist") || has("grey-list") || enhanced == "4.7.1" => {
            FaultKind::Greylisted
        }
        (400..500, _) if has("too many") || has("rate limit") || has("throttl") || enhanced == "4.3.2" => {
            FaultKind::Throttled
        }
        (400..500, _) => FaultKind::ServerUnavailable,
        (_, Step::Sender | Step::Recipient) => envelope_refusal(step, &words, enhanced),
        (_, Step::Content) if enhanced == "5.3.4" || has("too large") || has("too big") => FaultKind::TooLarge,
        (_, Step::Content) => FaultKind::PolicyRefused,
        _ => FaultKind::CommandRefused,
    }
}

/// Words of Google and Microsoft for "not with this password"; all else is a wrong user name or password.
fn login_refusal(words: &str) -> FaultKind {
    let has = |part: &str| words.contains(part);
    if has("5.7.139")
        || has("5.7.30")
        || has("basic authentication")
        || has("basicauthblocked")
        || has("smtpclientauth")
    {
        return FaultKind::BasicAuthenticationOff;
    }
    if has("not enabled for imap") || has("imap is disabled") || has("imap access is disabled") || has("imap disabled")
    {
        return FaultKind::ProtocolSwitchedOff;
    }
    if has("application-specific password") || has("app password") || has("5.7.9") || has("invalidsecondfactor") {
        return FaultKind::AppPasswordNeeded;
    }
    if has("[privacyrequired]") || has("plaintext authentication disallowed") {
        return FaultKind::LoginDisabled;
    }
    FaultKind::AuthenticationRejected
}

fn envelope_refusal(step: Step, words: &str, enhanced: &str) -> FaultKind {
    let has = |part: &str| words.contains(part);
    // Postfix says so on its submission ports to whoever has not logged in: it is no word on the recipient.
    if has("client host rejected: access denied") {
        return FaultKind::AuthenticationRequired;
    }
    if has("relay") || has("client host rejected") {
        return FaultKind::RelayDenied;
    }
    if enhanced == "5.3.4" || has("message size exceeds") || has("too large") {
        return FaultKind::TooLarge;
    }
    if has("sender address") || has("not owned by") || has("send as") || has("sendas") || enhanced == "5.1.7" {
        return FaultKind::SenderRefused;
    }
    if enhanced == "5.2.2" {
        return FaultKind::OverQuota;
    }
    if has("authentication required") || has("authenticate first") {
        return FaultKind::AuthenticationRequired;
    }
    if step == Step::Sender { FaultKind::SenderRefused } else { FaultKind::RecipientRefused }
}
