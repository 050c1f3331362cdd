//! Notices that the terminal is gone: the connection dropped, its window closed.
//!
//! The reader of keys does not: it would spin on the dead terminal and burn a core.

use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::oneshot;

/// Comes when the terminal hangs up. A thread waits for it; it ends with the process.
pub(super) fn watch() -> oneshot::Receiver<()> {
    let (tell, gone) = oneshot::channel();
    std::thread::spawn(move || {
        let stdin = std::io::stdin();
        loop {
            // With no events asked for, only hang-up and errors come.
            let mut wanted = [PollFd::new(&stdin, PollFlags::empty())];
            match poll(&mut wanted, None) {
                Ok(_) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => break,
            }
        }
        // The loop may have ended by itself: then nobody listens.
        tell.send(()).unwrap_or_default();
    });
    gone
}
