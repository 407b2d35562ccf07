//! From a form's widgets to slots: what each box is called, where it lies and how it wants to be filled.

use std::collections::HashSet;

use lopdf::{Dictionary, Object, ObjectId};

use super::{
    read::{MAX_DEPTH, MAX_FIELD_BYTES, MAX_NAME, MAX_STRING, Rect, Source, within},
    text::as_text,
};
use crate::{Error, font::Face, syntax};

/// Field flags of `/Ff`, ISO 32000-1 tables 221, 226, 228 and 230.
mod flag {
    pub(super) const MULTILINE: i64 = 1 << 12;
    pub(super) const PASSWORD: i64 = 1 << 13;
    pub(super) const RADIO: i64 = 1 << 15;
    pub(super) const PUSH: i64 = 1 << 16;
    pub(super) const COMBO: i64 = 1 << 17;
    pub(super) const EDIT: i64 = 1 << 18;
    pub(super) const FILE: i64 = 1 << 20;
    pub(super) const COMB: i64 = 1 << 24;
    pub(super) const RICH: i64 = 1 << 25;
}

/// What a field is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text.
    Text {
        /// Whether lines are broken.
        multiline: bool,
        /// Whether each letter has a cell of its own.
        comb: bool,
    },
    /// A check box, or a group of radio buttons.
    Button {
        /// Whether one of several.
        radio: bool,
        /// What the states `0`, `1`, … are called outside, where the form says so.
        exports: Vec<String>,
    },
    /// A list to choose from.
    Choice {
        /// What is stored and what is shown, for each line of the list.
        options: Vec<(String, String)>,
        /// Whether a text of one's own may be given.
        free: bool,
    },
    /// Something nobody fills: a push button or a place for a digital signature.
    Other,
}

/// A field as the form has it.
pub(crate) struct SourceField<'a> {
    /// The full name, `parent.child`.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// `/FT`.
    pub(crate) kind_name: &'static [u8],
    /// `/Ff` without what needs a program or a file of the reader's.
    pub(crate) flags: i64,
    pub(crate) max_len: Option<usize>,
    /// `/TU`, what a screen reader says.
    pub(crate) tooltip: Option<Vec<u8>>,
    /// `/V` before anybody filled it, if it means something.
    pub(crate) value: Option<Object>,
    /// `/Opt` as the form has it.
    pub(crate) options: Option<&'a Object>,
    pub(crate) widgets: Vec<SourceWidget<'a>>,
}

impl SourceField<'_> {
    /// How many bytes it keeps, roughly.
    fn weight(&self) -> usize {
        let lists = match &self.kind {
            Kind::Button { exports, .. } => exports.iter().map(|export| export.len() + 32).sum(),
            Kind::Choice { options, .. } => {
                options.iter().map(|(stored, shown)| stored.len() + shown.len() + 64).sum()
            }
            Kind::Text { .. } | Kind::Other => 0,
        };
        let value = match &self.value {
            Some(Object::String(bytes, _) | Object::Name(bytes)) => bytes.len(),
            _ => 0,
        };
        self.name.len() + self.tooltip.as_ref().map_or(0, Vec::len) + value + lists
    }
}

/// A box of a field on a page.
pub(crate) struct SourceWidget<'a> {
    /// The page in its file, from 0.
    pub(crate) page: usize,
    pub(crate) rect: Rect,
    /// The annotation's own entries.
    pub(crate) entries: &'a Dictionary,
    /// Annotation flags `/F`.
    pub(crate) flags: i64,
    /// Size and colour of the letters.
    pub(crate) style: Style,
    /// What they are to be set in.
    pub(crate) font: SourceFont,
    /// 0 left, 1 center, 2 right.
    pub(crate) quadding: u8,
}

/// How letters are to look, from `/DA`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Style {
    /// In points; 0 fits the box.
    pub(crate) size: f32,
    /// Operators that set the fill colour.
    pub(crate) color: Vec<u8>,
    /// The font, by its place in the packet.
    pub(crate) font: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { size: 0.0, color: b"0 g".to_vec(), font: 0 }
    }
}

/// The font that `/DA` asks for.
#[derive(Debug, Clone)]
pub(crate) struct SourceFont {
    /// The bundled face that is most like it.
    pub(crate) face: Face,
    /// Its dictionary, where the form brings the font.
    pub(crate) own: Option<ObjectId>,
}

/// A node of the field tree with those above it, from the widget up.
struct Line<'a> {
    source: &'a Source,
    nodes: Vec<&'a Dictionary>,
}

