//! A Twilio of our own, on a socket: refuses what Twilio's reference (2026-11) does not take, knows no text again that it
//! gets twice, and has a list of its texts that lags behind.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use turnout_core::{
    conformance::http::Heard,
    ports::{
        clock::Clock as _,
        http::{HttpResponse, Method, StatusCode},
    },
};
use turnout_server::{config::Secret, system::SystemClock};
use url::Url;

use super::{
    http_peer::{Vendor, VendorPeer},
    schema,
};

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";
const TOKEN: &str = "hush";
/// How many texts a page of the list has, whatever is asked for.
const PAGE: usize = 3;

/// Runs until it is dropped.
pub(crate) struct TwilioPeer(VendorPeer<Inside>);

/// A text in its list.
#[derive(Debug, Clone)]
pub(crate) struct PeerText {
    pub(crate) to: String,
    pub(crate) body: String,
    pub(crate) media: Vec<String>,
    from: String,
    direction: &'static str,
    at: DateTime<Utc>,
}

#[derive(Default)]
struct Inside {
    texts: Vec<PeerText>,
    lag: TimeDelta,
    drops: u32,
    failures: Vec<(u16, u32)>,
    strays: bool,
}

impl TwilioPeer {
    pub(crate) async fn start() -> Self {
        Self(VendorPeer::start().await)
    }

    pub(crate) fn origin(&self) -> Url {
        self.0.origin.clone()
    }

    /// Account, password and messaging service.
    pub(crate) fn keys() -> (String, Secret, String) {
        (ACCOUNT.into(), Secret::new(TOKEN.into()), SERVICE.into())
    }

    /// What a process is set to so that it sends by this one.
    #[cfg(feature = "crash-points")]
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TWILIO_ACCOUNT_SID", ACCOUNT.into()),
            ("TWILIO_AUTH_TOKEN", TOKEN.into()),
            ("TWILIO_MESSAGING_SERVICE_SID", SERVICE.into()),
            ("TWILIO_BASE_URL", self.0.origin.to_string()),
        ]
    }

    /// The texts that go out, oldest first.
    pub(crate) fn sent(&self) -> Vec<PeerText> {
        let inside = self.0.inside();
        inside.texts.iter().filter(|text| text.direction == "outbound-api").cloned().collect()
    }

    /// Its list is behind by so much.
    pub(crate) fn lags(&self, by: TimeDelta) {
        self.0.inside().lag = by;
    }

    /// The next `times` texts are taken, and the line breaks before it says so.
    pub(crate) fn drops_answers(&self, times: u32) {
        self.0.inside().drops = times;
    }

    /// The next requests are answered so, one each: status and Twilio's code.
    pub(crate) fn fails(&self, answers: &[(u16, u32)]) {
        self.0.inside().failures = answers.iter().rev().copied().collect();
    }

    /// The next pages of its list are somewhere else.
    pub(crate) fn strays(&self) {
        self.0.inside().strays = true;
    }

    /// A voter writes to one of its numbers.
    pub(crate) fn comes_in(&self, from: &str, to: &str, body: &str) {
        self.add(from, to, body, "inbound");
    }

    /// It answers a voter by itself, or for us.
    pub(crate) fn replies(&self, to: &str, body: &str) {
        self.add("+15005550006", to, body, "outbound-reply");
    }

    fn add(&self, from: &str, to: &str, body: &str, direction: &'static str) {
        self.0.inside().texts.push(PeerText {
            to: to.into(),
            body: body.into(),
            media: Vec::new(),
            from: from.into(),
            direction,
            at: SystemClock.now(),
        });
    }
}

impl Vendor for Inside {
    fn respond(&mut self, heard: &Heard) -> Option<HttpResponse> {
        let (status, body) = match self.answer(heard) {
            Ok(body) => (if heard.method == Method::POST { 201 } else { 200 }, body?),
            Err((status, code)) => {
                let message = format!("The number +16175557890 is not what we want: {code}");
                (status, json!({"code": code, "message": message, "status": status}))
            }
        };
        Some(HttpResponse::json(StatusCode::from_u16(status).unwrap(), &body))
    }
}

