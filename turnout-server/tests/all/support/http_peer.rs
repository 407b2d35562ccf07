//! The other side of an HTTP client: takes requests over real sockets and treats them as it was told.

use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    sync::{Arc, Mutex, MutexGuard},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use turnout_core::{
    conformance::http::{Behavior, Heard, HttpPeer},
    ports::http::{HeaderMap, HeaderName, HeaderValue, HttpResponse, StatusCode},
};
use url::Url;

/// Runs until it is dropped.
pub(crate) struct TcpPeer {
    origin: Url,
    nobody: Url,
    told: Arc<Told>,
    takes: JoinHandle<()>,
}

/// What it was told to do, and what it heard.
#[derive(Default)]
struct Told {
    /// With which status it turns a request away, whatever it was told to do.
    refuses: Option<Refuses>,
    behaviors: Mutex<VecDeque<Behavior>>,
    heard: Mutex<Vec<Heard>>,
}

/// Looks at a request: nothing where it is as it has to be.
pub(crate) type Refuses = fn(&Heard) -> Option<StatusCode>;

impl TcpPeer {
    pub(crate) async fn start() -> Self {
        Self::with(Told::default()).await
    }

    /// Turns away who does not ask as one has to. Such a request uses up nothing of what it was told to do.
    #[cfg(feature = "embedded")]
    pub(crate) async fn that_refuses(refuses: Refuses) -> Self {
        Self::with(Told { refuses: Some(refuses), ..Told::default() }).await
    }

    #[expect(clippy::disallowed_methods, reason = "the peer of a test, which ends it")]
    async fn with(told: Told) -> Self {
        let (listener, origin) = listen().await;
        let (_, nobody) = listen().await;
        let told = Arc::new(told);
        let shared = Arc::clone(&told);
        let takes = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(talk(stream, Arc::clone(&shared)));
            }
        });
        Self { origin, nobody, told, takes }
    }
}

/// What a vendor of our own is: it answers by what it has in it.
pub(super) trait Vendor: Default + Send + 'static {
    /// Nothing where the line breaks.
    fn respond(&mut self, heard: &Heard) -> Option<HttpResponse>;

    /// How long it says that the body is which it has given: when that is longer than it is, the line breaks after it.
    fn announces(&mut self, length: usize) -> usize {
        length
    }
}

/// A vendor on a socket. Runs until it is dropped.
pub(super) struct VendorPeer<T> {
    pub(super) origin: Url,
    inside: Arc<Mutex<T>>,
    takes: JoinHandle<()>,
}

impl<T: Vendor> VendorPeer<T> {
    #[expect(clippy::disallowed_methods, reason = "the peer of a test, which ends it")]
    pub(super) async fn start() -> Self {
        let (listener, origin) = listen().await;
        let inside = Arc::<Mutex<T>>::default();
        let shared = Arc::clone(&inside);
        let takes = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(answer_by(stream, Arc::clone(&shared)));
            }
        });
        Self { origin, inside, takes }
    }

    pub(super) fn inside(&self) -> MutexGuard<'_, T> {
        self.inside.lock().unwrap()
    }
}

impl<T> Drop for VendorPeer<T> {
    fn drop(&mut self) {
        self.takes.abort();
    }
}

async fn answer_by<T: Vendor>(stream: TcpStream, inside: Arc<Mutex<T>>) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    loop {
        let heard = read(&mut stream).await?;
        let told = {
            let mut inside = inside.lock().unwrap();
            inside.respond(&heard).map(|answer| (inside.announces(answer.body.len()), answer))
        };
        let Some((length, answer)) = told else { return Ok(()) };
        write(&mut stream, &answer, length).await?;
        if length > answer.body.len() {
            return Ok(());
        }
    }
}

async fn listen() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    (listener, url)
}

impl Drop for TcpPeer {
    fn drop(&mut self) {
        self.takes.abort();
    }
}

impl HttpPeer for TcpPeer {
    fn origin(&self) -> Url {
        self.origin.clone()
    }

    fn nobody(&self) -> Url {
        self.nobody.clone()
    }

    fn will(&self, behavior: Behavior) {
        self.told.behaviors.lock().unwrap().push_back(behavior);
    }

    fn heard(&self) -> Vec<Heard> {
        self.told.heard.lock().unwrap().clone()
    }
}

/// One connection, request by request, until either side ends it.
async fn talk(stream: TcpStream, told: Arc<Told>) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    loop {
        let heard = read(&mut stream).await?;
        let refused = told.refuses.and_then(|refuses| refuses(&heard));
        told.heard.lock().unwrap().push(heard);
        if let Some(status) = refused {
            write(&mut stream, &HttpResponse::new(status), 0).await?;
            continue;
        }
        let behavior = told.behaviors.lock().unwrap().pop_front();
        match behavior.expect("the peer is told what to do") {
            Behavior::Answers(answer) => write(&mut stream, &answer, answer.body.len()).await?,
            Behavior::SaysNothing => std::future::pending().await,
            Behavior::HangsUp => return Ok(()),
            Behavior::StopsHalfway => {
                let begun = HttpResponse::new(StatusCode::OK).with_body("0123456789");
                return write(&mut stream, &begun, 100).await;
            }
            Behavior::SpeaksNoHttp => {
                stream.write_all(b"220 peer.example.org ESMTP\r\n").await?;
                return stream.flush().await;
            }
        }
    }
}

async fn read(stream: &mut BufStream<TcpStream>) -> io::Result<Heard> {
    let ended = || io::Error::from(ErrorKind::UnexpectedEof);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(ended());
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut first = lines[0].split(' ');
    let mut next = || first.next().unwrap().to_owned();
    let (method, path) = (next().parse().unwrap(), next());
    let mut headers = HeaderMap::new();
    for line in &lines[1..] {
        let (name, value) = line.split_once(':').unwrap();
        headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value.trim()).unwrap());
    }
    let length = headers.get("content-length").map_or(0, |value| value.to_str().unwrap().parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Heard { method, path, headers, body: body.into() })
}

async fn write(stream: &mut BufStream<TcpStream>, answer: &HttpResponse, length: usize) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {}\r\ncontent-length: {length}\r\n", answer.status);
    for (name, value) in &answer.headers {
        head += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).await?;
    stream.write_all(&answer.body).await?;
    stream.flush().await
}
