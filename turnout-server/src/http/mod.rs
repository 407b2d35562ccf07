//! HTTP: everything between a connection and a handler.
//!
//! [`Web`] is the whole of Turnout as one [`tower::Service`]; `serve.rs` gives it connections. What happens to each
//! request is listed once, in [`Web`]'s `answer`; the URLs are in [`crate::routes`], the handlers in `crate::api`
//! and `crate::public`. No rule of the domain is here.

mod auth;
mod body;
mod cache_tags;
mod client_ip;
mod cors;
#[cfg(feature = "manage")]
pub(crate) mod csrf;
mod dispatch;
mod error;
mod form;
mod host;
mod kept;
mod negotiation;
mod once;
mod request;
pub mod response;
mod router;
mod serve;
#[cfg(feature = "manage")]
pub(crate) mod session;
mod settings;
mod stall;

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Instant,
};

use http::{
    HeaderName, HeaderValue, Method, StatusCode,
    header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CONNECTION, CONTENT_LENGTH, VARY, X_FRAME_OPTIONS},
};
use http_body::Body as _;
use tokio_util::task::TaskTracker;
use tower::{ServiceBuilder, ServiceExt, util::BoxCloneSyncService};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};
use tracing::{
    Instrument, Level, Span,
    field::{Empty, display},
};
use turnout_core::{App, error::BoxError};

pub use body::{Body, BodyError};
pub use client_ip::Peer;
pub use error::ApiError;
pub(crate) use error::PROBLEM;
pub(crate) use kept::Kept;
pub use once::{Again, Making};
pub(crate) use once::{LONGEST_KEY, as_kept};
pub(crate) use request::last_value;
pub use request::{BodyKind, Request};
pub use response::Response;
pub use router::{Access, Facts, Route, Segment};
pub use serve::serve;
pub(crate) use serve::serve_any;
pub use settings::{HttpSettings, TagSettings};

use crate::{
    measures::requests,
    observe::{TraceParent, lines::TRACE},
    openapi,
};
use cache_tags::CacheTags;
use error::Unnegotiated;
use router::{Matched, Router};

const CACHE_TAG: HeaderName = HeaderName::from_static("cache-tag");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How many regions' answers are kept: some 2 KB each.
const MOST_REGIONS: usize = 2_000;

/// What all requests share.
pub(crate) struct Shared {
    app: App,
    settings: HttpSettings,
    kept: Kept,
    kept_regions: Kept,
    tags: CacheTags,
    description: Description,
    /// Calls that are made to their end though their callers have gone.
    tasks: TaskTracker,
    /// Whether this process is about to stop.
    leaving: AtomicBool,
}

/// The description of the routes that are served.
pub(crate) struct Description {
    /// The document.
    pub(crate) document: serde_json::Value,
    /// The same, as it is sent.
    pub(crate) bytes: bytes::Bytes,
}

impl Description {
    fn of(routes: &[Route]) -> Self {
        let document = openapi::document(routes);
        let bytes = document.to_string().into();
        Self { document, bytes }
    }
}

/// Turnout over HTTP: one service that answers every request, never fails, and is cheap to clone.
///
/// Another program can mount it. It should put a [`Peer`] into each request's extensions, so that writes are counted
/// per client; and it has to run on tokio, which the timeouts need.
#[derive(Clone)]
pub struct Web {
    shared: Arc<Shared>,
    router: Arc<Router>,
    inner: BoxCloneSyncService<http::Request<Body>, Response, Infallible>,
}

impl Web {
    /// All routes of [`crate::routes`] over these ports.
    #[must_use]
    pub fn new(app: App, settings: HttpSettings) -> Self {
        Self::with_routes(app, settings, crate::routes::all())
    }

