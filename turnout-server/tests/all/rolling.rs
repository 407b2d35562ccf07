//! Both web processes behind a balancer are replaced in turn while 500 requests arrive each second. The balancer is nginx;
//! what it knows of the processes is what `/-/health/` says.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

use crate::support::{
    Database, MailPeer, Running,
    scripts::{StandIns, root, run, said},
};

const RATE: u32 = 500;
/// How often the balancer asks each process for its health.
const LOOKS: Duration = Duration::from_millis(100);
/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// One request of so many keeps a registration.
const WRITES: u32 = 25;
/// With what the program of the tests ends where the machine did not carry the rate and nothing else is wrong: that says
/// nothing about the server, and `scripts/rolling.sh` tries again. Whatever else fails ends it as tests do, and is final.
const NOT_CARRIED: i32 = 75;

/// nginx before the processes that are well. It tries no request twice.
struct Balancer {
    folder: tempfile::TempDir,
    nginx: Child,
    address: SocketAddr,
}

impl Balancer {
    async fn start(well: &BTreeSet<SocketAddr>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        // the workers of a server that root starts are somebody else
        let user = if rustix::process::geteuid().is_root() { "user root;" } else { "" };
        let configuration = format!(
            "{user} daemon off; pid nginx.pid; error_log error.log warn; worker_processes 1;
             events {{ worker_connections 4096; }}
             http {{
               log_format upstream '$upstream_addr $status';
               access_log access.log upstream;
               client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
               uwsgi_temp_path uwsgi; scgi_temp_path scgi;
               upstream web {{ include upstream.conf; keepalive 32; keepalive_timeout 10s; }}
               server {{
                 listen {address} backlog=4096;
                 location / {{
                   proxy_pass http://web; proxy_http_version 1.1; proxy_next_upstream off;
                   proxy_set_header Connection ''; proxy_set_header Host localhost;
                 }}
               }}
             }}"
        );
        std::fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
        write_upstream(folder.path(), well);
        let nginx = Command::new("/usr/sbin/nginx")
            .arg("-p")
            .arg(folder.path())
            .args(["-e", "error.log", "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed: scripts/packages.sh does so");
        let balancer = Self { folder, nginx, address };
        for _ in 0..500 {
            if TcpStream::connect(address).await.is_ok() {
                return balancer;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("nginx does not listen within 5 s: {}", read(&balancer.folder.path().join("error.log")));
    }

    fn send_to(&self, well: &BTreeSet<SocketAddr>) {
        write_upstream(self.folder.path(), well);
        self.signal("HUP");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.nginx.id().to_string()]).status().unwrap();
        assert!(sent.success(), "no signal could be sent: {sent}");
    }

    /// How many requests each process answered.
    fn answered(&self) -> BTreeMap<String, usize> {
        let mut answered = BTreeMap::new();
        for line in read(&self.folder.path().join("access.log")).lines() {
            let (process, _) = line.split_once(' ').unwrap();
            *answered.entry(process.to_owned()).or_default() += 1;
        }
        answered
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.signal("TERM");
        // its workers end with it
        let _ = self.nginx.wait();
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn write_upstream(folder: &Path, well: &BTreeSet<SocketAddr>) {
    let mut servers = String::new();
    for address in well {
        writeln!(servers, "server {address} max_fails=0;").unwrap();
    }
    std::fs::write(folder.join("upstream.new"), servers).unwrap();
    std::fs::rename(folder.join("upstream.new"), folder.join("upstream.conf")).unwrap();
}

/// The processes that there are.
type Processes = Arc<Mutex<BTreeSet<SocketAddr>>>;

/// Sends requests to the processes that say that they are well, and to no others. Tells whom it sends them to.
async fn balance(balancer: &Balancer, processes: Processes, sends_to: watch::Sender<BTreeSet<SocketAddr>>) {
    let mut looks = interval(LOOKS);
    loop {
        looks.tick().await;
        let known = processes.lock().unwrap().clone();
        let mut well = BTreeSet::new();
        for address in known {
            let answer = timeout(Duration::from_secs(1), ask(address, "GET /-/health/", "")).await;
            if matches!(answer, Ok(Ok(_))) {
                well.insert(address);
            }
        }
        // with nobody left it would refuse its configuration
        if !well.is_empty() && well != *sends_to.borrow() {
            balancer.send_to(&well);
            sends_to.send_replace(well);
        }
    }
}

/// One request on a connection of its own. The body of a whole answer with 200; else what went wrong.
async fn ask(address: SocketAddr, line: &str, body: &str) -> Result<String, String> {
    let request = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let said = async {
        let mut connection = TcpStream::connect(address).await?;
        connection.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = match timeout(PATIENCE, said).await {
        Ok(Ok(answer)) => String::from_utf8_lossy(&answer).into_owned(),
        Ok(Err(error)) => return Err(format!("{line}: {error}")),
        Err(_) => return Err(format!("{line}: no answer within {PATIENCE:?}")),
    };
    let (head, body) =
        answer.split_once("\r\n\r\n").ok_or_else(|| format!("{line}: broke off: {answer:?}"))?;
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|it| it.strip_prefix("content-length: "));
    let is_whole = length.is_some_and(|length| length.parse() == Ok(body.len()));
    if head.starts_with("http/1.1 200 ") && is_whole {
        Ok(body.to_owned())
    } else {
        Err(format!("{line}: {}", head.lines().next().unwrap_or_default()))
    }
}

/// What the `number`th visitor wants.
async fn visit(address: SocketAddr, number: u32) -> Result<String, String> {
    if number.is_multiple_of(WRITES) {
        let voter = json!({
            "first_name": "Ada", "last_name": format!("Visitor {number}"), "email": "ada@example.org",
            "date_of_birth": "1990-02-03", "address1": "1 Main St", "city": "Denver", "state": "CO", "zipcode": "80202",
        });
        return ask(address, "POST /v1/registration/register/?incomplete=true", &voter.to_string()).await;
    }
    let path = if number % 10 == 3 { "/-/alive/" } else { "/v1/election/state/CO/" };
    ask(address, &format!("GET {path}"), "").await
}

/// Visitors arrive at the same rate whatever becomes of those before. What went wrong, and how many there were.
async fn visitors(address: SocketAddr, for_seconds: u32) -> (Vec<String>, u32) {
    let per_tick = RATE / 100;
    let mut ticks = interval(Duration::from_millis(10));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut visits = JoinSet::new();
    let number = RATE * for_seconds;
    for first in (0..number).step_by(per_tick as usize) {
        ticks.tick().await;
        for visitor in first..first + per_tick {
            visits.spawn(visit(address, visitor));
        }
    }
    let outcomes = visits.join_all().await;
    (outcomes.into_iter().filter_map(Result::err).collect(), number)
}

/// Web processes over one database.
struct Deployment {
    folder: tempfile::TempDir,
    settings: Vec<(&'static str, String)>,
    processes: Processes,
}

impl Deployment {
    async fn start_one(&self) -> Running {
        let settings: Vec<(&str, &str)> =
            self.settings.iter().map(|(name, it)| (*name, it.as_str())).collect();
        let server = Running::start("serve", self.folder.path(), &settings).await;
        self.processes.lock().unwrap().insert(server.address());
        server
    }

    /// As a supervisor does: asks it to end, waits for that, starts another one, waits until it is sent requests.
    async fn replace(&self, server: &mut Running, sends_to: &mut watch::Receiver<BTreeSet<SocketAddr>>) {
        server.signal("TERM");
        let status = server.ended(PATIENCE).await.expect("it stops");
        assert_eq!(status.code(), Some(0));
        self.processes.lock().unwrap().remove(&server.address());
        *server = self.start_one().await;
        let address = server.address();
        let sent = sends_to.wait_for(|well| well.contains(&address));
        timeout(PATIENCE, sent).await.expect("it is found well").unwrap();
    }
}

/// What became of it.
struct Outcome {
    number: u32,
    took: Duration,
    replaced: usize,
    failures: Vec<String>,
    /// Of each process.
    answered: BTreeMap<String, usize>,
    /// Registrations in the database.
    kept: i64,
}

/// Replaces the processes again and again while visitors come, but for the last ten seconds; each at least once.
async fn replaced_under_load(for_seconds: u32, shutdown_delay: &str) -> Outcome {
    let database = Database::empty().await;
    let mail = MailPeer::start().await;
    let settings = vec![
        ("DEBUG", "true".to_owned()),
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef".to_owned()),
        ("DATABASE_URL", database.url().to_string()),
        ("SMTP_URL", mail.url.clone()),
        ("RATE_LIMITS", "off".to_owned()),
        ("TURNOUT_LOG", "warn".to_owned()),
        ("HTTP_SHUTDOWN_DELAY_SECONDS", shutdown_delay.to_owned()),
    ];
    let deployment =
        Deployment { folder: tempfile::tempdir().unwrap(), settings, processes: Processes::default() };
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
    migrate.arg("migrate").current_dir(deployment.folder.path()).env_clear();
    let migrated = migrate.envs(deployment.settings.iter().map(|(name, it)| (*name, it))).output().unwrap();
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));

    let mut servers = [deployment.start_one().await, deployment.start_one().await];
    let first: BTreeSet<SocketAddr> = servers.iter().map(Running::address).collect();
    let balancer = Balancer::start(&first).await;
    let (sends_to, mut sent_to) = watch::channel(first);
    let processes = Arc::clone(&deployment.processes);
    let (begun, replaces) = (Instant::now(), Duration::from_secs(for_seconds.saturating_sub(10).into()));
    let mut replaced = 0;
    let replacing = async {
        sleep(Duration::from_secs(2)).await;
        while begun.elapsed() < replaces || replaced < 2 {
            deployment.replace(&mut servers[replaced % 2], &mut sent_to).await;
            replaced += 1;
        }
    };
    let visiting = async { (visitors(balancer.address, for_seconds).await, begun.elapsed()) };
    let ((failures, number), took) = tokio::select! {
        ((), visited) = async { tokio::join!(replacing, visiting) } => visited,
        () = balance(&balancer, processes, sends_to) => unreachable!("it never ends"),
    };
    let kept = sqlx::query_scalar("SELECT count(*) FROM register_registration");
    let kept = kept.fetch_one(&mut database.connect().await).await.unwrap();
    let answered = balancer.answered();
    println!("{number} requests in {took:.1?}, {replaced} processes replaced, failed: {}", failures.len());
    println!("answered by: {answered:?}");
    Outcome { number, took, replaced, failures, answered, kept }
}

/// `scripts/rolling.sh` over tests that end with these codes, one after the other: its own code, and how often it tried.
fn rolled(codes: &[i32]) -> (Option<i32>, usize) {
    let all = StandIns::new().program("sleep", "");
    let folder = Path::new(&all.alone()).to_owned();
    std::fs::create_dir(folder.join("scripts")).unwrap();
    for name in ["scripts/common.sh", "scripts/rolling.sh"] {
        std::fs::copy(root().join(name), folder.join(name)).unwrap();
    }
    let codes: Vec<String> = codes.iter().map(i32::to_string).collect();
    all.file("codes", &codes.join("\n"));
    let servers = "#!/bin/bash\necho tried >> tries\nexit \"$(sed -n \"$(wc -l < tries)p\" codes)\"\n";
    for (name, text) in [("with_servers.sh", servers), ("packages.sh", "#!/bin/bash\n")] {
        let path = all.file(&format!("scripts/{name}"), text);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut script = Command::new(folder.join("scripts/rolling.sh"));
    let output = run(script.env_clear().env("PATH", all.before_others()), "");
    let tries = read(&folder.join("tries")).lines().count();
    println!("{codes:?}: {}", said(&output));
    (output.status.code(), tries)
}

#[test]
fn a_rate_that_was_not_carried_is_tried_again_and_a_request_that_failed_is_not() {
    assert_eq!(rolled(&[0]), (Some(0), 1));
    assert_eq!(rolled(&[101, 0]), (Some(1), 1), "what fails is not tried until it passes");
    assert_eq!(rolled(&[NOT_CARRIED, 0]), (Some(0), 2));
    assert_eq!(rolled(&[NOT_CARRIED, NOT_CARRIED, 101]), (Some(1), 3));
    assert_eq!(rolled(&[NOT_CARRIED, 1, 0]), (Some(1), 2));
    assert_eq!(rolled(&[NOT_CARRIED; 4]), (Some(NOT_CARRIED), 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine for 30 s: make rolling"]
async fn both_web_processes_are_replaced_and_no_request_fails() {
    let Outcome { number, took, replaced, failures, answered, kept } = replaced_under_load(30, "2").await;
    let some = &failures[..failures.len().min(3)];
    assert!(failures.is_empty(), "{} of {number} failed, such as {some:?}", failures.len());
    assert_eq!(answered.values().sum::<usize>(), number as usize);
    assert_eq!(answered.len(), 2 + replaced, "each process was sent requests");
    assert_eq!(kept, i64::from(number / WRITES), "each registration is kept, once");
    if took >= Duration::from_secs(33) {
        println!("the machine did not carry {RATE} requests a second: {took:?}");
        // servers, balancer and database are gone by now
        std::process::exit(NOT_CARRIED);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine for 6 s: make rolling"]
async fn without_the_delay_requests_fail_and_this_test_sees_it() {
    let outcome = replaced_under_load(6, "0").await;
    assert!(!outcome.failures.is_empty(), "what is the delay for?");
}
