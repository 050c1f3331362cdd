//! From a secret as it stands in settings to the secret, and the other way once: when settings are applied.

use super::sealer::{SealError, Sealer};
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::secrets;
use maildesk_core::secret::SecretText;
use maildesk_core::settings::{FieldProblem, MailboxName, SecretSetting, SenderName, Settings};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("credential \"{name}\" cannot be read ({problem}); see LoadCredential= in the unit")]
    Credential { name: String, problem: String },
    #[error("no secret is stored for {place}; apply settings with the secret given once")]
    Missing { place: String },
    #[error("the secret for {place} is not text")]
    NotText { place: String },
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where systemd puts this service's credentials.
pub fn credentials_folder() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)
}

pub fn sender_password(name: &SenderName) -> String {
    format!("sender/{name}/password")
}

pub fn dkim_key(name: &SenderName) -> String {
    format!("sender/{name}/dkim_key")
}

pub fn mailbox_password(name: &MailboxName) -> String {
    format!("mailbox/{name}/password")
}

pub fn s3_secret() -> String {
    "storage/s3/secret_key".to_owned()
}

/// Resolves and seals secrets.
#[derive(Clone)]
pub struct Secrets {
    sealer: Arc<Sealer>,
    credentials: Option<PathBuf>,
}

impl Secrets {
    pub fn new(sealer: Sealer, credentials: Option<PathBuf>) -> Self {
        Self { sealer: Arc::new(sealer), credentials }
    }

    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The secret itself, for the moment of a login.
    pub fn resolve(&self, store: &impl Read, setting: &SecretSetting, place: &str) -> Result<SecretText, SecretError> {
        match setting {
            SecretSetting::Credential(name) => self.credential(name),
            SecretSetting::Value(text) => Ok(text.clone()),
            SecretSetting::Sealed => {
                let missing = || SecretError::Missing { place: place.to_owned() };
                let sealed = secrets::get(store, place)?.ok_or_else(missing)?;
                let opened = self.sealer.open(place, &sealed)?;
                let text = std::str::from_utf8(&opened);
                text.map(SecretText::new).map_err(|_| SecretError::NotText { place: place.to_owned() })
            }
        }
    }

    fn credential(&self, name: &str) -> Result<SecretText, SecretError> {
        let failed = |problem: String| SecretError::Credential { name: name.to_owned(), problem };
        let folder = self.credentials.as_ref().ok_or_else(|| failed("the service has no credentials".into()))?;
        let text = std::fs::read_to_string(folder.join(name)).map_err(|error| failed(error.to_string()))?;
        Ok(SecretText::new(text.trim_end_matches(['\r', '\n'])))
    }

    /// Seals every secret given in `settings` within the transaction that stores them, and drops secrets that no
    /// setting names any more. Afterwards no setting holds a secret. Problems are listed by field; then nothing may
    /// be committed.
    pub fn seal_all(
        &self,
        tx: &mut Transaction<'_>,
        old: &Settings,
        settings: &mut Settings,
    ) -> Result<Vec<FieldProblem>, SecretError> {
        let mut problems = Vec::new();
        let mut kept = Vec::new();
        for (place, field, secret) in places_mut(settings) {
            match secret {
                SecretSetting::Value(text) => {
                    let sealed = self.sealer.seal(&place, text.expose().as_bytes())?;
                    secrets::put(tx, &place, &sealed)?;
                    *secret = SecretSetting::Sealed;
                    kept.push(place);
                }
                SecretSetting::Sealed if secrets::get(tx, &place)?.is_none() => problems.push(FieldProblem {
                    field,
                    problem: "is \"sealed\", but no secret is stored for it yet".into(),
                    remedy: "give it once: { value = \"...\" }, or name a credential".into(),
                }),
                SecretSetting::Sealed => kept.push(place),
                SecretSetting::Credential(_) => {}
            }
        }
        for (place, _, secret) in places_mut(&mut old.clone()) {
            if matches!(secret, SecretSetting::Sealed) && !kept.contains(&place) {
                secrets::delete(tx, &place)?;
            }
        }
        Ok(problems)
    }
}

/// Every secret of the settings with its place in the store and its field for people.
fn places_mut(settings: &mut Settings) -> Vec<(String, String, &mut SecretSetting)> {
    let mut places = Vec::new();
    for sender in &mut settings.sender {
        if let Some(login) = &mut sender.login {
            let field = format!("sender \"{}\": login.password", sender.name);
            places.push((sender_password(&sender.name), field, &mut login.password));
        }
        if let Some(dkim) = &mut sender.dkim {
            let field = format!("sender \"{}\": dkim.key", sender.name);
            places.push((dkim_key(&sender.name), field, &mut dkim.key));
        }
    }
    for mailbox in &mut settings.mailbox {
        let field = format!("mailbox \"{}\": login.password", mailbox.name);
        places.push((mailbox_password(&mailbox.name), field, &mut mailbox.login.password));
    }
    if let Some(s3) = &mut settings.storage.s3 {
        places.push((s3_secret(), "storage: s3.secret_key".into(), &mut s3.secret_key));
    }
    places
}
