//! Pages: their boxes, their content and what is drawn over it, and their annotations that are no fields.

use lopdf::{Dictionary, Object};

use super::{
    Marks, PageFacts,
    builder::{Builder, OVERLAY},
    merge::Copier,
    packet::{Appearance, Page},
    read::{MAX_PARTS, MAX_STRING, Rect, Source, SourcePage, within},
};
use crate::{
    Error,
    syntax::{self, Id},
};

/// Annotation flags of `/F`: hidden, or not shown.
pub(super) const INVISIBLE: i64 = 1 << 1 | 1 << 5;

impl Builder {
    /// Takes a number for a page and for what is drawn over it; what it is like is known from now on.
    pub(super) fn begin_page(
        &mut self,
        source: &Source,
        page: &SourcePage<'_>,
        section: usize,
    ) -> Result<(), Error> {
        let overlay = self.objects.reserve();
        self.page_ids.push(self.objects.reserve());
        let bounds = source.rect(page.holder(b"MediaBox"), b"MediaBox", "a page")?;
        let bounds = bounds.unwrap_or([0.0, 0.0, 612.0, 792.0]);
        let crop = source.rect(page.holder(b"CropBox"), b"CropBox", "a page")?;
        let turn = source.integer(page.holder(b"Rotate"), b"Rotate").unwrap_or(0).rem_euclid(360);
        let facts = PageFacts {
            section,
            visible: crop.and_then(|crop| common(crop, bounds)).unwrap_or(bounds),
            turn: u16::try_from(turn).unwrap_or(0),
        };
        let marks = self.structure.as_mut().map(|structure| Marks {
            content: structure.stream(),
            overlay: structure.stream(),
            count: 0,
            stamp: None,
        });
        self.pages.push(Page { facts, overlay, marks, bounds, always: Vec::new() });
        Ok(())
    }

    /// Writes a page: the boxes it had, its content between `q` and `Q`, and the overlay after it.
    pub(super) fn page(
        &mut self,
        copier: &mut Copier<'_>,
        page: &SourcePage<'_>,
        number: usize,
        annotations: &[Id],
    ) -> Result<(), Error> {
        let source = copier.source();
        let mut body = b"<</Type/Page/Parent ".to_vec();
        syntax::reference(&mut body, self.tree);
        body.extend_from_slice(b"/MediaBox[");
        syntax::numbers(&mut body, &self.pages[number].bounds);
        body.push(b']');
        for key in [b"CropBox".as_slice(), b"BleedBox", b"TrimBox", b"ArtBox"] {
            if let Some(rect) = source.rect(page.holder(key), key, "a page")? {
                syntax::name(&mut body, key);
                body.push(b'[');
                syntax::numbers(&mut body, &rect);
                body.push(b']');
            }
        }
        let turn = source.integer(page.holder(b"Rotate"), b"Rotate").unwrap_or(0).rem_euclid(360);
        if turn % 90 == 0 && turn != 0 {
            body.extend_from_slice(b"/Rotate ");
            syntax::integer(&mut body, turn.unsigned_abs());
        }
        if let Some(unit) =
            source.number(page.own(), b"UserUnit").filter(|unit| (0.01..=1000.0).contains(unit))
        {
            body.extend_from_slice(b"/UserUnit ");
            syntax::number(&mut body, unit);
        }
        if let Some(marks) = &self.pages[number].marks {
            body.extend_from_slice(b"/Tabs/S/StructParents ");
            syntax::integer(&mut body, marks.content.into());
        }
        if let Ok(group) = page.own().get(b"Group") {
            body.extend_from_slice(b"/Group ");
            copier.value(&mut self.objects, &mut body, group)?;
        }
        body.extend_from_slice(b"/Resources<<");
        let pictures = if let Some(resources) = source.dictionary(page.holder(b"Resources"), b"Resources") {
            copier.entries(&mut self.objects, &mut body, resources, &[b"XObject"])?;
            source.dictionary(resources, b"XObject")
        } else {
            None
        };
        body.extend_from_slice(b"/XObject<<");
        if let Some(pictures) = pictures {
            copier.entries(&mut self.objects, &mut body, pictures, &[OVERLAY])?;
        }
        syntax::name(&mut body, OVERLAY);
        body.push(b' ');
        syntax::reference(&mut body, self.pages[number].overlay);
        body.extend_from_slice(b">>>>/Contents[");
        syntax::reference(&mut body, self.brackets[0]);
        let contents = page.own().get(b"Contents").ok();
        let parts = match contents.map(|object| source.resolve(object)) {
            Some(Object::Array(parts)) => parts.as_slice(),
            Some(Object::Stream(_)) => contents.map(std::slice::from_ref).unwrap_or_default(),
            _ => &[],
        };
        within("streams that make up one page", parts.len(), MAX_PARTS)?;
        for part in parts {
            let Ok(id) = part.as_reference() else { continue };
            if !matches!(source.resolve(part), Object::Stream(_)) {
                continue;
            }
            if let Some(id) = copier.follow(&mut self.objects, id) {
                body.push(b' ');
                syntax::reference(&mut body, id);
            }
        }
        body.push(b' ');
        syntax::reference(&mut body, self.brackets[1]);
        body.push(b']');
        if !annotations.is_empty() {
            body.extend_from_slice(b"/Annots[");
            for id in annotations {
                syntax::reference(&mut body, *id);
                body.push(b' ');
            }
            body.push(b']');
        }
        body.extend_from_slice(b">>");
        self.objects.object(self.page_ids[number], &body);
        Ok(())
    }

