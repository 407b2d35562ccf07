//! The structure tree of a packet: what a screen reader is told, where every document of it says so.
//!
//! A packet with a document that says nothing has no tree at all: a half-told file would be read as if the rest of it
//! were not there. ISO 32000-1, 14.7; PDF/UA-1.

use std::collections::BTreeMap;

use super::{Page, Slot};
use crate::{
    document::tags::{Element, Kid, Role, Tags},
    syntax::{self, Id, Objects},
};

/// What the elements of one document refer to.
pub(super) struct Places<'a> {
    /// Where the document's pages begin among those of the packet.
    pub(super) first: usize,
    pub(super) page_ids: &'a [Id],
    pub(super) pages: &'a mut [Page],
    /// The boxes of the document, with the names of their fields.
    pub(super) boxes: Vec<(&'a str, &'a mut Slot)>,
}

/// The box of a field on a page of the packet.
fn slot_of<'b>(boxes: &'b mut [(&str, &mut Slot)], page: usize, name: &str) -> Option<&'b mut Slot> {
    let found = boxes.iter_mut().find(|(field, slot)| *field == name && slot.page == page);
    found.map(|(_, slot)| &mut **slot)
}

/// What a number of the tree of parents stands for.
enum Entry {
    /// The elements of what is marked in a stream, by mark.
    Marks(BTreeMap<u32, Id>),
    /// The element of a box.
    Box(Id),
}

/// The tree in the making.
pub(super) struct Structure {
    root: Id,
    document: Id,
    parts: Vec<Id>,
    entries: Vec<Entry>,
}

impl Structure {
    pub(super) fn new(objects: &mut Objects) -> Self {
        let [root, document] = [(); 2].map(|()| objects.reserve());
        Self { root, document, parts: Vec::new(), entries: Vec::new() }
    }

    /// The number under which the marks of a stream are found.
    pub(super) fn stream(&mut self) -> u32 {
        self.entry(Entry::Marks(BTreeMap::new()))
    }

    /// The number under which a box is found; its element comes with the document's elements.
    pub(super) fn box_(&mut self) -> u32 {
        self.entry(Entry::Box(0))
    }

    fn entry(&mut self, entry: Entry) -> u32 {
        self.entries.push(entry);
        u32::try_from(self.entries.len() - 1).expect("the limits of compile keep the count small")
    }

    /// Writes the elements of a document, whose pages and boxes are known.
    pub(super) fn document(&mut self, objects: &mut Objects, tags: &Tags, mut places: Places<'_>) {
        let part = objects.reserve();
        self.parts.push(part);
        let kids: Vec<Id> =
            tags.elements.iter().map(|element| self.element(objects, &mut places, part, element)).collect();
        write(objects, part, self.document, b"Part", &kids);
    }

    fn element(
        &mut self,
        objects: &mut Objects,
        places: &mut Places<'_>,
        parent: Id,
        element: &Element,
    ) -> Id {
        let id = objects.reserve();
        let mut role = element.role;
        let mut kids = Vec::new();
        for kid in &element.kids {
            match kid {
                Kid::Element(inner) => {
                    let inner = self.element(objects, places, id, inner);
                    syntax::reference(&mut kids, inner);
                }
                Kid::Marked { page, mark } => {
                    let page = places.first + page;
                    let key = places.pages[page].marks.as_ref().map(|marks| marks.content);
                    self.put(key, *mark, id);
                    reference_to_mark(&mut kids, places.page_ids[page], None, *mark);
                }
                Kid::Field { page, name } => {
                    if !self.field(places, &mut kids, id, *page, name) && role == Role::Form {
                        role = Role::Paragraph;
                    }
                }
                Kid::Stamp { page } => {
                    let page = places.first + page;
                    let overlay = places.pages[page].overlay;
                    let Some(marks) = &mut places.pages[page].marks else { continue };
                    let mark = marks.next();
                    marks.stamp = Some(mark);
                    let key = Some(marks.overlay);
                    self.put(key, mark, id);
                    reference_to_mark(&mut kids, places.page_ids[page], Some(overlay), mark);
                }
            }
            kids.push(b' ');
        }
        let mut body = b"/P ".to_vec();
        syntax::reference(&mut body, parent);
        if let Some(words) = element.alternative {
            body.extend_from_slice(b"/Alt ");
            syntax::text(&mut body, words);
        }
        body.extend_from_slice(b"/K[");
        body.extend_from_slice(&kids);
        body.push(b']');
        // a heading over nothing is none: what it is shows when the packet is filled
        let heading = match element.kids.as_slice() {
            [Kid::Field { page, name }] if role == Role::Heading2 => {
                slot_of(&mut places.boxes, places.first + page, name)
            }
            _ => None,
        };
        match heading {
            Some(slot) => slot.element = Some((id, body)),
            None => write_element(objects, id, role, &body),
        }
        id
    }

