//! One text in another's place, in every fact that is Markdown or a URL (`flows.md` 21, 2026-11).

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{
    FieldFormat, FieldType, StateInformation,
    edit::{FactText, Saved, complaint, put},
    published,
};
use crate::{
    address::State,
    app::App,
    ids::{FieldTypeId, InformationId, UserId},
    ports::store::{StoreError, View},
    problems::{Problem, Problems},
};

/// The most characters of either text.
const LONGEST: usize = 2_000;

/// A fact in which something is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The fact.
    pub information: InformationId,
    /// Its state.
    pub state: State,
    /// The slug of its kind.
    pub slug: String,
    /// What its kind is called.
    pub name: String,
    /// What it said.
    pub before: String,
    /// What it says then.
    pub after: String,
    /// How often the text was in it.
    pub occurrences: usize,
    /// Why it cannot say that.
    pub complaint: Option<Problem>,
}

/// What a replacement does, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The text that is looked for; capital and small letters differ.
    pub old: String,
    /// The text in its place.
    pub new: String,
    /// The facts, by state and slug.
    pub facts: Vec<Replaced>,
    /// Stands for these facts as they are.
    pub seal: String,
    /// Whether a second person has to publish it yet.
    pub proposed: bool,
}

impl Replacement {
    /// How often the text is in all of them together.
    #[must_use]
    pub fn occurrences(&self) -> usize {
        self.facts.iter().map(|it| it.occurrences).sum()
    }

    /// Whether each of them can say that.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.facts.iter().all(|it| it.complaint.is_none())
    }
}

/// Why nothing was replaced.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// The texts will not do.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// Some facts could not say that; nothing was changed.
    #[error("some facts would not be as their kind says")]
    Unfit(Box<Replacement>),
    /// The facts are not those that somebody saw; nothing was changed.
    #[error("the facts were changed meanwhile")]
    Overtaken(Box<Replacement>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks what a replacement would do.
///
/// # Errors
/// When the texts will not do or the store fails.
pub async fn find_to_replace(app: &App, old: &str, new: &str) -> Result<Replacement, ReplaceError> {
    check(old, new)?;
    let mut view = app.store.view().await?;
    Ok(find(view.as_mut(), old, new).await?)
}

/// Replaces a text everywhere, or proposes that where a second person publishes; without a person it is the operator, who
/// needs none. `seal` is that of what was seen before.
///
/// # Errors
/// See [`ReplaceError`]: nothing was changed then.
pub async fn replace(
    app: &App,
    by: Option<UserId>,
    old: &str,
    new: &str,
    seal: Option<&str>,
) -> Result<Replacement, ReplaceError> {
    check(old, new)?;
    let mut unit = app.store.begin().await?;
    let mut replacement = find(unit.as_mut(), old, new).await?;
    if seal.is_some_and(|seal| seal != replacement.seal) {
        return Err(ReplaceError::Overtaken(Box::new(replacement)));
    }
    if !replacement.is_good() {
        return Err(ReplaceError::Unfit(Box::new(replacement)));
    }
    let comment = format!("Replaced {old:?} with {new:?}");
    let mut changed = Vec::new();
    for it in &replacement.facts {
        let Some(fact) = unit.edits_mut().lock(it.information).await? else { continue };
        if fact.text != it.before {
            return Err(ReplaceError::Overtaken(Box::new(replacement)));
        }
        let text = FactText { text: it.after.clone(), ..FactText::from(&fact) };
        let at = (fact.state, fact.field_type);
        let saved = put(app, unit.as_mut(), by, fact, text, ("replaced", comment.clone())).await?;
        changed.extend((saved == Saved::Published).then_some(at));
    }
    published::facts(app, unit.as_mut(), changed).await?;
    unit.commit().await?;
    replacement.proposed = by.is_some() && app.settings.election.second_person;
    Ok(replacement)
}

fn check(old: &str, new: &str) -> Result<(), Problems> {
    let mut problems = Problems::new();
    if old.is_empty() {
        problems.add("old", Problem::Required);
    }
    for (name, text) in [("old", old), ("new", new)] {
        if text.chars().count() > LONGEST {
            problems.add(name, Problem::TooLong(LONGEST));
        }
        if text.contains('\0') {
            problems.add(name, Problem::NullCharacters);
        }
    }
    if old == new && !old.is_empty() {
        let text = "This is the text that is looked for.";
        problems.add("new", Problem::Other("problem-same-text", text.into()));
    }
    problems.into_result()
}

async fn find(view: &mut dyn View, old: &str, new: &str) -> Result<Replacement, StoreError> {
    let fields: HashMap<FieldTypeId, FieldType> =
        view.elections().field_types().await?.into_iter().map(|it| (it.id, it)).collect();
    let facts = view.elections().information().await?;
    let found: Vec<Replaced> = facts
        .iter()
        .filter_map(|fact| {
            let field = fields.get(&fact.field_type)?;
            replaced(fact, field, old, new)
        })
        .collect();
    let mut seal = Sha256::new();
    for it in &found {
        seal.update(it.information.0);
        seal.update(it.before.as_bytes());
        seal.update([0]);
    }
    for text in [old, new] {
        seal.update(text.as_bytes());
        seal.update([0]);
    }
    let seal: String = seal.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Replacement { old: old.to_owned(), new: new.to_owned(), facts: found, seal, proposed: false })
}

/// The fact with the text replaced; nothing where it is not in it, or the fact is of another kind.
fn replaced(fact: &StateInformation, field: &FieldType, old: &str, new: &str) -> Option<Replaced> {
    if !matches!(field.format, Some(FieldFormat::Markdown | FieldFormat::Url)) {
        return None;
    }
    let occurrences = fact.text.matches(old).count();
    if occurrences == 0 {
        return None;
    }
    let after = fact.text.replace(old, new);
    Some(Replaced {
        information: fact.id,
        state: fact.state,
        slug: field.slug.clone(),
        name: field.long_name.clone(),
        before: fact.text.clone(),
        complaint: complaint(field.format, &after),
        after,
        occurrences,
    })
}
