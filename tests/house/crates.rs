//! Who may name whom: arrows between our crates, vendor crates per folder, one TLS stack in the product.

use crate::agreed;
use crate::sources::{self, Source, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

/// Our crates and those of ours they may depend on.
const ARROWS: [(&str, &[&str]); 4] = [
    ("core", &[]),
    ("daemon", &["maildesk-core"]),
    ("console", &["maildesk-core"]),
    ("tests", &["maildesk-core", "maildesk-daemon", "maildesk-console"]),
];

/// Vendor crates as code names them, and the only folders (or files) that may.
const VENDORS: [(&str, &[&str]); 13] = [
    ("sled", &["daemon/src/store"]),
    ("async_imap", &["daemon/src/imap", "tests"]),
    ("lettre", &["daemon/src/smtp", "tests"]),
    ("mail_auth", &["daemon/src/dkim"]),
    ("hickory_resolver", &["daemon/src/dns"]),
    ("s3", &["daemon/src/blob"]),
    ("mail_parser", &["core/src/mail", "tests/bench"]),
    ("ammonia", &["core/src/mail"]),
    ("upon", &["core/src/notification"]),
    ("tarpc", &["core/src/rpc", "daemon/src/rpc", "console/src/client", "console/tests"]),
    ("ratatui", &["console/src/screen", "console/src/terminal", "console/src/theme", "console/src/widget"]),
    ("crossterm", &["console/src/terminal"]),
    ("vt100", &["tests"]),
];

/// Not in what users install: a second TLS stack or runtime.
const UNWANTED: [&str; 6] = ["aws-lc-rs", "aws-lc-sys", "openssl-sys", "native-tls", "async-std", "smol"];

fn forbidden_arrows(package: &str, manifest: &toml::Table, allowed: &[&str]) -> Vec<String> {
    let mut complaints = Vec::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let names = manifest.get(section).and_then(|value| value.as_table()).into_iter().flat_map(toml::Table::keys);
        for name in names.filter(|name| name.starts_with("maildesk-") && !allowed.contains(&name.as_str())) {
            complaints.push(format!("{package}/Cargo.toml: [{section}] {name}: that arrow does not exist"));
        }
    }
    complaints
}

fn misplaced_vendors(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        for (vendor, folders) in VENDORS {
            let within = |folder: &&str| {
                source.path.strip_prefix(*folder).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
            };
            if !folders.iter().any(within) {
                complaints
                    .extend(names(source, vendor).map(|place| format!("{place}: only {folders:?} may name {vendor}")));
            }
        }
        if source.path.starts_with("core/") {
            complaints.extend(names(source, "tokio").map(|place| format!("{place}: core knows no tokio")));
        }
    }
    complaints
}

/// Where the code names this crate: `vendor::` or `use vendor` that is not a path inside another crate.
fn names(source: &Source, vendor: &str) -> impl Iterator<Item = String> {
    let lines = source.code.lines().enumerate().filter(move |(_, line)| {
        line.match_indices(vendor).any(|(at, _)| {
            let (before, behind) = (&line[..at], &line[at + vendor.len()..]);
            let inner =
                before.strip_suffix("::").is_some_and(|path| path.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            let word = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let used = before.trim_end().ends_with("use") || before.trim_end().ends_with("extern crate");
            let named = behind.starts_with("::") || (used && behind.starts_with([';', ' ']));
            word && !inner && named
        })
    });
    lines.map(|(number, _)| format!("{}:{}", source.path, number + 1)).collect::<Vec<_>>().into_iter()
}

/// Every package that is linked into these packages, with its versions.
fn linked_into(metadata: &serde_json::Value, packages: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let by_id: BTreeMap<String, (String, String)> =
        list(&metadata["packages"]).iter().map(|p| (text(&p["id"]), (text(&p["name"]), text(&p["version"])))).collect();
    let nodes: BTreeMap<String, serde_json::Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    let mut todo: Vec<String> =
        by_id.iter().filter(|(_, (name, _))| packages.contains(&name.as_str())).map(|(id, _)| id.clone()).collect();
    assert_eq!(todo.len(), packages.len(), "cargo metadata knows {packages:?}");
    let mut seen = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if seen.insert(id.clone()) {
            let normal = |dep: &serde_json::Value| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            todo.extend(list(&nodes[&id]["deps"]).iter().filter(|dep| normal(dep)).map(|dep| text(&dep["pkg"])));
        }
    }
    let mut linked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version) in seen.iter().map(|id| by_id[id].clone()) {
        linked.entry(name).or_default().insert(version);
    }
    linked
}

#[test]
fn arrows_between_our_crates_point_inwards() {
    for (package, allowed) in ARROWS {
        let manifest = fs::read_to_string(root().join(package).join("Cargo.toml")).unwrap().parse().unwrap();
        agreed("arrows", &forbidden_arrows(package, &manifest, allowed));
    }
    let bad: toml::Table = "[dev-dependencies]\nmaildesk-daemon.workspace = true\n".parse().unwrap();
    assert_eq!(forbidden_arrows("console", &bad, &["maildesk-core"]).len(), 1);
}

#[test]
fn vendor_crates_are_named_only_where_they_live() {
    agreed("vendor crates", &misplaced_vendors(&sources::all()));
    let bad = "//! x\nuse sled::Db;\nlet x = s3::Bucket;\nuse crate::smtp::lettre::x;\nlet coupon = my_upon::x;\nuse tarpc as t;\n";
    let found = misplaced_vendors(&[
        Source::new("daemon/src/app/x.rs", bad),
        Source::new("daemon/src/store/a.rs", "sled::open"),
    ]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(misplaced_vendors(&[Source::new("core/src/x.rs", "//! x\nuse tokio::fs;\n")]).len(), 1);
}

#[test]
fn the_product_links_one_tls_stack_and_one_runtime() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata = serde_json::from_slice(&output.stdout).unwrap();
    let linked = linked_into(&metadata, &["maildesk-daemon", "maildesk-console"]);
    let unwanted = UNWANTED.iter().filter(|name| linked.contains_key(**name));
    agreed(
        "linked crates",
        &unwanted.map(|name| format!("{name} is linked: cargo tree -e normal -i {name}")).collect::<Vec<_>>(),
    );
    assert_eq!(linked["rustls"].len(), 1, "one rustls: {:?}", linked["rustls"]);
    assert!(linked.contains_key("ring") && !linked.contains_key("rcgen"), "what is linked was read wrongly");
}
