//! The console on a terminal, as a person uses it: real daemon, real servers, keys in, screen out.

mod day;
mod desk;
mod ends;
mod first_run;
mod limits;
mod mending;
mod plain;
mod workshop;
