//! Secrets: credentials, sealed values, the key that seals them.
