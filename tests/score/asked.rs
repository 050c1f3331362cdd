//! What is asked of each field, in percent of the mails that say something about it.

/// Of all expectations.
pub const ASKED: [(&str, f64); 16] = [
    ("ok", 100.0),
    ("subject", 99.4),
    ("from", 99.8),
    ("from_name", 96.9),
    ("message_id", 99.6),
    ("in_reply_to", 99.7),
    ("references", 99.7),
    ("text", 98.2),
    ("att_names", 97.8),
    ("auto_reply:yes", 100.0),
    ("auto_reply:no", 100.0),
    ("bounce:yes", 97.9),
    ("bounce:no", 99.4),
    ("no_autorespond:yes", 98.6),
    ("reply", 85.1),
    ("html_safe", 100.0),
];

/// Of what the mails' own test suites assert, without what several parsers agree on.
pub const ASKED_OF_SOURCES: [(&str, f64); 2] = [("text", 93.6), ("reply_nothing_lost", 94.4)];
