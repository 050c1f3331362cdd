//! All mail servers of one test together.

use crate::certificates::Certificates;
use crate::cli::Cli;
use crate::daemon::{Daemon, DaemonOptions};
use crate::dovecot::Dovecot;
use crate::letter::Letter;
use crate::mailbox::Mailbox;
use crate::object_store::ObjectStore;
use crate::outside::Outside;
use crate::postfix::Postfix;
use crate::scratch::Scratch;
use anyhow::Result;

/// Dovecot, Postfix and the outside world over one scratch directory. Dropping it stops them and removes it.
pub struct Testbed {
    pub postfix: Postfix,
    pub dovecot: Dovecot,
    pub outside: Outside,
    pub certificates: Certificates,
    pub scratch: Scratch,
}

impl Testbed {
    /// In a fresh directory.
    pub async fn start() -> Result<Self> {
        Self::start_in(Scratch::new()?).await
    }

    pub async fn start_in(scratch: Scratch) -> Result<Self> {
        let certificates = Certificates::make(&scratch)?;
        let (dovecot, outside, postfix) = futures::future::try_join3(
            Dovecot::start(&scratch, &certificates),
            Outside::start(&scratch),
            Postfix::start(&scratch, &certificates),
        )
        .await?;
        Ok(Self { postfix, dovecot, outside, certificates, scratch })
    }

    /// An S3 server beside them, without TLS, with an empty bucket.
    pub async fn object_store(&self) -> Result<ObjectStore> {
        ObjectStore::start(&self.scratch, None).await
    }

    /// maildeskd with default options; it trusts the test authority.
    pub async fn daemon(&self) -> Result<Daemon> {
        let options = DaemonOptions { ca_file: Some(self.certificates.authority()), ..DaemonOptions::default() };
        Daemon::start(&self.scratch, options).await
    }

    /// maildeskd and its CLI, with these settings applied.
    pub async fn daemon_with(&self, settings: &str) -> Result<(Daemon, Cli)> {
        let daemon = self.daemon().await?;
        let cli = daemon.cli();
        cli.apply(settings).await?;
        Ok((daemon, cli))
    }

    /// A user's INBOX.
    pub fn mailbox(&self, user: &str) -> Mailbox {
        self.dovecot.mailbox(user)
    }

    /// A letter from outside to an address of desk.test, through port 25.
    pub async fn post(&self, letter: &Letter, from: &str, to: &str) -> Result<()> {
        self.postfix.receive(from, &[to], &letter.bytes()).await
    }
}
