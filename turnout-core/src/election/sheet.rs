//! Facts as those who keep them look at them: by state, by kind, and what waits to be published.

use std::collections::HashMap;

use super::{FieldType, Proposal, StateInformation, StateProfile, edit::FactSheet};
use crate::{
    address::State,
    ids::FieldTypeId,
    ports::store::{StoreError, View, unless_absent},
};

/// A state with every fact about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSheet {
    /// The state.
    pub profile: StateProfile,
    /// The facts, by slug.
    pub facts: Vec<FactSheet>,
}

/// A kind of fact with what it says of every state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSheet {
    /// The kind.
    pub field: FieldType,
    /// The facts, by state code.
    pub facts: Vec<StateInformation>,
}

/// The states that there are facts about: all but territories, by code.
///
/// # Errors
/// When the store fails.
pub async fn states(view: &mut dyn View) -> Result<Vec<StateProfile>, StoreError> {
    let mut states = view.elections().states().await?;
    states.retain(|it| !it.code.is_territory());
    Ok(states)
}

/// A state with every fact about it; nothing for a state that is not there.
///
/// # Errors
/// When the store fails.
pub async fn state(view: &mut dyn View, state: State) -> Result<Option<StateSheet>, StoreError> {
    let Some(profile) = view.elections().state(state).await? else { return Ok(None) };
    let facts = view.elections().information_of_state(state).await?;
    let facts = sheets(view, facts).await?;
    Ok(Some(StateSheet { profile, facts }))
}

/// A kind of fact with what it says of every state; nothing for a kind that is not there.
///
/// # Errors
/// When the store fails.
pub async fn field(view: &mut dyn View, slug: &str) -> Result<Option<FieldSheet>, StoreError> {
    let Some(field) = view.elections().field_type(slug).await? else { return Ok(None) };
    let facts = view.elections().information_of_field(slug).await?;
    Ok(Some(FieldSheet { field, facts }))
}

/// Everything that waits for a second person, the oldest first, each with its fact.
///
/// # Errors
/// When the store fails.
pub async fn proposals(view: &mut dyn View) -> Result<Vec<(FactSheet, Proposal)>, StoreError> {
    let waiting = unless_absent(view.edits().list().await)?;
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let mut facts: HashMap<_, _> = HashMap::new();
    let all = view.elections().information().await?;
    for sheet in sheets(view, all).await? {
        facts.insert(sheet.fact.id, sheet);
    }
    let with_fact = |it: Proposal| Some((facts.get(&it.information)?.clone(), it));
    Ok(waiting.into_iter().filter_map(with_fact).collect())
}

/// Facts with their kinds and what is proposed for them.
async fn sheets(view: &mut dyn View, facts: Vec<StateInformation>) -> Result<Vec<FactSheet>, StoreError> {
    let fields: HashMap<FieldTypeId, FieldType> =
        view.elections().field_types().await?.into_iter().map(|it| (it.id, it)).collect();
    let waiting = unless_absent(view.edits().list().await)?;
    let mut waiting: HashMap<_, _> = waiting.into_iter().map(|it| (it.information, it)).collect();
    let sheet = |fact: StateInformation| {
        let field = fields.get(&fact.field_type)?.clone();
        Some(FactSheet { field, proposal: waiting.remove(&fact.id), fact })
    };
    Ok(facts.into_iter().filter_map(sheet).collect())
}
