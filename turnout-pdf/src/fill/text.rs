//! A text in a box: one line, several, or a cell for each letter; its size, and what it takes to draw it.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::{
    fonts::{self, Fonts, Glyph},
    shaping::Shaping,
};
use crate::{
    compile::{Field, Kind, Slot},
    font::Font,
    syntax::{self, Objects},
};

/// The largest size that a box without a size of its own gives its letters, in points.
const LARGEST: f32 = 12.0;
/// The smallest size that can be read, in points. A text that does not fit at this size overflows.
const SMALLEST: f32 = 4.0;
/// From line to line, in sizes.
const LEADING: f32 = 1.15;
/// Between a box's side and its letters, in points.
const PADDING: f32 = 2.0;

/// A text as it can be drawn: composed letters, no control characters, one line where the box has one line.
pub(super) fn plain(text: &str, kind: &Kind) -> Zeroizing<String> {
    let multiline = matches!(kind, Kind::Text { multiline: true, .. });
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut after_return = false;
    for c in text.nfc() {
        match c {
            '\n' if after_return => {}
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{2028}' | '\u{2029}' => {
                plain.push(if multiline { '\n' } else { ' ' })
            }
            '\t' => plain.push(' '),
            // marks that only steer how others are set, and characters that are none
            '\u{AD}'
            | '\u{200B}'
            | '\u{200E}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}' => {}
            c if c.is_control() => {}
            c => plain.push(c),
        }
        after_return = c == '\r';
    }
    plain
}

/// A run of letters on one line.
pub(super) struct Line {
    pub(super) letters: std::ops::Range<usize>,
    /// In thousandths of the size.
    width: f32,
    /// What is read where glyphs do not stand for letters in their order.
    pub(super) said: Option<Zeroizing<String>>,
}

impl Line {
    fn new(letters: std::ops::Range<usize>, width: f32) -> Self {
        Self { letters, width, said: None }
    }
}

/// A text that was given its size and lines.
pub(super) struct Writing<'a> {
    slot: &'a Slot,
    glyphs: Vec<Glyph>,
    lines: Vec<Line>,
    /// The width of a letter's cell, and the cells left free before the first.
    cells: Option<(f32, f32)>,
    multiline: bool,
    size: f32,
    font: &'a Font,
    pub(super) shrunk: bool,
    pub(super) overflow: bool,
    pub(super) missing: bool,
}

impl<'a> Writing<'a> {
    /// Finds the size and the lines of a text in a box.
    pub(super) fn new(
        objects: &mut Objects,
        fonts: &mut Fonts<'a>,
        field: &Field,
        slot: &'a Slot,
        text: &str,
    ) -> Self {
        let letters: Zeroizing<Vec<char>> = Zeroizing::new(text.chars().collect());
        // a line's end is no letter; it is given a place so that letters and glyphs stay together
        let line_end = |c: char| if c == '\n' { ' ' } else { c };
        let shaping = Shaping::of(fonts, slot, &letters, line_end);
        let glyphs: Vec<Glyph> = match &shaping {
            Some(shaping) => shaping.advances(),
            None => letters.iter().map(|c| fonts.glyph(objects, slot.style.font, line_end(*c))).collect(),
        };
        let missing = glyphs.iter().any(|glyph| glyph.number == 0);
        let (multiline, comb) = match field.kind {
            Kind::Text { multiline, comb } => (multiline, comb),
            _ => (false, false),
        };
        let mut writing = Self {
            slot,
            glyphs,
            lines: Vec::new(),
            cells: None,
            multiline,
            size: 0.0,
            font: fonts.font(slot.style.font),
            shrunk: false,
            overflow: false,
            missing,
        };
        match field.max_len.filter(|_| comb) {
            Some(cells) => writing.in_cells(cells),
            None if multiline => writing.in_lines(&letters),
            None => writing.in_one_line(),
        }
        if let Some(shaping) = &shaping {
            writing.glyphs = shaping.set(objects, fonts, &mut writing.lines);
        }
        writing
    }

    /// The size that the form asks for, or the largest.
    fn wanted(&self) -> f32 {
        if self.slot.style.size > 0.0 { self.slot.style.size } else { LARGEST }
    }

    fn is_auto(&self) -> bool {
        self.slot.style.size <= 0.0
    }

    /// Between the sides and the letters; less in a very narrow box.
    fn padding(&self) -> f32 {
        PADDING.min(self.slot.size().0 * 0.1)
    }

    /// Settles on a size: the wanted one if it fits, else the fitting one, but never less than can be read.
    fn settle(&mut self, fitting: f32) {
        let wanted = self.wanted();
        // what would differ by a hair keeps its size
        self.size = if fitting * 1.001 >= wanted { wanted } else { fitting };
        if self.size < SMALLEST.min(wanted) {
            self.size = SMALLEST.min(wanted);
            self.overflow = true;
        }
        self.shrunk = !self.is_auto() && self.size < wanted;
    }

