//! Checks of who wrote a mail, made by maildesk itself: the header is read, keys and policies are looked up for many
//! mails at once and within one deadline, signatures are verified apart from the async threads.
//!
//! Nothing here fails a mail: where DNS does not answer, its author is not proven, and the finding says so.

use crate::config::DnsConfig;
use crate::dkim::{SignedMail, Verifier};
use crate::dns::{Dns, DnsError};
use futures::stream::{self, StreamExt};
use maildesk_core::doctor::Answer;
use maildesk_core::verdict::{LookedUp, SenderCheck, look_up};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::task::JoinError;
use tokio::time::Instant;

/// All look-ups for the mails of one call.
const WHOLE: Duration = Duration::from_secs(10);
/// Mails that are looked up at once.
const AT_ONCE: usize = 16;

/// Checks senders. Remembers what name servers said.
#[derive(Debug, Clone)]
pub struct SenderChecks {
    config: DnsConfig,
    /// Made when a mailbox first asks: most desks never do.
    tools: Arc<OnceLock<Tools>>,
}

#[derive(Debug)]
struct Tools {
    dns: Option<Dns>,
    verifier: Option<Verifier>,
}

impl SenderChecks {
    /// By the name servers of the bootstrap file, else those of this system. Without any, nobody is proven.
    pub fn new(config: &DnsConfig) -> Self {
        Self { config: config.clone(), tools: Arc::default() }
    }

    fn tools(&self) -> &Tools {
        self.tools.get_or_init(|| {
            let told = |error: DnsError| tracing::warn!(%error, "senders cannot be checked");
            let dns = Dns::remembering(&self.config).map_err(told).ok();
            Tools { dns, verifier: Verifier::new().map_err(told).ok() }
        })
    }

    /// Checks mails; each comes back with its finding, in their order.
    ///
    /// # Errors
    /// The daemon is stopping.
    pub async fn check<Mail: AsRef<[u8]> + Send + 'static>(
        &self,
        mails: Vec<Mail>,
    ) -> Result<Vec<(Mail, SenderCheck)>, JoinError> {
        let read = |mail: Mail| (SignedMail::read(mail.as_ref()), mail);
        let read = move || mails.into_iter().map(read).unzip();
        let (signed, mails): (Vec<SignedMail>, Vec<Mail>) = tokio::task::spawn_blocking(read).await?;
        let deadline = Instant::now() + WHOLE;
        let asked = signed.into_iter().map(|signed| self.look_up(signed, deadline));
        let looked_up: Vec<(SignedMail, LookedUp)> = stream::iter(asked).buffered(AT_ONCE).collect().await;
        let verifier = self.tools().verifier.clone();
        let one = move |(mail, (signed, found)): (Mail, (SignedMail, LookedUp))| {
            let verified = verifier.as_ref().map(|verifier| verifier.verify(mail.as_ref(), &signed, &found.keys));
            let check = SenderCheck::of(signed.from.as_ref(), &verified.unwrap_or_default(), found.published);
            (mail, check)
        };
        tokio::task::spawn_blocking(move || mails.into_iter().zip(looked_up).map(one).collect()).await
    }

    /// As [`Self::check`], of one mail.
    ///
    /// # Errors
    /// The daemon is stopping.
    pub async fn check_one(&self, raw: Vec<u8>) -> Result<(Vec<u8>, SenderCheck), JoinError> {
        let checked = self.check(vec![raw]).await?.pop();
        Ok(checked.unwrap_or_else(|| (Vec::new(), SenderCheck::unchecked("it was not looked at"))))
    }

    async fn look_up(&self, signed: SignedMail, deadline: Instant) -> (SignedMail, LookedUp) {
        let found = match &self.tools().dns {
            Some(dns) => {
                let left = deadline.saturating_duration_since(Instant::now());
                dns.settle_within(left, |answers| look_up(answers, &signed.keys, signed.from.as_ref())).await
            }
            None => {
                let why = || "this system names no name servers".to_owned();
                let keys = signed.keys.iter().map(|_| Answer::Failed(why())).collect();
                LookedUp { keys, published: Err(why()) }
            }
        };
        (signed, found)
    }
}
