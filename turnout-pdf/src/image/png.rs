//! PNG: unpacked, its transparency put aside as a mask, and packed again.

use std::io::Cursor;

use miniz_oxide::{
    DataFormat,
    deflate::core::{CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output},
};
use turnout_core::file::PictureError;

use super::{Orientation, Picture};

/// The most bytes that the decoder may keep beside the rows.
const MAX_KEPT: usize = 8 << 20;
/// The most bytes of an interlaced picture once it is unpacked: its rows come in no order, so all are kept.
const MAX_INTERLACED: usize = 32 << 20;

pub(super) fn read(bytes: &[u8]) -> Result<Picture, PictureError> {
    let damaged = |_| PictureError::Damaged;
    let limits = png::Limits { bytes: MAX_KEPT };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width, height) = (reader.info().width, reader.info().height);
    let orientation =
        reader.info().exif_metadata.as_deref().map_or(Orientation::UPRIGHT, Orientation::of_exif);
    let (space, colors, has_mask): (&[u8], usize, bool) = match reader.output_color_type().0 {
        png::ColorType::Grayscale => (b"/DeviceGray", 1, false),
        png::ColorType::GrayscaleAlpha => (b"/DeviceGray", 1, true),
        png::ColorType::Rgb => (b"/DeviceRGB", 3, false),
        png::ColorType::Rgba => (b"/DeviceRGB", 3, true),
        png::ColorType::Indexed => return Err(PictureError::Damaged),
    };
    let mut layers = Layers { colors, has_mask, data: Packed::new(), mask: Packed::new(), row: Vec::new() };
    if reader.info().interlaced {
        let size = reader.output_buffer_size().filter(|size| *size <= MAX_INTERLACED);
        let mut pixels = vec![0; size.ok_or(PictureError::Size)?];
        reader.next_frame(&mut pixels).map_err(damaged)?;
        layers.put(&pixels);
    } else {
        while let Some(row) = reader.next_row().map_err(damaged)? {
            layers.put(row.data());
        }
    }
    reader.finish().map_err(damaged)?;
    let mask = has_mask.then(|| layers.mask.finish());
    let data = layers.data.finish();
    Ok(Picture { width, height, orientation, space, filter: b"/FlateDecode", data, mask })
}

/// The colors of a picture and what of it can be seen, packed as they come.
struct Layers {
    colors: usize,
    has_mask: bool,
    data: Packed,
    mask: Packed,
    row: Vec<u8>,
}

impl Layers {
    fn put(&mut self, pixels: &[u8]) {
        if !self.has_mask {
            return self.data.put(pixels);
        }
        let pixels = pixels.chunks_exact(self.colors + 1);
        self.row.clear();
        self.row.extend(pixels.clone().flat_map(|pixel| &pixel[..self.colors]));
        self.data.put(&self.row);
        self.row.clear();
        self.row.extend(pixels.map(|pixel| pixel[self.colors]));
        self.mask.put(&self.row);
    }
}

/// Bytes that are deflated as they come.
struct Packed {
    compressor: CompressorOxide,
    bytes: Vec<u8>,
}

impl Packed {
    fn new() -> Self {
        let mut compressor = CompressorOxide::default();
        compressor.set_format_and_level(DataFormat::Zlib, 6);
        Self { compressor, bytes: Vec::new() }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.compress(bytes, TDEFLFlush::None);
    }

    fn finish(mut self) -> Vec<u8> {
        self.compress(&[], TDEFLFlush::Finish);
        self.bytes
    }

    fn compress(&mut self, bytes: &[u8], flush: TDEFLFlush) {
        let Self { compressor, bytes: out } = self;
        let (status, _) = compress_to_output(compressor, bytes, flush, |packed| {
            out.extend_from_slice(packed);
            true
        });
        debug_assert!(matches!(status, TDEFLStatus::Okay | TDEFLStatus::Done), "a Vec takes every byte");
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    pub(in crate::image) fn rgba(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
        drawn(width, height, png::ColorType::Rgba, png::BitDepth::Eight, pixels)
    }

    fn drawn(width: u32, height: u32, color: png::ColorType, depth: png::BitDepth, pixels: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == png::ColorType::Indexed {
            encoder.set_palette(vec![0, 0, 0, 255, 255, 255]);
            encoder.set_trns(vec![255, 0]);
        }
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        bytes
    }

    fn unpacked(data: &[u8]) -> Vec<u8> {
        miniz_oxide::inflate::decompress_to_vec_zlib(data).unwrap()
    }

    #[test]
    fn a_transparent_picture_keeps_its_transparency() {
        let picture = read(&rgba(2, 1, &[1, 2, 3, 255, 4, 5, 6, 0])).unwrap();
        assert_eq!(unpacked(&picture.data), [1, 2, 3, 4, 5, 6]);
        assert_eq!(unpacked(picture.mask.as_ref().unwrap()), [255, 0]);
    }

    #[test]
    fn every_kind_of_pixel_is_read() {
        use png::{BitDepth, ColorType};
        for (color, depth, row, data, mask) in [
            (ColorType::Grayscale, BitDepth::One, vec![0b0100_0000], vec![0, 255], None),
            (ColorType::Grayscale, BitDepth::Sixteen, vec![7, 1, 9, 1], vec![7, 9], None),
            (ColorType::GrayscaleAlpha, BitDepth::Eight, vec![7, 255, 9, 0], vec![7, 9], Some(vec![255, 0])),
            (ColorType::Rgb, BitDepth::Eight, vec![1, 2, 3, 4, 5, 6], vec![1, 2, 3, 4, 5, 6], None),
            (
                ColorType::Indexed,
                BitDepth::Eight,
                vec![0, 1],
                vec![0, 0, 0, 255, 255, 255],
                Some(vec![255, 0]),
            ),
        ] {
            let rows = row.repeat(300);
            let picture = read(&drawn(2, 300, color, depth, &rows)).unwrap();
            assert_eq!(unpacked(&picture.data), data.repeat(300), "{color:?} {depth:?}");
            assert_eq!(
                picture.mask.map(|mask| unpacked(&mask)),
                mask.map(|row| row.repeat(300)),
                "{color:?}"
            );
        }
    }

    #[test]
    fn a_picture_whose_rows_are_cut_short_is_refused() {
        let whole = rgba(2, 2, &[9; 16]);
        let taller = {
            // one row more than there are, and the sum of the header set right
            let mut bytes = whole.clone();
            bytes[23] = 3;
            let mut sum = u32::MAX;
            for byte in &bytes[12..29] {
                sum ^= u32::from(*byte);
                for _ in 0..8 {
                    sum = if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
                }
            }
            bytes[29..33].copy_from_slice(&(!sum).to_be_bytes());
            bytes
        };
        assert!(turnout_core::file::ImageKind::of(&taller).is_ok(), "it says nothing wrong of itself");
        assert!(matches!(read(&taller), Err(PictureError::Damaged)));
        assert!(read(&whole).is_ok());
    }
}
