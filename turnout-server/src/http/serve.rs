//! Connections: a listener, its limits, and an end that waits for open requests.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::task::TaskTracker;
use tower::Service;

use super::{HttpSettings, Peer, Response, Web, stall::Stalling};

/// How long to wait when no connection can be taken, for want of file descriptors for example.
const AFTER_A_FAILURE: Duration = Duration::from_millis(100);

/// Answers on `listener` until `shutdown` ends, and for [`HttpSettings::shutdown_delay`] after it, with 503 at
/// `/-/health/`; then takes no more connections and lets open requests end.
///
/// HTTP/1.1 only: TLS and HTTP/2 are the load balancer's. A client that does not send its request in time, or takes
/// nothing of its answer, is cut.
///
/// # Errors
/// Never at present; a listener that cannot take connections is tried again.
pub async fn serve(
    web: Web,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let settings = web.settings().clone();
    let leaving = async {
        shutdown.await;
        web.leave();
        tokio::time::sleep(settings.shutdown_delay).await;
    };
    serve_any(web.clone(), &settings, listener, leaving).await?;
    if tokio::time::timeout(settings.drain_timeout, web.drained()).await.is_err() {
        tracing::warn!("calls whose callers have gone were cut off");
    }
    Ok(())
}

/// The same for another service of ours: connections, their limits, and the end.
pub(crate) async fn serve_any<S>(
    service: S,
    settings: &HttpSettings,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()>
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(settings.header_timeout).max_buf_size(64 * 1024);
    let places = Arc::new(Semaphore::new(settings.connections));
    let graceful = GracefulShutdown::new();
    let tasks = TaskTracker::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not taken");
                tokio::time::sleep(AFTER_A_FAILURE).await;
                continue;
            }
        };
        // small answers go out at once; a socket that refuses is only slower
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let answers = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            service.clone().call(request)
        });
        let stream = TokioIo::new(Stalling::new(stream, settings.stall_timeout));
        let connection = graceful.watch(http.serve_connection(stream, answers));
        tasks.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    tasks.close();
    let drained = async {
        graceful.shutdown().await;
        tasks.wait().await;
    };
    if tokio::time::timeout(settings.drain_timeout, drained).await.is_err() {
        tracing::warn!(open = tasks.len(), "open requests were cut off");
    }
    Ok(())
}
