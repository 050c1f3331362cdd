//! SMTP behind our own types, on lettre over our timed stream.
