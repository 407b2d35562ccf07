//! `make importgisdata` where the network is poor: what came stays, and what lacks is fetched.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead as _, BufReader, Cursor, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
    sync::{Arc, Mutex},
    thread,
};

use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// How a file is served.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// As it is asked for, from the byte that is asked for.
    Whole,
    /// The same, up to this byte of the file, where the connection ends.
    CutOff(usize),
    /// From the beginning, whatever is asked for.
    WithoutParts,
    /// Not at all.
    Missing,
}

/// What was asked for: the name of a file, and from which byte on.
type Asked = (String, Option<usize>);

/// A server of files on loopback, each the same archive but for what is said of it.
#[derive(Clone)]
struct Mirror {
    archive: Arc<Vec<u8>>,
    ways: Arc<Mutex<HashMap<&'static str, Way>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Mirror {
    fn start() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let mirror = Self { archive: Arc::new(archive()), ways: Arc::default(), asked: Arc::default() };
        let served = mirror.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                // a client that goes away is no mistake here
                let _ = served.answer(stream.unwrap());
            }
        });
        (mirror, origin)
    }

    fn serves(&self, ways: &[(&'static str, Way)]) {
        *self.ways.lock().unwrap() = ways.iter().copied().collect();
    }

    /// What was asked for since the last time.
    fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut from = None;
        while let Some(line) = lines.next().transpose()?.filter(|line| !line.is_empty()) {
            let line = line.to_ascii_lowercase();
            let range = line.strip_prefix("range: bytes=").and_then(|range| range.strip_suffix('-'));
            from = from.or(range.map(|range| range.parse().unwrap()));
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let known = self.ways.lock().unwrap().get(name).copied();
        let way = known.unwrap_or(Way::Whole);
        self.asked.lock().unwrap().push((name.to_owned(), from));
        let size = self.archive.len();
        let begin = from.filter(|_| !matches!(way, Way::WithoutParts));
        let status = match (way, begin) {
            (Way::Missing, _) => "404 Not Found",
            (_, Some(begin)) if begin >= size => "416 Range Not Satisfiable",
            (_, Some(_)) => "206 Partial Content",
            (_, None) => "200 OK",
        };
        let begin = begin.unwrap_or_default().min(size);
        let length = if status.starts_with('4') { 0 } else { size - begin };
        let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n");
        if status.starts_with("206") {
            head.push_str(&format!("Content-Range: bytes {begin}-{}/{size}\r\n", size - 1));
        }
        stream.write_all(format!("{head}\r\n").as_bytes())?;
        let end = if let Way::CutOff(end) = way { end.min(size).max(begin) } else { size };
        if length > 0 {
            stream.write_all(&self.archive[begin..end])?;
        }
        stream.flush()
    }
}

/// A small archive, not compressed.
fn archive() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("towns.shp", stored).unwrap();
    zip.write_all(&(0..40_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>()).unwrap();
    zip.finish().unwrap().into_inner()
}

/// Runs the script in a folder of its own; a program that notes its arguments stands in for the server.
fn run(folder: &Path, origin: &str) -> Output {
    script("import_gis_data.sh", folder, origin).output().unwrap()
}

fn script(name: &str, folder: &Path, origin: &str) -> Command {
    let server = folder.join("server");
    fs::write(&server, format!("#!/bin/sh\necho \"$*\" >> {}\n", folder.join("calls").display())).unwrap();
    fs::set_permissions(&server, fs::Permissions::from_mode(0o755)).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts").join(name);
    let mut command = Command::new(script);
    command.env("GIS_MIRROR", origin).env("GIS_DOWNLOADS", folder.join("gis")).env("TURNOUT_SERVER", server);
    command.env("CARGO_TARGET_DIR", folder.join("target")).env("no_proxy", "127.0.0.1");
    command
}

fn failed(folder: &Path, origin: &str) -> String {
    let output = run(folder, origin);
    assert!(!output.status.success());
    assert!(!folder.join("calls").exists(), "nothing is imported of a part");
    String::from_utf8(output.stderr).unwrap()
}

const ALASKA: &str = "tl_2021_02_sldl.zip";
const MAINE: &str = "tl_2024_23_cousub.zip";
const MISSOURI: &str = "tl_2024_29_place.zip";

#[test]
fn a_download_that_was_cut_off_goes_on_where_it_stopped_and_what_is_whole_is_not_fetched_again() {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path();
    let (mirror, origin) = Mirror::start();
    let part = 60_000;
    mirror.serves(&[(MAINE, Way::CutOff(part)), (ALASKA, Way::Missing)]);
    let text = failed(folder, &origin);
    assert!(text.contains(&format!("COUSUB/{MAINE}")) && text.contains(&format!("SLDL/{ALASKA}")), "{text}");
    assert!(!text.contains(MISSOURI), "{text}");
    assert_eq!(mirror.asked().iter().filter(|(name, _)| name != ALASKA).count(), 10, "one after the other");
    let file = |name: &str| folder.join("gis").join(name);
    assert_eq!(fs::read(file(&format!("{MAINE}.part"))).unwrap(), mirror.archive[..part]);
    assert!(!file(MAINE).exists());

    // cut off again, a little later
    mirror.serves(&[(MAINE, Way::CutOff(2 * part)), (ALASKA, Way::Missing)]);
    failed(folder, &origin);
    let asked = mirror.asked();
    assert!(asked.contains(&(MAINE.to_owned(), Some(part))), "{asked:?}");
    assert!(asked.iter().all(|(name, _)| [MAINE, ALASKA].contains(&name.as_str())), "{asked:?}");

    mirror.serves(&[]);
    let output = run(folder, &origin);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(mirror.asked(), [(MAINE.to_owned(), Some(2 * part)), (ALASKA.to_owned(), None)]);
    assert_eq!(fs::read(file(MAINE)).unwrap(), *mirror.archive);
    let sums = fs::read_to_string(file("SHA256SUMS")).unwrap();
    let sum = hex::encode(Sha256::digest(&*mirror.archive));
    assert_eq!(sums.lines().count(), 11);
    assert!(sums.lines().all(|line| line.starts_with(&sum)), "{sums}");
    let calls = fs::read_to_string(folder.join("calls")).unwrap();
    let calls: Vec<&str> = calls.lines().collect();
    assert_eq!((calls.len(), calls[0]), (3, "migrate"));
    assert!(calls[1].starts_with("import gis /") && calls[1].split(' ').count() == 12, "{}", calls[1]);
    assert!(calls[2].starts_with("import gis --plan 2013 ") && calls[2].ends_with(ALASKA), "{}", calls[2]);

    // a file that was damaged since is fetched again, and that one alone
    fs::write(file(MISSOURI), b"damaged").unwrap();
    assert!(run(folder, &origin).status.success());
    assert_eq!(mirror.asked(), [(MISSOURI.to_owned(), None)]);
    assert_eq!(fs::read(file(MISSOURI)).unwrap(), *mirror.archive);
}

#[test]
fn a_part_that_does_not_go_on_is_fetched_from_the_beginning_and_a_wrong_one_is_thrown_away() {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path();
    let (mirror, origin) = Mirror::start();
    let gis = folder.join("gis");
    fs::create_dir(&gis).unwrap();
    let size = mirror.archive.len();
    // whole, and only not noted yet; as long as the whole, and wrong; a part, of a server that gives no parts; a part of
    // another file
    fs::write(gis.join(format!("{ALASKA}.part")), &*mirror.archive).unwrap();
    fs::write(gis.join(format!("{MAINE}.part")), vec![0; size]).unwrap();
    fs::write(gis.join(format!("{MISSOURI}.part")), &mirror.archive[..1_000]).unwrap();
    let illinois = "tl_2024_17_place.zip";
    fs::write(gis.join(format!("{illinois}.part")), vec![0; 1_000]).unwrap();
    mirror.serves(&[(MISSOURI, Way::WithoutParts)]);
    let text = failed(folder, &origin);
    assert!(text.contains(illinois) && !text.contains(MISSOURI) && !text.contains(MAINE), "{text}");
    let asked = mirror.asked();
    let of = |wanted: &str| {
        asked.iter().filter(|(name, _)| name == wanted).map(|(_, from)| *from).collect::<Vec<_>>()
    };
    assert_eq!(of(ALASKA), []);
    assert_eq!(of(MAINE), [Some(size), None]);
    assert_eq!(of(MISSOURI), [Some(1_000), None]);
    assert_eq!(of(illinois), [Some(1_000)]);
    for name in [ALASKA, MAINE, MISSOURI] {
        assert_eq!(fs::read(gis.join(name)).unwrap(), *mirror.archive, "{name}");
    }
    assert!(!gis.join(format!("{illinois}.part")).exists());
    assert!(run(folder, &origin).status.success());
    assert_eq!(mirror.asked(), [(illinois.to_owned(), None)]);
}

#[test]
fn a_dry_run_fetches_nothing_and_says_what_it_would() {
    let kept = tempfile::tempdir().unwrap();
    let (mirror, origin) = Mirror::start();
    let dry = script("import_gis_data.sh", kept.path(), &origin).env("DRY_RUN", "1").output().unwrap();
    let text = String::from_utf8(dry.stdout).unwrap();
    assert!(
        dry.status.success() && text.contains(&format!("would fetch {origin}/TIGER2021/SLDL/{ALASKA}")),
        "{text}"
    );
    assert!(mirror.asked().is_empty() && !kept.path().join("calls").exists());
}

#[test]
fn commands_over_rows_migrate_before_and_dry_runs_do_not() {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path();
    let calls = |dry: &str, arguments: &[&str]| {
        let mut command = script("over_rows.sh", folder, "http://127.0.0.1:9");
        let output = command.args(arguments).env("DRY_RUN", dry).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let calls = fs::read_to_string(folder.join("calls")).unwrap();
        fs::remove_file(folder.join("calls")).unwrap();
        calls
    };
    assert_eq!(calls("", &["sync", "offices"]), "migrate\nsync offices\n");
    assert_eq!(calls("1", &["import", "state-info"]), "import state-info --dry-run\n");
}
