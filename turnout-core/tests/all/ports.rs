//! What the documentation of the ports promises: an adapter of one's own for each of them, which the documentation's tests
//! compile and run.

use std::path::Path;

/// The files of the ports: all but those of the rooms, which are parts of one port.
fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder of the ports") {
        let path = entry.expect("an entry").path();
        if !path.is_dir() {
            found.push(std::fs::read_to_string(&path).expect("a file"));
        } else if !path.ends_with("store") {
            files(&path, found);
        }
    }
}

/// The traits of a file, each with what is said of it.
fn traits(text: &str) -> Vec<(String, String)> {
    let (mut found, mut said) = (Vec::new(), String::new());
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("///") {
            said += comment.strip_prefix(' ').unwrap_or(comment);
            said.push('\n');
        } else if let Some(rest) = line.strip_prefix("pub trait ") {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            found.push((name, std::mem::take(&mut said)));
        } else if !line.starts_with("#[") {
            said.clear();
        }
    }
    found
}

/// The lines of its examples that are tested.
fn examples(said: &str) -> String {
    let blocks = said.split("```\n").skip(1).step_by(2);
    blocks.collect()
}

#[test]
fn every_port_has_an_adapter_of_ones_own_as_its_example() {
    let ports = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ports");
    let mut all = Vec::new();
    files(&ports, &mut all);
    let store = std::fs::read_to_string(ports.join("store/mod.rs")).expect("a file");
    let mut found: Vec<(String, String)> = all.iter().flat_map(|text| traits(text)).collect();
    found.extend(traits(&store).into_iter().filter(|(name, _)| name == "Store"));
    for (name, said) in &found {
        let has_example = examples(said).lines().any(|line| {
            line.starts_with("impl") && line.contains(&format!(" {name} for ")) && line.ends_with('{')
        });
        assert!(has_example, "{name} has no example that implements it");
    }
    // the table of `ports/mod.rs` has all of them, and nothing else
    let table = std::fs::read_to_string(ports.join("mod.rs")).expect("a file");
    let rows = table.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split('`').next());
    let (mut listed, mut there): (Vec<&str>, Vec<&str>) =
        (rows.collect(), found.iter().map(|(name, _)| name.as_str()).collect());
    listed.sort_unstable();
    // written to by a store, and so a part of it
    there.retain(|name| *name != "FileWriter");
    there.sort_unstable();
    assert_eq!(there, listed);
}
