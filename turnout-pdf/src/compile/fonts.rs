//! The fonts of a packet: what its fields ask for, and what has the letters that those lack.

use std::sync::Arc;

use lopdf::ObjectId;

use super::{fields::SourceFont, merge::Copier};
use crate::{
    font::{Face, Font, Letters, Subset},
    syntax::{self, Id, Objects},
};

/// The most fonts of forms' own that are used; fields that ask for more are set in the bundled font most like it.
const MAX_OWN: usize = 12;

/// A typeface of a packet.
pub(crate) struct PacketFont {
    pub(crate) font: Arc<Font>,
    /// The common letters that are in the packet, and the number of the font they are.
    pub(crate) common: Option<(Id, Arc<Subset>)>,
    /// The typeface that has the letters which this one lacks.
    pub(crate) next: Option<usize>,
    /// Whether a filling may add letters. A form's own fonts are nobody's promise, so what is cut of them is cut when the
    /// form is compiled.
    pub(crate) grows: bool,
    /// Whether it was added to the packet, for letters that all others lack.
    pub(crate) is_extra: bool,
}

impl PacketFont {
    pub(super) fn extra(font: Arc<Font>) -> Self {
        Self { font, common: None, next: None, grows: true, is_extra: true }
    }
}

/// The fonts in the making.
#[derive(Default)]
pub(super) struct Builder {
    all: Vec<Entry>,
    /// Where the bundled faces are.
    faces: [Option<usize>; Face::ALL.len()],
    /// Where the fonts of the documents are: by document and dictionary.
    own: Vec<((usize, ObjectId), usize)>,
}

struct Entry {
    font: Arc<Font>,
    next: Option<usize>,
    /// The common letters of a form's own font.
    cut: Option<Arc<Subset>>,
    face: Face,
    /// Whether a field is set in it, so that its common letters go into the packet.
    is_used: bool,
    /// What fields call it, where a reader has to be given the form's own when the voter goes on writing.
    given: Option<(String, Id)>,
}

impl Builder {
    /// The place of the font that a field asks for.
    pub(super) fn chosen(
        &mut self,
        objects: &mut Objects,
        copier: &mut Copier<'_>,
        section: usize,
        font: &SourceFont,
    ) -> usize {
        let own = font.own.and_then(|id| self.own(objects, copier, section, id, font.face));
        let at = own.unwrap_or_else(|| self.face(font.face));
        self.all[at].is_used = true;
        at
    }

    /// The place of a form's own font; nothing where it cannot be used.
    fn own(
        &mut self,
        objects: &mut Objects,
        copier: &mut Copier<'_>,
        section: usize,
        id: ObjectId,
        face: Face,
    ) -> Option<usize> {
        if let Some((_, at)) = self.own.iter().find(|(key, _)| *key == (section, id)) {
            return Some(*at).filter(|at| self.all[*at].cut.is_some());
        }
        let read = || {
            let (program, name) = copier.source().font_program(id)?;
            let font = Arc::new(Font::read(program.into(), Some(&name))?);
            let cut = Letters::common(&font).cut().ok()?;
            Some((font, Arc::new(cut), name))
        };
        let Some((font, cut, name)) = read().filter(|_| self.own.len() < MAX_OWN) else {
            let at = self.face(face);
            self.own.push(((section, id), at));
            return None;
        };
        // letters as wide as those that every reader has need no other
        let is_standard =
            ["Arial", "TimesNewRoman", "CourierNew"].iter().any(|known| name.starts_with(known));
        let given = if is_standard { None } else { copier.follow(objects, id) };
        let given = given.map(|id| (format!("T{}", self.own.len()), id));
        let next = Some(self.face(face));
        self.all.push(Entry { font, next, cut: Some(cut), face, is_used: false, given });
        self.own.push(((section, id), self.all.len() - 1));
        Some(self.all.len() - 1)
    }

    /// The place of a bundled face, with those that have the letters it lacks.
    fn face(&mut self, face: Face) -> usize {
        if let Some(at) = self.faces[face as usize] {
            return at;
        }
        let next = face.fallback().map(|face| self.face(face));
        let font = Arc::clone(face.font());
        self.all.push(Entry { font, next, cut: None, face, is_used: false, given: None });
        *self.faces[face as usize].insert(self.all.len() - 1)
    }

    /// What an interactive field calls its font.
    pub(super) fn asked(&self, at: usize) -> &str {
        let entry = self.all.get(at);
        entry.map_or("Helv", |entry| entry.given.as_ref().map_or(entry.face.standard().0, |(name, _)| name))
    }

    /// What a reader writes with when the voter goes on; what we wrote has fonts of its own.
    pub(super) fn resources(&self, objects: &mut Objects, is_interactive: bool) -> Vec<u8> {
        let mut out = Vec::new();
        if !is_interactive {
            return out;
        }
        let mut standard = vec![Face::Sans.standard(), ("ZaDb", "ZapfDingbats")];
        for entry in self.all.iter().filter(|entry| entry.is_used) {
            match &entry.given {
                Some((name, id)) => {
                    syntax::name(&mut out, name.as_bytes());
                    out.push(b' ');
                    syntax::reference(&mut out, *id);
                }
                None if standard.contains(&entry.face.standard()) => {}
                None => standard.push(entry.face.standard()),
            }
        }
        for (name, font) in standard {
            let id = objects.reserve();
            let encoding = if name == "ZaDb" { "" } else { "/Encoding/WinAnsiEncoding" };
            objects.object(id, format!("<</Type/Font/Subtype/Type1/BaseFont/{font}{encoding}>>").as_bytes());
            syntax::name(&mut out, name.as_bytes());
            out.push(b' ');
            syntax::reference(&mut out, id);
        }
        out
    }

    /// Writes the common letters of the fonts that are used.
    pub(super) fn finish(self, objects: &mut Objects) -> Vec<PacketFont> {
        let write = |entry: Entry| {
            let grows = entry.cut.is_none();
            let common = entry.is_used.then(|| {
                let subset = entry.cut.unwrap_or_else(|| Arc::clone(entry.face.common()));
                let id = objects.reserve();
                subset.write(objects, id);
                (id, subset)
            });
            PacketFont { font: entry.font, common, next: entry.next, grows, is_extra: false }
        };
        self.all.into_iter().map(write).collect()
    }
}
