//! PDF tokens as bytes, and the numbered objects of a file. Knows nothing of forms.

use std::{cell::RefCell, io::Write as _};

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output, create_comp_flags_from_zip_params,
};

/// The number of an object in the finished file; generation is always 0.
pub(crate) type Id = u32;

/// Appends a number as PDF wants it: no exponent, at most three decimals.
pub(crate) fn number(out: &mut Vec<u8>, value: f32) {
    let thousandths = if value.is_finite() { (f64::from(value) * 1000.0).round() as i64 } else { 0 };
    if thousandths < 0 {
        out.push(b'-');
    }
    let magnitude = thousandths.unsigned_abs();
    integer(out, magnitude / 1000);
    let rest = magnitude % 1000;
    if rest > 0 {
        let digits =
            [b'.', b'0' + (rest / 100) as u8, b'0' + (rest / 10 % 10) as u8, b'0' + (rest % 10) as u8];
        let end = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
        out.extend_from_slice(&digits[..end]);
    }
}

/// Appends a whole number.
pub(crate) fn integer(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0u8; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

/// Appends numbers with a blank after each.
pub(crate) fn numbers(out: &mut Vec<u8>, values: &[f32]) {
    for value in values {
        number(out, *value);
        out.push(b' ');
    }
}

/// Appends `id 0 R`.
pub(crate) fn reference(out: &mut Vec<u8>, id: Id) {
    integer(out, id.into());
    out.extend_from_slice(b" 0 R");
}

/// Appends a name with its slash; whatever is not a plain letter or digit is written as `#xx`.
pub(crate) fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"_-.+:;@!$&*?=,'^`~|\"".contains(byte) {
            out.push(*byte);
        } else {
            write!(out, "#{byte:02X}").expect("a Vec takes every byte");
        }
    }
}

/// Appends bytes as a literal string.
pub(crate) fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            _ => out.push(*byte),
        }
    }
    out.push(b')');
}

/// Appends a text string: plain where it is ASCII, else UTF-16 with its mark.
pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')) {
        return string(out, text.as_bytes());
    }
    out.extend_from_slice(b"<FEFF");
    for unit in text.encode_utf16() {
        hex(out, unit);
    }
    out.push(b'>');
}

/// Appends sixteen bits as four hexadecimal digits.
pub(crate) fn hex(out: &mut Vec<u8>, value: u16) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for shift in [12, 8, 4, 0] {
        out.push(DIGITS[usize::from(value >> shift & 15)]);
    }
}

/// A file in the making: its bytes, and where each numbered object begins (0 while it is not written).
#[derive(Clone, Default)]
pub(crate) struct Objects {
    pub(crate) bytes: Vec<u8>,
    offsets: Vec<u32>,
}

impl Objects {
    /// An empty file with its header.
    pub(crate) fn new() -> Self {
        // the comment of high bytes tells programs that the file is not text
        Self { bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(), offsets: Vec::new() }
    }

    /// A copy with room for `more` bytes.
    pub(crate) fn copy_with_room(&self, more: usize) -> Self {
        let mut bytes = Vec::with_capacity(self.bytes.len() + more + self.offsets.len() * 20);
        bytes.extend_from_slice(&self.bytes);
        let mut offsets = Vec::with_capacity(self.offsets.len() + 128);
        offsets.extend_from_slice(&self.offsets);
        Self { bytes, offsets }
    }

    /// A number for an object that is written later.
    pub(crate) fn reserve(&mut self) -> Id {
        self.offsets.push(0);
        u32::try_from(self.offsets.len()).expect("the limits of compile keep the count small")
    }

    /// Begins the object of that number.
    pub(crate) fn begin(&mut self, id: Id) {
        let at = u32::try_from(self.bytes.len()).expect("the limits of compile keep a file below 4 GB");
        self.offsets[id as usize - 1] = at;
        integer(&mut self.bytes, id.into());
        self.bytes.extend_from_slice(b" 0 obj\n");
    }

