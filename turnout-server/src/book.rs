//! The book over HTTP: the files that `make docs` has built, on a port of their own.

use std::{
    convert::Infallible,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use http::{
    HeaderValue, Method, Request, StatusCode,
    header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, LOCATION, X_CONTENT_TYPE_OPTIONS},
};
use percent_encoding::percent_decode_str;
use tokio::net::TcpListener;
use tower::service_fn;

use crate::http::{
    Body, HttpSettings, Response,
    response::{self, bytes},
};

/// What is shown for a folder.
const INDEX: &str = "index.html";

/// A folder that holds a book.
#[derive(Debug, Clone)]
pub struct Book(Arc<Path>);

impl Book {
    /// The book in that folder; nothing when none has been built there.
    #[must_use]
    pub fn find(folder: &Path) -> Option<Self> {
        let folder = folder.canonicalize().ok()?;
        folder.join(INDEX).is_file().then(|| Self(folder.into()))
    }

    /// Answers on `listener` until `shutdown` ends.
    ///
    /// # Errors
    /// Never at present, as [`crate::http::serve`].
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> io::Result<()> {
        let service = service_fn(move |request: Request<hyper::body::Incoming>| {
            let book = self.clone();
            async move { Ok::<_, Infallible>(book.answer(request.method(), request.uri().path()).await) }
        });
        crate::http::serve_any(service, &HttpSettings::default(), listener, shutdown).await
    }

    async fn answer(&self, method: &Method, path: &str) -> Response {
        if method != Method::GET && method != Method::HEAD {
            let mut refusal = response::text(StatusCode::METHOD_NOT_ALLOWED, "The book is only read.\n");
            refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refusal;
        }
        let mut answer = match self.page(path).await {
            Some(answer) => answer,
            None => self.missing().await,
        };
        let headers = answer.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // a book that is built anew is seen at once
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if method == Method::HEAD {
            *answer.body_mut() = Body::empty();
        }
        answer
    }

    /// The file of a path. A folder without its slash is sent there, as the links in a page are relative.
    async fn page(&self, path: &str) -> Option<Response> {
        let mut file = self.inside(path)?;
        if file.is_dir() {
            if !path.ends_with('/') {
                let mut moved = response::empty(StatusCode::MOVED_PERMANENTLY);
                let name = HeaderValue::from_str(&format!("{path}/")).ok()?;
                moved.headers_mut().insert(LOCATION, name);
                return Some(moved);
            }
            file.push(INDEX);
        }
        self.read(StatusCode::OK, &file).await
    }

    async fn missing(&self) -> Response {
        let page = self.read(StatusCode::NOT_FOUND, &self.0.join("404.html")).await;
        page.unwrap_or_else(response::not_found_page)
    }

    async fn read(&self, status: StatusCode, file: &Path) -> Option<Response> {
        // a link that leads out of the book is none of its pages
        let file = tokio::fs::canonicalize(file).await.ok()?;
        if !file.starts_with(&self.0) {
            return None;
        }
        let text = tokio::fs::read(&file).await.ok()?;
        let length = text.len();
        let mut answer = bytes(status, content_type(&file), text);
        answer.headers_mut().insert(CONTENT_LENGTH, length.into());
        Some(answer)
    }

    /// A path below the folder, whatever was asked for: each part is the plain name of something in the part before.
    fn inside(&self, path: &str) -> Option<PathBuf> {
        let mut file = self.0.to_path_buf();
        for part in path.strip_prefix('/')?.split_terminator('/') {
            let name = percent_decode_str(part).decode_utf8().ok()?;
            let is_name =
                !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0', ':']);
            if !is_name {
                return None;
            }
            file.push(&*name);
        }
        Some(file)
    }
}

/// By the ending of the name: what MkDocs writes.
fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("woff") => "font/woff",
        Some("gz") => "application/gzip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use http::header::CONTENT_TYPE;

    use super::*;

    fn book() -> (tempfile::TempDir, Book) {
        let around = tempfile::tempdir().unwrap();
        std::fs::write(around.path().join("private.html"), "private").unwrap();
        let folder = around.path().join("book");
        for (name, text) in [
            ("index.html", "start"),
            ("404.html", "no such page"),
            ("assets/a.css", "css"),
            ("assets/a b.js", "js"),
            ("architecture/index.html", "the house"),
            (".hidden/index.html", "private"),
        ] {
            let file = folder.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        std::os::unix::fs::symlink("../private.html", folder.join("out.html")).unwrap();
        let book = Book::find(&folder).unwrap();
        (around, book)
    }

    #[tokio::test]
    async fn a_page_comes_with_its_type() {
        let (_around, book) = book();
        for (path, kind) in [
            ("/", "text/html; charset=utf-8"),
            ("/index.html", "text/html; charset=utf-8"),
            ("/architecture/", "text/html; charset=utf-8"),
            ("/assets/a.css", "text/css; charset=utf-8"),
            ("/assets/a%20b.js", "text/javascript; charset=utf-8"),
        ] {
            let answer = book.answer(&Method::GET, path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            assert_eq!(answer.headers()[CONTENT_TYPE], kind, "{path}");
        }
        let folder = book.answer(&Method::GET, "/architecture").await;
        assert_eq!(folder.status(), StatusCode::MOVED_PERMANENTLY);
        assert_eq!(folder.headers()[LOCATION], "/architecture/");
    }

    #[tokio::test]
    async fn nothing_outside_the_book_is_a_page() {
        let (_around, book) = book();
        for path in [
            "/../private.html",
            "/assets/../../private.html",
            "/%2e%2e/private.html",
            "/..%2fprivate.html",
            "/assets/%2e%2e%2f%2e%2e%2fprivate.html",
            "/..%5cprivate.html",
            "//etc/passwd",
            "/%2fetc%2fpasswd",
            "/.hidden/",
            "/out.html",
            "/index.html%00.css",
            "/%ff",
            "/none/",
            "",
            "*",
        ] {
            let answer = book.answer(&Method::GET, path).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn a_book_is_only_read() {
        let (_around, book) = book();
        let answer = book.answer(&Method::POST, "/").await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers()[ALLOW], "GET, HEAD");
        let head = book.answer(&Method::HEAD, "/").await;
        assert_eq!((head.status(), &head.headers()[CONTENT_LENGTH]), (StatusCode::OK, &HeaderValue::from(5)));
    }

    #[test]
    fn a_folder_without_a_first_page_is_no_book() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Book::find(folder.path()).is_none());
        assert!(Book::find(&folder.path().join("none")).is_none());
    }
}
