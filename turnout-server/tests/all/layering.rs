//! Which way dependencies point (`house.md` 2.1): core knows nobody, siblings have never met, vendors know no pages.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::Value;

/// Our crates and what each of them may know, itself aside.
const MAY_KNOW: [(&str, &[&str]); 5] = [
    ("turnout-core", &[]),
    ("turnout-storage", &["turnout-core"]),
    ("turnout-pdf", &["turnout-core"]),
    ("turnout-geo", &["turnout-core"]),
    ("turnout-server", &["turnout-core", "turnout-storage", "turnout-pdf", "turnout-geo"]),
];

/// What only the server may bring: sockets, a runtime, an environment.
const EDGES: [&str; 7] = ["hyper", "hyper-util", "tower", "tower-http", "reqwest", "clap", "lettre"];

/// The normal dependencies of each member, by name.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let all = package["dependencies"].as_array().unwrap().iter();
            let normal = all.filter(|dependency| dependency["kind"].is_null());
            (text(&package["name"]), normal.map(|dependency| text(&dependency["name"])).collect())
        })
        .collect()
}

#[test]
fn each_crate_knows_only_those_below_it() {
    let dependencies = dependencies();
    for (name, may_know) in MAY_KNOW {
        let known = &dependencies[name];
        for other in known.iter().filter(|other| other.starts_with("turnout-")) {
            assert!(may_know.contains(&other.as_str()), "{name} depends on {other}");
        }
        for edge in EDGES {
            assert!(
                name == "turnout-server" || !known.iter().any(|it| it == edge),
                "{name} depends on {edge}"
            );
        }
    }
    for (name, known) in &dependencies {
        for outer in [
            "turnout-examples",
            "turnout-benches",
            "turnout-geo-benches",
            "turnout-http-benches",
            "turnout-geo-build-data",
        ] {
            assert!(!known.iter().any(|it| it == outer), "{name} depends on {outer}");
        }
    }
}

#[test]
fn core_pdf_and_geo_know_no_runtime() {
    let dependencies = dependencies();
    for name in ["turnout-core", "turnout-pdf", "turnout-geo"] {
        for runtime in ["tokio", "tokio-util", "sqlx", "redis"] {
            assert!(!dependencies[name].iter().any(|it| it == runtime), "{name} depends on {runtime}");
        }
    }
}

/// Every Rust file under a folder of this crate, with its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    fn gather(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder), &mut found);
    assert!(!found.is_empty(), "no sources under {folder}");
    found
}

/// Whether a text names one of our modules, alone or in a list of them.
fn names(text: &str, module: &str) -> bool {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let flat: String = code.split_whitespace().collect();
    flat.contains(&format!("crate::{module}"))
        || flat.split("crate::{").skip(1).any(|list| {
            let list = list.split(';').next().unwrap_or_default();
            list.starts_with(module) || list.contains(&format!(",{module}"))
        })
}

#[test]
fn vendors_know_neither_requests_nor_pages() {
    for (path, text) in sources("providers") {
        for module in ["api", "http", "manage", "public", "routes"] {
            assert!(!names(&text, module), "{path} names crate::{module}");
        }
    }
}

#[test]
fn the_machinery_of_http_knows_no_handler() {
    for (path, text) in sources("http") {
        for module in ["api", "public", "providers", "commands", "wiring"] {
            assert!(!names(&text, module), "{path} names crate::{module}");
        }
    }
}

#[test]
fn the_test_itself_sees_what_it_looks_for() {
    assert!(names("use crate::http::Request;", "http"));
    assert!(names("use crate::{\n    config::Env,\n    http::Request,\n};", "http"));
    assert!(names("use crate::{http::Request};", "http"));
    assert!(!names("// crate::http\nuse ::http::Request;", "http"));
}