impl<'a> Line<'a> {
    /// Climbs from a widget to the root field.
    fn climb(source: &'a Source, widget: &'a Dictionary) -> Result<Self, Error> {
        let mut nodes = vec![widget];
        let mut above = widget;
        while let Some(parent) = source.dictionary(above, b"Parent") {
            if nodes.len() > MAX_DEPTH {
                return Err(Error::TooDeep { what: "fields", limit: MAX_DEPTH });
            }
            nodes.push(parent);
            above = parent;
        }
        Ok(Self { source, nodes })
    }

    /// An entry of the nearest node that has it.
    fn inherited(&self, key: &[u8]) -> Option<&'a Object> {
        self.nodes.iter().find_map(|node| self.source.entry(node, key))
    }

    fn integer(&self, key: &[u8]) -> Option<i64> {
        match self.inherited(key)? {
            Object::Integer(value) => Some(*value),
            Object::Real(value) => Some(*value as i64),
            _ => None,
        }
    }

    fn text(&self, key: &[u8]) -> Option<&'a [u8]> {
        self.inherited(key)?.as_str().ok()
    }

    /// The names from the root down, with dots between.
    fn name(&self) -> Result<String, Error> {
        let parts = self.nodes.iter().rev().filter_map(|node| self.source.entry(node, b"T")?.as_str().ok());
        let parts: Vec<&[u8]> = parts.collect();
        within("bytes in the name of a field", parts.iter().map(|part| part.len()).sum(), MAX_NAME)?;
        let name = parts.into_iter().map(as_text).collect::<Vec<_>>().join(".");
        if name.matches('.').count() >= MAX_DEPTH {
            return Err(Error::TooDeep { what: "fields", limit: MAX_DEPTH });
        }
        Ok(name)
    }
}

/// The fields that have a box on a page, in the order of their first box; fields on no page do not count.
pub(crate) fn fields<'a>(
    source: &'a Source,
    widgets: &[(usize, &'a Dictionary)],
) -> Result<Vec<SourceField<'a>>, Error> {
    let form = source.form();
    let form_style = form.and_then(|form| source.entry(form, b"DA")?.as_str().ok());
    let form_quadding = form.and_then(|form| source.integer(form, b"Q"));
    let fonts =
        form.and_then(|form| source.dictionary(form, b"DR")).and_then(|dr| source.dictionary(dr, b"Font"));
    let mut fields: Vec<SourceField<'a>> = Vec::new();
    let mut kept = 0;
    let mut places = std::collections::HashMap::new();
    for (page, widget) in widgets {
        let line = Line::climb(source, widget)?;
        let Some(kind_name) = kind_name(line.inherited(b"FT")) else { continue };
        let name = line.name()?;
        let Some(rect) = source.rect(widget, b"Rect", &name)? else { continue };
        let flags = line.integer(b"Ff").unwrap_or(0);
        let max_len = line
            .integer(b"MaxLen")
            .and_then(|length| usize::try_from(length).ok())
            .filter(|length| *length > 0);
        let (style, font) = style(source, fonts, line.text(b"DA").or(form_style).unwrap_or_default());
        let quadding =
            line.integer(b"Q").or(form_quadding).and_then(|q| u8::try_from(q).ok()).filter(|q| *q < 3);
        let box_ = SourceWidget {
            page: *page,
            rect,
            entries: widget,
            flags: source.integer(widget, b"F").unwrap_or(0),
            style,
            font,
            quadding: quadding.unwrap_or(0),
        };
        let kind = kind(source, &line, kind_name, flags, max_len);
        let place = *places.entry(name.clone()).or_insert(fields.len());
        if let Some(field) = fields.get_mut(place) {
            if field.kind_name != kind_name {
                return Err(Error::MixedKinds { name });
            }
            field.widgets.push(box_);
            continue;
        }
        let field = SourceField {
            kind,
            kind_name,
            flags: flags & !(flag::RICH | flag::PASSWORD | flag::FILE),
            max_len,
            tooltip: line.text(b"TU").map(<[u8]>::to_vec),
            value: line.inherited(b"V").and_then(meaningful),
            options: line.inherited(b"Opt"),
            widgets: vec![box_],
            name,
        };
        kept += field.weight();
        within("bytes of names and values of fields", kept, MAX_FIELD_BYTES)?;
        fields.push(field);
    }
    Ok(fields)
}

/// The annotations of a page, each once even if the page names it twice.
pub(crate) fn annotations<'a>(source: &'a Source, page: &'a Dictionary) -> Vec<&'a Dictionary> {
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let array = source.array(page, b"Annots").unwrap_or_default();
    array
        .iter()
        .filter(|object| object.as_reference().map_or(true, |id| seen.insert(id)))
        .filter_map(|object| source.resolve(object).as_dict().ok())
        .collect()
}

