//! Who may import whom: reads the `use crate::…` lines of every room and holds them against the plan of the house
//! (`docs/architecture.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A room and the rooms it may import, besides itself.
const MAY_IMPORT: [(&str, &[&str]); 17] = [
    ("model", &[]),
    ("auth", &["model"]),
    ("store", &["model"]),
    ("live", &["model"]),
    ("files", &["model"]),
    ("mail", &["model"]),
    ("desk", &["model", "auth", "store", "live", "files"]),
    ("jobs", &["model", "desk", "mail", "store"]),
    ("operations", &["model", "store", "files"]),
    ("api", &["model", "desk", "store"]),
    ("ui", &["model"]),
    ("widget", &["model", "ui"]),
    ("console", &["model", "api", "ui"]),
    ("site", &["model", "ui"]),
    ("server", &["*"]),
    ("main.rs", &["*"]),
    ("bench", &[]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The rooms that a source names after `crate::`.
fn named(source: &str) -> BTreeSet<String> {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| match rest.starts_with('{') {
            true => "{".to_owned(),
            false => rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect(),
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn every_room_imports_only_what_it_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.into_iter().collect();
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for file in files {
        let path = file.strip_prefix(&src).expect("below src").to_owned();
        let room = path.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        if room == "lib.rs" {
            continue;
        }
        let Some(may) = allowed.get(room.as_str()) else {
            wrong.push(format!("{}: the room {room} is not in the plan", path.display()));
            continue;
        };
        for name in named(&fs::read_to_string(&file).expect("a source")) {
            arrows += 1;
            assert!(name != "{", "{} groups imports below crate: name each room on a line", path.display());
            let is_room = allowed.contains_key(name.as_str());
            if is_room && name != room && !may.contains(&"*") && !may.contains(&name.as_str()) {
                wrong.push(format!("{} imports {name}: {room} may import {may:?}", path.display()));
            }
        }
    }
    assert!(arrows > 100, "the imports were not found: {arrows}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn sql_axum_and_the_browser_stay_in_their_rooms() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rules: [(&str, &[&str]); 3] = [
        ("sqlx::", &["store"]),
        ("axum::", &["server", "live", "api", "bench"]),
        ("web_sys::", &["ui", "widget", "console"]),
    ];
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let path = file.strip_prefix(&src).expect("below src").to_owned();
        let room = path.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        let source = fs::read_to_string(&file).expect("a source");
        for (what, rooms) in rules {
            // `leptos_axum::` and `server_fn::axum::` are other things.
            let used =
                source.lines().any(|line| line.match_indices(what).any(|(at, _)| !line[..at].ends_with(['_', ':'])));
            if used && !rooms.contains(&room.as_str()) {
                wrong.push(format!("{} uses {what}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
