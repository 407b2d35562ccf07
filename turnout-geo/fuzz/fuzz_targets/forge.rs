//! File forms of indexes with right checksums around any content: what is left to check is what the content says.

/// A file: after the magic and the version the words of `head`, the lengths and checksums of sections, and these. `content`
/// has the length of each section but the last, in words, of 2 bytes, and then their words, all little-endian; the last
/// section, and one that were longer than what is left, takes what is left.
pub fn file<const LENGTHS: usize>(magic: [u32; 2], head: &[u32], content: &[u8]) -> Option<Vec<u8>> {
    let (lengths, words) = content.split_at_checked(2 * LENGTHS)?;
    let words: Vec<u32> = words.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let mut rest = &words[..];
    let mut sections = Vec::new();
    for length in lengths.as_chunks().0 {
        let (section, after) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        sections.push(bytes(section));
        rest = after;
    }
    sections.push(bytes(rest));
    let mut header = bytes(&[magic[0], magic[1], 1]);
    header.extend(bytes(head));
    for section in &sections {
        header.extend(bytes(&[(section.len() / 4) as u32, crc32fast::hash(section)]));
    }
    header.extend(bytes(&[crc32fast::hash(&header)]));
    Some(header.into_iter().chain(sections.into_iter().flatten()).collect())
}

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_ne_bytes()).collect()
}
