//! A secret as it stands in settings: named, sealed, or given once to be sealed.

use crate::secret::SecretText;
use serde::{Deserialize, Serialize};

/// Secrets are write-only: what is read back is where the secret is, never the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretSetting {
    /// A systemd credential of this name (`LoadCredential=`), or a file of this name in the credentials folder.
    Credential(String),
    /// Sealed in the store. In a document that is applied, it keeps the secret that is there.
    Sealed,
    /// A new secret, sealed when the document is applied; never comes back.
    Value(SecretText),
    /// The first line that this program prints; the program and its arguments, without a shell. For logins.
    Command(Vec<String>),
}

impl SecretSetting {
    /// For diffs and messages: a new secret is named, not shown.
    pub fn describe(&self) -> String {
        match self {
            Self::Credential(name) => format!("credential {name}"),
            Self::Sealed => "sealed in the store".into(),
            Self::Value(_) => "new secret (not shown)".into(),
            Self::Command(argv) => format!("command {}", argv.join(" ")),
        }
    }
}
