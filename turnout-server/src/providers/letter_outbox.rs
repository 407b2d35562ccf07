//! A folder instead of a mail house: every letter becomes one file of JSON, with its pages in it.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ids::ActionId,
    ports::{
        clock::Clock,
        letters::{Correspondent, LetterSender, OutgoingLetter, Sides, TakenLetter},
    },
};

use super::outbox::{WHOLE, ends, forget_partial, keep, paths};

/// Keeps letters in a folder. The same letter is the same file, so one that is tried twice is there once.
#[derive(Clone)]
pub struct LetterOutbox {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

/// A letter as it lies in the folder. No `Debug`: it is a voter's.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct KeptLetter {
    /// By which it is known here.
    pub id: String,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// The action it is about.
    pub action: ActionId,
    /// For whom, line by line.
    pub to: Vec<String>,
    /// From whom, line by line.
    pub from: Vec<String>,
    /// Whether it has two pages on each sheet.
    pub double_sided: bool,
    /// The pages, a PDF in base64.
    pub pdf_base64: String,
}

impl LetterOutbox {
    /// Letters go to `folder`, which is made when the first one arrives. Deletes what a process that ended halfway left of
    /// one: its job hands it over again.
    ///
    /// # Errors
    /// When the folder cannot be read or something in it cannot be deleted.
    pub fn open(folder: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let folder = folder.into();
        forget_partial(&folder)?;
        Ok(Self { folder, clock })
    }

    /// All letters, the first one first. Reads files: call it off the runtime's threads.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read.
    pub fn list(&self) -> io::Result<Vec<KeptLetter>> {
        list(&self.folder)
    }
}

fn list(folder: &Path) -> io::Result<Vec<KeptLetter>> {
    let mut letters = Vec::new();
    for path in paths(folder)?.into_iter().filter(|path| ends(path, WHOLE)) {
        letters.push(serde_json::from_slice::<KeptLetter>(&std::fs::read(path)?)?);
    }
    letters.sort_by(|one, other| (one.taken_at, &one.id).cmp(&(other.taken_at, &other.id)));
    Ok(letters)
}

fn lines(who: &Correspondent) -> Vec<String> {
    std::iter::once(who.name.clone()).chain(who.address.lines()).collect()
}

fn failed(cause: io::Error) -> ProviderError {
    let kind = match cause.kind() {
        io::ErrorKind::NotFound => ProviderErrorKind::Rejected,
        _ => ProviderErrorKind::Unreachable,
    };
    ProviderError::new("letter outbox", kind).because(cause)
}

/// Does it on a thread that may wait for files.
async fn off<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ProviderError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| failed(io::Error::other(error)))?.map_err(failed)
}

#[async_trait]
impl LetterSender for LetterOutbox {
    async fn send(&self, letter: &OutgoingLetter) -> Result<TakenLetter, ProviderError> {
        let kept = KeptLetter {
            id: format!("ltr_{}", letter.id.0.simple()),
            taken_at: self.clock.now(),
            action: letter.action,
            to: lines(&letter.to),
            from: lines(&letter.from),
            double_sided: letter.sides == Sides::Both,
            pdf_base64: STANDARD.encode(&letter.pdf),
        };
        let folder = self.folder.clone();
        off(move || {
            keep(&folder, &kept.id, &serde_json::to_vec_pretty(&kept)?)?;
            // the one that was there before stays
            let there = std::fs::read(folder.join(format!("{}.{WHOLE}", kept.id)))?;
            let there: KeptLetter = serde_json::from_slice(&there)?;
            Ok(TakenLetter { id: there.id, at: there.taken_at })
        })
        .await
    }

    async fn of_action(&self, action: ActionId) -> Result<Vec<TakenLetter>, ProviderError> {
        let folder = self.folder.clone();
        let letters = off(move || list(&folder)).await?.into_iter().filter(|letter| letter.action == action);
        Ok(letters.map(|letter| TakenLetter { id: letter.id, at: letter.taken_at }).collect())
    }

    async fn call_off(&self, id: &str) -> Result<(), ProviderError> {
        let (folder, id) = (self.folder.clone(), id.to_owned());
        off(move || {
            let is_there = list(&folder)?.iter().any(|letter| letter.id == id);
            if !is_there {
                return Err(io::ErrorKind::NotFound.into());
            }
            std::fs::remove_file(folder.join(format!("{id}.{WHOLE}")))
        })
        .await
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use turnout_core::{
        conformance::{Guarded, letters::letter},
        memory::FrozenClock,
    };

    use super::*;

    fn clock() -> FrozenClock {
        FrozenClock::at("2026-11-03T12:00:00Z".parse().unwrap())
    }

    async fn open() -> Guarded<LetterOutbox, tempfile::TempDir> {
        let folder = tempfile::tempdir().unwrap();
        let outbox = LetterOutbox::open(folder.path().join("letters"), Arc::new(Ticking::default())).unwrap();
        Guarded::new(outbox, folder)
    }
    turnout_core::letter_sender_conformance!(letters, open);

    /// A clock that is a second later each time.
    #[derive(Default)]
    struct Ticking(std::sync::atomic::AtomicI64);

    impl Clock for Ticking {
        fn now(&self) -> DateTime<Utc> {
            let seconds = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            clock().now() + chrono::TimeDelta::seconds(seconds)
        }
    }

    #[tokio::test]
    async fn a_letter_lies_there_whole_and_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let outbox = LetterOutbox::open(folder.path().join("letters"), Arc::new(clock())).unwrap();
        assert!(outbox.list().unwrap().is_empty());
        outbox.send(&letter(1, 10)).await.unwrap();
        let [kept] = outbox.list().unwrap().try_into().unwrap_or_else(|_| panic!("one letter"));
        assert_eq!(kept.to, ["José Q. Núñez", "12 Elm Street", "Apt 3", "Springfield, MA 01103"]);
        assert_eq!(STANDARD.decode(kept.pdf_base64).unwrap(), letter(1, 10).pdf);
        let path = folder.path().join("letters").join(format!("{}.json", kept.id));
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
