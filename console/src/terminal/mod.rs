//! The terminal: taken over in one place, given back on every way out, and the loop between keys and pictures.

mod attached;
mod draft;
mod guard;
mod hand_over;
mod hang_up;
mod input;
mod life;
mod look;
mod pace;

pub(crate) use draft::Drafts;
pub use life::run;
