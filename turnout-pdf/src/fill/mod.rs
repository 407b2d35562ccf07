//! From a packet and a voter's values to a file, as often as there are voters.
//!
//! Copies the packet's bytes and appends what the values change: what is drawn over each page, the boxes of
//! interactive fields, letters that the packet's own fonts lack, and a fresh cross-reference table. Parses nothing.

mod choice;
mod fonts;
mod shaping;
mod text;

use turnout_core::ports::forms::{FieldValue, FillReport, FilledForm, FormFields, Stamp};
use zeroize::Zeroizing;

use self::{fonts::Fonts, text::Writing};
use crate::{
    Error,
    compile::{Appearance, Field, Kind, Marks, Packet, Rect, Slot, write_element},
    document::tags::Role,
    syntax::{self, Id, Objects},
};

/// Room that most fillings need beyond the packet, in bytes.
const ROOM: usize = 64 << 10;

impl Packet {
    /// Fills the packet: the same values give the same bytes. Every document gets every value; what did not go onto
    /// the paper as given is in the report, by the names of the fields.
    ///
    /// A field without a value keeps what the blank form shows.
    ///
    /// # Errors
    /// When a picture cannot be used or its page does not exist, or a font that was added to the packet is damaged.
    /// Values never fail.
    pub fn fill(&self, values: &FormFields, stamps: &[Stamp]) -> Result<FilledForm, Error> {
        let mut filling = Filling {
            packet: self,
            objects: self.objects.copy_with_room(ROOM),
            fonts: Fonts::new(&self.fonts),
            overlays: self.pages.iter().map(|page| Overlay::new(page.marks)).collect(),
            scratch: Zeroizing::new(Vec::with_capacity(1024)),
            report: FillReport::default(),
        };
        for (page, overlay) in self.pages.iter().zip(&mut filling.overlays) {
            for (appearance, layer) in &page.always {
                overlay.enter(*layer);
                overlay.draw(None, "", *appearance);
                overlay.leave(*layer);
            }
        }
        for (name, _) in values.iter().filter(|(name, _)| !self.names.contains_key(*name)) {
            filling.report.unknown.push(name.to_owned());
        }
        for field in &self.fields {
            match &field.heads {
                Some(below) => {
                    filling.heading(field, values.text(below).is_some_and(|text| !text.trim().is_empty()))
                }
                None => filling.field(field, values.get(&field.name).filter(|_| field.takes)),
            }
        }
        for stamp in stamps {
            filling.stamp(stamp)?;
        }
        filling.finish()
    }
}

/// What is drawn over one page.
#[derive(Default)]
struct Overlay {
    content: Zeroizing<Vec<u8>>,
    /// A bit for each of the fonts used.
    fonts: u64,
    /// Forms and pictures used.
    pictures: Vec<Id>,
    /// Layers used.
    layers: Vec<Id>,
    /// What is marked, where the packet has a structure.
    marks: Option<Marks>,
    /// The marks that were drawn.
    drawn: Vec<u32>,
}

impl Overlay {
    fn new(marks: Option<Marks>) -> Self {
        Self { marks, ..Self::default() }
    }

    /// Begins what a mark stands for, with words for what is no text; or what no screen reader needs to know of.
    fn begin(&mut self, mark: Option<u32>, words: &str) {
        match mark {
            _ if self.marks.is_none() => {}
            Some(mark) => {
                self.content.extend_from_slice(b"/P<</MCID ");
                syntax::integer(&mut self.content, mark.into());
                if !words.is_empty() {
                    self.content.extend_from_slice(b"/ActualText");
                    syntax::text(&mut self.content, words);
                }
                self.content.extend_from_slice(b">>BDC ");
                self.drawn.push(mark);
            }
            None => self.content.extend_from_slice(b"/Artifact BMC "),
        }
    }

    /// Ends what was begun.
    fn end(&mut self) {
        if self.marks.is_some() {
            self.content.extend_from_slice(b"EMC\n");
        }
    }

    /// Begins what lies in a layer.
    fn enter(&mut self, layer: Option<Id>) {
        let Some(id) = layer else { return };
        self.content.extend_from_slice(b"/OC/L");
        syntax::integer(&mut self.content, id.into());
        self.content.extend_from_slice(b" BDC ");
        if !self.layers.contains(&id) {
            self.layers.push(id);
        }
    }

