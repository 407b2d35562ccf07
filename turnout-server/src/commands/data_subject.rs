//! `data-subject export`, `data-subject delete`, `data-subject receipts` and `data-subject verify`.
//!
//! What somebody is known by is an argument, and is written into no log, no row and no message of ours.

use std::{
    fs,
    io::{self, Cursor, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail, ensure};
use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use turnout_core::{
    App, file,
    ids::{ReceiptId, UserId, parse_uuid},
    person::{Phone, is_email},
    ports::store::Row,
    subject::{self, Erasure, Fate, Found, Options, Person, SignedReceipt, What},
};
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::over_rows;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Writes everything that is kept of a person, and their files, into a ZIP archive.
    Export {
        #[command(flatten)]
        whom: Whom,
        /// The archive, which must not be there yet. Only its owner can read it.
        #[arg(long, value_name = "FILE.zip")]
        to: PathBuf,
        #[command(flatten)]
        who: Who,
    },
    /// Shows how much is kept of a person and what would become of it; forgets them with --apply.
    ///
    /// All of it is forgotten at once or nothing. Stops stay noted, by number and address, so that nobody is written to who
    /// asked for no more. What was stopped is called again: it deletes what is left, and gives the same receipt.
    Delete {
        #[command(flatten)]
        whom: Whom,
        /// Forgets them. This cannot be undone.
        #[arg(long)]
        apply: bool,
        /// Also the files of exports that subscribers of the person have made, since they are in those too.
        #[arg(long)]
        exports: bool,
        /// Where the receipt is written; without it, it is printed. It is kept in the database too.
        #[arg(long, value_name = "FILE.json", requires = "apply")]
        receipt: Option<PathBuf>,
        #[command(flatten)]
        who: Who,
    },
    /// Lists receipts, the newest first.
    Receipts {
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Says whether a receipt is ours and as we wrote it, and whether it is about somebody.
    Verify {
        /// The receipt: a file, or the id of one that is kept.
        receipt: String,
        #[command(flatten)]
        whom: Named,
    },
}

/// By what a person is known: everything that is named counts.
#[derive(Args)]
pub(super) struct Named {
    /// A mail address. May be given more than once.
    #[arg(long, value_name = "ADDRESS", value_parser = email)]
    email: Vec<String>,
    /// A telephone number. May be given more than once.
    #[arg(long, value_name = "NUMBER", value_parser = phone)]
    phone: Vec<Phone>,
    /// The id of a record, an action or a voter. May be given more than once.
    #[arg(long, value_name = "ID", value_parser = id)]
    uuid: Vec<Uuid>,
}

/// Without what was given.
impl std::fmt::Debug for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Named").finish_non_exhaustive()
    }
}

#[derive(Debug, Args)]
pub(super) struct Whom {
    #[command(flatten)]
    named: Named,
    /// Also what the same voter, as the rolls know them, did under other addresses and numbers.
    #[arg(long)]
    same_voter: bool,
    /// Also their account on the management site, invitations, and what they are as somebody who speaks for a subscriber.
    #[arg(long)]
    staff: bool,
}

#[derive(Debug, Args)]
pub(super) struct Who {
    /// Who does it, by the address of their account; stands in the receipt and the log as an id.
    #[arg(long, value_name = "ADDRESS")]
    by: Option<String>,
}

fn email(text: &str) -> Result<String, String> {
    let text = text.trim();
    is_email(text).then(|| text.to_owned()).ok_or_else(|| "this is no e-mail address".to_owned())
}

fn phone(text: &str) -> Result<Phone, String> {
    Phone::parse(text).ok_or_else(|| "this is no telephone number of the United States".to_owned())
}

fn id(text: &str) -> Result<Uuid, String> {
    parse_uuid(text).ok_or_else(|| "this is no id".to_owned())
}

impl Named {
    fn person(&self) -> Person {
        Person { emails: self.email.clone(), phones: self.phone.clone(), ids: self.uuid.clone() }
    }
}

