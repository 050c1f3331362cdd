//! Our source files, with comments and literals blanked where a rule looks at code only.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One .rs file.
pub(crate) struct Source {
    /// From the workspace's root, with forward slashes.
    pub path: String,
    pub text: String,
    /// As `text`, line by line, with comments and the insides of literals blanked.
    pub code: String,
    /// Which lines (from 0) are compiled for tests only.
    pub test_lines: Vec<bool>,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every .rs file of the four crates.
pub(crate) fn all() -> Vec<Source> {
    let mut files = Vec::new();
    for package in ["core", "daemon", "console", "tests"] {
        collect(&root().join(package), &mut files);
    }
    files.sort();
    let mut sources: Vec<Source> = files
        .iter()
        .map(|file| {
            let path = file.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            Source::new(&path, &fs::read_to_string(file).unwrap())
        })
        .collect();
    mark_test_files(&mut sources);
    sources
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let code = blank(text);
        let test_lines = test_lines(&code);
        Self { path: path.to_owned(), text: text.to_owned(), code, test_lines }
    }

    /// Lines of code that are not for tests only, numbered from 1.
    pub(crate) fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.lines().zip(&self.test_lines).enumerate();
        lines.filter(|(_, (_, test))| !**test).map(|(number, (line, _))| (number + 1, line))
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != "target" {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// `#[cfg(test)] mod name;` makes a whole file (and what lies under it) a test.
fn mark_test_files(sources: &mut [Source]) {
    let mut stems = HashSet::new();
    for source in sources.iter() {
        let lines: Vec<&str> = source.code.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[0].trim() == "#[cfg(test)]") {
            let declared = pair[1].trim().trim_start_matches("pub(crate) ").strip_prefix("mod ");
            if let Some(name) = declared.and_then(|rest| rest.strip_suffix(';')) {
                let own = source.path.trim_end_matches(".rs");
                let folder = match own.rsplit_once('/') {
                    Some((folder, "mod" | "lib" | "main")) => folder,
                    _ => own,
                };
                stems.insert(format!("{folder}/{name}"));
            }
        }
    }
    for source in sources {
        let own = source.path.trim_end_matches(".rs");
        if stems.iter().any(|stem| own == stem || own.starts_with(&format!("{stem}/"))) {
            source.test_lines.fill(true);
        }
    }
}

/// The item behind `#[cfg(test)]`, up to the closing brace that rustfmt puts under its first letter.
fn test_lines(code: &str) -> Vec<bool> {
    let mut end: Option<String> = None;
    code.lines()
        .map(|line| {
            if end.is_none() && line.trim() == "#[cfg(test)]" {
                let indent = line.len() - line.trim_start().len();
                end = Some(format!("{}}}", " ".repeat(indent)));
                return true;
            }
            let inside = end.is_some();
            // `mod tests;` and `use x;` end on their own line.
            let one_line = line.trim().ends_with(';') && !line.starts_with(' ');
            if end.as_deref().is_some_and(|end| line.trim_end() == end) || (inside && one_line) {
                end = None;
            }
            inside
        })
        .collect()
}

/// Blanks comments and the insides of string and character literals; line breaks stay.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let length = literal_or_comment(rest, before).unwrap_or(0);
        if length > 0 {
            let (skipped, left) = rest.split_at(length);
            code.extend(skipped.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            (rest, before) = (left, ' ');
        } else {
            code.push(first);
            (rest, before) = (&rest[first.len_utf8()..], first);
        }
    }
    code
}

/// Length in bytes of the comment or literal that `rest` begins with.
fn literal_or_comment(rest: &str, before: char) -> Option<usize> {
    let until = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(until("*/", 2));
    }
    let in_word = before.is_alphanumeric() || before == '_';
    if !in_word && let Some(raw) = rest.strip_prefix("br").or(rest.strip_prefix('r')) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let start = rest.len() - raw.len() + hashes + 1;
            return Some(until(&format!("\"{}", "#".repeat(hashes)), start));
        }
    }
    if rest.starts_with('"') {
        return Some(closing(rest, '"'));
    }
    // A lifetime has no closing quote behind its first character.
    let mut chars = rest.chars();
    let is_char = chars.next() == Some('\'') && (chars.next() == Some('\\') || chars.next() == Some('\''));
    is_char.then(|| closing(rest, '\''))
}

fn closing(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[test]
fn comments_and_literals_are_blanked_and_lines_kept() {
    let text = "let a = \"sled::x // \\\" \"; // tokio::y\nlet b = 'x'; fn f<'a>(s: &'a str) {} /* s3:: */\nlet c = r#\"a\"b\"#; d";
    let code = blank(text);
    for gone in ["sled", "tokio", "s3::", "'x'", "a\"b"] {
        assert!(!code.contains(gone), "{gone} in {code}");
    }
    assert!(code.contains("fn f<'a>(s: &'a str)") && code.ends_with("; d"), "{code}");
    assert_eq!(code.lines().count(), 3);
}

#[test]
fn test_items_are_told_from_the_product() {
    let source = Source::new(
        "x.rs",
        "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod d;\nfn e() {}\n",
    );
    let product: Vec<usize> = source.product_lines().map(|(number, _)| number).collect();
    assert_eq!(product, [1, 6, 9]);
}
