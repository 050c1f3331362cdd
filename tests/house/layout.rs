//! What a visitor sees first: the top level and the two commands.

use crate::agreed;
use crate::sources::root;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const TOP_LEVEL: [&str; 9] =
    ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "console", "core", "daemon", "systemd", "tests"];

fn unlike(found: &[String]) -> Vec<String> {
    let missing =
        TOP_LEVEL.iter().filter(|name| !found.iter().any(|f| f == *name)).map(|name| format!("{name} is missing"));
    let extra = found
        .iter()
        .filter(|name| !TOP_LEVEL.contains(&name.as_str()))
        .map(|name| format!("{name} is not one of ours"));
    missing.chain(extra).collect()
}

#[test]
fn the_top_level_is_what_the_design_says() {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let visible: Vec<String> = entries.filter(|name| !name.starts_with('.') && name != "target").collect();
    agreed("top level", &unlike(&visible));
    assert!(unlike(&["notes.txt".to_owned()]).contains(&"notes.txt is not one of ours".to_owned()));
}

#[test]
fn the_readme_names_the_two_commands_and_they_can_be_run() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap_or_default();
    for command in ["tests/try", "tests/run"] {
        assert!(readme.contains(&format!("./{command}")), "README.md does not name ./{command}");
        let mode = fs::metadata(root().join(command))
            .unwrap_or_else(|error| panic!("{command}: {error}"))
            .permissions()
            .mode();
        assert!(mode & 0o111 == 0o111, "{command} is not executable");
    }
}
