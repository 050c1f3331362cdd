//! HTML bodies: kept as sent, shown only sanitised.

use super::Limits;
use super::html_tags::{Piece, Pieces};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// An HTML body as sent. There is no way to its text but [`SourceHtml::sanitised`], so nobody stores or shows it raw.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceHtml(String);

/// Why HTML was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HtmlRefused {
    #[error("the HTML is larger than the limit: {0} bytes")]
    TooLarge(usize),
    #[error("the HTML nests elements deeper than the limit")]
    TooDeep,
    #[error("the HTML has too many entities")]
    TooManyEntities,
}

/// html5ever takes quadratic time for runs of `&`: 28 s for 900,000 of them, 0.1 s for this many.
const MOST_AMPERSANDS: usize = 50_000;

impl SourceHtml {
    /// Checks size and depth, over which html5ever's quadratic time would stop intake.
    ///
    /// # Errors
    /// [`HtmlRefused`] when over a limit.
    pub fn new(html: impl Into<String>, limits: &Limits) -> Result<Self, HtmlRefused> {
        let html = html.into();
        if html.len() > limits.html_bytes {
            return Err(HtmlRefused::TooLarge(html.len()));
        }
        if html.bytes().filter(|b| *b == b'&').count() > MOST_AMPERSANDS {
            return Err(HtmlRefused::TooManyEntities);
        }
        if deeper_than(&html, limits.html_depth) {
            return Err(HtmlRefused::TooDeep);
        }
        Ok(Self(html))
    }

    /// Without scripts, forms, styles that load or hide, and remote images. Costs 5 to 10 times as much as parsing the mail, so it is
    /// called when somebody looks, not at intake. Inline images stay as `cid:` references.
    pub fn sanitised(&self) -> String {
        SANITISER.clean(&self.0).to_string()
    }

    /// An over-estimate of its words, in one pass that makes no text: each run of letters and digits, and each entity.
    pub(super) fn most_words(&self) -> usize {
        Pieces::of(&self.0).map(|piece| if let Piece::Text(text) = piece { runs(text) } else { 0 }).sum()
    }

    /// Whether the HTML shows the part with this content id.
    pub(super) fn refers_to(&self, content_id: &str) -> bool {
        self.0.contains(&format!("cid:{content_id}"))
    }
}

fn runs(text: &str) -> usize {
    let (mut runs, mut within) = (0, false);
    for piece in text.split_inclusive("&nbsp;") {
        let shown = piece.strip_suffix("&nbsp;").unwrap_or(piece);
        for byte in shown.bytes() {
            // Characters beyond ASCII may be letters.
            let letter = byte.is_ascii_alphanumeric() || byte >= 0x80;
            runs += usize::from(letter && !within);
            within = letter;
        }
        within = false;
    }
    runs
}

/// Shows the size only: the source is not for logs.
impl std::fmt::Debug for SourceHtml {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SourceHtml({} bytes)", self.0.len())
    }
}

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .add_tags(["font", "center", "u", "small", "big", "address", "tfoot"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean_content_tags(HashSet::from(["script", "style", "title", "noscript", "template", "textarea", "select"]))
        .tag_attributes(allowed_attributes())
        .generic_attributes(HashSet::from(["title", "lang", "dir", "align", "valign"]))
        // A remote image tells its sender that and when the mail was read.
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if !value.trim_start().to_ascii_lowercase().starts_with("cid:") => None,
            (_, "href" | "cite") if value.trim_start().to_ascii_lowercase().starts_with("cid:") => None,
            _ => Some(value.into()),
        });
    builder
});

fn allowed_attributes() -> HashMap<&'static str, HashSet<&'static str>> {
    HashMap::from([
        ("a", HashSet::from(["href"])),
        ("blockquote", HashSet::from(["type"])),
        ("font", HashSet::from(["color", "size", "face"])),
        ("img", HashSet::from(["src", "alt", "width", "height"])),
        ("ol", HashSet::from(["start", "type"])),
        ("table", HashSet::from(["border", "cellpadding", "cellspacing", "width"])),
        ("td", HashSet::from(["colspan", "rowspan", "width"])),
        ("th", HashSet::from(["colspan", "rowspan", "width", "scope"])),
        ("col", HashSet::from(["span", "width"])),
        ("colgroup", HashSet::from(["span"])),
    ])
}

/// Over-estimates the depth of open elements in one pass. An end tag counts only where an element of that name is
/// open, and markup that hides in raw text counts as open for good, so no trick makes the estimate too low.
fn deeper_than(html: &str, limit: usize) -> bool {
    const CLOSE_THEMSELVES: [&str; 26] = [
        "br", "hr", "img", "meta", "link", "input", "col", "area", "base", "embed", "source", "track", "wbr", "p",
        "li", "td", "th", "tr", "dt", "dd", "tbody", "thead", "option", "html", "head", "body",
    ];
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut depth = 0usize;
    for piece in Pieces::of(html) {
        match piece {
            Piece::Open { name, .. } if !CLOSE_THEMSELVES.iter().any(|n| n.eq_ignore_ascii_case(name)) => {
                depth += 1;
                if let Some((_, count)) = open.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
                    *count += 1;
                } else if open.len() < 100 {
                    open.push((name, 1));
                }
            }
            Piece::Close { name } => {
                if let Some((_, count)) = open.iter_mut().find(|(n, c)| *c > 0 && n.eq_ignore_ascii_case(name)) {
                    *count -= 1;
                    depth -= 1;
                }
            }
            Piece::Hidden(raw) => depth += raw.bytes().filter(|b| *b == b'<').count(),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(html: &str) -> bool {
        SourceHtml::new(html, &Limits::default()).is_err()
    }

    #[test]
    fn depth_is_never_estimated_too_low() {
        for bomb in ["<div>", "<div></i>", "<div></p>", "<div><!--</div>-->", "<svg><style><g>", "<b a=1><p></p>"] {
            assert!(refused(&bomb.repeat(5_000)), "{bomb}");
        }
        assert!(!refused(&"<p>a<br><table><tr><td><b>x</b></td></tr></table><li>".repeat(2_000)));
    }

    #[test]
    fn nothing_active_or_remote_survives() {
        let html = "<p onclick=x()>a<script>evil()</script><img src=https://t.example/p.gif><img src=\"cid:i1\">\
                    <a href=\"javascript:x\">l</a><a href=\"https://ok.example/\">m</a><form action=x><input></form>";
        let shown = SourceHtml::new(html, &Limits::default()).unwrap().sanitised();
        for bad in ["script", "onclick", "evil", "t.example", "javascript", "form", "input"] {
            assert!(!shown.contains(bad), "{bad} in {shown}");
        }
        assert!(shown.contains("cid:i1") && shown.contains("https://ok.example/"));
    }
}
