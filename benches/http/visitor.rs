//! Somebody who is signed in, on one connection.

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, StatusCode,
    client::conn::http1::{self, SendRequest},
    header::{CONTENT_TYPE, COOKIE, HOST},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A connection, and the cookie of a session.
pub(crate) struct Visitor {
    sender: SendRequest<Full<Bytes>>,
    cookie: String,
    host: String,
}

impl Visitor {
    #[expect(clippy::disallowed_methods, reason = "a bench has no task tracker")]
    pub(crate) async fn new(port: u16, cookie: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, cookie: format!("turnout_session={cookie}"), host: format!("127.0.0.1:{port}") })
    }

    async fn ask(&mut self, method: Method, path: &str, body: String) -> anyhow::Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.host)
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(body)))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }

    /// A page that is there.
    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<Bytes> {
        let (status, body) = self.ask(Method::GET, path, String::new()).await?;
        ensure!(status == StatusCode::OK, "{path} was answered with {status}");
        Ok(body)
    }

    /// Sends the form of a page, and is led on.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<()> {
        let page = self.get(path).await?;
        let body = filled(&String::from_utf8_lossy(&page), fields)?;
        let (status, _) = self.ask(Method::POST, path, body).await?;
        if status != StatusCode::SEE_OTHER {
            bail!("{path} answered a form with {status}");
        }
        Ok(())
    }
}

/// What a browser sends for the first form of a page.
fn filled(page: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").context("the page has no form")?;
    let (csrf, _) = rest.split_once('"').context("the form has no token")?;
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    Ok(body.append_pair("csrf", csrf).extend_pairs(fields).finish())
}
