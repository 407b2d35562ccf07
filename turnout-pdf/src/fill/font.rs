//! The letters: Liberation Sans, regular and bold, of which a file gets those it needs.
//!
//! Every packet carries one subset of the common Latin letters from the start, so that most fillings add no font at
//! all. Other letters go into a second subset that is made for the filling.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{LazyLock, OnceLock},
};

use skrifa::{
    FontRef, MetadataProvider as _,
    instance::{LocationRef, Size},
};
use subsetter::GlyphRemapper;

use crate::syntax::{self, Id, Objects, deflate};

/// A cut of the typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
}

impl Face {
    pub(crate) const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    pub(crate) fn of(bold: bool) -> Self {
        if bold { Self::Bold } else { Self::Regular }
    }

    /// How thick its upright strokes are, in thousandths of the size.
    pub(crate) fn stem(self) -> f32 {
        match self {
            Self::Regular => 80.0,
            Self::Bold => 140.0,
        }
    }

    /// The font of this face.
    pub(crate) fn font(self) -> &'static Font {
        static REGULAR: LazyLock<Font> = LazyLock::new(|| {
            Font::new("LiberationSans", include_bytes!("../../assets/fonts/LiberationSans-Regular.ttf"))
        });
        static BOLD: LazyLock<Font> = LazyLock::new(|| {
            Font::new("LiberationSans-Bold", include_bytes!("../../assets/fonts/LiberationSans-Bold.ttf"))
        });
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }

    /// The subset of common letters that every packet has.
    pub(crate) fn common(self) -> &'static Subset {
        static COMMON: [OnceLock<Subset>; 2] = [const { OnceLock::new() }; 2];
        COMMON[self as usize].get_or_init(|| {
            let mut subset = Letters::new(self);
            // ASCII, Latin-1 and Latin Extended-A, and the marks of a typographer
            let letters = ('\u{20}'..='\u{7E}').chain('\u{A0}'..='\u{17F}').chain("–—‘’“”•…€".chars());
            for c in letters {
                subset.add(c);
            }
            subset.cut()
        })
    }
}

/// A typeface of ours and its measures, in thousandths of the size.
pub(crate) struct Font {
    name: &'static str,
    data: &'static [u8],
    /// Sorted by letter.
    glyphs: Vec<(char, u16)>,
    /// By glyph.
    widths: Vec<f32>,
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) cap_height: f32,
    pub(crate) bounds: [f32; 4],
}

impl Font {
    fn new(name: &'static str, data: &'static [u8]) -> Self {
        let font = FontRef::new(data).expect("the bundled font is sound");
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        let thousandths = 1000.0 / f32::from(metrics.units_per_em);
        let advances = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let widths = (0..metrics.glyph_count)
            .map(|glyph| advances.advance_width(glyph.into()).unwrap_or(0.0) * thousandths)
            .collect();
        let mut glyphs: Vec<(char, u16)> = font
            .charmap()
            .mappings()
            .filter_map(|(code, glyph)| Some((char::from_u32(code)?, u16::try_from(glyph.to_u32()).ok()?)))
            .collect();
        glyphs.sort_unstable();
        let bounds = metrics.bounds.map_or([0.0, -212.0, 1000.0, 905.0], |b| {
            [b.x_min, b.y_min, b.x_max, b.y_max].map(|value| value * thousandths)
        });
        Self {
            name,
            data,
            glyphs,
            widths,
            ascent: metrics.ascent * thousandths,
            descent: metrics.descent * thousandths,
            cap_height: metrics.cap_height.map_or(729.0, |height| height * thousandths),
            bounds,
        }
    }

    /// The glyph of a letter.
    pub(crate) fn glyph(&self, c: char) -> Option<u16> {
        let at = self.glyphs.binary_search_by_key(&c, |(letter, _)| *letter).ok()?;
        Some(self.glyphs[at].1).filter(|glyph| *glyph != 0)
    }

    /// The advance of a letter in thousandths of the size; that of the empty box where there is no such letter.
    pub(crate) fn advance(&self, c: char) -> f32 {
        self.widths[usize::from(self.glyph(c).unwrap_or(0))]
    }

    /// The width of a text, in thousandths of the size.
    pub(crate) fn width(&self, text: &str) -> f32 {
        text.chars().map(|c| self.advance(c)).sum()
    }
}

/// The letters that a subset will have, in the order in which they came.
pub(crate) struct Letters {
    face: Face,
    remapper: GlyphRemapper,
    /// The letter of each glyph of the subset but the first, the empty box.
    letters: Vec<char>,
}

