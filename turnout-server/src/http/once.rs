//! `Idempotency-Key`: a call that is repeated has one effect and one answer.
//!
//! The header is that of draft-ietf-httpapi-idempotency-key-header-07, its value a text with or without quotes. A route that
//! creates something says so in the table, and how an answer that was kept is given again.

use std::{pin::Pin, sync::Arc, time::Duration};

use chrono::TimeDelta;
use http::{HeaderName, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::time::Instant;
use tracing::Instrument as _;
use turnout_core::{
    App,
    keyed_call::{self, CallKey, IdsOfCall, KeptAnswer, Turn},
    ports::store::StoreError,
};

use super::{
    error::ApiError,
    request::Request,
    response::{self, Response},
    router::Route,
};

/// The header of the key.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The most characters of a key.
pub(crate) const LONGEST_KEY: usize = 255;

/// How long a repetition waits for the first call to be answered, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How much longer a call may take than its answer.
const BEYOND_TIMEOUT: TimeDelta = TimeDelta::seconds(30);

/// A body that is being made.
pub type Making = Pin<Box<dyn Future<Output = Result<Value, ApiError>> + Send>>;

/// Gives an answer again: what was kept becomes the body.
pub type Again = fn(App, Value) -> Making;

/// What is kept of an answer in place of its body: whatever cannot be made anew. An extension of the answer.
#[derive(Debug, Clone)]
pub(crate) struct Remembered(pub(crate) Value);

/// The body as it was kept.
pub(crate) fn as_kept(_: App, kept: Value) -> Making {
    Box::pin(async { Ok(kept) })
}

/// The key that a call carries, if it carries one.
pub(super) fn key(request: &Request) -> Result<Option<String>, ApiError> {
    let Some(value) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let is_key =
        (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if !is_key {
        return Err(ApiError::problem(
            StatusCode::BAD_REQUEST,
            "The Idempotency-Key is not valid.",
            "A key is a text of 1 to 255 printable ASCII characters.",
        ));
    }
    Ok(Some(text.to_owned()))
}

/// Answers a call that carries a key: makes it, or gives the answer of the one that was made. It is made to its end even if
/// its caller goes away meanwhile, so that a repetition finds its answer.
pub(super) async fn answer(
    route: Arc<Route>,
    again: Again,
    key: &str,
    mut request: Request,
) -> Result<Response, ApiError> {
    // what cannot be read is refused by the handler, and has no effect to be kept from
    let Some(sent) = request.sent().await? else { return route.answer(request).await };
    let call = CallKey::new(request.app(), route.path, &request.caller(), key, &sent);
    let tasks = request.tasks().clone();
    let made = tasks.spawn(turn(route, again, call, request).in_current_span());
    // what a panic says was printed by its hook, and may speak of the voter
    made.await.unwrap_or_else(|_| Err(ApiError::internal("a handler panicked")))
}

async fn turn(
    route: Arc<Route>,
    again: Again,
    call: CallKey,
    mut request: Request,
) -> Result<Response, ApiError> {
    let app = request.app().clone();
    let limit = TimeDelta::from_std(request.timeout()).unwrap_or(TimeDelta::seconds(30));
    let patience = Instant::now() + PATIENCE.min(request.timeout() / 2);
    loop {
        let turn = match keyed_call::begin(&app, &call, limit + BEYOND_TIMEOUT).await {
            // a store of somebody's own may do without
            Err(StoreError::Absent(_)) => return route.answer(request).await,
            turn => turn?,
        };
        match turn {
            Turn::Yours { seed, begun } => {
                let ids = IdsOfCall::new(&app, seed);
                request.use_app(App { ids: Arc::new(ids), ..app.clone() });
                return make(app, call, begun, route, request).await;
            }
            Turn::Answered(kept) => {
                let status = StatusCode::from_u16(kept.status).map_err(ApiError::internal)?;
                return Ok(response::json(status, &again(app, kept.body).await?));
            }
            Turn::Another => {
                return Err(ApiError::problem(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "The Idempotency-Key is used already.",
                    "The call that was made with this key held something else.",
                ));
            }
            Turn::Busy if Instant::now() < patience => tokio::time::sleep(LOOK_EVERY).await,
            Turn::Busy => {
                return Err(ApiError::problem(
                    StatusCode::CONFLICT,
                    "A call with this Idempotency-Key is being answered.",
                    "Repeat the call in a while: it will have the answer of the first.",
                )
                .retry_after(1));
            }
        }
    }
}

/// Makes the call and keeps its answer. A refusal and a failure are not kept.
///
/// The records of a call that somebody has `begun` are met again, as they have the same ids: it is not made twice.
async fn make(
    app: App,
    call: CallKey,
    begun: bool,
    route: Arc<Route>,
    request: Request,
) -> Result<Response, ApiError> {
    let answer = match route.answer(request).await {
        Ok(answer) if answer.status().is_success() => answer,
        Err(error) if begun && error.is_caused_by(|cause| matches!(cause, StoreError::Conflict { .. })) => {
            return Err(ApiError::problem(
                StatusCode::CONFLICT,
                "The call with this Idempotency-Key was broken off.",
                "What it stored is kept. Nothing was stored again.",
            ));
        }
        other => {
            if let Err(error) = keyed_call::break_off(&app, &call).await {
                tracing::warn!(%error, "a call with a key was not forgotten before its lease ends");
            }
            return other;
        }
    };
    let (mut head, body) = answer.into_parts();
    let bytes = body.collect().await.map_err(ApiError::internal)?.to_bytes();
    let kept = match head.extensions.remove::<Remembered>() {
        Some(Remembered(kept)) => kept,
        None if bytes.is_empty() => Value::Null,
        None => serde_json::from_slice(&bytes).map_err(ApiError::internal)?,
    };
    let kept = KeptAnswer { status: head.status.as_u16(), body: kept };
    // it was made: whoever called is told so, though a repetition will only learn that it was broken off
    if let Err(error) = keyed_call::finish(&app, &call, &kept).await {
        tracing::error!(%error, "the answer of a call with a key was not kept");
    }
    Ok(Response::from_parts(head, bytes.into()))
}
