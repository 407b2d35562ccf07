//! Files half in a folder and half on S3, in a server that others wrote, in front of which somebody goes wrong now and then
//! and repeats what it was told.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tokio::{net::TcpListener, task::JoinSet};
use turnout_core::ports::{
    clock::Clock,
    files::{FileError, FileStore, FileWriter},
    public_files::PublicFiles,
};
use turnout_storage::files::{PartedPublicFiles, Prefix, S3, S3Files, S3Options, S3PublicFiles};

use super::needles::{AMAZON_KEY, VENDOR, VENDOR_KEY};

/// How many questions it takes for one to go wrong.
const ONE_IN: u64 = 9;
/// Longer than the client waits.
const FOREVER: Duration = Duration::from_secs(60);
const PRIVATE: &str = "turnout-private";
const PUBLIC: &str = "turnout-public";

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deed {
    /// As S3 does, with the key and the message.
    Refuses,
    /// The same, with what it was told as the name of the reason.
    Misnames,
    /// Its server fails, with a page.
    Fails,
    /// Wants to be left alone.
    Slows,
    /// The XML breaks off.
    BreaksOff,
    /// Says nothing.
    IsSilent,
    /// Does as it should.
    Answers,
}

const WRONG: [Deed; 5] = [Deed::Refuses, Deed::Misnames, Deed::Fails, Deed::Slows, Deed::BreaksOff];

/// Buckets, and what is wrong with them.
pub(super) struct Buckets {
    endpoint: String,
    tally: Arc<Mutex<BTreeMap<Deed, u64>>>,
    _folder: tempfile::TempDir,
    _connections: JoinSet<()>,
}

impl Buckets {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in [PRIVATE, PUBLIC] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(AMAZON_KEY, VENDOR_KEY));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (tally, count) = (Arc::<Mutex<BTreeMap<Deed, u64>>>::default(), Arc::new(AtomicU64::new(1)));
        let (shared, mut connections) = (Arc::clone(&tally), JoinSet::new());
        connections.spawn(async move {
            let builder = Arc::new(Builder::new(TokioExecutor::new()));
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (builder, service) = (Arc::clone(&builder), service.clone());
                let (tally, count) = (Arc::clone(&shared), Arc::clone(&count));
                let answers = service_fn(move |request| {
                    let number = count.fetch_add(1, Ordering::Relaxed);
                    let deed = deed(number);
                    *tally.lock().unwrap().entry(deed).or_default() += 1;
                    answer(service.clone(), request, deed)
                });
                open.spawn(async move {
                    let _ = builder.serve_connection(TokioIo::new(stream), answers).await;
                });
            }
        });
        Self { endpoint, tally, _folder: folder, _connections: connections }
    }

    pub(super) fn tally(&self) -> BTreeMap<Deed, u64> {
        self.tally.lock().unwrap().clone()
    }

    async fn connect(&self) -> S3 {
        let options = S3Options::new("us-west-2").with_keys(AMAZON_KEY, VENDOR_KEY);
        S3::new(options.with_endpoint(self.endpoint.parse().unwrap())).await
    }

    /// Files, half of them in `folder`.
    pub(super) async fn files(&self, folder: Arc<dyn FileStore>, clock: Arc<dyn Clock>) -> Halves {
        let s3 = S3Files::new(self.connect().await, PRIVATE, Prefix::parse("scan").unwrap(), clock);
        Halves { folder, s3: Arc::new(s3) }
    }

    /// Files for everybody: what the states' tools are on S3, the rest with `rest`.
    pub(super) async fn public_files(&self, rest: Arc<dyn PublicFiles>) -> PartedPublicFiles {
        let s3 = self.connect().await;
        let s3 = Arc::new(S3PublicFiles::new(s3, PUBLIC, Prefix::default()));
        let parts = [turnout_core::election::redirects::FOLDER, "maps"];
        parts.into_iter().fold(PartedPublicFiles::new(rest), |parted, part| {
            parted.with_part(part, Arc::<S3PublicFiles>::clone(&s3))
        })
    }
}

/// What is done at the nth question.
fn deed(number: u64) -> Deed {
    // the client waits for eight seconds, and then asks twice more
    if number == 200 {
        return Deed::IsSilent;
    }
    match number % ONE_IN {
        0 => WRONG[usize::try_from(number / ONE_IN).unwrap() % WRONG.len()],
        _ => Deed::Answers,
    }
}

async fn answer(
    service: S3Service,
    request: Request<Incoming>,
    deed: Deed,
) -> Result<Response<s3s::Body>, Infallible> {
    if deed == Deed::Answers {
        let answered = hyper::service::Service::call(&service, request).await;
        let failed = |_| Response::builder().status(500).body(s3s::Body::empty()).unwrap();
        return Ok(answered.unwrap_or_else(failed));
    }
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    if deed == Deed::IsSilent {
        tokio::time::sleep(FOREVER).await;
    }
    let body = String::from_utf8_lossy(&body[..body.len().min(2_000)]).into_owned();
    let told = format!("{VENDOR}: {} {} {:?} {body}", head.method, head.uri, head.headers);
    let told = told.replace(['<', '>', '&', '\0'], " ");
    let refusal = |code: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{told}</Message>\
             <Key>{told}</Key><Resource>{told}</Resource><RequestId>4442587FB7D0A2F9</RequestId></Error>"
        )
    };
    let (status, said) = match deed {
        Deed::Refuses | Deed::IsSilent | Deed::Answers => (403, refusal("AccessDenied")),
        Deed::Misnames => (400, refusal(&told)),
        Deed::Fails => (500, told),
        Deed::Slows => (503, refusal("SlowDown")),
        Deed::BreaksOff => (400, format!("<Error><Code>Bad</Code><Message>{told}")),
    };
    let response = Response::builder().status(status).header("content-type", "application/xml");
    Ok(response.body(s3s::Body::from(said)).unwrap())
}

/// What it never did.
pub(super) fn missed(tally: &BTreeMap<Deed, u64>) -> Vec<String> {
    let every = WRONG.into_iter().chain([Deed::Answers, Deed::IsSilent]);
    every.filter(|deed| !tally.contains_key(deed)).map(|deed| format!("s3 never {deed:?}")).collect()
}

/// Keeps every other file in a folder.
pub(super) struct Halves {
    folder: Arc<dyn FileStore>,
    s3: Arc<dyn FileStore>,
}

/// Whether a file is one of those in the folder.
fn is_in_folder(key: &str) -> bool {
    key.bytes().map(usize::from).sum::<usize>().is_multiple_of(2)
}

impl Halves {
    fn of(&self, key: &str) -> &dyn FileStore {
        if is_in_folder(key) { self.folder.as_ref() } else { self.s3.as_ref() }
    }
}

#[async_trait]
impl FileStore for Halves {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError> {
        self.of(key).put(key, bytes, content_type).await
    }

    async fn begin(&self, key: &str, content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
        self.of(key).begin(key, content_type).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        self.of(key).get(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        self.of(key).delete(key).await
    }

    async fn delete_all(&self, keys: &[String]) -> Result<(), FileError> {
        let (here, there): (Vec<String>, Vec<String>) =
            keys.iter().cloned().partition(|key| is_in_folder(key));
        self.folder.delete_all(&here).await?;
        self.s3.delete_all(&there).await
    }

    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
        self.of(key).link(key, name, until).await
    }
}
