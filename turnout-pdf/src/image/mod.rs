//! Pictures put on a page: signatures, as PNG or JPEG. Each is unpacked once, so that a damaged one never reaches a
//! page; a JPEG then goes into the file as it came, but for what it says of where and with what it was taken.

mod jpeg;
mod orientation;
mod png;

use turnout_core::file::{ImageKind, PictureError};

use self::orientation::Orientation;
use crate::syntax::{self, Id, Objects};

/// A picture that was read.
pub(crate) struct Picture {
    width: u32,
    height: u32,
    orientation: Orientation,
    /// `/DeviceGray` or `/DeviceRGB`.
    space: &'static [u8],
    filter: &'static [u8],
    /// As the filter has it.
    data: Vec<u8>,
    /// How much of the picture covers the page, deflated; nothing where all of it does.
    mask: Option<Vec<u8>>,
}

impl Picture {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        match ImageKind::of(bytes)? {
            ImageKind::Png => png::read(bytes),
            ImageKind::Jpeg => jpeg::read(bytes),
        }
    }

    /// The matrix that puts the picture into a rectangle (left, bottom, width, height) of a page that is turned by so
    /// many degrees when it is shown: upright then, keeping its ratio, centered.
    pub(crate) fn fitted(&self, [left, bottom, width, height]: [f32; 4], turn: u16) -> [f32; 6] {
        let orientation = self.orientation.then(Orientation::upright_on(turn));
        let (across, up) = (self.width as f32, self.height as f32);
        let (across, up) = if orientation.is_on_its_side() { (up, across) } else { (across, up) };
        let scale = (width / across).min(height / up);
        let (x, y) = (across * scale, up * scale);
        let (left, bottom) = (left + (width - x) / 2.0, bottom + (height - y) / 2.0);
        let [a, b, c, d, e, f] = orientation.matrix();
        [a * x, b * y, c * x, d * y, e * x + left, f * y + bottom]
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_picture_keeps_its_ratio_and_stands_upright_on_every_page() {
        let mut picture = png::tests::rgba(2, 1, &[0; 8]);
        let read = |picture: &[u8]| Picture::read(picture).unwrap();
        let rect = [10.0, 20.0, 40.0, 40.0];
        assert_eq!(read(&picture).fitted(rect, 0), [40.0, 0.0, 0.0, 20.0, 10.0, 30.0]);
        // its right side points up on a page that is turned to the right
        assert_eq!(read(&picture).fitted(rect, 90), [0.0, 40.0, -20.0, 0.0, 40.0, 20.0]);
        assert_eq!(read(&picture).fitted(rect, 180), [-40.0, 0.0, 0.0, -20.0, 50.0, 50.0]);
        picture = png::tests::rgba(1, 2, &[0; 8]);
        assert_eq!(read(&picture).fitted(rect, 270), [0.0, -20.0, 40.0, 0.0, 10.0, 50.0]);
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
            assert!(matches!(Picture::read(bytes), Err(PictureError::Damaged)), "{bytes:?}");
        }
    }
}
