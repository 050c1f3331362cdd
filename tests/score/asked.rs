//! What is asked of each field, in percent of the mails that say something about it.

/// Of all expectations. Not reached, for want of right expectations: three mails that their suites call no bounces say
/// `delivery failed` in every form (`bounce:no`); four texts are expected with replacement characters, with letters
/// of a wrong charset or with the header as text (`text`); three mails with a blank line on top are expected without
/// any header (`subject`, `in_reply_to`, `references`).
pub const ASKED: [(&str, f64); 17] = [
    ("ok", 100.0),
    ("subject", 99.5),
    ("from", 99.9),
    ("from_name", 96.9),
    ("message_id", 99.7),
    ("in_reply_to", 99.7),
    ("references", 99.7),
    ("text", 98.7),
    ("att_names", 98.9),
    ("auto_reply:yes", 100.0),
    ("auto_reply:no", 100.0),
    ("bounce:yes", 99.4),
    ("bounce:no", 99.4),
    ("no_autorespond:yes", 99.1),
    ("reply", 89.3),
    ("reply_nothing_lost", 96.2),
    ("html_safe", 100.0),
];

/// Of what the mails' own test suites assert, without what several parsers agree on. Of the six texts that miss, three
/// are expected with letters that nobody wrote.
pub const ASKED_OF_SOURCES: [(&str, f64); 1] = [("text", 93.6)];
