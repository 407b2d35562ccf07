//! Whether bytes are a picture that a form can carry: read from what the file says of itself, without unpacking it.

/// The kinds of pictures that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    /// PNG.
    Png,
    /// JPEG, gray or red, green and blue.
    Jpeg,
}

/// Why bytes are not taken as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// They are neither PNG nor JPEG, or a damaged one.
    #[error("it is no PNG or JPEG, or a damaged one")]
    Damaged,
    /// It has no pixels, or more than [`ImageKind::MAX_PIXELS`].
    #[error("it has no pixels, or more than {} million", ImageKind::MAX_PIXELS / 1_000_000)]
    Size,
    /// It is a JPEG in four colors, which are for printing presses.
    #[error("it is a JPEG in four colors (CMYK); save it in red, green and blue")]
    FourColors,
    /// It is a JPEG that no PDF can carry: lossless, hierarchical or with arithmetic coding.
    #[error("it is a JPEG of an unusual kind; save it as a plain one")]
    Unusual,
}

impl ImageKind {
    /// The most pixels of a picture: what a telephone's camera takes.
    pub const MAX_PIXELS: u64 = 25_000_000;

    /// The kind of a whole picture, by what the file says of itself. Whether its pixels can be unpacked shows only when
    /// they are, see [`crate::ports::forms::Forms::picture`].
    ///
    /// # Errors
    /// For all other bytes.
    pub fn of(bytes: &[u8]) -> Result<Self, PictureError> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', chunks @ ..] => {
                check_png(chunks).map(|()| Self::Png)
            }
            [0xFF, 0xD8, segments @ ..] => check_jpeg(segments).map(|()| Self::Jpeg),
            _ => Err(PictureError::Damaged),
        }
    }

    /// What it is called on the web.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

fn within(width: u32, height: u32) -> Result<(), PictureError> {
    let pixels = u64::from(width) * u64::from(height);
    if (1..=ImageKind::MAX_PIXELS).contains(&pixels) { Ok(()) } else { Err(PictureError::Size) }
}

/// A header, data and an end, each chunk with the sum that it says it has (PNG, 5 and 11.2).
fn check_png(mut chunks: &[u8]) -> Result<(), PictureError> {
    let (mut is_first, mut has_data) = (true, false);
    while let Some((kind, content, rest)) = chunk(chunks) {
        match (kind, is_first) {
            (b"IHDR", true) => check_header(content)?,
            (_, true) | (b"IHDR", false) => break,
            (b"IDAT", false) => has_data = true,
            (b"IEND", false) if has_data && content.is_empty() => return Ok(()),
            (b"IEND", false) => break,
            (_, false) => {}
        }
        is_first = false;
        chunks = rest;
    }
    Err(PictureError::Damaged)
}

/// The first chunk: its kind, its content and what follows. Nothing when it is cut off or damaged.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (summed, rest) = rest.split_at_checked(length.checked_add(4)?)?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    let (kind, content) = summed.split_first_chunk::<4>()?;
    (crc(summed) == u32::from_be_bytes(*sum)).then_some((kind, content, rest))
}

fn check_header(content: &[u8]) -> Result<(), PictureError> {
    let [w3, w2, w1, w0, h3, h2, h1, h0, depth, color, 0, 0, 0 | 1] = *content else {
        return Err(PictureError::Damaged);
    };
    let fits = match color {
        0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
        3 => matches!(depth, 1 | 2 | 4 | 8),
        2 | 4 | 6 => matches!(depth, 8 | 16),
        _ => false,
    };
    if !fits {
        return Err(PictureError::Damaged);
    }
    within(u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]))
}

/// CRC-32 as PNG sums its chunks (PNG, D).
fn crc(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0_u32; 256];
        let mut number = 0;
        while number < 256 {
            let mut sum = number as u32;
            let mut bit = 0;
            while bit < 8 {
                sum = if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
                bit += 1;
            }
            table[number] = sum;
            number += 1;
        }
        table
    };
    let next = |sum: u32, byte: &u8| TABLE[usize::from(sum as u8 ^ byte)] ^ (sum >> 8);
    !bytes.iter().fold(u32::MAX, next)
}

