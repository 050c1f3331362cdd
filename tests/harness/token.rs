//! Access tokens as the test servers take them: JSON Web Tokens (RFC 7519) that Dovecot checks by itself.

use crate::DOMAIN;
use anyhow::Result;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

pub(crate) const ALGORITHM: &str = "HS256";
const KEY: &[u8] = b"the key of the test servers, 0123456789";
/// 2000-01-01.
const LONG_AGO: u64 = 946_684_800;
/// 2100-01-01.
const FAR_AHEAD: u64 = 4_102_444_800;

/// The key as Dovecot's dictionary holds it.
pub(crate) fn key() -> String {
    BASE64.encode(KEY)
}

/// A token of `user@desk.test` that is good.
pub fn good(user: &str) -> Result<String> {
    signed(user, FAR_AHEAD)
}

/// One that has expired.
pub fn expired(user: &str) -> Result<String> {
    signed(user, LONG_AGO + 3600)
}

fn signed(user: &str, expires: u64) -> Result<String> {
    let header = serde_json::json!({ "alg": ALGORITHM, "typ": "JWT" });
    let claims = serde_json::json!({
        "iss": "maildesk-tests", "sub": format!("{user}@{DOMAIN}"), "scope": "mail", "iat": LONG_AGO, "exp": expires,
    });
    let part = |value: &serde_json::Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let text = format!("{}.{}", part(&header), part(&claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY)?;
    mac.update(text.as_bytes());
    Ok(format!("{text}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes())))
}
