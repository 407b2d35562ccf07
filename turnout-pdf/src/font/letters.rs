//! The letters of a font that a file needs, and the font cut down to them.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use skrifa::{FontRef, Tag, raw::TableProvider as _};
use subsetter::GlyphRemapper;

use super::Font;
use crate::{
    Error,
    syntax::{self, Id, Objects, deflate},
};

/// The common letters: ASCII, Latin-1, Latin Extended-A, and the marks of a typographer.
const COMMON: [std::ops::RangeInclusive<char>; 8] = [
    '\u{20}'..='\u{7E}',
    '\u{A0}'..='\u{17F}',
    '–'..='—',
    '‘'..='’',
    '“'..='”',
    '•'..='•',
    '…'..='…',
    '€'..='€',
];

/// The letters that a subset will have, in the order in which they came.
pub(crate) struct Letters {
    font: Arc<Font>,
    remapper: GlyphRemapper,
    /// What each number but the first, the empty box, stands for: the glyph of the subset and its text.
    numbers: Vec<(u16, String)>,
    /// The number of a glyph of the font that stands for a text.
    known: BTreeMap<(u16, String), u16>,
}

impl Letters {
    /// None yet.
    pub(crate) fn new(font: &Arc<Font>) -> Self {
        let (numbers, known) = (Vec::new(), BTreeMap::new());
        Self { font: Arc::clone(font), remapper: GlyphRemapper::new(), numbers, known }
    }

    /// The common letters that the font has.
    pub(crate) fn common(font: &Arc<Font>) -> Self {
        let mut letters = Self::new(font);
        for c in COMMON.into_iter().flatten() {
            letters.add(c);
        }
        letters
    }

    /// The number of a letter within the subset; 0, the empty box, where the font has none.
    pub(crate) fn add(&mut self, c: char) -> u16 {
        self.font.glyph(c).map_or(0, |glyph| self.add_glyph(glyph, c.encode_utf8(&mut [0; 4])))
    }

    /// The number of a glyph that stands for a text, perhaps for none. One glyph that stands for several texts gets a
    /// number for each, so that each is read again; but for fonts with PostScript outlines, whose numbers are glyphs.
    pub(crate) fn add_glyph(&mut self, glyph: u16, text: &str) -> u16 {
        let key = (glyph, if self.font.is_cff { String::new() } else { text.to_owned() });
        let next = u16::try_from(self.numbers.len() + 1).unwrap_or(0);
        *self.known.entry(key).or_insert_with(|| {
            let number = self.remapper.remap(glyph);
            self.numbers.push((number, text.to_owned()));
            next
        })
    }

    /// Cuts the subset out of the font.
    pub(crate) fn cut(&self) -> Result<Subset, Error> {
        let font = &self.font;
        let cut = subsetter::subset(&font.data, 0, &self.remapper).map_err(|_| Error::Font)?;
        let program = if font.is_cff {
            let table = FontRef::new(&cut).ok().and_then(|cut| cut.data_for_tag(Tag::new(b"CFF ")));
            table.ok_or(Error::Font)?.as_bytes().to_vec()
        } else {
            cut
        };
        let widths: Vec<f32> = self.remapper.remapped_gids().map(|glyph| font.width(glyph)).collect();
        let of_glyph = |glyph: u16| widths.get(usize::from(glyph)).copied().unwrap_or(0.0);
        let glyphs = std::iter::once(0).chain(self.numbers.iter().map(|(glyph, _)| *glyph));
        let is_plain = glyphs.clone().enumerate().all(|(number, glyph)| number == usize::from(glyph));
        let letters = self.numbers.iter().zip(1..).filter_map(|((_, text), number)| {
            let mut letters = text.chars();
            Some((letters.next()?, number)).filter(|_| letters.next().is_none())
        });
        let mut letters: Vec<(char, u16)> = letters.collect();
        letters.sort_unstable();
        letters.dedup_by_key(|(letter, _)| *letter);
        Ok(Subset {
            name: format!("{}+{}", self.tag(), font.name),
            font: Arc::clone(font),
            letters,
            length: program.len(),
            program: deflate(&program),
            widths: glyphs.clone().map(of_glyph).collect(),
            glyphs: (!is_plain).then(|| deflate(&glyphs.flat_map(u16::to_be_bytes).collect::<Vec<u8>>())),
            unicode: deflate(self.unicode().as_bytes()),
        })
    }

