//! The letters that come in: most are small, many have the same body, some have attachments, a few are large.

use maildesk_tests::DOMAIN;
use maildesk_tests::letter::Letter;
use maildesk_tests::random::Random;
use std::ops::Range;

pub const LETTERS: usize = 1000;
/// Larger than what the store keeps within itself: it becomes a file.
const LARGE_BYTES: usize = 300_000;

/// Who writes; the acknowledgements arrive in their mailboxes.
pub const WRITERS: [&str; 3] = ["alice", "bob", "carol"];

pub struct Letters {
    seed: u64,
}

impl Letters {
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    pub fn subject(number: usize) -> String {
        format!("Letter {number:04}")
    }

    /// With its angle brackets.
    pub fn message_id(&self, number: usize) -> String {
        format!("<{number}.{}@crash.test>", self.seed)
    }

    pub fn range(&self, numbers: Range<usize>) -> impl Iterator<Item = Vec<u8>> {
        numbers.map(|number| self.letter(number).bytes())
    }

    fn letter(&self, number: usize) -> Letter {
        let mut random = Random::new(self.seed ^ ((number as u64) << 32));
        let writer = WRITERS[number % WRITERS.len()];
        let letter = Letter::from(&format!("{writer}@{DOMAIN}"))
            .to(&format!("desk@{DOMAIN}"))
            .subject(&Self::subject(number))
            .message_id(&self.message_id(number));
        let letter = match number % 10 {
            // One body word for word in three of ten.
            0..=2 => letter.text("The same words as ever.\n"),
            _ => letter.text(&format!("This is about number {number} of {}.\n", random.below(1_000_000))),
        };
        match number % 100 {
            // The same attachment in several letters, so that letters share a blob.
            7 | 57 => letter.attach("form.pdf", "application/pdf", b"always the same form".repeat(2000)),
            17 | 37 | 77 => letter.attach("photo.bin", "application/octet-stream", random.bytes(20_000)),
            97 => letter.attach("large.bin", "application/octet-stream", random.bytes(LARGE_BYTES)),
            // Two letters share this large one.
            47 | 48 => letter.attach("manual.bin", "application/octet-stream", b"0123456789abcdef".repeat(20_000)),
            _ => letter,
        }
    }
}
