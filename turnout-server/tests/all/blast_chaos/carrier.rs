//! A carrier on loopback that is like Twilio where it matters: it knows no text again, lists texts by number and day only
//! after a while, now and then takes one without saying so, and now and then says no or breaks
//! (docs of Twilio: "Message resource", "Read multiple Message resources", "Error 20429", 2026-11).

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rand::RngExt as _;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use turnout_core::ports::clock::Clock as _;
use url::form_urlencoded;

use super::worker::Ahead;

/// The account.
pub(super) const ACCOUNT: &str = "ACchaos";
/// Its password.
pub(super) const TOKEN: &str = "hush";
/// The messaging service.
pub(super) const SERVICE: &str = "MGchaos";

/// So long after it was taken a text is listed.
const LISTED_AFTER: Duration = Duration::from_secs(2);
/// Of so many that are taken, one is not answered.
const ONE_LOST_OF: u32 = 100;
/// Of so many calls, one is answered with 429, 500 or 503, and nothing is taken.
const ONE_REFUSED_OF: u32 = 20;

/// A text that was taken.
struct Taken {
    sid: String,
    body: String,
    at: DateTime<Utc>,
    since: Instant,
}

#[derive(Default)]
struct Kept {
    texts: HashMap<String, Vec<Taken>>,
    /// When it was called.
    calls: Vec<Instant>,
    lost: u32,
    refused: u32,
    lists: u32,
}

/// Runs until it is dropped.
pub(super) struct Carrier {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    accepts: JoinHandle<()>,
}

impl Carrier {
    /// One whose clock is so far ahead.
    #[expect(clippy::disallowed_methods, reason = "the peer of a test, which ends it")]
    pub(super) async fn start(ahead: TimeDelta) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let kept = Arc::<Mutex<Kept>>::default();
        let keeps = Arc::clone(&kept);
        let accepts = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let keeps = Arc::clone(&keeps);
                let service = service_fn(move |request| answer(request, Arc::clone(&keeps), Ahead(ahead)));
                // whoever is killed leaves half a request
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, kept, accepts }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// How often it was asked to take a text.
    pub(super) fn calls(&self) -> usize {
        self.kept.lock().unwrap().calls.len()
    }

    /// When it was asked last.
    pub(super) fn last_call(&self) -> Instant {
        *self.kept.lock().unwrap().calls.iter().max().unwrap()
    }

    /// How many texts to a number it took.
    pub(super) fn texts_to(&self, phone: &str) -> usize {
        self.kept.lock().unwrap().texts.get(phone).map_or(0, Vec::len)
    }

    /// The most calls that there were in any second, and how many a second from the first call until that moment.
    pub(super) fn rates(&self, until: Instant) -> (u32, f64) {
        let kept = self.kept.lock().unwrap();
        let calls = &kept.calls;
        let mut peak = 0;
        let mut first = 0;
        for (last, at) in calls.iter().enumerate() {
            while *at - calls[first] >= Duration::from_secs(1) {
                first += 1;
            }
            peak = peak.max(last + 1 - first);
        }
        let count = u32::try_from(calls.iter().filter(|at| **at <= until).count()).unwrap();
        (u32::try_from(peak).unwrap(), f64::from(count) / (until - calls[0]).as_secs_f64())
    }

    /// What happened, in a line.
    pub(super) fn story(&self) -> String {
        let kept = self.kept.lock().unwrap();
        format!(
            "{} calls, {} refused, {} answers lost, {} lists",
            kept.calls.len(),
            kept.refused,
            kept.lost,
            kept.lists
        )
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        self.accepts.abort();
    }
}

type Answer = Response<Full<Bytes>>;

fn json_answer(status: StatusCode, body: &Value) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body.to_string())));
    *answer.status_mut() = status;
    answer.headers_mut().insert("content-type", "application/json".parse().unwrap());
    answer
}

