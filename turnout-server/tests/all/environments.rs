//! What is done to dev, staging and prod from a developer's machine: `aws`, `jq` and `docker` stand in and note what they
//! are asked; databases are a local pair.

use std::{path::Path, process::Command};

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::support::{
    Database,
    scripts::{StandIns, root, run, said, script},
};

/// A setting that spans lines, and holds what a shell would take apart.
const KEY: &str = "first $line\nsecond 'line' \"here\" `now`";

/// Answers as the AWS CLI does. What it is asked of the Systems Manager is in the file `parameters.json`.
const AWS: &str = r#"here=$(dirname "$0")
case "$1 $2" in
    "ssm get-parameters-by-path") cat "$here/parameters.json" ;;
    "rds generate-db-auth-token") cat "$here/token" ;;
    "ecr get-login-password") echo a-password ;;
    "ecs describe-services") echo '{"services": [{"taskDefinition": "arn:task/7"}]}' ;;
    "ecs describe-task-definition")
        echo '{"taskDefinition": {"taskDefinitionArn": "arn:task/7", "revision": 7, "status": "ACTIVE", "family": "turnout-web",
               "containerDefinitions": [{"name": "turnout", "image": "old"}, {"name": "logs", "image": "logs:1"}]}}' ;;
    "ecs register-task-definition") echo '{"taskDefinition": {"taskDefinitionArn": "arn:task/8"}}' ;;
    "ecs update-service" | "ecs wait") echo '{}' ;;
    *) echo "aws knows no $1 $2" >&2; exit 2 ;;
esac"#;

/// Notes the settings that it is given by their values, and fails at what `FAILS` names.
const DOCKER: &str = r#"here=$(dirname "$0")
if [[ $1 == run ]]; then env -0 >> "$here/environment"; fi
if [[ $1 == login ]]; then cat >> "$here/typed"; fi
[[ -z ${FAILS:-} || " $* " != *" $FAILS "* ]]"#;

fn parameters(of: &[(&str, &str)]) -> String {
    let all: Vec<Value> = of
        .iter()
        .map(|(name, value)| json!({"Name": format!("/turnout/x/{name}"), "Value": value}))
        .collect();
    json!({ "Parameters": all }).to_string()
}

fn stand_ins() -> StandIns {
    let jq = r#"exec /usr/bin/jq "$@""#;
    let all = StandIns::new().program("aws", AWS).program("docker", DOCKER).program("jq", jq);
    let database = "postgres://turnout@db.example.org/turnout";
    all.file(
        "parameters.json",
        &parameters(&[("SECRET_KEY", KEY), ("DATABASE_URL", database), ("DEBUG", "false")]),
    );
    all
}

fn called<'a>(calls: &'a [String], begin: &str) -> &'a str {
    let found: Vec<&String> = calls.iter().filter(|call| call.starts_with(begin)).collect();
    let [call] = found.as_slice() else { panic!("{begin} was called {} times: {calls:#?}", found.len()) };
    call
}

fn environment(all: &StandIns) -> Vec<String> {
    let given = std::fs::read(Path::new(&all.alone()).join("environment")).unwrap();
    given.split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part).into_owned()).collect()
}

#[test]
fn a_shell_of_prod_is_the_releases_image_with_the_settings_of_prod() {
    let all = stand_ins();
    let output = script("environment_shell.sh", &[("PATH", &all.before_others()), ("TAG", "v1.2.3")], "");
    // the first argument is the environment
    assert!(!output.status.success() && said(&output).contains("dev, staging or prod"), "{}", said(&output));

    let mut command = Command::new(root().join("scripts/environment_shell.sh"));
    command.arg("prod").env_clear().env("PATH", all.before_others()).env("TAG", "v1.2.3");
    let output = run(&mut command, "");
    assert!(output.status.success(), "{}", said(&output));
    let calls = all.calls();
    let asked = called(&calls, "aws ssm");
    assert!(asked.contains("--path /turnout/prod ") && asked.contains("--with-decryption"), "{asked}");
    let ran = called(&calls, "docker run");
    assert!(ran.contains(" --publish 8000:8000 ") && ran.contains(" --read-only "), "{ran}");
    assert!(ran.ends_with(" --entrypoint /busybox/sh ghcr.io/voteamerica/turnout:v1.2.3"), "{ran}");
    for name in ["SECRET_KEY", "DATABASE_URL", "DEBUG", "ENV", "TAG"] {
        assert!(ran.contains(&format!(" --env {name} ")), "{name}: {ran}");
    }
    let everything = calls.join("\n") + &said(&output);
    assert!(!everything.contains("first $line") && !everything.contains("db.example.org"), "{everything}");
    let given = environment(&all);
    for expected in [format!("SECRET_KEY={KEY}"), "DEBUG=true".into(), "ENV=prod".into(), "TAG=v1.2.3".into()]
    {
        assert!(given.contains(&expected), "{expected:?} is not in {given:#?}");
    }
}

