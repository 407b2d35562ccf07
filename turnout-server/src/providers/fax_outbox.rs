//! A folder instead of a fax gateway: every fax becomes one file of JSON, as the gateway would get it.

use std::{io, path::PathBuf};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ids::FaxId,
    ports::fax::{FaxSender, OutgoingFax},
};

use super::outbox::{WHOLE, ends, forget_partial, keep, paths};

/// Keeps faxes in a folder. The same fax is the same file, so one that is tried twice is there once. Nobody reports what
/// became of one; who plays the gateway calls its callback.
#[derive(Clone)]
pub struct FaxOutbox {
    folder: PathBuf,
}

/// A fax as a gateway is told of it, and as it lies in the folder. No `Debug`: its links open a voter's document.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct KeptFax {
    /// By which the gateway reports.
    pub fax_id: FaxId,
    /// The number of the machine, in E.164.
    pub to: String,
    /// Where the document is fetched.
    pub pdf_url: String,
    /// Where the gateway reports.
    pub callback_url: String,
}

impl FaxOutbox {
    /// Faxes go to `folder`, which is made when the first one arrives. Deletes what a process that ended halfway left of
    /// one: its job hands it over again.
    ///
    /// # Errors
    /// When the folder cannot be read or something in it cannot be deleted.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        forget_partial(&folder)?;
        Ok(Self { folder })
    }

    /// All faxes, in no order. Reads files: call it off the runtime's threads.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read.
    pub fn list(&self) -> io::Result<Vec<KeptFax>> {
        let whole = paths(&self.folder)?.into_iter().filter(|path| ends(path, WHOLE));
        whole.map(|path| Ok(serde_json::from_slice(&std::fs::read(path)?)?)).collect()
    }
}

impl From<&OutgoingFax> for KeptFax {
    fn from(fax: &OutgoingFax) -> Self {
        Self {
            fax_id: fax.id,
            to: fax.to.e164().to_owned(),
            pdf_url: fax.pdf_url.clone(),
            callback_url: fax.callback_url.clone(),
        }
    }
}

#[async_trait]
impl FaxSender for FaxOutbox {
    async fn send(&self, fax: &OutgoingFax) -> Result<(), ProviderError> {
        let (folder, kept) = (self.folder.clone(), KeptFax::from(fax));
        let failed = |cause| ProviderError::new("fax outbox", ProviderErrorKind::Unreachable).because(cause);
        let name = format!("fax_{}", fax.id.0.simple());
        let kept =
            tokio::task::spawn_blocking(move || keep(&folder, &name, &serde_json::to_vec_pretty(&kept)?));
        kept.await.map_err(|error| failed(io::Error::other(error)))?.map_err(failed)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use turnout_core::conformance::{Guarded, faxes::fax};

    use super::*;

    async fn open() -> Guarded<FaxOutbox, tempfile::TempDir> {
        let folder = tempfile::tempdir().unwrap();
        Guarded::new(FaxOutbox::open(folder.path().join("faxes")).unwrap(), folder)
    }
    turnout_core::fax_sender_conformance!(faxes, open);

    #[tokio::test]
    async fn a_fax_lies_there_whole_and_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let outbox = FaxOutbox::open(folder.path().join("faxes")).unwrap();
        assert!(outbox.list().unwrap().is_empty());
        for _ in 0..2 {
            outbox.send(&fax(1)).await.unwrap();
        }
        let [kept] = outbox.list().unwrap().try_into().unwrap_or_else(|_| panic!("one fax"));
        assert_eq!((kept.fax_id, kept.to.as_str()), (fax(1).id, "+16175557890"));
        assert_eq!((kept.pdf_url, kept.callback_url), (fax(1).pdf_url, fax(1).callback_url));
        let path = folder.path().join("faxes").join(format!("fax_{}.json", kept.fax_id.0.simple()));
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
