//! Pictures put on a page: signatures, as PNG or JPEG.

use std::io::Cursor;

use crate::{
    Error,
    syntax::{self, Id, Objects, deflate},
};

/// The most pixels of a picture: a page at 600 dots per inch.
const MAX_PIXELS: u64 = 40_000_000;
/// The most bytes that reading a picture may take.
const MAX_DECODED: usize = 96 << 20;

/// A picture that was read.
pub(crate) struct Picture {
    width: u32,
    height: u32,
    /// `/DeviceGray` or `/DeviceRGB`.
    space: &'static [u8],
    filter: &'static [u8],
    /// As the filter has it.
    data: Vec<u8>,
    /// How much of the picture covers the page, deflated; nothing where all of it does.
    mask: Option<Vec<u8>>,
}

impl Picture {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => png(bytes),
            [0xFF, 0xD8, ..] => jpeg(bytes),
            _ => Err(Error::Picture("it is neither PNG nor JPEG")),
        }
    }

    /// The matrix that puts the picture into a rectangle (left, bottom, width, height), keeping its ratio, centered.
    pub(crate) fn fitted(&self, [left, bottom, width, height]: [f32; 4]) -> [f32; 6] {
        let (own_width, own_height) = (self.width as f32, self.height as f32);
        let scale = (width / own_width).min(height / own_height);
        let (x, y) = (own_width * scale, own_height * scale);
        [x, 0.0, 0.0, y, left + (width - x) / 2.0, bottom + (height - y) / 2.0]
    }

    /// Writes the picture under that number.
    pub(crate) fn write(&self, objects: &mut Objects, id: Id) {
        let mask = self.mask.as_ref().map(|mask| {
            let id = objects.reserve();
            objects.stream(id, &self.entries(b"/DeviceGray", b"/FlateDecode"), mask);
            id
        });
        let mut entries = self.entries(self.space, self.filter);
        if let Some(mask) = mask {
            entries.extend_from_slice(b"/SMask ");
            syntax::reference(&mut entries, mask);
        }
        objects.stream(id, &entries, &self.data);
    }

    fn entries(&self, space: &[u8], filter: &[u8]) -> Vec<u8> {
        let mut entries = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/Width ".to_vec();
        syntax::integer(&mut entries, self.width.into());
        entries.extend_from_slice(b"/Height ");
        syntax::integer(&mut entries, self.height.into());
        entries.extend_from_slice(b"/ColorSpace");
        entries.extend_from_slice(space);
        entries.extend_from_slice(b"/Filter");
        entries.extend_from_slice(filter);
        entries
    }
}

fn within(width: u32, height: u32) -> Result<(), Error> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Error::Picture("it has no pixels")),
        pixels if pixels > MAX_PIXELS => Err(Error::Picture("it has more than 40 million pixels")),
        _ => Ok(()),
    }
}

fn png(bytes: &[u8]) -> Result<Picture, Error> {
    let broken = |_| Error::Picture("the PNG is damaged");
    let limits = png::Limits { bytes: MAX_DECODED };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = (reader.info().width, reader.info().height);
    within(width, height)?;
    let size = reader.output_buffer_size().filter(|size| *size <= 4 * MAX_PIXELS as usize);
    let mut pixels = vec![0; size.ok_or(Error::Picture("it has more than 40 million pixels"))?];
    let frame = reader.next_frame(&mut pixels).map_err(broken)?;
    pixels.truncate(frame.buffer_size());
    let (space, colors, has_mask): (&[u8], usize, bool) = match frame.color_type {
        png::ColorType::Grayscale => (b"/DeviceGray", 1, false),
        png::ColorType::GrayscaleAlpha => (b"/DeviceGray", 1, true),
        png::ColorType::Rgb => (b"/DeviceRGB", 3, false),
        png::ColorType::Rgba => (b"/DeviceRGB", 3, true),
        png::ColorType::Indexed => return Err(Error::Picture("the PNG is damaged")),
    };
    let (data, mask) = if has_mask {
        let (pixels, channels) = (pixels.chunks_exact(colors + 1), colors);
        let mask: Vec<u8> = pixels.clone().map(|pixel| pixel[channels]).collect();
        let data: Vec<u8> = pixels.flat_map(|pixel| &pixel[..channels]).copied().collect();
        (deflate(&data), Some(deflate(&mask)))
    } else {
        (deflate(&pixels), None)
    };
    Ok(Picture { width, height, space, filter: b"/FlateDecode", data, mask })
}

/// Reads what a JPEG says about itself; its picture goes into the file as it is.
fn jpeg(bytes: &[u8]) -> Result<Picture, Error> {
    const BROKEN: Error = Error::Picture("the JPEG is damaged");
    let mut at = 2;
    loop {
        let [0xFF, marker, high, low] = *bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(BROKEN)?
        else {
            return Err(BROKEN);
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        // the beginning of a frame, of any kind; C4, C8 and CC are tables
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let frame: &[u8; 6] = bytes.get(at + 4..).and_then(|rest| rest.first_chunk()).ok_or(BROKEN)?;
            let [depth, h1, h0, w1, w0, components] = *frame;
            let (width, height) = (u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into());
            within(width, height)?;
            let space: &[u8] = match (depth, components) {
                (8, 1) => b"/DeviceGray",
                (8, 3) => b"/DeviceRGB",
                _ => return Err(Error::Picture("the JPEG is neither gray nor red, green and blue")),
            };
            return Ok(Picture {
                width,
                height,
                space,
                filter: b"/DCTDecode",
                data: bytes.to_vec(),
                mask: None,
            });
        }
        if length < 2 || marker == 0xDA {
            return Err(BROKEN);
        }
        at += 2 + length;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_transparent_picture_keeps_its_transparency_and_its_ratio() {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(&[1, 2, 3, 255, 4, 5, 6, 0]).unwrap();
        let picture = Picture::read(&bytes).unwrap();
        let inflated = |data: &[u8]| miniz_oxide::inflate::decompress_to_vec_zlib(data).unwrap();
        assert_eq!(inflated(&picture.data), [1, 2, 3, 4, 5, 6]);
        assert_eq!(inflated(picture.mask.as_ref().unwrap()), [255, 0]);
        assert_eq!(picture.fitted([10.0, 20.0, 40.0, 40.0]), [40.0, 0.0, 0.0, 20.0, 10.0, 30.0]);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [
            &b""[..],
            b"GIF89a",
            b"\x89PNG\r\n\x1a\n",
            b"\xFF\xD8\xFF\xE0\x00\x01",
            b"\xFF\xD8\xFF\xDA\x00\x08",
        ] {
            assert!(matches!(Picture::read(bytes), Err(Error::Picture(_))), "{bytes:?}");
        }
    }

    #[test]
    fn a_jpeg_tells_its_size() {
        let bytes = b"\xFF\xD8\xFF\xE0\x00\x04xx\xFF\xC0\x00\x0B\x08\x00\x05\x00\x07\x01";
        let picture = Picture::read(bytes).unwrap();
        assert_eq!((picture.width, picture.height, picture.space), (7, 5, b"/DeviceGray".as_slice()));
    }
}