#[test]
fn a_command_is_run_in_place_of_the_shell_and_logs_as_production_does_when_asked() {
    let all = stand_ins();
    let mut command = Command::new("make");
    command.args(["--no-print-directory", "shellstaging", "TAG=v1.2.3", "DEBUG=false"]);
    command.arg("CMD=turnout-server jobs list | head -3").current_dir(root());
    command.env_clear().env("PATH", all.before_others());
    let output = run(&mut command, "");
    assert!(output.status.success(), "{}", said(&output));
    let calls = all.calls();
    let ran = called(&calls, "docker run");
    assert!(ran.ends_with(":v1.2.3 -c turnout-server jobs list | head -3"), "{ran}");
    assert!(called(&calls, "aws ssm").contains("--path /turnout/staging "));
    assert!(environment(&all).contains(&"DEBUG=false".to_owned()));
}

#[test]
fn dev_is_asked_for_by_its_commit_and_the_others_by_their_release() {
    let (all, repository) = (stand_ins(), Repository::new());
    let commit = repository.git(&["rev-parse", "HEAD"]);
    let make = |target: &str, tag: &str| {
        let mut command = Command::new("make");
        command.args(["--no-print-directory", target, tag]).current_dir(repository.work());
        run(command.env_clear().env("PATH", all.before_others()), "")
    };
    let output = make("shelldev", &format!("TAG={}", &commit[..10]));
    assert!(output.status.success(), "{}", said(&output));
    let calls = all.calls();
    assert!(called(&calls, "docker run").ends_with(&format!(":{}", commit.trim())), "{calls:#?}");
    for (target, tag) in [
        ("shellprod", "TAG="),
        ("shellprod", "TAG=main"),
        ("shellstaging", "TAG=1.2.3"),
        ("shelldev", "TAG="),
    ] {
        let output = make(target, tag);
        assert!(!output.status.success(), "{target} {tag}");
        assert!(said(&output).contains(&format!("make {target} TAG=")), "{}", said(&output));
    }
    assert_eq!(all.calls(), calls, "nothing was asked");
}

#[test]
fn what_is_missing_is_named_with_where_to_get_it() {
    let basis = || {
        let all = StandIns::new();
        ["bash", "dirname", "mkdir", "git", "cat", "base64"].iter().fold(all, |all, name| all.real(name))
    };
    for (all, missing) in [
        (basis().program("aws", AWS).program("jq", "true"), "docker.com"),
        (basis().program("aws", AWS).program("docker", DOCKER), "apt-get install jq"),
        (basis().program("podman", DOCKER).program("jq", "true"), "docs.aws.amazon.com"),
    ] {
        let mut command = Command::new("/bin/bash");
        command.arg(root().join("scripts/environment_shell.sh")).arg("prod");
        let output = run(command.env_clear().env("PATH", all.alone()).env("TAG", "v1.2.3"), "");
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("missing") && said(&output).contains(missing), "{}", said(&output));
        assert!(all.calls().is_empty(), "{:?}", all.calls());
    }
}

