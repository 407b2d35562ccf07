//! JPEG: unpacked to see that it can be, then taken as it is, without what cameras write beside the picture.

use turnout_core::file::PictureError;
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{Orientation, Picture};

pub(super) fn read(bytes: &[u8]) -> Result<Picture, PictureError> {
    let (mut data, mut orientation) = (vec![0xFF, 0xD8], Orientation::UPRIGHT);
    let mut after: &[u8] = &[];
    let mut refined: Option<Refined> = None;
    for Part { marker, bytes } in Parts(bytes.get(2..).unwrap_or_default()) {
        match marker {
            // how the colors are to be read, by Adobe
            0xEE => data.extend_from_slice(bytes),
            0xE1 => {
                if let Some(exif) = bytes[4..].strip_prefix(b"Exif\0\0") {
                    orientation = Orientation::of_exif(exif);
                }
            }
            // other notes of programs, and comments: where, when and by whom it was taken
            0xE0..=0xEF | 0xFE => {}
            END => break,
            BASELINE => {
                data.extend_from_slice(bytes);
                after = &NO_CODE;
            }
            PROGRESSIVE => {
                data.extend_from_slice(bytes);
                refined = Some(Refined::new(bytes));
            }
            SCAN => {
                data.extend_from_slice(bytes);
                refined.iter_mut().for_each(|it| it.scan(bytes));
            }
            _ => data.extend_from_slice(bytes),
        }
    }
    if refined.is_some_and(|it| !it.is_whole()) {
        return Err(PictureError::Damaged);
    }
    let (width, height, is_gray) = unpack(&[data.as_slice(), after, &[0xFF, END]].concat())?;
    data.extend_from_slice(&[0xFF, END]);
    let space: &[u8] = if is_gray { b"/DeviceGray" } else { b"/DeviceRGB" };
    Ok(Picture { width, height, orientation, space, filter: b"/DCTDecode", data, mask: None })
}

/// Unpacks a picture, and tells its width, its height and whether it is gray.
fn unpack(data: &[u8]) -> Result<(u32, u32, bool), PictureError> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(data), options);
    decoder.decode_headers().map_err(|_| PictureError::Damaged)?;
    let info = decoder.info().ok_or(PictureError::Damaged)?;
    if matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma)) {
        // its brightness is enough to see whether it can be unpacked, in a third of the memory
        decoder.set_options(options.jpeg_set_out_colorspace(ColorSpace::Luma));
    }
    decoder.decode().map_err(|_| PictureError::Damaged)?;
    Ok((info.width.into(), info.height.into(), info.components == 1))
}

/// The end of a picture.
const END: u8 = 0xD9;
/// The head of a picture whose dots come in one go.
const BASELINE: u8 = 0xC0;
/// Bits that no code begins with. The decoder takes dots that are missing at the end for gray ones; behind the data of a
/// picture that is whole it does not read these, behind data that end too early it does.
const NO_CODE: [u8; 32] = {
    let mut bits = [0; 32];
    let mut at = 0;
    while at < bits.len() {
        bits[at] = 0xFF;
        at += 2;
    }
    bits
};
/// The beginning of a scan.
const SCAN: u8 = 0xDA;

/// The head of a picture that comes in several scans, each finer.
const PROGRESSIVE: u8 = 0xC2;

/// How fine the scans of a progressive picture have made each of its components: a picture that ends too early lacks the
/// scans after it (JPEG, G.1.1.1). Only within the last one a loss goes unseen, here and on the paper.
struct Refined {
    /// Each component's name, and of each coefficient the lowest bit that came; above all of them before any did.
    components: Vec<(u8, [u8; 64])>,
}

impl Refined {
    /// Nothing came yet. `head` has the marker, a length, 6 bytes of precision, size and count, 3 for each component.
    fn new(head: &[u8]) -> Self {
        let components = head.get(10..).unwrap_or_default().chunks_exact(3);
        Self { components: components.map(|it| (it[0], [u8::MAX; 64])).collect() }
    }

    /// Takes note of a scan. `bytes` has the marker, a length, a count, 2 bytes for each component, then the first
    /// and the last coefficient and a byte of whose halves the lower is the bit.
    fn scan(&mut self, bytes: &[u8]) {
        let count = usize::from(bytes.get(4).copied().unwrap_or_default());
        let Some((named, [first, last, bits, ..])) =
            bytes.get(5..).and_then(|it| it.split_at_checked(2 * count))
        else {
            return;
        };
        for (name, coefficients) in &mut self.components {
            if named.chunks_exact(2).any(|it| it[0] == *name) {
                let span = usize::from(*first)..=usize::from((*last).min(63));
                coefficients.get_mut(span).into_iter().flatten().for_each(|bit| *bit = *bits & 0xF);
            }
        }
    }

    fn is_whole(&self) -> bool {
        self.components.iter().all(|(_, coefficients)| coefficients.iter().all(|bit| *bit == 0))
    }
}

