//! The HTTP client over real sockets.

use std::{io::Write as _, time::Duration};

use chrono::TimeDelta;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    time::{sleep, timeout},
};
use turnout_core::{
    conformance::http::{Behavior, HttpPeer as _},
    ports::http::{
        HeaderValue, HttpClient as _, HttpErrorKind, HttpRequest, HttpResponse, StatusCode, header,
    },
};
use turnout_server::{providers::http_client::Reqwest, system::SystemClock};

use crate::support::TcpPeer;

async fn open() -> (Reqwest, TcpPeer) {
    (Reqwest::new().unwrap(), TcpPeer::start().await)
}

turnout_core::http_client_conformance!(open);

async fn timer() -> SystemClock {
    SystemClock
}

turnout_core::timer_conformance!(timer);

/// A million bytes, packed into a thousand.
fn packed() -> HttpResponse {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b'x'; 1_000_000]).unwrap();
    HttpResponse::new(StatusCode::OK)
        .with_header(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))
        .with_body(packer.finish().unwrap())
}

#[tokio::test]
async fn a_packed_answer_is_unpacked_and_its_limit_is_that_of_what_comes_out() {
    let (client, peer) = open().await;
    for (limit, fits) in [(1_000_000, true), (999_999, false)] {
        peer.will(Behavior::Answers(packed()));
        let got = client.send(HttpRequest::get(peer.origin()).with_answer_limit(limit)).await;
        match got {
            Ok(answer) => assert!(fits && answer.body == vec![b'x'; 1_000_000]),
            Err(error) => assert!(!fits && error.kind == HttpErrorKind::TooLarge, "{error:?}"),
        }
    }
}

/// Each byte comes soon, and the whole never does.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test, whose runtime ends with it")]
async fn an_answer_that_trickles_is_given_up_at_the_end_of_the_whole_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await.unwrap();
        while stream.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(20)).await;
        }
    });
    let request = HttpRequest::get(url).with_timeout(TimeDelta::milliseconds(300));
    let sent = timeout(Duration::from_secs(10), Reqwest::new().unwrap().send(request)).await;
    assert_eq!(sent.expect("it is given up").unwrap_err().kind, HttpErrorKind::TimedOut);
}

#[tokio::test]
async fn a_host_without_a_certificate_is_no_host_for_an_encrypted_request() {
    let (client, peer) = open().await;
    let mut url = peer.origin();
    url.set_scheme("https").unwrap();
    let error = client.send(HttpRequest::post(url).with_form([("a", "b")])).await.unwrap_err();
    assert_eq!(error.kind, HttpErrorKind::Unconnected);
    assert!(peer.heard().is_empty());
}

#[tokio::test]
async fn who_we_are_is_said_unless_the_request_says_it() {
    let (client, peer) = open().await;
    for _ in 0..2 {
        peer.will(Behavior::Answers(HttpResponse::new(StatusCode::OK)));
    }
    client.send(HttpRequest::get(peer.origin())).await.unwrap();
    let request = HttpRequest::get(peer.origin()).with_header(header::USER_AGENT, "other/1").unwrap();
    client.send(request).await.unwrap();
    let agents: Vec<_> =
        peer.heard().into_iter().map(|one| one.headers[header::USER_AGENT].clone()).collect();
    assert_eq!(agents, [concat!("turnout/", env!("CARGO_PKG_VERSION")), "other/1"]);
}

#[tokio::test]
async fn a_client_for_public_hosts_reaches_nothing_of_this_network_by_number_or_by_name() {
    let (_, peer) = open().await;
    let client = Reqwest::for_public_hosts().unwrap();
    let port = peer.origin().port().unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "2130706433", "169.254.169.254", "0.0.0.0"] {
        let url = format!("http://{host}:{port}/").parse().unwrap();
        let error = client.send(HttpRequest::get(url)).await.unwrap_err();
        assert_eq!(error.kind, HttpErrorKind::Forbidden, "{host}");
    }
    assert!(peer.heard().is_empty());
}
