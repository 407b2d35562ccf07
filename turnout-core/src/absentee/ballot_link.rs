//! Where a voter asks for a ballot online: the first that applies (`flows.md` 3.4, 2026-11).

use chrono::Datelike;
use url::Url;

use super::BallotRequest;
use crate::{
    address::State,
    ports::store::{StoreError, View, unless_absent},
    register::form::filled,
    switch::{Switches, movote},
};

/// Missouri's form, which is filled in by its address.
const MISSOURI: &str = "https://movote.formstack.com/forms/november3absenteeballotrequest";

/// The page for this voter: Missouri's own form while that is switched on, else that of the region, else that of the
/// state; nothing where there is none.
pub(super) async fn ballot_link(
    switches: &Switches,
    view: &mut dyn View,
    request: &BallotRequest,
) -> Result<Option<String>, StoreError> {
    let state = request.address.state;
    if state == Some(State::Mo) && switches.is_on(&movote::FEATURE) {
        return Ok(missouri(request));
    }
    // another region may have taken its place
    if let Some(region) = request.region
        && let Some(region) = view.officials().region(region).await?
        && let Some(link) = unless_absent(view.ballot_requests().region_link(region.id).await)?
    {
        return Ok(Some(link.url));
    }
    let Some(state) = state else { return Ok(None) };
    let text = view.elections().text(state, "external_tool_vbm_application").await?;
    Ok(text.filter(|text| !text.is_empty()))
}

fn missouri(request: &BallotRequest) -> Option<String> {
    let address = &request.address;
    let lines = [filled(&address.address1), filled(&address.address2)];
    let lines: Vec<&str> = lines.into_iter().flatten().collect();
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let birth = |part: fn(&chrono::NaiveDate) -> u32| {
        request.date_of_birth.as_ref().map(|date| part(date).to_string()).unwrap_or_default()
    };
    let year = request.date_of_birth.map(|date| date.format("%y").to_string()).unwrap_or_default();
    let fields = [
        ("field95899935", request.name.full()),
        ("field95899936M", birth(Datelike::month)),
        ("field95899936D", birth(Datelike::day)),
        ("field95899936Y", year),
        ("field95899939", lines.join(" ")),
        ("field95899940", text(&address.city)),
        ("field97542631", address.state.map(|state| state.code().to_owned()).unwrap_or_default()),
        ("field97542630", text(&address.zipcode)),
        ("field95899945", request.phone.as_ref().map(|phone| phone.national()).unwrap_or_default()),
        ("field95899946", text(&request.email)),
    ];
    Url::parse_with_params(MISSOURI, fields).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::{super::sample_request, *};

    #[test]
    fn missouris_form_is_filled_in_by_its_address() {
        let mut request = sample_request(State::Mo);
        request.phone = None;
        let link = missouri(&request).expect("an address");
        let pairs: Vec<(String, String)> =
            Url::parse(&link).expect("an address").query_pairs().into_owned().collect();
        let expected = [
            ("field95899935", "José Quincy Sample"),
            ("field95899936M", "5"),
            ("field95899936D", "4"),
            ("field95899936Y", "80"),
            ("field95899939", "12 Elm Street Apt 3"),
            ("field95899940", "Springfield"),
            ("field97542631", "MO"),
            ("field97542630", "01103"),
            ("field95899945", ""),
            ("field95899946", "jose.sample@example.org"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(link.starts_with(&format!("{MISSOURI}?field95899935=Jos%C3%A9")), "{link}");
    }
}
