//! Files on S3: a server in this process, links followed over HTTP.

use std::{sync::Arc, time::SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use turnout_core::{
    conformance::{Guarded, public_files::Visitor},
    memory::FrozenClock,
    ports::{
        files::{FileError, FileStore},
        public_files::{PublicFile, PublicFiles},
    },
};
use turnout_storage::files::{Prefix, S3, S3Files, S3Options, S3PublicFiles};

use crate::{
    s3_server::{ID, PRIVATE, PUBLIC, S3Server, SECRET},
    world::at,
};

/// S3 goes by the machine's clock.
#[expect(clippy::disallowed_methods, reason = "the server in this process does, too")]
fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

fn files(s3: S3, clock: DateTime<Utc>) -> S3Files {
    S3Files::new(s3, PRIVATE, Prefix::parse("test").unwrap(), Arc::new(FrozenClock::at(clock)))
}

async fn open() -> Guarded<S3Files, S3Server> {
    let server = S3Server::start().await;
    let files = files(server.connect().await, at(0));
    Guarded::new(files, server)
}

turnout_core::file_store_conformance!(open);

/// The answer to a browser that follows a link.
async fn visit(link: &str) -> reqwest::Response {
    // an error says that another test did so before
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::get(link).await.unwrap()
}

async fn public() -> (S3PublicFiles, Guarded<Anybody, S3Server>) {
    let server = S3Server::start().await;
    let files = S3PublicFiles::new(server.connect().await, PUBLIC, Prefix::parse("test").unwrap());
    (files, Guarded::new(Anybody, server))
}

turnout_core::public_files_conformance!(public);

/// Comes without a signature. Of a website this server knows only the header that its redirects are made of.
struct Anybody;

#[async_trait]
impl Visitor for Anybody {
    async fn visit(&self, url: &str) -> Option<PublicFile> {
        let answer = visit(url).await;
        if answer.status() == StatusCode::NOT_FOUND {
            return None;
        }
        assert_eq!(answer.status(), StatusCode::OK, "{url}");
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let cache = header("cache-control").unwrap();
        let seconds = cache.strip_prefix("public, max-age=").map_or(0, |seconds| seconds.parse().unwrap());
        Some(PublicFile {
            content_type: header("content-type").unwrap(),
            cache: TimeDelta::seconds(seconds),
            redirect: header("x-amz-website-redirect-location").map(|address| address.parse().unwrap()),
            bytes: answer.bytes().await.unwrap(),
        })
    }
}

#[tokio::test]
async fn the_address_of_a_public_file_is_that_of_the_bucket_or_of_its_host() {
    let bucket = async |options| S3PublicFiles::new(S3::new(options).await, PUBLIC, Prefix::default());
    let own = bucket(S3Options::new("us-west-2")).await;
    assert_eq!(own.url("a/b").unwrap(), "https://turnout-public.s3.us-west-2.amazonaws.com/a/b");
    let endpoint = "https://s3.example.org/".parse().unwrap();
    let other = bucket(S3Options::new("us-west-2").with_endpoint(endpoint)).await;
    assert_eq!(other.url("a/b").unwrap(), "https://s3.example.org/turnout-public/a/b");
    let hosted = other.with_host("files.example.org");
    assert_eq!(hosted.url("a/b").unwrap(), "https://files.example.org/a/b");
}

/// A file on a server of its own, whose links go by the machine's clock.
async fn one_file() -> (S3Server, S3Files) {
    let server = S3Server::start().await;
    let files = files(server.connect().await, now());
    files.put("a.pdf", Bytes::from_static(b"%PDF-1.7"), "application/pdf").await.unwrap();
    (server, files)
}

#[tokio::test]
async fn a_link_gives_the_bytes_under_the_name_it_was_made_for() {
    let (_server, files) = one_file().await;
    let link = files.link("a.pdf", "ma-nguyễn \"form\".pdf", now() + TimeDelta::seconds(15)).await.unwrap();
    assert!(link.contains("X-Amz-Expires=1"), "{link}");
    let answer = visit(&link).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"ma-nguy_n _form_.pdf\"; filename*=UTF-8''ma-nguy%E1%BB%85n%20%22form%22.pdf"
    );
    assert_eq!(answer.bytes().await.unwrap(), "%PDF-1.7");
}

