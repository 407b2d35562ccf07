//! Copies what a page needs from its file into the packet's own file: new numbers, and only what may live there.

use std::collections::{HashMap, VecDeque};
use std::io::Write as _;

use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::read::{MAX_DEPTH, Rect, Source, within};
use crate::{
    Error,
    syntax::{self, Id, Objects, deflate},
};

/// The largest packet, in bytes: a small file whose pages share large parts must not grow without end.
const MAX_PACKET: usize = 48 << 20;

/// Entries that do not come along, wherever they stand: programs, embedded files, metadata, ties to a structure
/// tree that stays behind.
const LEFT_BEHIND: [&[u8]; 14] = [
    b"AA",
    b"AF",
    b"EF",
    b"JS",
    b"JavaScript",
    b"LastModified",
    b"Measure",
    b"Metadata",
    b"OPI",
    b"OpenAction",
    b"PieceInfo",
    b"PtData",
    b"StructParent",
    b"StructParents",
];

/// Kinds of objects that nothing copied may point at.
const FOREIGN: [&[u8]; 9] = [
    b"Action",
    b"Annot",
    b"Catalog",
    b"EmbeddedFile",
    b"Filespec",
    b"Metadata",
    b"Page",
    b"Pages",
    b"StructElem",
];

/// Copies objects of one source.
pub(crate) struct Copier<'a> {
    source: &'a Source,
    numbers: HashMap<ObjectId, Id>,
    waiting: VecDeque<(ObjectId, Id)>,
    /// Streams that are appearances, with the box they get when they have none.
    appearances: HashMap<ObjectId, Rect>,
    /// The form's own resources, for appearances that name none.
    resources: Option<&'a Object>,
}

