//! Vendors that answer as real ones do, and repeat what they were told when they fail.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        email::{Email, EmailSender},
        http::{HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse, StatusCode},
    },
};
use turnout_server::providers::{http_client::Reqwest, smtp::Smtp};

use super::needles::{
    ADDRESS, CITY, OTHER_EMAIL, PREVIOUS_ADDRESS, PREVIOUS_FIRST_NAME, PREVIOUS_LAST_NAME, US_DATE, VENDOR,
};
use crate::support::{Echo, EchoPeer};

const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

/// All vendors that are asked by HTTP. Most questions are answered here, some over a socket.
pub(super) struct Vendors {
    asked: AtomicU64,
    real: Reqwest,
    peer: EchoPeer,
}

impl Vendors {
    pub(super) async fn start() -> Self {
        let peer = EchoPeer::start().await;
        *peer.answer.lock().unwrap() = Some(Box::new(answer));
        Self { asked: AtomicU64::new(0), real: Reqwest::new().unwrap(), peer }
    }
}

#[async_trait]
impl HttpClient for Vendors {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        if number.is_multiple_of(8) {
            let origin = self.peer.origin();
            request.url.set_scheme("http").unwrap();
            request.url.set_host(origin.host_str()).unwrap();
            request.url.set_port(origin.port()).unwrap();
            return self.real.send(request).await;
        }
        let said = format!("{} {} {}", request.method, request.url, String::from_utf8_lossy(&request.body));
        match answer(number, &said) {
            Some(Echo { status, body }) => {
                Ok(HttpResponse::new(StatusCode::from_u16(status).unwrap()).with_body(body))
            }
            // a client tells nothing of what it carried: that is what the port asks of it
            None => Err(HttpError::from(HttpErrorKind::Broken).because("somebody hung up")),
        }
    }
}

/// What a vendor answers to its nth question.
fn answer(number: u64, said: &str) -> Option<Echo> {
    let json = |status, body: Value| Some(Echo { status, body: body.to_string() });
    let told = format!("{VENDOR}: {said}");
    match number % 7 {
        0..=2 => json(200, good(number, said)),
        3 => json(
            400,
            json!({
                "code": 21211, "message": told, "more_info": told, "detail": told, "status": 400,
                "error": {"message": told, "status_code": 422, "code": told}, "errors": [told],
            }),
        ),
        4 => Some(Echo { status: 503, body: told }),
        // of other kinds than they should be: what cannot be read is apt to be repeated
        5 => {
            let strange: serde_json::Map<String, Value> = good(number, said)
                .as_object()
                .unwrap()
                .keys()
                .map(|name| (name.clone(), json!([told])))
                .collect();
            json(200, Value::Object(strange))
        }
        _ => None,
    }
}

/// What any of them answers when all is well.
fn good(number: u64, said: &str) -> Value {
    json!({
        "sid": format!("SM{number:032x}"), "status": "queued", "error_code": null, "error_message": null,
        "messages": [], "id": format!("ltr_{number:016x}"), "expected_delivery_date": "2026-12-01",
        "leads": [{
            "created_at": format!("2026-10-0{}T0{}:{:02}:00Z", number % 9 + 1, number / 60 % 10, number % 60),
            "email": OTHER_EMAIL, "first_name": PREVIOUS_FIRST_NAME, "last_name": PREVIOUS_LAST_NAME,
            "move_date": if number.is_multiple_of(2) { "2026-09-01" } else { US_DATE },
            "new_address1": ADDRESS, "new_city": CITY, "new_state": "OH", "new_zipcode": "45801",
            "old_address1": PREVIOUS_ADDRESS, "old_city": CITY, "old_state": "TX", "old_zipcode": "78701",
        }],
        "identifiers": [format!("action_network:{NOBODY}")], "_links": {"self": {"href": format!("https://vendor.example.org/api/v2/people/{NOBODY}")}},
        "_embedded": {"osdi:people": []},
        "data": [], "object": "list", "deliverability": "deliverable", "url": "https://go.example.org/x",
        "link": "https://go.example.org/x", "results": [], "pollingLocations": [],
        "state": [{"name": "Ohio", "electionAdministrationBody": {"notice": said}}],
        "normalizedInput": {"line1": said, "city": said, "state": "OH", "zip": said},
        "result": {"addressMatches": []}, "input": {"address": said}, "match_data": {},
        "voterbase": [{"vb.voterbase_registration_status": "Registered", "first": said}],
    })
}

/// A mail server that takes most mails, and repeats addresses in its refusals.
pub(super) struct Mails {
    asked: AtomicU64,
    smtp: Smtp,
    takes: JoinHandle<()>,
}

impl Mails {
    #[expect(clippy::disallowed_methods, reason = "the peer of a test, which ends it")]
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let smtp = Smtp::new("smtp", &url, std::time::Duration::from_secs(5)).unwrap();
        let count = Arc::new(AtomicU64::new(0));
        let takes = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(take(stream, Arc::clone(&count)));
            }
        });
        Self { asked: AtomicU64::new(0), smtp, takes }
    }
}

impl Drop for Mails {
    fn drop(&mut self) {
        self.takes.abort();
    }
}

#[async_trait]
impl EmailSender for Mails {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        match self.asked.fetch_add(1, Ordering::Relaxed) % 8 {
            0 | 1 => self.smtp.send(email).await,
            2 => Err(ProviderError::new("smtp", ProviderErrorKind::Unreachable)),
            _ => Ok(()),
        }
    }
}

async fn take(stream: TcpStream, count: Arc<AtomicU64>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut is_text = false;
    let mut reply = format!("220 {VENDOR}");
    loop {
        if !is_text || !reply.is_empty() {
            if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                return;
            }
            reply.clear();
        }
        let Ok(Some(line)) = lines.next_line().await else { return };
        match line.as_str() {
            "." if is_text => {
                is_text = false;
                reply = "250 taken".to_owned();
            }
            _ if is_text => {}
            "DATA" => {
                is_text = true;
                reply = "354 go on".to_owned();
            }
            "QUIT" => reply = "221 bye".to_owned(),
            line if line.starts_with("RCPT") => {
                reply = match count.fetch_add(1, Ordering::Relaxed) % 4 {
                    0 => format!("550 5.1.1 {VENDOR} {line}: no such user"),
                    1 => format!("451 4.2.0 {VENDOR} {line}: later"),
                    _ => "250 fine".to_owned(),
                };
            }
            _ => reply = "250 peer".to_owned(),
        }
    }
}
