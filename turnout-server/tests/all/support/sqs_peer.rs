//! A queue of SQS of our own, on a socket: refuses what Amazon's reference (2026-11) does not take, and drops what it got
//! within its five minutes.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use turnout_core::{
    conformance::http::Heard,
    ports::http::{HttpResponse, Method, StatusCode},
};
use turnout_server::config::{FaxQueue, Secret};
use url::Url;

use super::{
    http_peer::{Vendor, VendorPeer},
    schema,
};

/// The key that it knows.
const KEY: &str = "AKIATURNOUT";

/// Runs until it is dropped.
pub(crate) struct SqsPeer(VendorPeer<Inside>);

#[derive(Default)]
struct Inside {
    /// The messages that are delivered, in their order.
    messages: Vec<Value>,
    known: BTreeSet<String>,
    asked: usize,
    failures: Vec<(u16, &'static str)>,
    /// Every how many requests one goes wrong, if any.
    wrong_one_in: Option<usize>,
}

/// What goes wrong with a request, in turn.
const WRONG: [Wrong; 5] = [Wrong::Refused, Wrong::Misnamed, Wrong::Failed, Wrong::Garbled, Wrong::Broken];

#[derive(Clone, Copy)]
enum Wrong {
    /// It is refused.
    Refused,
    /// It is refused, and what it said is the name of the reason.
    Misnamed,
    /// The server fails, with a page.
    Failed,
    /// The answer is no JSON.
    Garbled,
    /// The line breaks.
    Broken,
}

impl SqsPeer {
    pub(crate) async fn start() -> Self {
        Self(VendorPeer::start().await)
    }

    /// What a process is set to so that it asks this queue.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("FAX_GATEWAY_SQS_QUEUE", self.queue().to_string()),
            ("AWS_ENDPOINT_URL_SQS", self.0.origin.to_string()),
            ("AWS_ACCESS_KEY_ID", KEY.into()),
            ("AWS_SECRET_ACCESS_KEY", "hush".into()),
        ]
    }

    fn queue(&self) -> Url {
        self.0.origin.join("/123456789012/faxes.fifo").unwrap()
    }

    /// The same as a setting that was read.
    pub(crate) fn place(&self) -> FaxQueue {
        FaxQueue {
            url: self.queue(),
            region: "us-west-2".into(),
            keys: Some((KEY.into(), Secret::new("hush".into()))),
            endpoint: Some(self.0.origin.clone()),
        }
    }

    /// The messages that the gateway gets, and how often the queue was asked.
    pub(crate) fn messages(&self) -> (Vec<Value>, usize) {
        let inside = self.0.inside();
        (inside.messages.clone(), inside.asked)
    }

    /// The next requests are answered so, one each.
    pub(crate) fn fails(&self, answers: &[(u16, &'static str)]) {
        self.0.inside().failures = answers.iter().rev().copied().collect();
    }

    /// From now on every so-many-eth request goes wrong, in turn in every way, and what it said is repeated.
    pub(crate) fn goes_wrong_one_in(&self, many: usize) {
        self.0.inside().wrong_one_in = Some(many);
    }

    /// From now on it knows no message again, as after five minutes.
    pub(crate) fn forgets(&self) {
        self.0.inside().known.clear();
    }
}

impl Vendor for Inside {
    fn respond(&mut self, heard: &Heard) -> Option<HttpResponse> {
        self.asked += 1;
        let said = format!("{:?} {}", heard.headers, String::from_utf8_lossy(&heard.body));
        if let Some(wrong) = self.wrong() {
            return goes_wrong(wrong, &said);
        }
        let (status, body) = match self.answer(heard) {
            Ok(body) => (200, body),
            Err((status, code)) => (status, refusal(code, &said)),
        };
        Some(HttpResponse::json(StatusCode::from_u16(status).unwrap(), &body))
    }
}

/// As Amazon refuses; its message repeats what was said.
fn refusal(code: &str, said: &str) -> Value {
    json!({"__type": format!("com.amazonaws.sqs#{code}"), "message": said})
}

fn goes_wrong(wrong: Wrong, said: &str) -> Option<HttpResponse> {
    let text = |code: u16| HttpResponse::new(StatusCode::from_u16(code).unwrap()).with_body(said.to_owned());
    Some(match wrong {
        Wrong::Refused => {
            HttpResponse::json(StatusCode::BAD_REQUEST, &refusal("InvalidMessageContents", said))
        }
        Wrong::Misnamed => HttpResponse::json(StatusCode::BAD_REQUEST, &refusal(said, said)),
        Wrong::Failed => text(503),
        Wrong::Garbled => text(200),
        Wrong::Broken => return None,
    })
}

impl Inside {
    /// What goes wrong with this request.
    fn wrong(&self) -> Option<Wrong> {
        let many = self.wrong_one_in?;
        let turn = self.asked / many % WRONG.len();
        self.asked.is_multiple_of(many).then(|| WRONG[turn])
    }

    fn answer(&mut self, heard: &Heard) -> Result<Value, (u16, &'static str)> {
        if let Some(failure) = self.failures.pop() {
            return Err(failure);
        }
        let header = |name: &str| heard.headers.get(name).map_or("", |value| value.to_str().unwrap());
        let signature = header("authorization");
        let names = format!("AWS4-HMAC-SHA256 Credential={KEY}/");
        if !signature.starts_with(&names)
            || !signature.contains("/us-west-2/sqs/aws4_request, SignedHeaders=")
        {
            return Err((403, "InvalidClientTokenId"));
        }
        if (&heard.method, header("content-type")) != (&Method::POST, "application/x-amz-json-1.0")
            || header("x-amz-target") != "AmazonSQS.SendMessage"
        {
            return Err((400, "InvalidAction"));
        }
        let body: Value = serde_json::from_slice(&heard.body).map_err(|_| (400, "MalformedInput"))?;
        let misfits = schema::misfits("sqs-send-message", &body);
        if !misfits.is_empty() {
            println!("{misfits:?}");
            return Err((400, "InvalidParameterValue"));
        }
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        let message: Value =
            serde_json::from_str(&text("MessageBody")).map_err(|_| (400, "InvalidMessageContents"))?;
        if self.known.insert(text("MessageDeduplicationId")) {
            let mut message = message;
            message["group"] = body["MessageGroupId"].clone();
            self.messages.push(message);
        }
        Ok(json!({
            "MessageId": "5fea7756-0ea4-451a-a703-a558b933e274",
            "SequenceNumber": self.messages.len().to_string(),
        }))
    }
}
