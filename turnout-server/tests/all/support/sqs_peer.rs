//! A queue of SQS of our own, on a socket: refuses what Amazon's reference (2026-11) does not take, and drops what it got
//! within its five minutes.

use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::BufStream,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use turnout_core::{
    conformance::http::Heard,
    ports::http::{HttpResponse, Method, StatusCode},
};
use turnout_server::config::{FaxQueue, Secret};
use url::Url;

use super::{
    http_peer::{listen, read, write},
    schema,
};

/// The key that it knows.
const KEY: &str = "AKIATURNOUT";

/// Runs until it is dropped.
pub(crate) struct SqsPeer {
    origin: Url,
    inside: Arc<Mutex<Inside>>,
    takes: JoinHandle<()>,
}

#[derive(Default)]
struct Inside {
    /// The messages that are delivered, in their order.
    messages: Vec<Value>,
    known: BTreeSet<String>,
    asked: usize,
    failures: Vec<(u16, &'static str)>,
}

impl SqsPeer {
    #[expect(clippy::disallowed_methods, reason = "the peer of a test, which ends it")]
    pub(crate) async fn start() -> Self {
        let (listener, origin) = listen().await;
        let inside = Arc::<Mutex<Inside>>::default();
        let shared = Arc::clone(&inside);
        let takes = tokio::spawn(async move {
            loop {
                let (stream, _) = TcpListener::accept(&listener).await.unwrap();
                tokio::spawn(talk(stream, Arc::clone(&shared)));
            }
        });
        Self { origin, inside, takes }
    }

    /// What a process is set to so that it asks this queue.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("FAX_GATEWAY_SQS_QUEUE", self.queue().to_string()),
            ("AWS_ENDPOINT_URL_SQS", self.origin.to_string()),
            ("AWS_ACCESS_KEY_ID", KEY.into()),
            ("AWS_SECRET_ACCESS_KEY", "hush".into()),
        ]
    }

    fn queue(&self) -> Url {
        self.origin.join("/123456789012/faxes.fifo").unwrap()
    }

    /// The same as a setting that was read.
    pub(crate) fn place(&self) -> FaxQueue {
        FaxQueue {
            url: self.queue(),
            region: "us-west-2".into(),
            keys: Some((KEY.into(), Secret::new("hush".into()))),
            endpoint: Some(self.origin.clone()),
        }
    }

    /// The messages that the gateway gets, and how often the queue was asked.
    pub(crate) fn messages(&self) -> (Vec<Value>, usize) {
        let inside = self.inside.lock().unwrap();
        (inside.messages.clone(), inside.asked)
    }

    /// The next requests are answered so, one each.
    pub(crate) fn fails(&self, answers: &[(u16, &'static str)]) {
        self.inside.lock().unwrap().failures = answers.iter().rev().copied().collect();
    }

    /// From now on it knows no message again, as after five minutes.
    pub(crate) fn forgets(&self) {
        self.inside.lock().unwrap().known.clear();
    }
}

impl Drop for SqsPeer {
    fn drop(&mut self) {
        self.takes.abort();
    }
}

async fn talk(stream: TcpStream, inside: Arc<Mutex<Inside>>) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    loop {
        let heard = read(&mut stream).await?;
        let (status, body) = match inside.lock().unwrap().answer(&heard) {
            Ok(body) => (200, body),
            Err((status, code)) => {
                (status, json!({"__type": format!("com.amazonaws.sqs#{code}"), "message": "+16175557890"}))
            }
        };
        let answer = HttpResponse::json(StatusCode::from_u16(status).unwrap(), &body);
        write(&mut stream, &answer, answer.body.len()).await?;
    }
}

impl Inside {
    fn answer(&mut self, heard: &Heard) -> Result<Value, (u16, &'static str)> {
        self.asked += 1;
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
