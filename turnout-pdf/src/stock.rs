//! A forms folder as it was when it was read, with its documents on the disk rather than in memory.
//!
//! They are copied into a file without a name, which nobody else can reach or change, and read from there when a packet is
//! compiled. Where no such file can be made, they stay in memory.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{Document, Error, Folder, folder::files};

/// A folder whose documents are set aside.
#[derive(Debug)]
pub(crate) struct Stock {
    /// All of the folder but for the documents that are set aside.
    folder: Folder,
    aside: Option<Mutex<File>>,
    /// Where each begins, and how many bytes it has.
    places: BTreeMap<Document, (u64, usize)>,
    end: u64,
}

impl Stock {
    /// Reads a folder.
    ///
    /// # Errors
    /// As [`Folder::read`].
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let aside = tempfile::tempfile().ok().map(Mutex::new);
        Self::read_into(path, aside)
    }

    fn read_into(path: &Path, aside: Option<Mutex<File>>) -> Result<Self, Error> {
        let mut stock = Self { folder: Folder::default(), aside, places: BTreeMap::new(), end: 0 };
        for file in files(path)? {
            stock.folder.add(path, &file)?;
            stock.set_aside();
        }
        Ok(stock)
    }

    /// Moves what was read last to the disk, if there is room.
    fn set_aside(&mut self) {
        let Some(aside) = &mut self.aside else { return };
        let aside = aside.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut written = Vec::new();
        for (document, pdf) in self.folder.documents() {
            let is_there = aside.seek(SeekFrom::Start(self.end)).and_then(|_| aside.write_all(pdf)).is_ok();
            if is_there {
                written.push(document);
                self.places.insert(document, (self.end, pdf.len()));
                self.end += pdf.len() as u64;
            }
        }
        for document in written {
            self.folder.forget(document);
        }
    }

    /// What is not set aside: metadata and fonts.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The documents, in the order of what they are for.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Document> {
        let kept = self.folder.documents().map(|(document, _)| document);
        let mut all: Vec<Document> = kept.chain(self.places.keys().copied()).collect();
        all.sort_unstable();
        all.into_iter()
    }

    /// Whether the folder has a document.
    pub(crate) fn has(&self, document: Document) -> bool {
        self.places.contains_key(&document) || self.folder.document(document).is_some()
    }

    /// One document; nothing when the folder has none.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn document(&self, document: Document) -> Result<Option<Arc<[u8]>>, Error> {
        if let Some(pdf) = self.folder.document(document) {
            return Ok(Some(Arc::clone(pdf)));
        }
        let (Some((start, length)), Some(aside)) = (self.places.get(&document), &self.aside) else {
            return Ok(None);
        };
        let read = || -> io::Result<Arc<[u8]>> {
            let mut pdf = vec![0; *length];
            let mut aside = aside.lock().unwrap_or_else(PoisonError::into_inner);
            aside.seek(SeekFrom::Start(*start))?;
            aside.read_exact(&mut pdf)?;
            Ok(pdf.into())
        };
        let failed = |source| Error::File { path: document.to_string().into(), source };
        read().map(Some).map_err(failed)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use turnout_core::address::State;

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("absentee/states")).unwrap();
        for (place, text) in [
            ("absentee/states/GA.pdf", "the form of Georgia"),
            ("absentee/states/TX.pdf", "that of Texas"),
            ("absentee/states/TX.yml", "pages: 1"),
            ("absentee/cover.pdf", ""),
        ] {
            std::fs::write(folder.path().join(place), text).unwrap();
        }
        folder
    }

    #[test]
    fn every_document_is_what_it_was_whatever_becomes_of_the_folder() {
        let folder = folder();
        let read = |stock: &Stock, document| stock.document(document).unwrap().map(|pdf| pdf.to_vec());
        let aside = Stock::read(folder.path()).unwrap();
        let in_memory = Stock::read_into(folder.path(), None).unwrap();
        std::fs::write(folder.path().join("absentee/states/GA.pdf"), "another").unwrap();
        drop(folder);
        assert_eq!(aside.folder().documents().count(), 0, "they are on the disk");
        for stock in [aside, in_memory] {
            let (ga, tx) = (Document::Request(State::Ga), Document::Request(State::Tx));
            assert_eq!(stock.documents().collect::<Vec<_>>(), [Document::RequestCover, ga, tx]);
            for (document, text) in
                [(tx, "that of Texas"), (ga, "the form of Georgia"), (Document::RequestCover, "")]
            {
                assert!(stock.has(document));
                assert_eq!(read(&stock, document).unwrap(), text.as_bytes(), "{document}");
            }
            assert!(!stock.has(Document::Envelope) && read(&stock, Document::Envelope).is_none());
            assert_eq!(stock.folder().state_form(State::Tx).unwrap().pages, 1);
        }
    }
}
