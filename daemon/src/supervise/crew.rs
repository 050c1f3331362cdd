//! A crew of workers that start and stop together.

use crate::clock::jitter;
use maildesk_core::outbox::schedule::reconnect_pause;
use std::future::Future;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Workers under one stop signal. A worker that panics is started anew after a pause; one that ends is left alone.
#[derive(Debug)]
pub struct Crew {
    stop: CancellationToken,
    tasks: TaskTracker,
    /// How long to wait after so many falls of one worker.
    pause: fn(u32) -> Duration,
}

impl Crew {
    /// An empty crew that also stops with `parent`.
    pub fn new(parent: &CancellationToken) -> Self {
        Self { stop: parent.child_token(), tasks: TaskTracker::new(), pause: |falls| reconnect_pause(falls, jitter()) }
    }

    /// Starts a worker; `make` makes its work anew for each start.
    pub fn start<F>(&self, name: String, make: impl Fn(CancellationToken) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, pause) = (self.stop.clone(), self.pause);
        self.tasks.spawn(async move {
            let mut falls = 0;
            loop {
                match tokio::spawn(make(stop.clone())).await {
                    Ok(()) => return,
                    Err(_) if stop.is_cancelled() => return,
                    Err(error) => {
                        falls += 1;
                        let pause = pause(falls);
                        tracing::error!(worker = name, %error, ?pause, "a worker broke and is started anew");
                        tokio::select! {
                            () = stop.cancelled() => return,
                            () = tokio::time::sleep(pause) => {}
                        }
                    }
                }
            }
        });
    }

    /// Asks all to stop and waits for them. Returns whether all came to their end in time; those that did not are
    /// left behind, which is safe: nothing of theirs is half committed.
    pub async fn stop(self, grace: Duration) -> bool {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(grace, self.tasks.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn a_worker_that_breaks_is_started_anew() {
        let crew = Crew { pause: |_| Duration::ZERO, ..Crew::new(&CancellationToken::new()) };
        let starts = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&starts);
        let (done, ended) = tokio::sync::mpsc::channel(1);
        crew.start("test".into(), move |stop| {
            let (starts, done) = (Arc::clone(&counted), done.clone());
            async move {
                if starts.fetch_add(1, Ordering::SeqCst) < 2 {
                    panic!("on purpose");
                }
                done.send(()).await.unwrap();
                stop.cancelled().await;
            }
        });
        let mut ended = ended;
        ended.recv().await.unwrap();
        assert_eq!(starts.load(Ordering::SeqCst), 3);
        assert!(crew.stop(Duration::from_secs(1)).await);
    }

    #[tokio::test]
    async fn a_worker_that_does_not_stop_is_left_behind() {
        let crew = Crew::new(&CancellationToken::new());
        crew.start("deaf".into(), |_| std::future::pending());
        assert!(!crew.stop(Duration::from_millis(20)).await);
    }
}
