//! `/v1/election/…` (`http-api.md` 9). Answers are kept as finished bytes.

use std::collections::HashMap;

use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use turnout_core::{
    address::State,
    election::{FieldFormat, FieldType, StateInformation, StateProfile},
    ids::FieldTypeId,
};

use crate::{
    http::{ApiError, Request, Response, response::Timestamp},
    openapi::{Detail, Operation, shape},
};

shape! {
    /// A state with everything that is known about it.
    struct StateAnswer<'a>: "State" {
        /// Its postal code.
        code: State,
        /// Its name in English.
        name: &'a str,
        /// The facts, by kind.
        state_information: Vec<FactOfState<'a>>,
    }
}

shape! {
    /// What is known about a state.
    struct FactOfState<'a>: "StateInformation" {
        /// The fact.
        text: &'a str,
        /// The slug of its kind.
        field_type: &'a str,
        /// When somebody changed it last; UTC, without a fraction when it is zero.
        modified_at: Timestamp,
    }
    maybe {
        /// Of a kind that is yes or no: which.
        value: Option<bool>,
    }
}

shape! {
    /// A kind of fact.
    struct FieldAnswer<'a>: "Field" {
        /// What it is called in addresses.
        slug: &'a str,
        /// What it is called by people.
        long_name: &'a str,
        /// How its texts are to be read.
        field_format: Option<FieldFormat>,
    }
}

shape! {
    /// A kind of fact, with what is known of every state.
    struct FieldDetail<'a>: "FieldDetail" {
        /// What it is called in addresses.
        slug: &'a str,
        /// What it is called by people.
        long_name: &'a str,
        /// How its texts are to be read.
        field_format: Option<FieldFormat>,
        /// The facts, by state.
        states: Vec<FactOfField<'a>>,
    }
}

shape! {
    /// What is known about a state, of one kind.
    struct FactOfField<'a>: "FieldInformation" {
        /// The state's postal code.
        state: State,
        /// The fact.
        text: &'a str,
        /// When somebody changed it last; UTC, without a fraction when it is zero.
        modified_at: Timestamp,
    }
    maybe {
        /// Of a kind that is yes or no: which.
        value: Option<bool>,
    }
}

/// Describes [`states`].
#[must_use]
pub fn states_operation() -> Operation {
    Operation::new("listStates", "The 50 states and the District of Columbia, with what is known about them")
        .answers::<Vec<StateAnswer<'static>>>(StatusCode::OK, "By code")
}

/// Describes [`state`].
#[must_use]
pub fn state_operation() -> Operation {
    Operation::new("getState", "A state with what is known about it")
        .segment("code", "The state's postal code, in upper case.", json!({ "type": "string" }))
        .answers::<StateAnswer<'static>>(StatusCode::OK, "The state")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such state, or it is a territory")
}

/// Describes [`fields`].
#[must_use]
pub fn fields_operation() -> Operation {
    Operation::new("listFields", "The kinds of facts")
        .answers::<Vec<FieldAnswer<'static>>>(StatusCode::OK, "By slug")
}

/// Describes [`field`].
#[must_use]
pub fn field_operation() -> Operation {
    Operation::new("getField", "What is known of every state, of one kind")
        .segment("slug", "The slug of the kind.", json!({ "type": "string" }))
        .answers::<FieldDetail<'static>>(StatusCode::OK, "By state")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such kind")
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
            modified_at: Timestamp(fact.modified_at),
            value: value(field, &fact.text),
        })
    };
    StateAnswer {
        code: profile.code,
        name: &profile.name,
        state_information: facts.filter_map(fact).collect(),
    }
}

fn field_answer(field: &FieldType) -> FieldAnswer<'_> {
    FieldAnswer { slug: &field.slug, long_name: &field.long_name, field_format: field.format }
}

fn field_detail<'a>(field: &'a FieldType, facts: &'a [StateInformation]) -> FieldDetail<'a> {
    let fact = |fact: &'a StateInformation| FactOfField {
        state: fact.state,
        text: &fact.text,
        modified_at: Timestamp(fact.modified_at),
        value: value(field, &fact.text),
    };
    FieldDetail {
        slug: &field.slug,
        long_name: &field.long_name,
        field_format: field.format,
        states: facts.iter().map(fact).collect(),
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
    request.kept().json(&request, "states", make).await
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
    request.kept().json(&request, &format!("state {}", state.code()), make).await
}

/// `GET /v1/election/field/`
///
/// # Errors
/// When the store fails.
pub async fn fields(request: Request) -> Result<Response, ApiError> {
    let store = &request.app().store;
    let make = async {
        let fields = store.view().await?.elections().field_types().await?;
        let answers: Vec<_> = fields.iter().map(field_answer).collect();
        bytes(&answers)
    };
    request.kept().json(&request, "fields", make).await
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
        bytes(&field_detail(&field, &facts))
    };
    request.kept().json(&request, &format!("field {slug}"), make).await
}
