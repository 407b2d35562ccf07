//! The limit: hyper, and behind it the statements of a request in one transaction. Nothing is checked, nothing logged.
//!
//! What the server keeps as finished bytes is answered with the same bytes. A complete registration is stored without a
//! form; `?form=true` also fills the same packet and puts it on the disk.

use std::{
    convert::Infallible,
    fs,
    io::{self, Write as _},
    path::PathBuf,
    process::Command,
    sync::Arc,
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::net::TcpListener;
use turnout_core::{address::State, ports::forms::PacketName, register::form, secret::StateIdNumber};
use turnout_pdf::{FormLibrary, Packet};
use uuid::Uuid;

use crate::{
    calls::Call,
    plan::{Record, Texts, Voter},
    process::{Running, free_port},
    sql::Database,
};

/// What it is told at its start.
#[derive(Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) port: u16,
    pub(crate) database: String,
    /// Where the finished bytes are, and where forms are put.
    pub(crate) folder: PathBuf,
    /// The official forms; samples where there are none.
    pub(crate) forms: Option<PathBuf>,
}

struct Endpoint {
    database: Database,
    texts: Texts,
    subscriber: Uuid,
    /// The finished bytes, by path.
    kept: Vec<(String, Bytes)>,
    packet: Arc<Packet>,
    folder: PathBuf,
}

/// Where the finished answer to a call is kept.
pub(crate) fn kept(call: Call) -> String {
    format!("{}.json", call.key())
}

/// Starts the bare endpoint, this program once more.
pub(crate) async fn start(mut task: Task) -> anyhow::Result<Running> {
    task.port = free_port()?;
    let (port, log) = (task.port, task.folder.join("bare.log"));
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bare", &serde_json::to_string(&task)?]);
    Running::start(command, port, log).await
}

/// Answers until it is ended.
#[tokio::main(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "a bench has no task tracker")]
pub(crate) async fn serve(task: Task) -> anyhow::Result<()> {
    let database = Database::open(&task.database).await?;
    let texts = Texts::of_the_store();
    let read = |call| fs::read(task.folder.join(kept(call))).map(Bytes::from);
    let endpoint = Arc::new(Endpoint {
        subscriber: database.id(texts.subscriber).await?,
        kept: Call::KEPT.into_iter().map(|call| Ok((call.path(), read(call)?))).collect::<io::Result<_>>()?,
        packet: FormLibrary::open(task.forms.as_deref())?.packet(PacketName::Registration)?,
        folder: task.folder,
        database,
        texts,
    });
    let listener = TcpListener::bind(("127.0.0.1", task.port)).await?;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let endpoint = Arc::clone(&endpoint);
        let service = service_fn(move |request| {
            let endpoint = Arc::clone(&endpoint);
            async move {
                let (status, body) = endpoint.answer(request).await.unwrap_or_else(|error| {
                    eprintln!("{error:#}");
                    (StatusCode::INTERNAL_SERVER_ERROR, Bytes::new())
                });
                let mut response = Response::new(Full::new(body));
                *response.status_mut() = status;
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(CONTENT_TYPE, json);
                Ok::<_, Infallible>(response)
            }
        });
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
    }
}

impl Endpoint {
    async fn answer(&self, request: Request<Incoming>) -> anyhow::Result<(StatusCode, Bytes)> {
        let (head, body) = request.into_parts();
        if head.method == Method::GET {
            let kept = self.kept.iter().find(|(path, _)| path == head.uri.path());
            return Ok(
                kept.map_or((StatusCode::NOT_FOUND, Bytes::new()), |(_, it)| (StatusCode::OK, it.clone()))
            );
        }
        let body = body.collect().await?.to_bytes();
        if head.uri.path() == "/v1/event/track/" {
            let event = serde_json::from_slice(&body)?;
            self.database.write(&self.texts.event(&event)).await?;
            let answer = json!({ "event_type": event.event_type, "action": event.action });
            return Ok((StatusCode::CREATED, answer.to_string().into()));
        }
        let voter: Voter = serde_json::from_slice(&body)?;
        let record = Record::new(voter, self.subscriber);
        let steps = match head.uri.query() {
            Some("incomplete=true") => record.incomplete(&self.texts),
            query => {
                if query == Some("form=true") {
                    self.make_form(record.id).await?;
                }
                record.complete(&self.texts)
            }
        };
        self.database.write(&steps).await?;
        let answer = json!({
            "uuid": record.id, "action_id": record.action, "custom_ovr_link": null,
            "allow_print_and_forward": null, "request_mailing_deliverable": null,
        });
        Ok((StatusCode::OK, answer.to_string().into()))
    }

    /// Fills the packet and puts it on the disk, as a folder of files does.
    async fn make_form(&self, id: Uuid) -> anyhow::Result<()> {
        let (packet, folder) = (Arc::clone(&self.packet), self.folder.clone());
        let made = tokio::task::spawn_blocking(move || {
            let (registration, facts) = form::sample(State::Oh);
            let number = Some(StateIdNumber::new("RT726194".into()));
            let fields = form::fields(&registration, &facts, PacketName::Registration, number);
            let filled = packet.fill(&fields, &[])?;
            let (aside, path) = (folder.join(format!(".{id}")), folder.join(format!("{id}.pdf")));
            let mut file = fs::File::create_new(&aside)?;
            file.write_all(&filled.pdf)?;
            file.sync_all()?;
            fs::rename(aside, path)?;
            fs::File::open(folder)?.sync_all()?;
            anyhow::Ok(())
        });
        made.await?
    }
}
