//! A finished mail for another recipient: its To header is replaced, all else stays as it is.

use crate::address::Address;

/// The MIME message with `To: address`. A message without a To header is returned as it is.
pub fn with_recipient(mime: &[u8], to: &Address) -> Vec<u8> {
    let mut out = Vec::with_capacity(mime.len() + to.as_str().len());
    let mut rest = mime;
    let mut dropping = false;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, behind) = rest.split_at(end);
        if matches!(line, b"\r\n" | b"\n") {
            break;
        }
        // Folded lines belong to the header before them (RFC 5322 §2.2.3).
        let folded = line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        if !folded {
            dropping = line.get(..3).is_some_and(|name| name.eq_ignore_ascii_case(b"to:"));
            if dropping {
                out.extend_from_slice(format!("To: {to}\r\n").as_bytes());
            }
        }
        if !dropping {
            out.extend_from_slice(line);
        }
        rest = behind;
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_to_header_changes() {
        let to = Address::parse("new@y.example").unwrap();
        let check = |mime: &str, want: &str| {
            assert_eq!(String::from_utf8(with_recipient(mime.as_bytes(), &to)).unwrap(), want);
        };
        check(
            "From: a@x\r\nTo: =?utf-8?b?QQ==?=\r\n <old@x.example>\r\nSubject: s\r\n\r\nTo: stays\r\n",
            "From: a@x\r\nTo: new@y.example\r\nSubject: s\r\n\r\nTo: stays\r\n",
        );
        check("Topic: x\r\n\r\nTo: b", "Topic: x\r\n\r\nTo: b");
        check("to: a@b\n\nx", "To: new@y.example\r\n\nx");
        check("", "");
    }
}
