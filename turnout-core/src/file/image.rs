//! Whether bytes are a picture that a form can carry: read from what the file says of itself, without unpacking it.

/// The most pixels of a picture: a page at 600 dots per inch.
const MAX_PIXELS: u64 = 40_000_000;

/// The kinds of pictures that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    /// PNG.
    Png,
    /// JPEG, gray or red, green and blue.
    Jpeg,
}

impl ImageKind {
    /// The kind of a whole and undamaged picture of at most 40 million pixels; nothing for all other bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', chunks @ ..] => {
                is_png(chunks).then_some(Self::Png)
            }
            [0xFF, 0xD8, segments @ ..] => is_jpeg(segments).then_some(Self::Jpeg),
            _ => None,
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

fn is_within(width: u32, height: u32) -> bool {
    (1..=MAX_PIXELS).contains(&(u64::from(width) * u64::from(height)))
}

/// A header, data and an end, each chunk with the sum that it says it has (PNG, 5 and 11.2).
fn is_png(mut chunks: &[u8]) -> bool {
    let (mut is_first, mut has_data) = (true, false);
    while let Some((kind, content, rest)) = chunk(chunks) {
        match (kind, is_first) {
            (b"IHDR", true) if is_header(content) => {}
            (_, true) | (b"IHDR", false) => return false,
            (b"IDAT", false) => has_data = true,
            (b"IEND", false) => return has_data && content.is_empty(),
            (_, false) => {}
        }
        is_first = false;
        chunks = rest;
    }
    false
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

fn is_header(content: &[u8]) -> bool {
    let [w3, w2, w1, w0, h3, h2, h1, h0, depth, color, 0, 0, 0 | 1] = *content else { return false };
    let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    let fits = match color {
        0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
        3 => matches!(depth, 1 | 2 | 4 | 8),
        2 | 4 | 6 => matches!(depth, 8 | 16),
        _ => false,
    };
    fits && is_within(width, height)
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

/// A frame of 8 bits and one or three colors, and a scan that comes to its end (JPEG, B.1 and B.2.2). A form takes no
/// other: four colors are for printing presses.
fn is_jpeg(mut segments: &[u8]) -> bool {
    let mut has_frame = false;
    loop {
        let Some(([0xFF, marker, high, low], _)) = segments.split_first_chunk::<4>() else { return false };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some((segment, rest)) = segments.split_at_checked(2 + length.max(2)) else { return false };
        match marker {
            0xDA => return has_frame && rest.windows(2).any(|pair| pair == [0xFF, 0xD9]),
            // the beginning of a frame, of any kind; C4, C8 and CC are tables
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                if has_frame || !is_frame(&segment[4..]) {
                    return false;
                }
                has_frame = true;
            }
            0x00..=0xBF | 0xD0..=0xD9 | 0xFF => return false,
            _ => {}
        }
        segments = rest;
    }
}

fn is_frame(content: &[u8]) -> bool {
    let [8, h1, h0, w1, w0, 1 | 3, ..] = *content else { return false };
    is_within(u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into())
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
        assert_eq!(ImageKind::of(drawn), Some(ImageKind::Png));
    }

    #[test]
    fn a_whole_picture_is_told_by_its_bytes() {
        for (width, height) in [(1, 1), (640, 200), (8_000, 5_000)] {
            assert_eq!(ImageKind::of(&png(width, height)), Some(ImageKind::Png), "{width} x {height}");
            assert_eq!(ImageKind::of(&jpeg(width, height, 3)), Some(ImageKind::Jpeg), "{width} x {height}");
        }
        assert_eq!(ImageKind::of(&jpeg(5, 5, 1)), Some(ImageKind::Jpeg));
    }

    #[test]
    fn a_picture_without_pixels_or_with_too_many_is_none() {
        for (width, height) in [(0, 5), (5, 0), (8_000, 5_001)] {
            assert_eq!(ImageKind::of(&png(width, height)), None, "{width} x {height}");
            assert_eq!(ImageKind::of(&jpeg(width, height, 3)), None, "{width} x {height}");
        }
        assert_eq!(ImageKind::of(&png(u32::MAX, u32::MAX)), None);
        assert_eq!(ImageKind::of(&jpeg(5, 5, 4)), None, "four colors");
    }

    #[test]
    fn a_picture_that_is_cut_off_anywhere_is_none() {
        for whole in [png(640, 200), jpeg(640, 200, 3)] {
            for length in 0..whole.len() {
                assert_eq!(ImageKind::of(&whole[..length]), None, "{length} of {}", whole.len());
            }
        }
    }

    #[test]
    fn a_png_with_a_changed_bit_is_none() {
        let whole = png(640, 200);
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 0x10;
            assert_eq!(ImageKind::of(&changed), None, "byte {place}");
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
            assert_eq!(ImageKind::of(bytes), None, "{bytes:?}");
        }
    }
}
