//! Waiting for a condition with a deadline. The only place of the tests that may sleep.

use anyhow::{Result, bail};
use std::fmt::Debug;
use std::time::{Duration, Instant};

/// Between two looks at a condition.
const POLL: Duration = Duration::from_millis(20);

/// What a look at a condition says: done with a value, or not yet.
///
/// Implemented for `bool` (true is done), `Option<T>` (Some is done) and `Result` of either. An error is
/// "not yet" as long as there is time; the last one is named when the deadline passes.
pub trait Look {
    type Value;
    fn done(self) -> std::result::Result<Self::Value, String>;
}

impl Look for bool {
    type Value = ();
    fn done(self) -> std::result::Result<(), String> {
        if self { Ok(()) } else { Err("still false".into()) }
    }
}

impl<T> Look for Option<T> {
    type Value = T;
    fn done(self) -> std::result::Result<T, String> {
        self.ok_or_else(|| "still nothing".into())
    }
}

impl<L: Look, E: Debug> Look for std::result::Result<L, E> {
    type Value = L::Value;
    fn done(self) -> std::result::Result<L::Value, String> {
        self.map_err(|error| format!("{error:?}"))?.done()
    }
}

/// Looks every 20 ms until the condition holds, at most for `limit`; the error names `what` and the last look.
pub async fn eventually<L, Looking, Looks>(limit: Duration, what: &str, look: Looks) -> Result<L::Value>
where
    L: Look,
    Looking: Future<Output = L>,
    Looks: FnMut() -> Looking,
{
    eventually_every(POLL, limit, what, look).await
}

/// As [`eventually`] with another time between two looks: seldom where a look takes from what is measured.
pub async fn eventually_every<L, Looking, Looks>(
    pause: Duration,
    limit: Duration,
    what: &str,
    mut look: Looks,
) -> Result<L::Value>
where
    L: Look,
    Looking: Future<Output = L>,
    Looks: FnMut() -> Looking,
{
    let start = Instant::now();
    let mut last = "the first look did not come back".to_owned();
    loop {
        // A look that hangs must not outlive the deadline.
        match tokio::time::timeout(limit.saturating_sub(start.elapsed()), look()).await {
            Ok(seen) => match seen.done() {
                Ok(value) => return Ok(value),
                Err(why) => last = why,
            },
            Err(_) => bail!("waited {limit:?} in vain for: {what} ({last})"),
        }
        if start.elapsed() >= limit {
            bail!("waited {limit:?} in vain for: {what} ({last})");
        }
        tokio::time::sleep(pause).await;
    }
}

/// As [`eventually`], for code that is not async, such as Drop.
pub fn blocking<L: Look>(limit: Duration, what: &str, mut look: impl FnMut() -> L) -> Result<L::Value> {
    let start = Instant::now();
    loop {
        match look().done() {
            Ok(value) => return Ok(value),
            Err(why) if start.elapsed() >= limit => bail!("waited {limit:?} in vain for: {what} ({why})"),
            Err(_) => std::thread::sleep(POLL / 4),
        }
    }
}

/// Lets time pass where the moment itself is what is tested, such as that of a kill. Never to wait for something.
pub async fn until_moment(moment: Duration) {
    tokio::time::sleep(moment).await;
}

/// True when something accepts connections there.
pub async fn listening(host: &str, port: u16) -> bool {
    tokio::net::TcpStream::connect((host, port)).await.is_ok()
}
