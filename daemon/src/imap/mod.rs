//! IMAP behind our own types, on async-imap with every answer checked.
