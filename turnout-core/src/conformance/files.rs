//! What a [`FileStore`] promises.

use bytes::Bytes;

use super::{rows::at, together};
use crate::ports::files::{FileError, FileStore};

/// A test for every case of a file store.
#[macro_export]
macro_rules! file_store_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            file_store,
            [$($open)+],
            files,
            [
                bytes_come_back_as_they_were_put,
                a_file_is_replaced_as_a_whole,
                a_file_that_was_deleted_is_gone_and_may_be_deleted_again,
                many_files_are_deleted_at_once_whether_they_are_there_or_not,
                keys_are_told_apart,
                a_key_that_is_none_is_refused_everywhere,
                a_link_names_the_file_and_ends,
                files_put_at_the_same_time_are_all_there,
                a_long_file_is_seen_when_it_is_whole_and_never_before,
                a_file_that_is_not_finished_leaves_what_was_there,
            ]
        );
    };
}

/// The longest key there may be.
fn longest() -> String {
    "k".repeat(200)
}

/// An empty file is a file; every byte is kept; keys may be long.
pub async fn bytes_come_back_as_they_were_put(store: &dyn FileStore) {
    let all: Bytes = (0..=255).cycle().take(300_000).collect();
    for (key, bytes) in [
        ("260901.abc123.ma-nguyen-registrationform.pdf", all),
        ("empty", Bytes::new()),
        (&*longest(), Bytes::from_static(b"%PDF-1.7\r\n")),
        ("_-.", Bytes::from_static(b"x")),
    ] {
        store.put(key, bytes.clone(), "application/pdf").await.expect("a file");
        assert_eq!(store.get(key).await.expect("a read"), Some(bytes), "{key}");
    }
    assert_eq!(store.get("nothing").await.expect("a read"), None);
}

/// By a shorter one, too.
pub async fn a_file_is_replaced_as_a_whole(store: &dyn FileStore) {
    for text in ["the first and longer text", "second", ""] {
        store.put("key", Bytes::from_static(text.as_bytes()), "text/plain").await.expect("a file");
        assert_eq!(store.get("key").await.expect("a read").as_deref(), Some(text.as_bytes()));
    }
}

/// The others stay.
pub async fn a_file_that_was_deleted_is_gone_and_may_be_deleted_again(store: &dyn FileStore) {
    for key in ["one", "two"] {
        store.put(key, Bytes::from_static(b"x"), "text/plain").await.expect("a file");
    }
    for _ in 0..2 {
        store.delete("one").await.expect("a deletion");
        assert_eq!(store.get("one").await.expect("a read"), None);
    }
    assert!(store.get("two").await.expect("a read").is_some());
    store.delete("never-there").await.expect("a deletion");
}

/// More than fit into one call to any store; none is no call at all.
pub async fn many_files_are_deleted_at_once_whether_they_are_there_or_not(store: &dyn FileStore) {
    for key in ["one", "two", "three"] {
        store.put(key, Bytes::from_static(b"x"), "text/plain").await.expect("a file");
    }
    store.delete_all(&[]).await.expect("a deletion");
    let mut keys: Vec<String> = (0..1_200).map(|number| format!("never-there-{number}")).collect();
    keys.insert(0, "one".into());
    keys.push("three".into());
    for _ in 0..2 {
        store.delete_all(&keys).await.expect("a deletion");
        for (key, is_there) in [("one", false), ("two", true), ("three", false)] {
            assert_eq!(store.get(key).await.expect("a read").is_some(), is_there, "{key}");
        }
    }
    keys.push("../two".into());
    assert!(matches!(store.delete_all(&keys).await, Err(FileError::BadKey)));
    assert!(store.get("two").await.expect("a read").is_some());
}

/// One that begins with another is another.
pub async fn keys_are_told_apart(store: &dyn FileStore) {
    let keys = ["a", "a.b", "a-b", "a_b", "ab"];
    for key in keys {
        store.put(key, Bytes::copy_from_slice(key.as_bytes()), "text/plain").await.expect("a file");
    }
    for key in keys {
        assert_eq!(store.get(key).await.expect("a read").as_deref(), Some(key.as_bytes()));
    }
}

/// Nothing outside the store can be named.
pub async fn a_key_that_is_none_is_refused_everywhere(store: &dyn FileStore) {
    let too_long = "k".repeat(201);
    for key in ["", ".", "..", ".hidden", "a/b", "../a", "/etc/passwd", "a\\b", "a b", "é", "a\0b", &too_long]
    {
        let refused = |outcome: Result<(), FileError>| matches!(outcome, Err(FileError::BadKey));
        assert!(refused(store.put(key, Bytes::new(), "text/plain").await), "put {key:?}");
        assert!(refused(store.get(key).await.map(|_| ())), "get {key:?}");
        assert!(refused(store.delete(key).await), "delete {key:?}");
        assert!(refused(store.link(key, "name", at(0)).await.map(|_| ())), "link {key:?}");
    }
}

