//! `turnout-server forms`, and a forms folder that changes under a running server.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use tempfile::TempDir;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use turnout_core::{absentee::SubmissionType, address::State, ports::forms::PacketName};
use turnout_pdf::FormLibrary;
use turnout_server::reload;

/// The folder of official forms: `TURNOUT_SHARED` or the folder beside the workspace, and in it `forms`.
fn official() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "a test has no Config")]
    let shared = std::env::var_os("TURNOUT_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
    let forms = shared.join("forms");
    assert!(forms.is_dir(), "{} is missing: set TURNOUT_SHARED", forms.display());
    forms
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.arg("forms").args(arguments).current_dir(folder).env_clear();
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder that holds `new/` with these of the official files.
fn folder(places: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for place in places {
        copy(place, &folder.path().join("new").join(place));
    }
    folder
}

fn copy(place: &str, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    // not the permissions, which may be those of a folder that nobody may write
    std::fs::write(to, std::fs::read(official().join(place)).unwrap()).unwrap();
}

const FORM: &str = "register/eac-nvra.pdf";
const GEORGIA: [&str; 2] = ["absentee/states/GA.pdf", "absentee/states/GA.yml"];

#[test]
fn check_of_the_real_folder_finds_the_known_mistakes_and_says_so_with_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let forms = official();
    let output = run(folder.path(), &["check", forms.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
    let text = said(&output);
    assert_eq!(text.matches("  mistake  ").count(), 8, "{text}");
    for known in [
        "the answer drivers_license_yes is asked for, but KS.pdf has no such field",
        "the automatic field election_primary has the value false",
        "has 2 pages, but absentee/states/NC.yml says 4",
    ] {
        assert!(text.contains(known), "{known}: {text}");
    }
    assert!(text.ends_with("88 PDFs and 33 files of questions: 0 broken, 8 mistakes, 22 notes.\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let quiet = run(folder.path(), &["check", "--no-notes", forms.to_str().unwrap()]);
    assert!(!said(&quiet).contains("  note "));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a check writes nothing");
}

#[test]
fn check_of_a_good_folder_succeeds_and_of_an_unusable_one_has_a_code_of_its_own() {
    let good = folder(&[FORM, GEORGIA[0], GEORGIA[1]]);
    let output = run(good.path(), &["check", "new", "--no-notes"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    std::fs::write(good.path().join("new").join(GEORGIA[0]), "<html>not found</html>").unwrap();
    let output = run(good.path(), &["check", "new"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("broken   not a well-formed PDF"), "{}", said(&output));
    assert_eq!(run(good.path(), &["check", "no-such-folder"]).status.code(), Some(3));
    assert_eq!(run(good.path(), &["check"]).status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_form_is_examined_under_limits() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path(), &["examine", "x"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let limits = || std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    // it takes its limits before it reads what is never written
    let mut text = limits();
    for _ in 0..500 {
        if text.lines().any(|line| line.starts_with("Max file size") && !line.contains("unlimited")) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        text = limits();
    }
    for (name, most) in [
        ("Max cpu time", "10"),
        ("Max address space", "536870912"),
        ("Max open files", "16"),
        ("Max file size", "0"),
        ("Max core file size", "0"),
    ] {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        let values: Vec<&str> = line[name.len()..].split_whitespace().take(2).collect();
        assert_eq!(values, [most, most], "{line}");
    }
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(1), "nothing is no form");
}

#[test]
fn show_tells_what_there_is_for_a_state() {
    let folder = tempfile::tempdir().unwrap();
    let forms = official();
    let show = |state: &str| {
        let output = run(folder.path(), &["show", state, "--dir", forms.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
        said(&output)
    };
    let text = show("ks");
    for part in [
        "Kansas (KS), official form",
        "Print at Home        4 pages: cover, form, envelope",
        "page 1: 178 by 37 points at 87, 125",
        "- Yes (drivers_license_yes, chosen at first)",
        "[text state_id_number, required]",
        "- No (drivers_license_no, no signing online)",
        "sign_date                the day of the request",
        "election_date            “11/03/2020”",
        "Left to the voter (2 of 19 fields)\n  Democratic, Republican",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(show("NC").contains("none: the form cannot be signed online"));
    assert!(show("CA").contains("none are known"));
    assert!(show("PR").contains("there is no form"));
    let sample = said(&run(folder.path(), &["show", "GA"]));
    assert!(sample.contains("Georgia (GA), sample form"), "{sample}");
    let wrong = run(folder.path(), &["show", "XX"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(complained(&wrong).contains("a postal code is expected"));
}

#[test]
fn preview_fills_a_form_for_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let forms = official();
    let preview = |arguments: &[&str]| {
        let out = folder.path().join("out").join("x.pdf");
        let mut all = vec!["preview", "GA", "--out", out.to_str().unwrap()];
        all.extend(arguments);
        let output = run(folder.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
        let pdf = std::fs::read(&out).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        (said(&output), pdf.len())
    };
    let dir = ["--dir", forms.to_str().unwrap()];
    for (packet, pages) in [
        ("self-print", "3 pages"),
        ("leo-email", "1 page "),
        ("leo-fax", "2 pages"),
        ("print-and-forward", "3 pages"),
        ("registration", "3 pages"),
        ("registration-mail", "3 pages"),
    ] {
        let (text, size) = preview(&[dir[0], dir[1], "--packet", packet]);
        assert!(text.contains(pages) && text.contains("official form"), "{packet}: {text}");
        assert!(size > 20_000, "{packet}: {size}");
    }
    assert!(preview(&[]).0.contains("sample form"));
    let out = folder.path().join("none.pdf");
    let nowhere = run(folder.path(), &["preview", "PR", "--out", out.to_str().unwrap()]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(complained(&nowhere).contains("no preview for Puerto Rico: there is no such form"));
    assert!(!out.exists());
}

/// The code in the last line of what a first run said.
fn code(output: &Output) -> String {
    said(output).lines().last().unwrap().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn install_shows_previews_first_and_then_replaces_the_folder_in_one_step() {
    let folder = folder(&[FORM, GEORGIA[0], GEORGIA[1]]);
    let (new, forms) = (folder.path().join("new"), folder.path().join("forms"));
    let install = |more: &[&str]| {
        let mut arguments = vec!["install", "new", "--to", "forms"];
        arguments.extend(more);
        run(folder.path(), &arguments)
    };
    let first = install(&[]);
    assert_eq!(first.status.code(), Some(0), "{}", complained(&first));
    assert!(said(&first).contains("new      absentee/states/GA.pdf\n"), "{}", said(&first));
    assert!(said(&first).contains("new      absentee/states/GA.yml\n"), "{}", said(&first));
    assert!(!forms.exists(), "installed without a look");
    let previews = folder.path().join("forms-preview").join(code(&first));
    let mut names: Vec<String> = std::fs::read_dir(&previews)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["GA-leo-email.pdf", "GA-self-print.pdf", "registration.pdf"]);

    let wrong = install(&["--confirm", "00000000"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(complained(&wrong).contains("look at new previews first"), "{}", complained(&wrong));
    let done = install(&["--confirm", &code(&first)]);
    assert_eq!(done.status.code(), Some(0), "{}", complained(&done));
    assert!(forms.join(GEORGIA[1]).is_file());

    // a second one replaces it and keeps the first; a font comes along
    let font = Path::new(env!("CARGO_MANIFEST_DIR")).join("../turnout-pdf/tests/fonts/chinese.ttf");
    std::fs::create_dir(new.join("fonts")).unwrap();
    std::fs::copy(&font, new.join("fonts/chinese.ttf")).unwrap();
    copy("absentee/states/TX.pdf", &new.join("absentee/states/TX.pdf"));
    copy("absentee/states/AL.pdf", &new.join(GEORGIA[0]));
    std::fs::remove_file(new.join(GEORGIA[1])).unwrap();
    std::fs::write(new.join("notes.txt"), "not for the server").unwrap();
    let second = install(&[]);
    for line in [
        "new      absentee/states/TX.pdf",
        "changed  absentee/states/GA.pdf",
        "gone     absentee/states/GA.yml",
    ] {
        assert!(said(&second).lines().any(|it| it == line), "{line}: {}", said(&second));
    }
    std::fs::write(new.join(GEORGIA[0]), std::fs::read(official().join(GEORGIA[0])).unwrap()).unwrap();
    let late = install(&["--confirm", &code(&second)]);
    assert_eq!(late.status.code(), Some(1), "what was not looked at was installed");
    assert!(!forms.join("absentee/states/TX.pdf").exists());
    let second = install(&[]);
    let done = install(&["--confirm", &code(&second)]);
    assert_eq!(done.status.code(), Some(0), "{}", complained(&done));
    assert!(forms.join("absentee/states/TX.pdf").is_file() && !forms.join(GEORGIA[1]).exists());
    assert!(!forms.join("notes.txt").exists());
    assert_eq!(std::fs::read(forms.join("fonts/chinese.ttf")).unwrap(), std::fs::read(font).unwrap());
    assert!(folder.path().join(".forms.before").join(GEORGIA[1]).is_file());
    assert!(!folder.path().join(".forms.new").exists());

    // nothing is changed by what cannot be used
    std::fs::write(new.join(FORM), "broken").unwrap();
    let broken = install(&[]);
    assert_eq!(broken.status.code(), Some(3));
    assert!(complained(&broken).contains("nothing was changed"));
    assert!(FormLibrary::open(Some(&forms)).unwrap().packet(PacketName::Registration).is_ok());
    let nowhere = run(folder.path(), &["install", "new"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(complained(&nowhere).contains("TURNOUT_FORMS_DIR"), "{}", complained(&nowhere));
}

#[test]
fn install_follows_a_link_to_the_folder_and_takes_the_configured_one() {
    let folder = folder(&[FORM]);
    let real = folder.path().join("versions");
    copy(FORM, &real.join(FORM));
    std::os::unix::fs::symlink(&real, folder.path().join("forms")).unwrap();
    copy(GEORGIA[0], &folder.path().join("new").join(GEORGIA[0]));
    let install = |more: &[&str]| {
        let mut arguments = vec!["install", "new"];
        arguments.extend(more);
        command(folder.path(), &arguments).env("TURNOUT_FORMS_DIR", "forms").output().unwrap()
    };
    let first = install(&[]);
    assert_eq!(first.status.code(), Some(0), "{}", complained(&first));
    let done = install(&["--confirm", &code(&first)]);
    assert_eq!(done.status.code(), Some(0), "{}", complained(&done));
    assert!(std::fs::symlink_metadata(folder.path().join("forms")).unwrap().is_symlink());
    assert!(real.join(GEORGIA[0]).is_file());
}

#[tokio::test]
async fn a_server_takes_a_changed_folder_without_a_restart() {
    let folder = folder(&[FORM]);
    let forms = folder.path().join("new");
    let library = Arc::new(FormLibrary::open(Some(&forms)).unwrap());
    let stop = CancellationToken::new();
    let looking = reload::run_every(Duration::from_millis(20), Arc::clone(&library), stop.clone());
    let georgia =
        PacketName::BallotRequest { state: State::Ga, way: SubmissionType::LeoEmail, tracker: false };
    let changing = async {
        assert!(library.packet(georgia).is_err());
        copy(GEORGIA[0], &forms.join(GEORGIA[0]));
        for _ in 0..500 {
            if library.packet(georgia).is_ok() {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        assert!(library.packet(georgia).is_ok(), "the changed folder was not taken");
        stop.cancel();
    };
    tokio::join!(looking, changing);
}
