//! The key that seals secrets: a systemd credential, or a 0600 file.

use crate::clock::{NoRandomness, random_bytes};
use crate::config::KeyConfig;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key credential \"{name}\" cannot be read: {source}; see LoadCredential= in the unit")]
    Credential { name: String, source: io::Error },
    #[error("the key file {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the key in {place} is not 64 hexadecimal digits; make one with: openssl rand -hex 32")]
    NotAKey { place: String },
    #[error("the key file {} can be read by others; run: chmod 600 {}", path.display(), path.display())]
    TooOpen { path: PathBuf },
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// The key as configured. Without a credential or a file named, a file in the state folder is made once; that is
/// meant for trials and small installs, where the state folder is as safe as the key.
pub fn sealing_key(
    config: &KeyConfig,
    credentials: Option<&Path>,
    state_dir: &Path,
) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    if let Some(name) = &config.credential {
        let folder = credentials.unwrap_or(Path::new("/nonexistent"));
        let failed = |source| KeyError::Credential { name: name.clone(), source };
        let text = std::fs::read_to_string(folder.join(name)).map(Zeroizing::new).map_err(failed)?;
        return parse(&text, || format!("credential {name}"));
    }
    let path = config.file.clone().unwrap_or_else(|| state_dir.join("key"));
    if config.file.is_none() && !path.exists() {
        make(&path)?;
    }
    let failed = |source| KeyError::File { path: path.clone(), source };
    let mode = std::fs::metadata(&path).map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyError::TooOpen { path });
    }
    let text = std::fs::read_to_string(&path).map(Zeroizing::new).map_err(failed)?;
    parse(&text, || path.display().to_string())
}

fn make(path: &Path) -> Result<(), KeyError> {
    let key = Zeroizing::new(random_bytes::<32>()?);
    let text: Zeroizing<String> = Zeroizing::new(key.iter().map(|byte| format!("{byte:02x}")).collect());
    // Written aside and renamed: a key cut short by a crash would seal secrets that nothing opens.
    let aside = path.with_extension("new");
    let write = || -> io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        std::fs::rename(&aside, path)?;
        std::fs::File::open(path.parent().unwrap_or(Path::new("/")))?.sync_all()
    };
    write().map_err(|source| KeyError::File { path: path.to_path_buf(), source })
}

fn parse(text: &str, place: impl Fn() -> String) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let digits = text.trim().as_bytes();
    let mut key = Zeroizing::new([0; 32]);
    if digits.len() != 64 {
        return Err(KeyError::NotAKey { place: place() });
    }
    for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
        let value = std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        *byte = value.ok_or_else(|| KeyError::NotAKey { place: place() })?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_kept_private() {
        let dir = tempfile::tempdir().unwrap();
        let first = sealing_key(&KeyConfig::default(), None, dir.path()).unwrap();
        assert_eq!(sealing_key(&KeyConfig::default(), None, dir.path()).unwrap(), first);
        let path = dir.path().join("key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let error = sealing_key(&KeyConfig::default(), None, dir.path()).unwrap_err().to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn a_credential_is_read_and_checked() {
        let dir = tempfile::tempdir().unwrap();
        let config = KeyConfig { credential: Some("seal".into()), file: None };
        let read = || sealing_key(&config, Some(dir.path()), dir.path());
        assert!(read().unwrap_err().to_string().contains("LoadCredential"));
        std::fs::write(dir.path().join("seal"), "short").unwrap();
        assert!(read().unwrap_err().to_string().contains("openssl rand -hex 32"));
        std::fs::write(dir.path().join("seal"), format!("{}\n", "ab".repeat(32))).unwrap();
        assert_eq!(*read().unwrap(), [0xab; 32]);
    }
}