fn kind_name(object: Option<&Object>) -> Option<&'static [u8]> {
    let name = object?.as_name().ok()?;
    [b"Tx".as_slice(), b"Btn", b"Ch", b"Sig"].into_iter().find(|known| *known == name)
}

fn kind(source: &Source, line: &Line<'_>, name: &[u8], flags: i64, max_len: Option<usize>) -> Kind {
    let has = |flag: i64| flags & flag != 0;
    match name {
        b"Tx" => Kind::Text {
            multiline: has(flag::MULTILINE),
            comb: has(flag::COMB) && max_len.is_some() && !has(flag::MULTILINE | flag::PASSWORD | flag::FILE),
        },
        b"Btn" if !has(flag::PUSH) => Kind::Button {
            radio: has(flag::RADIO),
            exports: options(source, line).into_iter().map(|(stored, _)| stored).collect(),
        },
        b"Ch" => Kind::Choice { options: options(source, line), free: has(flag::COMBO) && has(flag::EDIT) },
        _ => Kind::Other,
    }
}

fn options(source: &Source, line: &Line<'_>) -> Vec<(String, String)> {
    let array = line.inherited(b"Opt").and_then(|object| object.as_array().ok());
    array.into_iter().flatten().filter_map(|object| option(source, object)).collect()
}

/// A line of a list: its stored value and what is shown, which may be one and the same.
fn option(source: &Source, object: &Object) -> Option<(String, String)> {
    let text = |object: &Object| source.resolve(object).as_str().ok().map(as_text);
    match source.resolve(object) {
        Object::Array(pair) => Some((text(pair.first()?)?, text(pair.get(1)?)?)),
        object => text(object).map(|both| (both.clone(), both)),
    }
}

/// A value that says something: an empty text, an empty name and `/Off` do not.
fn meaningful(value: &Object) -> Option<Object> {
    match value {
        Object::String(bytes, _) if !bytes.is_empty() => Some(value.clone()),
        Object::Name(name) if !name.is_empty() && name != b"Off" => Some(value.clone()),
        _ => None,
    }
}

/// Reads `/DA`: `/Helv 10 Tf 0 g`.
fn style(source: &Source, fonts: Option<&Dictionary>, da: &[u8]) -> (Style, SourceFont) {
    let mut style = Style::default();
    let mut letters = SourceFont { face: Face::Sans, own: None };
    if da.len() > MAX_STRING {
        return (style, letters);
    }
    let mut operands: Vec<&[u8]> = Vec::new();
    for token in da.split(u8::is_ascii_whitespace).filter(|token| !token.is_empty()) {
        match token {
            b"Tf" => {
                if let [.., font, size] = operands.as_slice() {
                    style.size = decimal(size).filter(|size| (0.0..=200.0).contains(size)).unwrap_or(0.0);
                    letters = named(source, fonts, font.strip_prefix(b"/").unwrap_or(font));
                }
                operands.clear();
            }
            b"g" | b"rg" | b"k" => {
                let wanted = match token {
                    b"g" => 1,
                    b"rg" => 3,
                    _ => 4,
                };
                let values: Vec<f32> = operands.iter().filter_map(|operand| decimal(operand)).collect();
                if operands.len() == wanted && values.len() == wanted {
                    style.color.clear();
                    syntax::numbers(&mut style.color, &values);
                    style.color.extend_from_slice(token);
                }
                operands.clear();
            }
            _ if token.first().is_some_and(u8::is_ascii_alphabetic) => operands.clear(),
            _ => operands.push(token),
        }
    }
    (style, letters)
}

/// The font of a name in the form's resources, or one that is like what its name says.
fn named(source: &Source, fonts: Option<&Dictionary>, name: &[u8]) -> SourceFont {
    let mut names = vec![name];
    let (mut flags, mut own) = (0, None);
    if let Some(font) = fonts.and_then(|fonts| source.dictionary(fonts, name)) {
        names.extend(source.name(font, b"BaseFont"));
        if let Some(descriptor) = source.descriptor(font) {
            flags = source.integer(descriptor, b"Flags").unwrap_or(0);
            let reference = fonts.and_then(|fonts| fonts.get(name).ok()?.as_reference().ok());
            own = reference.filter(|_| descriptor.has(b"FontFile2"));
        }
    }
    SourceFont { face: Face::like(names, flags), own }
}

/// A decimal number as content streams have them.
fn decimal(token: &[u8]) -> Option<f32> {
    std::str::from_utf8(token).ok()?.parse::<f32>().ok().filter(|value| value.is_finite())
}
