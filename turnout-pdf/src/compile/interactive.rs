//! Fields that stay fields: their objects, their names, and the tree of names.

use std::collections::{BTreeMap, HashSet};

use super::{
    builder::Builder,
    fields::{SourceField, SourceWidget},
    merge::Copier,
    read::{MAX_FIELD_BYTES, within},
};
use crate::{
    Error,
    syntax::{self, Id},
};

impl Builder {
    /// The objects of an interactive field: one for a single box, else a parent with its boxes. Returns the parent.
    pub(super) fn interactive(
        &mut self,
        copier: &mut Copier<'_>,
        section: usize,
        first: usize,
        field: &SourceField<'_>,
        slots: std::ops::Range<usize>,
        annotations: &mut [Vec<Id>],
    ) -> Result<Option<(Id, Vec<u8>)>, Error> {
        let written = self.free_name(&field.name, section);
        let id = self.objects.reserve();
        self.form.push((written, id));

        // what belongs to the field rather than to a box
        let mut common = b"/FT".to_vec();
        syntax::name(&mut common, field.kind_name);
        if field.flags != 0 {
            common.extend_from_slice(b"/Ff ");
            syntax::integer(&mut common, u64::from(field.flags as u32));
        }
        if let Some(length) = field.max_len {
            common.extend_from_slice(b"/MaxLen ");
            syntax::integer(&mut common, length as u64);
        }
        if let Some(tooltip) = &field.tooltip {
            common.extend_from_slice(b"/TU ");
            syntax::string(&mut common, tooltip);
        }
        if let Some(options) = field.options {
            common.extend_from_slice(b"/Opt ");
            copier.value(&mut self.objects, &mut common, options)?;
        }
        self.kept += common.len();
        within("bytes of field boxes", self.kept, MAX_FIELD_BYTES)?;
        let alone = field.widgets.len() == 1;
        let mut kids = Vec::new();
        for (widget, index) in field.widgets.iter().zip(slots) {
            let id = if alone { id } else { self.objects.reserve() };
            kids.push(id);
            annotations[widget.page].push(id);
            let mut body = self.widget(copier, first, widget, index)?;
            if let Some(structure) = &mut self.structure {
                let key = structure.box_();
                self.slots[index].key = Some(key);
                body.extend_from_slice(b"/StructParent ");
                syntax::integer(&mut body, key.into());
            }
            if alone {
                body.extend_from_slice(&common);
            } else {
                body.extend_from_slice(b"/Parent ");
                syntax::reference(&mut body, id_of(&self.form));
            }
            self.kept += body.len();
            within("bytes of field boxes", self.kept, MAX_FIELD_BYTES)?;
            self.slots[index].widget = Some((id, body));
        }
        if alone {
            return Ok(None);
        }
        common.extend_from_slice(b"/Kids[");
        for kid in kids {
            syntax::reference(&mut common, kid);
            common.push(b' ');
        }
        common.push(b']');
        Ok(Some((id, common)))
    }

    /// The entries of a box but for those that a filling sets.
    fn widget(
        &mut self,
        copier: &mut Copier<'_>,
        first: usize,
        widget: &SourceWidget<'_>,
        index: usize,
    ) -> Result<Vec<u8>, Error> {
        let source = copier.source();
        let slot = &self.slots[index];
        let mut body = b"/Type/Annot/Subtype/Widget/Rect[".to_vec();
        syntax::numbers(&mut body, &widget.rect);
        body.extend_from_slice(b"]/P ");
        syntax::reference(&mut body, self.page_ids[first + widget.page]);
        body.extend_from_slice(b"/F ");
        syntax::integer(&mut body, u64::from(widget.flags as u32));
        if slot.states.is_empty() {
            body.extend_from_slice(b"/DA(");
            syntax::name(&mut body, self.fonts.asked(slot.style.font).as_bytes());
            body.push(b' ');
            syntax::number(&mut body, slot.style.size);
            body.extend_from_slice(b" Tf ");
            body.extend_from_slice(&slot.style.color);
            body.extend_from_slice(b")/Q ");
            syntax::integer(&mut body, slot.quadding.into());
        } else {
            body.extend_from_slice(b"/DA(/ZaDb 0 Tf 0 g)/AP<</N<<");
            for (state, appearance) in &slot.states {
                syntax::name(&mut body, state);
                body.push(b' ');
                syntax::reference(&mut body, appearance.id);
            }
            body.extend_from_slice(b">>>>");
        }
        if let Some(layer) = slot.layer {
            body.extend_from_slice(b"/OC ");
            syntax::reference(&mut body, layer);
        }
        if let Some(mk) = source.dictionary(widget.entries, b"MK") {
            body.extend_from_slice(b"/MK<<");
            copier.entries(&mut self.objects, &mut body, mk, &[b"I", b"RI", b"IX", b"IF"])?;
            body.extend_from_slice(b">>");
        }
        for key in [b"BS".as_slice(), b"Border", b"H"] {
            if let Some(value) = source.entry(widget.entries, key) {
                syntax::name(&mut body, key);
                body.push(b' ');
                copier.value(&mut self.objects, &mut body, value)?;
            }
        }
        Ok(body)
    }

