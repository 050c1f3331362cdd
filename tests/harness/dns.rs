//! A real DNS server (dnsmasq) that is authoritative for the records of one test and forwards nothing.

use crate::process::ServerProcess;
use crate::scratch::Scratch;
use crate::wait::listening;
use anyhow::Result;
use std::process::Command;
use std::time::Duration;

/// The server; dropping it stops it.
pub struct Dns {
    port: u16,
    _process: ServerProcess,
}

impl Dns {
    /// `records` are lines of dnsmasq's configuration, such as `txt-record=name,"text"`.
    pub async fn start(scratch: &Scratch, records: &str) -> Result<Self> {
        let port = scratch.port("dns")?;
        let config = scratch.dir("dns")?.join("dnsmasq.conf");
        let fixed = "no-resolv\nno-hosts\nbind-interfaces\nlisten-address=127.0.0.1\nlocal=/example.org/\n\
                     local=/in-addr.arpa/\n";
        std::fs::write(&config, format!("port={port}\n{fixed}{records}\n"))?;
        let mut command = Command::new("/usr/sbin/dnsmasq");
        command.arg("--keep-in-foreground").arg(format!("--conf-file={}", config.display()));
        command.arg(format!("--pid-file={}", config.with_extension("pid").display()));
        let mut process = ServerProcess::start(scratch, "dns", &mut command)?;
        process.ready(Duration::from_secs(5), || listening("127.0.0.1", port)).await?;
        Ok(Self { port, _process: process })
    }

    /// For `[dns] servers` in maildeskd.toml.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}
