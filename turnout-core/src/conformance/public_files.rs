//! What [`PublicFiles`] promise.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;

use crate::{
    memory::MemoryPublicFiles,
    ports::{
        files::FileError,
        public_files::{PublicFile, PublicFiles},
    },
};

/// A test for every case of public files. The function opens a place for them and a [`Visitor`] of their addresses.
#[macro_export]
macro_rules! public_files_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            public_files,
            [$($open)+],
            public_files,
            [
                what_is_published_is_read_under_its_address,
                a_later_file_replaces_the_earlier_one_as_a_whole,
                a_visitor_is_sent_on,
                what_was_removed_is_gone_and_may_be_removed_again,
                keys_have_parts_and_are_told_apart,
                a_key_that_is_none_is_refused_everywhere,
                visitors_are_sent_to_pages_of_the_web_only,
            ]
        );
    };
}

/// Somebody who opens an address without any right.
#[async_trait]
pub trait Visitor: Send + Sync {
    /// What is there. Of a file that sends visitors on, the bytes do not matter.
    async fn visit(&self, url: &str) -> Option<PublicFile>;
}

#[async_trait]
impl Visitor for MemoryPublicFiles {
    async fn visit(&self, url: &str) -> Option<PublicFile> {
        Self::visit(self, url)
    }
}

fn text(words: &'static str) -> PublicFile {
    PublicFile {
        bytes: Bytes::from_static(words.as_bytes()),
        content_type: "text/plain".into(),
        cache: TimeDelta::minutes(5),
        redirect: None,
    }
}

async fn found((files, visitor): &(impl PublicFiles, impl Visitor), key: &str) -> Option<PublicFile> {
    visitor.visit(&files.url(key).expect("an address")).await
}

/// With its type and for how long it may be kept; an empty one and one of many bytes too.
pub async fn what_is_published_is_read_under_its_address(place: &(impl PublicFiles, impl Visitor)) {
    let all: Bytes = (0..=255).cycle().take(300_000).collect();
    for (key, bytes, content_type, cache) in [
        ("pa-counties/counties.json", Bytes::from_static(b"[\n]"), "application/json", 3_600),
        ("map.png", all, "image/png", 31_536_000),
        ("empty", Bytes::new(), "text/html; charset=utf-8", 0),
    ] {
        let file = PublicFile {
            bytes,
            content_type: content_type.into(),
            cache: TimeDelta::seconds(cache),
            redirect: None,
        };
        place.0.publish(key, file.clone()).await.expect("it is published");
        assert!(found(place, key).await == Some(file), "{key}");
    }
    assert_eq!(found(place, "nothing").await, None);
}

/// The address stays, nothing of what was there before is left.
pub async fn a_later_file_replaces_the_earlier_one_as_a_whole(place: &(impl PublicFiles, impl Visitor)) {
    let elsewhere = "https://example.org/".parse().expect("an address");
    let later = PublicFile {
        content_type: "application/json".into(),
        cache: TimeDelta::seconds(1),
        ..text("second")
    };
    let address = place.0.url("key");
    for file in
        [text("the first and longer text"), PublicFile::redirect(elsewhere, TimeDelta::hours(1)), later]
    {
        place.0.publish("key", file.clone()).await.expect("it is published");
        let there = found(place, "key").await.expect("a file");
        assert_eq!((&there.redirect, there.cache), (&file.redirect, file.cache));
        if file.redirect.is_none() {
            assert_eq!(there, file);
        }
    }
    assert_eq!(place.0.url("key").ok(), address.ok());
}

/// To the very address, with its query.
pub async fn a_visitor_is_sent_on(place: &(impl PublicFiles, impl Visitor)) {
    for address in ["https://example.org/a%20b/?c=d&e=%C3%A9#f", "http://example.org/"] {
        let url: url::Url = address.parse().expect("an address");
        let file = PublicFile::redirect(url, TimeDelta::minutes(10));
        place.0.publish("state-redirect/MA/external_tool_ovr", file).await.expect("it is published");
        let there = found(place, "state-redirect/MA/external_tool_ovr").await.expect("a file");
        assert_eq!(there.redirect.map(String::from).as_deref(), Some(address));
        assert_eq!(there.cache, TimeDelta::minutes(10));
    }
}

/// The others stay.
pub async fn what_was_removed_is_gone_and_may_be_removed_again(place: &(impl PublicFiles, impl Visitor)) {
    for key in ["a/one", "a/two"] {
        place.0.publish(key, text("x")).await.expect("it is published");
    }
    for _ in 0..2 {
        place.0.remove("a/one").await.expect("a removal");
        assert_eq!(found(place, "a/one").await, None);
    }
    assert!(found(place, "a/two").await.is_some());
    place.0.remove("a").await.expect("a removal");
    assert!(found(place, "a/two").await.is_some(), "a part of a key is no key");
}

/// One that begins with another is another.
pub async fn keys_have_parts_and_are_told_apart(place: &(impl PublicFiles, impl Visitor)) {
    let keys = ["a", "a/b", "a.b", "a-b", "a_b", "ab", "a/b/c", "A/b"];
    for key in keys {
        place.0.publish(key, text(key)).await.expect("it is published");
    }
    for key in keys {
        assert_eq!(found(place, key).await, Some(text(key)), "{key}");
    }
}

/// Nothing outside of the place can be named.
pub async fn a_key_that_is_none_is_refused_everywhere(place: &(impl PublicFiles, impl Visitor)) {
    let too_long = "k".repeat(201);
    for key in
        ["", "/", "/a", "a/", "a//b", "..", "a/../b", "a/.b", ".a", "a b", "a\\b", "é", "a\0b", &too_long]
    {
        let refused = |outcome: Result<(), FileError>| matches!(outcome, Err(FileError::BadKey));
        assert!(refused(place.0.publish(key, text("x")).await), "publish {key:?}");
        assert!(refused(place.0.remove(key).await), "remove {key:?}");
        assert!(refused(place.0.url(key).map(|_| ())), "url {key:?}");
    }
}

/// Not to what a browser would run.
pub async fn visitors_are_sent_to_pages_of_the_web_only(place: &(impl PublicFiles, impl Visitor)) {
    place.0.publish("key", text("x")).await.expect("it is published");
    let too_long = format!("https://example.org/{}", "x".repeat(2_048));
    for address in ["javascript:alert(1)", "ftp://example.org/", "data:text/html,x", &too_long] {
        let url = address.parse().expect("an address of some kind");
        let outcome = place.0.publish("key", PublicFile::redirect(url, TimeDelta::zero())).await;
        assert!(matches!(outcome, Err(FileError::BadRedirect)), "{address}");
    }
    assert_eq!(found(place, "key").await, Some(text("x")));
}
