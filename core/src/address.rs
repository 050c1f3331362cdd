//! Checked mail addresses and domains (RFC 5321, RFC 6531, IDNA).
