//! Official forms: compiling, filling, size and memory, beside other fillers in the same run on the same inputs.
//!
//! `make bench-pdf`; `make bench-pdf-rivals` installs the others first. All of it runs on one thread and from bytes to bytes.
//! The last line is JSON.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use peak_alloc::PeakAlloc;
use serde_json::{Map, Value, json};
use turnout_core::{
    address::State,
    ports::forms::{FieldValue, FormFields, PacketName},
    register,
    secret::StateIdNumber,
};
use turnout_pdf::{About, Mode, Packet, Section, compile};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ABOUT: About<'_> = About { title: "A form", language: "en-US" };

/// A measurement of one packet.
struct Measured {
    compile: Times,
    fill: Times,
    blob: usize,
    output: usize,
    /// The most memory that one filling held, the finished file among it.
    memory: usize,
}

impl Measured {
    fn json(&self) -> Value {
        json!({
            "compile_ms": ms(self.compile.median),
            "compile_least_ms": ms(self.compile.least),
            "fill_ms": ms(self.fill.median),
            "fill_least_ms": ms(self.fill.least),
            "blob_bytes": self.blob,
            "output_bytes": self.output,
            "memory_beyond_blob_kb": (self.memory.saturating_sub(self.blob)) as f64 / 1024.0,
        })
    }
}

fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// How long something took: the median of its runs, and the one that others on the machine disturbed least.
#[derive(Clone, Copy)]
struct Times {
    median: Duration,
    least: Duration,
}

/// The times of so many runs, after one that warms up.
fn times(runs: usize, mut run: impl FnMut()) -> Times {
    run();
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    Times { median: times[runs / 2], least: times[0] }
}

fn compiled(sections: &[(&str, &[u8], Mode)]) -> anyhow::Result<Packet> {
    let sections: Vec<Section<'_>> =
        sections.iter().map(|(document, pdf, mode)| Section { document, pdf, mode: *mode }).collect();
    Ok(compile(&sections, &ABOUT)?)
}

/// Measures one packet with one voter's values.
fn measured(
    sections: &[(&str, &[u8], Mode)],
    values: &FormFields,
    (compiles, fills): (usize, usize),
) -> anyhow::Result<Measured> {
    let packet = compiled(sections)?;
    let filled = packet.fill(values, &[])?;
    ensure!(filled.report.is_complete(), "not everything went onto the paper: {:?}", filled.report);
    let compile = times(compiles, || drop(std::hint::black_box(compiled(sections))));
    let fill = times(fills, || drop(std::hint::black_box(packet.fill(values, &[]))));
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let filled = packet.fill(values, &[])?;
    let memory = MEMORY.peak_usage().saturating_sub(before);
    Ok(Measured { compile, fill, blob: packet.size(), output: filled.pdf.len(), memory })
}

/// What the voter of the registration form has. `beyond` has letters that the font of common letters lacks.
fn voter(beyond: bool) -> FormFields {
    let (mut registration, facts) = register::form::sample(State::Pa);
    if beyond {
        registration.name.last = Some("Nguyễn-Дмитриев".into());
    }
    let number = Some(StateIdNumber::new("QX726194".into()));
    register::form::fields(&registration, &facts, PacketName::Registration, number)
}

/// The values as the others take them: texts, and true for a check.
fn plain(values: &FormFields) -> Map<String, Value> {
    let value = |value: &FieldValue| match value {
        FieldValue::Text(text) => Value::from(text.as_str()),
        FieldValue::On => Value::from(true),
    };
    values.iter().map(|(name, found)| (name.to_owned(), value(found))).collect()
}

