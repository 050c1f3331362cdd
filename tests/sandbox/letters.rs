//! The sample mails.

use data_encoding::BASE64;
use maildesk_tests::Letter;
use maildesk_tests::mailbox::StoredMail;

pub const DESK: &str = "desk@desk.test";
pub const ALICE: &str = "alice@desk.test";
pub const OLAF: &str = "olaf@nordwind.example";
pub const OLGA: &str = "olga@pochta.example";

pub const PRINTER: &str = "The label printer prints blank pages";
pub const INVOICE: &str = "Invoice 4711 came twice";
pub const LOGIN: &str = "Не могу войти";

/// Known to maildesk before any mail: the customer and its domain.
pub const CUSTOMERS: &str = "name,domains\nNordwind Shipping,nordwind.example\n";

/// The subject and the text of Olga's mail in KOI8-R, as base64.
const KOI8_SUBJECT: &str = "=?koi8-r?B?7sUgzc/H1SDXz8rUyQ==?=";
const KOI8_TEXT: &str = "+sTSwdfT1NfVytTFIQrwwdLPzNgg1yDMyd7O2cogy8HCyc7F1CDCz8zY28UgzsUg0M/EyM/EydQuIP7UzyDExczB1Ng/\
                         Cu/M2MfBCg==";

/// A customer's first mail, with a log file.
pub fn printer() -> Letter {
    Letter::from(&format!("Alice Berger <{ALICE}>"))
        .to(DESK)
        .subject(PRINTER)
        .date(&now())
        .text(
            "Hello,\n\nsince this morning our label printer feeds the paper but prints nothing.\n\
             Its log is attached. Forty parcels are waiting.\n\nAlice Berger\n",
        )
        .attach("printer.log", "text/plain", printer_log())
}

/// Her answer to the acknowledgement, which it quotes.
#[expect(clippy::disallowed_methods, reason = "the trial runs in real time")]
pub fn printer_reply(acknowledgement: &StoredMail, acknowledgement_text: &str) -> Letter {
    let id = acknowledgement.header("Message-ID").unwrap_or_default();
    let subject = acknowledgement.header("Subject").unwrap_or_default();
    let day = jiff::Zoned::now().strftime("%a, %-d %b %Y at %H:%M").to_string();
    let quoted: String = acknowledgement_text.trim_end().lines().map(|line| format!("> {line}\n")).collect();
    Letter::from(&format!("Alice Berger <{ALICE}>"))
        .to(DESK)
        .subject(&format!("Re: {subject}"))
        .date(&now())
        .in_reply_to(&id)
        .text(&format!(
            "One thing more: the test page comes out well.\n\nOn {day}, The desk team <{DESK}> wrote:\n{quoted}"
        ))
}

/// Another customer, known by its domain.
pub fn invoice() -> Letter {
    Letter::from(&format!("Olaf Lund <{OLAF}>"))
        .to(DESK)
        .subject(INVOICE)
        .date(&now())
        .text("Good morning,\n\nwe received invoice 4711 twice. Which one counts?\n\nOlaf Lund, Nordwind Shipping\n")
}

/// A mail in KOI8-R.
pub fn login() -> Letter {
    let text = BASE64.decode(KOI8_TEXT.as_bytes()).unwrap_or_default();
    Letter::from(&format!("Ольга Петрова <{OLGA}>"))
        .to(DESK)
        .subject(KOI8_SUBJECT)
        .date(&now())
        .text_in("koi8-r", &text)
}

/// As RFC 5322 writes the present.
#[expect(clippy::disallowed_methods, reason = "the trial runs in real time")]
pub fn now() -> String {
    jiff::fmt::rfc2822::to_string(&jiff::Zoned::now()).unwrap_or_else(|_| "Sun, 22 Nov 2026 10:00:00 +0000".into())
}

fn printer_log() -> String {
    let line = |n: u32| format!("{:02}:{:02} job {} ribbon 0% paper ok -> blank\n", 7 + n / 60, n % 60, 9000 + n);
    (0..400).map(line).collect()
}