impl<'a> Copier<'a> {
    /// The file that is copied from.
    pub(crate) fn source(&self) -> &'a Source {
        self.source
    }

    pub(crate) fn new(source: &'a Source) -> Self {
        let resources = source.form().and_then(|form| form.get(b"DR").ok());
        Self {
            source,
            numbers: HashMap::new(),
            waiting: VecDeque::new(),
            appearances: HashMap::new(),
            resources,
        }
    }

    /// The new number of an object, copying it later; none if it must not come along.
    pub(crate) fn follow(&mut self, objects: &mut Objects, id: ObjectId) -> Option<Id> {
        let (id, object) = self.source.target(id)?;
        if is_foreign(self.source, object) {
            return None;
        }
        Some(*self.numbers.entry(id).or_insert_with(|| {
            let number = objects.reserve();
            self.waiting.push_back((id, number));
            number
        }))
    }

    /// The new number of an appearance stream. It becomes a proper form, whatever it was.
    pub(crate) fn appearance(&mut self, objects: &mut Objects, object: &Object, rect: Rect) -> Option<Id> {
        let (id, target) = self.source.target(object.as_reference().ok()?)?;
        target.as_stream().ok()?;
        self.appearances.entry(id).or_insert(rect);
        self.follow(objects, id)
    }

    /// The new number of the layer that an annotation lies in; nothing where it lies in none.
    pub(crate) fn layer(
        &mut self,
        objects: &mut Objects,
        annotation: &Dictionary,
    ) -> Result<Option<Id>, Error> {
        match annotation.get(b"OC") {
            Ok(Object::Reference(id)) => Ok(self.follow(objects, *id)),
            Ok(object @ Object::Dictionary(_)) => {
                let mut body = Vec::new();
                self.value(objects, &mut body, object)?;
                let id = objects.reserve();
                objects.object(id, &body);
                Ok(Some(id))
            }
            _ => Ok(None),
        }
    }

    /// Appends a value, its references renumbered.
    pub(crate) fn value(
        &mut self,
        objects: &mut Objects,
        out: &mut Vec<u8>,
        object: &Object,
    ) -> Result<(), Error> {
        self.nested(objects, out, object, 0)
    }

    /// Appends the entries of a dictionary that may come along, without its brackets.
    pub(crate) fn entries(
        &mut self,
        objects: &mut Objects,
        out: &mut Vec<u8>,
        dictionary: &Dictionary,
        except: &[&[u8]],
    ) -> Result<(), Error> {
        self.dictionary(objects, out, dictionary, except, 0)
    }

    fn nested(
        &mut self,
        objects: &mut Objects,
        out: &mut Vec<u8>,
        object: &Object,
        depth: usize,
    ) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(Error::TooDeep { what: "objects", limit: MAX_DEPTH });
        }
        match object {
            Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Object::Integer(value) => write!(out, "{value}").expect("a Vec takes every byte"),
            // a number's shortest form; Rust writes no exponent
            Object::Real(value) if value.is_finite() => {
                write!(out, "{value}").expect("a Vec takes every byte")
            }
            Object::Real(_) => out.push(b'0'),
            Object::Name(name) => syntax::name(out, name),
            Object::String(bytes, _) => syntax::string(out, bytes),
            Object::Array(array) => {
                out.push(b'[');
                for (index, object) in array.iter().enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    self.nested(objects, out, object, depth + 1)?;
                }
                out.push(b']');
            }
            Object::Dictionary(_) if is_foreign(self.source, object) => out.extend_from_slice(b"null"),
            Object::Dictionary(dictionary) => {
                out.extend_from_slice(b"<<");
                self.dictionary(objects, out, dictionary, &[], depth)?;
                out.extend_from_slice(b">>");
            }
            Object::Reference(id) => match self.follow(objects, *id) {
                Some(id) => syntax::reference(out, id),
                None => out.extend_from_slice(b"null"),
            },
            // a stream cannot lie in another object
            Object::Null | Object::Stream(_) => out.extend_from_slice(b"null"),
        }
        Ok(())
    }

    fn dictionary(
        &mut self,
        objects: &mut Objects,
        out: &mut Vec<u8>,
        dictionary: &Dictionary,
        except: &[&[u8]],
        depth: usize,
    ) -> Result<(), Error> {
        for (key, value) in dictionary.iter() {
            if LEFT_BEHIND.contains(&key.as_slice()) || except.contains(&key.as_slice()) {
                continue;
            }
            syntax::name(out, key);
            out.push(b' ');
            self.nested(objects, out, value, depth + 1)?;
        }
        Ok(())
    }

    /// Writes everything that was followed and not yet written.
    pub(crate) fn finish(&mut self, objects: &mut Objects) -> Result<(), Error> {
        while let Some((id, number)) = self.waiting.pop_front() {
            within("bytes once copied", objects.bytes.len(), MAX_PACKET)?;
            let source = self.source;
            let Some((_, object)) = source.target(id) else {
                objects.object(number, b"null");
                continue;
            };
            let mut body = Vec::new();
            if let Object::Stream(stream) = object {
                self.stream_entries(objects, &mut body, stream, self.appearances.get(&id).copied())?;
                if !stream.dict.has(b"Filter") && stream.content.len() > 128 {
                    body.extend_from_slice(b"/Filter /FlateDecode");
                    objects.stream(number, &body, &deflate(&stream.content));
                } else {
                    objects.stream(number, &body, &stream.content);
                }
            } else {
                self.value(objects, &mut body, object)?;
                objects.object(number, &body);
            }
        }
        within("bytes once copied", objects.bytes.len(), MAX_PACKET)
    }

    fn stream_entries(
        &mut self,
        objects: &mut Objects,
        body: &mut Vec<u8>,
        stream: &Stream,
        appearance: Option<Rect>,
    ) -> Result<(), Error> {
        // a stream whose bytes lie in another file is read as empty
        let mut except: Vec<&[u8]> = vec![b"Length", b"F", b"FFilter", b"FDecodeParms", b"DL"];
        if let Some([left, bottom, right, top]) = appearance {
            except.extend([b"Type".as_slice(), b"Subtype", b"FormType"]);
            body.extend_from_slice(b"/Type/XObject/Subtype/Form");
            let own = stream.dict.get(b"BBox").ok().map(|object| self.source.resolve(object));
            if own.and_then(|object| self.source.numbers::<4>(object)).is_none() {
                except.push(b"BBox");
                body.extend_from_slice(b"/BBox[0 0 ");
                syntax::numbers(body, &[right - left, top - bottom]);
                body.push(b']');
            }
            if !stream.dict.has(b"Resources")
                && let Some(resources) = self.resources
            {
                body.extend_from_slice(b"/Resources ");
                self.value(objects, body, resources)?;
            }
        }
        self.entries(objects, body, &stream.dict, &except)
    }
}

