//! Harness: real servers and both binaries under one temporary directory.
