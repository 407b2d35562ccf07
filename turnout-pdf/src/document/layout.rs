//! Paper: letters, lines and boxes to fill in, and the file they become.
//!
//! Whatever is drawn is either something that a screen reader reads, with its role, or decoration.

use pdf_writer::{
    Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{AnnotationFlags, CidFontType, FieldFlags, FieldType, FontFlags, SystemInfo},
};

use super::{
    Drawn, Kind,
    tags::{Builder, Kid, Role},
};
use crate::font::{Face, Letters, Subset};

/// Letter size, in points.
pub(super) const WIDTH: f32 = 612.0;
pub(super) const HEIGHT: f32 = 792.0;
/// The margin on each side.
pub(super) const MARGIN: f32 = 54.0;
/// The width between the margins.
pub(super) const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// The side of a box to check.
const CHECK: f32 = 10.0;
/// Between two boxes side by side.
const GAP: f32 = 8.0;

/// What stands on each page of a sample.
const MARK: &str = "SAMPLE – not an official form";

/// Shades of gray: of letters, of what is said in passing, of lines, and of the ground of a box.
const INK: f32 = 0.0;
const QUIET: f32 = 0.33;
const LINE: f32 = 0.55;
const GROUND: f32 = 0.96;
const WHITE: f32 = 1.0;

/// How letters look.
#[derive(Clone, Copy)]
pub(super) struct Style {
    face: Face,
    size: f32,
    gray: f32,
}

impl Style {
    /// The title of a sheet.
    pub(super) const TITLE: Self = Self { face: Face::SansBold, size: 24.0, gray: INK };
    /// The title of a form, of which a page holds more.
    pub(super) const FORM_TITLE: Self = Self { face: Face::SansBold, size: 17.0, gray: INK };
    /// What stands over a part of a sheet.
    pub(super) const HEADING: Self = Self { face: Face::SansBold, size: 12.0, gray: INK };
    /// What stands over a part of a form.
    pub(super) const PART: Self = Self { face: Face::SansBold, size: 9.5, gray: INK };
    /// What opens a sheet.
    pub(super) const LEAD: Self = Self { face: Face::Sans, size: 12.0, gray: INK };
    /// What is to be read.
    pub(super) const BODY: Self = Self { face: Face::Sans, size: 10.5, gray: INK };
    /// What is to be read on a form.
    pub(super) const SMALL: Self = Self { face: Face::Sans, size: 9.0, gray: INK };
    /// What explains.
    pub(super) const NOTE: Self = Self { face: Face::Sans, size: 7.5, gray: QUIET };

    fn width(self, text: &str) -> f32 {
        self.face.font().width_of(text) * self.size / 1000.0
    }

    /// From line to line.
    pub(super) fn leading(self) -> f32 {
        self.size * 1.38
    }
}

/// A document in the making.
pub(super) struct Paper {
    title: &'static str,
    kind: Kind,
    letters: [Letters; 2],
    sheets: Vec<Sheet>,
    tags: Builder,
}

/// A page of it.
struct Sheet {
    content: Content,
    boxes: Vec<Field>,
    /// How many marks there are on it.
    marks: u32,
}

/// A box to fill in.
struct Field {
    name: String,
    /// What a screen reader says.
    label: String,
    rect: Rect,
    shape: Shape,
    /// The size of its letters, in points; 0 fits the box.
    size: f32,
    bold: bool,
    /// What it says before anybody fills it.
    text: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Line,
    Lines,
    Check,
}

impl Paper {
    pub(super) fn new(title: &'static str, kind: Kind) -> Self {
        let letters = Face::OURS.map(|face| Letters::new(face.font()));
        Self { title, kind, letters, sheets: Vec::new(), tags: Builder::default() }
    }

