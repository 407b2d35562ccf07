//! The forms, the foreign programs, and what a finished file says when it is read by others.

pub(crate) mod paper;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use chrono::NaiveDate;
use lopdf::{Dictionary, Document, Object};

/// A day after every election that the official forms name.
pub(crate) fn today() -> NaiveDate {
    "2026-11-28".parse().unwrap()
}

/// The folder of official forms: `TURNOUT_SHARED` or the folder beside the workspace, and in it `forms`.
pub(crate) fn forms() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "a test has no Config")]
    let shared = std::env::var_os("TURNOUT_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
    let forms = shared.join("forms");
    assert!(
        forms.is_dir(),
        "{} is missing: set TURNOUT_SHARED to the folder that holds forms/",
        forms.display()
    );
    forms
}

/// All official forms, by name.
pub(crate) fn every_form() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![forms()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pdf") {
                let name = path.strip_prefix(forms()).unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Runs a program in a folder that has the file as `form.pdf`, and gives what it printed and what it complained of. A
/// program that is missing or fails is a failure of the test, not a reason to skip it.
pub(crate) fn ran(folder: &Path, program: &str, arguments: &[&str], pdf: &[u8]) -> (String, String) {
    std::fs::write(folder.join("form.pdf"), pdf).unwrap();
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap_or_else(|error| {
        panic!("{program} does not run ({error}): scripts/packages.sh installs what the tests need")
    });
    let [printed, complaint] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    // qpdf ends with 3 when it only warns
    let only_warns = program == "qpdf" && output.status.code() == Some(3);
    assert!(output.status.success() || only_warns, "{program} fails: {complaint}");
    (printed, complaint)
}

/// Runs a program on a file. A program that is missing is a failure, not a reason to skip.
fn run(program: &str, arguments: &[&str], pdf: &[u8]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("form.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new(program)
        .args(arguments)
        .arg(&file)
        .args((program == "pdftotext").then_some("-"))
        .output()
        .unwrap_or_else(|error| {
            panic!("{program} does not run ({error}): scripts/packages.sh installs what the tests need")
        });
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success() && output.stderr.is_empty(), text)
}

/// What `qpdf --check` has against a file; nothing if it is sound.
pub(crate) fn unsound(pdf: &[u8]) -> Option<String> {
    let (sound, text) = run("qpdf", &["--check"], pdf);
    (!sound).then_some(text)
}

/// The objects of a file with their decoded streams, as qpdf tells them: `qpdf --json`, version 2.
pub(crate) fn objects(pdf: &[u8]) -> serde_json::Value {
    let arguments =
        ["--json=2", "--json-key=qpdf", "--json-stream-data=inline", "--decode-level=generalized"];
    let (fine, text) = run("qpdf", &arguments, pdf);
    assert!(fine, "qpdf complains: {text}");
    serde_json::from_str::<serde_json::Value>(&text).unwrap()["qpdf"][1].clone()
}

/// A field's box, as qpdf tells it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) flags: i64,
    pub(crate) choices: Vec<String>,
    /// A text, or a state with its slash; empty where there is none.
    pub(crate) value: String,
}

/// The field boxes of a file, as qpdf tells them.
pub(crate) fn fields(pdf: &[u8]) -> Vec<Told> {
    let folder = tempfile::tempdir().unwrap();
    let (json, _) = ran(folder.path(), "qpdf", &["--json=2", "--json-key=acroform", "form.pdf"], pdf);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let text = |value: &serde_json::Value| {
        let text = value.as_str().unwrap_or_default();
        text.strip_prefix("u:").unwrap_or(text).to_owned()
    };
    let told = |field: &serde_json::Value| Told {
        name: text(&field["fullname"]),
        kind: text(&field["fieldtype"]),
        flags: field["fieldflags"].as_i64().unwrap(),
        choices: field["choices"].as_array().into_iter().flatten().map(text).collect(),
        value: text(&field["value"]),
    };
    json["acroform"]["fields"].as_array().unwrap().iter().map(told).collect()
}

/// What a screen reader is told of a file, as poppler reads it: `pdfinfo -struct-text`.
pub(crate) fn structure(pdf: &[u8]) -> String {
    let (silent, text) = run("pdfinfo", &["-struct-text"], pdf);
    assert!(silent, "pdfinfo complains: {text}");
    text
}

/// The text of a file, as poppler reads it.
pub(crate) fn text(pdf: &[u8]) -> String {
    let (silent, text) = run("pdftotext", &["-layout"], pdf);
    assert!(silent, "pdftotext complains: {text}");
    text
}