    /// Ends what lies in a layer.
    fn leave(&mut self, layer: Option<Id>) {
        if layer.is_some() {
            self.content.extend_from_slice(b"EMC\n");
        }
    }

    /// Draws a form or a picture, under a mark or as decoration.
    fn draw(&mut self, mark: Option<u32>, words: &str, Appearance { id, matrix }: Appearance) {
        self.begin(mark, words);
        self.content.extend_from_slice(b"q ");
        syntax::numbers(&mut self.content, &matrix);
        self.content.extend_from_slice(b"cm /X");
        syntax::integer(&mut self.content, id.into());
        self.content.extend_from_slice(b" Do Q\n");
        self.end();
        if !self.pictures.contains(&id) {
            self.pictures.push(id);
        }
    }

    /// Draws nothing for each mark of which nothing was drawn: an element without its mark would be a broken one.
    fn finish(&mut self) {
        let count = self.marks.map_or(0, |marks| marks.count);
        for mark in (0..count).filter(|mark| !self.drawn.contains(mark)).collect::<Vec<_>>() {
            self.begin(Some(mark), "");
            self.end();
        }
    }
}

/// What a field is to show.
enum Shown {
    /// What the blank form shows.
    Blank,
    /// A text: as it is stored, and as it is drawn.
    Text { stored: Option<Zeroizing<String>>, drawn: Zeroizing<String> },
    /// A state of its buttons.
    State(Vec<u8>),
}

/// One filling in the making.
struct Filling<'p> {
    packet: &'p Packet,
    objects: Objects,
    fonts: Fonts<'p>,
    overlays: Vec<Overlay>,
    scratch: Zeroizing<Vec<u8>>,
    report: FillReport,
}

impl<'p> Filling<'p> {
    fn field(&mut self, field: &'p Field, value: Option<&FieldValue>) {
        let packet = self.packet;
        let slots = &packet.slots[field.slots.clone()];
        let shown = self.shown(field, slots, value);
        let mut stored = Vec::new();
        match &shown {
            Shown::Blank => stored.extend_from_slice(&field.blank),
            Shown::State(state) => {
                stored.extend_from_slice(b"/V");
                syntax::name(&mut stored, state);
            }
            Shown::Text { stored: value, drawn } => {
                stored.extend_from_slice(b"/V ");
                syntax::text(&mut stored, value.as_ref().unwrap_or(drawn));
            }
        }
        let stored = Zeroizing::new(stored);
        if let Some((id, entries)) = &field.parent {
            self.objects.begin(*id);
            self.objects.put(b"<<");
            self.objects.put(entries);
            self.objects.put(&stored);
            self.objects.put(b">>");
            self.objects.end();
        }
        for slot in slots {
            self.overlays[slot.page].enter(slot.layer.filter(|_| slot.widget.is_none()));
            let own: &[u8] = if field.parent.is_some() { b"" } else { &stored };
            match (&slot.widget, &shown) {
                (None, _) if !slot.visible => {}
                (None, Shown::Text { drawn, .. }) => self.flat_text(field, slot, drawn),
                (None, Shown::State(state)) => self.flat_state(slot, state),
                (None, Shown::Blank) if slot.states.is_empty() => {
                    if let Some(appearance) = slot.normal {
                        self.overlays[slot.page].draw(slot.mark, "", appearance);
                    }
                }
                (None, Shown::Blank) => self.flat_state(slot, &slot.state),
                (Some(widget), Shown::Text { drawn, .. }) => self.live_text(field, slot, widget, drawn, own),
                (Some(widget), Shown::State(state)) => self.live(widget, own, slot, Some(state), None),
                (Some(widget), Shown::Blank) => {
                    let state = (!slot.states.is_empty()).then_some(slot.state.as_slice());
                    self.live(widget, own, slot, state, slot.normal.map(|normal| normal.id));
                }
            }
            self.overlays[slot.page].leave(slot.layer.filter(|_| slot.widget.is_none()));
        }
    }

    /// A heading: drawn, or not there at all.
    fn heading(&mut self, field: &'p Field, is_drawn: bool) {
        let packet = self.packet;
        if is_drawn {
            self.field(field, None);
        }
        for (id, entries) in packet.slots[field.slots.clone()].iter().filter_map(|slot| slot.element.as_ref())
        {
            let role = if is_drawn { Role::Heading2 } else { Role::Nothing };
            write_element(&mut self.objects, *id, role, entries);
        }
    }