impl Whom {
    fn person(&self) -> anyhow::Result<Person> {
        let person = self.named.person();
        ensure!(
            !person.is_nobody(),
            "name the person by --email, --phone or --uuid; each may be given more than once"
        );
        Ok(person)
    }

    fn options(&self, exports: bool) -> Options {
        Options { same_voter: self.same_voter, staff: self.staff, exports }
    }
}

impl Who {
    async fn user(&self, app: &App) -> anyhow::Result<Option<UserId>> {
        let Some(address) = &self.by else { return Ok(None) };
        let user = app.store.view().await?.accounts().by_email(address.trim()).await?;
        let user = user
            .context("nobody has an account with the address of --by: `user list` shows those there are")?;
        Ok(Some(user.id))
    }
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, _| match command {
        Command::Export { whom, to, who } => export(app, whom, to, who).await,
        Command::Delete { whom, apply, exports, receipt, who } => {
            let by = who.user(app).await?;
            let (person, options) = (whom.person()?, whom.options(*exports));
            if *apply {
                forget(app, &person, options, by, receipt.as_deref()).await
            } else {
                plan(app, &person, options).await
            }
        }
        Command::Receipts { limit } => receipts(app, *limit).await,
        Command::Verify { receipt, whom } => verify(app, receipt, &whom.person()).await,
    })
}

const NOBODY: &str = "Nothing is kept of this person.\n";

/// What is said of other ways to find somebody.
fn further(found: &Found) -> String {
    match found.further_contacts() {
        0 => String::new(),
        count => format!(
            "These records also have {count} other addresses or numbers. Where they are the same person's, name them too: \
             what is known by them alone was not looked for. The export shows them.\n"
        ),
    }
}

async fn plan(app: &App, person: &Person, options: Options) -> anyhow::Result<String> {
    let mut view = app.store.view().await?;
    let found = subject::gather(app, view.as_mut(), person, options).await?;
    if found.total() == 0 {
        return Ok(NOBODY.to_owned());
    }
    let rows: Vec<[String; 3]> = found
        .rows
        .iter()
        .map(|(holding, rows)| {
            [holding.name.to_owned(), rows.len().to_string(), fate(&holding.fate).to_owned()]
        })
        .collect();
    let table = over_rows::table(["TABLE", "ROWS", "WHAT BECOMES OF THEM"], &rows);
    Ok(format!("{table}{}Nothing was changed: --apply does it.\n", further(&found)))
}

fn fate(fate: &Fate) -> &'static str {
    match fate {
        Fate::Gone => "deleted",
        Fate::Cleared(_) => "kept without what is personal",
        Fate::GoneUnlessRefusal { .. } => "deleted; a wish for no messages stays",
        Fate::Discarded(_) => "the file is deleted, the row kept without what is personal",
        Fate::Stays(why) => why,
    }
}

/// Does it, or finds that it was done: after a process that was stopped the same command goes on where that one was, and
/// gives the receipt that it left.
async fn forget(
    app: &App,
    person: &Person,
    options: Options,
    by: Option<UserId>,
    to: Option<&Path>,
) -> anyhow::Result<String> {
    // found out before anything is gone
    let is_written = match to {
        Some(to) => is_written(app, person, options, to).await?,
        None => false,
    };
    let file = to.filter(|_| !is_written).map(PrivateFile::begin).transpose()?;
    let erasure = subject::forget(app, person, options, by).await?;
    let bytes = match file::delete_purged(app).await {
        Ok(_) => "",
        Err(_) => {
            "The files cannot be reached now: the job file.purge deletes them as soon as they can be.\n"
        }
    };
    let (signed, said) = match erasure {
        Erasure::Done(signed) => {
            let deleted: u64 = signed.receipt.tables.values().map(|count| count.deleted).sum();
            let said = format!("Forgotten: {deleted} rows deleted. Receipt {}.\n", signed.receipt.id);
            (signed, said)
        }
        Erasure::Nothing { stays, before: Some(signed) } => {
            let said = format!(
                "They were forgotten on {}, and nothing has come since; {stays} rows stay. Receipt {}.\n",
                moment(&signed),
                signed.receipt.id
            );
            (signed, said)
        }
        Erasure::Nothing { stays: 0, before: None } => return Ok(NOBODY.to_owned()),
        Erasure::Nothing { stays, before: None } => {
            return Ok(format!("Nothing is kept of this person but {stays} rows that stay as they are.\n"));
        }
    };
    if is_written {
        return Ok(said + bytes);
    }
    let text = serde_json::to_string_pretty(&signed)? + "\n";
    app.reached("subject.receipt.before_file");
    let Some(file) = file else { return Ok(said + bytes + &text) };
    file.finish(text.as_bytes())
        .context("it is done, and the receipt cannot be written: `data-subject receipts` has it")?;
    app.reached("subject.receipt.after_file");
    Ok(said + bytes)
}