/// Two files, two names and two ends give other links; the same gives the same kind of link again.
pub async fn a_link_names_the_file_and_ends(store: &dyn FileStore) {
    for key in ["one", "two"] {
        store.put(key, Bytes::from_static(b"x"), "application/pdf").await.expect("a file");
    }
    let mut links = Vec::new();
    for (key, name, until) in [
        ("one", "ma-nguyen-registrationform.pdf", 15),
        ("two", "ma-nguyen-registrationform.pdf", 15),
        ("one", "other name é.pdf", 15),
        ("one", "ma-nguyen-registrationform.pdf", 60),
    ] {
        let link = store.link(key, name, at(until)).await.expect("a link");
        let url = url::Url::parse(&link).unwrap_or_else(|error| panic!("{link}: {error}"));
        assert!(!url.cannot_be_a_base(), "{link}");
        links.push(link);
    }
    links.sort_unstable();
    links.dedup();
    assert_eq!(links.len(), 4, "{links:?}");
}

/// Under one key one of them is, whole.
pub async fn files_put_at_the_same_time_are_all_there(store: &dyn FileStore) {
    let put = |number: u8| async move {
        let bytes = Bytes::from(vec![number; 10_000]);
        store.put(&format!("file-{number}"), bytes.clone(), "text/plain").await.expect("a file");
        store.put("same", bytes, "text/plain").await.expect("a file");
    };
    together((1..=8).map(|number| Box::pin(put(number)) as _).collect()).await;
    for number in 1..=8 {
        let found = store.get(&format!("file-{number}")).await.expect("a read").expect("the file");
        assert!(found.len() == 10_000 && found.iter().all(|byte| *byte == number), "{number}");
    }
    let same = store.get("same").await.expect("a read").expect("the file");
    assert!(same.len() == 10_000 && same.iter().all(|byte| *byte == same[0]));
}

/// In pieces of any size, more than fit into one part of any store; none makes an empty file.
pub async fn a_long_file_is_seen_when_it_is_whole_and_never_before(store: &dyn FileStore) {
    let piece: Bytes = (0..=250).cycle().take(1_000_003).collect();
    for (key, pieces) in [("long.csv", 19), ("short.csv", 1), ("empty.csv", 0)] {
        let mut writer = store.begin(key, "text/csv").await.expect("a beginning");
        for number in 0..pieces {
            writer.write(piece.slice(number..)).await.expect("a piece");
            writer.write(Bytes::new()).await.expect("an empty piece");
        }
        assert_eq!(store.get(key).await.expect("a read"), None, "{key}");
        writer.finish().await.expect("an end");
        let whole: Vec<u8> = (0..pieces).flat_map(|number| piece.slice(number..).to_vec()).collect();
        let kept = store.get(key).await.expect("a read").expect("the file");
        assert!(kept == whole, "{key}: {} bytes of {}", kept.len(), whole.len());
    }
    assert!(matches!(store.begin("../long.csv", "text/csv").await.err(), Some(FileError::BadKey)));
}

/// Be it let go of or dropped, short or long; the next one of that key is whole again.
pub async fn a_file_that_is_not_finished_leaves_what_was_there(store: &dyn FileStore) {
    store.put("key", Bytes::from_static(b"before"), "text/csv").await.expect("a file");
    for length in [10, 12_000_000] {
        for is_dropped in [false, true] {
            let mut writer = store.begin("key", "text/csv").await.expect("a beginning");
            writer.write(Bytes::from(vec![b'x'; length])).await.expect("a piece");
            if is_dropped {
                drop(writer);
            } else {
                writer.discard().await;
            }
            assert_eq!(store.get("key").await.expect("a read").as_deref(), Some(&b"before"[..]));
        }
    }
    let mut first = store.begin("key", "text/csv").await.expect("a beginning");
    let mut second = store.begin("key", "text/csv").await.expect("another beginning");
    first.write(Bytes::from_static(b"first")).await.expect("a piece");
    second.write(Bytes::from_static(b"second")).await.expect("a piece");
    second.finish().await.expect("an end");
    assert_eq!(store.get("key").await.expect("a read").as_deref(), Some(&b"second"[..]));
    first.finish().await.expect("an end");
    assert_eq!(store.get("key").await.expect("a read").as_deref(), Some(&b"first"[..]));
}
