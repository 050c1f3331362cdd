//! What one mail may cost.

/// Upper bounds for one mail. The defaults admit every mail people send and stop what only attackers send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Whole raw mail, in bytes.
    pub raw_bytes: usize,
    /// Nested `message/...` parts, over-estimated line by line.
    pub nested_messages: usize,
    /// MIME parts, over-estimated as lines that start with `--`.
    pub parts: usize,
    /// Header fields that are kept.
    pub headers: usize,
    /// One header value, in bytes.
    pub header_bytes: usize,
    /// Addresses kept of one header field, and message ids kept of `References`.
    pub addresses: usize,
    /// The text of a mail, in bytes.
    pub text_bytes: usize,
    /// The HTML of a mail, in bytes; above it no HTML is kept.
    pub html_bytes: usize,
    /// Open HTML elements within each other (html5ever's time is quadratic in it).
    pub html_depth: usize,
    /// Attachments that are kept.
    pub attachments: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            raw_bytes: 50 << 20,
            nested_messages: 500,
            parts: 20_000,
            headers: 500,
            header_bytes: 8 << 10,
            addresses: 1_000,
            text_bytes: 2 << 20,
            html_bytes: 1 << 20,
            html_depth: 256,
            attachments: 500,
        }
    }
}
