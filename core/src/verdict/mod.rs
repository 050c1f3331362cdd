//! Facts about a mail: automatic, bounce, list, loop.
