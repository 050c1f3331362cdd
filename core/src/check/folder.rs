//! Which folder was meant.

/// How alike two names must be to be offered, from 0 to 1.
const ALIKE: f64 = 0.78;

/// The name nearest to `wanted`: as a whole or by its last part, in any case of letters.
pub fn nearest<'a>(wanted: &str, names: &'a [String]) -> Option<&'a str> {
    let likeness = |name: &str| {
        let last = name.rsplit(['/', '.']).next().unwrap_or(name);
        let alike = |text: &str| strsim::jaro_winkler(&text.to_lowercase(), &wanted.to_lowercase());
        // The whole name first where both are equally near.
        alike(name).max(alike(last) - 0.001)
    };
    let scored = names.iter().map(|name| (likeness(name), name.as_str()));
    let best = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (best.0 >= ALIKE).then_some(best.1)
}
