//! Tests of the tables on real stores in temporary folders.
