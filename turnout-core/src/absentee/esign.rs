//! How a request that was signed online reaches the office of its region (`flows.md` 3.2, 2026-11).

use super::{
    BallotRequest, SubmissionType,
    contact::office_contact,
    dashboard::{EMAIL_ALLOWED, FAX_ALLOWED},
    past::today_everywhere,
};
use crate::{
    action::SubmitError,
    address::State,
    app::App,
    official::Contact,
    ports::store::{StoreError, View},
    switch::{Switches, vbm_esign},
};

/// What decides beside the office's own contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EsignRules {
    /// Whether signing online is switched on for the state.
    pub enabled: bool,
    /// Whether the state takes requests by e-mail.
    pub email_allowed: bool,
    /// Whether the state takes requests by fax.
    pub fax_allowed: bool,
}

/// The way: e-mail before fax, each where the state allows it and the office has one; else printed at home.
///
/// `only` is the one way that an administrator allows. That a mail house prints is no such way (quirk Q94).
#[must_use]
pub fn esign_method(rules: EsignRules, contact: &Contact, only: Option<SubmissionType>) -> SubmissionType {
    way_of(rules, contact.email.is_some(), contact.fax.is_some(), only)
}

/// The same by whether an e-mail address and a fax number are known.
pub(super) fn way_of(
    rules: EsignRules,
    has_email: bool,
    has_fax: bool,
    only: Option<SubmissionType>,
) -> SubmissionType {
    use SubmissionType::{LeoEmail, LeoFax, PrintAndForward, SelfPrint};
    let email = (rules.email_allowed && has_email).then_some(LeoEmail);
    let fax = (rules.fax_allowed && has_fax).then_some(LeoFax);
    let way = match only {
        _ if !rules.enabled => None,
        Some(SelfPrint) => None,
        Some(LeoEmail) => email,
        Some(LeoFax) => fax,
        None | Some(PrintAndForward) => email.or(fax),
    };
    way.unwrap_or(SelfPrint)
}

/// The way of a request by what is known now; nothing without a region (quirk Q40). A form that speaks of an election that
/// is over goes to no office unseen (quirk Q09).
pub(super) async fn method_of(
    app: &App,
    switches: &Switches,
    view: &mut dyn View,
    request: &BallotRequest,
) -> Result<Option<SubmissionType>, SubmitError> {
    let Some(region) = request.region else { return Ok(None) };
    let Some(state) = request.address.state else { return Ok(Some(SubmissionType::SelfPrint)) };
    let form = app.forms.state_form(state).await?;
    let is_over = form.is_some_and(|form| form.is_of_passed_election(today_everywhere(app.now())));
    let rules = EsignRules {
        enabled: switches.in_state(&vbm_esign::FEATURE, state) && !is_over,
        email_allowed: is_allowed(view, state, EMAIL_ALLOWED).await?,
        fax_allowed: is_allowed(view, state, FAX_ALLOWED).await?,
    };
    let office = office_contact(view, region).await?;
    Ok(Some(esign_method(rules, &office.contact, office.method)))
}

/// Whether a fact says yes; unknown is no.
pub(super) async fn is_allowed(view: &mut dyn View, state: State, slug: &str) -> Result<bool, StoreError> {
    let text = view.elections().text(state, slug).await?;
    Ok(text.is_some_and(|text| text.trim().eq_ignore_ascii_case("true")))
}

#[cfg(test)]
mod tests {
    use super::{SubmissionType::*, *};
    use crate::person::Phone;

    /// The acceptance table of `flows.md` 3.2. A state without data does not allow.
    #[test]
    fn the_way_is_that_of_the_acceptance_table() {
        for (enabled, email_allowed, fax_allowed, email, fax, only, expected) in [
            (true, true, true, true, true, None, LeoEmail),
            (false, true, true, true, true, None, SelfPrint),
            (true, true, true, false, true, None, LeoFax),
            (true, true, true, false, false, None, SelfPrint),
            (true, true, false, false, true, None, SelfPrint),
            (true, false, true, true, true, None, LeoFax),
            (true, true, false, true, false, None, LeoEmail),
            (true, false, false, true, true, None, SelfPrint),
            (true, true, true, true, true, Some(LeoFax), LeoFax),
            (true, true, false, true, true, Some(LeoFax), SelfPrint),
            (true, true, true, true, false, Some(LeoFax), SelfPrint),
            (true, true, false, true, false, Some(LeoEmail), LeoEmail),
            (true, false, true, true, true, Some(LeoEmail), SelfPrint),
            (true, true, true, true, true, Some(SelfPrint), SelfPrint),
            (true, true, true, true, true, Some(PrintAndForward), LeoEmail),
            (false, true, true, true, true, Some(LeoFax), SelfPrint),
        ] {
            let contact = Contact {
                email: email.then(|| "office@example.org".into()),
                fax: fax.then(|| Phone::from_stored("+16175557890".into())),
                ..Contact::default()
            };
            let rules = EsignRules { enabled, email_allowed, fax_allowed };
            assert_eq!(esign_method(rules, &contact, only), expected, "{rules:?} {email} {fax} {only:?}");
        }
    }
}
