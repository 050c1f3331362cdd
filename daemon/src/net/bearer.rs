//! The one answer of XOAUTH2: user name and access token, for IMAP and SMTP alike.

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// `user=NAME ^A auth=Bearer TOKEN ^A ^A` in base64. Neither may hold control characters.
pub(crate) fn response(username: &str, token: &str) -> Zeroizing<String> {
    let plain = Zeroizing::new(format!("user={username}\x01auth=Bearer {token}\x01\x01"));
    Zeroizing::new(BASE64.encode(plain.as_bytes()))
}
