//! The objects of a foreign file, behind limits: lopdf reads what lies open, strictly, for lenient reading would drop
//! objects without a word. What lies packed in object streams is unpacked when it is first asked for: most of it are
//! structure trees that stay behind.

use std::{
    cell::{Cell, OnceCell},
    collections::{BTreeMap, HashMap},
};

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, ObjectStream, Stream, xref::XrefEntry};

use super::read::{MAX_DEPTH, within};
use crate::Error;

/// The largest file accepted, in bytes.
pub(crate) const MAX_FILE: usize = 8 << 20;
/// What one cross-reference stream may become, in bytes, and all object streams that are asked for together.
const MAX_INFLATED: usize = 2 << 20;
/// The longest list of the objects in one object stream, in bytes.
const MAX_LIST: usize = 1 << 19;
/// The most objects in a file.
const MAX_OBJECTS: usize = 50_000;

/// `/Type` of object streams while they are packed.
const PACKED: &[u8] = b"TurnoutPacked";

/// A file and its objects.
pub(super) struct File {
    document: Document,
    /// The objects of each object stream, once one of them was asked for.
    streams: HashMap<u32, OnceCell<BTreeMap<ObjectId, Object>>>,
    /// What the object streams became, in bytes.
    inflated: Cell<usize>,
    /// Why one of them could not be unpacked.
    fault: OnceCell<Error>,
}

/// Keeps lopdf from unpacking an object stream, by calling it something else.
fn keep_packed(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object
        && stream.dict.has_type(b"ObjStm")
    {
        stream.dict.set("Type", Object::Name(PACKED.to_vec()));
    }
    // of a file's own objects lopdf asks only whether they stay
    Some((id, Object::Null))
}

impl File {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        within("bytes", bytes.len(), MAX_FILE)?;
        let options = LoadOptions {
            strict: true,
            max_decompressed_size: Some(MAX_INFLATED),
            filter: Some(keep_packed),
            ..LoadOptions::default()
        };
        let document = Document::load_mem_with_options(bytes, options)
            .map_err(|error| Error::Malformed(error.into()))?;
        if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
            return Err(Error::Encrypted);
        }
        let entries = document.reference_table.entries.values();
        let packed = entries.filter(|entry| matches!(entry, XrefEntry::Compressed { .. })).count();
        within("objects", document.objects.len() + packed, MAX_OBJECTS)?;
        let streams = document.objects.iter().filter_map(|((number, _), object)| {
            let stream = object.as_stream().ok()?;
            stream.dict.has_type(PACKED).then_some((*number, OnceCell::new()))
        });
        let streams = streams.collect();
        Ok(Self { document, streams, inflated: Cell::new(0), fault: OnceCell::new() })
    }

    /// The trailer's entries.
    pub(super) fn trailer(&self) -> &Dictionary {
        &self.document.trailer
    }

    /// The object of a number; nothing where there is none, or it is not where it should be.
    pub(super) fn object(&self, id: ObjectId) -> Option<&Object> {
        let Some(XrefEntry::Compressed { container, .. }) = self.document.reference_table.get(id.0) else {
            return self.document.objects.get(&id);
        };
        let found = self.unpacked(*container).get(&id);
        if found.is_none() && id.1 == 0 {
            self.fault
                .get_or_init(|| Error::Malformed(format!("object {} is not in its stream", id.0).into()));
        }
        found
    }

    /// What stands at the end of a chain of references, with its number; nothing where they go in a circle.
    pub(super) fn target(&self, mut id: ObjectId) -> Option<(ObjectId, &Object)> {
        for _ in 0..MAX_DEPTH {
            match self.object(id)? {
                Object::Reference(next) => id = *next,
                object => return Some((id, object)),
            }
        }
        None
    }

    /// Why an object that was asked for could not be unpacked, if one could not.
    pub(super) fn fault(self) -> Option<Error> {
        self.fault.into_inner()
    }

    /// The objects of an object stream; none where it cannot be unpacked.
    fn unpacked(&self, container: u32) -> &BTreeMap<ObjectId, Object> {
        static NONE: BTreeMap<ObjectId, Object> = BTreeMap::new();
        let Some(objects) = self.streams.get(&container) else { return &NONE };
        objects.get_or_init(|| {
            self.unpack(container).unwrap_or_else(|error| {
                self.fault.get_or_init(|| error);
                BTreeMap::new()
            })
        })
    }

    fn unpack(&self, container: u32) -> Result<BTreeMap<ObjectId, Object>, Error> {
        let malformed = |error: lopdf::Error| Error::Malformed(error.into());
        let stream =
            self.document.get_object((container, 0)).and_then(Object::as_stream).map_err(malformed)?;
        let first = stream.dict.get(b"First").and_then(Object::as_i64).map_err(malformed)?;
        within("bytes in a list of objects", usize::try_from(first).unwrap_or(usize::MAX), MAX_LIST)?;
        let room = MAX_INFLATED - self.inflated.get();
        let content = stream.get_plain_content_with_limit(room).map_err(malformed)?;
        self.inflated.set(self.inflated.get() + content.len());
        let list = ["First", "N"].into_iter().filter_map(|key| {
            let value = stream.dict.get(key.as_bytes()).ok()?;
            Some((key, value.clone()))
        });
        let plain = Stream::new(list.collect(), content);
        ObjectStream::new(&plain).map(|stream| stream.objects).map_err(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_large_a_file_is_refused_before_it_is_read() {
        let outcome = File::read(&vec![0; MAX_FILE + 1]);
        assert!(matches!(outcome, Err(Error::TooMuch { what: "bytes", .. })));
    }
}
