//! The pages: every sentence in both languages, and a voter's way through them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod reminders;
#[cfg(all(feature = "serve", feature = "sqlite", feature = "local-files"))]
mod visits;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.extension().is_some_and(|it| it == end) {
            found.push(path);
        }
    }
    found
}

/// Key → the names of its values, in order of appearance without repetition.
fn sentences(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(&here("locales").join(language), "ftl") {
        let mut key = String::new();
        for line in fs::read_to_string(&path).unwrap().lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                key = line.split(" =").next().unwrap().to_owned();
                assert!(
                    all.insert(key.clone(), BTreeSet::new()).is_none(),
                    "{key} comes twice in {language}"
                );
            }
            for part in line.split('$').skip(1) {
                let name = part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap();
                all.get_mut(&key).unwrap().insert(name.to_owned());
            }
        }
    }
    all
}

fn said(text: &str, key: &str) -> bool {
    text.contains(&format!("\"{key}\""))
}

#[test]
fn every_sentence_is_there_in_both_languages_with_the_same_values() {
    let (english, spanish) = (sentences("en"), sentences("es"));
    assert!(english.len() > 250, "{}", english.len());
    for (key, values) in &english {
        assert_eq!(Some(values), spanish.get(key), "{key}");
    }
    assert_eq!(english.len(), spanish.len());
}

#[test]
fn every_sentence_is_said_and_every_sentence_said_is_there() {
    let english = sentences("en");
    let mut text = String::new();
    for path in files(&here("templates/public"), "html").into_iter().chain(files(&here("src/public"), "rs")) {
        text.push_str(&fs::read_to_string(path).unwrap());
    }
    // families whose keys are made of names: unit tests beside the code go through their members
    for (key, name) in english.keys().filter_map(|key| Some((key, key.strip_prefix("field-")?))) {
        assert!(said(&text, name) || said(&text, key), "there is no field for {key}");
    }
    let families = ["state-", "problem-", "field-", "choice-", "month-", "error-", "hint-"];
    let silent: Vec<_> = english
        .keys()
        .filter(|key| !families.iter().any(|family| key.starts_with(family)))
        .filter(|key| !said(&text, key) && !key.strip_suffix("-hint").is_some_and(|it| said(&text, it)))
        .collect();
    assert!(silent.is_empty(), "nobody says {silent:?}");
    for start in [".say(\"", ".say_with(\""] {
        for part in text.split(start).skip(1) {
            let key = part.split('"').next().unwrap();
            assert!(english.contains_key(key), "there is no sentence {key}");
        }
    }
}

#[test]
fn no_page_has_a_script_or_a_style_of_its_own() {
    for path in files(&here("templates/public"), "html") {
        let html = fs::read_to_string(&path).unwrap();
        for inline in ["<script", "<style", "style=", "onclick", "onload", "javascript:"] {
            assert!(!html.contains(inline), "{inline} in {}", path.display());
        }
    }
}