/// What the others take; nothing where they are not installed.
fn rivals(root: &Path, cover: &Path, form: &Path) -> anyhow::Result<Option<Value>> {
    let python = root.join("target/rivals-venv/bin/python");
    if !python.exists() {
        println!("\nno other fillers: make bench-pdf-rivals installs them");
        return Ok(None);
    }
    let mut child = Command::new(python)
        .args(["-W", "ignore"])
        .arg(root.join("benches/rivals/fill_form.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("the other fillers do not run")?;
    let (common, beyond) = (plain(&voter(false)), plain(&voter(true)));
    let work = json!({"cover": cover, "form": form, "values": common, "beyond": beyond});
    child.stdin.take().context("no way to the other fillers")?.write_all(work.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the other fillers failed");
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}

/// All official forms below a folder.
fn forms(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            forms(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

/// Every official form in both modes: the slowest, and the middle of them.
fn every_form(paths: &[PathBuf]) -> anyhow::Result<Value> {
    let mut compiles = Vec::new();
    let mut fills = Vec::new();
    let mut memory = 0;
    for path in paths {
        let pdf = fs::read(path)?;
        for mode in [Mode::Flatten, Mode::Interactive] {
            let mut values = FormFields::new();
            for name in compiled(&[("form", &pdf, mode)])?.names() {
                values.set_text(name, "X");
            }
            // a box to check takes no such text: its states stay as they are
            let packet = compiled(&[("form", &pdf, mode)])?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let compile = times(5, || drop(std::hint::black_box(compiled(&[("form", &pdf, mode)]))));
            let fill = times(101, || drop(std::hint::black_box(packet.fill(&values, &[]))));
            MEMORY.reset_peak_usage();
            let before = MEMORY.current_usage();
            drop(packet.fill(&values, &[])?);
            memory = memory.max(MEMORY.peak_usage().saturating_sub(before).saturating_sub(packet.size()));
            compiles.push((compile, name.clone()));
            fills.push((fill, name));
        }
    }
    let summary = |mut all: Vec<(Times, String)>| {
        all.sort_by_key(|(times, _)| times.median);
        let (slowest, name) = &all[all.len() - 1];
        json!({
            "median_ms": ms(all[all.len() / 2].0.median),
            "max_ms": ms(slowest.median),
            "max_least_ms": ms(slowest.least),
            "slowest": name,
        })
    };
    Ok(json!({
        "packets": compiles.len(),
        "compile": summary(compiles),
        "fill": summary(fills),
        "memory_beyond_blob_kb": memory as f64 / 1024.0,
    }))
}

/// The ratios that the project promises, and whether they hold.
fn ratios(ours: &Value, theirs: &Value) -> Value {
    let time = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let mut ratios = Map::new();
    for (case, rival) in [
        ("flattened", "flattened"),
        ("editable", "editable"),
        ("flattened, letters beyond", "flattened, letters beyond"),
    ] {
        let (fill, compile) = (time(&ours[case]["fill_ms"]), time(&ours[case]["compile_ms"]));
        for filler in ["pymupdf", "pikepdf"] {
            let theirs = time(&theirs[filler][rival]["ms"]);
            if theirs.is_finite() {
                let both = json!({
                    "per_fill": (theirs / fill).round(),
                    "compile_and_fill": (theirs / (compile + fill) * 10.0).round() / 10.0,
                });
                ratios.insert(format!("{filler}, {case}"), both);
            }
        }
    }
    let packet = &ours["cover and form"];
    let (fill, compile) = (time(&packet["fill_ms"]), time(&packet["compile_ms"]));
    let pdftk = time(&theirs["pdftk"]["cpu_ms"]);
    if pdftk.is_finite() {
        let both = json!({
            "per_fill": (pdftk / fill).round(),
            "compile_and_fill": (pdftk / (compile + fill) * 10.0).round() / 10.0,
        });
        ratios.insert("pdftk's processor time, cover and form".into(), both);
    }
    ratios.into()
}

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    #[expect(clippy::disallowed_methods, reason = "a bench has no Config")]
    let shared = std::env::var_os("TURNOUT_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let folder = shared.join("forms");
    let (cover_path, form_path) = (folder.join("register/cover.pdf"), folder.join("register/eac-nvra.pdf"));
    let (cover, form) = (fs::read(&cover_path)?, fs::read(&form_path)?);

    let runs = (21, 2001);
    let mut ours = Map::new();
    let flat = ("form", form.as_slice(), Mode::Flatten);
    let live = ("form", form.as_slice(), Mode::Interactive);
    let cover = ("cover", cover.as_slice(), Mode::Flatten);
    for (case, sections, beyond) in [
        ("flattened", vec![flat], false),
        ("editable", vec![live], false),
        ("flattened, letters beyond", vec![flat], true),
        ("editable, letters beyond", vec![live], true),
        ("cover and form", vec![cover, live], false),
    ] {
        let measured = measured(&sections, &voter(beyond), runs)?;
        println!(
            "{case:<26} compile {:>8.3} ms  fill {:>7.3} ms  {:>7} bytes  {:>5.0} KB beyond the blob",
            ms(measured.compile.median),
            ms(measured.fill.median),
            measured.output,
            measured.memory.saturating_sub(measured.blob) as f64 / 1024.0,
        );
        ours.insert(case.to_owned(), measured.json());
    }
    let mut paths = Vec::new();
    forms(&folder, &mut paths)?;
    let all = every_form(&paths)?;
    println!("{} forms in both modes: {all}", paths.len());

    let ours = Value::from(ours);
    let theirs = rivals(&root, &cover_path, &form_path)?;
    let ratios = theirs.as_ref().map(|theirs| ratios(&ours, theirs));
    for (what, ratio) in ratios.iter().filter_map(Value::as_object).flatten() {
        println!("{what:<50} {ratio}");
    }
    println!("{}", json!({"ours": ours, "every_form": all, "rivals": theirs, "times_faster": ratios}));
    Ok(())
}
