//! The screens: each a folder with `state` (how it changes) and `view` (how it is drawn), and the frame around them.

pub mod channels;
pub mod filters;
mod footer;
mod frame;
pub mod home;
pub mod live;
#[cfg(test)]
mod matrix;
pub mod more;
mod overlay;
#[cfg(test)]
pub(crate) mod pictures;
pub mod queues;
pub(crate) mod review;
pub mod setup;
pub mod templates;
pub mod tickets;
mod trouble;

use crate::app::Model;
use crate::app::place::Place;
use crate::theme::Look;
use crate::widget::canvas::Canvas;
use ratatui::Frame;
use ratatui::layout::Rect;

/// Smaller than this nothing useful fits.
pub const SMALLEST: (u16, u16) = (60, 20);

/// Draws everything.
pub fn draw(model: &Model, look: Look, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut canvas = Canvas { frame, look };
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        trouble::too_small(area, &mut canvas);
    } else {
        frame::draw(model, area, &mut canvas);
    }
    let picture = canvas.frame.buffer_mut();
    look.finish(picture);
}

/// The screen between the two rows at the top and the two at the bottom.
fn draw_body(model: &Model, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let (screens, desk) = (&model.screens, &model.desk);
    match desk.place {
        Place::Home => home::view::draw(&screens.home, desk, canvas, area),
        Place::Live => live::view::draw(&screens.live, desk, canvas, area),
        Place::Queues => queues::view::draw(&screens.queues, desk, canvas, area),
        Place::Inbound => channels::view::draw(&screens.inbound, desk, canvas, area),
        Place::Outbound => channels::view::draw(&screens.outbound, desk, canvas, area),
        Place::Filters => filters::view::draw(&screens.filters, desk, canvas, area),
        Place::More => more::view::draw(&screens.more, desk, canvas, area),
        Place::Tickets => tickets::view::draw(&screens.tickets, desk, canvas, area),
        Place::Setup => setup::view::draw(&screens.setup, desk, canvas, area),
        Place::Templates => templates::view::draw(&screens.templates, desk, canvas, area),
    }
}

/// The hints of a footer: keys and words.
#[cfg(test)]
pub(crate) fn footer_hints(context: crate::action::Context, width: usize) -> Vec<(String, &'static str)> {
    footer::hints(context, width).into_iter().map(|entry| (footer::keys(entry), entry.hint.0)).collect()
}
