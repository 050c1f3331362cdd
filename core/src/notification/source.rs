//! A template as people edit it, and the document that it is edited in.

use serde::{Deserialize, Serialize};

/// The parts of a template.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TemplateSource {
    pub subject: String,
    pub html: String,
    /// Absent: the text part is made from the HTML of each mail.
    pub text: Option<String>,
}

/// Why a document is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("the first line must begin with `Subject: `")]
    NoSubject,
    #[error("there is no line `--- html`")]
    NoHtml,
    #[error("line {0} stands between the subject and `--- html`")]
    Stray(usize),
}

const SUBJECT: &str = "Subject: ";
const HTML: &str = "--- html";
const TEXT: &str = "--- text";

impl TemplateSource {
    /// One document: the subject on the first line, then `--- html` and, where there is a text part, `--- text`.
    pub fn to_document(&self) -> String {
        let html = self.html.trim_end_matches('\n');
        let mut document = format!("{SUBJECT}{}\n{HTML}\n{html}\n", self.subject.replace(['\r', '\n'], " "));
        if let Some(text) = &self.text {
            document.push_str(&format!("{TEXT}\n{}\n", text.trim_end_matches('\n')));
        }
        document
    }

    /// Reads a document. Also gives the lines that `--- html` and `--- text` stand on, from 1: the lines of a part are
    /// counted from there.
    ///
    /// # Errors
    /// [`DocumentError`]
    pub fn from_document(document: &str) -> Result<(Self, DocumentLines), DocumentError> {
        let document = document.replace("\r\n", "\n");
        let mut lines = document.split('\n');
        let subject = lines.next().and_then(|line| line.strip_prefix(SUBJECT.trim_end()));
        let subject = subject.ok_or(DocumentError::NoSubject)?.trim().to_owned();
        let mut marks = DocumentLines::default();
        let (mut html, mut text): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for (number, line) in (2..).zip(lines) {
            match (line.trim_end(), marks.html, marks.text) {
                (HTML, None, None) => marks.html = Some(number),
                (TEXT, Some(_), None) => marks.text = Some(number),
                ("", None, None) => {}
                (_, None, _) => return Err(DocumentError::Stray(number)),
                (_, Some(_), None) => html.push(line),
                (_, Some(_), Some(_)) => text.push(line),
            }
        }
        if marks.html.is_none() {
            return Err(DocumentError::NoHtml);
        }
        let part = |lines: Vec<&str>| format!("{}\n", lines.join("\n").trim_end_matches('\n'));
        let text = marks.text.map(|_| part(text));
        Ok((Self { subject, html: part(html), text }, marks))
    }
}

/// The lines on which the parts of a document are announced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DocumentLines {
    pub html: Option<usize>,
    pub text: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::notification::{Kind, builtin};

    #[test]
    fn a_document_reads_back_equal() {
        for kind in Kind::ALL {
            let source = builtin(kind, Language::De);
            assert_eq!(TemplateSource::from_document(&source.to_document()).unwrap().0, source);
            let without = TemplateSource { text: None, ..source };
            assert_eq!(TemplateSource::from_document(&without.to_document()).unwrap().0, without);
        }
        let (read, lines) =
            TemplateSource::from_document("Subject:a\r\n\r\n--- html\r\n<p>\r\n--- text\r\nb\r\n--- html\r\n").unwrap();
        assert_eq!((read.subject.as_str(), read.html.as_str()), ("a", "<p>\n"));
        assert_eq!((read.text.as_deref(), lines.html, lines.text), (Some("b\n--- html\n"), Some(3), Some(5)));
    }

    #[test]
    fn what_is_no_template_is_named() {
        for (document, want) in [
            ("--- html\nx", DocumentError::NoSubject),
            ("", DocumentError::NoSubject),
            ("Subject: a\n", DocumentError::NoHtml),
            ("Subject: a\nb\n--- html\n", DocumentError::Stray(2)),
            ("Subject: a\n--- text\n", DocumentError::Stray(2)),
        ] {
            assert_eq!(TemplateSource::from_document(document), Err(want), "{document:?}");
        }
    }
}
