//! The programs of `docs/program.md` are those of `examples/outside/own_sms/`, which `make outside` builds and runs.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blocks of the page in that language.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let begin = format!("\n```{language}\n");
    page.split(&begin).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

#[test]
fn the_programs_of_the_page_are_built_and_run() {
    let page = read("docs/program.md");
    let programs = blocks(&page, "rust");
    for (number, file) in ["from_nothing.rs", "main.rs"].into_iter().enumerate() {
        let program = read(&format!("examples/outside/own_sms/{file}"));
        assert_eq!(programs[number], program.trim_end(), "{file} is not what the page has");
        assert!(program.contains("fn main()"), "{file} is whole");
    }
    let script = read("scripts/outside.sh");
    assert!(script.contains(" from_nothing own_sms; do"), "outside.sh runs both");
}

#[test]
fn what_the_page_asks_for_is_what_they_are_built_with() {
    let page = read("docs/program.md");
    let of_the_page = blocks(&page, "toml").join("\n");
    let of_the_page = of_the_page.lines().filter(|line| line.contains(" = ")).map(|line| {
        let line = line.split("   #").next().unwrap();
        let name = line.split(' ').next().unwrap();
        line.replace("git = \"https://example.org/turnout.git\"", &format!("path = \"../../../{name}\""))
    });
    let manifest = read("examples/outside/own_sms/Cargo.toml");
    let of_the_manifest = manifest.split("[dependencies]\n").nth(1).unwrap();
    assert_eq!(of_the_page.collect::<Vec<_>>(), of_the_manifest.lines().collect::<Vec<_>>());
}
