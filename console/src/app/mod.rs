//! What the console knows and how it changes: `update(&mut Model, Msg) -> Vec<Effect>`. Nothing here draws, waits,
//! or asks what time it is; the terminal's loop (`terminal::life`) does, and sets the model's clock.
//!
//! How a screen is added:
//! 1. `place`: a variant of [`place::Place`] with its key, name and path, and its line in `Place::ALL`.
//! 2. `action/<name>.rs`: what can be done there (with keys, hint, command that does the same) as `ENTRIES`, listed
//!    in `action::all`; new [`crate::action::Action`]s; a [`crate::action::Context`] for each thing that has the focus.
//! 3. `screen/<name>/state.rs`: `State` with [`screen::Screen`]: `entered` marks what it shows as stale, `refresh`
//!    asks for what is due, `act` does, `answered` takes answers in. `kept::{Kept, Listing}` hold what was heard.
//! 4. `screen/<name>/view.rs`: `draw(&State, &Desk, &mut Canvas, Rect)`, of the pieces in `widget/`.
//! 5. Its field in [`model::Screens`], its arms in `Model::{screen, look}` and in `screen::draw_body`.
//! 6. New calls: a variant of [`request::Request`] and [`request::Answer`], and its line in `client::perform`.
//! 7. Its states in `screen/<name>/tests.rs`: keys in, model out, and `snapshot` of what is drawn.

pub mod attached;
pub mod cursor;
pub mod desk;
pub mod following;
pub mod kept;
pub mod key;
pub mod long_list;
pub mod message;
pub mod model;
pub mod overlay;
pub mod palette;
pub mod place;
pub mod request;
pub mod screen;
pub mod text;
mod times;
pub mod update;

pub use desk::Desk;
pub use message::{Effect, Msg};
pub use model::Model;
pub use update::update;
