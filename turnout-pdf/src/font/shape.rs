//! Texts whose letters do not simply stand side by side: written from the right, joined, stacked, or with marks that
//! have to find their place. The Unicode bidirectional algorithm orders them, HarfBuzz's shapes them.

use std::{ops::Range, sync::Arc};

use harfrust::{Buffer, BufferFlags, Direction, Script, ShapeOptions, ShaperFont, shape, unicode};
use unicode_bidi::BidiInfo;
use unicode_normalization::char::is_combining_mark;

use super::Font;

/// Whether a letter must not simply be set beside the one before it.
pub(crate) fn needs_shaping(c: char) -> bool {
    // below are Latin, Greek and Cyrillic letters, and what stands between them
    c > '\u{2FF}'
        && (is_combining_mark(c)
            || matches!(u32::from(c),
                0x590..=0x10FF      // Hebrew and Arabic to Burmese; Georgian comes to no harm
                | 0x1100..=0x11FF   // Hangul by parts
                | 0x1700..=0x18AF   // Philippine scripts, Khmer, Mongolian
                | 0x1900..=0x1CFF   // Limbu to Vedic signs
                | 0x200C..=0x200D   // joiners
                | 0x2D30..=0x2D7F   // Tifinagh
                | 0xA800..=0xABFF   // Syloti Nagri to Meetei Mayek
                | 0xFB1D..=0xFDFF | 0xFE00..=0xFE0F | 0xFE70..=0xFEFC
                | 0x10800..=0x11FFF // old scripts from the right; Brahmi and its children
                | 0x16100..=0x16FFF | 0x1E000..=0x1EFFF
            ))
}

/// A glyph of a shaped text.
pub(crate) struct Shaped {
    /// Which of the fonts.
    pub(crate) font: usize,
    /// 0 is the empty box.
    pub(crate) glyph: u16,
    /// What it is read as. Of glyphs that stand for a text together, the first stands for all of it.
    pub(crate) text: Range<usize>,
    /// Whether it is the first of those.
    pub(crate) leads: bool,
    /// How far the pen moves, and how far beside and above it the glyph stands; in thousandths of the size.
    pub(crate) advance: f32,
    pub(crate) shift: (f32, f32),
}

/// A text of one paragraph that can be shaped line by line.
pub(crate) struct Paragraph<'a> {
    text: &'a str,
    bidi: BidiInfo<'a>,
    fonts: &'a [Arc<Font>],
    /// The parts that have one font and one script each, in the order of the text.
    items: Vec<Item>,
}

struct Item {
    text: Range<usize>,
    font: usize,
    script: Script,
}

impl<'a> Paragraph<'a> {
    /// Chooses a font for each part of a text: the first of the fonts that has its letters, with their marks.
    pub(crate) fn new(text: &'a str, fonts: &'a [Arc<Font>]) -> Self {
        let mut items: Vec<Item> = Vec::new();
        let mut letters = text.char_indices().peekable();
        while let Some((start, base)) = letters.next() {
            let mut cluster = vec![base];
            let mut end = start + base.len_utf8();
            while let Some((_, mark)) = letters.next_if(|(_, c)| is_combining_mark(*c) || is_joiner(*c)) {
                cluster.push(mark);
                end += mark.len_utf8();
            }
            let has = |font: usize, c: char| is_joiner(c) || fonts[font].glyph(c).is_some();
            let script = unicode::script(base.into());
            let is_shared =
                script == unicode::script('.'.into()) || script == unicode::script('\u{301}'.into());
            // what belongs to no script stays with what is before it
            let last = items.last().map(|item| item.font).filter(|_| is_shared);
            let candidates = || last.into_iter().chain(0..fonts.len());
            let font = candidates()
                .find(|font| cluster.iter().all(|c| has(*font, *c)))
                .or_else(|| candidates().find(|font| has(*font, base)))
                .unwrap_or(0);
            match items.last_mut() {
                Some(item) if item.font == font && (is_shared || item.script == script) => {
                    item.text.end = end
                }
                _ => items.push(Item { text: start..end, font, script }),
            }
        }
        Self { text, bidi: BidiInfo::new(text, None), fonts, items }
    }

    /// Whether any of it is written from the right.
    pub(crate) fn has_from_right(&self) -> bool {
        self.bidi.has_rtl()
    }

    /// The glyphs of a part of the text as they stand on a line, from the left.
    pub(crate) fn line(&self, part: Range<usize>) -> Vec<Shaped> {
        let mut out = Vec::new();
        for paragraph in &self.bidi.paragraphs {
            let range = part.start.max(paragraph.range.start)..part.end.min(paragraph.range.end);
            if range.is_empty() {
                continue;
            }
            let (levels, runs) = self.bidi.visual_runs(paragraph, range);
            for run in runs {
                let from_right = levels[run.start].is_rtl();
                let within = |item: &Item| {
                    let text = item.text.start.max(run.start)..item.text.end.min(run.end);
                    (!text.is_empty()).then_some((text, item.font, item.script))
                };
                let mut items: Vec<_> = self.items.iter().filter_map(within).collect();
                if from_right {
                    items.reverse();
                }
                for (text, font, script) in items {
                    self.item(&mut out, text, font, script, from_right);
                }
            }
        }
        out
    }

    fn item(&self, out: &mut Vec<Shaped>, text: Range<usize>, font: usize, script: Script, from_right: bool) {
        let own = &self.fonts[font];
        let Some(source) = own.shaper() else { return self.unshaped(out, text, font) };
        let mut buffer = Buffer::new();
        // what stands before and after decides how letters join
        buffer.set_pre_context(&self.text[..text.start]);
        for (at, c) in self.text[text.clone()].char_indices() {
            buffer.push(c.into(), u32::try_from(text.start + at).unwrap_or(u32::MAX));
        }
        buffer.set_post_context(&self.text[text.end..]);
        buffer.set_direction(if from_right { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.set_script(Some(script));
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
        if shape(&ShaperFont::new(source), &mut buffer, ShapeOptions::new()).is_err() {
            return self.unshaped(out, text, font);
        }
        let thousandths = 1000.0 / f32::from(source.units_per_em().max(1));
        let scaled = |units: i32| units as f32 * thousandths;
        let infos = buffer.glyph_infos();
        let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut before = None;
        for (info, position) in infos.iter().zip(buffer.glyph_positions()) {
            let start = info.cluster as usize;
            let end = starts.get(starts.partition_point(|at| *at <= start)).copied().unwrap_or(text.end);
            let leads = before != Some(start);
            before = Some(start);
            out.push(Shaped {
                font,
                glyph: u16::try_from(info.glyph_id).unwrap_or(0),
                text: if leads { start..end } else { start..start },
                leads,
                advance: scaled(position.x_advance),
                shift: (scaled(position.x_offset), scaled(position.y_offset)),
            });
        }
    }

    /// Letters side by side, for a font that cannot be shaped with.
    fn unshaped(&self, out: &mut Vec<Shaped>, text: Range<usize>, font: usize) {
        for (at, c) in self.text[text.clone()].char_indices().filter(|(_, c)| !is_joiner(*c)) {
            let glyph = self.fonts[font].glyph(c).unwrap_or(0);
            let start = text.start + at;
            let advance = self.fonts[font].width(glyph);
            let text = start..start + c.len_utf8();
            out.push(Shaped { font, glyph, text, leads: true, advance, shift: (0.0, 0.0) });
        }
    }
}

/// A mark that steers how letters join, or which form of one is meant.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}
