//! Mails for tests, built line by line, so that a test also gets odd ones.

use crate::scratch::random;
use data_encoding::BASE64;

/// A mail under construction. The Message-ID is fresh for each; the date is fixed unless a test sets it.
#[derive(Debug, Clone)]
pub struct Letter {
    from: String,
    to: Vec<String>,
    subject: String,
    message_id: String,
    date: String,
    charset: String,
    text: Vec<u8>,
    html: Option<String>,
    headers: Vec<(String, String)>,
    attachments: Vec<Attachment>,
}

#[derive(Debug, Clone)]
struct Attachment {
    name: String,
    media_type: String,
    bytes: Vec<u8>,
    /// Of a picture within the text.
    content_id: Option<String>,
}

impl Letter {
    /// `from` is an address or `Name <address>`.
    pub fn from(from: &str) -> Self {
        Self {
            from: from.to_owned(),
            to: Vec::new(),
            subject: "Hello".into(),
            message_id: format!("<{:016x}{:016x}@world.test>", random(), random()),
            date: "Sun, 22 Nov 2026 10:00:00 +0000".into(),
            charset: "utf-8".into(),
            text: b"Hello\n".to_vec(),
            html: None,
            headers: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// One more recipient; call again for more.
    #[must_use]
    pub fn to(mut self, to: &str) -> Self {
        self.to.push(to.to_owned());
        self
    }

    #[must_use]
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = subject.to_owned();
        self
    }

    /// The plain text body, in UTF-8.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.text_in("utf-8", text.as_bytes())
    }

    /// The plain text body in another charset, already encoded: `text_in("koi8-r", &bytes)`.
    #[must_use]
    pub fn text_in(mut self, charset: &str, encoded: &[u8]) -> Self {
        self.charset = charset.to_owned();
        self.text = encoded.to_vec();
        self
    }

    /// The plain text body in ISO-8859-1; characters outside become '?'.
    #[must_use]
    pub fn text_in_latin1(self, text: &str) -> Self {
        let encoded: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        self.text_in("iso-8859-1", &encoded)
    }

    /// An HTML version beside the text (multipart/alternative).
    #[must_use]
    pub fn html(mut self, html: &str) -> Self {
        self.html = Some(html.to_owned());
        self
    }

    #[must_use]
    pub fn attach(mut self, name: &str, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let (name, media_type, bytes) = (name.into(), media_type.into(), bytes.into());
        self.attachments.push(Attachment { name, media_type, bytes, content_id: None });
        self
    }

    /// A picture within the text, such as one of a signature.
    #[must_use]
    pub fn inline(mut self, name: &str, media_type: &str, content_id: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let (name, media_type, bytes) = (name.into(), media_type.into(), bytes.into());
        self.attachments.push(Attachment { name, media_type, bytes, content_id: Some(content_id.into()) });
        self
    }

    /// Answers that Message-ID (with its angle brackets): In-Reply-To and References.
    #[must_use]
    pub fn in_reply_to(self, message_id: &str) -> Self {
        self.header("In-Reply-To", message_id).header("References", message_id)
    }

    /// Any header, as it stands.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With its angle brackets.
    #[must_use]
    pub fn message_id(mut self, message_id: &str) -> Self {
        self.message_id = message_id.to_owned();
        self
    }

    /// As RFC 5322 writes dates.
    #[must_use]
    pub fn date(mut self, date: &str) -> Self {
        self.date = date.to_owned();
        self
    }

    /// The Message-ID this mail has, with its angle brackets.
    pub fn id(&self) -> &str {
        &self.message_id
    }

    /// The mail as it goes over the wire, lines ended by CR LF.
    pub fn bytes(&self) -> Vec<u8> {
        let (name, address) = match self.from.split_once('<') {
            Some((name, address)) => (name.trim(), format!("<{address}")),
            None => ("", self.from.clone()),
        };
        let from = if name.is_empty() { address } else { format!("{} {address}", encoded_words(name)) };
        let mut mail = format!(
            "From: {from}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: {}\r\n",
            self.to.join(", "),
            encoded_words(&self.subject),
            self.date,
            self.message_id
        );
        for (name, value) in &self.headers {
            mail.push_str(&format!("{name}: {value}\r\n"));
        }
        mail.push_str("MIME-Version: 1.0\r\n");
        mail.push_str(&self.body());
        mail.into_bytes()
    }

    fn body(&self) -> String {
        let mut body = part(&format!("text/plain; charset={}", self.charset), "", &self.text);
        if let Some(html) = &self.html {
            body = multipart("alternative", &[body, part("text/html; charset=utf-8", "", html.as_bytes())]);
        }
        if self.attachments.is_empty() {
            return body;
        }
        let attached = self.attachments.iter().map(|file| {
            let (how, id) = match &file.content_id {
                Some(id) => ("inline", format!("Content-ID: <{id}>\r\n")),
                None => ("attachment", String::new()),
            };
            let name = encoded_words(&file.name);
            let disposition = format!("Content-Disposition: {how}; filename=\"{name}\"\r\n{id}");
            part(&file.media_type, &disposition, &file.bytes)
        });
        let parts: Vec<String> = std::iter::once(body).chain(attached).collect();
        multipart("mixed", &parts)
    }
}

/// Short ASCII text goes as it is, all else as base64.
fn part(media_type: &str, more_headers: &str, bytes: &[u8]) -> String {
    let is_text =
        media_type.starts_with("text/") && bytes.is_ascii() && bytes.split(|b| *b == b'\n').all(|l| l.len() < 900);
    let (encoding, body) = if is_text {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\n', "\r\n");
        ("7bit", text)
    } else {
        let lines: Vec<String> = bytes.chunks(57).map(|chunk| BASE64.encode(chunk)).collect();
        ("base64", lines.join("\r\n"))
    };
    let end = if body.ends_with("\r\n") { "" } else { "\r\n" };
    format!("Content-Type: {media_type}\r\n{more_headers}Content-Transfer-Encoding: {encoding}\r\n\r\n{body}{end}")
}

fn multipart(kind: &str, parts: &[String]) -> String {
    let boundary = format!("----{:016x}", random());
    let mut body = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n");
    for part in parts {
        body.push_str(&format!("--{boundary}\r\n{part}"));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    body
}

/// RFC 2047, where the text is not ASCII.
fn encoded_words(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> = characters
        .chunks(10)
        .map(|chunk| format!("=?utf-8?B?{}?=", BASE64.encode(chunk.iter().collect::<String>().as_bytes())))
        .collect();
    words.join("\r\n ")
}