#[test]
fn the_working_tree_is_deployed_to_dev_once_devs_database_is_migrated() {
    let (all, tree) = (stand_ins(), Repository::new());
    let repository = "111122223333.dkr.ecr.us-west-2.amazonaws.com/turnout";
    let settings = [("PATH", &*all.before_others()), ("TURNOUT_DEV_IMAGE", repository)];
    let output = tree.script("local_to_dev.sh", &settings);
    assert!(output.status.success(), "{}", said(&output));
    let calls = all.calls();
    let place = |begin: &str| calls.iter().position(|call| call.starts_with(begin)).expect(begin);
    let order = ["docker build", "docker login", "docker push", "docker run", "aws ecs describe-services"];
    assert!(order.map(place).is_sorted(), "{calls:#?}");
    let image = called(&calls, "docker push").strip_prefix("docker push ").unwrap();
    assert!(image.starts_with(&format!("{repository}:local-")), "{image}");
    assert!(called(&calls, "docker run").ends_with(&format!("{image} migrate")), "{calls:#?}");
    assert!(called(&calls, "aws ssm").contains("--path /turnout/dev "), "{calls:#?}");
    assert!(!calls.join("\n").contains("a-password"), "a password is on a command line: {calls:#?}");
    let registered: Vec<&String> = calls.iter().filter(|call| call.contains("register-task")).collect();
    assert_eq!(registered.len(), 3);
    let given = registered[0].split_once("--cli-input-json ").unwrap().1.rsplit_once(" --output").unwrap().0;
    let given: Value = serde_json::from_str(given).unwrap();
    let containers = json!([{"name": "turnout", "image": image}, {"name": "logs", "image": "logs:1"}]);
    assert_eq!(given, json!({"family": "turnout-web", "containerDefinitions": containers}));
    for service in ["turnout-web", "turnout-worker", "turnout-scheduler"] {
        let update = format!("aws ecs update-service --cluster turnout-dev --service {service} ");
        assert!(called(&calls, &update).contains("--task-definition arn:task/8"), "{calls:#?}");
    }
    assert!(calls.last().unwrap().starts_with("jq") || calls.last().unwrap().starts_with("aws ecs wait"));
}

#[test]
fn a_migration_that_fails_deploys_nothing() {
    let (all, tree) = (stand_ins(), Repository::new());
    let output = tree.script("local_to_dev.sh", &[("PATH", &*all.before_others()), ("FAILS", "migrate")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("nothing was deployed"), "{}", said(&output));
    assert!(!all.calls().iter().any(|call| call.starts_with("aws ecs")), "{:#?}", all.calls());
}

/// A database of a local pair, with some rows.
async fn filled(rows: i64) -> Database {
    let database = Database::empty().await;
    let mut connection = database.connect().await;
    for statement in [
        "CREATE TABLE voter (id bigint PRIMARY KEY, name text NOT NULL)".to_owned(),
        format!("INSERT INTO voter SELECT n, 'José ' || n FROM generate_series(1, {rows}) n"),
        "CREATE VIEW names AS SELECT name FROM voter".to_owned(),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }
    database
}

async fn count(database: &Database) -> i64 {
    // it may have been made anew
    let mut connection = PgConnection::connect(database.url().as_str()).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM voter").fetch_one(&mut connection).await.unwrap()
}

/// The environment's database is `source`: its address has no password, its token is the right one.
fn stand_ins_over(source: &Database) -> StandIns {
    let all = stand_ins();
    let mut url = source.url();
    all.file("token", url.password().unwrap());
    url.set_password(None).unwrap();
    let url = url.to_string().replacen("postgres://", "postgis://", 1);
    all.file("parameters.json", &parameters(&[("DATABASE_URL", &url), ("SECRET_KEY", KEY)]));
    all
}

#[tokio::test]
async fn a_local_database_becomes_a_copy_after_its_name_was_typed() {
    let (source, target) = (filled(1_234).await, filled(3).await);
    let all = stand_ins_over(&source);
    let name = target.url().path()[1..].to_owned();
    let url = target.url().to_string();
    let restore = |typed: &str| {
        let settings = [("PATH", &*all.before_others()), ("DATABASE_URL", &*url), ("FROM", "staging")];
        script("db_local_restore.sh", &settings, typed)
    };
    for typed in ["", "yes\n", "turnout\n"] {
        let output = restore(typed);
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("nothing was changed"), "{}", said(&output));
        assert_eq!(count(&target).await, 3);
    }
    let output = restore(&format!("{name}\n"));
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    assert_eq!(count(&target).await, 1_234);
    assert_eq!(count(&source).await, 1_234, "the source is left alone");
    let wiped = said.lines().find(|line| line.starts_with("to be wiped:")).unwrap();
    assert!(wiped.contains(&name) && wiped.contains("1 tables"), "{said}");
    let from = said.lines().find(|line| line.starts_with("copied from:")).unwrap();
    assert!(from.contains(&source.url().path()[1..]) && from.contains("(staging)"), "{said}");
    assert!(from.contains("kB") || from.contains("MB"), "how large it is is not said: {said}");
    let calls = all.calls();
    let token = calls.iter().find(|call| call.starts_with("aws rds generate-db-auth-token")).unwrap();
    assert!(token.contains("--hostname 127.0.0.1") && token.contains("--username turnout"), "{token}");
    assert!(!calls.join("\n").contains(source.url().password().unwrap()), "the token is on a command line");
}

