//! The account of a sender as its server knows it, made for each connection: a token may be old by the next.

use super::worker::OutboxParts;
use crate::auth::{SecretError, Secrets, sender_password};
use crate::smtp::{SmtpAccount, SmtpLogin};
use crate::store::Store;
use maildesk_core::diagnosis::{Diagnosis, Step};
use maildesk_core::settings::{Sender, SmtpServer};

/// Where this sender logs in, with its secret.
///
/// # Errors
/// The secret cannot be had.
pub async fn account(
    secrets: &Secrets,
    store: &Store,
    sender: &Sender,
    smtp: &SmtpServer,
) -> Result<SmtpAccount, SecretError> {
    let login = match &smtp.login {
        None => None,
        Some(login) => {
            let password = secrets.for_login(store, &login.password, &sender_password(&sender.name)).await?;
            Some(SmtpLogin { username: login.username.clone(), password, mechanism: login.mechanism })
        }
    };
    let ehlo_name = smtp.ehlo_name.clone().unwrap_or_else(|| sender.from.domain().to_owned());
    Ok(SmtpAccount { server: smtp.server.clone(), login, ehlo_name })
}

/// As [`account`], with the error explained.
pub(super) async fn explained(
    parts: &OutboxParts,
    sender: &Sender,
    smtp: &SmtpServer,
) -> Result<SmtpAccount, Diagnosis> {
    account(&parts.secrets, &parts.store, sender, smtp)
        .await
        .map_err(|error| Diagnosis::of_our_own(Step::Settings, error.to_string(), error.remedy()))
}