/// A word on a page.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) page: usize,
    /// Left, bottom, right and top in points, the page as it is seen, from its lower left corner.
    pub(crate) rect: [f32; 4],
    pub(crate) text: String,
}

/// The words of a file and where they stand, as `pdftotext -bbox` tells.
pub(crate) fn words(pdf: &[u8]) -> Vec<Word> {
    let (_, html) = run("pdftotext", &["-bbox"], pdf);
    // what it says of a page without a word, and of the font of one form, blank or filled
    let known = ["no word list", "Syntax Warning: Invalid Font Weight", ""];
    let complaints = html.rsplit("</html>").next().unwrap().lines().map(str::trim);
    let complaints: Vec<&str> = complaints.filter(|line| !known.contains(line)).collect();
    assert!(complaints.is_empty(), "pdftotext complains: {complaints:?}");
    let attribute = |line: &str, name: &str| -> f32 {
        let at = line.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        line[at..].split('"').next().unwrap().parse().unwrap()
    };
    let mut words = Vec::new();
    let (mut page, mut height) = (0, 0.0);
    for line in html.lines().map(str::trim) {
        if line.starts_with("<page ") {
            page += 1;
            height = attribute(line, "height");
        } else if line.starts_with("<word ") {
            let text = line.split_once('>').unwrap().1.trim_end_matches("</word>");
            let text =
                text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            let side = |name| attribute(line, name);
            let rect = [side("xMin"), height - side("yMax"), side("xMax"), height - side("yMin")];
            words.push(Word { page: page - 1, rect, text });
        }
    }
    words
}

/// A field's box, read from a form by lopdf alone.
#[derive(Debug, Clone)]
pub(crate) struct Box {
    pub(crate) page: usize,
    pub(crate) name: String,
    pub(crate) kind: Vec<u8>,
    pub(crate) rect: [f32; 4],
    pub(crate) flags: i64,
    pub(crate) max_len: Option<usize>,
    pub(crate) states: Vec<Vec<u8>>,
    pub(crate) value: Option<Object>,
}

/// A text string as text: UTF-16 with its mark, else ASCII as all names of the official forms are.
fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> =
                rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        _ => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// The field boxes of a file, page by page.
pub(crate) fn boxes(pdf: &[u8]) -> Vec<Box> {
    let document = Document::load_mem(pdf).unwrap();
    let get = |dictionary: &Dictionary, key: &[u8]| -> Option<Object> {
        Some(document.dereference(dictionary.get(key).ok()?).ok()?.1.clone())
    };
    let mut boxes = Vec::new();
    for (page, id) in document.page_iter().enumerate() {
        let entries = document.get_dictionary(id).unwrap();
        let Some(Object::Array(annotations)) = get(entries, b"Annots") else { continue };
        for annotation in annotations {
            let Ok((_, Object::Dictionary(widget))) = document.dereference(&annotation) else { continue };
            if get(widget, b"Subtype") != Some(Object::Name(b"Widget".to_vec())) {
                continue;
            }
            let (mut names, mut kind, mut flags) = (Vec::new(), Vec::new(), 0);
            let (mut value, mut max_len) = (None, None);
            let mut node = Some(widget.clone());
            while let Some(field) = node {
                if let Some(Object::String(name, _)) = get(&field, b"T") {
                    names.insert(0, decoded(&name));
                }
                if let Some(Object::Name(found)) = get(&field, b"FT").filter(|_| kind.is_empty()) {
                    kind = found;
                }
                if let Some(Object::Integer(found)) = get(&field, b"Ff") {
                    flags |= found;
                }
                value = value.or_else(|| get(&field, b"V"));
                max_len = max_len.or_else(|| usize::try_from(get(&field, b"MaxLen")?.as_i64().unwrap()).ok());
                node = match get(&field, b"Parent") {
                    Some(Object::Dictionary(parent)) => Some(parent),
                    _ => None,
                };
            }
            let Some(Object::Array(rect)) = get(widget, b"Rect") else { continue };
            let rect: Vec<f32> =
                rect.iter().map(|side| document.dereference(side).unwrap().1.as_float().unwrap()).collect();
            let looks = match get(widget, b"AP") {
                Some(Object::Dictionary(looks)) => get(&looks, b"N"),
                _ => None,
            };
            let states = match looks {
                Some(Object::Dictionary(states)) => states.iter().map(|(state, _)| state.clone()).collect(),
                _ => Vec::new(),
            };
            let rect =
                [rect[0].min(rect[2]), rect[1].min(rect[3]), rect[0].max(rect[2]), rect[1].max(rect[3])];
            boxes.push(Box { page, name: names.join("."), kind, rect, flags, max_len, states, value });
        }
    }
    boxes
}
