//! The bootstrap file maildeskd.toml: only what is needed to start; all else are settings in the store.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The bootstrap file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Everything durable lies below: store, large blobs, keys.
    #[serde(default = "default_state_dir")]
    pub state_dir: PathBuf,
    /// The Unix socket for consoles.
    #[serde(default = "default_socket")]
    pub socket: PathBuf,
    #[serde(default)]
    pub log: LogConfig,
    #[serde(default)]
    pub tls: TlsConfig,
    #[serde(default)]
    pub dns: DnsConfig,
    #[serde(default)]
    pub key: KeyConfig,
    #[serde(default)]
    pub access: AccessConfig,
    /// How long a stop may take to finish what is under way, in seconds.
    #[serde(default = "default_grace")]
    pub stop_grace_seconds: u64,
    /// The store's page cache in MiB; the process grows to a few times this under load.
    #[serde(default = "default_cache")]
    pub cache_mib: u32,
    /// Below this many MiB free, no more mail is taken in: it stays unread on its server.
    #[serde(default = "default_min_free")]
    pub min_free_mib: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `error`, `warn`, `info` or `debug`, or a filter such as `info,maildesk_daemon::imap=debug`.
    pub level: String,
    /// Folder for daily files, beside the log on stderr; absent: stderr only.
    pub dir: Option<PathBuf>,
    /// Daily files that are kept.
    pub keep_days: usize,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: "info".into(), dir: None, keep_days: 14 }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsConfig {
    /// PEM file with certificate authorities that are trusted beside the system's, for S3 too.
    pub ca_file: Option<PathBuf>,
}

/// Whom the doctor, proposals and sender checks ask; nothing else of the daemon uses this.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DnsConfig {
    /// Name servers with ports, such as `192.0.2.53:53`; none (the usual case): those of /etc/resolv.conf.
    pub servers: Vec<std::net::SocketAddr>,
}

/// Where the key is that seals secrets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyConfig {
    /// Name of a systemd credential with 64 hexadecimal digits.
    pub credential: Option<String>,
    /// File with 64 hexadecimal digits, mode 0600. Absent, with no credential: `key` in the state folder, made at
    /// the first start.
    pub file: Option<PathBuf>,
}

/// Unix groups; root may always do everything.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccessConfig {
    pub write_group: String,
    pub read_group: String,
}

impl Default for AccessConfig {
    fn default() -> Self {
        Self { write_group: "maildesk-admin".into(), read_group: "maildesk".into() }
    }
}

fn default_state_dir() -> PathBuf {
    "/var/lib/maildesk".into()
}

fn default_socket() -> PathBuf {
    "/run/maildesk/maildesk.sock".into()
}

fn default_grace() -> u64 {
    20
}

fn default_cache() -> u32 {
    16
}

fn default_min_free() -> u32 {
    512
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {}: {source}; give another file with --config", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{}: {source}", path.display())]
    Invalid { path: PathBuf, source: Box<toml::de::Error> },
    #[error("{}: {field} must be an absolute path", path.display())]
    Relative { path: PathBuf, field: &'static str },
}

impl Config {
    /// Reads and checks the file.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let path = path.to_path_buf();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(ConfigError::Unreadable { path, source }),
        };
        let config: Self = match toml::from_str(&text) {
            Ok(config) => config,
            Err(source) => return Err(ConfigError::Invalid { path, source: Box::new(source) }),
        };
        let paths = [
            ("state_dir", Some(&config.state_dir)),
            ("socket", Some(&config.socket)),
            ("log.dir", config.log.dir.as_ref()),
            ("tls.ca_file", config.tls.ca_file.as_ref()),
            ("key.file", config.key.file.as_ref()),
        ];
        let relative = paths.into_iter().find(|(_, value)| value.is_some_and(|value| value.is_relative()));
        match relative.map(|(field, _)| field) {
            Some(field) => Err(ConfigError::Relative { path, field }),
            None => Ok(config),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("maildeskd.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_file_is_a_usual_install() {
        let config = load("").unwrap();
        assert_eq!((config.socket, config.log.keep_days), ("/run/maildesk/maildesk.sock".into(), 14));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(load("sokket = '/x'").unwrap_err().contains("sokket"));
        assert!(load("state_dir = 'here'").unwrap_err().contains("state_dir must be an absolute path"));
        assert!(load("[dns]\nservers = ['localhost']").unwrap_err().contains("servers"));
        assert_eq!(load("[dns]\nservers = ['127.0.0.1:5353']").unwrap().dns.servers.len(), 1);
        assert!(load("[log]\nkeep_days = 'many'").unwrap_err().contains("keep_days"));
        assert!(Config::load(Path::new("/nowhere.toml")).unwrap_err().to_string().contains("--config"));
    }
}
