//! Checks of senders and mailboxes, saved or not: a few at a time, each in a task of its own.

use super::fault::Fault;
use super::parts::RpcParts;
use crate::check::{CheckParts, check_mailbox, check_sender};
use crate::store::audit;
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use maildesk_core::address::Address;
use maildesk_core::check::CheckReport;
use maildesk_core::rpc::RpcError;
use maildesk_core::settings::{Mailbox, Sender};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What is to be checked.
pub(super) enum Asked {
    Sender { sender: Sender, to: Option<Address> },
    Mailbox(Mailbox),
}

impl Asked {
    /// For the audit log: a check logs in at a server with a stored secret, wherever the caller says that it is.
    fn what(&self) -> String {
        match self {
            Self::Sender { sender, to } => {
                let mail = to.as_ref().map(|to| format!(" with a test mail to {to}")).unwrap_or_default();
                format!("checked sender {} at {}{mail}", sender.name, sender.way.place())
            }
            Self::Mailbox(mailbox) => {
                format!("checked mailbox {} at {}:{}", mailbox.name, mailbox.server.host, mailbox.server.port)
            }
        }
    }
}

/// Runs a check to its end, also where its caller has gone.
pub(super) async fn run(
    parts: Arc<RpcParts>,
    user: String,
    asked: Asked,
    stop: CancellationToken,
) -> Result<CheckReport, Fault> {
    let Ok(place) = Arc::clone(&parts.checks).try_acquire_owned() else {
        return Err(RpcError::Rejected("other checks are running; try again in a minute".into()).into());
    };
    let task = tokio::spawn(async move {
        let (now, what) = (parts.clock.now(), maildesk_core::text::clean_line(&asked.what()));
        let noted = move |tx: &mut Transaction<'_>| -> Result<u64, StoreError> { audit::append(tx, now, &user, &what) };
        parts.store.write(noted).await?;
        let with = check_parts(&parts);
        let check = async {
            match &asked {
                Asked::Sender { sender, to } => check_sender(&with, sender, to.as_ref()).await,
                Asked::Mailbox(mailbox) => check_mailbox(&with, mailbox).await,
            }
        };
        let report = tokio::select! {
            () = stop.cancelled() => Err(RpcError::Stopping.into()),
            report = check => Ok(report),
        };
        drop(place);
        report
    });
    task.await.map_err(Fault::inner)?
}

fn check_parts(parts: &RpcParts) -> CheckParts {
    let identity = parts.active.borrow().identity.clone();
    CheckParts {
        store: parts.store.clone(),
        secrets: parts.secrets.clone(),
        tls: Arc::clone(&parts.tls),
        clock: parts.clock,
        key: identity.keys,
        install: identity.install,
    }
}
