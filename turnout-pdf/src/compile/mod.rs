//! From documents to a packet, once.
//!
//! A packet is one finished file but for what a voter changes: its pages, pictures and fonts are bytes that every
//! filling copies, its fields are slots that say where and how to write. `read` reads foreign files, `fields` finds
//! their fields, `merge` copies their objects. Nothing here sees a voter's data.

mod fields;
mod fonts;
mod merge;
mod read;
mod structure;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use lopdf::{Dictionary, Object};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub(crate) use self::{
    fields::{Kind, Style},
    fonts::PacketFont,
    read::{MAX_FILE, Rect},
    structure::{Marks, write_element},
};
use self::{
    fields::{SourceField, SourceWidget},
    merge::{Copier, Layers},
    read::{
        MAX_ANNOTATIONS, MAX_FIELD_BYTES, MAX_PARTS, MAX_STRING, MAX_WIDGETS, Source, SourcePage, as_text,
        within,
    },
    structure::{Places, Structure},
};
use crate::{
    Error,
    document::tags::Tags,
    font::Typeface,
    syntax::{self, Id, Objects},
};

/// What becomes of the fields of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The values become part of the page; no field is left.
    Flatten,
    /// The fields stay, filled in, and the voter may go on writing.
    Interactive,
    /// The document is printed as it is: it gets no values, and no field is left.
    Blank,
}

/// One document of a packet.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    /// What to call the document in an error: its file's name.
    pub document: &'a str,
    /// The PDF.
    pub pdf: &'a [u8],
    /// What becomes of its fields.
    pub mode: Mode,
}

/// What a packet says about itself.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The title that a reader shows.
    pub title: &'a str,
    /// The language of its text: `en-US`.
    pub language: &'a str,
}

/// Documents, one after the other, ready to be filled any number of times. Immutable; share it in an `Arc`.
pub struct Packet {
    pub(crate) objects: Objects,
    pub(crate) root: Id,
    pub(crate) info: Id,
    pub(crate) fingerprint: [u8; 16],
    pub(crate) pages: Vec<Page>,
    pub(crate) fields: Vec<Field>,
    pub(crate) slots: Vec<Slot>,
    /// The fields of each name, in order.
    pub(crate) names: BTreeMap<String, Vec<usize>>,
    /// What its fields are set in, what has the letters that these lack, and fonts that were added.
    pub(crate) fonts: Vec<PacketFont>,
}

impl std::fmt::Debug for Packet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packet")
            .field("pages", &self.pages.len())
            .field("fields", &self.fields.len())
            .field("bytes", &self.objects.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Packet {
    /// How many pages it has.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// How many bytes every filling copies.
    #[must_use]
    pub fn size(&self) -> usize {
        self.objects.bytes.len()
    }

    /// Its pages, in order.
    pub fn page_facts(&self) -> impl Iterator<Item = PageFacts> + '_ {
        self.pages.iter().map(|page| page.facts)
    }

    /// The fields that a filling may set, and those that nobody fills, in the order of their first box.
    pub fn field_facts(&self) -> impl Iterator<Item = FieldFacts> + '_ {
        self.fields.iter().map(|field| FieldFacts {
            name: field.name.clone(),
            kind: match &field.kind {
                Kind::Text { multiline, .. } => {
                    FieldKind::Text { multiline: *multiline, max_len: field.max_len }
                }
                Kind::Button { exports, .. } => {
                    let slots = &self.slots[field.slots.clone()];
                    let mut states: Vec<String> = slots
                        .iter()
                        .flat_map(Slot::on_states)
                        .map(as_text)
                        .chain(exports.iter().cloned())
                        .collect();
                    states.sort();
                    states.dedup();
                    FieldKind::Button { states }
                }
                Kind::Choice { options, free } => FieldKind::Choice {
                    options: options.iter().map(|(stored, _)| stored.clone()).collect(),
                    free: *free,
                },
                Kind::Other => FieldKind::Other,
            },
        })
    }

    /// Looks for letters that the form's and the bundled fonts lack in these, in their order; of more than eight, the
    /// first eight. Nothing of them is in the packet; a filling gets the letters it uses.
    #[must_use]
    pub fn with_fonts(mut self, fonts: &[Typeface]) -> Self {
        self.fonts.retain(|font| !font.is_extra);
        self.fonts.extend(fonts.iter().take(8).map(|Typeface(font)| PacketFont::extra(Arc::clone(font))));
        self
    }

    /// Whether a filling may set a name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// The names that a filling may set, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// What a page is like.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageFacts {
    /// The section it comes from, the first being 0.
    pub section: usize,
    /// Left, bottom, right and top of what is seen of it, in points, before it is turned.
    pub visible: Rect,
    /// How far it is turned to the right when it is shown, in degrees.
    pub turn: u16,
}

/// What a field is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFacts {
    /// Its full name.
    pub name: String,
    /// What goes there.
    pub kind: FieldKind,
}

/// What goes into a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// A text.
    Text {
        /// Whether lines are broken.
        multiline: bool,
        /// The most letters it takes.
        max_len: Option<usize>,
    },
    /// A check, or one of several states.
    Button {
        /// The states other than off, and what they are called outside, sorted.
        states: Vec<String>,
    },
    /// A line of a list.
    Choice {
        /// The lines.
        options: Vec<String>,
        /// Whether a text of one's own may be given.
        free: bool,
    },
    /// Nothing that a filling sets: a push button, a digital signature.
    Other,
}

