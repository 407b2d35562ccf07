//! Links to a state's online registration made for one record: Colorado and Washington (`flows.md` 2.3, 2026-11).

use super::Registration;
use crate::{address::State, settings::RegisterSettings};

/// The link for this record; nothing where the state has none or it is not switched on.
#[must_use]
pub fn custom_ovr_link(registration: &Registration, settings: &RegisterSettings) -> Option<String> {
    let (base, pairs) = match registration.address.state? {
        State::Co => (
            "https://www.sos.state.co.us/voter/pages/pub/olvr/verifyNewVoter.xhtml",
            vec![("vrdid", settings.colorado_id.clone()?), ("campaign", registration.id.to_string())],
        ),
        State::Wa => ("https://olvr.votewa.gov/default.aspx", vec![("Org", settings.washington_id.clone()?)]),
        _ => return None,
    };
    url::Url::parse_with_params(base, pairs).ok().map(Into::into)
}
