//! The pieces that screens are drawn of. Text comes in as cleaned spans and pages only, or is cleaned here.

pub mod canvas;
pub mod fit;
pub mod grid;
pub mod page;
pub mod pane;
pub mod writing;
