//! Folder names on the wire: modified UTF-7 (RFC 3501 §5.1.3).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/// The name as it goes to the server, without quotes.
pub(super) fn encode(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut pending: Vec<u16> = Vec::new();
    for c in name.chars() {
        match c {
            '&' => {
                flush(&mut pending, &mut out);
                out.push_str("&-");
            }
            ' '..='~' => {
                flush(&mut pending, &mut out);
                out.push(c);
            }
            _ => pending.extend_from_slice(c.encode_utf16(&mut [0; 2])),
        }
    }
    flush(&mut pending, &mut out);
    out
}

fn flush(pending: &mut Vec<u16>, out: &mut String) {
    if pending.is_empty() {
        return;
    }
    out.push('&');
    let bytes: Vec<u8> = pending.drain(..).flat_map(u16::to_be_bytes).collect();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(byte);
        count += 8;
        while count >= 6 {
            count -= 6;
            push_digit(out, bits >> count);
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        push_digit(out, bits << (6 - count));
    }
    out.push('-');
}

fn push_digit(out: &mut String, six_bits: u32) {
    let digit = ALPHABET.get((six_bits & 63) as usize).copied().unwrap_or(b'A');
    out.push(char::from(digit));
}

/// The name as people read it; `None` where it is not modified UTF-7.
pub(super) fn decode(wire: &str) -> Option<String> {
    let mut out = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((plain, shifted)) = rest.split_once('&') {
        out.push_str(plain);
        let (digits, after) = shifted.split_once('-')?;
        if digits.is_empty() {
            out.push('&')
        } else {
            out.push_str(&decode_shifted(digits)?)
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

fn decode_shifted(digits: &str) -> Option<String> {
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut units = Vec::new();
    for digit in digits.bytes() {
        let value = ALPHABET.iter().position(|known| *known == digit)?;
        bits = (bits << 6) | u32::try_from(value).ok()?;
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push(u16::try_from(bits >> count).ok()?);
            bits &= (1 << count) - 1;
        }
    }
    // What is left are padding bits: fewer than one digit, all zero.
    (count < 6 && bits == 0).then(|| String::from_utf16(&units).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_out_and_come_back() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("R&D", "R&-D"),
            ("Обработано", "&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("😀", "&2D3eAA-"),
            ("ä", "&AOQ-"),
        ] {
            assert_eq!(encode(name), wire);
            assert_eq!(decode(wire).as_deref(), Some(name));
        }
    }

    #[test]
    fn what_is_no_modified_utf7_is_not_guessed() {
        for wire in ["&AOQ", "&A-", "&2D0-", "&A!Q-"] {
            assert_eq!(decode(wire), None, "{wire}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_name_comes_back(name in "\\PC{0,40}") {
            proptest::prop_assert_eq!(decode(&encode(&name)), Some(name));
        }
    }
}