#[tokio::test]
async fn a_link_that_was_changed_or_has_ended_and_no_link_at_all_are_refused() {
    let (server, files) = one_file().await;
    files.put("b.pdf", Bytes::from_static(b"another"), "application/pdf").await.unwrap();
    let until = now() + TimeDelta::seconds(60);
    let link = files.link("a.pdf", "form.pdf", until).await.unwrap();
    assert_eq!(visit(&link).await.status(), StatusCode::OK);
    let (address, query) = link.split_once('?').unwrap();
    let signature = link.split("X-Amz-Signature=").nth(1).unwrap().split('&').next().unwrap();
    let other_end = if signature.ends_with('0') { "1" } else { "0" };
    let before = S3Files::new(
        server.connect().await,
        PRIVATE,
        Prefix::parse("test").unwrap(),
        Arc::new(FrozenClock::at(now() - TimeDelta::seconds(120))),
    );
    let wrong = server.connect_as(ID, "another secret").await;
    let unknown = server.connect_as("AKIASOMEBODY", SECRET).await;
    let refused = [
        ("another file", link.replace("/a.pdf", "/b.pdf")),
        ("another name", link.replace("form.pdf", "worm.pdf")),
        ("a later end", link.replace("X-Amz-Expires=", "X-Amz-Expires=9")),
        ("another signature", link.replace(signature, &format!("{}{other_end}", &signature[..63]))),
        ("no signature", link.replace(&format!("X-Amz-Signature={signature}"), "")),
        ("nothing but the address", address.to_owned()),
        ("another bucket", format!("{}?{query}", address.replace(PRIVATE, "turnout-public"))),
        (
            "an end before now",
            before.link("a.pdf", "form.pdf", now() - TimeDelta::seconds(60)).await.unwrap(),
        ),
        ("an end before its own clock", files.link("a.pdf", "form.pdf", at(0)).await.unwrap()),
        ("a wrong secret", self::files(wrong, now()).link("a.pdf", "form.pdf", until).await.unwrap()),
        ("an unknown key", self::files(unknown, now()).link("a.pdf", "form.pdf", until).await.unwrap()),
    ];
    for (what, link) in refused {
        let status = visit(&link).await.status();
        assert!(matches!(status.as_u16(), 400 | 403), "{what}: {status}");
        if what != "no signature" {
            assert_eq!(status, StatusCode::FORBIDDEN, "{what}");
        }
    }
}

#[tokio::test]
async fn a_link_lasts_seven_days_at_the_most() {
    let (_server, files) = one_file().await;
    let link = files.link("a.pdf", "form.pdf", now() + TimeDelta::days(30)).await.unwrap();
    assert!(link.contains("X-Amz-Expires=604800"), "{link}");
    assert_eq!(visit(&link).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn deployments_that_share_a_bucket_do_not_see_each_others_files() {
    let (server, files) = one_file().await;
    let clock = Arc::new(FrozenClock::at(now()));
    let other = S3Files::new(server.connect().await, PRIVATE, Prefix::parse("other").unwrap(), clock);
    assert_eq!(other.get("a.pdf").await.unwrap(), None);
    other.delete("a.pdf").await.unwrap();
    assert!(files.get("a.pdf").await.unwrap().is_some());
}

/// The causes of an error in one line.
fn told(error: &FileError) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text += &format!(": {cause}");
        next = cause.source();
    }
    text
}

#[tokio::test]
async fn a_refusal_names_its_reason_and_no_file() {
    let server = S3Server::start().await;
    let key = "260901.abc.ma-nguyen-registrationform.pdf";
    let wrong = files(server.connect_as(ID, "another secret").await, now());
    let put = wrong.put(key, Bytes::new(), "application/pdf").await.unwrap_err();
    let get = wrong.get(key).await.unwrap_err();
    let delete = wrong.delete(key).await.unwrap_err();
    let delete_all = wrong.delete_all(&[key.to_owned()]).await.unwrap_err();
    for error in [put, get, delete, delete_all] {
        assert!(matches!(error, FileError::Unavailable(_)));
        let told = told(&error);
        assert!(told.contains("SignatureDoesNotMatch (status 403)"), "{told}");
        assert!(!told.contains("nguyen"), "{told}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_soon() {
    let address = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let endpoint = format!("http://{address}").parse().unwrap();
    let s3 = S3::new(S3Options::new("us-west-2").with_keys(ID, SECRET).with_endpoint(endpoint)).await;
    let asked = files(s3, now());
    let answer = tokio::time::timeout(std::time::Duration::from_secs(21), asked.get("a.pdf")).await.unwrap();
    let told = told(&answer.unwrap_err());
    assert!(told.contains("gave no answer"), "{told}");
}