    /// What a field shows for a value; complains in the report where they do not go together.
    fn shown(&mut self, field: &Field, slots: &[Slot], value: Option<&FieldValue>) -> Shown {
        let Some(value) = value else {
            return match &field.undrawn {
                Some(text) => Shown::Text { stored: None, drawn: text::plain(text, &field.kind) },
                None => Shown::Blank,
            };
        };
        let bad_state = |report: &mut FillReport| {
            note(&mut report.bad_state, field);
            Shown::Blank
        };
        match (&field.kind, value) {
            (Kind::Other, _) => Shown::Blank,
            (Kind::Button { exports, .. }, value) => match choice::state(slots, exports, value) {
                Some(state) => Shown::State(state),
                None => bad_state(&mut self.report),
            },
            // a box to write in says nothing about a checked box
            (_, FieldValue::On) => bad_state(&mut self.report),
            (Kind::Choice { options, free }, FieldValue::Text(text)) => {
                match choice::option(options, *free, text) {
                    Some((stored, drawn)) => Shown::Text {
                        stored: Some(Zeroizing::new(stored.to_owned())),
                        drawn: text::plain(drawn, &field.kind),
                    },
                    None => bad_state(&mut self.report),
                }
            }
            (Kind::Text { .. }, FieldValue::Text(text)) => {
                let mut drawn = text::plain(text, &field.kind);
                if let Some(limit) = field.max_len
                    && let Some((end, _)) = drawn.char_indices().nth(limit)
                {
                    drawn.truncate(end);
                    note(&mut self.report.truncated, field);
                }
                Shown::Text { stored: None, drawn }
            }
        }
    }

    /// Writes a text into the scratch, as the letters of its box see it. Returns the fonts used.
    fn letters(&mut self, field: &Field, slot: &'p Slot, text: &str) -> u64 {
        self.scratch.clear();
        self.scratch.extend_from_slice(&slot.ground);
        let writing = Writing::new(&mut self.objects, &mut self.fonts, field, slot, text);
        let fonts = writing.draw(&mut self.scratch);
        for (found, list) in [
            (writing.shrunk, &mut self.report.shrunk),
            (writing.overflow, &mut self.report.overflow),
            (writing.missing, &mut self.report.missing_glyph),
        ] {
            if found {
                note(list, field);
            }
        }
        fonts
    }

    fn flat_text(&mut self, field: &Field, slot: &'p Slot, text: &str) {
        let fonts = self.letters(field, slot, text);
        if self.scratch.is_empty() {
            return;
        }
        let overlay = &mut self.overlays[slot.page];
        overlay.fonts |= fonts;
        overlay.begin(slot.mark, "");
        overlay.content.extend_from_slice(b"q ");
        syntax::numbers(&mut overlay.content, &placed(slot));
        overlay.content.extend_from_slice(b"cm ");
        overlay.content.extend_from_slice(&self.scratch);
        overlay.content.extend_from_slice(b"Q\n");
        overlay.end();
    }

    fn flat_state(&mut self, slot: &Slot, state: &[u8]) {
        if let Some(appearance) = look(slot, state) {
            let words = if state == b"Off" { "not checked" } else { "checked" };
            self.overlays[slot.page].draw(slot.mark, words, appearance);
        }
    }

    fn live_text(&mut self, field: &Field, slot: &'p Slot, widget: &(Id, Vec<u8>), text: &str, own: &[u8]) {
        let fonts = self.letters(field, slot, text);
        let (width, height) = slot.size();
        let mut entries = b"/Type/XObject/Subtype/Form/BBox[0 0 ".to_vec();
        syntax::numbers(&mut entries, &[width, height]);
        entries.push(b']');
        if slot.turns > 0 {
            entries.extend_from_slice(b"/Matrix[");
            syntax::numbers(&mut entries, &turned(slot.turns));
            entries.push(b']');
        }
        entries.extend_from_slice(b"/Resources<<");
        self.fonts.resources(&mut entries, fonts);
        entries.extend_from_slice(b">>");
        let mut content = Zeroizing::new(Vec::with_capacity(self.scratch.len() + 16));
        content.extend_from_slice(b"/Tx BMC q ");
        content.extend_from_slice(&self.scratch);
        content.extend_from_slice(b"Q EMC");
        let id = self.objects.reserve();
        self.objects.stream(id, &entries, &content);
        self.live(widget, own, slot, None, Some(id));
    }