/// A marker of a JPEG and what belongs to it; a scan with its data.
struct Part<'a> {
    marker: u8,
    /// With the marker itself.
    bytes: &'a [u8],
}

/// The parts of a JPEG after its first marker (JPEG, B.1.1). Ends where they do, or where they are damaged.
struct Parts<'a>(&'a [u8]);

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let [0xFF, marker, ..] = *self.0 else { return None };
        let mut length = 2;
        if marker != END {
            length += usize::from(u16::from_be_bytes([*self.0.get(2)?, *self.0.get(3)?]).max(2));
        }
        if marker == SCAN {
            let data = self.0.get(length..)?;
            // within the data, FF is followed by nought or by the number of a restart
            length +=
                data.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7))?;
        }
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Part { marker, bytes })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use turnout_core::file::ImageKind;

    use super::{super::orientation::tests::exif, *};

    const GRAY: &[u8] = include_bytes!("../../tests/pictures/gray.jpg");
    const COLOR: &[u8] = include_bytes!("../../tests/pictures/color.jpg");
    const IN_SCANS: &[u8] = include_bytes!("../../tests/pictures/progressive.jpg");
    const RGB: &[u8] = include_bytes!("../../tests/pictures/rgb.jpg");
    const ON_ITS_SIDE: &[u8] = include_bytes!("../../tests/pictures/on-its-side.jpg");
    const CMYK: &[u8] = include_bytes!("../../tests/pictures/cmyk.jpg");

    #[test]
    fn every_usual_kind_is_read() {
        for (name, bytes, space) in [
            ("gray", GRAY, b"/DeviceGray".as_slice()),
            ("color", COLOR, b"/DeviceRGB"),
            ("progressive", IN_SCANS, b"/DeviceRGB"),
            ("rgb", RGB, b"/DeviceRGB"),
            ("on its side", ON_ITS_SIDE, b"/DeviceRGB"),
        ] {
            let picture = Picture::read(bytes).unwrap();
            assert_eq!((picture.width, picture.height, picture.space), (48, 24, space), "{name}");
        }
    }

    #[test]
    fn four_colors_are_refused_by_name() {
        assert!(matches!(Picture::read(CMYK), Err(PictureError::FourColors)));
    }

    #[test]
    fn what_a_camera_notes_turns_the_picture_and_does_not_come_along() {
        let picture = Picture::read(ON_ITS_SIDE).unwrap();
        assert_eq!(picture.orientation, Orientation::of_exif(&exif(6, true)));
        for word in ["Exif", "A camera", "taken at home", "JFIF"] {
            let has = |bytes: &[u8]| bytes.windows(word.len()).any(|part| part == word.as_bytes());
            assert!(has(ON_ITS_SIDE) && !has(&picture.data), "{word}");
        }
        // the second picture that some telephones put behind the first
        let two = [COLOR, ON_ITS_SIDE].concat();
        assert_eq!(Picture::read(&two).unwrap().data, Picture::read(COLOR).unwrap().data);
    }

    #[test]
    fn a_damaged_scan_is_refused_although_the_file_looks_whole() {
        for whole in [GRAY, COLOR, IN_SCANS] {
            // all bits set is a code that no table may have (JPEG, C)
            let scan = whole.windows(2).position(|pair| pair == [0xFF, SCAN]).unwrap() + 14;
            let damaged = [&whole[..scan], &[0xFF, 0].repeat(99), &[0xFF, END]].concat();
            assert_eq!(ImageKind::of(&damaged), Ok(ImageKind::Jpeg), "it says nothing wrong of itself");
            assert!(matches!(Picture::read(&damaged), Err(PictureError::Damaged)));
        }
    }

    #[test]
    fn a_picture_that_ends_before_its_last_dots_is_refused() {
        for (name, whole) in [("gray", GRAY), ("color", COLOR), ("rgb", RGB)] {
            let scan = whole.windows(2).rposition(|pair| pair == [0xFF, SCAN]).unwrap() + 14;
            let data = whole.len() - 2 - scan;
            for part in 0..8 {
                let cut = [&whole[..scan + data * part / 8], &[0xFF, END]].concat();
                assert_eq!(ImageKind::of(&cut), Ok(ImageKind::Jpeg), "{name} says nothing wrong of itself");
                assert!(matches!(Picture::read(&cut), Err(PictureError::Damaged)), "{part}/8 of {name}");
            }
            assert!(Picture::read(whole).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_picture_in_scans_that_lacks_the_last_ones_is_refused() {
        let scans: Vec<usize> =
            (0..IN_SCANS.len()).filter(|at| IN_SCANS[*at..].starts_with(&[0xFF, SCAN])).collect();
        assert!(scans.len() > 3);
        for (number, pair) in scans.windows(2).enumerate() {
            for cut in [pair[0], (pair[0] + pair[1]) / 2, pair[1]] {
                let cut = [&IN_SCANS[..cut], &[0xFF, END]].concat();
                assert!(matches!(Picture::read(&cut), Err(PictureError::Damaged)), "in scan {number}");
            }
        }
    }
}
