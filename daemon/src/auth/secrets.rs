//! From a secret as it stands in settings to the secret, and the other way once: when settings are applied.

use super::sealer::{SealError, Sealer};
use crate::program;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::secrets;
use maildesk_core::secret::SecretText;
use maildesk_core::settings::{FieldProblem, MailboxName, SecretSetting, SenderName, Settings};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("credential \"{name}\" cannot be read ({problem}); see LoadCredential= in the unit")]
    Credential { name: String, problem: String },
    #[error("no secret is stored for {place}; apply settings with the secret given once")]
    Missing { place: String },
    #[error("{program}, which is to print the secret, failed: {problem}")]
    Command { program: String, problem: String },
    #[error("the secret for {place} is not text")]
    NotText { place: String },
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SecretError {
    /// What to try, one sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Command { .. } => {
                "Run the command as the daemon's user and look at what it says: it must print the secret alone, as its \
                 first line, and end with 0."
            }
            Self::Credential { .. } => "Name it by LoadCredential= in the unit, and start the service again.",
            _ => "Give the secret once: { value = \"...\" }, or name a credential, and apply the settings.",
        }
    }
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

    /// The secret of a login, for the moment of that login: a command is run for each.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve), and where the command fails, takes longer than 20 s or prints nothing.
    pub async fn for_login(
        &self,
        store: &Store,
        setting: &SecretSetting,
        place: &str,
    ) -> Result<SecretText, SecretError> {
        match setting {
            SecretSetting::Command(argv) => printed_by(argv).await,
            other => self.resolve(store, other, place),
        }
    }

    /// The secret itself.
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
            // Validation admits a command for logins only.
            SecretSetting::Command(argv) => Err(command_failed(argv, "only a login takes a command".into())),
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
                SecretSetting::Credential(_) | SecretSetting::Command(_) => {}
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

/// How long a command may take to print a secret: fetching a token asks a server of the provider.
const COMMAND_LIMIT: Duration = Duration::from_secs(20);

/// The first line that this command prints.
async fn printed_by(argv: &[String]) -> Result<SecretText, SecretError> {
    let failed = |problem| command_failed(argv, problem);
    let finished = program::run(argv, b"", COMMAND_LIMIT).await.map_err(|error| failed(error.to_string()))?;
    if !finished.status.success() {
        return Err(failed(finished.explain()));
    }
    let text = std::str::from_utf8(&finished.output).map_err(|_| failed("what it prints is not text".into()))?;
    match text.lines().next().map(str::trim) {
        None | Some("") => Err(failed("its first line is empty".into())),
        Some(line) => Ok(SecretText::new(line)),
    }
}

fn command_failed(argv: &[String], problem: String) -> SecretError {
    SecretError::Command { program: argv.first().cloned().unwrap_or_default(), problem }
}

/// Every secret of the settings with its place in the store and its field for people.
fn places_mut(settings: &mut Settings) -> Vec<(String, String, &mut SecretSetting)> {
    let mut places = Vec::new();
    for sender in &mut settings.sender {
        if let Some(login) = sender.way.smtp_mut().and_then(|smtp| smtp.login.as_mut()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn printed(script: &str) -> Result<SecretText, String> {
        let argv = ["/bin/sh", "-c", script].map(str::to_owned);
        printed_by(&argv).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_command_gives_its_first_line_or_says_why_not() {
        assert_eq!(printed("echo ' t0ken'; echo more").await.unwrap().expose(), "t0ken");
        for (script, want) in [
            ("echo hunter2; printf 'refresh \\033[31mfailed' >&2; exit 1", "exit status: 1: refresh [31mfailed"),
            ("exit 0", "first line is empty"),
            ("printf '\\377\\377'", "not text"),
            ("kill -9 $$", "signal: 9"),
        ] {
            let error = printed(script).await.unwrap_err();
            assert!(
                error.starts_with("/bin/sh, which is to print the secret, failed") && error.contains(want),
                "{error}"
            );
            assert!(!error.contains("hunter2"), "what is printed is never shown: {error}");
        }
    }
}
