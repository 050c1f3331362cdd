//! Amounts of bytes as people read them.

/// `812 B`, `1.2 kB`, `34 MB`: powers of 1000, two digits where they help.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let mut tenths = u128::from(count) / 100;
    let mut unit = UNITS[0];
    for next in UNITS.into_iter().skip(1) {
        if tenths < 10_000 {
            break;
        }
        tenths /= 1000;
        unit = next;
    }
    if tenths < 100 { format!("{}.{} {unit}", tenths / 10, tenths % 10) } else { format!("{} {unit}", tenths / 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let said = [0, 999, 1000, 1234, 9_999, 10_000, 999_999, 1_000_000, 52_428_800, u64::MAX].map(bytes);
        let want = ["0 B", "999 B", "1.0 kB", "1.2 kB", "9.9 kB", "10 kB", "999 kB", "1.0 MB", "52 MB", "18446 PB"];
        assert_eq!(said, want);
    }
}