    /// Six capitals that are the same for the same letters (ISO 32000-1, 9.6.4).
    fn tag(&self) -> String {
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        for (glyph, text) in &self.numbers {
            for part in text.chars().map(u32::from).chain([u32::from(*glyph) | 1 << 31]) {
                hash = (hash ^ u64::from(part)).wrapping_mul(0x100_0000_01B3);
            }
        }
        let mut tag = String::new();
        for _ in 0..6 {
            tag.push(char::from(b'A' + (hash % 26) as u8));
            hash /= 26;
        }
        tag
    }

    /// The map from numbers back to texts, so that they can be searched, copied and read aloud.
    fn unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n\
             /CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n",
        );
        let texts: Vec<(u16, &str)> =
            (1..).zip(&self.numbers).map(|(number, (_, text))| (number, text.as_str())).collect();
        let texts: Vec<_> = texts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        // at most a hundred lines may stand in one block
        for block in texts.chunks(100) {
            writeln!(map, "{} beginbfchar", block.len()).expect("a String takes everything");
            for (number, text) in block {
                write!(map, "<{number:04X}><").expect("a String takes everything");
                for unit in text.encode_utf16() {
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
    font: Arc<Font>,
    /// Its tag and the name of the typeface.
    pub(crate) name: String,
    /// The numbers of its letters, sorted by letter.
    letters: Vec<(char, u16)>,
    /// The letters' outlines, deflated.
    pub(crate) program: Vec<u8>,
    /// The length of the program before it was deflated.
    pub(crate) length: usize,
    /// By number.
    pub(crate) widths: Vec<f32>,
    /// The glyph of each number, deflated; nothing where they are the same.
    glyphs: Option<Vec<u8>>,
    /// The map from numbers to texts, deflated.
    pub(crate) unicode: Vec<u8>,
}

impl Subset {
    /// The number of a letter, if the subset has it.
    pub(crate) fn letter(&self, c: char) -> Option<u16> {
        let at = self.letters.binary_search_by_key(&c, |(letter, _)| *letter).ok()?;
        Some(self.letters[at].1)
    }

    /// The typeface it was cut from.
    pub(crate) fn font(&self) -> &Arc<Font> {
        &self.font
    }

    /// Writes the font; `id` becomes the number of the font dictionary that pages name.
    pub(crate) fn write(&self, objects: &mut Objects, id: Id) {
        let font = &self.font;
        let [descendant, descriptor, program, unicode] = [(); 4].map(|()| objects.reserve());
        let glyphs = self.glyphs.as_ref().map(|glyphs| (objects.reserve(), glyphs));
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

        let mut body = b"<</Type/Font".to_vec();
        match &glyphs {
            _ if font.is_cff => body.extend_from_slice(b"/Subtype/CIDFontType0"),
            Some((id, _)) => refer(&mut body, b"/Subtype/CIDFontType2/CIDToGIDMap ", *id),
            None => body.extend_from_slice(b"/Subtype/CIDFontType2/CIDToGIDMap/Identity"),
        }
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
        syntax::number(&mut body, font.stem);
        refer(&mut body, if font.is_cff { b"/FontFile3 " } else { b"/FontFile2 " }, program);
        body.extend_from_slice(b">>");
        objects.object(descriptor, &body);

        let mut entries = b"/Filter/FlateDecode".to_vec();
        if font.is_cff {
            entries.extend_from_slice(b"/Subtype/CIDFontType0C");
        } else {
            entries.extend_from_slice(b"/Length1 ");
            syntax::integer(&mut entries, self.length as u64);
        }
        objects.stream(program, &entries, &self.program);
        objects.stream(unicode, b"/Filter/FlateDecode", &self.unicode);
        if let Some((id, glyphs)) = glyphs {
            objects.stream(id, b"/Filter/FlateDecode", glyphs);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::{super::Face, *};

    #[test]
    fn one_glyph_that_stands_for_two_texts_is_read_again_as_each() {
        let font = Face::Sans.font();
        let glyph = font.glyph('A').unwrap();
        let mut letters = Letters::new(font);
        let numbers = ["A", "А", "A", ""].map(|text| letters.add_glyph(glyph, text));
        assert_eq!(numbers, [1, 2, 1, 3]);
        let subset = letters.cut().unwrap();
        assert_eq!((subset.letter('A'), subset.letter('А')), (Some(1), Some(2)));
        let glyphs = miniz_oxide::inflate::decompress_to_vec_zlib(&subset.glyphs.unwrap()).unwrap();
        assert_eq!(glyphs, [0, 0, 0, 1, 0, 1, 0, 1]);
        assert_eq!(letters.unicode().matches("0041>").count(), 1);
    }
}
