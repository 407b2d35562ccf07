//! Pages as they are seen: their boxes and turns, the dots of two renderers, and each letter's place.

use lopdf::Document;

use super::ran;

/// Left, bottom, right and top in points.
pub(crate) type Rect = [f32; 4];

/// A page: its boxes, and how far it is turned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    pub(crate) media: Rect,
    /// The crop box within the media box.
    pub(crate) visible: Rect,
    /// To the right, in degrees.
    pub(crate) turn: i64,
}

/// The pages of a file, read by lopdf alone.
pub(crate) fn pages(pdf: &[u8]) -> Vec<Page> {
    let document = Document::load_mem(pdf).unwrap();
    let inherited = |id, key: &[u8]| {
        let mut node = document.get_dictionary(id).unwrap();
        loop {
            if let Ok(found) = node.get(key) {
                break Some(document.dereference(found).unwrap().1.clone());
            }
            node = document.dereference(node.get(b"Parent").ok()?).unwrap().1.as_dict().unwrap();
        }
    };
    let rect = |id, key: &[u8]| -> Option<Rect> {
        let sides = inherited(id, key)?;
        let side = |at: usize| {
            let side = &sides.as_array().unwrap()[at];
            // the packet writes three decimals
            (document.dereference(side).unwrap().1.as_float().unwrap() * 1000.0).round() / 1000.0
        };
        Some([side(0).min(side(2)), side(1).min(side(3)), side(0).max(side(2)), side(1).max(side(3))])
    };
    let page = |id| {
        let media = rect(id, b"MediaBox").unwrap();
        let crop = rect(id, b"CropBox").unwrap_or(media);
        let visible =
            [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])];
        let turn = inherited(id, b"Rotate").and_then(|turn| turn.as_i64().ok()).unwrap_or(0);
        Page { media, visible, turn: turn.rem_euclid(360) }
    };
    document.page_iter().map(page).collect()
}

/// A place on a page as it is seen, from the upper left corner of a box, as the page itself counts.
pub(crate) fn from_seen([left, bottom, right, top]: Rect, turn: i64, (x, y): (f32, f32)) -> (f32, f32) {
    match turn {
        90 => (y + left, x + bottom),
        180 => (right - x, y + bottom),
        270 => (right - y, top - x),
        _ => (x + left, top - y),
    }
}

/// Whether a place lies in a rectangle that is made so much larger on each side.
pub(crate) fn is_in([left, bottom, right, top]: Rect, more: f32, (x, y): (f32, f32)) -> bool {
    (left - more..right + more).contains(&x) && (bottom - more..top + more).contains(&y)
}

/// A page as gray dots.
pub(crate) struct Dots {
    pub(crate) width: usize,
    /// From the top, line by line; 0 is black.
    pub(crate) dots: Vec<u8>,
    scale: f32,
    frame: Rect,
    turn: i64,
}

impl Dots {
    /// Where a dot lies on the page as the page itself counts, in points.
    pub(crate) fn place(&self, at: usize) -> (f32, f32) {
        let seen = |dot: usize| (dot as f32 + 0.5) / self.scale;
        from_seen(self.frame, self.turn, (seen(at % self.width), seen(at / self.width)))
    }

    /// The dots that another picture of the same page has differently, by more than the threshold.
    pub(crate) fn differing(&self, other: &Self, threshold: u8) -> Vec<usize> {
        assert_eq!((self.width, self.dots.len()), (other.width, other.dots.len()), "pages of one size");
        let differs = |at: &usize| self.dots[*at].abs_diff(other.dots[*at]) > threshold;
        (0..self.dots.len()).filter(differs).collect()
    }

    /// Where another picture of the same page has more ink, and how much more, in square points of full black.
    pub(crate) fn inked(&self, other: &Self) -> Vec<((f32, f32), f32)> {
        let dot = 255.0 * self.scale * self.scale;
        let more = |at: usize| (f32::from(self.dots[at]) - f32::from(other.dots[at])) / dot;
        self.differing(other, 0).into_iter().map(|at| (self.place(at), more(at))).collect()
    }
}

/// A program that draws pages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Renderer {
    /// `pdftoppm`, which shows the media box.
    Poppler,
    /// `mutool draw`, which shows the crop box.
    Mupdf,
}