/// A page of the packet.
pub(crate) struct Page {
    pub(crate) facts: PageFacts,
    /// The number of what is drawn over it, written by every filling.
    pub(crate) overlay: Id,
    /// What is marked on it, where the packet has a structure.
    pub(crate) marks: Option<Marks>,
    /// The page's box.
    pub(crate) bounds: Rect,
    /// What is drawn whatever the values, and the layer it lies in: appearances of stamps and notes on the blank form.
    pub(crate) always: Vec<(Appearance, Option<Id>)>,
}

/// A field, with all its boxes.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Whether a filling sets it: no field of a blank document is.
    pub(crate) takes: bool,
    pub(crate) max_len: Option<usize>,
    /// Its boxes, as a range of [`Packet::slots`].
    pub(crate) slots: std::ops::Range<usize>,
    /// The field over which it stands: it is drawn when that one says something.
    pub(crate) heads: Option<String>,
    /// What the blank form says and does not draw by itself.
    pub(crate) undrawn: Option<String>,
    /// The object that an interactive field has apart from its boxes: the number and its entries but for `/V`.
    pub(crate) parent: Option<(Id, Vec<u8>)>,
    /// `/V` of the blank form, or nothing.
    pub(crate) blank: Vec<u8>,
}

/// A box of a field.
pub(crate) struct Slot {
    pub(crate) page: usize,
    pub(crate) rect: Rect,
    /// Quarter turns to the left, `/MK /R`.
    pub(crate) turns: u8,
    pub(crate) style: Style,
    pub(crate) quadding: u8,
    /// Operators that draw the box's ground and border.
    pub(crate) ground: Vec<u8>,
    /// The appearance on the blank form.
    pub(crate) normal: Option<Appearance>,
    /// A button's states and what they look like.
    pub(crate) states: Vec<(Vec<u8>, Appearance)>,
    /// A button's state on the blank form.
    pub(crate) state: Vec<u8>,
    /// Whether it is drawn on paper.
    pub(crate) visible: bool,
    /// The layer it lies in, which may be hidden.
    pub(crate) layer: Option<Id>,
    /// An interactive box: its number and its entries but for those that a filling sets.
    pub(crate) widget: Option<(Id, Vec<u8>)>,
    /// The element of a heading, where the packet has a structure: its number, and its entries but for its role.
    pub(crate) element: Option<(Id, Vec<u8>)>,
    /// An interactive box: its number in the tree of parents, where the packet has a structure.
    pub(crate) key: Option<u32>,
    /// A flattened box: the mark of what is written there.
    pub(crate) mark: Option<u32>,
}

impl Slot {
    /// Width and height as the letters see them.
    pub(crate) fn size(&self) -> (f32, f32) {
        let [left, bottom, right, top] = self.rect;
        let (width, height) = (right - left, top - bottom);
        if self.turns % 2 == 1 { (height, width) } else { (width, height) }
    }

    /// The states other than off.
    pub(crate) fn on_states(&self) -> impl Iterator<Item = &[u8]> {
        self.states.iter().map(|(state, _)| state.as_slice()).filter(|state| *state != b"Off")
    }
}

/// A form to be drawn, and the matrix that puts it into its box.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appearance {
    pub(crate) id: Id,
    pub(crate) matrix: [f32; 6],
}

/// What stands for a check mark in a box that has no appearance of its own, within a square of 10.
const CHECK_MARK: &[u8] = b"1.2 w 1 J 1 j 2 5.2 m 4.2 2.6 l 8 7.8 l S";

/// Annotation flags of `/F`: hidden, or not shown.
const INVISIBLE: i64 = 1 << 1 | 1 << 5;

