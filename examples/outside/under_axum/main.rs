//! Turnout under axum: a house with a page of its own gives every other request to Turnout's one `tower::Service`.

use std::{error::Error, net::SocketAddr};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use turnout_core::{memory::World, seed::seed, settings::Settings};
use turnout_pdf::FormLibrary;
use turnout_server::{
    http::{HttpSettings, Peer, Web},
    off_thread::OffThread,
};

/// Turnout counts the writes of each client.
async fn name_the_peer(
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(Peer(peer));
    next.run(request).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mut settings = Settings::default();
    settings.origins.primary = format!("http://{address}");
    let forms = OffThread::new(FormLibrary::open(None)?, 2);
    let app = World::with(|app| app.with_settings(settings).with_forms(forms)).app;
    seed(&app).await?;

    let http = HttpSettings { allowed_hosts: vec!["127.0.0.1".into()], ..HttpSettings::default() };
    let house = Router::new()
        .route("/about/", get(async || "The League of Voters"))
        .fallback_service(Web::new(app, http))
        .layer(middleware::from_fn(name_the_peer));
    let served = axum::serve(listener, house.into_make_service_with_connect_info::<SocketAddr>());
    tokio::select! {
        served = served => Ok(served?),
        visited = visit(address) => visited,
    }
}

/// Somebody looks around.
async fn visit(address: SocketAddr) -> Result<(), Box<dyn Error>> {
    let voter = r#"{"first_name": "Ada", "last_name": "Lovelace", "address1": "1 Main Street", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "ada@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "TL123456"}"#;
    for (line, body, status, holds) in [
        ("GET /about/", "", 200, "The League of Voters"),
        ("GET /register/OH/", "", 200, "name=\"first_name\""),
        ("GET /v1/election/state/OH/", "", 200, "\"code\":\"OH\""),
        ("POST /v1/registration/register/", voter, 200, "\"uuid\""),
        ("POST /v1/registration/register/", "{}", 400, "This field is required."),
    ] {
        let mut connection = TcpStream::connect(address).await?;
        let request = format!(
            "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await?;
        let is_so = answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains(holds);
        if !is_so {
            return Err(format!("{line}: {answer}").into());
        }
        println!("{line}: {status}");
    }
    Ok(())
}