    /// An annotation that is no field: a link to the web stays one, a visible mark becomes part of the page.
    pub(super) fn other(
        &mut self,
        copier: &mut Copier<'_>,
        page: usize,
        annotation: &Dictionary,
    ) -> Result<Option<Id>, Error> {
        let source = copier.source();
        let Some(rect) = source.rect(annotation, b"Rect", "an annotation")? else { return Ok(None) };
        let visible = source.integer(annotation, b"F").unwrap_or(0) & INVISIBLE == 0;
        match source.name(annotation, b"Subtype") {
            Some(b"Link") => {
                let action = source.dictionary(annotation, b"A");
                let target = action
                    .filter(|action| source.name(action, b"S") == Some(b"URI"))
                    .and_then(|action| source.entry(action, b"URI")?.as_str().ok())
                    .filter(|uri| uri.len() <= MAX_STRING)
                    .filter(|uri| {
                        [b"http:".as_slice(), b"https:", b"mailto:"]
                            .iter()
                            .any(|scheme| uri.starts_with(scheme))
                    });
                let Some(target) = target else { return Ok(None) };
                let mut body = b"<</Type/Annot/Subtype/Link/Border[0 0 0]/F 4/Rect[".to_vec();
                syntax::numbers(&mut body, &rect);
                body.extend_from_slice(b"]/A<</S/URI/URI ");
                syntax::string(&mut body, target);
                body.extend_from_slice(b">>>>");
                let id = self.objects.reserve();
                self.objects.object(id, &body);
                Ok(Some(id))
            }
            // a comment's icon or window is no part of the form
            Some(b"Text" | b"Popup" | b"FileAttachment" | b"Movie" | b"Sound" | b"Screen") | None => Ok(None),
            Some(_) => {
                let normal = source.dictionary(annotation, b"AP").and_then(|ap| ap.get(b"N").ok());
                if let Some(normal) = normal.filter(|_| visible)
                    && let Some(appearance) = self.appearance(copier, normal, rect)
                {
                    let layer = copier.layer(&mut self.objects, annotation)?;
                    self.pages[page].always.push((appearance, layer));
                }
                Ok(None)
            }
        }
    }

    /// An appearance stream and its place, ISO 32000-1, 12.5.5.
    pub(super) fn appearance(
        &mut self,
        copier: &mut Copier<'_>,
        object: &Object,
        rect: Rect,
    ) -> Option<Appearance> {
        let source = copier.source();
        let Object::Stream(stream) = source.resolve(object) else { return None };
        let id = copier.appearance(&mut self.objects, object, rect)?;
        let width_and_height = [0.0, 0.0, rect[2] - rect[0], rect[3] - rect[1]];
        let array = |key: &[u8]| source.entry(&stream.dict, key);
        let bounds =
            array(b"BBox").and_then(|object| source.numbers::<4>(object)).unwrap_or(width_and_height);
        let matrix = array(b"Matrix").and_then(|object| source.numbers::<6>(object));
        let [a, b, c, d, e, f] = matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let corners = [(0, 1), (0, 3), (2, 1), (2, 3)]
            .map(|(x, y)| (bounds[x], bounds[y]))
            .map(|(x, y)| (a * x + c * y + e, b * x + d * y + f));
        let low = corners.iter().fold((f32::MAX, f32::MAX), |low, at| (low.0.min(at.0), low.1.min(at.1)));
        let high = corners.iter().fold((f32::MIN, f32::MIN), |high, at| (high.0.max(at.0), high.1.max(at.1)));
        let scale = |from: f32, to: f32| if from.abs() > 1e-3 { to / from } else { 1.0 };
        let (x, y) = (scale(high.0 - low.0, rect[2] - rect[0]), scale(high.1 - low.1, rect[3] - rect[1]));
        Some(Appearance { id, matrix: [x, 0.0, 0.0, y, rect[0] - low.0 * x, rect[1] - low.1 * y] })
    }
}

/// What two rectangles have in common.
fn common(a: Rect, b: Rect) -> Option<Rect> {
    let both = [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])];
    (both[0] < both[2] && both[1] < both[3]).then_some(both)
}
