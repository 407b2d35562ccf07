//! `make bench-geo`: how fast addresses are parsed, located and matched. A table, then one line of JSON.
//!
//! Every figure is the least of five rounds, the rounds of different subjects taking turns; seeds are fixed.
//! For `make bench-rivals`: `--points FOLDER` writes the points, `--answers FOLDER` the counties of these points and, as
//! JSON, the time that each took.

mod locate;
mod parse;
mod points;
mod region;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1).map(Path::new);
    if let Some(folder) = after("--points") {
        return points::write(folder);
    }
    if let Some(folder) = after("--answers") {
        return locate::answer(folder);
    }
    if let Some(file) = after("--index") {
        return locate::build_to(file);
    }
    let mut figures = Figures::default();
    let rivals = after("--python").zip(after("--postgres"));
    let rivals = rivals.map(|(python, postgres)| parse::Rivals { python, postgres });
    parse::measure(&mut figures, rivals.as_ref())?;
    locate::measure(&mut figures)?;
    region::measure(&mut figures)?;
    for (name, value) in &figures.0 {
        println!("{name:<44} {value:>14}");
    }
    println!("{figures}");
    Ok(())
}

/// The folder of data and labels: `TURNOUT_SHARED`, or `shared` beside the workspace.
#[expect(clippy::disallowed_methods, reason = "where the shared folder is, is told by the environment")]
pub(crate) fn shared() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    std::env::var_os("TURNOUT_SHARED").map_or_else(beside, PathBuf::from)
}

/// What was measured, by name; the unit is the name's end.
#[derive(Default)]
pub(crate) struct Figures(Map<String, Value>);

impl Figures {
    pub(crate) fn add(&mut self, name: &str, value: f64) {
        self.0.insert(name.to_owned(), ((value * 10.0).round() / 10.0).into());
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Value::Object(self.0.clone()).to_string())
    }
}
