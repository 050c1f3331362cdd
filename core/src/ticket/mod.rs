//! The ticket: status machine, commands, entries of its thread.
