//! Routes as data, and the lookup of a path among them.
//!
//! The table itself is in `crate::routes`. A path is written with its slash at the end; the form without it is the
//! same route.

use std::{pin::Pin, sync::Arc};

use http::{HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;

use super::{error::ApiError, once::Again, request::Request, response::Response};
use crate::openapi::Operation;

type Answer = Pin<Box<dyn Future<Output = Result<Response, ApiError>> + Send>>;
type Handler = Box<dyn Fn(Request) -> Answer + Send + Sync>;

/// How a route is guarded, and in which shape it refuses (`http-api.md` 1.2 and 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// API, everybody may write.
    Open,
    /// API, unsafe methods are refused with 403.
    ReadOnly,
    /// API, for partners' programs that show their key; without one every method is refused with 401.
    ApiKey,
    /// Outside of `/v1/`: no negotiation, no description, refusals in JSON.
    Plain,
    /// A page: refusals are pages too.
    Page,
}

impl Access {
    /// Whether it is one of the API's, which negotiate and describe themselves.
    #[must_use]
    pub fn is_api(self) -> bool {
        matches!(self, Self::Open | Self::ReadOnly | Self::ApiKey)
    }
}

/// What the segments in braces may hold; a path with anything else is no route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// Anything but a dot.
    NoDot,
    /// Letters, digits, `-` and `_`.
    Word,
    /// Anything, `/` too where the table says `{*name}`.
    Anything,
}

/// The election data that an answer is made of: a purge at the CDN can name it (`http-api.md` 1.6), and every web
/// site may read it (1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facts {
    /// Every state.
    States,
    /// The state in the path.
    State,
    /// The kinds of facts.
    Fields,
}

/// One line of the table.
pub struct Route {
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) name: &'static str,
    pub(super) segment: Segment,
    pub(super) facts: Option<Facts>,
    pub(super) any_host: bool,
    pub(super) body_limit: Option<usize>,
    pub(super) is_counted: bool,
    heads: bool,
    handlers: Vec<(Method, Handler)>,
    operations: Vec<(Method, Operation)>,
    /// Made once, when the table is compiled.
    allow: HeaderValue,
    pub(super) again: Option<Again>,
}

impl Route {
    fn new(access: Access, path: &'static str, name: &'static str) -> Self {
        Self {
            path,
            access,
            name,
            segment: Segment::NoDot,
            facts: None,
            any_host: false,
            body_limit: None,
            is_counted: true,
            heads: true,
            handlers: Vec::new(),
            operations: Vec::new(),
            allow: HeaderValue::from_static(""),
            again: None,
        }
    }

    /// An open route of the API; `name` is its title in the answer to OPTIONS.
    #[must_use]
    pub fn open(path: &'static str, name: &'static str) -> Self {
        Self::new(Access::Open, path, name)
    }

    /// A read-only route of the API.
    #[must_use]
    pub fn read_only(path: &'static str, name: &'static str) -> Self {
        Self::new(Access::ReadOnly, path, name)
    }

    /// A route of the API for partners' programs.
    #[must_use]
    pub fn with_api_key(path: &'static str, name: &'static str) -> Self {
        Self::new(Access::ApiKey, path, name)
    }

    /// A route outside of the API that is no page.
    #[must_use]
    pub fn plain(path: &'static str) -> Self {
        Self::new(Access::Plain, path, "")
    }

    /// A page.
    #[must_use]
    pub fn page(path: &'static str) -> Self {
        Self { segment: Segment::Anything, ..Self::new(Access::Page, path, "") }
    }

    /// Answers `method`. A handler of GET answers HEAD too; its body is left out.
    #[must_use]
    pub fn on<F, A>(mut self, method: Method, handler: F) -> Self
    where
        F: Fn(Request) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Response, ApiError>> + Send + 'static,
    {
        self.handlers.push((method, Box::new(move |request| Box::pin(handler(request)))));
        self
    }

    /// Describes what the method said last does.
    ///
    /// # Panics
    /// When no method was said.
    #[must_use]
    pub fn described(mut self, operation: Operation) -> Self {
        let (method, _) = self.handlers.last().expect("a method was said");
        self.operations.push((method.clone(), operation));
        self
    }

    /// Creates something by POST: a call with an `Idempotency-Key` has one effect, and `again` gives its answer again.
    #[must_use]
    pub fn once(mut self, again: Again) -> Self {
        self.again = Some(again);
        self
    }

