//! In which order the models of a database are taken over: what is pointed to comes first.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    model::{Field, Kind, Model},
    models::{self, TASKS},
};
use crate::ports::origin::{Filled, Wanted};

/// A model, or a part of one.
#[derive(Debug)]
pub(super) struct Step {
    /// By what it is remembered how far it is.
    pub(super) name: String,
    pub(super) model: &'static Model,
    pub(super) wanted: Wanted,
}

/// All models: those of which there are few stand together.
fn in_order() -> Vec<&'static Model> {
    let mut left: Vec<&Model> = models::kept().iter().chain([models::versions()]).collect();
    let few: HashSet<&str> = left.iter().filter(|model| model.few).map(|model| model.label).collect();
    let mut placed: HashSet<&str> = HashSet::new();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let is_ready = |model: &&Model| {
            let mut targets = model.fields.iter().chain([&model.key]).filter_map(|field| field.to);
            targets.all(|to| to == model.label || placed.contains(to) || (model.few && few.contains(to)))
        };
        let (ready, waiting): (Vec<&Model>, Vec<&Model>) =
            left.iter().copied().partition(|model| !model.few && is_ready(model));
        let (ready, waiting) = if ready.is_empty() {
            left.iter().copied().partition(|model| model.few && is_ready(model))
        } else {
            (ready, waiting)
        };
        assert!(!ready.is_empty(), "models point to each other in a circle");
        placed.extend(ready.iter().map(|model| model.label));
        ordered.extend(ready);
        left = waiting;
    }
    ordered
}

/// The steps over these tables. A model whose table is not there has none.
pub(super) fn steps(tables: &BTreeMap<String, BTreeSet<String>>) -> Vec<Step> {
    let mut steps = Vec::new();
    for model in in_order() {
        let Some(columns) = tables.get(model.origin) else { continue };
        let wanted = wanted(model, columns);
        let own = model.fields.iter().find(|field| field.to == Some(model.label));
        let Some(own) = own.filter(|field| columns.contains(field.from)) else {
            steps.push(Step { name: model.label.to_owned(), model, wanted });
            continue;
        };
        // rows that point to rows of the same table come after these
        for (name, filled) in [("", Filled::No), (" of others", Filled::Yes)] {
            let wanted = Wanted { only: Some((own.from, filled)), ..wanted.clone() };
            steps.push(Step { name: format!("{}{name}", model.label), model, wanted });
        }
    }
    steps
}

fn wanted(model: &'static Model, columns: &BTreeSet<String>) -> Wanted {
    let fields = model.fields.iter().map(|field| (field.from, field.name));
    // of these, something else is made
    let anew = model.made_anew.iter().filter(|name| **name != "search").map(|name| (*name, *name));
    Wanted {
        table: model.origin,
        key: model.key.from,
        columns: fields.chain(anew).filter(|(column, _)| columns.contains(*column)).collect(),
        only: None,
    }
}

/// Scheduled work.
pub(super) fn scheduled() -> Wanted {
    let columns = ["task_name", "args", "kwargs", "due_at", "started_at"];
    Wanted {
        table: "common_delayedtask",
        key: "uuid",
        columns: columns.map(|name| (name, name)).to_vec(),
        only: None,
    }
}

/// Columns that have to be there and are not.
pub(super) fn absent_columns(tables: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut absent = Vec::new();
    for model in in_order() {
        let Some(columns) = tables.get(model.origin) else { continue };
        let needed = model.fields.iter().filter(|field| !field.null).chain([&model.key]);
        let missing = needed.filter(|field| !columns.contains(field.from));
        absent.extend(missing.map(|field| format!("{}.{}", model.origin, field.from)));
    }
    absent
}

/// Columns that nobody knows.
pub(super) fn unknown_columns(tables: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut unknown = Vec::new();
    for model in in_order() {
        let Some(columns) = tables.get(model.origin) else { continue };
        let known: HashSet<&str> = model.fields.iter().chain([&model.key]).map(|field| field.from).collect();
        let is_known = |column: &str| {
            known.contains(column) || model.made_anew.contains(&column) || OF_VERSIONS.contains(&column)
        };
        let others = columns.iter().filter(|column| !is_known(column));
        unknown.extend(others.map(|column| format!("{}.{column}", model.origin)));
    }
    unknown
}

/// Columns by which a version is found, and how it is written.
const OF_VERSIONS: [&str; 5] = ["content_type_id", "revision_id", "db", "format", "object_repr"];

/// Tables that nobody knows.
pub(super) fn unknown_tables(tables: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let kept = in_order().into_iter().map(|model| model.origin);
    let listed = models::LEFT_BEHIND.iter().chain(models::NOT_YET).map(|(_, table, _)| *table);
    let known: HashSet<&str> =
        kept.chain(listed).chain(models::NO_MODELS).chain([scheduled().table]).collect();
    tables.keys().filter(|table| !known.contains(table.as_str())).cloned().collect()
}

/// The models whose tables are not there.
pub(super) fn absent(tables: &BTreeMap<String, BTreeSet<String>>) -> Vec<&'static str> {
    let absent = in_order().into_iter().filter(|model| !tables.contains_key(model.origin));
    let tasks = [TASKS].into_iter().filter(|_| !tables.contains_key(scheduled().table));
    absent.map(|model| model.label).chain(tasks).collect()
}

/// The fields by which a model points to others, or its key does.
pub(super) fn pointers(model: &'static Model) -> impl Iterator<Item = (&'static Field, &'static str)> {
    let fields = model.fields.iter().chain([&model.key]);
    fields.filter_map(|field| field.to.map(|to| (field, to))).filter(|(field, _)| field.kind.is_key())
}

impl Kind {
    /// Whether another row may have it as its key.
    fn is_key(self) -> bool {
        !matches!(self, Self::Person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pointed_to_comes_first() {
        let order = in_order();
        assert_eq!(order.len(), models::kept().len() + 1);
        let place = |label: &str| order.iter().position(|model| model.label == label).expect("a place");
        for model in &order {
            for (_, to) in pointers(model) {
                let to = order[place(to)];
                let together = (model.few && to.few) || to.label == model.label;
                assert!(together || place(to.label) < place(model.label), "{} {}", model.label, to.label);
            }
        }
        let few: Vec<usize> = (0..order.len()).filter(|at| order[*at].few).collect();
        assert_eq!(few.len(), few[few.len() - 1] - few[0] + 1, "they stand together");
    }
}
