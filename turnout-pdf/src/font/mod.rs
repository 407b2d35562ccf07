//! Typefaces: those we bring, those a form brings, and those an operator adds; of each a file gets the letters it needs.

mod face;
mod letters;
pub(crate) mod shape;

use std::{
    borrow::Cow,
    path::Path,
    sync::{Arc, OnceLock},
};

use skrifa::{
    FontRef, GlyphId, MetadataProvider as _,
    instance::{LocationRef, Size},
    raw::TableProvider as _,
    string::StringId,
};

pub(crate) use self::{
    face::Face,
    letters::{Letters, Subset},
};
use crate::Error;

/// A font of one's own, for letters that the bundled ones lack: Chinese, Arabic, Devanagari, ….
///
/// Read once and shared; a filled file gets the letters it uses.
#[derive(Debug, Clone)]
pub struct Typeface(pub(crate) Arc<Font>);

impl Typeface {
    /// Reads a font file: TrueType or OpenType, the first font of a collection.
    ///
    /// # Errors
    /// When the file cannot be read, is no such font, or its maker does not allow that parts of it go into documents.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let unusable = |source| Error::File { path: path.to_owned(), source };
        let bytes = std::fs::read(path).map_err(unusable)?;
        Self::read(bytes).map_err(|error| error.of(&path.display().to_string()))
    }

    /// Reads a font: TrueType or OpenType, the first font of a collection.
    ///
    /// # Errors
    /// When it is no such font, or its maker does not allow that parts of it go into documents.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Error> {
        let font = Font::read(bytes.into(), None).ok_or(Error::Font)?;
        Ok(Self(Arc::new(font)))
    }

    /// The font's file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0.data
    }
}

/// A typeface and its measures, in thousandths of the size.
pub(crate) struct Font {
    /// As a PDF calls it, without the tag of a subset.
    name: String,
    data: Cow<'static, [u8]>,
    /// Whether its outlines are those of PostScript.
    is_cff: bool,
    /// Sorted by letter.
    glyphs: Vec<(char, u16)>,
    /// By glyph.
    widths: Vec<f32>,
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) cap_height: f32,
    pub(crate) bounds: [f32; 4],
    /// How thick its upright strokes are.
    pub(crate) stem: f32,
    /// What shaping reads of it, when it is first needed.
    shaper: OnceLock<Option<harfrust::Font>>,
}

impl Font {
    /// Reads a font; nothing if it is none, or parts of it must not go into documents.
    pub(crate) fn read(data: Cow<'static, [u8]>, name: Option<&str>) -> Option<Self> {
        let font = FontRef::from_index(&data, 0).ok()?;
        // OpenType, OS/2 fsType: restricted; whole fonts only; bitmaps only
        let allowed = font.os2().map_or(0, |os2| os2.fs_type());
        if allowed & 0xF == 2 || allowed & 0x300 != 0 {
            return None;
        }
        let is_cff = font.cff().is_ok();
        if !is_cff && font.glyf().is_err() {
            return None;
        }
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        if metrics.units_per_em == 0 {
            return None;
        }
        let thousandths = 1000.0 / f32::from(metrics.units_per_em);
        let advances = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let widths: Vec<f32> = (0..metrics.glyph_count)
            .map(|glyph| advances.advance_width(glyph.into()).unwrap_or(0.0) * thousandths)
            .collect();
        let known =
            |glyph: GlyphId| u16::try_from(glyph.to_u32()).ok().filter(|at| usize::from(*at) < widths.len());
        let mut glyphs: Vec<(char, u16)> = font
            .charmap()
            .mappings()
            .filter_map(|(code, glyph)| Some((char::from_u32(code)?, known(glyph)?)))
            .filter(|(_, glyph)| *glyph != 0)
            .collect();
        if glyphs.is_empty() {
            return None;
        }
        glyphs.sort_unstable();
        let own_name = || {
            let name = font.localized_strings(StringId::POSTSCRIPT_NAME).next()?;
            Some(name.chars().filter(char::is_ascii_alphanumeric).take(63).collect::<String>())
        };
        let name = name.map(str::to_owned).or_else(own_name).filter(|name| !name.is_empty());
        let bounds = metrics.bounds.map_or([0.0, -212.0, 1000.0, 905.0], |b| {
            [b.x_min, b.y_min, b.x_max, b.y_max].map(|value| value * thousandths)
        });
        let (ascent, descent) = (metrics.ascent * thousandths, metrics.descent * thousandths);
        let is_heavy = font.os2().is_ok_and(|os2| os2.us_weight_class() >= 600);
        Some(Self {
            name: name.unwrap_or_else(|| "Font".to_owned()),
            is_cff,
            glyphs,
            widths,
            ascent: if ascent > 0.0 { ascent } else { 905.0 },
            descent: descent.min(0.0),
            cap_height: metrics.cap_height.map_or(729.0, |height| height * thousandths),
            bounds,
            stem: if is_heavy { 140.0 } else { 80.0 },
            shaper: OnceLock::new(),
            data,
        })
    }

    /// The glyph of a letter.
    pub(crate) fn glyph(&self, c: char) -> Option<u16> {
        let at = self.glyphs.binary_search_by_key(&c, |(letter, _)| *letter).ok()?;
        Some(self.glyphs[at].1)
    }

    /// The advance of a glyph in thousandths of the size.
    pub(crate) fn width(&self, glyph: u16) -> f32 {
        self.widths.get(usize::from(glyph)).copied().unwrap_or(0.0)
    }

    /// The advance of a letter in thousandths of the size; that of the empty box where there is no such letter.
    pub(crate) fn advance(&self, c: char) -> f32 {
        self.width(self.glyph(c).unwrap_or(0))
    }

    /// The width of a text whose letters stand side by side, in thousandths of the size.
    pub(crate) fn width_of(&self, text: &str) -> f32 {
        text.chars().map(|c| self.advance(c)).sum()
    }

    /// What shaping reads; nothing if it cannot.
    fn shaper(&self) -> Option<&harfrust::Font> {
        self.shaper.get_or_init(|| harfrust::Font::new(self.data.to_vec(), 0)).as_ref()
    }
}

impl std::fmt::Debug for Font {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Font")
            .field("name", &self.name)
            .field("letters", &self.glyphs.len())
            .finish_non_exhaustive()
    }
}