/// Compiles documents into a packet. Two interactive fields of one name in two documents keep their own value: the
/// second is written as `name_2` in the second document, and so on; both are filled from `name`.
///
/// # Errors
/// When a document is not a sound PDF, is encrypted or an XFA form, or exceeds a limit (8 MB, 50,000 objects,
/// 40 pages, 2,000 boxes, 64 levels). The error names the document.
pub fn compile(sections: &[Section<'_>], about: &About<'_>) -> Result<Packet, Error> {
    let sections: Vec<_> = sections.iter().map(|section| (*section, None)).collect();
    compile_tagged(&sections, about)
}

/// The same of documents that may come with what a screen reader is told. Where all do, the packet keeps PDF/UA-1.
pub(crate) fn compile_tagged(
    sections: &[(Section<'_>, Option<&Tags>)],
    about: &About<'_>,
) -> Result<Packet, Error> {
    let mut builder = Builder::new();
    if sections.iter().all(|(_, tags)| tags.is_some()) {
        builder.structure = Some(Structure::new(&mut builder.objects));
    }
    for (index, (section, tags)) in sections.iter().enumerate() {
        builder.section(index, section, *tags).map_err(|error| error.of(section.document))?;
    }
    Ok(builder.finish(about))
}

/// A packet in the making.
struct Builder {
    objects: Objects,
    root: Id,
    tree: Id,
    /// `q` before a page's content, and `Q` and the overlay after it.
    brackets: [Id; 2],
    /// The page objects, in order.
    page_ids: Vec<Id>,
    pages: Vec<Page>,
    fields: Vec<Field>,
    slots: Vec<Slot>,
    layers: Layers,
    /// Names of interactive fields that are taken, as written.
    taken: BTreeSet<String>,
    /// The interactive fields by written name: their number.
    form: Vec<(String, Id)>,
    fonts: fonts::Builder,
    /// What buttons without an appearance look like, by state.
    marks: Option<[Id; 2]>,
    /// The bytes that the interactive fields of this document keep.
    kept: usize,
    /// The bytes that the states of this document's buttons keep.
    states: usize,
    /// What a screen reader is told, where every document says so.
    structure: Option<Structure>,
}

/// What the overlay is called in a page's resources. No document has the name; if one does, its picture is replaced.
const OVERLAY: &[u8] = b"TurnoutOverlay";

impl Builder {
    fn new() -> Self {
        let mut objects = Objects::new();
        let [root, tree, open, close] = [(); 4].map(|()| objects.reserve());
        objects.stream(open, b"", b"q");
        let mut content = b"Q q ".to_vec();
        syntax::name(&mut content, OVERLAY);
        content.extend_from_slice(b" Do Q");
        objects.stream(close, b"", &content);
        Self {
            objects,
            root,
            tree,
            brackets: [open, close],
            page_ids: Vec::new(),
            pages: Vec::new(),
            fields: Vec::new(),
            slots: Vec::new(),
            layers: Layers::default(),
            taken: BTreeSet::new(),
            form: Vec::new(),
            fonts: fonts::Builder::default(),
            marks: None,
            kept: 0,
            states: 0,
            structure: None,
        }
    }

    fn section(&mut self, index: usize, section: &Section<'_>, tags: Option<&Tags>) -> Result<(), Error> {
        let source = Source::read(section.pdf)?;
        let source_pages = source.pages()?;
        let mut copier = Copier::new(&source);
        self.layers.add(&mut self.objects, &mut copier)?;

        let first = self.pages.len();
        let first_field = self.fields.len();
        let mut widgets = Vec::new();
        let mut others = Vec::new();
        for (number, page) in source_pages.iter().enumerate() {
            for annotation in fields::annotations(&source, page.own()) {
                if source.name(annotation, b"Subtype") == Some(b"Widget") {
                    widgets.push((number, annotation));
                } else {
                    others.push((number, annotation));
                }
            }
            let overlay = self.objects.reserve();
            self.page_ids.push(self.objects.reserve());
            let bounds = source.rect(page.holder(b"MediaBox"), b"MediaBox", "a page")?;
            let bounds = bounds.unwrap_or([0.0, 0.0, 612.0, 792.0]);
            let crop = source.rect(page.holder(b"CropBox"), b"CropBox", "a page")?;
            let turn = source.integer(page.holder(b"Rotate"), b"Rotate").unwrap_or(0).rem_euclid(360);
            let facts = PageFacts {
                section: index,
                visible: crop.and_then(|crop| common(crop, bounds)).unwrap_or(bounds),
                turn: u16::try_from(turn).unwrap_or(0),
            };
            let marks = self.structure.as_mut().map(|structure| Marks {
                content: structure.stream(),
                overlay: structure.stream(),
                count: 0,
                stamp: None,
            });
            self.pages.push(Page { facts, overlay, marks, bounds, always: Vec::new() });
        }
        within("field boxes", widgets.len(), MAX_WIDGETS)?;
        within("annotations", widgets.len() + others.len(), MAX_ANNOTATIONS)?;
        (self.kept, self.states) = (0, 0);

        // what each page's /Annots will name
        let mut annotations: Vec<Vec<Id>> = vec![Vec::new(); source_pages.len()];
        for (number, annotation) in others {
            if let Some(link) = self.other(&mut copier, first + number, annotation)? {
                annotations[number].push(link);
            }
        }
        for field in fields::fields(&source, &widgets)? {
            self.field(&mut copier, index, section.mode, first, field, &mut annotations)?;
        }
        for (number, page) in source_pages.iter().enumerate() {
            self.page(&mut copier, page, first + number, &annotations[number])?;
        }
        for field in &mut self.fields[first_field..] {
            if let Some(below) = tags.and_then(|tags| tags.headings.get(&field.name)) {
                field.heads = Some(below.clone());
                field.takes = false;
            }
        }
        self.tell(tags, first, first_field);
        copier.finish(&mut self.objects)
    }

    /// Writes what a screen reader is told of a document.
    fn tell(&mut self, tags: Option<&Tags>, first: usize, first_field: usize) {
        let (Some(structure), Some(tags)) = (&mut self.structure, tags) else { return };
        let mut boxes = Vec::new();
        let mut slots = self.slots.iter_mut().enumerate();
        for field in &self.fields[first_field..] {
            // fields lie in the order of their boxes
            let own = slots.by_ref().skip_while(|(at, _)| *at < field.slots.start).take(field.slots.len());
            boxes.extend(own.map(|(_, slot)| (field.name.as_str(), slot)));
        }
        let places = Places { first, page_ids: &self.page_ids, pages: &mut self.pages, boxes };
        structure.document(&mut self.objects, tags, places);
    }

    /// Writes a page: the boxes it had, its content between `q` and `Q`, and the overlay after it.
    fn page(
        &mut self,
        copier: &mut Copier<'_>,
        page: &SourcePage<'_>,
        number: usize,
        annotations: &[Id],
    ) -> Result<(), Error> {
        let source = copier.source();
        let mut body = b"<</Type/Page/Parent ".to_vec();
        syntax::reference(&mut body, self.tree);
        body.extend_from_slice(b"/MediaBox[");
        syntax::numbers(&mut body, &self.pages[number].bounds);
        body.push(b']');
        for key in [b"CropBox".as_slice(), b"BleedBox", b"TrimBox", b"ArtBox"] {
            if let Some(rect) = source.rect(page.holder(key), key, "a page")? {
                syntax::name(&mut body, key);
                body.push(b'[');
                syntax::numbers(&mut body, &rect);
                body.push(b']');
            }
        }
        let turn = source.integer(page.holder(b"Rotate"), b"Rotate").unwrap_or(0).rem_euclid(360);
        if turn % 90 == 0 && turn != 0 {
            body.extend_from_slice(b"/Rotate ");
            syntax::integer(&mut body, turn.unsigned_abs());
        }
        if let Some(unit) =
            source.number(page.own(), b"UserUnit").filter(|unit| (0.01..=1000.0).contains(unit))
        {
            body.extend_from_slice(b"/UserUnit ");
            syntax::number(&mut body, unit);
        }
        if let Some(marks) = &self.pages[number].marks {
            body.extend_from_slice(b"/Tabs/S/StructParents ");
            syntax::integer(&mut body, marks.content.into());
        }
        if let Ok(group) = page.own().get(b"Group") {
            body.extend_from_slice(b"/Group ");
            copier.value(&mut self.objects, &mut body, group)?;
        }
        body.extend_from_slice(b"/Resources<<");
        let pictures = if let Some(resources) = source.dictionary(page.holder(b"Resources"), b"Resources") {
            copier.entries(&mut self.objects, &mut body, resources, &[b"XObject"])?;
            source.dictionary(resources, b"XObject")
        } else {
            None
        };
        body.extend_from_slice(b"/XObject<<");
        if let Some(pictures) = pictures {
            copier.entries(&mut self.objects, &mut body, pictures, &[OVERLAY])?;
        }
        syntax::name(&mut body, OVERLAY);
        body.push(b' ');
        syntax::reference(&mut body, self.pages[number].overlay);
        body.extend_from_slice(b">>>>/Contents[");
        syntax::reference(&mut body, self.brackets[0]);
        let contents = page.own().get(b"Contents").ok();
        let parts = match contents.map(|object| source.resolve(object)) {
            Some(Object::Array(parts)) => parts.as_slice(),
            Some(Object::Stream(_)) => contents.map(std::slice::from_ref).unwrap_or_default(),
            _ => &[],
        };
        within("streams that make up one page", parts.len(), MAX_PARTS)?;
        for part in parts {
            let Ok(id) = part.as_reference() else { continue };
            if !matches!(source.resolve(part), Object::Stream(_)) {
                continue;
            }
            if let Some(id) = copier.follow(&mut self.objects, id) {
                body.push(b' ');
                syntax::reference(&mut body, id);
            }
        }
        body.push(b' ');
        syntax::reference(&mut body, self.brackets[1]);
        body.push(b']');
        if !annotations.is_empty() {
            body.extend_from_slice(b"/Annots[");
            for id in annotations {
                syntax::reference(&mut body, *id);
                body.push(b' ');
            }
            body.push(b']');
        }
        body.extend_from_slice(b">>");
        self.objects.object(self.page_ids[number], &body);
        Ok(())
    }

    /// An annotation that is no field: a link to the web stays one, a visible mark becomes part of the page.
    fn other(
        &mut self,
        copier: &mut Copier<'_>,
        page: usize,
        annotation: &Dictionary,
    ) -> Result<Option<Id>, Error> {
        let source = copier.source();
        let Some(rect) = source.rect(annotation, b"Rect", "an annotation")? else { return Ok(None) };
        let visible = source.integer(annotation, b"F").unwrap_or(0) & INVISIBLE == 0;
        match source.name(annotation, b"Subtype") {
            Some(b"Link") => {
                let action = source.dictionary(annotation, b"A");
                let target = action
                    .filter(|action| source.name(action, b"S") == Some(b"URI"))
                    .and_then(|action| source.entry(action, b"URI")?.as_str().ok())
                    .filter(|uri| uri.len() <= MAX_STRING)
                    .filter(|uri| {
                        [b"http:".as_slice(), b"https:", b"mailto:"]
                            .iter()
                            .any(|scheme| uri.starts_with(scheme))
                    });
                let Some(target) = target else { return Ok(None) };
                let mut body = b"<</Type/Annot/Subtype/Link/Border[0 0 0]/F 4/Rect[".to_vec();
                syntax::numbers(&mut body, &rect);
                body.extend_from_slice(b"]/A<</S/URI/URI ");
                syntax::string(&mut body, target);
                body.extend_from_slice(b">>>>");
                let id = self.objects.reserve();
                self.objects.object(id, &body);
                Ok(Some(id))
            }
            // a comment's icon or window is no part of the form
            Some(b"Text" | b"Popup" | b"FileAttachment" | b"Movie" | b"Sound" | b"Screen") | None => Ok(None),
            Some(_) => {
                let normal = source.dictionary(annotation, b"AP").and_then(|ap| ap.get(b"N").ok());
                if let Some(normal) = normal.filter(|_| visible)
                    && let Some(appearance) = self.appearance(copier, normal, rect)
                {
                    let layer = copier.layer(&mut self.objects, annotation)?;
                    self.pages[page].always.push((appearance, layer));
                }
                Ok(None)
            }
        }
    }

    /// An appearance stream and its place, ISO 32000-1, 12.5.5.
    fn appearance(&mut self, copier: &mut Copier<'_>, object: &Object, rect: Rect) -> Option<Appearance> {
        let source = copier.source();
        let Object::Stream(stream) = source.resolve(object) else { return None };
        let id = copier.appearance(&mut self.objects, object, rect)?;
        let width_and_height = [0.0, 0.0, rect[2] - rect[0], rect[3] - rect[1]];
        let array = |key: &[u8]| source.entry(&stream.dict, key);
        let bounds =
            array(b"BBox").and_then(|object| source.numbers::<4>(object)).unwrap_or(width_and_height);
        let matrix = array(b"Matrix").and_then(|object| source.numbers::<6>(object));
        let [a, b, c, d, e, f] = matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let corners = [(0, 1), (0, 3), (2, 1), (2, 3)]
            .map(|(x, y)| (bounds[x], bounds[y]))
            .map(|(x, y)| (a * x + c * y + e, b * x + d * y + f));
        let low = corners.iter().fold((f32::MAX, f32::MAX), |low, at| (low.0.min(at.0), low.1.min(at.1)));
        let high = corners.iter().fold((f32::MIN, f32::MIN), |high, at| (high.0.max(at.0), high.1.max(at.1)));
        let scale = |from: f32, to: f32| if from.abs() > 1e-3 { to / from } else { 1.0 };
        let (x, y) = (scale(high.0 - low.0, rect[2] - rect[0]), scale(high.1 - low.1, rect[3] - rect[1]));
        Some(Appearance { id, matrix: [x, 0.0, 0.0, y, rect[0] - low.0 * x, rect[1] - low.1 * y] })
    }

    /// A field and its boxes.
    fn field(
        &mut self,
        copier: &mut Copier<'_>,
        section: usize,
        mode: Mode,
        first: usize,
        field: SourceField<'_>,
        annotations: &mut [Vec<Id>],
    ) -> Result<(), Error> {
        if field.kind == Kind::Other && (mode != Mode::Interactive || field.kind_name == b"Btn") {
            // nothing to fill and, without programs, nothing to press: what it looks like stays on the page
            for widget in &field.widgets {
                let normal =
                    copier.source().dictionary(widget.entries, b"AP").and_then(|ap| ap.get(b"N").ok());
                if let Some(normal) = normal.filter(|_| widget.flags & INVISIBLE == 0)
                    && let Some(appearance) = self.appearance(copier, normal, widget.rect)
                {
                    let layer = copier.layer(&mut self.objects, widget.entries)?;
                    self.pages[first + widget.page].always.push((appearance, layer));
                }
            }
            return Ok(());
        }
        let start = self.slots.len();
        for widget in &field.widgets {
            let mut slot = self.slot(copier, first, &field, widget)?;
            if !matches!(field.kind, Kind::Button { .. }) {
                slot.style.font = self.fonts.chosen(&mut self.objects, copier, section, &widget.font);
            }
            self.slots.push(slot);
        }
        let slots = start..self.slots.len();
        let text = match &field.value {
            Some(Object::String(bytes, _)) => Some(as_text(bytes)),
            _ => None,
        };
        let drawn = self.slots[slots.clone()].iter().all(|slot| slot.normal.is_some());
        let mut blank = Vec::new();
        if let Some(value) = &field.value {
            blank.extend_from_slice(b"/V ");
            copier.value(&mut self.objects, &mut blank, value)?;
        }
        let parent = match mode {
            Mode::Flatten | Mode::Blank => None,
            Mode::Interactive => {
                self.interactive(copier, section, first, &field, slots.clone(), annotations)?
            }
        };
        let undrawn = text.filter(|_| !drawn && !matches!(field.kind, Kind::Button { .. } | Kind::Other));
        let SourceField { name, kind, max_len, .. } = field;
        let takes = mode != Mode::Blank && kind != Kind::Other;
        self.fields.push(Field { name, kind, takes, max_len, slots, heads: None, undrawn, parent, blank });
        Ok(())
    }

    fn slot(
        &mut self,
        copier: &mut Copier<'_>,
        first: usize,
        field: &SourceField<'_>,
        widget: &SourceWidget<'_>,
    ) -> Result<Slot, Error> {
        let source = copier.source();
        let normal = source.dictionary(widget.entries, b"AP").and_then(|ap| ap.get(b"N").ok());
        let mut states = Vec::new();
        let mut state = b"Off".to_vec();
        let mut drawn = None;
        if matches!(field.kind, Kind::Button { .. }) {
            if let Some(Object::Dictionary(looks)) = normal.map(|object| source.resolve(object)) {
                self.states +=
                    looks.iter().map(|(name, _)| name.len() + size_of::<Appearance>()).sum::<usize>();
                within("bytes of button states", self.states, MAX_FIELD_BYTES)?;
                for (name, look) in looks.iter() {
                    if let Some(appearance) = self.appearance(copier, look, widget.rect) {
                        states.push((name.clone(), appearance));
                    }
                }
            }
            if states.is_empty() {
                states = self.marks(widget.rect);
            }
            let value = field.value.as_ref().and_then(|value| value.as_name().ok());
            let shown = source.name(widget.entries, b"AS").or(value);
            if let Some(shown) = shown.filter(|shown| states.iter().any(|(name, _)| name == shown)) {
                state = shown.to_vec();
            }
        } else if let Some(normal) = normal {
            drawn = self.appearance(copier, normal, widget.rect);
        }
        let turns = source
            .dictionary(widget.entries, b"MK")
            .and_then(|mk| source.integer(mk, b"R"))
            .map_or(0, |degrees| (degrees.rem_euclid(360) / 90) as u8);
        let mut slot = Slot {
            page: first + widget.page,
            rect: widget.rect,
            turns,
            style: widget.style.clone(),
            quadding: widget.quadding,
            ground: Vec::new(),
            normal: drawn,
            states,
            state,
            visible: widget.flags & INVISIBLE == 0,
            layer: copier.layer(&mut self.objects, widget.entries)?,
            widget: None,
            element: None,
            key: None,
            mark: None,
        };
        slot.ground = ground(source, widget.entries, slot.size());
        Ok(slot)
    }

    /// The states of a button that has no appearance.
    fn marks(&mut self, [left, bottom, right, top]: Rect) -> Vec<(Vec<u8>, Appearance)> {
        let objects = &mut self.objects;
        let [on, off] = *self.marks.get_or_insert_with(|| {
            let ids = [(); 2].map(|()| objects.reserve());
            let entries = b"/Type/XObject/Subtype/Form/BBox[0 0 10 10]/Resources<<>>";
            objects.stream(ids[0], entries, CHECK_MARK);
            objects.stream(ids[1], entries, b"");
            ids
        });
        let (width, height) = (right - left, top - bottom);
        let side = width.min(height) / 10.0;
        let matrix =
            [side, 0.0, 0.0, side, left + (width - side * 10.0) / 2.0, bottom + (height - side * 10.0) / 2.0];
        vec![
            (b"On".to_vec(), Appearance { id: on, matrix }),
            (b"Off".to_vec(), Appearance { id: off, matrix }),
        ]
    }

    /// The objects of an interactive field: one for a single box, else a parent with its boxes. Returns the parent.
    fn interactive(
        &mut self,
        copier: &mut Copier<'_>,
        section: usize,
        first: usize,
        field: &SourceField<'_>,
        slots: std::ops::Range<usize>,
        annotations: &mut [Vec<Id>],
    ) -> Result<Option<(Id, Vec<u8>)>, Error> {
        let written = self.free_name(&field.name, section);
        let id = self.objects.reserve();
        self.form.push((written, id));

        // what belongs to the field rather than to a box
        let mut common = b"/FT".to_vec();
        syntax::name(&mut common, field.kind_name);
        if field.flags != 0 {
            common.extend_from_slice(b"/Ff ");
            syntax::integer(&mut common, u64::from(field.flags as u32));
        }
        if let Some(length) = field.max_len {
            common.extend_from_slice(b"/MaxLen ");
            syntax::integer(&mut common, length as u64);
        }
        if let Some(tooltip) = &field.tooltip {
            common.extend_from_slice(b"/TU ");
            syntax::string(&mut common, tooltip);
        }
        if let Some(options) = field.options {
            common.extend_from_slice(b"/Opt ");
            copier.value(&mut self.objects, &mut common, options)?;
        }
        self.kept += common.len();
        within("bytes of field boxes", self.kept, MAX_FIELD_BYTES)?;
        let alone = field.widgets.len() == 1;
        let mut kids = Vec::new();
        for (widget, index) in field.widgets.iter().zip(slots) {
            let id = if alone { id } else { self.objects.reserve() };
            kids.push(id);
            annotations[widget.page].push(id);
            let mut body = self.widget(copier, first, widget, index)?;
            if let Some(structure) = &mut self.structure {
                let key = structure.box_();
                self.slots[index].key = Some(key);
                body.extend_from_slice(b"/StructParent ");
                syntax::integer(&mut body, key.into());
            }
            if alone {
                body.extend_from_slice(&common);
            } else {
                body.extend_from_slice(b"/Parent ");
                syntax::reference(&mut body, id_of(&self.form));
            }
            self.kept += body.len();
            within("bytes of field boxes", self.kept, MAX_FIELD_BYTES)?;
            self.slots[index].widget = Some((id, body));
        }
        if alone {
            return Ok(None);
        }
        common.extend_from_slice(b"/Kids[");
        for kid in kids {
            syntax::reference(&mut common, kid);
            common.push(b' ');
        }
        common.push(b']');
        Ok(Some((id, common)))
    }

    /// The entries of a box but for those that a filling sets.
    fn widget(
        &mut self,
        copier: &mut Copier<'_>,
        first: usize,
        widget: &SourceWidget<'_>,
        index: usize,
    ) -> Result<Vec<u8>, Error> {
        let source = copier.source();
        let slot = &self.slots[index];
        let mut body = b"/Type/Annot/Subtype/Widget/Rect[".to_vec();
        syntax::numbers(&mut body, &widget.rect);
        body.extend_from_slice(b"]/P ");
        syntax::reference(&mut body, self.page_ids[first + widget.page]);
        body.extend_from_slice(b"/F ");
        syntax::integer(&mut body, u64::from(widget.flags as u32));
        if slot.states.is_empty() {
            body.extend_from_slice(b"/DA(");
            syntax::name(&mut body, self.fonts.asked(slot.style.font).as_bytes());
            body.push(b' ');
            syntax::number(&mut body, slot.style.size);
            body.extend_from_slice(b" Tf ");
            body.extend_from_slice(&slot.style.color);
            body.extend_from_slice(b")/Q ");
            syntax::integer(&mut body, slot.quadding.into());
        } else {
            body.extend_from_slice(b"/DA(/ZaDb 0 Tf 0 g)/AP<</N<<");
            for (state, appearance) in &slot.states {
                syntax::name(&mut body, state);
                body.push(b' ');
                syntax::reference(&mut body, appearance.id);
            }
            body.extend_from_slice(b">>>>");
        }
        if let Some(layer) = slot.layer {
            body.extend_from_slice(b"/OC ");
            syntax::reference(&mut body, layer);
        }
        if let Some(mk) = source.dictionary(widget.entries, b"MK") {
            body.extend_from_slice(b"/MK<<");
            copier.entries(&mut self.objects, &mut body, mk, &[b"I", b"RI", b"IX", b"IF"])?;
            body.extend_from_slice(b">>");
        }
        for key in [b"BS".as_slice(), b"Border", b"H"] {
            if let Some(value) = source.entry(widget.entries, key) {
                syntax::name(&mut body, key);
                body.push(b' ');
                copier.value(&mut self.objects, &mut body, value)?;
            }
        }
        Ok(body)
    }

    /// The name under which an interactive field is written: its own, or with the document's number behind it.
    fn free_name(&mut self, name: &str, section: usize) -> String {
        let mut written = name.to_owned();
        let mut number = section + 1;
        while !self.taken.insert(written.clone()) {
            written = format!("{name}_{number}");
            number += 1;
        }
        written
    }

    /// Writes the interactive fields' names and the nodes between them. Returns the root fields.
    fn field_tree(&mut self) -> Vec<Id> {
        let mut nodes: BTreeMap<String, (Id, Vec<Id>)> = BTreeMap::new();
        let mut roots = Vec::new();
        let mut heads: Vec<(Id, Vec<u8>)> = Vec::new();
        let names: HashSet<&str> = self.form.iter().map(|(name, _)| name.as_str()).collect();
        for (name, id) in &self.form {
            let mut head = b"/T ".to_vec();
            let splits: Vec<usize> = name.match_indices('.').map(|(at, _)| at).collect();
            // a name that is also the beginning of another cannot be a node: it is written in one piece
            if splits.iter().any(|at| names.contains(&name[..*at])) || splits.is_empty() {
                syntax::text(&mut head, &name.replace('.', "_"));
                roots.push(*id);
                heads.push((*id, head));
                continue;
            }
            let mut above: Option<&str> = None;
            for at in &splits {
                let path = &name[..*at];
                if !nodes.contains_key(path) {
                    let node = self.objects.reserve();
                    nodes.insert(path.to_owned(), (node, Vec::new()));
                    match above.and_then(|above| nodes.get_mut(above)) {
                        Some((_, kids)) => kids.push(node),
                        None => roots.push(node),
                    }
                }
                above = Some(path);
            }
            if let Some((node, kids)) = above.and_then(|above| nodes.get_mut(above)) {
                kids.push(*id);
                syntax::text(&mut head, name.rsplit('.').next().unwrap_or(name));
                head.extend_from_slice(b"/Parent ");
                syntax::reference(&mut head, *node);
            }
            heads.push((*id, head));
        }
        for (path, (id, kids)) in &nodes {
            let mut body = b"<</T ".to_vec();
            syntax::text(&mut body, path.rsplit('.').next().unwrap_or(path));
            if let Some((parent, _)) = path.rfind('.').and_then(|at| nodes.get(&path[..at])) {
                body.extend_from_slice(b"/Parent ");
                syntax::reference(&mut body, *parent);
            }
            body.extend_from_slice(b"/Kids[");
            for kid in kids {
                syntax::reference(&mut body, *kid);
                body.push(b' ');
            }
            body.extend_from_slice(b"]>>");
            self.objects.object(*id, &body);
        }
        let mut heads: BTreeMap<Id, Vec<u8>> = heads.into_iter().collect();
        let parents = self.fields.iter_mut().filter_map(|field| field.parent.as_mut());
        let widgets = self.slots.iter_mut().filter_map(|slot| slot.widget.as_mut());
        for (id, body) in parents.chain(widgets) {
            if let Some(head) = heads.remove(id) {
                body.extend_from_slice(&head);
            }
        }
        roots
    }

    /// Writes what belongs to the packet as a whole.
    fn finish(mut self, about: &About<'_>) -> Packet {
        let roots = self.field_tree();
        let objects = &mut self.objects;
        let resources = self.fonts.resources(objects, !roots.is_empty());
        let fonts = self.fonts.finish(objects);
        let info = objects.reserve();
        let mut body = b"<</Producer(Turnout)/Title ".to_vec();
        syntax::text(&mut body, about.title);
        body.extend_from_slice(b">>");
        objects.object(info, &body);

        let mut body = b"<</Type/Pages/Count ".to_vec();
        syntax::integer(&mut body, self.page_ids.len() as u64);
        body.extend_from_slice(b"/Kids[");
        for id in &self.page_ids {
            syntax::reference(&mut body, *id);
            body.push(b' ');
        }
        body.extend_from_slice(b"]>>");
        objects.object(self.tree, &body);

        let mut body = b"<</Type/Catalog/Pages ".to_vec();
        syntax::reference(&mut body, self.tree);
        body.extend_from_slice(b"/Lang ");
        syntax::text(&mut body, about.language);
        body.extend_from_slice(b"/ViewerPreferences<</DisplayDocTitle true>>");
        if let Some(structure) = self.structure.take() {
            let tree = structure.finish(objects);
            let metadata = objects.reserve();
            let text = structure::metadata(about.title, about.language);
            objects.stream(metadata, b"/Type/Metadata/Subtype/XML", text.as_bytes());
            body.extend_from_slice(b"/MarkInfo<</Marked true>>/StructTreeRoot ");
            syntax::reference(&mut body, tree);
            body.extend_from_slice(b"/Metadata ");
            syntax::reference(&mut body, metadata);
        }
        body.extend_from_slice(&self.layers.entry());
        if !roots.is_empty() {
            body.extend_from_slice(b"/AcroForm<</DA(/Helv 0 Tf 0 g)/DR<</Font<<");
            body.extend_from_slice(&resources);
            body.extend_from_slice(b">>>>/Fields[");
            for id in roots {
                syntax::reference(&mut body, id);
                body.push(b' ');
            }
            body.extend_from_slice(b"]>>");
        }
        body.extend_from_slice(b">>");
        objects.object(self.root, &body);

        let digest = Sha256::digest(&objects.bytes);
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&digest[..16]);
        let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, field) in self.fields.iter().enumerate().filter(|(_, field)| field.takes) {
            names.entry(field.name.clone()).or_default().push(index);
        }
        self.objects.bytes.shrink_to_fit();
        Packet {
            objects: self.objects,
            root: self.root,
            info,
            fingerprint,
            pages: self.pages,
            fields: self.fields,
            slots: self.slots,
            names,
            fonts,
        }
    }
}

/// What two rectangles have in common.
fn common(a: Rect, b: Rect) -> Option<Rect> {
    let both = [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])];
    (both[0] < both[2] && both[1] < both[3]).then_some(both)
}

