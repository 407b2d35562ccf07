//! Which side of a picture is up, as Exif has it (Exif 2.32, 4.6.4, tag 274), and how a picture is turned.

/// What becomes of the unit square of a picture's rows when it is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Orientation([f32; 6]);

impl Orientation {
    /// As the rows are: the first on top, each from left to right.
    pub(super) const UPRIGHT: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// By its number in Exif, 1 to 8.
    fn numbered(number: u16) -> Option<Self> {
        Some(Self(match number {
            1 => Self::UPRIGHT.0,
            2 => [-1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
            3 => [-1.0, 0.0, 0.0, -1.0, 1.0, 1.0],
            4 => [1.0, 0.0, 0.0, -1.0, 0.0, 1.0],
            5 => [0.0, -1.0, -1.0, 0.0, 1.0, 1.0],
            6 => [0.0, -1.0, 1.0, 0.0, 0.0, 1.0],
            7 => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            8 => [0.0, 1.0, -1.0, 0.0, 1.0, 0.0],
            _ => return None,
        }))
    }

    /// The turn that stands upright on a page which is turned to the right when it is shown, in degrees.
    pub(super) fn upright_on(turn: u16) -> Self {
        let number = match turn {
            90 => 8,
            180 => 3,
            270 => 6,
            _ => 1,
        };
        Self::numbered(number).unwrap_or(Self::UPRIGHT)
    }

    /// This first, then another.
    pub(super) fn then(self, Self([a, b, c, d, e, f]): Self) -> Self {
        let [u, v, w, x, y, z] = self.0;
        let turned = |x: f32, y: f32| (a * x + c * y, b * x + d * y);
        let ((u, v), (w, x), (y, z)) = (turned(u, v), turned(w, x), turned(y, z));
        Self([u, v, w, x, y + e, z + f])
    }

    /// Whether width and height change places.
    pub(super) fn is_on_its_side(self) -> bool {
        self.0[0] == 0.0
    }

    pub(super) fn matrix(self) -> [f32; 6] {
        self.0
    }

    /// What Exif data say, a TIFF file's beginning; upright where they say nothing that can be understood.
    pub(super) fn of_exif(tiff: &[u8]) -> Self {
        find(tiff).and_then(Self::numbered).unwrap_or(Self::UPRIGHT)
    }
}

/// The number of the orientation in the first directory of a TIFF file.
fn find(tiff: &[u8]) -> Option<u16> {
    const ORIENTATION: u16 = 274;
    const SHORT: u16 = 3;
    let is_little = match tiff.first_chunk()? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let bytes = *tiff.get(4..)?.first_chunk()?;
    let start = if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
    let start = usize::try_from(start).ok()?;
    let entries = (0..usize::from(short(start)?)).map(|index| start + 2 + 12 * index);
    let entry = entries.take_while(|at| *at < tiff.len()).find(|at| short(*at) == Some(ORIENTATION))?;
    (short(entry + 2)? == SHORT).then(|| short(entry + 8)).flatten()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Exif data that say which side is up, in either order of bytes.
    pub(in crate::image) fn exif(number: u8, is_little: bool) -> Vec<u8> {
        let plain: [&[u8]; 2] = [
            &[
                b'M', b'M', 0, 42, 0, 0, 0, 8, 0, 2, 1, 0, 0, 3, 0, 0, 0, 1, 0, 9, 0, 0, 1, 18, 0, 3, 0, 0,
                0, 1, 0,
            ],
            &[
                b'I', b'I', 42, 0, 8, 0, 0, 0, 2, 0, 0, 1, 3, 0, 1, 0, 0, 0, 9, 0, 0, 0, 18, 1, 3, 0, 1, 0,
                0, 0,
            ],
        ];
        [plain[usize::from(is_little)], &[number, 0, 0, 0]].concat()
    }

    #[test]
    fn the_side_that_is_up_is_read_in_either_order_of_bytes() {
        for number in 1..=8 {
            for is_little in [false, true] {
                let found = Orientation::of_exif(&exif(number, is_little));
                assert_eq!(Some(found), Orientation::numbered(number.into()), "{number}");
            }
        }
        for bytes in
            [&b""[..], b"II*\0", b"II*\0\xFF\xFF\xFF\xFF", b"MM\0*\0\0\0\x08\xFF\xFF", &exif(9, true)]
        {
            assert_eq!(Orientation::of_exif(bytes), Orientation::UPRIGHT, "{bytes:?}");
        }
    }

    /// Where the first pixel of the first row, the last of it, and the first of the last row are shown: left or right,
    /// bottom or top, as Exif 2.32 says it in words.
    #[test]
    fn rows_and_columns_lie_where_exif_says() {
        let (left, right, bottom, top) = (0.0, 1.0, 0.0, 1.0);
        for (number, first, end_of_first, last) in [
            (1, (left, top), (right, top), (left, bottom)),
            (2, (right, top), (left, top), (right, bottom)),
            (3, (right, bottom), (left, bottom), (right, top)),
            (4, (left, bottom), (right, bottom), (left, top)),
            (5, (left, top), (left, bottom), (right, top)),
            (6, (right, top), (right, bottom), (left, top)),
            (7, (right, bottom), (right, top), (left, bottom)),
            (8, (left, bottom), (left, top), (right, bottom)),
        ] {
            let orientation = Orientation::numbered(number).unwrap_or(Orientation::UPRIGHT);
            let [a, b, c, d, e, f] = orientation.matrix();
            let shown = |u: f32, v: f32| (a * u + c * v + e, b * u + d * v + f);
            assert_eq!(
                (shown(0.0, 1.0), shown(1.0, 1.0), shown(0.0, 0.0)),
                (first, end_of_first, last),
                "{number}"
            );
            // turned back by the page, it is as it was
            for (turn, back) in [(90, 270), (180, 180), (270, 90)] {
                let there = orientation.then(Orientation::upright_on(turn));
                assert_eq!(there.then(Orientation::upright_on(back)), orientation);
            }
        }
    }
}
