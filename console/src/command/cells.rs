//! Cells of CSV that a spreadsheet takes as the text they are: a name from somebody's mail must not become a formula.

/// A cell as it is exported: what would begin a formula has an apostrophe before it.
pub(super) fn exported(cell: String) -> String {
    if begins_formula(&cell) { format!("'{cell}") } else { cell }
}

/// The text of a cell that [`exported`] made, or that people wrote.
pub(super) fn imported(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| begins_formula(rest)).unwrap_or(cell)
}

/// Apostrophes before it do not count, so that each of the two undoes the other.
fn begins_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_a_formula_is_text_and_comes_back_as_it_was() {
        for (cell, want) in [
            ("=HYPERLINK(\"http://evil.example\")", "'=HYPERLINK(\"http://evil.example\")"),
            ("+49 30 123", "'+49 30 123"),
            ("@SUM(1)", "'@SUM(1)"),
            ("-1", "'-1"),
            ("'=1", "''=1"),
            ("'t Hooft", "'t Hooft"),
            ("Ann = Bee", "Ann = Bee"),
            ("", ""),
        ] {
            assert_eq!(exported(cell.to_owned()), want);
            assert_eq!(imported(want), cell);
        }
    }
}
