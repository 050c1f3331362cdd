//! Times as a reader reads them: in the reader's zone and language.

use crate::language::Language;
use jiff::{Timestamp, Zoned, tz::TimeZone};

/// Who reads a mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Reader {
    pub language: Language,
    pub zone: TimeZone,
}

impl Default for Reader {
    fn default() -> Self {
        Self { language: Language::En, zone: TimeZone::UTC }
    }
}

/// How `date` writes a time; the first is how it stands without `date`.
pub(super) const FORMS: [&str; 5] = ["long", "short", "day", "time", "iso"];

/// A time as mails write it.
pub fn moment_words(at: Timestamp, reader: &Reader) -> String {
    let [long, ..] = forms(at, reader);
    long
}

/// A time in each of [`FORMS`].
pub(super) fn forms(at: Timestamp, reader: &Reader) -> [String; 5] {
    let zoned = at.to_zoned(reader.zone.clone());
    let day = day(&zoned, reader.language);
    let clock = zoned.strftime("%H:%M").to_string();
    let date = match reader.language {
        Language::En => "%Y-%m-%d",
        Language::De => "%d.%m.%Y",
        Language::Fr | Language::Es => "%d/%m/%Y",
    };
    let short = format!("{} {clock}", zoned.strftime(date));
    let iso = zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let long = match reader.language {
        Language::En => format!("{day} at {clock} {}", zoned.strftime("%Z")),
        Language::De => format!("{day} um {clock} Uhr ({})", zoned.strftime("%Z")),
        Language::Fr => format!("{day} à {clock} ({})", zoned.strftime("%Z")),
        Language::Es => format!("{day} a las {clock} ({})", zoned.strftime("%Z")),
    };
    [long, short, day, clock, iso]
}

fn day(zoned: &Zoned, language: Language) -> String {
    let (day, year) = (zoned.day(), zoned.year());
    let names = months(language);
    let month = usize::try_from(zoned.month()).ok().and_then(|month| names.get(month.saturating_sub(1)));
    let month = month.copied().unwrap_or_default();
    match language {
        Language::En => format!("{day} {month} {year}"),
        Language::De => format!("{day}. {month} {year}"),
        Language::Fr if day == 1 => format!("1er {month} {year}"),
        Language::Fr => format!("{day} {month} {year}"),
        Language::Es => format!("{day} de {month} de {year}"),
    }
}

const fn months(language: Language) -> [&'static str; 12] {
    match language {
        Language::En => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        Language::De => [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        Language::Fr => [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        Language::Es => [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, at: &str, want: [&str; 5]) {
        let reader = Reader { language, zone: TimeZone::get("Europe/Berlin").unwrap() };
        assert_eq!(forms(at.parse().unwrap(), &reader), want);
    }

    #[test]
    fn times_are_told_in_the_readers_zone_and_language() {
        let winter = "2026-01-31T23:30:00Z";
        check(
            Language::En,
            winter,
            [
                "1 February 2026 at 00:30 CET",
                "2026-02-01 00:30",
                "1 February 2026",
                "00:30",
                "2026-02-01T00:30:00+01:00",
            ],
        );
        check(
            Language::De,
            "2026-07-01T10:00:00Z",
            [
                "1. Juli 2026 um 12:00 Uhr (CEST)",
                "01.07.2026 12:00",
                "1. Juli 2026",
                "12:00",
                "2026-07-01T12:00:00+02:00",
            ],
        );
        check(
            Language::Fr,
            winter,
            [
                "1er février 2026 à 00:30 (CET)",
                "01/02/2026 00:30",
                "1er février 2026",
                "00:30",
                "2026-02-01T00:30:00+01:00",
            ],
        );
        check(
            Language::Es,
            winter,
            [
                "1 de febrero de 2026 a las 00:30 (CET)",
                "01/02/2026 00:30",
                "1 de febrero de 2026",
                "00:30",
                "2026-02-01T00:30:00+01:00",
            ],
        );
    }
}
