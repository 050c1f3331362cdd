//! The Unix socket: peer credentials, limits, and a thin service.
