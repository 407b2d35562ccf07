//! From a matched route to its handler: the checks that come before the body (`http-api.md` 1.4).

use std::{convert::Infallible, sync::Arc};

use http::{HeaderName, HeaderValue, Method};
use turnout_core::ports::throttle::{Quota, Verdict};

use super::{
    Shared, auth,
    body::Body,
    client_ip::{self, Peer},
    error::ApiError,
    negotiation, once,
    request::{self, Request},
    response::Response,
    router::{self, Access, Facts, Matched},
};

/// The limit of a route (draft-ietf-httpapi-ratelimit-headers-10).
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Answers a request whose route is in its extensions.
pub(super) async fn dispatch(
    shared: Arc<Shared>,
    mut request: http::Request<Body>,
) -> Result<Response, Infallible> {
    let matched = request.extensions_mut().remove::<Matched>().expect("only matched requests get here");
    let access = matched.route.access;
    let limit = shared.settings.request_timeout;
    let policy = policy(&shared, &matched, request.method());
    let answer = tokio::time::timeout(limit, checked(shared, matched, request)).await;
    let answer = answer.unwrap_or_else(|_| Err(ApiError::timed_out()));
    let mut answer = answer.unwrap_or_else(|error| error.into_response(access));
    if let Some(policy) = policy {
        answer.headers_mut().insert(RATE_LIMIT_POLICY, policy);
    }
    Ok(answer)
}

/// How often a route of the API may be called that is limited per caller: so many calls in so many seconds.
fn policy(shared: &Shared, matched: &Matched, method: &Method) -> Option<HeaderValue> {
    let limits = &shared.app.settings.rate_limits;
    let route = &matched.route;
    let is_limited = route.access.is_api() && route.is_counted && !is_safe(method) && route.answers(method);
    if !limits.enabled || !is_limited {
        return None;
    }
    let Quota { burst, every } = limits.writes_per_address;
    let window = (every.num_milliseconds().saturating_mul(burst.into()) / 1000).max(1);
    HeaderValue::from_str(&format!("\"calls\";q={burst};w={window}")).ok()
}

fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// Negotiation, key or permission, method, allowance; then the handler.
async fn checked(
    shared: Arc<Shared>,
    matched: Matched,
    request: http::Request<Body>,
) -> Result<Response, ApiError> {
    let route = Arc::clone(&matched.route);
    let method = request.method().clone();
    let is_safe = is_safe(&method);
    let mut partner = None;
    if route.access.is_api() {
        let format = request::query(request.uri().query(), "format");
        negotiation::check(request.headers(), format.as_deref())?;
        if route.access == Access::ApiKey {
            partner = Some(auth::client(&shared.app, request.headers()).await?);
        }
        if route.access == Access::ReadOnly && !is_safe {
            return Err(ApiError::read_only());
        }
        if method == Method::OPTIONS {
            return Ok(router::description(&route));
        }
    }
    if !route.answers(&method) {
        return Err(ApiError::method_not_allowed(&method));
    }
    let peer = request.extensions().get::<Peer>().copied();
    let client = client_ip::client(&shared.settings, peer, request.headers());
    if !is_safe && route.is_counted {
        let quota = shared.app.settings.rate_limits.writes_per_address;
        // a partner's server speaks for many voters from one address, and has many addresses
        let key = partner.as_ref().map_or_else(|| client_ip::key(client), |it| format!("api_key:{}", it.key));
        if let Verdict::Wait(wait) = shared.app.may(&key, quota).await {
            return Err(ApiError::throttled(wait).of_the_policy());
        }
    }
    let body_limit = route.body_limit.unwrap_or(shared.settings.body_limit);
    let request = Request::new(request, matched, body_limit, client, partner, shared);
    match (route.again, method == Method::POST) {
        (Some(again), true) => match once::key(&request)? {
            Some(key) => once::answer(route, again, &key, request).await,
            None => route.answer(request).await,
        },
        _ => route.answer(request).await,
    }
}

/// The `Cache-Tag` of a route's answers; without the ids of the kinds of facts where the store does not answer.
pub(super) async fn tags(shared: &Shared, matched: &Matched) -> HeaderValue {
    let tags = &shared.tags;
    match matched.route.facts {
        None => tags.common(),
        Some(Facts::States) => tags.of_states(),
        Some(Facts::State) => tags.of_state(matched.segments.first().map_or("", |(_, code)| code)),
        Some(Facts::Fields) => {
            let ids = field_ids(shared).await;
            tags.of_fields(&ids.split(',').filter(|id| !id.is_empty()).collect::<Vec<_>>())
        }
    }
}

/// The ids of all kinds of facts, by slug, with commas between them.
async fn field_ids(shared: &Shared) -> String {
    let read = async {
        let mut view = shared.app.store.view().await?;
        let ids: Vec<String> =
            view.elections().field_types().await?.iter().map(|it| it.id.to_string()).collect();
        Ok(ids.join(",").into_bytes())
    };
    let read = shared.kept.bytes("tags of fields", shared.app.now(), read).await;
    read.map(|ids| String::from_utf8_lossy(&ids).into_owned()).unwrap_or_default()
}
