//! Reads the embedded files from their first byte on. Whoever reads takes an end that comes too early for a damaged build.

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) =
            self.0.split_at_checked(count).expect("embedded data are whole: a test compares checksums");
        self.0 = rest;
        taken
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    /// LEB128
    pub(super) fn number(&mut self) -> u32 {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte();
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    /// LEB128 of 0, -1, 1, -2, 2 as 0, 1, 2, 3, 4.
    pub(super) fn signed(&mut self) -> i32 {
        let number = self.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    /// A length and that many bytes of UTF-8.
    pub(super) fn text(&mut self) -> &'a str {
        let length = self.number() as usize;
        std::str::from_utf8(self.take(length)).expect("embedded texts are UTF-8: a test compares checksums")
    }
}
