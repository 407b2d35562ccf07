//! Turnout inside somebody else's server: the house has pages of its own, and gives every other request to Turnout's
//! one service. Listening, connections and headers stay with the house.
//!
//! Turnout's pages link to each other from the root, which is why they stand beside the house's own here. To have the
//! API alone under a prefix, take the prefix off the request's path and add it to `origins.primary`.

use std::convert::Infallible;

use anyhow::ensure;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::SERVER};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use turnout_core::{App, memory::World, seed::seed, settings::Settings};
use turnout_pdf::FormLibrary;
use turnout_server::{
    http::{Body, HttpSettings, Peer, Web},
    off_thread::OffThread,
};

/// The house: its own pages first, then Turnout's.
async fn house(turnout: Web, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let mut response = match request.uri().path() {
        "/" => Response::new(Bytes::from_static(b"<h1>The League of Voters</h1>").into()),
        "/about/" => Response::new(Bytes::from_static(b"<h1>About us</h1>").into()),
        _ => turnout.oneshot(request).await?,
    };
    response.headers_mut().insert(SERVER, HeaderValue::from_static("the-house"));
    Ok(response)
}

/// The house's own loop over connections.
async fn run(turnout: Web, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => accepted?,
            () = stop.cancelled() => break,
        };
        let turnout = turnout.clone();
        let answers = service_fn(move |mut request: Request<Incoming>| {
            // Turnout counts the writes of each client
            request.extensions_mut().insert(Peer(peer));
            house(turnout.clone(), request)
        });
        connections.spawn(
            http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), answers),
        );
    }
    connections.shutdown().await;
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let app = ports(&origin)?;
    seed(&app).await?;
    let turnout =
        Web::new(app, HttpSettings { allowed_hosts: vec!["127.0.0.1".into()], ..HttpSettings::default() });
    let stop = CancellationToken::new();
    println!("the house is at {origin}");
    let (ran, visited) = tokio::join!(run(turnout, listener, stop.clone()), async {
        let visited = visit(&origin).await;
        stop.cancel();
        visited
    });
    ran?;
    visited
}

/// Turnout's ports: all in memory here, but for the forms.
fn ports(origin: &str) -> anyhow::Result<App> {
    let mut settings = Settings::default();
    origin.clone_into(&mut settings.origins.primary);
    origin.clone_into(&mut settings.origins.www);
    let forms = OffThread::new(FormLibrary::open(None)?, 2);
    Ok(World::with(|app| app.with_settings(settings).with_forms(forms)).app)
}

/// Somebody looks around.
async fn visit(origin: &str) -> anyhow::Result<()> {
    // an error says that there is one already
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let voter = json!({"first_name": "Ada", "last_name": "Lovelace", "address1": "1 Main Street", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "ada@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "TL123456"});
    let get = |path: &str| client.get(format!("{origin}{path}"));
    let register = || client.post(format!("{origin}/v1/registration/register/"));
    for (what, request, status, holds) in [
        ("the house's page", get("/"), StatusCode::OK, "The League of Voters"),
        ("Turnout's page for Ohio", get("/register/OH/"), StatusCode::OK, "name=\"first_name\""),
        ("what Ohio asks for", get("/v1/election/state/OH/"), StatusCode::OK, "\"code\":\"OH\""),
        ("a voter registers", register().json(&voter), StatusCode::OK, "\"uuid\""),
        (
            "a voter forgot all",
            register().json(&json!({})),
            StatusCode::BAD_REQUEST,
            "This field is required.",
        ),
        ("an address of nobody", get("/nobody/"), StatusCode::NOT_FOUND, "not found"),
    ] {
        let answer = request.send().await?;
        println!("{what:<24} {}", answer.status());
        ensure!(answer.status() == status, "{what}: {status} was to be expected");
        ensure!(answer.headers()[SERVER] == "the-house", "{what}: the house's header is missing");
        let text = answer.text().await?;
        ensure!(text.to_lowercase().contains(&holds.to_lowercase()), "{what}: no {holds} in {text}");
    }
    Ok(())
}
