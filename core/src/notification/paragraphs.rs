//! Plain text as HTML paragraphs.

use crate::text::clean_block;

/// Escaped paragraphs, each in the direction of its own script: blank lines part them, line feeds become `<br>`, runs of spaces and indents stay visible.
pub fn text_to_html(text: &str) -> String {
    let text = clean_block(text);
    let mut html = String::with_capacity(text.len() + text.len() / 8 + 64);
    let mut open = false;
    for line in text.trim_matches('\n').lines() {
        let line = line.trim_end();
        if line.is_empty() {
            if open {
                html.push_str("</p>\n");
                open = false;
            }
            continue;
        }
        html.push_str(if open { "<br>\n" } else { "<p dir=\"auto\" style=\"margin:0 0 1em\">" });
        open = true;
        escape_line(line, &mut html);
    }
    if open {
        html.push_str("</p>\n");
    }
    html
}

fn escape_line(line: &str, html: &mut String) {
    let mut space = true;
    for c in line.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\t' => html.push_str("&nbsp;&nbsp;&nbsp; "),
            ' ' if space => html.push_str("&nbsp;"),
            c => html.push(c),
        }
        space = c == ' ' || c == '\t';
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paragraphs_breaks_and_indents_stay() {
        assert_eq!(
            text_to_html("a <b>\r\n  c & d\n\n\ne"),
            "<p dir=\"auto\" style=\"margin:0 0 1em\">a &lt;b&gt;<br>\n&nbsp;&nbsp;c &amp; d</p>\n<p dir=\"auto\" style=\"margin:0 0 1em\">e</p>\n"
        );
        assert_eq!(text_to_html(" \n\n"), "");
    }

    proptest! {
        #[test]
        fn no_text_makes_a_tag(text in "\\PC{0,60}[<>&\"'\n\r\t ]{0,20}\\PC{0,20}") {
            let html = text_to_html(&text);
            let bare = html.replace("<p dir=\"auto\" style=\"margin:0 0 1em\">", "").replace("</p>", "").replace("<br>", "");
            prop_assert!(!bare.contains(['<', '>', '"', '\'']));
        }
    }
}
