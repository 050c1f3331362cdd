//! One TLS connector and one timed stream for IMAP and SMTP.
