//! The bootstrap file maildeskd.toml.
