//! maildesk-console shows and asks: the command line and the screens, over one client of maildeskd.
//!
//! `client` is the only place that knows how calls travel; `command` holds one file per noun; `json` the shapes that
//! scripts rely on; `output` cleaned text, tables and times for both. The screens: `app` is what they know and how it
//! changes, `action` what can be done, `screen` and `widget` how it is drawn, `terminal` the loop around them; `plain`
//! is the same line by line.

pub mod action;
pub mod app;
pub mod args;
pub mod client;
pub mod clock;
pub mod command;
pub mod external;
pub mod failure;
pub mod json;
pub mod keymap;
pub mod output;
pub mod plain;
pub mod runtime;
pub mod screen;
pub mod terminal;
pub mod theme;
pub mod widget;