    /// A choice of routes, or more of them.
    ///
    /// # Panics
    /// When two routes have the same path.
    #[must_use]
    pub fn with_routes(app: App, settings: HttpSettings, routes: Vec<Route>) -> Self {
        let description = Description::of(&routes);
        let tags = CacheTags::new(&settings.tags);
        let (kept, kept_regions) = (Kept::at_most(usize::MAX), Kept::at_most(MOST_REGIONS));
        let (tasks, leaving) = (TaskTracker::new(), AtomicBool::new(false));
        let shared =
            Arc::new(Shared { app, settings, kept, kept_regions, tags, description, tasks, leaving });
        let router = Arc::new(Router::new(routes));
        let worth_compressing =
            SizeAbove::new(kept::WORTH_COMPRESSING).and(NotForContentType::const_new("application/pdf"));
        let dispatched = Arc::clone(&shared);
        let inner = ServiceBuilder::new()
            .map_response(|response: http::Response<_>| response.map(Body::new))
            .layer(CompressionLayer::new().compress_when(worth_compressing))
            .layer(CatchPanicLayer::custom(|_| after_panic()))
            .service_fn(move |request| dispatch::dispatch(Arc::clone(&dispatched), request));
        Self { shared, router, inner: BoxCloneSyncService::new(inner) }
    }

    /// Says that the election data changed, so that finished answers are made anew.
    pub fn facts_changed(&self) {
        self.shared.kept.forget();
        self.shared.kept_regions.forget();
    }

    /// Says that this process is about to stop: `/-/health/` answers 503 from now on, and every answer asks for another
    /// connection next time. Requests are still answered.
    pub fn leave(&self) {
        self.shared.leaving.store(true, Ordering::Relaxed);
    }

