//! What the image promises, on the program itself, as no container engine is at hand: it runs as `nobody`, without a
//! capability, in a tree that is read-only and holds nothing but the program and its libraries, with one folder that is
//! written; it tells how it is, and ends on SIGTERM.

use std::{
    net::TcpListener,
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::time::sleep;

const NOBODY: u32 = 65_534;
const PROGRAM: &str = "usr/local/bin/turnout-server";
/// In a mount namespace of its own: the tree at `$1` with the program `$2` and the folder `$3` in it, read-only but for
/// that; then what is left, without a right.
const ENTER: &str = r#"set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount --bind "$2" "$1/usr/local/bin/turnout-server"
mount --bind "$3" "$1/data"
mount -o remount,bind,ro "$1"
root=$1; shift 3
exec setpriv --no-new-privs --bounding-set=-all,+sys_chroot,+setuid,+setgid --inh-caps=-all \
    chroot --userspec=65534:65534 --groups=65534 "$root" /usr/local/bin/turnout-server "$@""#;

/// What an image is made of.
struct Image {
    _folder: tempfile::TempDir,
    root: PathBuf,
    data: PathBuf,
    port: u16,
}

impl Image {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let (root, data) = (folder.path().join("root"), folder.path().join("data"));
        for part in ["usr/local/bin", "data"] {
            std::fs::create_dir_all(root.join(part)).unwrap();
        }
        std::fs::create_dir(&data).unwrap();
        chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700)).unwrap();
        // what the program is mounted on
        std::fs::write(root.join(PROGRAM), "").unwrap();
        for library in libraries() {
            let place = root.join(library.strip_prefix("/").unwrap());
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::copy(&library, &place).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { _folder: folder, root, data, port }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--", "sh", "-c", ENTER, "sh"]);
        command.arg(&self.root).arg(env!("CARGO_BIN_EXE_turnout-server")).arg(&self.data).args(arguments);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").stdin(Stdio::null());
        // as the Dockerfile has it
        command.env("HOST", "0.0.0.0").env("PORT", self.port.to_string());
        command.env("TURNOUT_DATA_DIR", "/data").env("TMPDIR", "/data");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn start(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Container {
        let log = self.data.with_file_name("log");
        let lines = std::fs::File::create(&log).unwrap();
        let mut command = self.command(arguments);
        command.envs(settings.iter().copied()).stdout(lines.try_clone().unwrap()).stderr(lines);
        Container { process: command.spawn().unwrap(), log }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

/// A process of the image. Killed when dropped.
struct Container {
    process: Child,
    log: PathBuf,
}

impl Container {
    fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// A line of what the kernel says of the process.
    fn status(&self, name: &str) -> String {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the kernel says so");
        line.trim().to_owned()
    }

    /// Code and how long it took.
    fn stop(mut self) -> (Option<i32>, Duration) {
        let begun = Instant::now();
        let sent =
            Command::new("kill").args(["-s", "TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
        while begun.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.process.try_wait().unwrap() {
                return (status.code(), begun.elapsed());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end on SIGTERM: {}", self.said());
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // both fail only when it has ended already
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program's libraries, its loader among them.
fn libraries() -> Vec<PathBuf> {
    let output = Command::new("ldd").arg(env!("CARGO_BIN_EXE_turnout-server")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let words = said.split_whitespace().filter(|word| word.starts_with('/'));
    let found: Vec<PathBuf> = words.map(PathBuf::from).collect();
    assert!(found.iter().any(|it| it.to_string_lossy().contains("libc.so")), "{said}");
    found
}

/// Only who has rights may take them away. Who is root, and CI, have them or are told that they lack them: what the image
/// promises would go unasked there otherwise, and nobody would know.
#[expect(clippy::disallowed_methods, reason = "whether this is CI is told by the environment")]
fn is_possible() -> bool {
    let is_possible = Command::new("unshare").args(["--mount", "true"]).status().is_ok_and(|it| it.success());
    if !is_possible {
        let is_ci = std::env::var_os("CI").is_some_and(|it| !it.is_empty());
        assert!(
            !is_ci && !rustix::process::geteuid().is_root(),
            "no mount namespace: `unshare --mount` has to work here (docker run --privileged)"
        );
        println!("no mount namespace: nobody was asked what the image promises");
    }
    is_possible
}

/// Every file below a folder.
fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[tokio::test]
async fn the_program_runs_as_nobody_over_a_read_only_tree_and_ends_when_it_is_told_to() {
    if !is_possible() {
        return;
    }
    let image = Image::new();
    assert_eq!(image.run(&["health"]).status.code(), Some(1), "nobody is there yet");
    let settings = [("DEBUG", "true"), ("HTTP_SHUTDOWN_DELAY_SECONDS", "1")];
    let container = image.start(&["all-in-one"], &settings);
    let begun = Instant::now();
    while image.run(&["health"]).status.code() != Some(0) {
        assert!(begun.elapsed() < Duration::from_secs(60), "it is not well: {}", container.said());
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(image.run(&["health", "--alive"]).status.code(), Some(0));

    let ids = format!("{NOBODY}\t{NOBODY}\t{NOBODY}\t{NOBODY}");
    for (name, expected) in [
        ("Uid:", ids.as_str()),
        ("Gid:", &ids),
        ("CapPrm:", "0000000000000000"),
        ("CapEff:", "0000000000000000"),
        ("CapInh:", "0000000000000000"),
        // the three by which it came in, of which none can be had again
        ("CapBnd:", "00000000000400c0"),
        ("NoNewPrivs:", "1"),
    ] {
        assert_eq!(container.status(name), expected, "{name}");
    }

    // a whole way: rows, a filled form, its bytes, a mail
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let voter = json!({
        "first_name": "José", "last_name": "Núñez", "email": "jose@example.org", "date_of_birth": "1990-02-03",
        "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202", "us_citizen": true,
        "is_18_or_over": true, "declaration": true, "state_id_number": "ZQ-9137-4411",
    });
    let register = client.post(image.url("/v1/registration/register/")).json(&voter);
    let answer = register.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", container.said());
    let answer: Value = answer.json().await.unwrap();
    assert!(answer["uuid"].is_string(), "{answer}");
    let outbox = image.data.join("outbox");
    let begun = Instant::now();
    while std::fs::read_dir(&outbox).map_or(0, Iterator::count) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "no mail: {}", container.said());
        sleep(Duration::from_millis(20)).await;
    }

    let (code, took) = container.stop();
    assert_eq!(code, Some(0));
    assert!(took >= Duration::from_secs(1), "balancers had no time: {took:?}");
    assert_eq!(image.run(&["health"]).status.code(), Some(1), "nobody is there any more");

    let mut written = Vec::new();
    files_below(&image.data, &mut written);
    assert!(written.iter().any(|it| it.ends_with("turnout.db")), "{written:?}");
    let mut there = Vec::new();
    files_below(&image.root, &mut there);
    assert_eq!(there.len(), libraries().len() + 1, "something was written beside /data: {there:?}");
}

#[test]
fn a_command_that_needs_no_folder_leaves_none_behind() {
    if !is_possible() {
        return;
    }
    let image = Image::new();
    let output = image.run(&["--version"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.starts_with(b"turnout-server "));
    assert_eq!(std::fs::read_dir(&image.data).unwrap().count(), 0);
}

/// The line of the Dockerfile that begins with this word.
fn line_of<'a>(dockerfile: &'a str, word: &str) -> &'a str {
    let lines: Vec<&str> = dockerfile.lines().filter_map(|line| line.strip_prefix(word)).collect();
    lines.last().unwrap_or_else(|| panic!("the Dockerfile has no {word}")).trim()
}

#[test]
fn the_dockerfile_says_what_is_tested_here() {
    let dockerfile = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Dockerfile");
    let dockerfile = std::fs::read_to_string(dockerfile).unwrap();
    let user = line_of(&dockerfile, "USER ");
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "{user}");
    let environment = line_of(&dockerfile, "ENV ");
    for setting in ["HOST=0.0.0.0", "TURNOUT_DATA_DIR=/data", "TMPDIR=/data"] {
        assert!(environment.split(' ').any(|it| it == setting), "{setting} is not in {environment}");
    }
    assert_eq!(line_of(&dockerfile, "VOLUME "), "/data");
    assert_eq!(line_of(&dockerfile, "STOPSIGNAL "), "SIGTERM");
    assert_eq!(line_of(&dockerfile, "ENTRYPOINT "), format!("[\"/{PROGRAM}\"]"));
}