#[test]
fn a_database_that_is_not_on_this_machine_is_never_wiped() {
    let all = stand_ins();
    for url in [
        "postgres://turnout:x@db.example.org:5432/turnout",
        "postgres://turnout:x@localhost.example.org/turnout",
        "postgres://turnout:x@10.0.0.7/turnout",
        "postgres://turnout:x@localhost/turnout?host=db.example.org",
        "postgres://turnout:x@localhost/turnout?sslmode=disable&hostaddr=10.0.0.7",
        "postgres://turnout:x@localhost@db.example.org/turnout",
        "postgres:///turnout",
        "postgres://localhost/postgres",
        "sqlite://var/turnout.db",
        "",
    ] {
        let settings = [("PATH", &*all.before_others()), ("DATABASE_URL", url)];
        let output = script("db_local_restore.sh", &settings, "turnout\n");
        assert_eq!(output.status.code(), Some(1), "{url}: {}", said(&output));
        assert!(said(&output).contains("DATABASE_URL") || said(&output).contains("own"), "{}", said(&output));
    }
    assert!(all.calls().is_empty(), "{:#?}", all.calls());
}

#[tokio::test]
async fn a_source_that_breaks_off_leaves_the_local_database_as_it_was() {
    let (source, target) = (filled(10).await, filled(3).await);
    let all = stand_ins_over(&source).program("pg_dump", "exit 1");
    let url = target.url().to_string();
    let settings = [("PATH", &*all.before_others()), ("DATABASE_URL", &*url)];
    let output = script("db_local_restore.sh", &settings, &format!("{}\n", &target.url().path()[1..]));
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(count(&target).await, 3);
}

#[tokio::test]
async fn a_shell_of_an_environments_database_only_reads_unless_it_is_to_write() {
    let source = filled(5).await;
    let all = stand_ins_over(&source);
    let shell = |write: &str, typed: &str| {
        let settings = [("PATH", &*all.before_others()), ("FROM", "prod"), ("WRITE", write)];
        script("db_shell.sh", &settings, typed)
    };
    let output = shell("", "SELECT 'there are ' || count(*) FROM voter;\n");
    assert!(said(&output).contains("there are 5"), "{}", said(&output));
    let output = shell("", "DELETE FROM voter;\n");
    assert!(said(&output).contains("read-only transaction"), "{}", said(&output));
    assert_eq!(count(&source).await, 5);
    let output = shell("yes", "DELETE FROM voter WHERE id = 1;\n");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(count(&source).await, 4);
}