    /// The size at which one line is as high as the box allows.
    fn by_height(&self) -> f32 {
        let font = self.font;
        let (_, height) = self.slot.size();
        // a fixed size may use the whole height; a free one leaves the line its air
        let line = if self.is_auto() { LEADING } else { (font.cap_height - font.descent) / 1000.0 };
        height / line
    }

    fn in_one_line(&mut self) {
        let width: f32 = self.glyphs.iter().map(|glyph| glyph.advance).sum();
        let room = self.slot.size().0 - 2.0 * self.padding();
        let by_width = if width > 0.0 { room * 1000.0 / width } else { f32::MAX };
        self.settle(self.by_height().min(by_width));
        self.lines = vec![Line::new(0..self.glyphs.len(), width)];
    }

    fn in_cells(&mut self, cells: usize) {
        let (width, _) = self.slot.size();
        let cell = width / cells as f32;
        let widest = self.glyphs.iter().map(|glyph| glyph.advance).fold(0.0, f32::max);
        let by_width = if widest > 0.0 { cell * 1000.0 / widest } else { f32::MAX };
        self.settle(self.by_height().min(by_width));
        let taken = self.glyphs.iter().filter(|glyph| glyph.leads).count();
        let free = cells.saturating_sub(taken);
        let before = match self.slot.quadding {
            0 => 0,
            1 => free / 2,
            _ => free,
        };
        self.cells = Some((cell, before as f32));
        self.lines = vec![Line::new(0..self.glyphs.len(), 0.0)];
    }

    fn in_lines(&mut self, letters: &[char]) {
        let (width, height) = self.slot.size();
        let room = width - 2.0 * self.padding();
        let mut size = self.wanted();
        loop {
            self.lines = wrap(letters, &self.glyphs, room * 1000.0 / size);
            if self.height(self.lines.len(), size) <= height {
                break;
            }
            if size <= SMALLEST {
                self.overflow = true;
                break;
            }
            size = (size - 0.5).max(SMALLEST);
        }
        self.size = size;
        self.shrunk = !self.is_auto() && size < self.wanted();
    }

    /// How high that many lines are.
    fn height(&self, lines: usize, size: f32) -> f32 {
        let font = self.font;
        let between = lines.saturating_sub(1) as f32 * LEADING;
        (between + (font.ascent - font.descent) / 1000.0) * size
    }

    /// Appends the operators that draw the text from the box's own corner. Returns a bit for each font used.
    pub(super) fn draw(&self, out: &mut Vec<u8>) -> u64 {
        if self.glyphs.is_empty() {
            return 0;
        }
        let (width, height) = self.slot.size();
        let font = self.font;
        if self.overflow {
            out.extend_from_slice(b"0 0 ");
            syntax::numbers(out, &[width, height]);
            out.extend_from_slice(b"re W n ");
        }
        out.extend_from_slice(b"BT ");
        out.extend_from_slice(&self.slot.style.color);
        out.push(b' ');
        let ascent = font.ascent * self.size / 1000.0;
        let free = height - self.height(1, self.size);
        // several lines hang from the top, one stands in the middle
        let mut y = height - ascent - if self.multiline { free.clamp(0.0, PADDING) } else { free / 2.0 };
        let mut at = (0.0, 0.0);
        let mut pen = Pen { font: None, used: 0, size: self.size, rise: 0.0 };
        for line in &self.lines {
            let glyphs = &self.glyphs[line.letters.clone()];
            if let Some(said) = &line.said {
                out.extend_from_slice(b"/Span<</ActualText");
                syntax::text(out, said);
                out.extend_from_slice(b">>BDC ");
            }
            if let Some((cell, before)) = self.cells {
                for (index, letter) in glyphs.chunk_by(|_, next| !next.leads).enumerate() {
                    let middle = (before + index as f32 + 0.5) * cell;
                    let advance: f32 = letter.iter().map(|glyph| glyph.advance).sum();
                    go(out, &mut at, (middle - advance * self.size / 2000.0, y));
                    pen.write(out, letter);
                }
            } else {
                let free = width - line.width * self.size / 1000.0;
                let x = match self.slot.quadding {
                    0 => self.padding(),
                    1 => free / 2.0,
                    _ => free - self.padding(),
                };
                // a text too long for its box begins where the box begins
                go(out, &mut at, (if free < 0.0 { self.padding() } else { x }, y));
                pen.write(out, glyphs);
            }
            if line.said.is_some() {
                out.extend_from_slice(b"EMC ");
            }
            y -= LEADING * self.size;
        }
        out.extend_from_slice(b"ET ");
        pen.used
    }
}