/// The pages of a file as a program draws them, and what it complains of.
pub(crate) fn drawn(renderer: Renderer, pdf: &[u8], dots_per_inch: u16) -> (Vec<Dots>, String) {
    let folder = tempfile::tempdir().unwrap();
    let resolution = dots_per_inch.to_string();
    let pages = pages(pdf);
    let (_, complaint) = match renderer {
        Renderer::Poppler => {
            ran(folder.path(), "pdftoppm", &["-r", &resolution, "-gray", "form.pdf", "page"], pdf)
        }
        Renderer::Mupdf => {
            let arguments = ["draw", "-q", "-r", &resolution, "-c", "gray", "-o", "page-%d.pgm", "form.pdf"];
            ran(folder.path(), "mutool", &arguments, pdf)
        }
    };
    let dots = |(number, page): (usize, &Page)| {
        // poppler pads the number to the width of the last
        let names = [format!("page-{number}.pgm"), format!("page-{number:02}.pgm")];
        let bytes = names.iter().find_map(|name| std::fs::read(folder.path().join(name)).ok()).unwrap();
        // P5, width, height, greatest value, each with one blank after it
        let header: Vec<&[u8]> = bytes.splitn(4, |byte| byte.is_ascii_whitespace()).collect();
        let number = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().parse::<usize>().unwrap();
        let (width, height) = (number(header[1]), number(header[2]));
        Dots {
            width,
            dots: bytes[bytes.len() - width * height..].to_vec(),
            scale: f32::from(dots_per_inch) / 72.0,
            frame: if renderer == Renderer::Poppler { page.media } else { page.visible },
            turn: page.turn,
        }
    };
    ((1..).zip(&pages).map(dots).collect(), complaint)
}

/// A page as poppler draws it, a dot for each point. It must have nothing to complain of.
pub(crate) fn dots(pdf: &[u8], page: usize) -> Dots {
    let (mut pages, complaint) = drawn(Renderer::Poppler, pdf, 72);
    assert!(complaint.is_empty(), "pdftoppm complains: {complaint}");
    pages.swap_remove(page)
}

/// A letter on a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Letter {
    pub(crate) page: usize,
    pub(crate) letter: char,
    /// As the page itself counts.
    pub(crate) rect: Rect,
}

impl Letter {
    pub(crate) fn middle(&self) -> (f32, f32) {
        ((self.rect[0] + self.rect[2]) / 2.0, (self.rect[1] + self.rect[3]) / 2.0)
    }
}

/// Every letter that mupdf reads on the pages of a file, in the order of the pages' contents; no blanks.
pub(crate) fn letters(pdf: &[u8]) -> Vec<Letter> {
    let folder = tempfile::tempdir().unwrap();
    let (xml, _) = ran(folder.path(), "mutool", &["draw", "-q", "-F", "stext", "-o", "-", "form.pdf"], pdf);
    let pages = pages(pdf);
    let attribute = |line: &str, name: &str| -> String {
        let at = line.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        line[at..].split('"').next().unwrap().to_owned()
    };
    let mut letters = Vec::new();
    let mut page = 0;
    for line in xml.lines().map(str::trim) {
        if line.starts_with("<page ") {
            page += 1;
        } else if line.starts_with("<char ") {
            let letter = unescaped(&attribute(line, "c"));
            if letter.is_whitespace() {
                continue;
            }
            let quad = attribute(line, "quad");
            let quad: Vec<f32> = quad.split(' ').map(|number| number.parse().unwrap()).collect();
            let Page { visible, turn, .. } = pages[page - 1];
            let corners = quad.chunks(2).map(|corner| from_seen(visible, turn, (corner[0], corner[1])));
            let wide = |[left, bottom, right, top]: Rect, (x, y): (f32, f32)| {
                [left.min(x), bottom.min(y), right.max(x), top.max(y)]
            };
            let rect = corners.fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], wide);
            letters.push(Letter { page: page - 1, letter, rect });
        }
    }
    letters
}

/// A character of XML.
fn unescaped(text: &str) -> char {
    let entity = text.strip_prefix('&').and_then(|text| text.strip_suffix(';'));
    match entity {
        None => text.chars().next().unwrap(),
        Some("lt") => '<',
        Some("gt") => '>',
        Some("amp") => '&',
        Some("quot") => '"',
        Some("apos") => '\'',
        Some(number) => {
            let code = number.strip_prefix("#x").unwrap();
            char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()
        }
    }
}
