//! A text whose letters do not simply stand side by side, in its box: from the rules of scripts to glyphs on lines.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    fonts::{Fonts, Glyph},
    text::Line,
};
use crate::{
    compile::Slot,
    font::{
        Font,
        shape::{Paragraph, needs_shaping},
    },
    syntax::Objects,
};

/// A text that has to be shaped: measured as a whole, and set line by line.
pub(super) struct Shaping {
    text: Zeroizing<String>,
    /// Where each letter begins in the text, and where the text ends.
    starts: Vec<usize>,
    /// The fonts, by their place in the packet.
    places: Vec<usize>,
    fonts: Vec<Arc<Font>>,
}

impl Shaping {
    /// Nothing when the letters may simply stand side by side.
    pub(super) fn of(
        fonts: &Fonts<'_>,
        slot: &Slot,
        letters: &[char],
        line_end: impl Fn(char) -> char,
    ) -> Option<Self> {
        if !letters.iter().any(|c| needs_shaping(*c)) {
            return None;
        }
        let text: String = letters.iter().map(|c| line_end(*c)).collect();
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (places, fonts) = fonts.shaping(slot.style.font);
        Some(Self { text: Zeroizing::new(text), starts, places, fonts })
    }

    /// A glyph for each letter, as wide as what stands for it; the empty box where a letter lacks one.
    pub(super) fn advances(&self) -> Vec<Glyph> {
        let mut glyphs = vec![Glyph::plain(0, 1, 0.0); self.starts.len() - 1];
        for shaped in Paragraph::new(&self.text, &self.fonts).line(0..self.text.len()) {
            let letter = self.starts.partition_point(|start| *start <= shaped.text.start) - 1;
            glyphs[letter].advance += shaped.advance;
            if shaped.glyph == 0 {
                glyphs[letter].number = 0;
            }
        }
        glyphs
    }

    /// The glyphs of all lines as they stand on the paper; the lines then count these instead of letters.
    pub(super) fn set(&self, objects: &mut Objects, fonts: &mut Fonts<'_>, lines: &mut [Line]) -> Vec<Glyph> {
        let paragraph = Paragraph::new(&self.text, &self.fonts);
        let mut glyphs = Vec::new();
        for line in lines {
            let part = self.starts[line.letters.start]..self.starts[line.letters.end];
            // the blank at which a line is broken would stand before a line from the right
            let end = part.start + self.text[part.clone()].trim_end_matches(' ').len();
            let start = glyphs.len();
            for shaped in paragraph.line(part.start..end) {
                let text = &self.text[shaped.text.clone()];
                glyphs.push(fonts.shaped(objects, &self.places, &shaped, text));
            }
            line.letters = start..glyphs.len();
            // programs put what is written from the right into order themselves
            if !paragraph.has_from_right() {
                line.said = Some(Zeroizing::new(self.text[part].to_owned()));
            }
        }
        glyphs
    }
}
