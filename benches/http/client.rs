//! Single requests, where it does not matter how long they take.

use anyhow::ensure;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request,
    client::conn::http1,
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Asks once. The status and the body.
pub(crate) async fn ask(port: u16, method: &str, path: &str, body: Bytes) -> anyhow::Result<(u16, Bytes)> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, format!("127.0.0.1:{port}"))
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(body))?;
    let asked = async move {
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        Ok::<_, hyper::Error>((status, response.into_body().collect().await?.to_bytes()))
    };
    let (answer, _) = tokio::join!(asked, connection);
    Ok(answer?)
}

/// Asks once, for an answer with that status.
pub(crate) async fn ask_for(
    port: u16,
    method: &str,
    path: &str,
    body: Bytes,
    expected: u16,
) -> anyhow::Result<Bytes> {
    let (status, body) = ask(port, method, path, body).await?;
    ensure!(
        status == expected,
        "{method} {path} was answered with {status}: {}",
        String::from_utf8_lossy(&body)
    );
    Ok(body)
}
