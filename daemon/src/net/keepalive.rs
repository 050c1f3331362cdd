//! Socket options of every connection: no delay for small packets, and a dead peer is noticed within two minutes.

use rustix::net::sockopt;
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;

/// Idle time before the first probe.
const IDLE: Duration = Duration::from_secs(60);
/// Time between probes.
const INTERVAL: Duration = Duration::from_secs(15);
/// Unanswered probes after which the connection is dead.
const PROBES: u32 = 4;

/// Sets TCP_NODELAY and SO_KEEPALIVE. Without the first, lettre's two writes per mail wait 40 ms for each other;
/// without the second, an IDLE connection through a forgetful NAT hangs until its deadline.
pub(super) fn prepare(socket: &TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    sockopt::set_socket_keepalive(socket, true)?;
    sockopt::set_tcp_keepidle(socket, IDLE)?;
    sockopt::set_tcp_keepintvl(socket, INTERVAL)?;
    sockopt::set_tcp_keepcnt(socket, PROBES)?;
    Ok(())
}
