//! What senders and mailboxes have in common on disk: server, login, where the secret is.

use std::path::PathBuf;

use maildesk_core::settings::connection::{Encryption, ServerAddress};
use maildesk_core::settings::{CertificatePin, Login, Mechanism, SecretSetting};
use serde::{Deserialize, Serialize};

use crate::store::error::StoreError;

/// [`Login`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LoginRecord {
    username: String,
    password: SecretRecord,
    #[serde(default = "auto")]
    mechanism: MechanismRecord,
}

pub(super) fn login_record(login: Login, field: &str) -> Result<LoginRecord, StoreError> {
    let Login { username, password, mechanism } = login;
    Ok(LoginRecord { username, password: secret_record(password, field)?, mechanism: mechanism.into() })
}

impl From<LoginRecord> for Login {
    fn from(record: LoginRecord) -> Login {
        let LoginRecord { username, password, mechanism } = record;
        Login { username, password: password.into(), mechanism: mechanism.into() }
    }
}

/// [`SecretSetting`] without the secret itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(super) enum SecretRecord {
    Credential { name: String },
    Sealed,
    Command { words: Vec<String> },
}

pub(super) fn secret_record(secret: SecretSetting, field: &str) -> Result<SecretRecord, StoreError> {
    match secret {
        SecretSetting::Credential(name) => Ok(SecretRecord::Credential { name }),
        SecretSetting::Sealed => Ok(SecretRecord::Sealed),
        SecretSetting::Command(words) => Ok(SecretRecord::Command { words }),
        SecretSetting::Value(_) => Err(StoreError::SecretInSettings { field: field.to_owned() }),
    }
}

impl From<SecretRecord> for SecretSetting {
    fn from(record: SecretRecord) -> SecretSetting {
        match record {
            SecretRecord::Credential { name } => SecretSetting::Credential(name),
            SecretRecord::Sealed => SecretSetting::Sealed,
            SecretRecord::Command { words } => SecretSetting::Command(words),
        }
    }
}

same_struct!(ServerRecord = ServerAddress {
    host: String,
    port: u16,
    encryption: EncryptionRecord,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    pin_sha256: Option<CertificatePin>,
});

same_word!(EncryptionRecord = Encryption { Tls, Starttls, Plain });

same_word!(MechanismRecord = Mechanism { Auto, Xoauth2 });

fn auto() -> MechanismRecord {
    MechanismRecord::Auto
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_from_before_there_were_mechanisms_is_one_by_password() {
        let old = r#"{"username":"u","password":{"is":"sealed"}}"#;
        let login = Login::from(serde_json::from_str::<LoginRecord>(old).unwrap());
        assert_eq!((login.mechanism, login.password), (Mechanism::Auto, SecretSetting::Sealed));
    }
}