    /// Begins a page. One of a sample says so above and below.
    pub(super) fn page(&mut self) {
        self.sheets.push(Sheet { content: Content::new(), boxes: Vec::new(), marks: 0 });
        if self.kind == Kind::Sample {
            self.decorate(|content| {
                content.set_fill_gray(0.15).rect(0.0, HEIGHT - 26.0, WIDTH, 26.0).fill_nonzero();
            });
            let above = Style { face: Face::SansBold, size: 11.0, gray: WHITE };
            self.mark(Role::Paragraph, |paper| paper.centered(HEIGHT - 17.0, above, MARK));
            let below = Style { face: Face::SansBold, size: 8.0, gray: QUIET };
            self.begin_decoration();
            self.centered(16.0, below, MARK);
            self.end_mark();
        }
    }

    fn centered(&mut self, y: f32, style: Style, text: &str) {
        self.letters((WIDTH - style.width(text)) / 2.0, y, style, text);
    }

    fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("a document begins with a page")
    }

    fn content(&mut self) -> &mut Content {
        &mut self.sheet().content
    }

    fn begin_decoration(&mut self) {
        self.content().begin_marked_content(Name(b"Artifact"));
    }

    fn end_mark(&mut self) {
        self.content().end_marked_content();
    }

    /// Draws what no screen reader needs to know of.
    fn decorate(&mut self, draw: impl FnOnce(&mut Content)) {
        self.begin_decoration();
        draw(self.content());
        self.end_mark();
    }

    /// Draws what is an element of that role.
    fn mark(&mut self, role: Role, draw: impl FnOnce(&mut Self)) {
        self.tags.begin(role);
        let page = self.sheets.len() - 1;
        let sheet = self.sheet();
        let mark = sheet.marks;
        sheet.marks += 1;
        let number = i32::try_from(mark).expect("a page has few marks");
        sheet.content.begin_marked_content_with_properties(Name(role.name())).properties().identify(number);
        self.tags.add(Kid::Marked { page, mark });
        draw(self);
        self.end_mark();
        self.tags.end();
    }

    fn letters(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let letters = &mut self.letters[style.face as usize];
        let glyphs: Vec<u8> = text.chars().flat_map(|c| letters.add(c).to_be_bytes()).collect();
        let content = self.content();
        content.begin_text().set_fill_gray(style.gray).set_font(Name(font_name(style.face)), style.size);
        content.next_line(x, y).show(Str(&glyphs)).end_text();
    }

    /// A line of text, its foot at `y`.
    pub(super) fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        self.mark(Role::Paragraph, |paper| paper.letters(x, y, style, text));
    }

    /// The heading of the document.
    pub(super) fn title(&mut self, x: f32, y: f32, style: Style, text: &str) {
        self.mark(Role::Heading1, |paper| paper.letters(x, y, style, text));
    }

    /// The heading of a part, with a rule under it.
    pub(super) fn heading(&mut self, x: f32, y: f32, width: f32, style: Style, text: &str) {
        self.mark(Role::Heading2, |paper| paper.letters(x, y, style, text));
        self.rule(x, y - 5.0, width);
    }

    /// A paragraph broken at the blanks; returns where the next line would stand.
    pub(super) fn paragraph(&mut self, x: f32, y: f32, width: f32, style: Style, text: &str) -> f32 {
        self.broken(Role::Paragraph, x, y, width, style, text)
    }

    fn broken(&mut self, role: Role, x: f32, y: f32, width: f32, style: Style, text: &str) -> f32 {
        let lines = broken(style, width, text);
        let end = y - lines.len() as f32 * style.leading();
        self.mark(role, |paper| {
            for (line, text) in (0u8..).zip(lines) {
                paper.letters(x, y - f32::from(line) * style.leading(), style, &text);
            }
        });
        end
    }

    /// Steps with their numbers: what to do, in a word, and how. Returns where the next line would stand.
    pub(super) fn steps(&mut self, x: f32, mut y: f32, width: f32, steps: &[(&str, &str)]) -> f32 {
        const RADIUS: f32 = 8.5;
        const INDENT: f32 = 28.0;
        self.tags.begin(Role::List);
        for (number, (word, how)) in (1u8..).zip(steps) {
            let number = number.to_string();
            self.decorate(|content| disc(content, x + RADIUS, y + 3.6, RADIUS));
            self.tags.begin(Role::ListItem);
            let style = Style { face: Face::SansBold, size: 10.0, gray: WHITE };
            let left = x + RADIUS - style.width(&number) / 2.0;
            self.mark(Role::Label, |paper| paper.letters(left, y, style, &number));
            self.tags.begin(Role::ListBody);
            self.mark(Role::Paragraph, |paper| paper.letters(x + INDENT, y, Style::HEADING, word));
            let next = y - Style::BODY.leading() - 1.0;
            y = self.broken(Role::Paragraph, x + INDENT, next, width - INDENT, Style::BODY, how) - 9.0;
            self.tags.end();
            self.tags.end();
        }
        self.tags.end();
        y
    }

    /// A thin line from left to right.
    pub(super) fn rule(&mut self, x: f32, y: f32, width: f32) {
        self.decorate(|content| {
            content.set_stroke_gray(LINE).set_line_width(0.6).move_to(x, y).line_to(x + width, y).stroke();
        });
    }

    /// A dashed line across the page, to fold or tear along.
    pub(super) fn dashes(&mut self, y: f32) {
        self.decorate(|content| {
            content.save_state().set_stroke_gray(LINE).set_line_width(0.8).set_dash_pattern([6.0, 4.0], 0.0);
            content.move_to(18.0, y).line_to(WIDTH - 18.0, y).stroke().restore_state();
        });
    }

    /// A frame.
    pub(super) fn frame(&mut self, [x, y, width, height]: [f32; 4]) {
        self.decorate(|content| {
            content.set_stroke_gray(LINE).set_line_width(0.8).rect(x, y, width, height).stroke();
        });
    }

    /// A black frame that nobody overlooks.
    pub(super) fn heavy_frame(&mut self, [x, y, width, height]: [f32; 4]) {
        self.decorate(|content| {
            content.set_stroke_gray(INK).set_line_width(1.8).rect(x, y, width, height).stroke();
        });
    }

    fn ground(&mut self, [x, y, width, height]: [f32; 4]) {
        self.decorate(|content| {
            content.set_fill_gray(GROUND).set_stroke_gray(LINE).set_line_width(0.6);
            content.rect(x, y, width, height).fill_nonzero_and_stroke();
        });
    }

    /// The heading of a field, drawn only when the field says something.
    pub(super) fn heading_of(&mut self, below: &str, x: f32, y: f32, width: f32, text: &str) {
        let name = format!("{below}_heading");
        let size = Style::HEADING.size;
        self.tags.heads(name.clone(), below);
        self.part(Role::Heading2, &name, text, flush([x, y - 4.0, width, size * 1.4]), Shape::Line, size);
        let field = self.sheet().boxes.last_mut().expect("it was just put there");
        (field.bold, field.text) = (true, text.to_owned());
    }

    fn field(&mut self, name: &str, label: &str, rect: [f32; 4], shape: Shape, size: f32) {
        self.part(Role::Form, name, label, rect, shape, size);
    }

    fn part(&mut self, role: Role, name: &str, label: &str, rect: [f32; 4], shape: Shape, size: f32) {
        let [x, y, width, height] = rect;
        let rect = Rect::new(x, y, x + width, y + height);
        let (name, label) = (name.to_owned(), label.to_owned());
        let page = self.sheets.len() - 1;
        self.tags.begin(role);
        self.tags.add(Kid::Field { page, name: name.clone() });
        self.tags.end();
        self.sheet().boxes.push(Field { name, label, rect, shape, size, bold: false, text: String::new() });
    }

    /// A place that is filled in for the voter, one line and no ground.
    pub(super) fn print_line(&mut self, name: &str, spoken: &str, rect: [f32; 4]) {
        self.field(name, spoken, flush(rect), Shape::Line, 11.0);
    }

    /// The same in heavy letters.
    pub(super) fn print_bold(&mut self, name: &str, spoken: &str, rect: [f32; 4]) {
        self.field(name, spoken, flush(rect), Shape::Line, 13.0);
        self.sheet().boxes.last_mut().expect("it was just put there").bold = true;
    }

    /// A place that is filled in for the voter, several lines and no ground.
    pub(super) fn print_lines(&mut self, name: &str, spoken: &str, rect: [f32; 4]) {
        self.field(name, spoken, flush(rect), Shape::Lines, 11.0);
    }

    /// The lines of an address below `y`, each a field `stem` with its number.
    pub(super) fn address(&mut self, stem: &str, count: u8, x: f32, y: f32, width: f32, step: f32) {
        for line in 1..=count {
            let rect = [x, y - step * f32::from(line), width, step - 1.0];
            self.print_line(&format!("{stem}_{line}"), &format!("Mail to, line {line}"), rect);
        }
    }

    /// A place for the picture of a signature.
    pub(super) fn signature(&mut self, words: &'static str) {
        let page = self.sheets.len() - 1;
        self.tags.begin(Role::Figure);
        self.tags.alternative(words);
        self.tags.add(Kid::Stamp { page });
        self.tags.end();
    }

    /// A box to write one line in, and its label above it.
    pub(super) fn line(&mut self, name: &str, label: &str, spoken: &str, rect: [f32; 4]) {
        self.text(rect[0] + 1.0, rect[1] + rect[3] + 3.0, Style::NOTE, label);
        self.grounded(name, spoken, rect, Shape::Line);
    }

    /// A box to write several lines in.
    pub(super) fn lines(&mut self, name: &str, spoken: &str, rect: [f32; 4]) {
        self.grounded(name, spoken, rect, Shape::Lines);
    }

    /// A box to write in on its ground, with air at its sides.
    fn grounded(&mut self, name: &str, label: &str, rect: [f32; 4], shape: Shape) {
        self.ground(rect);
        let [x, y, width, height] = rect;
        self.field(name, label, [x + 2.0, y, width - 4.0, height], shape, 0.0);
    }

    /// A box to check, and its label to the right. Returns where the next may stand.
    pub(super) fn check(&mut self, name: &str, label: &str, spoken: &str, x: f32, y: f32) -> f32 {
        self.ground([x, y, CHECK, CHECK]);
        self.field(name, spoken, [x, y, CHECK, CHECK], Shape::Check, 0.0);
        self.text(x + CHECK + 4.0, y + 1.8, Style::SMALL, label);
        x + CHECK + 4.0 + Style::SMALL.width(label) + 12.0
    }

    /// A row of boxes to write in, side by side; each has its share of the width.
    pub(super) fn row<S: AsRef<str>>(&mut self, y: f32, part: &str, boxes: &[(S, &str, f32)]) {
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
    pub(super) fn finish(self) -> Drawn {
        let mut next = Ref::new(1);
        let mut id = || next.bump();
        let [catalog, tree, info, helvetica, bold, checked, unchecked] = [(); 7].map(|()| id());
        let fonts = [(); 2].map(|()| id());
        let pages: Vec<Ref> = self.sheets.iter().map(|_| id()).collect();
        let fields: Vec<Vec<Ref>> =
            self.sheets.iter().map(|sheet| sheet.boxes.iter().map(|_| id()).collect()).collect();

        let mut pdf = Pdf::new();
        let mut root = pdf.catalog(catalog);
        root.pages(tree).lang(TextStr("en-US"));
        root.viewer_preferences().display_doc_title(true);
        let mut form = root.form();
        form.fields(fields.iter().flatten().copied()).default_appearance(Str(b"/Helv 0 Tf 0 g"));
        form.default_resources().fonts().pair(Name(b"Helv"), helvetica).pair(Name(b"HeBo"), bold);
        form.finish();
        root.finish();
        pdf.document_info(info).title(TextStr(self.title)).producer(TextStr("Turnout"));
        pdf.pages(tree).kids(pages.iter().copied()).count(pages.len() as i32);
        for (font, name) in [(helvetica, b"Helvetica".as_slice()), (bold, b"Helvetica-Bold")] {
            pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        for (letters, id) in self.letters.iter().zip(fonts) {
            let subset = letters.cut().expect("the bundled font is sound");
            write_font(&mut pdf, &subset, id, &mut next);
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
            for (face, id) in Face::OURS.into_iter().zip(fonts) {
                names.pair(Name(font_name(face)), id);
            }
            names.finish();
            resources.finish();
            entries.finish();
            for (id, found) in fields.into_iter().zip(sheet.boxes) {
                let mut field = pdf.form_field(id);
                field.partial_name(TextStr(&found.name)).alternate_name(TextStr(&found.label));
                match found.shape {
                    Shape::Check => {
                        field.field_type(FieldType::Button);
                        field.pair(Name(b"V"), Name(b"Off"));
                    }
                    shape => {
                        field.field_type(FieldType::Text);
                        let font = if found.bold { "HeBo" } else { "Helv" };
                        let letters = format!("/{font} {} Tf 0 g", found.size);
                        field.vartext_default_appearance(Str(letters.as_bytes()));
                        if !found.text.is_empty() {
                            field.text_value(TextStr(&found.text));
                        }
                        if shape == Shape::Lines {
                            field.field_flags(FieldFlags::MULTILINE);
                        }
                    }
                }
                let mut widget = field.into_annotation();
                widget.rect(found.rect).page(page).flags(AnnotationFlags::PRINT);
                if found.shape == Shape::Check {
                    widget.appearance_state(Name(b"Off"));
                    let mut states = widget.appearance();
                    let mut states = states.normal().streams();
                    states.pair(Name(b"On"), checked).pair(Name(b"Off"), unchecked);
                }
            }
        }
        Drawn { pdf: pdf.finish(), tags: self.tags.finish() }
    }
}

/// Breaks a text at its blanks into lines no wider than that.
fn broken(style: Style, width: f32, text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one from the start");
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if style.width(&longer) > width && !line.is_empty() {
            // read aloud, the words on either side of the break stay two
            line.push(' ');
            lines.push(word.to_owned());
        } else {
            *line = longer;
        }
    }
    lines
}

