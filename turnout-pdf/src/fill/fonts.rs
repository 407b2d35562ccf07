//! The fonts of one filling: those of the packet, and letters that are added to them.

use std::sync::Arc;

use crate::{
    Error,
    compile::PacketFont,
    font::{Font, Letters, shape::Shaped},
    syntax::{self, Id, Objects},
};

/// A glyph as a page draws it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    /// Which font of the file.
    pub(super) font: u8,
    /// Its number there; 0 is the empty box.
    pub(super) number: u16,
    /// How far the pen moves, in thousandths of the size.
    pub(super) advance: f32,
    /// How far it moves before the glyph, after it beyond the glyph's own width, and how far above the line the glyph
    /// stands.
    pub(super) before: f32,
    pub(super) after: f32,
    pub(super) rise: f32,
    /// Whether it begins a letter, rather than going on with one.
    pub(super) leads: bool,
}

impl Glyph {
    pub(super) fn plain(font: u8, number: u16, advance: f32) -> Self {
        Self { font, number, advance, before: 0.0, after: 0.0, rise: 0.0, leads: true }
    }
}

/// The fonts in the order of the packet's, then those for letters that these lack.
pub(super) struct Fonts<'p> {
    packet: &'p [PacketFont],
    /// The letters that were added to each, and the number of the font they become.
    more: Vec<Option<(Id, Letters)>>,
}

impl<'p> Fonts<'p> {
    pub(super) fn new(packet: &'p [PacketFont]) -> Self {
        Self { packet, more: Vec::new() }
    }

    /// The typeface of a slot.
    pub(super) fn font(&self, at: usize) -> &'p Font {
        &self.packet[at].font
    }

    /// The typefaces in which the letters of a slot's are looked for, in that order.
    fn chain(&self, at: usize) -> impl Iterator<Item = usize> + use<'p> {
        let packet = self.packet;
        let own = std::iter::successors(Some(at), move |at| packet[*at].next);
        own.chain((0..packet.len()).filter(move |at| packet[*at].is_extra))
    }

    /// The glyph of a letter in the typeface of a slot or the first of the others that has it; the empty box where none
    /// has.
    pub(super) fn glyph(&mut self, objects: &mut Objects, at: usize, c: char) -> Glyph {
        let chain = self.chain(at);
        for font in chain {
            let own = &self.packet[font];
            if let Some((_, common)) = &own.common
                && let Some(number) = common.letter(c)
            {
                return Glyph::plain((font * 2) as u8, number, common.widths[usize::from(number)]);
            }
            if own.grows
                && let Some(glyph) = own.font.glyph(c)
            {
                let number = self.letters(objects, font).add(c);
                return Glyph::plain((font * 2 + 1) as u8, number, own.font.width(glyph));
            }
        }
        self.empty_box(objects, at)
    }

    /// The box that stands for a letter which no font has.
    fn empty_box(&mut self, objects: &mut Objects, at: usize) -> Glyph {
        let width = self.packet[at].font.width(0);
        if self.packet[at].common.is_some() {
            return Glyph::plain((at * 2) as u8, 0, width);
        }
        self.letters(objects, at);
        Glyph::plain((at * 2 + 1) as u8, 0, width)
    }

    /// The letters that are added to a typeface.
    fn letters(&mut self, objects: &mut Objects, font: usize) -> &mut Letters {
        if self.more.len() <= font {
            self.more.resize_with(self.packet.len(), || None);
        }
        let own = &self.packet[font].font;
        &mut self.more[font].get_or_insert_with(|| (objects.reserve(), Letters::new(own))).1
    }

    /// The typefaces for texts that have to be shaped: those that may grow.
    pub(super) fn shaping(&self, at: usize) -> (Vec<usize>, Vec<Arc<Font>>) {
        self.chain(at)
            .filter(|font| self.packet[*font].grows)
            .map(|font| (font, Arc::clone(&self.packet[font].font)))
            .unzip()
    }

    /// A shaped glyph, whose fonts are those of [`Fonts::shaping`] under these numbers, and the text that it stands for.
    pub(super) fn shaped(
        &mut self,
        objects: &mut Objects,
        fonts: &[usize],
        shaped: &Shaped,
        text: &str,
    ) -> Glyph {
        let font = fonts[shaped.font];
        let own = self.packet[font].font.width(shaped.glyph);
        let number = match shaped.glyph {
            0 => {
                self.letters(objects, font);
                0
            }
            glyph => self.letters(objects, font).add_glyph(glyph, text),
        };
        let (x, rise) = shaped.shift;
        Glyph {
            font: (font * 2 + 1) as u8,
            number,
            advance: shaped.advance,
            before: x,
            after: shaped.advance - x - own,
            rise,
            leads: shaped.leads,
        }
    }

    /// Appends the resources entry of the fonts that have their bit set.
    pub(super) fn resources(&self, out: &mut Vec<u8>, used: u64) {
        out.extend_from_slice(b"/Font<<");
        for index in (0..64_usize).filter(|index| used & 1 << index != 0) {
            let font = index / 2;
            let id = match index % 2 {
                0 => self.packet[font].common.as_ref().map(|(id, _)| *id),
                _ => self.more.get(font).and_then(Option::as_ref).map(|(id, _)| *id),
            };
            if let Some(id) = id {
                name(out, index as u8);
                out.push(b' ');
                syntax::reference(out, id);
            }
        }
        out.extend_from_slice(b">>");
    }

    /// Writes the fonts that were added.
    pub(super) fn finish(self, objects: &mut Objects) -> Result<(), Error> {
        for (id, letters) in self.more.into_iter().flatten() {
            letters.cut()?.write(objects, id);
        }
        Ok(())
    }
}

/// What a font of the file is called in resources.
pub(super) fn name(out: &mut Vec<u8>, font: u8) {
    out.extend_from_slice(b"/F");
    syntax::integer(out, font.into());
}