/// Whether a file is the receipt that the person was forgotten, and nothing has come since: whoever was stopped right after
/// writing it has nothing to write any more.
async fn is_written(app: &App, person: &Person, options: Options, to: &Path) -> anyhow::Result<bool> {
    let Ok(text) = fs::read_to_string(to) else { return Ok(false) };
    let Ok(signed) = serde_json::from_str::<SignedReceipt>(&text) else { return Ok(false) };
    let is_it = signed.receipt.what == What::Deletion && signed.is_ours(app);
    if !is_it || !signed.receipt.is_about(app, person) {
        return Ok(false);
    }
    let mut view = app.store.view().await?;
    Ok(subject::gather(app, view.as_mut(), person, options).await?.is_spent())
}

async fn export(app: &App, whom: &Whom, to: &Path, who: &Who) -> anyhow::Result<String> {
    let (person, by) = (whom.person()?, who.user(app).await?);
    let mut view = app.store.view().await?;
    let found = subject::gather(app, view.as_mut(), &person, whom.options(false)).await?;
    drop(view);
    if found.total() == 0 {
        return Ok(NOBODY.to_owned());
    }
    let file = PrivateFile::begin(to)?;
    let archive = archive(app, &found).await?;
    let size = archive.len();
    file.finish(&archive)?;
    let signed = subject::export_noted(app, &person, &found, by).await?;
    Ok(format!(
        "{} rows of {} tables, {size} bytes. Receipt {}.\n{}",
        found.total(),
        found.rows.len(),
        signed.receipt.id,
        further(&found)
    ))
}

/// A new file that its owner alone can read: whole or not there. Until it is whole it lies beside, from where whoever was
/// stopped begins anew.
struct PrivateFile {
    file: fs::File,
    part: PathBuf,
    place: PathBuf,
    is_whole: bool,
}

impl PrivateFile {
    fn begin(place: &Path) -> anyhow::Result<Self> {
        ensure!(!place.exists(), "the file cannot be made: it must not be there yet");
        let mut name = place.file_name().context("this is no name of a file")?.to_owned();
        name.push(".part");
        let part = place.with_file_name(name);
        // what lies there may be another's to read
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).context("what an earlier run left beside the file cannot be removed");
            }
            _ => {}
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part).context("the file cannot be made: is its folder there?")?;
        Ok(Self { file, part, place: place.to_owned(), is_whole: false })
    }

    fn finish(mut self, content: &[u8]) -> io::Result<()> {
        self.file.write_all(content)?;
        self.file.sync_all()?;
        fs::rename(&self.part, &self.place)?;
        self.is_whole = true;
        Ok(())
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        if !self.is_whole {
            fs::remove_file(&self.part).ok();
        }
    }
}

const READ_ME: &str = "Everything that is kept of one person, by table, as JSON in tables/; files that were made for or \
sent by them in files/.\nTimes are UTC. Hashes and keys are left out. docs/data-subjects.md says what each table is for \
and how long it is kept.\n";

