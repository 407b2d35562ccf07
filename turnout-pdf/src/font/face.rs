//! The fonts we bring: letters as wide as those of Helvetica, Times and Courier, which forms name and do not bring.

use std::sync::{Arc, LazyLock, OnceLock};

use super::{Font, Letters, Subset};

/// A cut of a bundled typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Sans,
    SansBold,
    Serif,
    SerifBold,
    Mono,
    MonoBold,
}

macro_rules! bundled {
    ($($name:literal),*) => {
        [$(LazyLock::new(|| {
            let data = include_bytes!(concat!("../../assets/fonts/", $name, ".ttf"));
            Arc::new(Font::read(data.as_slice().into(), Some($name)).expect("the bundled font is sound"))
        })),*]
    };
}

static FONTS: [LazyLock<Arc<Font>>; 6] = bundled![
    "TurnoutSans-Regular",
    "TurnoutSans-Bold",
    "TurnoutSerif-Regular",
    "TurnoutSerif-Bold",
    "TurnoutMono-Regular",
    "TurnoutMono-Bold"
];

impl Face {
    pub(crate) const ALL: [Self; 6] =
        [Self::Sans, Self::SansBold, Self::Serif, Self::SerifBold, Self::Mono, Self::MonoBold];
    /// What our own documents are set in.
    pub(crate) const OURS: [Self; 2] = [Self::Sans, Self::SansBold];

    /// The face most like a font, by its names and what its descriptor says (`/Flags`, ISO 32000-1, 9.8.2).
    pub(crate) fn like<'a>(names: impl IntoIterator<Item = &'a [u8]>, flags: i64) -> Self {
        let (mut mono, mut serif, mut bold) = (flags & 1 != 0, flags & 2 != 0, flags & 1 << 18 != 0);
        for name in names {
            let lower = name.to_ascii_lowercase();
            let has = |words: &[&[u8]]| {
                words.iter().any(|word| lower.windows(word.len()).any(|part| part == *word))
            };
            let sans = has(&[b"sans", b"helv", b"arial"]);
            mono |= has(&[b"cour", b"mono", b"consolas", b"typewriter"]);
            serif = !sans
                && (serif || has(&[b"times", b"tiro", b"tibo", b"serif", b"georgia", b"garamond", b"roman"]));
            bold |= has(&[b"bold", b"black", b"heavy"])
                || [b"HeBo", b"TiBo", b"CoBo"].iter().any(|own| name == *own);
        }
        match (mono, serif, bold) {
            (true, _, false) => Self::Mono,
            (true, _, true) => Self::MonoBold,
            (_, true, false) => Self::Serif,
            (_, true, true) => Self::SerifBold,
            (_, _, false) => Self::Sans,
            (_, _, true) => Self::SansBold,
        }
    }

    /// The face that has the letters which this one lacks.
    pub(crate) fn fallback(self) -> Option<Self> {
        match self {
            Self::Sans | Self::SansBold => None,
            Self::Serif | Self::Mono => Some(Self::Sans),
            Self::SerifBold | Self::MonoBold => Some(Self::SansBold),
        }
    }

    /// What forms call the font that every reader has and that is as wide, and its own name.
    pub(crate) fn standard(self) -> (&'static str, &'static str) {
        match self {
            Self::Sans => ("Helv", "Helvetica"),
            Self::SansBold => ("HeBo", "Helvetica-Bold"),
            Self::Serif => ("TiRo", "Times-Roman"),
            Self::SerifBold => ("TiBo", "Times-Bold"),
            Self::Mono => ("Cour", "Courier"),
            Self::MonoBold => ("CoBo", "Courier-Bold"),
        }
    }

    /// The font of this face.
    pub(crate) fn font(self) -> &'static Arc<Font> {
        &FONTS[self as usize]
    }

    /// The subset of common letters.
    pub(crate) fn common(self) -> &'static Arc<Subset> {
        static SUBSETS: [OnceLock<Arc<Subset>>; 6] = [const { OnceLock::new() }; 6];
        SUBSETS[self as usize].get_or_init(|| {
            let subset = Letters::common(self.font()).cut();
            Arc::new(subset.expect("the bundled font is sound"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_countries_have_their_letters_in_every_face() {
        for name in ["José O’Brien-García", "Nguyễn Thị", "Łukasz Żółć", "Дмитрий", "Ελένη", "Þórð", "ʻOkina"]
        {
            for face in Face::ALL {
                let missing: Vec<char> = name.chars().filter(|c| face.font().glyph(*c).is_none()).collect();
                assert!(missing.is_empty(), "{name} {face:?}: {missing:?}");
            }
        }
        assert_eq!(Face::Sans.font().glyph('李'), None);
    }

    #[test]
    fn a_font_is_known_by_its_names_and_flags() {
        for (names, flags, expected) in [
            (vec!["Helv"], 0, Face::Sans),
            (vec!["HeBo"], 0, Face::SansBold),
            (vec!["TiRo", "Times-Roman"], 0, Face::Serif),
            (vec!["F1", "TimesNewRomanPS-BoldMT"], 34, Face::SerifBold),
            (vec!["Cour", "Courier"], 0, Face::Mono),
            (vec!["C2_0", "CourierNewPS-BoldMT"], 33, Face::MonoBold),
            (vec!["OpenSans-Extrabold"], 32, Face::SansBold),
            (vec!["OpenSans,Bold"], 32, Face::SansBold),
            (vec!["ArialMT"], 0, Face::Sans),
            (vec!["F7", "Minion"], 2, Face::Serif),
        ] {
            assert_eq!(Face::like(names.iter().map(|name| name.as_bytes()), flags), expected, "{names:?}");
        }
    }

    #[test]
    fn letters_are_as_wide_as_those_of_the_fonts_that_every_reader_has() {
        for (face, letter, width) in [
            (Face::Sans, 'A', 667.0),
            (Face::SansBold, 'A', 722.0),
            (Face::Serif, 'A', 722.0),
            (Face::SerifBold, 'a', 500.0),
            (Face::Mono, 'i', 600.0),
            (Face::MonoBold, 'W', 600.0),
        ] {
            let found = face.font().advance(letter);
            assert!((found - width).abs() < 1.0, "{face:?}: {found}");
        }
    }
}
