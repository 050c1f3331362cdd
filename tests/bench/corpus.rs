//! The small mails of the benchmarks, about 4 kB each: several Received lines, DKIM, encoded words, text and HTML in
//! quoted-printable. The same seed makes the same mails.

use data_encoding::BASE64;
use maildesk_tests::random::Random;
use std::fmt::Write as _;

const WORDS: &str = "server printer ticket please invoice kann nicht drucken Drucker Anmeldung schlägt fehl Straße Grüße \
    error since yesterday the customer account refund order number shipping address password reset login page timeout \
    café naïve résumé 網路 連線 問題 проблема с доступом thank you regards";
/// Bytes of text in each of the two bodies, before encoding.
const BODY_BYTES: usize = 800;

/// Mails with LF line ends, as Dovecot stores them.
pub fn small_mails(count: usize, seed: u64) -> impl Iterator<Item = Vec<u8>> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut random = Random::new(seed);
    (0..count).map(move |number| small_mail(number, &words, &mut random))
}

fn small_mail(number: usize, words: &[&str], random: &mut Random) -> Vec<u8> {
    let mut mail = String::with_capacity(5000);
    for _ in 0..random.between(2, 4) {
        let (host, octet, id) = (random.between(1, 40), random.between(1, 254), random.number() >> 16);
        let (day, minute, second) = (random.between(1, 28), random.between(10, 59), random.between(10, 59));
        write!(
            mail,
            "Received: from mx{host}.sender.test (mx{host}.sender.test [192.0.2.{octet}])\n\tby mx.bench.test (Postfix) \
             with ESMTPS id {id:012X}\n\tfor <desk@desk.test>; Tue, {day} Sep 2026 12:{minute}:{second} +0200 (CEST)\n"
        )
        .expect("a String takes everything");
    }
    let [hash, first, second] = [32, 54, 54].map(|count| BASE64.encode(&random.bytes(count)));
    let (user, customer, unique) = (random.between(1, 3000), random.between(1, 200), random.number());
    let (name, subject) = (encoded(&line(2, words, random)), encoded(&line(random.between(3, 7), words, random)));
    let (day, minute, boundary) = (random.between(10, 28), random.between(10, 59), random.number());
    let (text, html) = (paragraph(words, random), paragraph(words, random));
    let html = format!(
        "<html><body><div style=\"font-family:sans-serif\">{}</div></body></html>\n",
        html.lines().map(|line| format!("<p>{line}</p>\n")).collect::<String>()
    );
    write!(
        mail,
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.test; s=s1;\n\th=from:to:subject:date:\
         message-id:mime-version; bh={hash};\n\tb={first}\n\t {second}\n\
         Message-ID: <{number}.{unique:016x}@sender.test>\n\
         From: {name} <user{user}@cust{customer}.test>\nTo: Service Desk <desk@desk.test>\nSubject: {subject}\n\
         Date: Tue, {day} Sep 2026 12:{minute}:00 +0200\nX-Mailer: bench 1.0\nMIME-Version: 1.0\n\
         Content-Type: multipart/alternative; boundary=\"alt_{boundary:016x}\"\n\n\
         --alt_{boundary:016x}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\
         {}\n--alt_{boundary:016x}\nContent-Type: text/html; charset=utf-8\n\
         Content-Transfer-Encoding: quoted-printable\n\n{}\n--alt_{boundary:016x}--\n",
        quoted_printable(&text),
        quoted_printable(&html)
    )
    .expect("a String takes everything");
    mail.into_bytes()
}

fn line(count: u64, words: &[&str], random: &mut Random) -> String {
    let chosen: Vec<&str> = (0..count).map(|_| words[random.number() as usize % words.len()]).collect();
    chosen.join(" ")
}

fn paragraph(words: &[&str], random: &mut Random) -> String {
    let mut text = String::new();
    while text.len() < BODY_BYTES {
        let count = random.between(6, 12);
        text.push_str(&line(count, words, random));
        text.push('\n');
    }
    text
}

fn encoded(text: &str) -> String {
    format!("=?utf-8?B?{}?=", BASE64.encode(text.as_bytes()))
}

/// RFC 2045 §6.7.
fn quoted_printable(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for line in text.lines() {
        let mut length = 0;
        for byte in line.bytes() {
            if length > 70 {
                encoded.push_str("=\n");
                length = 0;
            }
            if byte == b'=' || !(b' '..=b'~').contains(&byte) {
                write!(encoded, "={byte:02X}").expect("a String takes everything");
                length += 3;
            } else {
                encoded.push(char::from(byte));
                length += 1;
            }
        }
        encoded.push('\n');
    }
    encoded
}