impl Letters {
    pub(crate) fn new(face: Face) -> Self {
        Self { face, remapper: GlyphRemapper::new(), letters: Vec::new() }
    }

    /// The glyph of a letter within the subset; 0, the empty box, where the font has none.
    pub(crate) fn add(&mut self, c: char) -> u16 {
        let Some(glyph) = self.face.font().glyph(c) else { return 0 };
        let number = self.remapper.remap(glyph);
        if usize::from(number) > self.letters.len() {
            self.letters.push(c);
        }
        number
    }

    /// Cuts the subset out of the font.
    pub(crate) fn cut(&self) -> Subset {
        let font = self.face.font();
        let program = subsetter::subset(font.data, 0, &self.remapper).expect("the bundled font is sound");
        let widths = self.remapper.remapped_gids().map(|glyph| font.widths[usize::from(glyph)]).collect();
        let numbers = self.letters.iter().zip(1..).map(|(c, number)| (*c, number));
        Subset {
            face: self.face,
            name: format!("{}+{}", self.tag(), font.name),
            glyphs: numbers.collect(),
            length: program.len(),
            program: deflate(&program),
            widths,
            unicode: deflate(self.unicode().as_bytes()),
        }
    }

    /// Six capitals that are the same for the same letters (ISO 32000-1, 9.6.4).
    fn tag(&self) -> String {
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        for c in &self.letters {
            hash = (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x100_0000_01B3);
        }
        let mut tag = String::new();
        for _ in 0..6 {
            tag.push(char::from(b'A' + (hash % 26) as u8));
            hash /= 26;
        }
        tag
    }

    /// The map from glyphs back to letters, so that the text can be searched, copied and read aloud.
    fn unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n\
             /CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n",
        );
        // at most a hundred lines may stand in one block
        for (block, letters) in self.letters.chunks(100).enumerate() {
            writeln!(map, "{} beginbfchar", letters.len()).expect("a String takes everything");
            for (index, c) in letters.iter().enumerate() {
                write!(map, "<{:04X}><", block * 100 + index + 1).expect("a String takes everything");
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(map, "{unit:04X}").expect("a String takes everything");
                }
                map.push_str(">\n");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n");
        map
    }
}

/// A cut font, ready to be written into a file.
pub(crate) struct Subset {
    pub(crate) face: Face,
    /// Its tag and the name of the typeface.
    pub(crate) name: String,
    glyphs: BTreeMap<char, u16>,
    /// The letters' outlines, deflated.
    pub(crate) program: Vec<u8>,
    /// The length of the program before it was deflated.
    pub(crate) length: usize,
    /// By glyph.
    pub(crate) widths: Vec<f32>,
    /// The map from glyphs to letters, deflated.
    pub(crate) unicode: Vec<u8>,
}

impl Subset {
    /// The glyph of a letter, if the subset has it.
    pub(crate) fn glyph(&self, c: char) -> Option<u16> {
        self.glyphs.get(&c).copied()
    }

