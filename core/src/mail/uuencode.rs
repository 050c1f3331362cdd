//! Files that were written into a text by uuencode, as mail programs did before MIME and some devices still do.

/// A stretch of a text: prose, or a file that was written into it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stretch<'a> {
    Prose(&'a str),
    File {
        /// From `begin` to `end`.
        source: &'a str,
        name: &'a str,
        content: Vec<u8>,
    },
}

/// The stretches of a text, with at most `most` files. What is not wholly in the form of uuencode is prose.
pub(super) fn stretches(text: &str, most: usize) -> Vec<Stretch<'_>> {
    if !(text.starts_with("begin ") || text.contains("\nbegin ")) {
        return vec![Stretch::Prose(text)];
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut found, mut at, mut start, mut prose) = (Vec::new(), 0, 0, 0);
    // Ends of files that never come are looked for once.
    let mut last_end = lines.iter().rposition(|line| line.trim_end() == "end").unwrap_or(0);
    let mut files = 0;
    while let Some(line) = lines.get(at) {
        if files < most
            && at < last_end
            && let Some(name) = name(line)
        {
            match content(lines.get(at + 1..).unwrap_or_default()) {
                Ok((content, length)) => {
                    let end = start + lines.iter().skip(at).take(length + 1).map(|line| line.len()).sum::<usize>();
                    found.push(Stretch::Prose(text.get(prose..start).unwrap_or_default()));
                    found.push(Stretch::File { source: text.get(start..end).unwrap_or_default(), name, content });
                    (at, start, prose, files) = (at + length + 1, end, end, files + 1);
                    continue;
                }
                // Nothing ends below the line that was read last.
                Err(read) if at + 1 + read >= last_end => last_end = 0,
                Err(_) => {}
            }
        }
        start += line.len();
        at += 1;
    }
    found.push(Stretch::Prose(text.get(prose..).unwrap_or_default()));
    found
}

/// The name in `begin 644 name`.
fn name(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.trim_end().split_once(' ')?;
    let octal = (3..=4).contains(&mode.len()) && mode.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    (octal && !name.trim().is_empty()).then(|| name.trim())
}

/// The bytes up to the line `end`, and how many lines they took; how many lines were looked at if they are no file.
fn content(lines: &[&str]) -> Result<(Vec<u8>, usize), usize> {
    let mut content = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim_end_matches(['\r', '\n']);
        if line == "end" {
            return if content.is_empty() { Err(at) } else { Ok((content, at + 1)) };
        }
        let bytes = line.as_bytes();
        match bytes.first() {
            None | Some(b'`' | b' ') if line.trim_matches(['`', ' ']).is_empty() => {}
            Some(first @ b'!'..=b'M') => {
                let length = usize::from(first - b' ');
                // Spaces at the end of a line get lost; a line that is shorter still is prose.
                let (least, most) = (length * 4 / 3 / 2, length.div_ceil(3) * 4 + 2);
                let data = bytes.get(1..).unwrap_or_default();
                if data.len() < least || data.len() > most || !data.iter().all(|byte| matches!(byte, b' '..=b'`')) {
                    return Err(at);
                }
                decode(data, length, &mut content);
            }
            _ => return Err(at),
        }
    }
    Err(lines.len())
}

fn decode(data: &[u8], length: usize, out: &mut Vec<u8>) {
    let end = out.len() + length;
    let six = |at: usize| data.get(at).map_or(0, |byte| byte.wrapping_sub(b' ') & 0x3f);
    for start in (0..length.div_ceil(3) * 4).step_by(4) {
        let [a, b, c, d] = [six(start), six(start + 1), six(start + 2), six(start + 3)];
        out.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    out.truncate(end);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn files(text: &str, most: usize) -> Vec<(&str, Vec<u8>)> {
        let files = stretches(text, most).into_iter().filter_map(|stretch| match stretch {
            Stretch::File { name, content, .. } => Some((name, content)),
            Stretch::Prose(_) => None,
        });
        files.collect()
    }

    #[test]
    fn files_are_told_from_their_text() {
        let text = "see\nbegin 644 a b.txt\n#0V%T\n`\nend\nbye\nbegin 0755 c\n#0V%T\n \nend\n";
        assert_eq!(files(text, 9), [("a b.txt", b"Cat".to_vec()), ("c", b"Cat".to_vec())]);
        assert_eq!(files(text, 1).len(), 1);
        let whole: String = stretches(text, 9)
            .iter()
            .map(|stretch| match stretch {
                Stretch::Prose(text) => *text,
                Stretch::File { source, .. } => *source,
            })
            .collect();
        assert_eq!(whole, text);
    }

    #[test]
    fn prose_that_begins_so_stays() {
        for text in [
            "begin 644 times\nand go on\nend\n",
            "begin 644 a\n#0V%T\n`\n",
            "begin at 10\nend\n",
            "begin 644 a\nend\n",
            "begin 999 a\n#0V%T\n`\nend\n",
        ] {
            assert!(files(text, 9).is_empty(), "{text}");
        }
    }

    #[test]
    fn many_beginnings_cost_linear_time() {
        assert!(files(&"begin 644 a\n".repeat(200_000), 9).is_empty());
        assert!(!files(&format!("{}end\n", "begin 644 a\n#0V%T\n".repeat(100_000)), 9).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(begin 644 a\n|#0V%T\n|`\n|end\n|M[!-`]{0,60}\n|é\n){0,12}") {
            let _ = stretches(&text, 9);
        }
    }
}