/// Moves to a place, from the place moved to last.
fn go(out: &mut Vec<u8>, from: &mut (f32, f32), to: (f32, f32)) {
    syntax::numbers(out, &[to.0 - from.0, to.1 - from.1]);
    out.extend_from_slice(b"Td ");
    *from = to;
}

/// Writes glyphs, changing fonts where they change.
struct Pen {
    font: Option<u8>,
    used: u64,
    size: f32,
    rise: f32,
}

impl Pen {
    fn write(&mut self, out: &mut Vec<u8>, glyphs: &[Glyph]) {
        for run in glyphs.chunk_by(|a, b| a.font == b.font) {
            let font = run[0].font;
            if self.font != Some(font) {
                self.font = Some(font);
                self.used |= 1 << font;
                fonts::name(out, font);
                out.push(b' ');
                syntax::number(out, self.size);
                out.extend_from_slice(b" Tf ");
            }
            for part in run.chunk_by(|a, b| a.rise == b.rise) {
                self.rise(out, part[0].rise);
                show(out, part);
            }
        }
        self.rise(out, 0.0);
    }

    /// Writes above the line, or on it again.
    fn rise(&mut self, out: &mut Vec<u8>, rise: f32) {
        if self.rise != rise {
            self.rise = rise;
            syntax::number(out, rise * self.size / 1000.0);
            out.extend_from_slice(b" Ts ");
        }
    }
}

/// Shows glyphs of one font on one height.
fn show(out: &mut Vec<u8>, glyphs: &[Glyph]) {
    let is_plain = |glyph: &Glyph| glyph.before.abs() < 0.5 && glyph.after.abs() < 0.5;
    if glyphs.iter().all(is_plain) {
        hex(out, glyphs);
        out.extend_from_slice(b"Tj ");
        return;
    }
    out.push(b'[');
    for glyph in glyphs {
        // numbers move to the left
        syntax::number(out, -glyph.before);
        hex(out, std::slice::from_ref(glyph));
        syntax::number(out, -glyph.after);
        out.push(b' ');
    }
    out.extend_from_slice(b"]TJ ");
}

fn hex(out: &mut Vec<u8>, glyphs: &[Glyph]) {
    out.push(b'<');
    for glyph in glyphs {
        syntax::hex(out, glyph.number);
    }
    out.push(b'>');
}

/// Breaks a text into lines no wider than the room, in thousandths of the size: at blanks, and within a word only when
/// the word alone is too wide. The blank or line end at which a line is broken is its last letter, of no width: read
/// aloud or copied, the words on either side stay two.
fn wrap(letters: &[char], glyphs: &[Glyph], room: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start <= letters.len() {
        let paragraph_end =
            letters[start..].iter().position(|c| *c == '\n').map_or(letters.len(), |at| start + at);
        let mut begin = start;
        loop {
            let (mut end, mut width, mut blank) = (begin, 0.0, None);
            while end < paragraph_end {
                let next: f32 = width + glyphs[end].advance;
                if letters[end] == ' ' {
                    blank = Some((end, width));
                } else if next > room && end > begin {
                    break;
                }
                width = next;
                end += 1;
            }
            if end == paragraph_end {
                let with_end = (end + 1).min(letters.len());
                lines.push(Line::new(begin..with_end, width));
                break;
            }
            match blank {
                Some((at, width)) if at > begin => {
                    lines.push(Line::new(begin..at + 1, width));
                    begin = at + 1;
                }
                _ => {
                    lines.push(Line::new(begin..end, width));
                    begin = end;
                }
            }
        }
        start = paragraph_end + 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, room: f32) -> Vec<String> {
        let letters: Vec<char> = text.chars().collect();
        let glyph = Glyph::plain(0, 1, 1.0);
        let lines = wrap(&letters, &vec![glyph; letters.len()], room);
        lines.iter().map(|line| letters[line.letters.clone()].iter().collect()).collect()
    }

    #[test]
    fn lines_break_at_blanks_and_only_too_long_words_within() {
        assert_eq!(wrapped("one two three", 7.0), ["one two ", "three"]);
        assert_eq!(wrapped("abcdefgh", 3.0), ["abc", "def", "gh"]);
        assert_eq!(wrapped("one\n\ntwo", 9.0), ["one\n", "\n", "two"]);
        assert_eq!(wrapped("", 9.0), [""]);
        assert_eq!(wrapped("a bbbbbb", 4.0), ["a ", "bbbb", "bb"]);
    }

    #[test]
    fn a_text_is_composed_and_freed_of_control_characters() {
        let one = Kind::Text { multiline: false, comb: false };
        let many = Kind::Text { multiline: true, comb: false };
        assert_eq!(*plain("Jose\u{301}\r\n\u{7}x\u{200B}", &one), "José x");
        assert_eq!(*plain("a\r\nb\rc\nd", &many), "a\nb\nc\nd");
    }
}
