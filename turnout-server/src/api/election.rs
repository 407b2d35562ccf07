//! `/v1/election/…` (`http-api.md` 9). Answers are kept as finished bytes.

use std::collections::HashMap;

use serde::Serialize;
use turnout_core::{
    address::State,
    election::{FieldFormat, FieldType, StateInformation, StateProfile},
    ids::FieldTypeId,
};

use crate::http::{ApiError, Kept, Request, Response, response::timestamp};

#[derive(Serialize)]
struct StateAnswer<'a> {
    code: State,
    name: &'a str,
    state_information: Vec<FactOfState<'a>>,
}

#[derive(Serialize)]
struct FactOfState<'a> {
    text: &'a str,
    field_type: &'a str,
    modified_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<bool>,
}

#[derive(Serialize)]
struct FieldAnswer<'a> {
    slug: &'a str,
    long_name: &'a str,
    field_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    states: Option<Vec<FactOfField<'a>>>,
}

#[derive(Serialize)]
struct FactOfField<'a> {
    state: State,
    text: &'a str,
    modified_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<bool>,
}

/// The value of a Boolean field: true if and only if its text says so, in any case.
fn value(field: &FieldType, text: &str) -> Option<bool> {
    (field.format == Some(FieldFormat::Boolean)).then(|| text.eq_ignore_ascii_case("true"))
}

fn state_answer<'a>(
    profile: &'a StateProfile,
    facts: impl Iterator<Item = &'a StateInformation>,
    fields: &HashMap<FieldTypeId, &'a FieldType>,
) -> StateAnswer<'a> {
    let fact = |fact: &'a StateInformation| {
        let field = fields.get(&fact.field_type)?;
        Some(FactOfState {
            text: &fact.text,
            field_type: &field.slug,
            modified_at: timestamp(fact.modified_at),
            value: value(field, &fact.text),
        })
    };
    StateAnswer {
        code: profile.code,
        name: &profile.name,
        state_information: facts.filter_map(fact).collect(),
    }
}

fn field_answer<'a>(field: &'a FieldType, facts: Option<&'a [StateInformation]>) -> FieldAnswer<'a> {
    let fact = |fact: &'a StateInformation| FactOfField {
        state: fact.state,
        text: &fact.text,
        modified_at: timestamp(fact.modified_at),
        value: value(field, &fact.text),
    };
    FieldAnswer {
        slug: &field.slug,
        long_name: &field.long_name,
        field_format: field.format.map(FieldFormat::wire),
        states: facts.map(|facts| facts.iter().map(fact).collect()),
    }
}

fn by_id(fields: &[FieldType]) -> HashMap<FieldTypeId, &FieldType> {
    fields.iter().map(|field| (field.id, field)).collect()
}

fn bytes(answer: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(answer).map_err(ApiError::internal)
}

/// `GET /v1/election/state/`: 51 records, territories left out.
///
/// # Errors
/// When the store fails.
pub async fn states(request: Request) -> Result<Response, ApiError> {
    let store = &request.app().store;
    let make = async {
        let mut view = store.view().await?;
        let profiles = view.elections().states().await?;
        let fields = view.elections().field_types().await?;
        let facts = view.elections().information().await?;
        let fields = by_id(&fields);
        let of = |state| facts.iter().filter(move |fact| fact.state == state);
        let listed = profiles.iter().filter(|profile| !profile.code.is_territory());
        let answers: Vec<_> =
            listed.map(|profile| state_answer(profile, of(profile.code), &fields)).collect();
        bytes(&answers)
    };
    Kept::json(&request, "states", make).await
}

/// `GET /v1/election/state/{code}/`: territories are not found.
///
/// # Errors
/// When there is no such state or the store fails.
pub async fn state(request: Request) -> Result<Response, ApiError> {
    let state = State::parse(request.segment("code")).filter(|state| !state.is_territory());
    let state = state.ok_or_else(ApiError::not_found)?;
    let store = &request.app().store;
    let make = async {
        let mut view = store.view().await?;
        let profile = view.elections().state(state).await?.ok_or_else(ApiError::not_found)?;
        let fields = view.elections().field_types().await?;
        let facts = view.elections().information_of_state(state).await?;
        bytes(&state_answer(&profile, facts.iter(), &by_id(&fields)))
    };
    Kept::json(&request, &format!("state {}", state.code()), make).await
}

/// `GET /v1/election/field/`
///
/// # Errors
/// When the store fails.
pub async fn fields(request: Request) -> Result<Response, ApiError> {
    let store = &request.app().store;
    let make = async {
        let fields = store.view().await?.elections().field_types().await?;
        let answers: Vec<_> = fields.iter().map(|field| field_answer(field, None)).collect();
        bytes(&answers)
    };
    Kept::json(&request, "fields", make).await
}

/// `GET /v1/election/field/{slug}/`: every row there is, territories too.
///
/// # Errors
/// When there is no such field or the store fails.
pub async fn field(request: Request) -> Result<Response, ApiError> {
    let slug = request.segment("slug");
    let store = &request.app().store;
    let make = async {
        let mut view = store.view().await?;
        let field = view.elections().field_type(slug).await?.ok_or_else(ApiError::not_found)?;
        let facts = view.elections().information_of_field(slug).await?;
        bytes(&field_answer(&field, Some(&facts)))
    };
    Kept::json(&request, &format!("field {slug}"), make).await
}
