//! What a [`StateRegistrar`] promises, whatever the state.

use std::collections::BTreeSet;

use crate::ports::state_registrar::{Application, RefusalCode, Refused, Remedy, StateRegistrar};

/// What a state does with an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It takes it.
    Takes,
    /// It does not know the license.
    RefusesTheLicense,
    /// It cannot use the signature.
    RefusesTheSignature,
    /// It refuses it for another reason.
    Refuses,
    /// It asks us to slow down.
    AsksForRest,
    /// Its server fails.
    Fails,
    /// It never answers.
    IsSilent,
    /// It answers what nobody can read.
    Babbles,
}

/// A registrar, and the state behind it, which does as a test says.
pub trait StateOffice: Send + Sync {
    /// The registrar.
    fn registrar(&self) -> &dyn StateRegistrar;

    /// An application that the state takes. Its first name, its license and its digits are [`FIRST_NAME`], [`LICENSE`] and
    /// [`SSN4`].
    fn whole(&self) -> Application;

    /// What the state does with the next application.
    fn will(&self, deed: Deed);

    /// How many applications have reached the state.
    fn reached(&self) -> usize;
}

/// The first name of the applicant.
pub const FIRST_NAME: &str = "Zyxfirst";
/// The applicant's license.
pub const LICENSE: &str = "99887766";
/// The last digits of the applicant's Social Security number.
pub const SSN4: &str = "5544";

/// A test for every case of a registrar, given a function that opens a [`StateOffice`].
#[macro_export]
macro_rules! state_registrar_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            state_registrar,
            [$($open)+],
            state_registrar,
            [
                what_the_state_takes_has_a_number_there,
                a_refusal_says_what_the_voter_can_mend,
                what_gave_no_answer_may_succeed_later,
                what_cannot_be_read_leaves_paper,
                nothing_is_sent_twice,
                a_refusal_says_nothing_of_the_voter,
                counties_come_by_name_and_once,
            ]
        );
    };
}

async fn outcome(office: &dyn StateOffice, deed: Deed) -> Result<String, Refused> {
    office.will(deed);
    office.registrar().register(office.whole()).await.map(|registered| registered.application_id)
}

async fn refusal(office: &dyn StateOffice, deed: Deed) -> (RefusalCode, Remedy) {
    let refused = outcome(office, deed).await.expect_err("it is not taken");
    (refused.code, refused.remedy)
}

/// By which it is found again.
pub async fn what_the_state_takes_has_a_number_there(office: &dyn StateOffice) {
    let id = outcome(office, Deed::Takes).await.expect("it is taken");
    assert!(!id.trim().is_empty());
    assert_eq!(office.whole().registration.address.state, Some(office.registrar().state()));
}

/// By the codes of the contract.
pub async fn a_refusal_says_what_the_voter_can_mend(office: &dyn StateOffice) {
    let license = refusal(office, Deed::RefusesTheLicense).await;
    assert_eq!(license, (RefusalCode::DlInvalid, Remedy::AskAgain));
    let signature = refusal(office, Deed::RefusesTheSignature).await;
    assert_eq!(signature, (RefusalCode::SignatureInvalid, Remedy::AskAgain));
    assert_eq!(refusal(office, Deed::Refuses).await.0, RefusalCode::UnknownError);
}

/// A silent state included.
pub async fn what_gave_no_answer_may_succeed_later(office: &dyn StateOffice) {
    for deed in [Deed::AsksForRest, Deed::Fails, Deed::IsSilent] {
        let told = refusal(office, deed).await;
        assert_eq!(told, (RefusalCode::UnknownError, Remedy::Later), "{deed:?}");
    }
}

/// As nobody knows what became of it.
pub async fn what_cannot_be_read_leaves_paper(office: &dyn StateOffice) {
    assert_eq!(refusal(office, Deed::Babbles).await, (RefusalCode::UnknownError, Remedy::Paper));
}

/// Whatever the state does.
pub async fn nothing_is_sent_twice(office: &dyn StateOffice) {
    let deeds = [Deed::Takes, Deed::Refuses, Deed::AsksForRest, Deed::Fails, Deed::IsSilent, Deed::Babbles];
    for (count, deed) in (1..).zip(deeds) {
        let _ = outcome(office, deed).await;
        assert_eq!(office.reached(), count, "{deed:?}");
    }
}

/// It is kept and logged.
pub async fn a_refusal_says_nothing_of_the_voter(office: &dyn StateOffice) {
    for deed in [Deed::RefusesTheLicense, Deed::Refuses, Deed::Fails, Deed::IsSilent, Deed::Babbles] {
        let refused = outcome(office, deed).await.expect_err("it is not taken");
        let said = format!("{refused} {refused:?}");
        for private in [FIRST_NAME, LICENSE, SSN4] {
            assert!(!said.contains(private), "{deed:?}: {said}");
        }
    }
}

/// Where there is such a list.
pub async fn counties_come_by_name_and_once(office: &dyn StateOffice) {
    let counties = office.registrar().counties().await.expect("a list");
    assert!(counties.is_sorted_by(|one, other| one.county_name <= other.county_name));
    let ids: BTreeSet<&str> = counties.iter().map(|it| it.county_id.as_str()).collect();
    assert_eq!(ids.len(), counties.len());
}