    /// Writes an interactive box.
    fn live(
        &mut self,
        (id, entries): &(Id, Vec<u8>),
        own: &[u8],
        slot: &Slot,
        state: Option<&[u8]>,
        normal: Option<Id>,
    ) {
        let objects = &mut self.objects;
        objects.begin(*id);
        objects.put(b"<<");
        objects.put(entries);
        objects.put(own);
        if let Some(state) = state {
            let state = if slot.states.iter().any(|(name, _)| name == state) { state } else { b"Off" };
            objects.put(b"/AS");
            syntax::name(&mut objects.bytes, state);
        }
        if let Some(normal) = normal {
            objects.put(b"/AP<</N ");
            syntax::reference(&mut objects.bytes, normal);
            objects.put(b">>");
        }
        objects.put(b">>");
        objects.end();
    }

    #[cfg(feature = "images")]
    fn stamp(&mut self, stamp: &Stamp) -> Result<(), Error> {
        let overlay = self.overlays.get_mut(stamp.page).ok_or(Error::NoPage { page: stamp.page })?;
        let picture = crate::image::Picture::read(&stamp.image)?;
        let id = self.objects.reserve();
        let mark = overlay.marks.and_then(|marks| marks.stamp).filter(|mark| !overlay.drawn.contains(mark));
        let matrix = picture.fitted(stamp.rect, self.packet.pages[stamp.page].facts.turn);
        overlay.draw(mark, "", Appearance { id, matrix });
        picture.write(&mut self.objects, id);
        Ok(())
    }

    #[cfg(not(feature = "images"))]
    fn stamp(&mut self, stamp: &Stamp) -> Result<(), Error> {
        if stamp.page >= self.overlays.len() {
            return Err(Error::NoPage { page: stamp.page });
        }
        Err(Error::NoPictures)
    }

    fn finish(mut self) -> Result<FilledForm, Error> {
        for (page, overlay) in self.packet.pages.iter().zip(&mut self.overlays) {
            overlay.finish();
            let mut entries = b"/Type/XObject/Subtype/Form/BBox[".to_vec();
            syntax::numbers(&mut entries, &page.bounds);
            entries.extend_from_slice(b"]/Resources<<");
            self.fonts.resources(&mut entries, overlay.fonts);
            for (key, prefix, ids) in [
                (b"/XObject<<".as_slice(), b"/X", &overlay.pictures),
                (b"/Properties<<", b"/L", &overlay.layers),
            ] {
                if ids.is_empty() {
                    continue;
                }
                entries.extend_from_slice(key);
                for id in ids {
                    entries.extend_from_slice(prefix);
                    syntax::integer(&mut entries, (*id).into());
                    entries.push(b' ');
                    syntax::reference(&mut entries, *id);
                }
                entries.extend_from_slice(b">>");
            }
            entries.extend_from_slice(b">>");
            if let Some(marks) = &page.marks {
                entries.extend_from_slice(b"/StructParents ");
                syntax::integer(&mut entries, marks.overlay.into());
            }
            self.objects.stream(page.overlay, &entries, &overlay.content);
        }
        self.fonts.finish(&mut self.objects)?;
        let packet = self.packet;
        let pdf = self.objects.finish(packet.root, packet.info, &packet.fingerprint);
        Ok(FilledForm { pdf: pdf.into(), report: self.report, pages: packet.pages.len() })
    }
}

/// Puts a field's name on a list, once.
fn note(list: &mut Vec<String>, field: &Field) {
    if !list.contains(&field.name) {
        list.push(field.name.clone());
    }
}

/// What a button looks like in a state; one without that state is off.
fn look(slot: &Slot, state: &[u8]) -> Option<Appearance> {
    let look = |wanted: &[u8]| slot.states.iter().find(|(name, _)| name == wanted).map(|(_, look)| *look);
    look(state).or_else(|| look(b"Off"))
}

/// A turn by quarters to the left.
fn turned(turns: u8) -> [f32; 6] {
    match turns % 4 {
        0 => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        1 => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
        2 => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
        _ => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
    }
}

/// The matrix from a box's own corner, as its letters see it, to the page.
fn placed(slot: &Slot) -> [f32; 6] {
    let [left, bottom, right, top]: Rect = slot.rect;
    let (x, y) = match slot.turns % 4 {
        0 => (left, bottom),
        1 => (right, bottom),
        2 => (right, top),
        _ => (left, top),
    };
    let [a, b, c, d, ..] = turned(slot.turns);
    [a, b, c, d, x, y]
}
