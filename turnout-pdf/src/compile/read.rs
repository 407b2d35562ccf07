//! What a foreign PDF says: its entries by kind, and its pages in order with what they inherit.

use std::collections::HashSet;

use lopdf::{Dictionary, Object, ObjectId};
use miniz_oxide::inflate;

use super::file::File;
use crate::Error;

/// The most pages of a file.
const MAX_PAGES: usize = 40;
/// The most field boxes of a file.
pub(crate) const MAX_WIDGETS: usize = 2_000;
/// The most annotations of a file, field boxes among them.
pub(crate) const MAX_ANNOTATIONS: usize = 5_000;
/// The most streams that make up one page.
pub(crate) const MAX_PARTS: usize = 4_000;
/// The longest full name of a field, in bytes.
pub(crate) const MAX_NAME: usize = 1_024;
/// The longest `/DA` that is read, and the longest address of a link that is kept, in bytes.
pub(crate) const MAX_STRING: usize = 2_048;
/// The most bytes of names, values, lists and looks of all fields of a file together: what fields inherit is kept for
/// each of them, so a small file could ask for much.
pub(crate) const MAX_FIELD_BYTES: usize = 4 << 20;
/// The largest font of a form that its fields are filled with, in bytes.
const MAX_FONT: usize = 4 << 20;
/// How deep objects, pages or fields may lie in one another.
pub(crate) const MAX_DEPTH: usize = 64;
/// How far from the origin a coordinate may lie, in points: the largest page there is.
const MAX_COORDINATE: f32 = 14_400.0;

/// A PDF that was read and found within the limits.
pub(crate) struct Source {
    file: File,
}

/// A page, and the nodes above it from which it inherits.
pub(crate) struct SourcePage<'a> {
    /// The page first, the root last.
    nodes: Vec<&'a Dictionary>,
}

impl<'a> SourcePage<'a> {
    /// The page's own entries.
    pub(crate) fn own(&self) -> &'a Dictionary {
        self.nodes[0]
    }

    /// The nearest node that has the entry: of the four that pages inherit, else the page itself.
    pub(crate) fn holder(&self, key: &[u8]) -> &'a Dictionary {
        let inherits = [b"Resources".as_slice(), b"MediaBox", b"CropBox", b"Rotate"].contains(&key);
        let mut nodes = self.nodes.iter().take(if inherits { usize::MAX } else { 1 });
        nodes.find(|node| node.has(key)).unwrap_or(&self.nodes[0])
    }
}

/// Left, bottom, right, top, in points.
pub(crate) type Rect = [f32; 4];

