//! Sends what is due: scan, bounded connections, settle.
