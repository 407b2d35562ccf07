//! Paper: letters, lines and boxes to fill in, and the file they become.

use pdf_writer::{
    Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{AnnotationFlags, CidFontType, FieldFlags, FieldType, FontFlags, SystemInfo},
};

use super::MARK;
use crate::fill::font::{Face, Letters, Subset};

/// Letter size, in points.
pub(super) const WIDTH: f32 = 612.0;
pub(super) const HEIGHT: f32 = 792.0;
/// The margin on each side.
pub(super) const MARGIN: f32 = 45.0;
/// The width between the margins.
pub(super) const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// The side of a box to check.
pub(super) const CHECK: f32 = 10.0;

/// Shades of gray: of letters, of what is said in passing, of lines, and of the ground of a box.
const INK: f32 = 0.0;
const QUIET: f32 = 0.3;
const LINE: f32 = 0.5;
const GROUND: f32 = 0.95;

/// How the letters of a box to write in look.
const DEFAULT_APPEARANCE: &[u8] = b"/Helv 0 Tf 0 g";

/// A document in the making.
pub(super) struct Paper {
    title: &'static str,
    letters: [Letters; 2],
    sheets: Vec<Sheet>,
}

/// A page of it.
struct Sheet {
    content: Content,
    boxes: Vec<Field>,
}

/// A box to fill in.
struct Field {
    name: String,
    /// What a screen reader says.
    label: String,
    rect: Rect,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Line,
    Lines,
    Check,
}

impl Paper {
    pub(super) fn new(title: &'static str) -> Self {
        Self { title, letters: Face::ALL.map(Letters::new), sheets: Vec::new() }
    }

    /// Begins a page, with the mark above and below.
    pub(super) fn page(&mut self) {
        self.sheets.push(Sheet { content: Content::new(), boxes: Vec::new() });
        let content = self.content();
        content.set_fill_gray(0.15).rect(0.0, HEIGHT - 26.0, WIDTH, 26.0).fill_nonzero();
        self.centered(HEIGHT - 17.0, 11.0, 1.0);
        self.centered(17.0, 9.0, QUIET);
    }

    fn centered(&mut self, y: f32, size: f32, gray: f32) {
        let width = Face::Bold.font().width(MARK) * size / 1000.0;
        self.letters((WIDTH - width) / 2.0, y, size, Face::Bold, gray, MARK);
    }

    fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("a document begins with a page")
    }

    fn content(&mut self) -> &mut Content {
        &mut self.sheet().content
    }

    fn letters(&mut self, x: f32, y: f32, size: f32, face: Face, gray: f32, text: &str) {
        let letters = &mut self.letters[face as usize];
        let glyphs: Vec<u8> = text.chars().flat_map(|c| letters.add(c).to_be_bytes()).collect();
        let content = self.content();
        content.begin_text().set_fill_gray(gray).set_font(Name(font_name(face)), size);
        content.next_line(x, y).show(Str(&glyphs)).end_text();
    }

    /// A line of text, its foot at `y`.
    pub(super) fn text(&mut self, x: f32, y: f32, size: f32, text: &str) {
        self.letters(x, y, size, Face::Regular, INK, text);
    }

    /// A line of small text that explains.
    pub(super) fn note(&mut self, x: f32, y: f32, text: &str) {
        self.letters(x, y, 7.0, Face::Regular, QUIET, text);
    }

    /// A heading.
    pub(super) fn heading(&mut self, x: f32, y: f32, size: f32, text: &str) {
        self.letters(x, y, size, Face::Bold, INK, text);
    }

    /// A bar across the page that begins a part of the form.
    pub(super) fn part(&mut self, y: f32, text: &str) {
        self.content().set_fill_gray(0.88).rect(MARGIN, y - 4.0, INNER, 14.0).fill_nonzero();
        self.heading(MARGIN + 4.0, y, 9.0, text);
    }

    /// A paragraph broken at the blanks; returns where the next line would stand.
    pub(super) fn paragraph(&mut self, x: f32, mut y: f32, width: f32, size: f32, text: &str) -> f32 {
        let font = Face::Regular.font();
        let mut line = String::new();
        for word in text.split(' ') {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if font.width(&longer) * size / 1000.0 > width && !line.is_empty() {
                self.text(x, y, size, &line);
                y -= size * 1.3;
                word.clone_into(&mut line);
            } else {
                line = longer;
            }
        }
        self.text(x, y, size, &line);
        y - size * 1.3
    }

    /// A thin line from left to right.
    pub(super) fn rule(&mut self, x: f32, y: f32, width: f32) {
        self.content().set_stroke_gray(LINE).set_line_width(0.6).move_to(x, y).line_to(x + width, y).stroke();
    }

    fn ground(&mut self, [x, y, width, height]: [f32; 4]) {
        let content = self.content();
        content.set_fill_gray(GROUND).set_stroke_gray(LINE).set_line_width(0.6);
        content.rect(x, y, width, height).fill_nonzero_and_stroke();
    }

    fn field(&mut self, name: &str, label: &str, [x, y, width, height]: [f32; 4], kind: Kind) {
        let rect = Rect::new(x, y, x + width, y + height);
        self.sheet().boxes.push(Field { name: name.to_owned(), label: label.to_owned(), rect, kind });
    }

    /// A box to write in on its ground, with air at its sides.
    fn grounded(&mut self, name: &str, label: &str, rect: [f32; 4], kind: Kind) {
        self.ground(rect);
        let [x, y, width, height] = rect;
        self.field(name, label, [x + 2.0, y, width - 4.0, height], kind);
    }

    /// A place that is filled in for the voter, one line and no ground.
    pub(super) fn print_line(&mut self, name: &str, spoken: &str, rect: [f32; 4]) {
        self.field(name, spoken, rect, Kind::Line);
    }

    /// A place that is filled in for the voter, several lines and no ground.
    pub(super) fn print_lines(&mut self, name: &str, spoken: &str, rect: [f32; 4]) {
        self.field(name, spoken, rect, Kind::Lines);
    }

    /// A frame.
    pub(super) fn frame(&mut self, [x, y, width, height]: [f32; 4]) {
        self.content().set_stroke_gray(LINE).set_line_width(0.8).rect(x, y, width, height).stroke();
    }

    /// A box to write one line in, and its label above it.
    pub(super) fn line(&mut self, name: &str, label: &str, spoken: &str, rect: [f32; 4]) {
        self.note(rect[0] + 1.0, rect[1] + rect[3] + 3.0, label);
        self.grounded(name, spoken, rect, Kind::Line);
    }

    /// A box to write several lines in.
    pub(super) fn lines(&mut self, name: &str, spoken: &str, rect: [f32; 4]) {
        self.grounded(name, spoken, rect, Kind::Lines);
    }

    /// A box to check, and its label to the right. Returns where the next may stand.
    pub(super) fn check(&mut self, name: &str, label: &str, spoken: &str, x: f32, y: f32) -> f32 {
        self.ground([x, y, CHECK, CHECK]);
        self.field(name, spoken, [x, y, CHECK, CHECK], Kind::Check);
        self.text(x + CHECK + 4.0, y + 1.8, 8.5, label);
        x + CHECK + 4.0 + Face::Regular.font().width(label) * 8.5 / 1000.0 + 12.0
    }

    /// A row of boxes to write in, side by side; each has its share of the width.
    pub(super) fn row<S: AsRef<str>>(&mut self, y: f32, part: &str, boxes: &[(S, &str, f32)]) {
        const GAP: f32 = 6.0;
        let whole: f32 = boxes.iter().map(|(_, _, share)| share).sum();
        let room = INNER - GAP * (boxes.len() - 1) as f32;
        let mut x = MARGIN;
        for (name, label, share) in boxes {
            let width = room * share / whole;
            self.line(name.as_ref(), label, &format!("{part}: {label}"), [x, y, width, 17.0]);
            x += width + GAP;
        }
    }

    /// The file.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut next = Ref::new(1);
        let mut id = || next.bump();
        let [catalog, tree, info, helvetica, checked, unchecked] = [(); 6].map(|()| id());
        let fonts = [(); 2].map(|()| id());
        let pages: Vec<Ref> = self.sheets.iter().map(|_| id()).collect();
        let fields: Vec<Vec<Ref>> =
            self.sheets.iter().map(|sheet| sheet.boxes.iter().map(|_| id()).collect()).collect();

        let mut pdf = Pdf::new();
        let mut root = pdf.catalog(catalog);
        root.pages(tree).lang(TextStr("en-US"));
        root.viewer_preferences().display_doc_title(true);
        let mut form = root.form();
        form.fields(fields.iter().flatten().copied()).default_appearance(Str(DEFAULT_APPEARANCE));
        form.default_resources().fonts().pair(Name(b"Helv"), helvetica);
        form.finish();
        root.finish();
        pdf.document_info(info).title(TextStr(self.title)).producer(TextStr("Turnout"));
        pdf.pages(tree).kids(pages.iter().copied()).count(pages.len() as i32);
        pdf.type1_font(helvetica).base_font(Name(b"Helvetica")).encoding_predefined(Name(b"WinAnsiEncoding"));
        for (letters, id) in self.letters.iter().zip(fonts) {
            write_font(&mut pdf, &letters.cut(), id, &mut next);
        }

        let bounds = Rect::new(0.0, 0.0, CHECK, CHECK);
        let mut cross = Content::new();
        cross.set_line_width(1.4).move_to(2.0, 2.0).line_to(CHECK - 2.0, CHECK - 2.0);
        cross.move_to(2.0, CHECK - 2.0).line_to(CHECK - 2.0, 2.0).stroke();
        pdf.form_xobject(checked, &cross.finish()).bbox(bounds).resources();
        pdf.form_xobject(unchecked, b"").bbox(bounds).resources();

        for ((sheet, page), fields) in self.sheets.into_iter().zip(pages).zip(fields) {
            let content = next.bump();
            pdf.stream(content, &sheet.content.finish());
            let mut entries = pdf.page(page);
            entries.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content);
            entries.annotations(fields.iter().copied());
            let mut resources = entries.resources();
            let mut names = resources.fonts();
            for (face, id) in Face::ALL.into_iter().zip(fonts) {
                names.pair(Name(font_name(face)), id);
            }
            names.finish();
            resources.finish();
            entries.finish();
            for (id, found) in fields.into_iter().zip(sheet.boxes) {
                let mut field = pdf.form_field(id);
                field.partial_name(TextStr(&found.name)).alternate_name(TextStr(&found.label));
                match found.kind {
                    Kind::Check => {
                        field.field_type(FieldType::Button);
                        field.pair(Name(b"V"), Name(b"Off"));
                    }
                    kind => {
                        field.field_type(FieldType::Text);
                        field.vartext_default_appearance(Str(DEFAULT_APPEARANCE));
                        if kind == Kind::Lines {
                            field.field_flags(FieldFlags::MULTILINE);
                        }
                    }
                }
                let mut widget = field.into_annotation();
                widget.rect(found.rect).page(page).flags(AnnotationFlags::PRINT);
                if found.kind == Kind::Check {
                    widget.appearance_state(Name(b"Off"));
                    let mut states = widget.appearance();
                    let mut states = states.normal().streams();
                    states.pair(Name(b"On"), checked).pair(Name(b"Off"), unchecked);
                }
            }
        }
        pdf.finish()
    }
}

fn font_name(face: Face) -> &'static [u8] {
    match face {
        Face::Regular => b"F0",
        Face::Bold => b"F1",
    }
}

/// Writes a cut font under the number that pages name.
fn write_font(pdf: &mut Pdf, subset: &Subset, id: Ref, next: &mut Ref) {
    let font = subset.face.font();
    let [descendant, descriptor, program, unicode] = [(); 4].map(|()| next.bump());
    let name = Name(subset.name.as_bytes());
    pdf.type0_font(id)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(unicode);
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type2).base_font(name).font_descriptor(descriptor);
    cid.system_info(SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 });
    cid.cid_to_gid_map_predefined(Name(b"Identity"));
    cid.widths().consecutive(0, subset.widths.iter().copied());
    cid.finish();
    let [left, bottom, right, top] = font.bounds;
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(font.ascent)
        .descent(font.descent)
        .cap_height(font.cap_height)
        .stem_v(subset.face.stem())
        .font_file2(program);
    pdf.stream(program, &subset.program)
        .filter(pdf_writer::Filter::FlateDecode)
        .pair(Name(b"Length1"), subset.length as i32);
    pdf.stream(unicode, &subset.unicode).filter(pdf_writer::Filter::FlateDecode);
}
