//! Attachments that a desk had better not hand to its people: programs and scripts.

use super::Attachment;

/// What is blocked, by extension, type and first bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BlockList {
    /// In lower case, without the dot.
    pub extensions: Vec<String>,
    /// `type/subtype` in lower case.
    pub content_types: Vec<String>,
    /// Programs are known by their first bytes, whatever their name says.
    pub programs: bool,
}

/// Why an attachment is blocked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    #[error("files that end in .{0} are blocked")]
    Extension(String),
    #[error("attachments of type {0} are blocked")]
    ContentType(String),
    #[error("it is a program, whatever its name says")]
    Program,
}

/// What Windows and its programs run on a double click, and scripts of other systems.
const EXTENSIONS: [&str; 58] = [
    "ade", "adp", "apk", "app", "appx", "bas", "bat", "cab", "chm", "cmd", "com", "cpl", "deb", "dll", "dmg", "exe",
    "gadget", "hlp", "hta", "img", "inf", "ins", "iso", "isp", "jar", "jnlp", "js", "jse", "lnk", "mde", "msc", "msi",
    "msix", "msp", "mst", "nsh", "pif", "ps1", "ps2", "psc1", "psm1", "reg", "rpm", "scf", "scr", "sct", "sh", "shb",
    "sys", "url", "vb", "vbe", "vbs", "vhd", "vhdx", "wsc", "wsf", "wsh",
];
const CONTENT_TYPES: [&str; 10] = [
    "application/x-msdownload",
    "application/x-msdos-program",
    "application/x-dosexec",
    "application/vnd.microsoft.portable-executable",
    "application/x-executable",
    "application/x-sh",
    "application/hta",
    "application/javascript",
    "text/javascript",
    "application/java-archive",
];
/// Of Windows, of Linux, of macOS in both byte orders and both widths, and of a script that names its shell.
const PROGRAMS: [&[u8]; 7] =
    [b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"#!/"];

impl Default for BlockList {
    fn default() -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self { extensions: owned(&EXTENSIONS), content_types: owned(&CONTENT_TYPES), programs: true }
    }
}

impl BlockList {
    /// Why this attachment is blocked; `None`: it is not. The last extension counts, as it does for who opens a file.
    pub fn blocks(&self, attachment: &Attachment) -> Option<Blocked> {
        let name = attachment.name.trim_end_matches(['.', ' ']);
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.trim().to_lowercase());
        if let Some(extension) = extension.filter(|found| self.extensions.contains(found)) {
            return Some(Blocked::Extension(extension));
        }
        if self.content_types.contains(&attachment.content_type) {
            return Some(Blocked::ContentType(attachment.content_type.clone()));
        }
        // "MZ" alone also begins texts; a program's header is 64 bytes at least.
        let program = attachment.content.len() >= 64 || attachment.content.starts_with(b"#!/");
        let begins = |sign: &&[u8]| attachment.content.starts_with(sign);
        let text = attachment.content_type.starts_with("text/") && attachment.content.starts_with(b"MZ");
        (self.programs && program && !text && PROGRAMS.iter().any(begins)).then_some(Blocked::Program)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocked(name: &str, content_type: &str, content: &[u8]) -> Option<Blocked> {
        let (name, content_type) = (name.to_owned(), content_type.to_owned());
        let attachment = Attachment { name, content_type, inline: false, content_id: None, content: content.to_vec() };
        BlockList::default().blocks(&attachment)
    }

    #[test]
    fn programs_and_scripts_are_blocked_in_every_disguise() {
        let binary = "application/octet-stream";
        for name in ["a.exe", "invoice.pdf.EXE", "a.js", "a.vbs. ", "x.lnk", "run.sh", "photo.scr"] {
            assert!(matches!(blocked(name, binary, b""), Some(Blocked::Extension(_))), "{name}");
        }
        assert!(matches!(blocked("a.bin", "application/x-msdownload", b""), Some(Blocked::ContentType(_))));
        let program = [&b"MZ"[..], &[0; 100]].concat();
        assert_eq!(blocked("photo.jpg", "image/jpeg", &program), Some(Blocked::Program));
        assert_eq!(blocked("notes", "text/plain", b"#!/bin/sh\n"), Some(Blocked::Program));
    }

    #[test]
    fn what_people_send_is_not() {
        let long = "MZ is how this text begins, which goes on for quite a while longer than a header";
        for (name, content_type, content) in [
            ("a.pdf", "application/pdf", &b"%PDF"[..]),
            ("exe", "application/octet-stream", b""),
            ("report.exe.txt", "text/plain", b""),
            ("data.json", "application/json", b"{}"),
            ("a.zip", "application/zip", b"PK"),
            ("a.bin", "application/octet-stream", b"MZ"),
            ("a.txt", "text/plain", long.as_bytes()),
        ] {
            assert_eq!(blocked(name, content_type, content), None, "{name}");
        }
    }
}