/// The letters of a field stand two points from its side; without a ground, they are to begin where other text does.
fn flush([x, y, width, height]: [f32; 4]) -> [f32; 4] {
    [x - 2.0, y, width + 2.0, height]
}

/// A black disc, of four curves.
fn disc(content: &mut Content, x: f32, y: f32, radius: f32) {
    let pull = radius * 0.5523;
    content.set_fill_gray(INK).move_to(x + radius, y);
    for [(ax, ay), (bx, by), (cx, cy)] in [
        [(radius, pull), (pull, radius), (0.0, radius)],
        [(-pull, radius), (-radius, pull), (-radius, 0.0)],
        [(-radius, -pull), (-pull, -radius), (0.0, -radius)],
        [(pull, -radius), (radius, -pull), (radius, 0.0)],
    ] {
        content.cubic_to(x + ax, y + ay, x + bx, y + by, x + cx, y + cy);
    }
    content.fill_nonzero();
}

fn font_name(face: Face) -> &'static [u8] {
    match face {
        Face::SansBold => b"F1",
        _ => b"F0",
    }
}

/// Writes a cut font under the number that pages name.
fn write_font(pdf: &mut Pdf, subset: &Subset, id: Ref, next: &mut Ref) {
    let font = subset.font();
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
        .stem_v(font.stem)
        .font_file2(program);
    pdf.stream(program, &subset.program)
        .filter(pdf_writer::Filter::FlateDecode)
        .pair(Name(b"Length1"), subset.length as i32);
    pdf.stream(unicode, &subset.unicode).filter(pdf_writer::Filter::FlateDecode);
}