    /// The name under which an interactive field is written: its own, or with the document's number behind it.
    fn free_name(&mut self, name: &str, section: usize) -> String {
        let mut written = name.to_owned();
        let mut number = section + 1;
        while !self.taken.insert(written.clone()) {
            written = format!("{name}_{number}");
            number += 1;
        }
        written
    }

    /// Writes the interactive fields' names and the nodes between them. Returns the root fields.
    pub(super) fn field_tree(&mut self) -> Vec<Id> {
        let mut nodes: BTreeMap<String, (Id, Vec<Id>)> = BTreeMap::new();
        let mut roots = Vec::new();
        let mut heads: Vec<(Id, Vec<u8>)> = Vec::new();
        let names: HashSet<&str> = self.form.iter().map(|(name, _)| name.as_str()).collect();
        for (name, id) in &self.form {
            let mut head = b"/T ".to_vec();
            let splits: Vec<usize> = name.match_indices('.').map(|(at, _)| at).collect();
            // a name that is also the beginning of another cannot be a node: it is written in one piece
            if splits.iter().any(|at| names.contains(&name[..*at])) || splits.is_empty() {
                syntax::text(&mut head, &name.replace('.', "_"));
                roots.push(*id);
                heads.push((*id, head));
                continue;
            }
            let mut above: Option<&str> = None;
            for at in &splits {
                let path = &name[..*at];
                if !nodes.contains_key(path) {
                    let node = self.objects.reserve();
                    nodes.insert(path.to_owned(), (node, Vec::new()));
                    match above.and_then(|above| nodes.get_mut(above)) {
                        Some((_, kids)) => kids.push(node),
                        None => roots.push(node),
                    }
                }
                above = Some(path);
            }
            if let Some((node, kids)) = above.and_then(|above| nodes.get_mut(above)) {
                kids.push(*id);
                syntax::text(&mut head, name.rsplit('.').next().unwrap_or(name));
                head.extend_from_slice(b"/Parent ");
                syntax::reference(&mut head, *node);
            }
            heads.push((*id, head));
        }
        for (path, (id, kids)) in &nodes {
            let mut body = b"<</T ".to_vec();
            syntax::text(&mut body, path.rsplit('.').next().unwrap_or(path));
            if let Some((parent, _)) = path.rfind('.').and_then(|at| nodes.get(&path[..at])) {
                body.extend_from_slice(b"/Parent ");
                syntax::reference(&mut body, *parent);
            }
            body.extend_from_slice(b"/Kids[");
            for kid in kids {
                syntax::reference(&mut body, *kid);
                body.push(b' ');
            }
            body.extend_from_slice(b"]>>");
            self.objects.object(*id, &body);
        }
        let mut heads: BTreeMap<Id, Vec<u8>> = heads.into_iter().collect();
        let parents = self.fields.iter_mut().filter_map(|field| field.parent.as_mut());
        let widgets = self.slots.iter_mut().filter_map(|slot| slot.widget.as_mut());
        for (id, body) in parents.chain(widgets) {
            if let Some(head) = heads.remove(id) {
                body.extend_from_slice(&head);
            }
        }
        roots
    }
}

/// The number of the field that was begun last.
fn id_of(form: &[(String, Id)]) -> Id {
    form.last().expect("the field was just put there").1
}
