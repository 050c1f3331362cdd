//! Signed and encrypted mail (RFC 8551, RFC 3156): nothing is opened here, but it is said what it is.

use super::MailIssue;
use mail_parser::{ContentType, Message, MimeHeaders, PartType};

/// What a mail's seal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seal {
    SmimeEncrypted,
    SmimeSigned,
    PgpEncrypted,
    PgpSigned,
}

impl Seal {
    pub(super) fn issue(self) -> MailIssue {
        match self {
            Self::SmimeEncrypted | Self::PgpEncrypted => MailIssue::Encrypted,
            Self::SmimeSigned | Self::PgpSigned => MailIssue::Signed,
        }
    }

    /// What stands in the place of a text that cannot be read.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::SmimeEncrypted => "[This mail is encrypted with S/MIME. Its content is in the attachment.]",
            Self::PgpEncrypted => "[This mail is encrypted with PGP. Its content is in the attachment.]",
            Self::SmimeSigned => {
                "[This mail is signed with S/MIME in a form that encloses its text. It is in the attachment.]"
            }
            Self::PgpSigned => "[This mail is signed with PGP.]",
        }
    }
}

/// By the type of the whole mail, or by the armour in its text (RFC 9580 §6.2).
pub(super) fn seal(message: &Message<'_>) -> Option<Seal> {
    let root = message.root_part();
    let by_type = root.content_type().and_then(by_type);
    by_type.or_else(|| {
        let texts = message.text_bodies().filter_map(|part| match &part.body {
            PartType::Text(text) => Some(text.trim_start()),
            _ => None,
        });
        texts.into_iter().find_map(by_armour)
    })
}

fn by_armour(text: &str) -> Option<Seal> {
    if text.starts_with("-----BEGIN PGP MESSAGE-----") {
        Some(Seal::PgpEncrypted)
    } else if text.starts_with("-----BEGIN PGP SIGNED MESSAGE-----") {
        Some(Seal::PgpSigned)
    } else {
        None
    }
}

fn by_type(kind: &ContentType<'_>) -> Option<Seal> {
    let subtype = kind.subtype().unwrap_or_default().to_ascii_lowercase();
    let parameter = |name: &str| kind.attribute(name).unwrap_or_default().to_ascii_lowercase();
    match (kind.ctype().to_ascii_lowercase().as_str(), subtype.as_str()) {
        ("multipart", "encrypted") => Some(Seal::PgpEncrypted),
        ("multipart", "signed") if parameter("protocol").contains("pgp") => Some(Seal::PgpSigned),
        ("multipart", "signed") => Some(Seal::SmimeSigned),
        ("application", "pkcs7-mime" | "x-pkcs7-mime") => match parameter("smime-type").as_str() {
            "signed-data" => Some(Seal::SmimeSigned),
            _ => Some(Seal::SmimeEncrypted),
        },
        _ => None,
    }
}
