//! `turnout-server messages`, from the command line.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use turnout_core::wording::{sample, stamps};

use crate::support::MailPeer;

fn ran(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    command.arg("messages").args(arguments).current_dir(folder).env_clear();
    command.output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn what_is_built_in_has_no_flaws() {
    let folder = tempfile::tempdir().unwrap();
    let output = ran(folder.path(), &["check"]);
    assert!(output.status.success());
    assert_eq!(printed(&output), "All translations are whole.\n");
}

#[test]
fn a_language_of_ones_own_is_checked_until_it_is_whole_and_noted_as_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("pt-BR.ftl"), "greeting = Olá, { $nome },\nnobody-says = Nada\n").unwrap();
    fs::write(own.join("notes.txt"), "not a language").unwrap();
    let output = ran(folder.path(), &["check", "--from", "own"]);
    assert!(!output.status.success());
    let report = printed(&output);
    for line in [
        "pt-BR: no stamps",
        "pt-BR: greeting differs in blanks: name, nome",
        "pt-BR: nobody-says is said by nobody",
        "pt-BR: sign-off is missing",
        "sentences have flaws.",
    ] {
        assert!(report.contains(line), "{line}: {report}");
    }

    // English itself, as a translation of English: whole
    let english = ["mail", "text"].map(|file| {
        let file = format!("../turnout-core/locales/en/{file}.ftl");
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
    });
    fs::write(own.join("pt-BR.ftl"), english.concat()).unwrap();
    let output = ran(folder.path(), &["check", "--from", "own", "--translated", "pt-br"]);
    assert!(output.status.success(), "{}", printed(&output));
    assert_eq!(fs::read_to_string(own.join("pt-BR.tsv")).unwrap(), stamps());

    let old = stamps().replace("greeting\t", "greeting\t0");
    fs::write(own.join("pt-BR.tsv"), old).unwrap();
    let output = ran(folder.path(), &["check", "--from", "own"]);
    assert!(!output.status.success());
    assert_eq!(printed(&output), "pt-BR: greeting is stale\n1 sentence has a flaw.\n");
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text, complaint) in
        [("1.ftl", "", "name it after its language"), ("pt.ftl", "greeting = {\n", "no Fluent")]
    {
        let own = folder.path().join(file.replace('.', "-"));
        fs::create_dir(&own).unwrap();
        fs::write(own.join(file), text).unwrap();
        let output = ran(folder.path(), &["check", "--from", own.to_str().unwrap()]);
        let error = String::from_utf8(output.stderr.clone()).unwrap();
        assert!(!output.status.success() && error.contains(complaint), "{file}: {error}");
    }
}

#[test]
fn everything_we_say_is_written_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let output = ran(folder.path(), &["preview", "--out", "out/all"]);
    assert!(output.status.success());
    let count = fs::read_dir(folder.path().join("out/all")).unwrap().count();
    assert_eq!(count, (sample().len() * 2 + 1) * 2);
    assert!(printed(&output).contains(&format!("{count} files")));
    let texts = fs::read_to_string(folder.path().join("out/all/texts.es.txt")).unwrap();
    assert!(texts.contains("welcome.register (Gsm7, ") && texts.contains("Gracias por"), "{texts}");
    let mail = fs::read_to_string(folder.path().join("out/all/register.form.es.html")).unwrap();
    assert!(mail.contains("<html lang=\"es\">"));

    let output = ran(folder.path(), &["preview", "--out", "out/es", "--language", "ES"]);
    assert!(output.status.success());
    assert_eq!(fs::read_dir(folder.path().join("out/es")).unwrap().count(), sample().len() * 2 + 1);
    assert!(!ran(folder.path(), &["preview", "--out", "out/x", "--language", "xx"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn test_mails_go_to_those_who_test() {
    let folder = tempfile::tempdir().unwrap();
    let peer = MailPeer::start().await;
    let sent = |addresses: &str, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.arg("messages").arg("send-test").args(arguments).current_dir(folder.path()).env_clear();
        command.env("TEST_ADDRS", addresses).env("SMTP_URL", &peer.url).output().unwrap()
    };
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    migrate.arg("migrate").current_dir(folder.path()).env_clear();
    let migrated = migrate.output().unwrap();
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    for (addresses, arguments, complaint) in [
        ("", &[][..], "set TEST_ADDRS"),
        ("ann", &[], "TEST_ADDRS"),
        ("ann@example.org", &["--only", "register.fox"], "there is no mail register.fox; there are "),
        ("ann@example.org", &["--language", "tlh"], "tlh is not spoken"),
    ] {
        let output = sent(addresses, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(complaint), "{said}");
    }
    let one = ["--only", "register.form", "--language", "es"];
    let output = sent("[\"ann@example.org\", \"bob@example.org\"]", &one);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(printed(&output), "Sent: 1 mails to each of 2 addresses.\n");
    let mails = peer.mails(2).await;
    for (mail, address) in mails.iter().zip(["ann@example.org", "bob@example.org"]) {
        assert!(mail.contains(&format!("To: {address}")), "{mail}");
    }
}