    /// Ends the object begun last.
    pub(crate) fn end(&mut self) {
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Appends bytes as they are.
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes a whole object.
    pub(crate) fn object(&mut self, id: Id, body: &[u8]) {
        self.begin(id);
        self.put(body);
        self.end();
    }

    /// Writes a stream: its dictionary's entries without `/Length`, and its bytes.
    pub(crate) fn stream(&mut self, id: Id, entries: &[u8], content: &[u8]) {
        self.begin(id);
        self.put(b"<<");
        self.put(entries);
        self.put(b"/Length ");
        integer(&mut self.bytes, content.len() as u64);
        self.put(b">>\nstream\n");
        self.put(content);
        self.put(b"\nendstream");
        self.end();
    }

    /// Ends the file with its cross-reference table and trailer.
    pub(crate) fn finish(mut self, root: Id, info: Id, fingerprint: &[u8; 16]) -> Vec<u8> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(b"xref\n0 ");
        integer(&mut self.bytes, self.offsets.len() as u64 + 1);
        self.bytes.extend_from_slice(b"\n0000000000 65535 f \n");
        for offset in &self.offsets {
            debug_assert_ne!(*offset, 0, "every number has its object");
            let mut entry = *b"0000000000 00000 n \n";
            let mut rest = *offset;
            for digit in entry[..10].iter_mut().rev() {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
            self.bytes.extend_from_slice(&entry);
        }
        self.bytes.extend_from_slice(b"trailer\n<</Size ");
        integer(&mut self.bytes, self.offsets.len() as u64 + 1);
        self.bytes.extend_from_slice(b"/Root ");
        reference(&mut self.bytes, root);
        self.bytes.extend_from_slice(b"/Info ");
        reference(&mut self.bytes, info);
        self.bytes.extend_from_slice(b"/ID[");
        for _ in 0..2 {
            self.bytes.push(b'<');
            for pair in fingerprint.chunks_exact(2) {
                hex(&mut self.bytes, u16::from_be_bytes([pair[0], pair[1]]));
            }
            self.bytes.push(b'>');
        }
        self.bytes.extend_from_slice(b"]>>\nstartxref\n");
        integer(&mut self.bytes, start as u64);
        self.bytes.extend_from_slice(b"\n%%EOF\n");
        self.bytes
    }
}

/// Deflates bytes, with the zlib header that `/FlateDecode` asks for.
///
/// A compressor takes a third of a megabyte, more than all else that a filling takes, so each thread keeps one. It is
/// wiped after each use: nothing of what one voter wrote stays for the next.
pub(crate) fn deflate(content: &[u8]) -> Vec<u8> {
    thread_local! {
        static COMPRESSOR: RefCell<CompressorOxide> =
            RefCell::new(CompressorOxide::new(create_comp_flags_from_zip_params(6, 1, 0)));
    }
    COMPRESSOR.with_borrow_mut(|compressor| {
        let mut out = Vec::with_capacity(content.len() / 2 + 64);
        let status = compress_to_output(compressor, content, TDEFLFlush::Finish, |bytes| {
            out.extend_from_slice(bytes);
            true
        });
        debug_assert_eq!(status.0, TDEFLStatus::Done, "a Vec takes every byte");
        compressor.reset();
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_have_no_exponent_and_no_idle_zero() {
        for (value, expected) in [
            (0.0, "0"),
            (12.0, "12"),
            (-0.5, "-0.5"),
            (1.25, "1.25"),
            (0.001, "0.001"),
            (0.000_01, "0"),
            (14400.0, "14400"),
            (f32::NAN, "0"),
        ] {
            assert_eq!(written(|out| number(out, value)), expected);
        }
    }

    #[test]
    fn names_and_strings_survive_odd_bytes() {
        assert_eq!(written(|out| name(out, b"By 3rd (Person)")), "/By#203rd#20#28Person#29");
        assert_eq!(written(|out| string(out, b"a(b)\\c")), "(a\\(b\\)\\\\c)");
        assert_eq!(written(|out| text(out, "é")), "<FEFF00E9>");
    }

    #[test]
    fn what_was_deflated_before_leaves_nothing_behind() {
        let first = deflate(b"a name, a name, a name");
        deflate(&[7; 100_000]);
        assert_eq!(deflate(b"a name, a name, a name"), first);
        let inflated = miniz_oxide::inflate::decompress_to_vec_zlib(&first);
        assert_eq!(inflated.as_deref().ok(), Some(b"a name, a name, a name".as_slice()));
    }
}
