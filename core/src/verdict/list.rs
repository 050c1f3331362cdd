//! Mailing lists and newsletters.

use crate::mail::InboundMail;

/// `List-*` fields (RFC 2369, RFC 2919), list software, or `Precedence: list`.
pub(super) fn list(mail: &InboundMail) -> bool {
    const FIELDS: [&str; 7] = [
        "List-Id",
        "List-Post",
        "List-Unsubscribe",
        "Mailing-List",
        "X-Mailing-List",
        "X-BeenThere",
        "X-Mailman-Version",
    ];
    let named = FIELDS.iter().any(|name| mail.header(name).is_some_and(|value| value.len() >= 3));
    named || mail.headers_named("Precedence").any(|value| value.trim().eq_ignore_ascii_case("list"))
}
