//! What the kernel says about a process and the machine.

use anyhow::{Context, Result};
use std::fs;
use std::time::Duration;

/// Most and present resident memory, and processor time, of a process.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Bytes.
    pub resident: u64,
    /// Bytes, the most so far (VmHWM).
    pub peak: u64,
    /// Seconds, user and system.
    pub processor: f64,
}

impl Usage {
    pub fn of(pid: u32) -> Result<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let bytes = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).with_context(|| name.to_owned())?;
            Ok(kilobytes.trim().parse::<u64>()? * 1024)
        };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // Behind the name: field 3 is the first, user and system time are 14 and 15 (proc(5)).
        let fields: Vec<&str> = stat.rsplit_once(") ").context("stat has a name")?.1.split(' ').collect();
        let ticks = |field: usize| -> Result<f64> { Ok(fields.get(field - 3).context("a field")?.parse()?) };
        let per_second = rustix::param::clock_ticks_per_second() as f64;
        let processor = (ticks(14)? + ticks(15)?) / per_second;
        Ok(Self { resident: bytes("VmRSS:")?, peak: bytes("VmHWM:")?, processor })
    }
}

/// One line about the machine at this moment.
pub fn machine() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores, load {} at the start", load.join(" "))
}

/// Things per second.
pub fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// Bytes as MB with one decimal.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
