//! What was said on the wire, without what must not be seen.

use crate::secret::SecretText;
use crate::text::{clean_line, shorten};
use data_encoding::BASE64;
use std::fmt;
use zeroize::Zeroizing;

/// Lines of a transcript at the most.
pub const LINES_MAX: usize = 400;
/// Longest line, in characters.
const LINE_MAX: usize = 400;
/// Fewer characters at the end of a line are chance rather than the beginning of a secret.
const CUT_MIN: usize = 3;

/// Replaces secrets wherever they stand: commands that carry them are redacted where they are written, but a server
/// may repeat what it was told.
pub struct Redactor(Vec<Zeroizing<String>>);

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({} forms)", self.0.len())
    }
}

impl Redactor {
    /// For the secret of one login, in every form in which it goes onto the wire.
    pub fn new(username: &str, secret: &SecretText) -> Self {
        let secret = secret.expose();
        if secret.is_empty() {
            return Self(Vec::new());
        }
        let plain_token = Zeroizing::new(format!("\0{username}\0{secret}"));
        let bearer = Zeroizing::new(format!("user={username}\x01auth=Bearer {secret}\x01\x01"));
        let quoted = Zeroizing::new(secret.replace('\\', "\\\\").replace('"', "\\\""));
        let mut forms = vec![
            Zeroizing::new(BASE64.encode(plain_token.as_bytes())),
            Zeroizing::new(BASE64.encode(bearer.as_bytes())),
            Zeroizing::new(BASE64.encode(secret.as_bytes())),
            quoted,
            Zeroizing::new(secret.to_owned()),
            // Servers' words are cleaned before they come here.
            Zeroizing::new(clean_line(secret)),
        ];
        forms.retain(|form| !form.is_empty());
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Self(forms)
    }

    /// Where there is no secret.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// As [`text`](Self::text), of bounded length.
    pub fn line(&self, text: &str) -> String {
        shorten(&self.text(text), LINE_MAX)
    }

    /// The text without secrets, as one clean line.
    pub fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for form in &self.0 {
            if text.contains(form.as_str()) {
                text = text.replace(form.as_str(), "[redacted]");
            }
        }
        clean_line(&self.without_cut_secret(text))
    }

    /// Words are cut to a length before they come here; a cut within a secret leaves its beginning at the end.
    fn without_cut_secret(&self, text: String) -> String {
        let kept = text.trim_end_matches('…');
        for form in &self.0 {
            let beginnings = form.char_indices().map(|(at, _)| form.split_at(at).0).rev();
            let shown = beginnings.filter(|beginning| beginning.chars().count() >= CUT_MIN);
            if let Some(before) = shown.filter_map(|beginning| kept.strip_suffix(beginning)).next() {
                return format!("{before}[redacted]");
            }
        }
        text
    }
}
