//! Fields that become slots: where each box lies, what it looks like, and what the blank form says there.

use lopdf::{Dictionary, Object};

use super::{
    Mode,
    builder::Builder,
    fields::{Kind, SourceField, SourceWidget},
    merge::Copier,
    packet::{Appearance, Field, Slot},
    page::INVISIBLE,
    read::{MAX_FIELD_BYTES, Rect, Source, within},
    text::as_text,
};
use crate::{
    Error,
    syntax::{self, Id},
};

/// What stands for a check mark in a box that has no appearance of its own, within a square of 10.
const CHECK_MARK: &[u8] = b"1.2 w 1 J 1 j 2 5.2 m 4.2 2.6 l 8 7.8 l S";

impl Builder {
    /// A field and its boxes.
    pub(super) fn field(
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
