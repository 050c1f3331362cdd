//! tracing to stderr and to daily files.
