//! Text strings of a PDF, ISO 32000-1, 7.9.2.2.

/// A text string of a PDF as text: UTF-16 or UTF-8 with its mark, else the PDF's own eight-bit letters.
pub(crate) fn as_text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| eight_bit(*byte)).collect(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// PDFDocEncoding, ISO 32000-1 annex D.
fn eight_bit(byte: u8) -> char {
    const FROM_18: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const FROM_80: [char; 31] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ',
        'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž',
    ];
    match byte {
        0x18..=0x1F => FROM_18[usize::from(byte - 0x18)],
        0x80..=0x9E => FROM_80[usize::from(byte - 0x80)],
        0xA0 => '€',
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_string_is_read_in_each_of_its_encodings() {
        for (bytes, expected) in [
            (b"plain".as_slice(), "plain"),
            (b"\xFE\xFF\x01\x41", "Ł"),
            (b"\xFF\xFE\x41\x01", "Ł"),
            (b"\xEF\xBB\xBF\xC5\x81", "Ł"),
            (b"\x95 \xE9", "Ł é"),
        ] {
            assert_eq!(as_text(bytes), expected);
        }
    }
}