impl Source {
    /// Reads a file.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let source = Self { file: File::read(bytes)? };
        if source.form().is_some_and(|form| form.has(b"XFA")) {
            return Err(Error::Xfa);
        }
        Ok(source)
    }

    /// Complains of what was asked for and could not be read: it seemed not to be there.
    pub(crate) fn finish(self) -> Result<(), Error> {
        self.file.fault().map_or(Ok(()), Err)
    }

    /// What a reference stands for; a reference to nothing is null, as the standard says.
    pub(crate) fn resolve<'a>(&'a self, object: &'a Object) -> &'a Object {
        match object {
            Object::Reference(id) => self.target(*id).map_or(&Object::Null, |(_, object)| object),
            object => object,
        }
    }

    /// What a reference stands for, with the number of the object itself at the end of the chain.
    pub(crate) fn target(&self, id: ObjectId) -> Option<(ObjectId, &Object)> {
        self.file.target(id)
    }

    /// An entry of a dictionary, resolved.
    pub(crate) fn entry<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        match self.resolve(dictionary.get(key).ok()?) {
            Object::Null => None,
            object => Some(object),
        }
    }

    /// An entry that is a dictionary.
    pub(crate) fn dictionary<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
        self.entry(dictionary, key)?.as_dict().ok()
    }

    /// An entry that is an array.
    pub(crate) fn array<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [Object]> {
        self.entry(dictionary, key)?.as_array().ok().map(Vec::as_slice)
    }

    /// An entry that is a name.
    pub(crate) fn name<'a>(&'a self, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
        self.entry(dictionary, key)?.as_name().ok()
    }

    /// An entry that is a number.
    pub(crate) fn number(&self, dictionary: &Dictionary, key: &[u8]) -> Option<f32> {
        as_number(self.entry(dictionary, key)?)
    }

    /// An entry that is a whole number.
    pub(crate) fn integer(&self, dictionary: &Dictionary, key: &[u8]) -> Option<i64> {
        match self.entry(dictionary, key)? {
            Object::Integer(value) => Some(*value),
            Object::Real(value) => Some(*value as i64),
            _ => None,
        }
    }

    /// An entry that is a rectangle, its corners in order. Errs when it is none or lies off every page.
    pub(crate) fn rect(
        &self,
        dictionary: &Dictionary,
        key: &[u8],
        what: &str,
    ) -> Result<Option<Rect>, Error> {
        let Some(object) = self.entry(dictionary, key) else { return Ok(None) };
        self.numbers::<4>(object)
            .filter(|rect| rect.iter().all(|value| value.is_finite() && value.abs() <= MAX_COORDINATE))
            .map(|[a, b, c, d]| Some([a.min(c), b.min(d), a.max(c), b.max(d)]))
            .ok_or_else(|| Error::BadRect { what: what.to_owned() })
    }

    /// An array of exactly that many numbers.
    pub(crate) fn numbers<const N: usize>(&self, object: &Object) -> Option<[f32; N]> {
        let array = object.as_array().ok()?;
        let mut values = [0.0; N];
        if array.len() != N {
            return None;
        }
        for (value, object) in values.iter_mut().zip(array) {
            *value = as_number(self.resolve(object)).filter(|number| number.is_finite())?;
        }
        Some(values)
    }

    /// The catalog.
    pub(crate) fn catalog(&self) -> Option<&Dictionary> {
        self.dictionary(self.file.trailer(), b"Root")
    }

    /// The form's dictionary, `/AcroForm`.
    pub(crate) fn form(&self) -> Option<&Dictionary> {
        self.dictionary(self.catalog()?, b"AcroForm")
    }

    /// What a font says of itself beside its letters, `/FontDescriptor`.
    pub(crate) fn descriptor<'a>(&'a self, font: &'a Dictionary) -> Option<&'a Dictionary> {
        let below = self.array(font, b"DescendantFonts").and_then(|fonts| fonts.first());
        let font = below.and_then(|font| self.resolve(font).as_dict().ok()).unwrap_or(font);
        self.dictionary(font, b"FontDescriptor")
    }

    /// The program of a TrueType font and its name, of a font's dictionary; nothing where it cannot be used.
    pub(crate) fn font_program(&self, id: ObjectId) -> Option<(Vec<u8>, String)> {
        let (_, Object::Dictionary(font)) = self.target(id)? else { return None };
        let Object::Stream(stream) = self.entry(self.descriptor(font)?, b"FontFile2")? else { return None };
        let program = match self.entry(&stream.dict, b"Filter") {
            None => stream.content.clone(),
            Some(Object::Name(filter)) if filter == b"FlateDecode" && !stream.dict.has(b"DecodeParms") => {
                inflate::decompress_to_vec_zlib_with_limit(&stream.content, MAX_FONT).ok()?
            }
            Some(_) => return None,
        };
        let name = self.name(font, b"BaseFont").unwrap_or_default();
        // a subset has six letters and a plus before its name
        let name = name.get(7..).filter(|_| name.get(6) == Some(&b'+')).unwrap_or(name);
        let plain = name.iter().filter(|byte| byte.is_ascii_alphanumeric() || **byte == b'-');
        Some((program, plain.take(63).map(|byte| char::from(*byte)).collect()))
    }

    /// The pages in order, each with the nodes from which it inherits.
    pub(crate) fn pages(&self) -> Result<Vec<SourcePage<'_>>, Error> {
        let root = self
            .catalog()
            .and_then(|catalog| catalog.get(b"Pages").ok())
            .and_then(|pages| pages.as_reference().ok())
            .ok_or(Error::Lacks("page tree"))?;
        let mut pages = Vec::new();
        self.gather(root, &mut Vec::new(), &mut HashSet::new(), &mut pages)?;
        if pages.is_empty() {
            return Err(Error::Lacks("pages"));
        }
        Ok(pages)
    }

    fn gather<'a>(
        &'a self,
        id: ObjectId,
        above: &mut Vec<&'a Dictionary>,
        seen: &mut HashSet<ObjectId>,
        pages: &mut Vec<SourcePage<'a>>,
    ) -> Result<(), Error> {
        if above.len() > MAX_DEPTH {
            return Err(Error::TooDeep { what: "pages", limit: MAX_DEPTH });
        }
        if !seen.insert(id) {
            return Err(Error::Lacks("page tree without a circle"));
        }
        let Some((_, Object::Dictionary(node))) = self.target(id) else {
            return Err(Error::Lacks("page that its page tree names"));
        };
        above.push(node);
        if let Some(kids) = self.array(node, b"Kids").filter(|_| !node.has_type(b"Page")) {
            for kid in kids {
                let kid = kid.as_reference().map_err(|_| Error::Lacks("page that its page tree names"))?;
                self.gather(kid, above, seen, pages)?;
            }
        } else {
            pages.push(SourcePage { nodes: above.iter().rev().copied().collect() });
            within("pages", pages.len(), MAX_PAGES)?;
        }
        above.pop();
        Ok(())
    }
}

/// Complains when there is more than the limit.
pub(crate) fn within(what: &'static str, found: usize, limit: usize) -> Result<(), Error> {
    if found > limit { Err(Error::TooMuch { what, found, limit }) } else { Ok(()) }
}

/// A number, whole or not.
pub(crate) fn as_number(object: &Object) -> Option<f32> {
    match object {
        Object::Integer(value) => Some(*value as f32),
        Object::Real(value) => Some(*value),
        _ => None,
    }
}