/// An error ends the connection without an answer.
async fn answer(request: Request<Incoming>, kept: Arc<Mutex<Kept>>, clock: Ahead) -> io::Result<Answer> {
    let arrived = Instant::now();
    let path = request.uri().path().to_owned();
    if path != format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json") {
        return Ok(json_answer(StatusCode::NOT_FOUND, &json!({"code": 20404, "message": path})));
    }
    let is_post = request.method() == Method::POST;
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = request.into_body().collect().await;
    let body = body.map_err(|_| io::Error::other("half a request"))?.to_bytes();
    let fields = if is_post { body } else { Bytes::from(query) };
    let fields: HashMap<String, String> = form_urlencoded::parse(&fields).into_owned().collect();
    let mut kept = kept.lock().unwrap();
    if !is_post {
        kept.lists += 1;
        return Ok(list(&kept, &fields));
    }
    let (Some(to), Some(text), Some(SERVICE)) =
        (fields.get("To"), fields.get("Body"), fields.get("MessagingServiceSid").map(String::as_str))
    else {
        return Ok(json_answer(StatusCode::BAD_REQUEST, &json!({"code": 21604})));
    };
    kept.calls.push(arrived);
    let random: u32 = rand::rng().random();
    if random.is_multiple_of(ONE_REFUSED_OF) {
        kept.refused += 1;
        let status = match kept.refused % 4 {
            0 => StatusCode::INTERNAL_SERVER_ERROR,
            1 => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::TOO_MANY_REQUESTS,
        };
        return Ok(json_answer(status, &json!({"code": 20429, "message": "Too Many Requests"})));
    }
    let taken = Taken {
        sid: format!("SM{:032x}", rand::rng().random::<u128>()),
        body: text.clone(),
        at: clock.now(),
        since: arrived,
    };
    let told = json!({"sid": taken.sid, "status": "accepted", "to": to, "direction": "outbound-api"});
    kept.texts.entry(to.clone()).or_default().push(taken);
    if (random / ONE_REFUSED_OF).is_multiple_of(ONE_LOST_OF) {
        kept.lost += 1;
        return Err(io::Error::other("the answer is lost"));
    }
    Ok(json_answer(StatusCode::CREATED, &told))
}

/// Texts of a number, on a day or around it, as Twilio lists them: the newest first.
fn list(kept: &Kept, fields: &HashMap<String, String>) -> Answer {
    let day = |name: &str| -> Result<Option<NaiveDate>, ()> {
        let Some(text) = fields.get(name) else { return Ok(None) };
        let bare = text.get(..10).ok_or(())?;
        NaiveDate::parse_from_str(bare, "%Y-%m-%d").map(Some).map_err(|_| ())
    };
    let (Ok(on), Ok(since), Ok(until)) = (day("DateSent"), day("DateSent>"), day("DateSent<")) else {
        return json_answer(StatusCode::BAD_REQUEST, &json!({"code": 20001}));
    };
    let Some(to) = fields.get("To") else {
        return json_answer(StatusCode::BAD_REQUEST, &json!({"code": 20001}));
    };
    let is_listed = |text: &&Taken| {
        let sent = text.at.date_naive();
        text.since.elapsed() >= LISTED_AFTER
            && on.is_none_or(|on| sent == on)
            && since.is_none_or(|since| sent >= since)
            && until.is_none_or(|until| sent <= until)
    };
    let texts = kept.texts.get(to).into_iter().flatten().rev().filter(is_listed);
    let messages: Vec<Value> = texts
        .map(|text| {
            json!({
                "sid": text.sid, "to": to, "from": "+16145550100", "body": text.body, "status": "sent",
                "direction": "outbound-api", "messaging_service_sid": SERVICE, "account_sid": ACCOUNT,
                "date_created": text.at.to_rfc2822(), "date_sent": text.at.to_rfc2822(),
                "date_updated": text.at.to_rfc2822(), "error_code": null, "error_message": null,
            })
        })
        .collect();
    json_answer(
        StatusCode::OK,
        &json!({"messages": messages, "page": 0, "page_size": 50, "next_page_uri": null}),
    )
}
