//! What the terminal can show, from the environment. Nothing is asked of the terminal itself.

use crate::args::Colour;
use crate::theme::Look;

/// Reads variables by `variable`, so that tests need none of the process.
pub(super) fn look(ascii: bool, colour: Colour, variable: impl Fn(&str) -> Option<String>) -> Look {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
    let charset = locale.to_ascii_uppercase();
    let unicode = !ascii && (charset.contains("UTF-8") || charset.contains("UTF8"));
    let dumb = set("TERM").is_some_and(|term| term == "dumb" || term.starts_with("vt"));
    let colours = match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => set("NO_COLOR").is_none() && !dumb,
    };
    Look { colours, unicode }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], colours: bool, unicode: bool) {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        assert_eq!(look(false, Colour::Auto, variable), Look { colours, unicode }, "{variables:?}");
    }

    #[test]
    fn the_environment_decides() {
        check(&[("LANG", "de_DE.UTF-8"), ("TERM", "xterm")], true, true);
        check(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C"), ("NO_COLOR", "1")], false, false);
        check(&[("LC_CTYPE", "C.utf8"), ("NO_COLOR", "")], true, true);
        check(&[("TERM", "vt100")], false, false);
        assert!(!look(true, Colour::Always, |_| Some("C.UTF-8".into())).unicode);
    }
}
