//! What is asked of each field, in percent of the mails that say something about it.

/// Of all expectations. What is not reached is expected otherwise than a reader would have it:
/// - `bounce:no`: three mails that their suites call no bounces are bounces by every sign: one is a whole delivery
///   status notification with `Action: failed`, one a `failure notice` of qmail with a null path, one a notification by
///   `postmaster@` to a `bounce+` address that names the mail and "Mailbox full".
/// - `text`: two texts are expected with replacement characters where Latin-1 can be read, one with letters of another
///   charset, one as the title of an empty HTML page beside a full plain text, one as the first of three parts that are
///   all to be shown, and one without the letters of a uuencoded file, which six other mails are expected to keep.
/// - `subject`, `in_reply_to`, `references`: three mails with a blank line on top are expected without any header.
pub const ASKED: [(&str, f64); 17] = [
    ("ok", 100.0),
    ("subject", 99.5),
    ("from", 99.9),
    ("from_name", 96.9),
    ("message_id", 99.7),
    ("in_reply_to", 99.7),
    ("references", 99.7),
    ("text", 98.9),
    ("att_names", 98.9),
    ("auto_reply:yes", 100.0),
    ("auto_reply:no", 100.0),
    ("bounce:yes", 99.4),
    ("bounce:no", 99.4),
    ("no_autorespond:yes", 99.7),
    ("reply", 89.3),
    ("reply_nothing_lost", 96.2),
    ("html_safe", 100.0),
];

/// Of what the mails' own test suites assert, without what several parsers agree on: the six texts of above.
pub const ASKED_OF_SOURCES: [(&str, f64); 1] = [("text", 93.6)];
