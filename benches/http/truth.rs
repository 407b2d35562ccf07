//! What an export of registrations has to be, to the last byte: said once more by SQL of its own (`registrations.sql`,
//! `cells.sql`), whose lines PostgreSQL makes by itself. It shares nothing with the export but the tables. Both are read side
//! by side, a line at a time, however many there are.

use std::{
    fmt,
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use sqlx::PgConnection;

use crate::people::run;

const CELLS: &str = include_str!("cells.sql");
const ROWS: &str = include_str!("registrations.sql");
/// How much of a line is shown before and after the byte that is another one.
const AROUND: usize = 40;

/// How a file was compared.
#[derive(Debug)]
pub(crate) struct Compared {
    /// How many lines were read, the header among them.
    pub(crate) lines: u64,
    /// The first line that is another one than it has to be.
    pub(crate) difference: Option<Difference>,
}

/// A line of a file that is another one than it has to be.
#[derive(Debug)]
pub(crate) struct Difference {
    /// Which one; the header is the first. What breaks lines within a cell begins none.
    pub(crate) line: u64,
    /// In which column.
    pub(crate) column: String,
    expected: String,
    found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, expected, found } = self;
        write!(f, "line {line}, column {column}: {found:?} has to be {expected:?}")
    }
}

/// Compares an export with what it has to be.
///
/// # Errors
/// When one of the two cannot be read. That they differ is no error.
pub(crate) async fn compare(connection: &mut PgConnection, export: &Path) -> anyhow::Result<Compared> {
    run(connection, CELLS).await?;
    let mut file = BufReader::new(File::open(export)?);
    let copy = format!("COPY ({ROWS}) TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')");
    let mut messages = connection.copy_out_raw(&copy).await?;
    let (mut lines, mut titles) = (0, Vec::new());
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    // each message is a line (PostgreSQL's documentation of its protocol, "COPY Operations")
    while let Some(message) = messages.try_next().await? {
        lines += 1;
        expected.clear();
        expected.extend_from_slice(message.strip_suffix(b"\n").context("a message that is no line")?);
        expected.extend_from_slice(b"\r\n");
        if titles.is_empty() {
            titles.clone_from(&expected);
        }
        found.clear();
        file.by_ref().take(expected.len() as u64).read_to_end(&mut found)?;
        if found != expected {
            file.by_ref().take(AROUND as u64).read_to_end(&mut found)?;
            return Ok(Compared { lines, difference: Some(difference(lines, &titles, &expected, &found)) });
        }
    }
    found.clear();
    file.take(2 * AROUND as u64).read_to_end(&mut found)?;
    let more = (!found.is_empty()).then(|| difference(lines + 1, &titles, &[], &found));
    Ok(Compared { lines, difference: more })
}

fn difference(line: u64, titles: &[u8], expected: &[u8], found: &[u8]) -> Difference {
    let same = expected.iter().zip(found).take_while(|(one, other)| one == other).count();
    let shown = |bytes: &[u8]| {
        let part = &bytes[same.saturating_sub(AROUND)..bytes.len().min(same + AROUND)];
        String::from_utf8_lossy(part).into_owned()
    };
    // no title needs quotes
    let titles = String::from_utf8_lossy(titles);
    let column = titles.trim_end().split(',').nth(cells_before(&expected[..same])).unwrap_or_default();
    Difference { line, column: column.to_owned(), expected: shown(expected), found: shown(found) }
}

/// How many cells end in this part of a line.
fn cells_before(part: &[u8]) -> usize {
    let (mut cells, mut is_quoted) = (0, false);
    for byte in part {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => cells += 1,
            _ => {}
        }
    }
    cells
}