    /// A field: the box that stays one, or the mark of what is written there. Returns whether it stays one.
    fn field(
        &mut self,
        places: &mut Places<'_>,
        kids: &mut Vec<u8>,
        id: Id,
        page: usize,
        name: &str,
    ) -> bool {
        let page = places.first + page;
        let Some(slot) = slot_of(&mut places.boxes, page, name) else { return false };
        if let (Some((widget, _)), Some(key)) = (&slot.widget, slot.key) {
            self.entries[key as usize] = Entry::Box(id);
            kids.extend_from_slice(b"<</Type/OBJR/Pg ");
            syntax::reference(kids, places.page_ids[page]);
            kids.extend_from_slice(b"/Obj ");
            syntax::reference(kids, *widget);
            kids.extend_from_slice(b">>");
            return true;
        }
        let overlay = places.pages[page].overlay;
        let Some(marks) = &mut places.pages[page].marks else { return false };
        let mark = marks.next();
        slot.mark = Some(mark);
        let key = Some(marks.overlay);
        self.put(key, mark, id);
        reference_to_mark(kids, places.page_ids[page], Some(overlay), mark);
        false
    }

    fn put(&mut self, key: Option<u32>, mark: u32, element: Id) {
        if let Some(Entry::Marks(marks)) = key.and_then(|key| self.entries.get_mut(key as usize)) {
            marks.insert(mark, element);
        }
    }

    /// Writes what belongs to the tree as a whole; returns its root.
    pub(super) fn finish(self, objects: &mut Objects) -> Id {
        write(objects, self.document, self.root, b"Document", &self.parts);
        let parents = objects.reserve();
        let mut body = b"<</Nums[".to_vec();
        for (key, entry) in self.entries.iter().enumerate() {
            syntax::integer(&mut body, key as u64);
            body.push(b' ');
            match entry {
                Entry::Box(id) => syntax::reference(&mut body, *id),
                Entry::Marks(marks) => {
                    body.push(b'[');
                    let most = marks.last_key_value().map_or(0, |(mark, _)| mark + 1);
                    for mark in 0..most {
                        match marks.get(&mark) {
                            Some(id) => syntax::reference(&mut body, *id),
                            None => body.extend_from_slice(b"null"),
                        }
                        body.push(b' ');
                    }
                    body.push(b']');
                }
            }
            body.push(b' ');
        }
        body.extend_from_slice(b"]>>");
        objects.object(parents, &body);
        let mut body = b"<</Type/StructTreeRoot/K ".to_vec();
        syntax::reference(&mut body, self.document);
        body.extend_from_slice(b"/ParentTree ");
        syntax::reference(&mut body, parents);
        body.extend_from_slice(b"/ParentTreeNextKey ");
        syntax::integer(&mut body, self.entries.len() as u64);
        body.extend_from_slice(b">>");
        objects.object(self.root, &body);
        self.root
    }
}

/// The marks of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks {
    /// The number of its content in the tree of parents.
    pub(super) content: u32,
    /// The number of what is drawn over it.
    pub(crate) overlay: u32,
    /// How many marks there are in what is drawn over it.
    pub(crate) count: u32,
    /// The mark of a picture put on it.
    pub(crate) stamp: Option<u32>,
}

impl Marks {
    fn next(&mut self) -> u32 {
        self.count += 1;
        self.count - 1
    }
}

/// Writes an element of a role with its other entries.
pub(crate) fn write_element(objects: &mut Objects, id: Id, role: Role, entries: &[u8]) {
    objects.begin(id);
    objects.put(b"<</Type/StructElem/S");
    syntax::name(&mut objects.bytes, role.name());
    objects.put(entries);
    objects.put(b">>");
    objects.end();
}

/// An element that holds elements.
fn write(objects: &mut Objects, id: Id, parent: Id, role: &[u8], kids: &[Id]) {
    let mut body = b"<</Type/StructElem/S".to_vec();
    syntax::name(&mut body, role);
    body.extend_from_slice(b"/P ");
    syntax::reference(&mut body, parent);
    body.extend_from_slice(b"/K[");
    for kid in kids {
        syntax::reference(&mut body, *kid);
        body.push(b' ');
    }
    body.extend_from_slice(b"]>>");
    objects.object(id, &body);
}

/// What is marked in a page's content, or in what is drawn over it.
fn reference_to_mark(out: &mut Vec<u8>, page: Id, overlay: Option<Id>, mark: u32) {
    out.extend_from_slice(b"<</Type/MCR/Pg ");
    syntax::reference(out, page);
    if let Some(overlay) = overlay {
        out.extend_from_slice(b"/Stm ");
        syntax::reference(out, overlay);
    }
    out.extend_from_slice(b"/MCID ");
    syntax::integer(out, mark.into());
    out.extend_from_slice(b">>");
}

/// The metadata of a file that keeps PDF/UA-1, as XMP.
pub(super) fn metadata(title: &str, language: &str) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n\
         <pdfuaid:part>1</pdfuaid:part>\n\
         <pdf:Producer>Turnout</pdf:Producer>\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title>\n\
         <dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language>\n\
         </rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>",
        escaped(title),
        escaped(language)
    )
}
