//! A certificate known by its fingerprint.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be the SHA-256 of the certificate: 64 hexadecimal digits, colons allowed")]
pub struct PinError;

/// The SHA-256 of one certificate in DER, as `openssl x509 -fingerprint -sha256` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CertificatePin([u8; 32]);

impl CertificatePin {
    /// Reads hexadecimal digits in either case; colons between them are passed over.
    pub fn parse(text: &str) -> Result<Self, PinError> {
        let digits: String = text.trim().chars().filter(|c| *c != ':').collect::<String>().to_ascii_lowercase();
        let bytes = data_encoding::HEXLOWER.decode(digits.as_bytes()).map_err(|_| PinError)?;
        bytes.try_into().map(Self).map_err(|_| PinError)
    }

    /// Of a certificate in DER.
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl fmt::Display for CertificatePin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl TryFrom<String> for CertificatePin {
    type Error = PinError;
    fn try_from(text: String) -> Result<Self, PinError> {
        Self::parse(&text)
    }
}

impl From<CertificatePin> for String {
    fn from(pin: CertificatePin) -> Self {
        pin.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_read_as_openssl_prints_them() {
        let pin = CertificatePin::of(b"certificate");
        let colons: Vec<String> =
            pin.to_string().as_bytes().chunks(2).map(|c| String::from_utf8_lossy(c).to_uppercase()).collect();
        assert_eq!(CertificatePin::parse(&colons.join(":")), Ok(pin));
        assert_eq!(CertificatePin::parse(&pin.to_string()), Ok(pin));
        for bad in ["", "ab", "zz", &"a".repeat(65), &"a".repeat(62)] {
            assert_eq!(CertificatePin::parse(bad), Err(PinError), "{bad}");
        }
    }
}