    /// Waits for calls whose callers have gone.
    pub async fn drained(&self) {
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &HttpSettings {
        &self.shared.settings
    }

    /// What happens to every request, in this order: an id, the host, a browser's question beforehand, the route, the
    /// handler (its panics caught, its answer compressed), the headers that every answer has, one line in the log.
    async fn answer(&self, request: http::Request<Body>) -> Response {
        let started = Instant::now();
        let id = self.request_id(&request);
        let method = request.method().clone();
        let origin = cors::allowed_origin(request.headers());
        let matched = self.router.at(request.uri().path());
        let route = matched.as_ref().map(|it| Arc::clone(&it.route));

        let template = route.as_ref().map_or("", |route| route.path);
        let known = requests::known(&method);
        let traced = traced(&request, &id, known, template);
        let span = traced.in_scope(|| tracing::info_span!("request", id));
        let (mut response, stage) = self.answer_of(request, matched).instrument(span).await;
        let (access, tags) = match (stage, &route) {
            (Stage::Handler(tags), Some(route)) => {
                say_methods(route, &mut response);
                say_who_may_read(route, &method, &mut response);
                (Some(route.access), tags)
            }
            _ => (None, self.shared.tags.common()),
        };
        say_what_varies(access, &mut response);
        let headers = response.headers_mut();
        headers.insert(CACHE_TAG, tags);
        headers.insert(REQUEST_ID, HeaderValue::from_str(&id).expect("a UUID is ASCII"));
        if let Some(origin) = origin {
            cors::allow(origin, &method, headers);
        }
        if self.shared.leaving.load(Ordering::Relaxed) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(length) = response.body().size_hint().exact() {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        if method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        let took = started.elapsed();
        requests::answered(known, template, response.status(), took);
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let status = response.status().as_u16();
        traced.record("status", status);
        tracing::info!(
            method = known,
            route = template,
            status,
            ms = milliseconds,
            request_id = id,
            "answered"
        );
        response
    }

    /// The answer before its common headers, and how far the request came.
    async fn answer_of(
        &self,
        mut request: http::Request<Body>,
        matched: Option<Matched>,
    ) -> (Response, Stage) {
        let (uri, headers) = (request.uri(), request.headers());
        let any_host = matched.as_ref().is_some_and(|matched| matched.route.any_host);
        if !any_host && !host::is_allowed(&self.shared.settings.allowed_hosts, headers, uri) {
            return (response::bad_host_page(), Stage::Door);
        }
        if cors::is_preflight(request.method(), headers) {
            return (cors::preflight(), Stage::Door);
        }
        let is_page = matched.as_ref().map_or_else(
            || crate::routes::is_for_a_person(uri, headers),
            |matched| matched.route.access == Access::Page,
        );
        let asked = is_page.then(|| (uri.clone(), headers.clone()));
        let (mut response, stage) = match matched {
            None => (response::not_found_page(), Stage::NoRoute),
            Some(matched) => {
                let tags = dispatch::tags(&self.shared, &matched).await;
                negotiation::settle_encoding(request.headers_mut());
                request.extensions_mut().insert(matched);
                let answer = self.inner.clone().oneshot(request).await;
                (answer.unwrap_or_else(|never| match never {}), Stage::Handler(tags))
            }
        };
        if let Some((uri, headers)) = asked {
            response = crate::routes::failure_in_words(&uri, &headers, response);
        }
        let same_origin = HeaderValue::from_static("SAMEORIGIN");
        response.headers_mut().entry(X_FRAME_OPTIONS).or_insert(same_origin);
        (response, stage)
    }

    /// The id that a trusted proxy gave the request, or a new one.
    fn request_id(&self, request: &http::Request<Body>) -> String {
        let peer = request.extensions().get::<Peer>().copied();
        let trusted = peer.is_some_and(|peer| client_ip::is_trusted(&self.shared.settings, peer.0.ip()));
        let given = request.headers().get(REQUEST_ID).filter(|_| trusted).and_then(|it| it.to_str().ok());
        let given = given.and_then(turnout_core::ids::parse_uuid);
        given.unwrap_or_else(|| self.shared.app.ids.uuid()).to_string()
    }
}

/// What whoever traces is told of a request; nothing is made of it where nobody does.
fn traced(request: &http::Request<Body>, id: &str, method: &'static str, route: &'static str) -> Span {
    if !tracing::span_enabled!(target: TRACE, Level::INFO) {
        return Span::none();
    }
    let caller = request.headers().get("traceparent").and_then(|it| it.to_str().ok());
    let traceparent = caller.and_then(TraceParent::parse).map(display);
    tracing::info_span!(target: TRACE, "http.request", id, method, route, status = Empty, traceparent)
}

/// How far a request came.
enum Stage {
    /// Its host is not ours, or a browser asked beforehand.
    Door,
    /// Its path is no route.
    NoRoute,
    /// Its route answered; the answer's `Cache-Tag`.
    Handler(HeaderValue),
}

/// Every web site may read election data that was found.
fn say_who_may_read(route: &Route, method: &Method, response: &mut Response) {
    let is_read = *method == Method::GET || *method == Method::HEAD;
    if route.facts.is_some() && is_read && response.status() == StatusCode::OK {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
}

/// `Allow`, on every answer of the API but failures of ours, and on 405 elsewhere.
fn say_methods(route: &Route, response: &mut Response) {
    let status = response.status();
    let says = if route.access.is_api() {
        status != StatusCode::INTERNAL_SERVER_ERROR
    } else {
        status == StatusCode::METHOD_NOT_ALLOWED
    };
    if says {
        response.headers_mut().insert(ALLOW, route.allow());
    }
}

/// `Vary`: cookies and origin on the API but for partners' programs, the origin elsewhere, and what the handler added.
fn say_what_varies(access: Option<Access>, response: &mut Response) {
    let negotiated = response.extensions_mut().remove::<Unnegotiated>().is_none();
    let cookies = negotiated && access.is_some_and(|it| it.is_api() && it != Access::ApiKey);
    let always = if cookies { "Cookie, Origin" } else { "Origin" };
    if !response.headers().contains_key(VARY) {
        response.headers_mut().insert(VARY, HeaderValue::from_static(always));
        return;
    }
    let mut varies = vec![always.to_owned()];
    let added = response.headers().get_all(VARY).iter().filter_map(|it| it.to_str().ok());
    varies.extend(
        added.map(|it| if it == "accept-encoding" { "Accept-Encoding".to_owned() } else { it.to_owned() }),
    );
    let varies = HeaderValue::from_str(&varies.join(", ")).expect("joined from header values");
    response.headers_mut().insert(VARY, varies);
}

/// The answer of a handler that panicked. The panic itself was printed by the hook.
fn after_panic() -> Response {
    ApiError::internal("a handler panicked").into_response(Access::Plain)
}

impl<B> tower::Service<http::Request<B>> for Web
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let web = self.clone();
        let request = request.map(Body::new);
        Box::pin(async move { Ok(web.answer(request).await) })
    }
}
