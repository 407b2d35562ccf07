//! `import django`: the rows of a `dumpdata` document, or of a database (`moving.rs`).

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::{self, BufReader, IsTerminal as _, Read},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use turnout_core::{
    App,
    django::{self, Complaint, Record, Report, Survey, TakeoverError},
};

use crate::commands::over_rows;

/// So many records are read between two looks at how far we are.
const AT_ONCE: u64 = 1_000;

#[derive(Debug, Args)]
pub(in crate::commands) struct Django {
    /// The service's database, as postgres://USER@HOST/DATABASE (PGPASSWORD may hold the password), or a document. That is
    /// read twice, so it has to be a file.
    #[arg(long, value_name = "URL or FILE")]
    from: String,
    /// Looks at everything and at what it points to, and writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Reads all rows of the database again, whatever an earlier run has read.
    #[arg(long)]
    again: bool,
}

impl Django {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        over_rows::tell(async |app, _| {
            if is_address(&self.from) {
                return self.move_over(app).await;
            }
            Ok((self.take_over(app).await?, ExitCode::SUCCESS))
        })
    }

    #[cfg(feature = "postgres")]
    async fn move_over(&self, app: &App) -> anyhow::Result<(String, ExitCode)> {
        let moving = django::Moving { dry_run: self.dry_run, again: self.again };
        super::moving::take_over(app, &self.from, moving).await
    }

    #[cfg(not(feature = "postgres"))]
    async fn move_over(&self, _app: &App) -> anyhow::Result<(String, ExitCode)> {
        bail!("this build cannot read PostgreSQL: build it with the feature `postgres`, or give a document")
    }

    async fn take_over(&self, app: &App) -> anyhow::Result<String> {
        let mut survey = Survey::new(app);
        let from = Path::new(&self.from);
        let mut document = Document::open(from, "looking at")?;
        while let Some(record) = document.next()? {
            survey.look(&record);
        }
        let mut takeover = match survey.begin().await {
            Err(TakeoverError::Refused(complaints, more)) => bail!(refusal(&complaints, more)),
            begun => begun?,
        };
        if self.dry_run {
            return Ok(listed(takeover.report(), false));
        }
        let mut document = Document::open(from, "writing")?;
        while let Some(record) = document.next()? {
            takeover.put(&record).await.context(NOTHING_KEPT)?;
        }
        let report = takeover.finish().await.context(NOTHING_KEPT)?;
        Ok(listed(&report, true))
    }
}

/// Whether this is the address of a database and not the name of a file.
fn is_address(from: &str) -> bool {
    ["postgres://", "postgresql://", "postgis://"].iter().any(|scheme| from.starts_with(scheme))
}

const NOTHING_KEPT: &str = "nothing was taken over";

/// The records of a file, and a look at how far they are.
struct Document {
    records: Box<dyn Iterator<Item = Result<Record, django::ReadError>> + Send>,
    name: String,
    count: u64,
    bar: ProgressBar,
}

impl Document {
    fn open(path: &Path, doing: &'static str) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| format!("{name} cannot be read"))?;
        let length = file.metadata().with_context(|| format!("{name} cannot be read"))?.len();
        let bar = bar(length, doing);
        let counted = Counted { file, bar: bar.clone() };
        let records = Box::new(django::records(BufReader::with_capacity(1 << 20, counted)));
        Ok(Self { records, name, count: 0, bar })
    }

    fn next(&mut self) -> anyhow::Result<Option<Record>> {
        let record = self.records.next().transpose();
        let record =
            record.with_context(|| format!("{} cannot be taken over; nothing was written", self.name))?;
        self.count += u64::from(record.is_some());
        if record.is_none() || self.count.is_multiple_of(AT_ONCE) {
            self.bar.set_message(self.count.to_string());
        }
        if record.is_none() {
            self.bar.finish_and_clear();
        }
        Ok(record)
    }
}

/// A bar for a person; nothing where nobody looks, as what was done is said at the end.
fn bar(length: u64, doing: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = "{spinner} {prefix} {msg} records, {bytes} of {total_bytes} [{elapsed_precise}] {wide_bar}";
    let style = ProgressStyle::with_template(style).expect("the template is one");
    let bar = ProgressBar::new(length).with_style(style).with_prefix(doing);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A file that says how much of it was read.
struct Counted {
    file: File,
    bar: ProgressBar,
}

impl Read for Counted {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(bytes)?;
        self.bar.inc(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

fn refusal(complaints: &[Complaint], more: u64) -> String {
    let mut text = "nothing was taken over, as this is wrong:".to_owned();
    for complaint in complaints {
        write!(text, "\n  {complaint}").expect("a String takes every text");
    }
    if more > 0 {
        write!(text, "\n  and {more} more").expect("a String takes every text");
    }
    text
}

fn listed(report: &Report, written: bool) -> String {
    let rows: Vec<[String; 3]> = report
        .kept
        .iter()
        .map(|(model, count)| {
            let changed = report.written.get(model).copied().unwrap_or_default();
            let changed = if written { changed.to_string() } else { "-".to_owned() };
            [(*model).to_owned(), count.to_string(), changed]
        })
        .collect();
    let mut text = over_rows::table(["MODEL", "RECORDS", "NEW OR CHANGED"], &rows);
    let counted = |count: u64| BTreeMap::from([(String::new(), count)]);
    for (title, found) in [
        ("Not in a document, or not kept yet; left out", &report.not_yet),
        ("Scheduled work that is not yet done here, left out", &report.tasks_not_yet),
        ("Unknown models, left out", &report.unknown_models),
        ("Unknown fields, left out", &report.unknown_fields),
        ("Left behind by design", &report.left_behind),
        ("Scheduled work that was started there", &counted(report.tasks_started)),
        ("Scheduled work overdue for longer than a week, left out", &counted(report.tasks_overdue)),
    ] {
        list(&mut text, title, found);
    }
    if !written {
        text.push_str("\nNothing was written.\n");
    }
    text
}

/// What there is some of.
fn list(text: &mut String, title: &str, found: &BTreeMap<String, u64>) {
    let found: Vec<_> = found.iter().filter(|(_, count)| **count > 0).collect();
    if found.is_empty() {
        return;
    }
    writeln!(text, "\n{title}:").expect("a String takes every text");
    for (name, count) in found {
        writeln!(text, "  {}", format!("{name} {count}").trim()).expect("a String takes every text");
    }
}
