//! A server that keeps everything that is posted to it, with its idempotency key, and now and then does not say so.

use std::{
    collections::{HashMap, HashSet},
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinHandle};

/// The header of the key.
pub(super) const KEY: &str = "idempotency-key";
/// Of so many requests, one is kept and answered with 500.
const ONE_FAILS_OF: usize = 50;

/// The bodies of each key.
type Kept = HashMap<String, HashSet<Bytes>>;

/// Runs until it is dropped.
pub(super) struct Receiver {
    address: SocketAddr,
    kept: Arc<Mutex<(usize, Kept)>>,
    accepts: JoinHandle<()>,
}

impl Receiver {
    #[expect(clippy::disallowed_methods, reason = "the peer of a test, which ends it")]
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::new(Mutex::new((0, Kept::new())));
        let keeps = Arc::clone(&kept);
        let accepts = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let keeps = Arc::clone(&keeps);
                let service = service_fn(move |request| keep(request, Arc::clone(&keeps)));
                // whoever is killed leaves half a request
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, kept, accepts }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// How many different bodies came under a key.
    pub(super) fn bodies(&self, key: &str) -> usize {
        self.kept.lock().unwrap().1.get(key).map_or(0, HashSet::len)
    }

    /// Whether a body came under a key.
    pub(super) fn has(&self, key: &str, body: &[u8]) -> bool {
        self.kept.lock().unwrap().1.get(key).is_some_and(|bodies| bodies.contains(body))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accepts.abort();
    }
}

async fn keep(
    request: Request<Incoming>,
    kept: Arc<Mutex<(usize, Kept)>>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let key = request.headers().get(KEY).and_then(|key| key.to_str().ok()).map(str::to_owned);
    let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes);
    let mut answer = Response::new(Empty::new());
    if let (Some(key), Ok(body)) = (key, body) {
        let mut kept = kept.lock().unwrap();
        kept.0 += 1;
        kept.1.entry(key).or_default().insert(body);
        if kept.0.is_multiple_of(ONE_FAILS_OF) {
            *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        }
    } else {
        *answer.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(answer)
}