/// A frame of 8 bits and one or three colors, baseline or progressive, and a scan that comes to its end (JPEG, B.1 and
/// B.2.2). A PDF carries no other.
fn check_jpeg(mut segments: &[u8]) -> Result<(), PictureError> {
    const DAMAGED: PictureError = PictureError::Damaged;
    let mut has_frame = false;
    loop {
        let Some(([0xFF, marker, high, low], _)) = segments.split_first_chunk::<4>() else {
            return Err(DAMAGED);
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (segment, rest) = segments.split_at_checked(2 + length.max(2)).ok_or(DAMAGED)?;
        match marker {
            0xDA if has_frame && rest.windows(2).any(|pair| pair == [0xFF, 0xD9]) => return Ok(()),
            0xC0..=0xC2 if !has_frame => {
                check_frame(&segment[4..])?;
                has_frame = true;
            }
            // tables
            0xC4 => {}
            0xC3 | 0xC5..=0xCF => return Err(PictureError::Unusual),
            0x00..=0xD9 | 0xDA | 0xFF => return Err(DAMAGED),
            _ => {}
        }
        segments = rest;
    }
}

fn check_frame(content: &[u8]) -> Result<(), PictureError> {
    match *content {
        [8, h1, h0, w1, w0, 1 | 3, ..] => {
            within(u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into())
        }
        [_, _, _, _, _, 4, ..] => Err(PictureError::FourColors),
        [12 | 16, ..] => Err(PictureError::Unusual),
        _ => Err(PictureError::Damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        for (kind, content) in
            [(b"IHDR", &header[..]), (b"tEXt", b"of a test"), (b"IDAT", b"data"), (b"IEND", b"")]
        {
            let length = u32::try_from(content.len()).expect("it is short");
            let summed = [&kind[..], content].concat();
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(&summed);
            bytes.extend_from_slice(&crc(&summed).to_be_bytes());
        }
        bytes
    }

    fn jpeg(width: u32, height: u32, colors: u8) -> Vec<u8> {
        let half = |number: u32| u16::try_from(number).expect("it fits").to_be_bytes();
        let frame =
            [&[8][..], &half(height), &half(width), &[colors], &[0; 3].repeat(colors.into())].concat();
        let mut bytes = b"\xFF\xD8".to_vec();
        // a comment that looks like an end, tables, the frame, the scan
        for (marker, content) in
            [(0xFE, &b"\xFF\xD9"[..]), (0xC4, b"tables"), (0xC2, &frame), (0xDA, b"scan")]
        {
            let length = u16::try_from(content.len() + 2).expect("it is short");
            bytes.extend_from_slice(&[0xFF, marker]);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(content);
        }
        bytes.extend_from_slice(b"\x01\xFF\x00\x02\xFF\xD0\x03\xFF\xD9");
        bytes
    }

    #[test]
    fn a_picture_that_another_program_drew_is_one() {
        let drawn = b"\x89\x50\x4E\x47\x0D\x0A\x1A\x0A\x00\x00\x00\x0D\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3A\x7E\x9B\x55\x00\x00\x00\x0A\x49\x44\x41\x54\x78\x9C\x63\xA8\x07\x00\x00\x81\x00\x80\xD3\x94\x53\x4A\x00\x00\x00\x00\x49\x45\x4E\x44\xAE\x42\x60\x82";
        assert_eq!(ImageKind::of(drawn), Ok(ImageKind::Png));
    }

    #[test]
    fn a_whole_picture_is_told_by_its_bytes() {
        for (width, height) in [(1, 1), (640, 200), (5_000, 5_000)] {
            assert_eq!(ImageKind::of(&png(width, height)), Ok(ImageKind::Png), "{width} x {height}");
            assert_eq!(ImageKind::of(&jpeg(width, height, 3)), Ok(ImageKind::Jpeg), "{width} x {height}");
        }
        assert_eq!(ImageKind::of(&jpeg(5, 5, 1)), Ok(ImageKind::Jpeg));
    }

    #[test]
    fn a_picture_without_pixels_or_with_too_many_is_none() {
        for (width, height) in [(0, 5), (5, 0), (5_000, 5_001)] {
            assert_eq!(ImageKind::of(&png(width, height)), Err(PictureError::Size), "{width} x {height}");
            let jpeg = jpeg(width, height, 3);
            assert_eq!(ImageKind::of(&jpeg), Err(PictureError::Size), "{width} x {height}");
        }
        assert_eq!(ImageKind::of(&png(u32::MAX, u32::MAX)), Err(PictureError::Size));
    }

    #[test]
    fn a_jpeg_that_no_pdf_carries_is_refused_and_says_why() {
        assert_eq!(ImageKind::of(&jpeg(5, 5, 4)), Err(PictureError::FourColors));
        let with_frame = |marker| {
            let mut bytes = jpeg(5, 5, 3);
            let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC2]).expect("it has a frame");
            bytes[frame + 1] = marker;
            ImageKind::of(&bytes)
        };
        for marker in [0xC0, 0xC1, 0xC2] {
            assert_eq!(with_frame(marker), Ok(ImageKind::Jpeg), "{marker:X}");
        }
        for marker in [0xC3, 0xC5, 0xC9, 0xCA, 0xCF] {
            assert_eq!(with_frame(marker), Err(PictureError::Unusual), "{marker:X}");
        }
    }

    #[test]
    fn a_picture_that_is_cut_off_anywhere_is_none() {
        for whole in [png(640, 200), jpeg(640, 200, 3)] {
            for length in 0..whole.len() {
                assert_eq!(
                    ImageKind::of(&whole[..length]),
                    Err(PictureError::Damaged),
                    "{length} of {}",
                    whole.len()
                );
            }
        }
    }

    #[test]
    fn a_png_with_a_changed_bit_is_none() {
        let whole = png(640, 200);
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 0x10;
            assert_eq!(ImageKind::of(&changed), Err(PictureError::Damaged), "byte {place}");
        }
    }

    #[test]
    fn what_only_begins_like_a_picture_is_none() {
        for bytes in [
            &b""[..],
            b"GIF89a",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"%PDF-1.7",
            b"\x89PNG\r\n\x1a\n",
            b"\xFF\xD8",
            b"\xFF\xD8\xFF\xD9",
            b"\xFF\xD8\xFF\xE0\x00\x01",
            b"\xFF\xD8\xFF\xDA\x00\x08",
        ] {
            assert_eq!(ImageKind::of(bytes), Err(PictureError::Damaged), "{bytes:?}");
        }
    }
}
