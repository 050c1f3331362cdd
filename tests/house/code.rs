//! Rules about each file: length, a head that says its job, no panics in the product, no fixed sleeps in tests.

use crate::agreed;
use crate::sources::{self, Source};

const MOST_LINES: usize = 400;
/// With its quote, `.expect("` is the one that panics, not a method of ours by that name; clippy sees the others.
const PANICS: [&str; 6] = [".unwrap()", ".expect(\"", "panic!(", "todo!(", "unimplemented!(", ".unwrap_err()"];

fn too_long(sources: &[Source]) -> Vec<String> {
    let long = sources.iter().filter(|source| source.text.lines().count() > MOST_LINES);
    long.map(|s| format!("{}: {} lines, {MOST_LINES} is the most", s.path, s.text.lines().count())).collect()
}

fn headless(sources: &[Source]) -> Vec<String> {
    let headless = sources.iter().filter(|source| !source.text.starts_with("//! "));
    headless.map(|source| format!("{}:1: a file begins with `//!` and says its job", source.path)).collect()
}

fn panicking(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    // `tests/` of the workspace, `tests/` and `examples/` of a package.
    let is_test = |source: &&Source| source.path.split('/').take(2).any(|part| matches!(part, "tests" | "examples"));
    for source in sources.iter().filter(|source| !is_test(source)) {
        for (number, line) in source.product_lines() {
            for what in PANICS.iter().filter(|what| line.contains(**what)) {
                complaints.push(format!("{}:{number}: `{what}` outside tests", source.path));
            }
        }
    }
    complaints
}

fn sleeping(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    let waiting = "tests/harness/wait.rs";
    for source in sources.iter().filter(|source| source.path.starts_with("tests/") && source.path != waiting) {
        for (number, line) in source.code.lines().enumerate().filter(|(_, line)| line.contains("sleep(")) {
            let place = format!("{}:{}", source.path, number + 1);
            complaints.push(format!("{place}: wait for a condition (harness/wait), not for a time: {}", line.trim()));
        }
    }
    complaints
}

#[test]
fn no_file_is_longer_than_a_person_reads() {
    agreed("file length", &too_long(&sources::all()));
    let long = Source::new("core/src/x.rs", &"\n".repeat(401));
    assert_eq!(too_long(&[long]), ["core/src/x.rs: 401 lines, 400 is the most"]);
}

#[test]
fn every_file_says_its_job_at_its_head() {
    agreed("head of a module", &headless(&sources::all()));
    assert_eq!(headless(&[Source::new("a.rs", "use x;\n"), Source::new("b.rs", "//! Job.\n")]).len(), 1);
}

#[test]
fn the_product_does_not_panic_by_choice() {
    agreed("no panics", &panicking(&sources::all()));
    let bad =
        Source::new("core/src/x.rs", "//! x\nfn f() { g().unwrap(); }\n#[cfg(test)]\nmod t {\n    x.unwrap();\n}\n");
    assert_eq!(panicking(&[bad]), ["core/src/x.rs:2: `.unwrap()` outside tests"]);
}

#[test]
fn tests_wait_for_conditions_not_for_times() {
    agreed("no sleeps", &sleeping(&sources::all()));
    assert_eq!(sleeping(&[Source::new("tests/e2e/x.rs", "//! x\ntokio::time::sleep(d).await;\n")]).len(), 1);
}