    /// Writes the font; `id` becomes the number of the font dictionary that pages name.
    pub(crate) fn write(&self, objects: &mut Objects, id: Id) {
        let font = self.face.font();
        let [descendant, descriptor, program, unicode] = [(); 4].map(|()| objects.reserve());
        let name = |out: &mut Vec<u8>, key: &[u8]| {
            out.extend_from_slice(key);
            syntax::name(out, self.name.as_bytes());
        };
        let refer = |out: &mut Vec<u8>, key: &[u8], id: Id| {
            out.extend_from_slice(key);
            syntax::reference(out, id);
        };
        let mut body = b"<</Type/Font/Subtype/Type0/Encoding/Identity-H".to_vec();
        name(&mut body, b"/BaseFont");
        refer(&mut body, b"/DescendantFonts[", descendant);
        refer(&mut body, b"]/ToUnicode ", unicode);
        body.extend_from_slice(b">>");
        objects.object(id, &body);

        let mut body = b"<</Type/Font/Subtype/CIDFontType2/CIDToGIDMap/Identity".to_vec();
        name(&mut body, b"/BaseFont");
        body.extend_from_slice(b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W[0[");
        syntax::numbers(&mut body, &self.widths);
        refer(&mut body, b"]]/FontDescriptor ", descriptor);
        body.extend_from_slice(b">>");
        objects.object(descendant, &body);

        // flag 4: the glyphs are numbered, not named
        let mut body = b"<</Type/FontDescriptor/Flags 4/ItalicAngle 0".to_vec();
        name(&mut body, b"/FontName");
        body.extend_from_slice(b"/FontBBox[");
        syntax::numbers(&mut body, &font.bounds);
        body.extend_from_slice(b"]/Ascent ");
        syntax::number(&mut body, font.ascent);
        body.extend_from_slice(b"/Descent ");
        syntax::number(&mut body, font.descent);
        body.extend_from_slice(b"/CapHeight ");
        syntax::number(&mut body, font.cap_height);
        body.extend_from_slice(b"/StemV ");
        syntax::number(&mut body, self.face.stem());
        refer(&mut body, b"/FontFile2 ", program);
        body.extend_from_slice(b">>");
        objects.object(descriptor, &body);

        let mut entries = b"/Filter/FlateDecode/Length1 ".to_vec();
        syntax::integer(&mut entries, self.length as u64);
        objects.stream(program, &entries, &self.program);
        objects.stream(unicode, b"/Filter/FlateDecode", &self.unicode);
    }
}

/// The fonts of one filling: those of the packet, and what is added to them.
pub(crate) struct Fonts {
    /// The packet's fonts of common letters, by face.
    common: [Option<Id>; 2],
    /// Letters beyond those, by face.
    more: [Option<(Id, Letters)>; 2],
}

/// A letter as a page draws it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    /// Which font of the filling: common regular, common bold, added regular, added bold.
    pub(crate) font: usize,
    pub(crate) number: u16,
    /// In thousandths of the size.
    pub(crate) advance: f32,
}

/// What the fonts of a filling are called in resources, by [`Glyph::font`].
pub(crate) const FONT_NAMES: [&[u8]; 4] = [b"/F0", b"/F1", b"/F2", b"/F3"];

impl Fonts {
    pub(crate) fn new(common: [Option<Id>; 2]) -> Self {
        Self { common, more: [None, None] }
    }

    /// The glyph of a letter. A letter that the font lacks becomes the empty box.
    pub(crate) fn glyph(&mut self, objects: &mut Objects, face: Face, c: char) -> Glyph {
        let advance = face.font().advance(c);
        let at = face as usize;
        if self.common[at].is_some() {
            let common = face.common();
            if let Some(number) = common.glyph(c) {
                return Glyph { font: at, number, advance };
            }
            if face.font().glyph(c).is_none() {
                return Glyph { font: at, number: 0, advance };
            }
        }
        let (_, letters) = self.more[at].get_or_insert_with(|| (objects.reserve(), Letters::new(face)));
        Glyph { font: at + 2, number: letters.add(c), advance }
    }

    /// Appends the resources entry of the fonts that have their bit set.
    pub(crate) fn resources(&self, out: &mut Vec<u8>, used: u8) {
        out.extend_from_slice(b"/Font<<");
        for (index, name) in FONT_NAMES.iter().enumerate().filter(|(index, _)| used & 1 << index != 0) {
            let id =
                if index < 2 { self.common[index] } else { self.more[index - 2].as_ref().map(|(id, _)| *id) };
            if let Some(id) = id {
                out.extend_from_slice(name);
                out.push(b' ');
                syntax::reference(out, id);
            }
        }
        out.extend_from_slice(b">>");
    }

    /// Writes the fonts that were added.
    pub(crate) fn finish(self, objects: &mut Objects) {
        for (id, letters) in self.more.into_iter().flatten() {
            letters.cut().write(objects, id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_countries_have_their_letters() {
        for name in ["José O’Brien-García", "Nguyễn Thị", "Łukasz Żółć", "Дмитрий", "Ελένη", "Þórð", "ʻOkina"]
        {
            for face in Face::ALL {
                let missing: Vec<char> = name.chars().filter(|c| face.font().glyph(*c).is_none()).collect();
                assert!(missing.is_empty(), "{name}: {missing:?}");
            }
        }
        assert_eq!(Face::Regular.font().glyph('李'), None);
    }

    #[test]
    fn a_letter_beyond_the_common_ones_goes_into_a_second_font() {
        let mut objects = Objects::new();
        let common = objects.reserve();
        let mut fonts = Fonts::new([Some(common), None]);
        assert_eq!(fonts.glyph(&mut objects, Face::Regular, 'é').font, 0);
        assert_eq!(fonts.glyph(&mut objects, Face::Regular, 'ễ').font, 2);
        assert_eq!(fonts.glyph(&mut objects, Face::Regular, '李').number, 0);
        assert_eq!(fonts.glyph(&mut objects, Face::Bold, 'a').font, 3, "the packet has no bold font");
    }
}