#[tokio::test]
async fn a_shell_of_the_local_database_needs_nobody() {
    let database = filled(5).await;
    let all = stand_ins();
    let (path, url) = (all.before_others(), database.url().to_string());
    let statement = "SELECT 'there are ' || count(*) FROM voter;\n";
    let output = script("db_shell.sh", &[("PATH", &path), ("DATABASE_URL", &url)], statement);
    assert!(said(&output).contains("there are 5"), "{}", said(&output));
    let file = Path::new(&all.alone()).join("turnout.db");
    let url = format!("sqlite://{}", file.display());
    let output = script("db_shell.sh", &[("PATH", &path), ("DATABASE_URL", &url)], statement);
    assert!(!output.status.success() && said(&output).contains("make up"), "{}", said(&output));
    std::fs::write(&file, "").unwrap();
    let typed = "CREATE TABLE voter(id); SELECT 'there are ' || count(*) FROM voter;\n";
    let output = script("db_shell.sh", &[("PATH", &path), ("DATABASE_URL", &url)], typed);
    assert!(said(&output).contains("there are 0"), "{}", said(&output));
    assert!(all.calls().is_empty(), "{:#?}", all.calls());
}

/// A working tree of its own with the scripts and what they look at, and what it is pushed to.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "--quiet", "--bare", "../remote.git"]);
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        std::fs::create_dir(repository.work().join("scripts")).unwrap();
        for name in ["common", "environments", "environment_shell", "local_to_dev", "release"] {
            let name = format!("scripts/{name}.sh");
            std::fs::copy(root().join(&name), repository.work().join(&name)).unwrap();
        }
        std::fs::copy(root().join("Makefile"), repository.work().join("Makefile")).unwrap();
        repository.write("Cargo.toml", "[workspace.package]\nversion = \"1.2.3\"\n");
        repository.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 1.2.3\n\n- all\n");
        repository.write(".gitignore", "/target\n");
        repository.git(&["remote", "add", "origin", "../remote.git"]);
        repository.commit();
        repository.git(&["push", "--quiet", "origin", "main"]);
        repository
    }

    fn work(&self) -> std::path::PathBuf {
        self.folder.path().join("work")
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.work().join(name), text).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "."]);
        self.git(&["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "all"]);
    }

    fn git(&self, arguments: &[&str]) -> String {
        std::fs::create_dir_all(self.work()).unwrap();
        let mut git = Command::new("git");
        git.args(arguments).current_dir(self.work()).env_clear().env("PATH", "/usr/bin:/bin");
        let output = run(&mut git, "");
        assert!(output.status.success(), "git {arguments:?}: {}", said(&output));
        said(&output)
    }

    fn script(&self, name: &str, settings: &[(&str, &str)]) -> std::process::Output {
        let mut command = Command::new(self.work().join("scripts").join(name));
        run(command.env_clear().envs(settings.iter().copied()), "")
    }

    fn release(&self, tag: &str) -> (bool, String) {
        let mut command = Command::new(self.work().join("scripts/release.sh"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("TAG", tag);
        command.env("GIT_COMMITTER_NAME", "a").env("GIT_COMMITTER_EMAIL", "a@example.org");
        let output = run(&mut command, "");
        (output.status.success(), said(&output))
    }
}

#[test]
fn a_release_is_a_tag_that_is_pushed_when_all_is_ready_for_it() {
    let repository = Repository::new();
    let (is_done, said) = repository.release("v1.2.3");
    assert!(is_done, "{said}");
    assert!(repository.git(&["ls-remote", "--tags", "origin"]).contains("refs/tags/v1.2.3"));
    let (is_done, said) = repository.release("v1.2.3");
    assert!(!is_done && said.contains("v1.2.3 is there already"), "{said}");
}

#[test]
fn a_release_that_is_not_ready_is_told_all_that_is_missing() {
    let repository = Repository::new();
    for tag in ["", "1.2.3", "v1.2", "main"] {
        let (is_done, said) = repository.release(tag);
        assert!(!is_done && said.contains("make release TAG=v1.2.3"), "{tag}: {said}");
    }
    repository.git(&["switch", "--quiet", "--create", "side"]);
    repository.write("more", "");
    repository.commit();
    repository.write("yet_more", "");
    let (is_done, said) = repository.release("v1.3.0");
    assert!(!is_done);
    for wrong in
        ["Cargo.toml says version 1.2.3", "'## 1.3.0'", "not committed", "this is side", "pull or push"]
    {
        assert!(said.contains(wrong), "{wrong} is not in {said}");
    }
    assert!(!repository.git(&["ls-remote", "--tags", "origin"]).contains("refs/tags/"));
}
