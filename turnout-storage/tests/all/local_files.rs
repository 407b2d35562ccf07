//! Files in a folder, and links to them.

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use turnout_core::{memory::FrozenClock, ports::files::FileStore};
use turnout_storage::files::LocalFiles;

use crate::world::at;

const SECRET: &[u8] = b"a secret of at least thirty-two bytes";

struct World {
    files: LocalFiles,
    clock: FrozenClock,
    folder: tempfile::TempDir,
}

fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let clock = FrozenClock::at(at(0));
    let origin = "https://example.org".parse().unwrap();
    let files =
        LocalFiles::open(folder.path().join("files"), origin, SECRET, Arc::new(clock.clone())).unwrap();
    World { files, clock, folder }
}

/// The link's key and query.
fn taken_apart(link: &str) -> (String, String) {
    let rest = link.strip_prefix("https://example.org/files/").unwrap();
    let (key, query) = rest.split_once('?').unwrap();
    (key.to_owned(), query.to_owned())
}

#[tokio::test]
async fn what_a_crash_left_of_an_object_is_in_nobodys_way_and_goes_with_it() {
    let World { files, folder, .. } = world();
    let folder = folder.path().join("files");
    std::fs::write(folder.join(".put-a.pdf"), b"on").unwrap();
    files.put("a.pdf", Bytes::from_static(b"one"), "application/pdf").await.unwrap();
    assert_eq!(files.get("a.pdf").await.unwrap().as_deref(), Some(&b"one"[..]));
    files.delete("a.pdf").await.unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);

    std::fs::write(folder.join(".put-b.pdf"), b"on").unwrap();
    assert_eq!(files.get("b.pdf").await.unwrap(), None);
    files.delete("b.pdf").await.unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_files_and_no_temporary_one_is_left() {
    use std::os::unix::fs::PermissionsExt;
    let World { files, folder, .. } = world();
    files.put("a.pdf", Bytes::from_static(b"one"), "application/pdf").await.unwrap();
    let found: Vec<_> = std::fs::read_dir(folder.path().join("files")).unwrap().map(Result::unwrap).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let folder = std::fs::metadata(folder.path().join("files")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn a_link_opens_the_file_until_it_ends() {
    let World { files, clock, folder: _folder } = world();
    files.put("a.pdf", Bytes::from_static(b"one"), "application/pdf").await.unwrap();
    let (key, query) = taken_apart(&files.link("a.pdf", "ma förm&x.pdf", at(60)).await.unwrap());
    let (bytes, name) = files.open_link(&key, &query).await.unwrap().unwrap();
    assert_eq!((&bytes[..], name.as_str()), (&b"one"[..], "ma förm&x.pdf"));
    clock.advance(TimeDelta::seconds(59));
    assert!(files.open_link(&key, &query).await.unwrap().is_some());
    clock.advance(TimeDelta::seconds(1));
    assert!(files.open_link(&key, &query).await.unwrap().is_none());
}

#[tokio::test]
async fn no_part_of_a_link_can_be_changed() {
    let World { files, folder, clock } = world();
    for key in ["a.pdf", "b.pdf"] {
        files.put(key, Bytes::from_static(b"one"), "application/pdf").await.unwrap();
    }
    let (key, query) = taken_apart(&files.link("a.pdf", "form.pdf", at(60)).await.unwrap());
    assert!(files.open_link(&key, &query).await.unwrap().is_some());
    let until = at(60).timestamp().to_string();
    let later = at(61).timestamp().to_string();
    let signature = query.split("signature=").nth(1).unwrap();
    let changed = [
        ("b.pdf", query.clone()),
        ("a.pdf", query.replace("form.pdf", "worm.pdf")),
        ("a.pdf", query.replace(&until, &later)),
        ("a.pdf", query.replace(signature, "")),
        ("a.pdf", query.replace(signature, &signature[..signature.len() - 2])),
        ("a.pdf", query.replace(&format!("&signature={signature}"), "")),
        ("a.pdf", String::new()),
    ];
    for (key, query) in changed {
        assert!(files.open_link(key, &query).await.unwrap().is_none(), "{key}?{query}");
    }
    let origin = "https://example.org".parse().unwrap();
    let other =
        LocalFiles::open(folder.path().join("files"), origin, b"another secret", Arc::new(clock)).unwrap();
    assert!(other.open_link(&key, &query).await.unwrap().is_none());
}

#[tokio::test]
async fn a_link_signed_before_a_rotation_opens_until_the_old_secret_is_dropped() {
    let World { files: before, clock, folder } = world();
    before.put("a.pdf", Bytes::from_static(b"one"), "application/pdf").await.unwrap();
    let (key, query) = taken_apart(&before.link("a.pdf", "form.pdf", at(60)).await.unwrap());
    let rotated = || {
        let origin = "https://example.org".parse().unwrap();
        LocalFiles::open(folder.path().join("files"), origin, b"the new secret", Arc::new(clock.clone()))
            .unwrap()
    };
    let during = rotated().with_previous(SECRET);
    assert!(during.open_link(&key, &query).await.unwrap().is_some());
    assert!(during.open_link(&key, &query.replace("form.pdf", "worm.pdf")).await.unwrap().is_none());
    let (key_anew, anew) = taken_apart(&during.link("a.pdf", "form.pdf", at(60)).await.unwrap());
    assert!(before.open_link(&key_anew, &anew).await.unwrap().is_none(), "new links use the new secret");

    let after = rotated();
    assert!(after.open_link(&key_anew, &anew).await.unwrap().is_some());
    assert!(after.open_link(&key, &query).await.unwrap().is_none());
    clock.advance(TimeDelta::seconds(60));
    assert!(during.open_link(&key, &query).await.unwrap().is_none());
}
