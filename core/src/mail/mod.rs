//! From raw bytes to an `InboundMail`: never an error, never a panic; what was wrong is listed in `issues`.
//!
//! [`parse`] first looks for shapes that would make the parser abort or eat memory ([`Poison`]); those mails are
//! refused whole and go to quarantine raw. Everything else becomes an [`InboundMail`], however broken it is.
//! HTML is handed out only as [`SourceHtml`], which shows itself only sanitised.

mod attached_whole;
mod attachments;
mod blocked;
mod bodies;
mod bytes;
mod calendar;
mod charset;
mod content_type;
mod encoded_words;
mod flowed;
mod folding;
mod folding_attribution;
mod folding_patterns;
mod folding_signature;
mod folding_words;
mod headers;
mod html;
mod html_tags;
mod html_text;
mod limits;
mod parse;
mod parts;
mod preamble;
mod prescan;
mod reader;
mod sealed;
mod structure;
mod tnef;
mod tnef_properties;
mod types;
mod uuencode;

pub use attached_whole::{HEAD_BYTES, attached_whole};
pub use attachments::safe_file_name;
pub use blocked::{BlockList, Blocked};
pub(crate) use calendar::{Field as CalendarField, plain as calendar_text, unfolded as unfolded_calendar};
pub use content_type::content_type_of;
use folding::fold;
pub use folding::{Body, Section, SectionKind};
pub use html::{HtmlRefused, SourceHtml};
pub use html_text::html_to_text;
pub use limits::Limits;
pub use parse::parse;
pub use prescan::{Poison, prescan};
pub use types::{Attachment, Header, InboundMail, MailIssue, NamedAddress, Parsed, ReturnPath};

#[cfg(test)]
mod tests;