    /// Whether writes count against the allowance of who calls.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.is_counted
    }

    /// Whether a call with an `Idempotency-Key` has one effect.
    #[must_use]
    pub fn is_once(&self) -> bool {
        self.again.is_some()
    }

    /// Does not answer HEAD.
    #[must_use]
    pub fn without_head(mut self) -> Self {
        self.heads = false;
        self
    }

    /// What the segments in braces may hold.
    #[must_use]
    pub fn segments(mut self, segment: Segment) -> Self {
        self.segment = segment;
        self
    }

    /// The election data that its answers are made of.
    #[must_use]
    pub fn of_facts(mut self, facts: Facts) -> Self {
        self.facts = Some(facts);
        self
    }

    /// Answers whatever host is asked for: a load balancer asks by address.
    #[must_use]
    pub fn for_any_host(mut self) -> Self {
        self.any_host = true;
        self
    }

    /// Takes bodies of so many bytes at the most.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// Is called by a vendor that shows who it is, from few addresses and about many voters: its calls are not counted
    /// against the allowance of an address, as what it says must not be lost.
    #[must_use]
    pub fn of_a_vendor(mut self) -> Self {
        self.is_counted = false;
        self
    }

    /// Is for people with an account, or on the way to one: what they may try, and how often, is counted by the use-cases
    /// for each account, as many of them share an address.
    #[must_use]
    pub fn of_an_account(mut self) -> Self {
        self.is_counted = false;
        self
    }

    /// How it is guarded.
    #[must_use]
    pub fn access(&self) -> Access {
        self.access
    }

    /// The methods that its handlers answer.
    pub fn methods(&self) -> impl Iterator<Item = &Method> {
        self.handlers.iter().map(|(method, _)| method)
    }

    /// What its methods do, as far as they are described.
    #[must_use]
    pub fn operations(&self) -> &[(Method, Operation)] {
        &self.operations
    }

    /// Whether every web site may read what was found.
    #[must_use]
    pub fn is_read_by_every_site(&self) -> bool {
        self.facts.is_some()
    }

    /// The path as the table has it.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// The value of `Allow`.
    pub(super) fn allow(&self) -> HeaderValue {
        self.allow.clone()
    }

    fn allowed(&self) -> HeaderValue {
        let mut methods: Vec<&str> = Vec::new();
        for (method, _) in &self.handlers {
            methods.push(method.as_str());
            if method == Method::GET && self.heads {
                methods.push("HEAD");
            }
        }
        if self.access.is_api() {
            methods.push("OPTIONS");
        }
        HeaderValue::from_str(&methods.join(", ")).expect("names of methods are ASCII")
    }

    /// Calls the handler of the request's method.
    pub(super) async fn answer(&self, request: Request) -> Result<Response, ApiError> {
        let method = match request.method() {
            method if method == Method::HEAD && self.heads => &Method::GET,
            method => method,
        };
        match self.handlers.iter().find(|(answered, _)| answered == method) {
            Some((_, handler)) => handler(request).await,
            None => Err(ApiError::method_not_allowed(request.method())),
        }
    }

    /// Whether the method is answered.
    #[must_use]
    pub fn answers(&self, method: &Method) -> bool {
        let get = method == Method::HEAD && self.heads;
        self.handlers.iter().any(|(answered, _)| answered == method || (get && answered == Method::GET))
    }
}

/// A route and the segments that its path gave.
#[derive(Clone)]
pub(super) struct Matched {
    pub(super) route: Arc<Route>,
    pub(super) segments: Vec<(String, String)>,
}

/// Finds routes by path.
pub(super) struct Router {
    paths: matchit::Router<Arc<Route>>,
}

impl Router {
    /// Compiles the table.
    ///
    /// # Panics
    /// When two of its routes have the same path.
    pub(super) fn new(routes: Vec<Route>) -> Self {
        let mut paths = matchit::Router::new();
        for mut route in routes {
            route.allow = route.allowed();
            let route = Arc::new(route);
            let bare = route.path.trim_end_matches('/');
            if !bare.is_empty() && bare != route.path {
                paths.insert(bare, Arc::clone(&route)).expect("the paths of the table differ");
            }
            paths.insert(route.path, route).expect("the paths of the table differ");
        }
        Self { paths }
    }

    /// The route of a path, which is percent-decoded first.
    pub(super) fn at(&self, path: &str) -> Option<Matched> {
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let found = self.paths.at(&path).ok()?;
        let route = Arc::clone(found.value);
        let fits = found.params.iter().all(|(_, value)| match route.segment {
            Segment::NoDot => !value.is_empty() && !value.contains('.'),
            Segment::Word => {
                !value.is_empty()
                    && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            }
            Segment::Anything => true,
        });
        let segments = found.params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        fits.then_some(Matched { route, segments })
    }
}

/// The answer to OPTIONS on a route of the API.
pub(super) fn description(route: &Route) -> Response {
    let description = serde_json::json!({
        "name": route.name,
        "description": "",
        "renders": ["application/json"],
        "parses": ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
    });
    super::response::json(StatusCode::OK, &description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::response;

    fn router() -> Router {
        let ok = |_| async { Ok(response::empty(StatusCode::OK)) };
        Router::new(vec![
            Route::page("/").on(Method::GET, ok),
            Route::open("/v1/thing/", "Thing").on(Method::POST, ok),
            Route::open("/v1/thing/{uuid}/", "Thing").on(Method::PUT, ok).on(Method::PATCH, ok),
            Route::read_only("/v1/state/{code}/", "State").segments(Segment::Word).on(Method::GET, ok),
            Route::page("/assets/{*path}").on(Method::GET, ok),
        ])
    }

    #[test]
    fn both_slash_forms_are_one_route_and_nothing_else_is() {
        let router = router();
        for (path, route) in [
            ("/", Some("/")),
            ("/v1/thing/", Some("/v1/thing/")),
            ("/v1/thing", Some("/v1/thing/")),
            ("/v1/%74hing", Some("/v1/thing/")),
            ("/v1/thing/x", Some("/v1/thing/{uuid}/")),
            ("/v1/thing/a%20b/", Some("/v1/thing/{uuid}/")),
            ("/v1/state/CA/", Some("/v1/state/{code}/")),
            ("/assets/css/a.css", Some("/assets/{*path}")),
            ("/v1/Thing/", None),
            ("/v1/thing//", None),
            ("//v1/thing/", None),
            ("/v1//thing/", None),
            ("/v1/thing/a.b/", None),
            ("/v1/thing/a%2Fb/", None),
            ("/v1/thing/%ff/", None),
            ("/v1/state/C%20A/", None),
            ("/v1/", None),
            ("/v1/thing/x/y/", None),
        ] {
            assert_eq!(router.at(path).map(|found| found.route.path), route, "{path}");
        }
    }

    #[test]
    #[should_panic(expected = "the paths of the table differ")]
    fn two_routes_with_one_path_are_refused() {
        let _ = Router::new(vec![Route::page("/a/"), Route::page("/a/")]);
    }
}
