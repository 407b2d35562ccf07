//! Sections of files whose form is that in memory: words of 32 bits, with texts and bytes among them.

use zerocopy::IntoBytes;

/// The CRC-32 of words.
pub(crate) fn checksum(words: &[u32]) -> u32 {
    crc32fast::hash(words.as_bytes())
}

/// The number of offsets, the offsets of the texts and of their end, then their bytes. Nothing when there are too many.
pub(crate) fn texts<'a>(texts: impl Iterator<Item = &'a String> + Clone) -> Option<Vec<u32>> {
    let (mut words, mut end) = (vec![0, 0], 0);
    for text in texts.clone() {
        end += text.len();
        words.push(u32::try_from(end).ok()?);
    }
    words[0] = u32::try_from(words.len() - 1).ok()?;
    let bytes: Vec<u8> = texts.flat_map(|text| text.bytes()).collect();
    words.extend(packed(&bytes));
    Some(words)
}

/// A text of such a section; nothing where there is none.
pub(crate) fn text(words: &[u32], number: usize) -> Option<&str> {
    let (count, rest) = words.split_first()?;
    let (offsets, bytes) = rest.split_at_checked(*count as usize)?;
    let bytes = bytes.as_bytes().get(*offsets.get(number)? as usize..*offsets.get(number + 1)? as usize)?;
    std::str::from_utf8(bytes).ok()
}

/// Bytes as words, the last one filled up with zeros.
pub(crate) fn packed(bytes: &[u8]) -> Vec<u32> {
    let word = |chunk: &[u8]| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        u32::from_ne_bytes(word)
    };
    bytes.chunks(4).map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_by_their_numbers() {
        let written = ["", "Main", "Ünter", "x"].map(str::to_owned);
        let section = texts(written.iter()).expect("a section");
        for (number, expected) in written.iter().enumerate() {
            assert_eq!(text(&section, number), Some(expected.as_str()));
        }
        assert_eq!(text(&section, 4), None);
        assert_eq!(text(&[], 0), None);
        assert_eq!(text(&[9, 0], 0), None);
    }
}
