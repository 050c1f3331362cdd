//! Secrets: credentials, sealed values, the key that seals them.

mod key;
mod sealer;
mod secrets;
mod token_keys;

pub use key::{KeyError, sealing_key};
pub use sealer::{SealError, Sealer};
pub use secrets::{SecretError, Secrets, credentials_folder, dkim_key, mailbox_password, s3_secret, sender_password};
pub use token_keys::{TokenKeyError, new_install, open_token_keys, rotated};
