//! Word to systemd, where it asked for it: ready, stopping, status, and the watchdog's sign of life.

use crate::store::Store;
use crate::store::events;
use sd_notify::NotifyState;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub fn ready() {
    notify(&[NotifyState::Ready, NotifyState::Status("working")]);
}

pub fn stopping() {
    notify(&[NotifyState::Stopping, NotifyState::Status("finishing what is under way")]);
}

fn notify(states: &[NotifyState<'_>]) {
    // Without NOTIFY_SOCKET this does nothing; a socket that is gone is no reason to stop.
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd could not be told");
    }
}

/// Gives a sign of life at half of the watchdog's interval, as long as the store answers. The store's writer has a
/// watch of its own.
pub async fn watchdog(store: Store, stop: CancellationToken) {
    let Some(limit) = sd_notify::watchdog_enabled() else { return };
    let mut beat = tokio::time::interval(limit / 2);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = beat.tick() => {}
        }
        let store = store.clone();
        let answer = tokio::task::spawn_blocking(move || events::newest(&store).is_ok());
        let alive = tokio::time::timeout(limit.min(Duration::from_secs(10)), answer).await;
        if matches!(alive, Ok(Ok(true))) {
            notify(&[NotifyState::Watchdog]);
        } else {
            tracing::error!("the store does not answer; no sign of life for the watchdog");
        }
    }
}