/// The archive. It is one person's, so it fits into memory.
async fn archive(app: &App, found: &Found) -> anyhow::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let mut put = |name: &str, content: &[u8]| -> anyhow::Result<()> {
        zip.start_file(name, options)?;
        Ok(zip.write_all(content)?)
    };
    put("README.txt", READ_ME.as_bytes())?;
    let mut missing = Vec::new();
    for (holding, rows) in &found.rows {
        put(&format!("tables/{}.json", holding.name), serde_json::to_string_pretty(rows)?.as_bytes())?;
        if !matches!(holding.fate, Fate::Discarded(_)) {
            continue;
        }
        for row in rows.iter().filter(|row| row.get("purged").is_none_or(Value::is_null)) {
            let (id, key) = (text(row, "uuid"), text(row, "file"));
            match app.files.get(key).await {
                Ok(Some(bytes)) => put(&format!("files/{id}-{}", file_name(row)), &bytes)?,
                Ok(None) => missing.push(id.to_owned()),
                Err(_) => bail!("the files cannot be reached now: try again later; nothing was written"),
            }
        }
    }
    let counts: serde_json::Map<String, Value> =
        found.rows.iter().map(|(holding, rows)| (holding.name.to_owned(), rows.len().into())).collect();
    let manifest = json!({
        "made_at": app.now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "rows": counts,
        "files_not_there": missing,
    });
    put("manifest.json", serde_json::to_string_pretty(&manifest)?.as_bytes())?;
    Ok(zip.finish()?.into_inner())
}

fn text<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).and_then(Value::as_str).unwrap_or_default()
}

/// What a file is called in the archive: nothing that could leave its folder.
fn file_name(row: &Row) -> String {
    let name = text(row, "name");
    let name = if name.is_empty() { text(row, "content_type") } else { name };
    name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' }).collect()
}

async fn receipts(app: &App, limit: u32) -> anyhow::Result<String> {
    let all = app.store.view().await?.subjects().receipts(limit).await?;
    if all.is_empty() {
        return Ok("No receipts: nobody was forgotten or given what is kept of them.\n".to_owned());
    }
    let rows: Vec<[String; 5]> = all
        .iter()
        .map(|signed @ SignedReceipt { receipt, .. }| {
            [
                receipt.id.to_string(),
                what(receipt.what).to_owned(),
                moment(signed),
                receipt.by.map_or_else(|| "command line".to_owned(), |by| by.to_string()),
                receipt.tables.values().map(|count| count.deleted).sum::<u64>().to_string(),
            ]
        })
        .collect();
    Ok(over_rows::table(["RECEIPT", "WHAT", "WHEN", "BY", "ROWS DELETED"], &rows))
}

/// When it was done.
fn moment(signed: &SignedReceipt) -> String {
    signed.receipt.at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn what(what: What) -> &'static str {
    match what {
        What::Deletion => "deletion",
        What::Export => "export",
    }
}

async fn verify(app: &App, receipt: &str, person: &Person) -> anyhow::Result<String> {
    let signed: SignedReceipt = match ReceiptId::parse(receipt) {
        Some(id) => {
            let kept = app.store.view().await?.subjects().receipt(id).await?;
            kept.context("there is no such receipt: `data-subject receipts` lists them")?
        }
        None => {
            let text = fs::read_to_string(receipt).context("the receipt cannot be read")?;
            serde_json::from_str(&text).context("this is no receipt")?
        }
    };
    ensure!(signed.is_ours(app), "this receipt is not ours, or was changed since it was written");
    let mut said =
        format!("The receipt is ours and unchanged: {} of {}.\n", what(signed.receipt.what), moment(&signed));
    if !person.is_nobody() {
        said += if signed.receipt.is_about(app, person) {
            "It is about this person.\n"
        } else {
            "It is not about anybody by this address, number or id.\n"
        };
    }
    Ok(said)
}
