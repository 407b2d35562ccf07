//! A request of nobody, to see a state's form filled.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    BallotRequest, StateForm,
    form::RequestFacts,
    state_form::{Answer, Block, Radio},
};
use crate::{
    address::{Address, State},
    ids::{ActionId, BallotRequestId, OfficeAddressId},
    official::{Contact, OfficeAddress, directory_url},
    person::{PersonName, Phone},
    settings::Origins,
};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A request that has everything, about nobody: for previews and tests.
///
/// # Panics
/// Never: its dates and numbers exist.
#[must_use]
pub fn sample_request(state: State) -> BallotRequest {
    let nobody = Uuid::nil();
    let mut request = BallotRequest::new(
        BallotRequestId(nobody),
        ActionId(nobody),
        None,
        DateTime::<Utc>::from_timestamp(1_790_000_000, 0).expect("a moment that exists"),
    );
    request.name = PersonName {
        title: None,
        first: some("José"),
        middle: some("Quincy"),
        last: some("Sample"),
        suffix: some("Jr."),
    };
    request.date_of_birth = NaiveDate::from_ymd_opt(1980, 5, 4);
    request.submit_date = NaiveDate::from_ymd_opt(2026, 9, 15);
    request.email = some("jose.sample@example.org");
    request.phone = Phone::parse("413-555-0123");
    request.us_citizen = Some(true);
    request.address = Address {
        address1: some("12 Elm Street"),
        address2: some("Apt 3"),
        city: some("Springfield"),
        state: Some(state),
        zipcode: some("01103"),
    };
    request.mailing_address = Address {
        address1: some("PO Box 45"),
        address2: None,
        city: some("Riverside"),
        state: Some(state),
        zipcode: some("01002"),
    };
    request.state_fields = Some(json!({}));
    request
}

/// Answers to everything that a state asks: of options the one that is chosen at first, else the first.
#[must_use]
pub fn sample_answers(form: &StateForm) -> Value {
    let mut answers = Map::new();
    for block in form.blocks() {
        let all = block.answers();
        let chosen = match block {
            Block::Radio(Radio { slug: None, options, .. }) => {
                let first = options.iter().find(|option| option.default == Some(true)).or(options.first());
                let slug = first.and_then(|option| option.slug.as_deref());
                all.into_iter().filter(|(name, _)| Some(*name) == slug).collect()
            }
            _ => all,
        };
        for (name, answer) in chosen {
            let value = match answer {
                Answer::Flag => Value::Bool(true),
                Answer::OneOf(values) => values.first().copied().unwrap_or_default().into(),
                Answer::Text => "Sample".into(),
            };
            answers.insert(name.to_owned(), value);
        }
    }
    answers.into()
}

/// What would be known of the office that takes [`sample_request`].
#[must_use]
pub fn sample_facts(state: State, origins: &Origins) -> RequestFacts {
    let email = some("elections@springfield.example");
    let (phone, fax) = (Phone::parse("413-555-0100"), Phone::parse("413-555-0101"));
    let address = OfficeAddress {
        id: Some(OfficeAddressId(1)),
        address: some("Springfield Election Office"),
        address2: some("1 Main Street"),
        city: some("SPRINGFIELD"),
        state: Some(state),
        zipcode: some("01103"),
        email: email.clone(),
        phone: phone.clone(),
        fax: fax.clone(),
        is_physical: true,
        process_absentee_requests: true,
        ..OfficeAddress::default()
    };
    RequestFacts {
        region: some("City of Springfield"),
        county: some("Hampden County"),
        contact: Contact { address: Some(address), email, phone, fax },
        directory_url: directory_url(origins, Some(state)),
        deadline: "Received 5 days before Election Day.".into(),
        first_day: "75 days before Election Day.".into(),
        warnings: "Sign the form by hand: **a typed name does not count**.".into(),
        tracker_url: "https://tracker.example.org/".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absentee::state_form::{Choice, Section, TextBlock};

    #[test]
    fn one_option_of_each_question_is_chosen() {
        let option = |slug: &str, default| Choice { slug: Some(slug.into()), default, ..Choice::default() };
        let of = |options| Block::Radio(Radio { options, ..Radio::default() });
        let valued = Radio {
            slug: Some("c".into()),
            options: vec![Choice { value: Some("No".into()), ..Choice::default() }],
            ..Radio::default()
        };
        let content = vec![
            of(vec![option("a1", None), option("a2", Some(true))]),
            of(vec![option("b1", None), option("b2", None)]),
            Block::Radio(valued),
            Block::Text(TextBlock { slug: "d".into(), ..TextBlock::default() }),
        ];
        let section = Section { content: Some(content), ..Section::default() };
        let form = StateForm { sections: Some(vec![section]), ..StateForm::default() };
        assert_eq!(sample_answers(&form), json!({"a2": true, "b1": true, "c": "No", "d": "Sample"}));
    }
}
