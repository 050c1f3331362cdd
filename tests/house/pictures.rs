//! What the README shows of the console is what the console showed.

use crate::agreed;
use crate::sources::root;
use std::fs;

#[test]
fn frames_in_the_readme_are_those_that_were_taken() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut unlike = Vec::new();
    let frames: Vec<&str> = readme.split("```console ").skip(1).collect();
    assert!(!frames.is_empty());
    for frame in frames {
        let (name, rest) = frame.split_once('\n').unwrap();
        let shown = rest.split("\n```").next().unwrap();
        let taken = fs::read_to_string(root().join(format!(".pictures/{name}.txt"))).unwrap_or_default();
        if taken.trim_end() != shown {
            unlike.push(format!("{name}: cargo run -p maildesk-tests --bin pictures writes it anew"));
        }
    }
    agreed("frames in the README", &unlike);
}

#[test]
fn every_picture_that_the_readme_links_is_there() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let links: Vec<&str> = readme.split("](.pictures/").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(!links.is_empty());
    let missing = links.iter().filter(|link| !root().join(".pictures").join(link).is_file());
    agreed("missing pictures", &missing.map(|link| (*link).to_owned()).collect::<Vec<_>>());
}