/// What comes several times is a list.
fn fields(encoded: &[u8]) -> Value {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(encoded).into_owned() {
        all.entry(name).or_default().push(value);
    }
    let one = |(name, values): (String, Vec<String>)| match (name.as_str(), values.as_slice()) {
        ("MediaUrl", values) => (name.clone(), json!(values)),
        (_, [value]) => (name, json!(value)),
        (_, values) => (name, json!(values)),
    };
    Value::Object(all.into_iter().map(one).collect())
}

type Outcome = Result<Option<Value>, (u16, u32)>;

impl Inside {
    /// Nothing where the line breaks.
    fn answer(&mut self, heard: &Heard) -> Outcome {
        if let Some(failure) = self.failures.pop() {
            return Err(failure);
        }
        let basic = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{TOKEN}")));
        if heard.headers.get("authorization").is_none_or(|given| *given != basic.as_str()) {
            return Err((401, 20003));
        }
        let url = Url::parse("http://peer").unwrap().join(&heard.path).unwrap();
        if url.path() != format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json") {
            return Err((404, 20404));
        }
        match heard.method {
            Method::POST => self.take(heard),
            Method::GET => self.list(&url),
            _ => Err((405, 20004)),
        }
    }

    fn take(&mut self, heard: &Heard) -> Outcome {
        let kind = heard.headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
        let form = fields(&heard.body);
        let misfits = schema::misfits("twilio-create-message", &form);
        if kind != "application/x-www-form-urlencoded" || !misfits.is_empty() {
            println!("{kind} {misfits:?}");
            return Err((400, 21602));
        }
        let text = |name: &str| form[name].as_str().unwrap_or_default().to_owned();
        let media = form["MediaUrl"].as_array().into_iter().flatten();
        self.texts.push(PeerText {
            to: text("To"),
            body: text("Body"),
            media: media.map(|url| url.as_str().unwrap().to_owned()).collect(),
            from: String::new(),
            direction: "outbound-api",
            at: SystemClock.now(),
        });
        if self.drops > 0 {
            self.drops -= 1;
            return Ok(None);
        }
        let index = self.texts.len() - 1;
        Ok(Some(self.shown(index)))
    }

    fn list(&self, url: &Url) -> Outcome {
        let query = fields(url.query().unwrap_or_default().as_bytes());
        let misfits = schema::misfits("twilio-list-messages", &query);
        if !misfits.is_empty() {
            println!("{misfits:?}");
            return Err((400, 20001));
        }
        let until = SystemClock.now() - self.lag;
        let day = query["DateSent>"].as_str();
        let is_asked = |text: &PeerText| {
            query["To"] == text.to.as_str()
                && text.at <= until
                && day.is_none_or(|day| text.at.format("%Y-%m-%d").to_string().as_str() >= day)
        };
        let asked: Vec<usize> =
            (0..self.texts.len()).rev().filter(|index| is_asked(&self.texts[*index])).collect();
        let page: usize = query["Page"].as_str().map_or(0, |page| page.parse().unwrap());
        let shown: Vec<Value> =
            asked.iter().skip(page * PAGE).take(PAGE).map(|index| self.shown(*index)).collect();
        let next = (asked.len() > (page + 1) * PAGE).then(|| {
            let mut next = url.clone();
            let kept: Vec<(String, String)> =
                url.query_pairs().into_owned().filter(|(name, _)| !name.starts_with("Page")).collect();
            next.query_pairs_mut().clear().extend_pairs(kept);
            next.query_pairs_mut()
                .append_pair("Page", &(page + 1).to_string())
                .append_pair("PageToken", "PASM1");
            match self.strays {
                true => format!("http://127.0.0.1:9{}?{}", next.path(), next.query().unwrap()),
                false => format!("{}?{}", next.path(), next.query().unwrap()),
            }
        });
        Ok(Some(json!({"messages": shown, "page": page, "page_size": PAGE, "next_page_uri": next})))
    }

    fn shown(&self, index: usize) -> Value {
        let text = &self.texts[index];
        json!({
            "sid": format!("SM{index:032x}"), "account_sid": ACCOUNT, "messaging_service_sid": SERVICE,
            "to": text.to, "from": text.from, "body": text.body, "direction": text.direction,
            "status": if text.direction == "inbound" { "received" } else { "accepted" },
            "date_created": text.at.to_rfc2822(), "date_sent": null, "num_media": text.media.len().to_string(),
            "num_segments": "0", "error_code": null, "error_message": null, "price": null,
        })
    }
}
