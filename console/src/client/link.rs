//! The link of the screens: connects, follows events, and when it is lost tries again until it is back.

use super::{Client, ClientError};
use crate::app::message::Msg;
use crate::app::request::Problem;
use crate::clock::Clock;
use maildesk_core::ids::EventSeq;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};

/// Events that a person may want to read when the console opens.
const HISTORY: u64 = 200;
/// How long one call waits for the first event.
const WAIT: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long to wait after so many tries in a row came to nothing.
pub fn pause(attempt: u32) -> Duration {
    let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    FIRST_PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE)
}

/// What the link needs and whom it tells.
pub struct Link {
    pub socket: PathBuf,
    pub timeout: Duration,
    pub tell: mpsc::Sender<Msg>,
    /// The connection to ask by, while there is one.
    pub client: watch::Sender<Option<Arc<Client>>>,
    /// Ends a pause.
    pub now: Arc<Notify>,
}

impl Link {
    /// Goes on until nobody listens any more.
    pub async fn keep(self) {
        let (mut seen, mut attempt) = (None, 0);
        while !self.tell.is_closed() {
            let Err(error) = self.follow(&mut seen, &mut attempt).await else { return };
            self.client.send_replace(None);
            attempt += 1;
            let wait = pause(attempt);
            let next_try = Clock::system().now.checked_add(wait).unwrap_or(jiff::Timestamp::MAX);
            let lost = Msg::Unlinked { problem: Problem::from(error), attempt, next_try };
            if self.tell.send(lost).await.is_err() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.now.notified() => {}
            }
        }
    }

    /// Connects twice, once to ask and once to follow, and tells of events until a call fails. Ok: nobody listens.
    async fn follow(&self, seen: &mut Option<EventSeq>, attempt: &mut u32) -> Result<(), ClientError> {
        let client = Arc::new(Client::connect(&self.socket, self.timeout).await?);
        let newest = client.newest_event().await?;
        // A daemon with another store counts anew.
        let from = seen.filter(|seen| *seen <= newest).unwrap_or(EventSeq(newest.0.saturating_sub(HISTORY)));
        let welcome = Box::new(client.welcome().clone());
        self.client.send_replace(Some(client));
        *attempt = 0;
        *seen = Some(from);
        let mut at = from;
        if self.tell.send(Msg::Linked(welcome, from)).await.is_err() {
            return Ok(());
        }
        let follower = Client::connect(&self.socket, self.timeout).await?;
        loop {
            let batch = follower.events_after(at, WAIT).await?;
            at = batch.next;
            *seen = Some(at);
            let silent = batch.events.is_empty() && !batch.gap;
            if !silent && self.tell.send(Msg::Happened(batch)).await.is_err() {
                return Ok(());
            }
            if self.tell.is_closed() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_seconds() {
        let said = [1, 2, 3, 4, 5, 40, u32::MAX].map(|attempt| pause(attempt).as_millis());
        assert_eq!(said, [500, 1000, 2000, 4000, 5000, 5000, 5000]);
    }
}