/// Whether an object belongs to the source's own household: pages, actions, attached files.
fn is_foreign(source: &Source, object: &Object) -> bool {
    let dictionary = match object {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        _ => return false,
    };
    let named =
        |key: &[u8], names: &[&[u8]]| source.name(dictionary, key).is_some_and(|name| names.contains(&name));
    named(b"Type", &FOREIGN) || named(b"S", &[b"JavaScript", b"Launch", b"SubmitForm", b"ImportData"])
}

/// Optional content of all sources together, `/OCProperties`; nothing where there is none.
#[derive(Default)]
pub(crate) struct Layers {
    all: Vec<Id>,
    off: Vec<Id>,
    /// How a reader lists them, which of them show when something happens, such as printing, and which of them only one
    /// shows at a time: the elements of `/Order`, `/AS` and `/RBGroups`.
    lists: [Vec<u8>; 3],
}

/// What [`Layers`] keeps lists of.
const LISTS: [&[u8]; 3] = [b"Order", b"AS", b"RBGroups"];

impl Layers {
    /// Adds the layers of a source, and which of them are hidden at first.
    pub(crate) fn add(&mut self, objects: &mut Objects, copier: &mut Copier<'_>) -> Result<(), Error> {
        let source = copier.source;
        let Some(properties) =
            source.catalog().and_then(|catalog| source.dictionary(catalog, b"OCProperties"))
        else {
            return Ok(());
        };
        let setting = source.dictionary(properties, b"D");
        let list = |key: &[u8]| -> Vec<ObjectId> {
            let array = setting.and_then(|setting| source.array(setting, key)).unwrap_or_default();
            array.iter().filter_map(|object| object.as_reference().ok()).collect()
        };
        let (on, off) = (list(b"ON"), list(b"OFF"));
        let all_off = setting.and_then(|setting| source.name(setting, b"BaseState")) == Some(b"OFF");
        for object in source.array(properties, b"OCGs").unwrap_or_default() {
            let Ok(id) = object.as_reference() else { continue };
            let Some(number) = copier.follow(objects, id) else { continue };
            self.all.push(number);
            if off.contains(&id) || (all_off && !on.contains(&id)) {
                self.off.push(number);
            }
        }
        for (list, key) in self.lists.iter_mut().zip(LISTS) {
            for object in setting.and_then(|setting| source.array(setting, key)).unwrap_or_default() {
                copier.value(objects, list, object)?;
                list.push(b' ');
            }
        }
        Ok(())
    }

    /// The catalog's entry.
    pub(crate) fn entry(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.all.is_empty() {
            return out;
        }
        let list = |out: &mut Vec<u8>, ids: &[Id]| {
            for id in ids {
                syntax::reference(out, *id);
                out.push(b' ');
            }
        };
        out.extend_from_slice(b"/OCProperties<</OCGs[");
        list(&mut out, &self.all);
        out.extend_from_slice(b"]/D<</OFF[");
        list(&mut out, &self.off);
        out.push(b']');
        for (list, key) in self.lists.iter().zip(LISTS) {
            syntax::name(&mut out, key);
            out.push(b'[');
            out.extend_from_slice(list);
            out.push(b']');
        }
        out.extend_from_slice(b">>>>");
        out
    }
}
