//! Connections over real sockets: silence, slowness, limits and the end.

use std::{net::SocketAddr, time::Duration};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, timeout},
};
use turnout_server::http::{ApiError, Request, Response, Route, response, serve};

use crate::support::{Setup, TestServer};

const SOON: Duration = Duration::from_secs(5);

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
    _server: TestServer,
}

/// A server on a free port whose patience is short.
#[expect(clippy::disallowed_methods, reason = "a test, whose runtime ends with it")]
async fn run(change: impl FnOnce(&mut Setup)) -> Running {
    let server = TestServer::with(|setup| {
        setup.http.header_timeout = Duration::from_millis(300);
        setup.http.body_timeout = Duration::from_millis(300);
        setup.http.drain_timeout = Duration::from_secs(2);
        change(setup);
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let ended = tokio::spawn(serve(server.web.clone(), listener, shutdown));
    Running { address, stop, ended, _server: server }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes and reads until the server closes.
    async fn talk(&self, request: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        rest(&mut stream).await
    }
}

/// Everything until the server closes. A reset is an end too: the server left bytes unread.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("the server closes the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_request_is_answered_and_the_connection_kept() {
    let running = run(|_| {}).await;
    let mut stream = running.connect().await;
    for _ in 0..2 {
        stream.write_all(b"GET /-/alive HTTP/1.1\r\nHost: 10.0.0.9\r\n\r\n").await.unwrap();
        let mut text = String::new();
        while !text.ends_with("\r\n\r\nok") {
            let mut bytes = [0; 1024];
            let count = timeout(SOON, stream.read(&mut bytes)).await.unwrap().unwrap();
            assert!(count > 0, "{text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    }
    let head = running.talk("HEAD /-/health/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(head.contains("content-length: 16\r\n") && head.ends_with("\r\n\r\n"), "{head}");
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut() {
    let running = run(|_| {}).await;
    let started = Instant::now();
    for said in ["", "GET /-/alive/ HTTP/1.1\r\nHost: localhost\r\n", "GET /-/al"] {
        assert!(!running.talk(said).await.starts_with("HTTP/1.1 200"), "{said}");
    }
    // and one that kept its connection without a further request
    let idle = running.talk("GET /-/alive/ HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(idle.starts_with("HTTP/1.1 200"));
    assert!(started.elapsed() < SOON);
}

#[tokio::test]
async fn a_head_that_trickles_is_cut() {
    let running = run(|_| {}).await;
    let mut stream = running.connect().await;
    let started = Instant::now();
    let mut cut = false;
    for letter in
        "GET /-/alive/ HTTP/1.1\r\nHost: localhost\r\nX-Padding: ".chars().chain("x".repeat(500).chars())
    {
        let mut byte = [0; 1];
        if stream.write_all(&[letter as u8]).await.is_err()
            || matches!(timeout(Duration::from_millis(20), stream.read(&mut byte)).await, Ok(Ok(_) | Err(_)))
        {
            cut = true;
            break;
        }
    }
    assert!(cut && started.elapsed() < SOON);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let running = run(|_| {}).await;
    let head = "POST /v1/storage/reset/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    let answer = running.talk(&format!("{head}Content-Length: 20\r\n\r\n{{\"id\"")).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(
        answer.contains("connection: close") && answer.contains("Request body was not received."),
        "{answer}"
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let running = run(|setup| setup.http.body_limit = 100).await;
    let head = "POST /v1/storage/reset/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";
    let announced = running.talk(&format!("{head}Content-Length: 1000000000\r\n\r\n")).await;
    let body = " ".repeat(101);
    let chunked =
        running.talk(&format!("{head}Transfer-Encoding: chunked\r\n\r\n65\r\n{body}\r\n0\r\n\r\n")).await;
    for answer in [announced, chunked] {
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.ends_with(&json!({"detail": "Request body is too large."}).to_string()), "{answer}");
    }
    let fits = running.talk(&format!("{head}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n")).await;
    assert!(fits.starts_with("HTTP/1.1 400 ") && fits.ends_with("{\"id\":\"Required\"}"), "{fits}");
    // chunked and empty is empty, whatever it is called
    let empty = head.replace("application/json", "text/plain");
    let empty = running.talk(&format!("{empty}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).await;
    assert!(empty.ends_with("{\"id\":\"Required\"}"), "{empty}");
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let running = run(|_| {}).await;
    let answer = running
        .talk(&format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(200_000)))
        .await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn open_requests_end_before_the_server_does_and_no_new_ones_are_taken() {
    async fn slow(_: Request) -> Result<Response, ApiError> {
        tokio::time::sleep(Duration::from_millis(500)).await;
        Ok(response::text(http::StatusCode::OK, "done"))
    }
    let running = run(|setup| setup.more.push(Route::plain("/slow/").on(http::Method::GET, slow))).await;
    let mut stream = running.connect().await;
    stream.write_all(b"GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    // give the request time to arrive
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.ends_with("done"), "{answer}");
    timeout(SOON, running.ended).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(running.address).await.is_err());
}

#[tokio::test]
async fn a_request_that_does_not_end_does_not_keep_the_server() {
    async fn never(_: Request) -> Result<Response, ApiError> {
        std::future::pending().await
    }
    let running = run(|setup| {
        setup.http.drain_timeout = Duration::from_millis(200);
        setup.more.push(Route::plain("/never/").on(http::Method::GET, never));
    })
    .await;
    let mut stream = running.connect().await;
    stream.write_all(b"GET /never/ HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    running.stop.send(()).unwrap();
    timeout(SOON, running.ended).await.unwrap().unwrap().unwrap();
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_place() {
    let running = run(|setup| setup.http.connections = 1).await;
    let first = running.connect().await;
    let mut second = running.connect().await;
    second
        .write_all(b"GET /-/alive/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut byte = [0; 1];
    assert!(timeout(Duration::from_millis(100), second.read(&mut byte)).await.is_err());
    drop(first);
    assert!(rest(&mut second).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_cut() {
    async fn huge(_: Request) -> Result<Response, ApiError> {
        Ok(response::bytes(http::StatusCode::OK, "application/pdf", vec![0; 64 * 1024 * 1024]))
    }
    let running = run(|setup| {
        setup.http.connections = 1;
        setup.http.stall_timeout = Duration::from_millis(300);
        setup.more.push(Route::plain("/huge/").on(http::Method::GET, huge));
    })
    .await;
    let mut greedy = running.connect().await;
    greedy.write_all(b"GET /huge/ HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    // its place becomes free without its doing anything
    let next = running.talk("GET /-/alive/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert!(next.starts_with("HTTP/1.1 200"), "{next}");
    let mut taken = Vec::new();
    let _ = timeout(SOON, greedy.read_to_end(&mut taken)).await.unwrap();
    assert!(taken.len() < 64 * 1024 * 1024);
}

#[tokio::test]
async fn a_server_that_is_to_stop_says_so_first_and_answers_until_balancers_know() {
    let running = run(|setup| setup.http.shutdown_delay = Duration::from_millis(500)).await;
    let health = "GET /-/health/ HTTP/1.1\r\nHost: 10.0.0.9\r\nConnection: close\r\n\r\n";
    assert!(running.talk(health).await.starts_with("HTTP/1.1 200 OK\r\n"));
    let begun = Instant::now();
    running.stop.send(()).unwrap();
    let still = Running { stop: oneshot::channel().0, ..running };
    // the signal needs a moment
    tokio::time::sleep(Duration::from_millis(50)).await;
    let said = still.talk(health).await;
    assert!(said.starts_with("HTTP/1.1 503 ") && said.contains("this process is stopping"), "{said}");
    // nobody asked for the end of this connection, and yet it ends
    let said = still.talk("GET /-/alive/ HTTP/1.1\r\nHost: 10.0.0.9\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{said}");
    assert!(said.to_lowercase().contains("\r\nconnection: close\r\n"), "{said}");
    timeout(SOON, still.ended).await.expect("it ends").unwrap().unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(500), "balancers had no time: {:?}", begun.elapsed());
    assert!(TcpStream::connect(still.address).await.is_err(), "it still takes connections");
}
