//! Languages that mails of ours are written in.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A language that every built-in template exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    En,
    De,
    Fr,
    Es,
}

impl Language {
    pub const ALL: [Language; 4] = [Language::En, Language::De, Language::Fr, Language::Es];

    /// The tag that stands in settings and in `lang` (RFC 5646).
    pub const fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::De => "de",
            Language::Fr => "fr",
            Language::Es => "es",
        }
    }

    /// The language of a tag such as `de`, `de-AT` or `DE_de`; nothing for a language without templates.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The one of these words that is in this language, in the order of [`ALL`](Self::ALL).
    pub fn pick<T>(self, words: [T; 4]) -> T {
        let [en, de, fr, es] = words;
        match self {
            Self::En => en,
            Self::De => de,
            Self::Fr => fr,
            Self::Es => es,
        }
    }

    /// The first language of ours in a list of tags, such as Content-Language or Accept-Language hold (RFC 3282).
    pub fn first_of(list: &str) -> Option<Self> {
        list.split(',').find_map(|tag| Self::parse(tag.split(';').next().unwrap_or_default()))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_any_form_name_a_language() {
        for (tag, want) in [
            ("de", Some(Language::De)),
            (" DE-at ", Some(Language::De)),
            ("fr_CA", Some(Language::Fr)),
            ("pt", None),
            ("", None),
            ("german", None),
        ] {
            assert_eq!(Language::parse(tag), want, "{tag:?}");
        }
        assert_eq!(Language::first_of("pt-BR, es-MX;q=0.8, en"), Some(Language::Es));
        assert_eq!(Language::first_of("pt-BR"), None);
        for language in Language::ALL {
            assert_eq!(serde_json::to_string(&language).unwrap(), format!("\"{language}\""));
        }
    }
}