/// The number of the field that was begun last.
fn id_of(form: &[(String, Id)]) -> Id {
    form.last().expect("the field was just put there").1
}

/// Operators for a box's ground and border, `/MK /BG` and `/BC`.
fn ground(source: &Source, widget: &Dictionary, (width, height): (f32, f32)) -> Vec<u8> {
    let mut out = Vec::new();
    let Some(mk) = source.dictionary(widget, b"MK") else { return out };
    let color = |key: &[u8], operators: [&[u8]; 3]| -> Option<Vec<u8>> {
        let object = source.entry(mk, key)?;
        let mut out = Vec::new();
        let operator = match object.as_array().ok()?.len() {
            1 => (syntax::numbers(&mut out, &source.numbers::<1>(object)?), operators[0]).1,
            3 => (syntax::numbers(&mut out, &source.numbers::<3>(object)?), operators[1]).1,
            4 => (syntax::numbers(&mut out, &source.numbers::<4>(object)?), operators[2]).1,
            _ => return None,
        };
        out.extend_from_slice(operator);
        out.push(b' ');
        Some(out)
    };
    if let Some(fill) = color(b"BG", [b"g", b"rg", b"k"]) {
        out.extend_from_slice(&fill);
        out.extend_from_slice(b"0 0 ");
        syntax::numbers(&mut out, &[width, height]);
        out.extend_from_slice(b"re f ");
    }
    let style = source.dictionary(widget, b"BS");
    let line = style.and_then(|style| source.number(style, b"W")).unwrap_or(1.0).clamp(0.0, 12.0);
    if let Some(stroke) = color(b"BC", [b"G", b"RG", b"K"]).filter(|_| line > 0.0) {
        out.extend_from_slice(&stroke);
        syntax::number(&mut out, line);
        out.extend_from_slice(b" w ");
        match style.and_then(|style| source.name(style, b"S")) {
            Some(b"U") => {
                syntax::numbers(&mut out, &[0.0, line / 2.0]);
                out.extend_from_slice(b"m ");
                syntax::numbers(&mut out, &[width, line / 2.0]);
                out.extend_from_slice(b"l S ");
            }
            dash => {
                if dash == Some(b"D") {
                    out.extend_from_slice(b"[3] 0 d ");
                }
                syntax::numbers(&mut out, &[line / 2.0, line / 2.0, width - line, height - line]);
                out.extend_from_slice(b"re S ");
            }
        }
    }
    out
}
