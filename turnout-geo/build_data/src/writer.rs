//! The other side of `src/data/bytes.rs`.

/// Bytes to be read in this order.
#[derive(Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    pub(crate) fn signed(&mut self, number: i32) {
        self.number((number << 1 ^ number >> 31).cast_unsigned());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.0.extend(text.bytes());
    }

    /// The lowest bytes of a number, little-endian.
    pub(crate) fn fixed(&mut self, number: u32, bytes: usize) {
        self.0.extend(&number.to_le_bytes()[..bytes]);
    }
}
