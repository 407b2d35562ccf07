//! A packet in the making: one document after the other, then what belongs to the packet as a whole.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::{
    About, Mode, Packet, Section, fields, fonts,
    merge::{Copier, Layers},
    packet::{Field, Page, Slot},
    read::{MAX_ANNOTATIONS, MAX_WIDGETS, Source, within},
    structure::{self, Places, Structure},
};
use crate::{
    Error,
    document::tags::Tags,
    syntax::{self, Id, Objects},
};

/// A packet in the making.
pub(super) struct Builder {
    pub(super) objects: Objects,
    pub(super) root: Id,
    pub(super) tree: Id,
    /// `q` before a page's content, and `Q` and the overlay after it.
    pub(super) brackets: [Id; 2],
    /// The page objects, in order.
    pub(super) page_ids: Vec<Id>,
    pub(super) pages: Vec<Page>,
    pub(super) fields: Vec<Field>,
    pub(super) slots: Vec<Slot>,
    pub(super) layers: Layers,
    /// Names of interactive fields that are taken, as written.
    pub(super) taken: BTreeSet<String>,
    /// The interactive fields by written name: their number.
    pub(super) form: Vec<(String, Id)>,
    pub(super) fonts: fonts::Builder,
    /// What buttons without an appearance look like, by state.
    pub(super) marks: Option<[Id; 2]>,
    /// The bytes that the interactive fields of this document keep.
    pub(super) kept: usize,
    /// The bytes that the states of this document's buttons keep.
    pub(super) states: usize,
    /// What a screen reader is told, where every document says so.
    pub(super) structure: Option<Structure>,
}

/// What the overlay is called in a page's resources. No document has the name; if one does, its picture is replaced.
pub(super) const OVERLAY: &[u8] = b"TurnoutOverlay";

impl Builder {
    pub(super) fn new() -> Self {
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

    /// Adds a document behind those that there are.
    pub(super) fn section(
        &mut self,
        index: usize,
        section: &Section<'_>,
        tags: Option<&Tags>,
    ) -> Result<(), Error> {
        let source = Source::read(section.pdf)?;
        let outcome = self.document(&source, index, section.mode, tags);
        // what could not be read seemed to be missing
        source.finish().and(outcome)
    }

    fn document(
        &mut self,
        source: &Source,
        section: usize,
        mode: Mode,
        tags: Option<&Tags>,
    ) -> Result<(), Error> {
        let pages = source.pages()?;
        let mut copier = Copier::new(source);
        self.layers.add(&mut self.objects, &mut copier)?;

        let (first, first_field) = (self.pages.len(), self.fields.len());
        let (mut widgets, mut others) = (Vec::new(), Vec::new());
        for (number, page) in pages.iter().enumerate() {
            for annotation in fields::annotations(source, page.own()) {
                let is_widget = source.name(annotation, b"Subtype") == Some(b"Widget");
                if is_widget { &mut widgets } else { &mut others }.push((number, annotation));
            }
            self.begin_page(source, page, section)?;
        }
        within("field boxes", widgets.len(), MAX_WIDGETS)?;
        within("annotations", widgets.len() + others.len(), MAX_ANNOTATIONS)?;
        (self.kept, self.states) = (0, 0);

        // what each page's /Annots will name
        let mut annotations: Vec<Vec<Id>> = vec![Vec::new(); pages.len()];
        for (number, annotation) in others {
            if let Some(link) = self.other(&mut copier, first + number, annotation)? {
                annotations[number].push(link);
            }
        }
        for field in fields::fields(source, &widgets)? {
            self.field(&mut copier, section, mode, first, field, &mut annotations)?;
        }
        for (number, page) in pages.iter().enumerate() {
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

    /// Writes what belongs to the packet as a whole.
    pub(super) fn finish(mut self, about: &About<'_>) -> Packet {
        let roots = self.field_tree();
        let resources = self.fonts.resources(&mut self.objects, !roots.is_empty());
        let fonts = std::mem::take(&mut self.fonts).finish(&mut self.objects);
        let info = self.information(about);
        self.page_tree();
        self.catalog(about, &roots, &resources);

        let digest = Sha256::digest(&self.objects.bytes);
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

    /// Writes who made the file, and its title.
    fn information(&mut self, about: &About<'_>) -> Id {
        let mut body = b"<</Producer(Turnout)/Title ".to_vec();
        syntax::text(&mut body, about.title);
        body.extend_from_slice(b">>");
        let id = self.objects.reserve();
        self.objects.object(id, &body);
        id
    }

    fn page_tree(&mut self) {
        let mut body = b"<</Type/Pages/Count ".to_vec();
        syntax::integer(&mut body, self.page_ids.len() as u64);
        body.extend_from_slice(b"/Kids[");
        for id in &self.page_ids {
            syntax::reference(&mut body, *id);
            body.push(b' ');
        }
        body.extend_from_slice(b"]>>");
        self.objects.object(self.tree, &body);
    }

    /// Writes the catalog, with the form of the interactive fields and the structure where there is one.
    fn catalog(&mut self, about: &About<'_>, roots: &[Id], resources: &[u8]) {
        let objects = &mut self.objects;
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
            body.extend_from_slice(resources);
            body.extend_from_slice(b">>>>/Fields[");
            for id in roots {
                syntax::reference(&mut body, *id);
                body.push(b' ');
            }
            body.extend_from_slice(b"]>>");
        }
        body.extend_from_slice(b">>");
        objects.object(self.root, &body);
    }
}
