//! The registrars of states that take registrations online from programs.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    address::State,
    error::{ProviderError, ProviderErrorKind},
    official::Region,
    person::demographics::choices,
    register::Registration,
    secret::StateIdNumber,
};

choices! {
    /// Why an application was not taken, as pages are told (`http-api.md` 3.1.1).
    RefusalCode {
        NoDlOrSignature = "no_dl_or_signature", "Neither a license number nor a signature";
        InvalidRegionId = "invalid_region_id", "No region of the state";
        InvalidRegionName = "invalid_region_name", "A region that is no county";
        DlInvalid = "dl_invalid", "The license number is not the voter's";
        SignatureInvalid = "signature_invalid", "The signature cannot be used";
        UnknownError = "unknown_error", "Anything else";
    }
    /// What can be done about a refusal. A form on paper is always possible; this is what is tried before.
    Remedy {
        AskAgain = "ask_again", "The voter mends something and asks again";
        Later = "later", "The same may succeed later";
        Paper = "paper", "Only paper is left";
    }
}

/// A voter's signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// The picture.
    pub bytes: Bytes,
    /// What it is: `image/png` or `image/jpeg`.
    pub content_type: String,
}

/// What a voter hands in online. No `Debug`, no `Clone`, no `Serialize`: identification numbers and a signature are in it,
/// and go to the registrar and nowhere else (`domain.md` 7, invariant 3).
///
/// The voter has confirmed to be a citizen, and to be 18 on election day: nothing gets here without.
pub struct Application {
    /// The record, with the state's own questions in [`Registration::state_fields`].
    pub registration: Registration,
    /// The region that the voter or the page chose; none where there is no such region in the state.
    pub region: Option<Region>,
    /// The number of a license or another card of the state.
    pub license: Option<StateIdNumber>,
    /// The last four digits of a Social Security number.
    pub ssn4: Option<StateIdNumber>,
    /// The signature.
    pub signature: Option<Signature>,
}

impl Application {
    /// The answers to the state's own questions.
    #[must_use]
    pub fn fields(&self) -> Option<&Map<String, Value>> {
        self.registration.state_fields.as_ref()?.as_object()
    }
}

/// An application that the state has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// What the state calls the application.
    pub application_id: String,
    /// Whose signature the state uses, in its words.
    pub signature_source: Option<String>,
}

/// An application that was not taken.
#[derive(Debug, thiserror::Error)]
pub struct Refused {
    /// What pages are told.
    pub code: RefusalCode,
    /// What can be done about it.
    pub remedy: Remedy,
    /// The state's own codes or our reason, to be kept and logged. Nothing of the voter.
    pub reason: String,
    /// What happened on the way, if that was it.
    #[source]
    pub source: Option<ProviderError>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.wire(), self.reason)
    }
}

impl Refused {
    /// A refusal with its reason.
    #[must_use]
    pub fn new(code: RefusalCode, remedy: Remedy, reason: impl Into<String>) -> Self {
        Self { code, remedy, reason: reason.into(), source: None }
    }
}

/// No answer, or one that nobody can read: pages are told that something went wrong, and the paper path is open.
impl From<ProviderError> for Refused {
    fn from(error: ProviderError) -> Self {
        let remedy = if error.is_transient() { Remedy::Later } else { Remedy::Paper };
        let reason = error.to_string();
        Self { code: RefusalCode::UnknownError, remedy, reason, source: Some(error) }
    }
}

/// A county as a registrar knows it. Pages offer the list to voters, under these names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct County {
    /// What the registrar calls it.
    pub county_id: String,
    /// Its name.
    pub county_name: String,
    /// Its municipalities.
    pub municipalities: Vec<Municipality>,
}

/// A municipality as a registrar knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Municipality {
    /// What the registrar calls it.
    pub municipality_id: String,
    /// Its name.
    pub municipality_name: String,
}

/// Takes registrations online in one state. Which fields its application has, what it must not lack, and what its answers
/// mean, is all the business of the one who implements this: another state is another implementation.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{
///     address::State,
///     ports::state_registrar::{Application, Refused, RefusalCode, Registered, Remedy, StateRegistrar},
/// };
///
/// /// A state that wants a signature and nothing else.
/// struct Signed;
/// #[async_trait]
/// impl StateRegistrar for Signed {
///     fn state(&self) -> State {
///         State::De
///     }
///
///     async fn register(&self, application: Application) -> Result<Registered, Refused> {
///         if application.signature.is_none() {
///             let (code, remedy) = (RefusalCode::NoDlOrSignature, Remedy::AskAgain);
///             return Err(Refused::new(code, remedy, "no signature"));
///         }
///         Ok(Registered { application_id: "1".into(), signature_source: None })
///     }
/// }
/// ```
#[async_trait]
pub trait StateRegistrar: Send + Sync {
    /// The state.
    fn state(&self) -> State;

    /// Hands the application in. `Ok` means that the state has it, not that the voter is registered.
    ///
    /// It is sent at most once: after an answer that did not come, nobody knows whether the state has it.
    ///
    /// # Errors
    /// When it lacks something, the state refuses it, or gives no answer.
    async fn register(&self, application: Application) -> Result<Registered, Refused>;

    /// The counties and municipalities that the state knows, by name; none where it has no such list.
    ///
    /// # Errors
    /// When the state gives no answer, or half of one.
    async fn counties(&self) -> Result<Vec<County>, ProviderError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl<R: StateRegistrar + ?Sized> StateRegistrar for std::sync::Arc<R> {
    fn state(&self) -> State {
        (**self).state()
    }

    async fn register(&self, application: Application) -> Result<Registered, Refused> {
        (**self).register(application).await
    }

    async fn counties(&self) -> Result<Vec<County>, ProviderError> {
        (**self).counties().await
    }
}

/// Why nothing can be handed in where a state has no registrar.
pub(crate) fn no_registrar() -> Refused {
    ProviderError::new("state registrar", ProviderErrorKind::Disabled).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_on_the_way_may_succeed_later_and_what_was_not_understood_may_not() {
        for (kind, remedy) in [
            (ProviderErrorKind::Throttled, Remedy::Later),
            (ProviderErrorKind::Unreachable, Remedy::Later),
            (ProviderErrorKind::Rejected, Remedy::Paper),
            (ProviderErrorKind::Unintelligible, Remedy::Paper),
            (ProviderErrorKind::Disabled, Remedy::Paper),
        ] {
            let refused = Refused::from(ProviderError::new("registrar", kind));
            assert_eq!((refused.code, refused.remedy), (RefusalCode::UnknownError, remedy), "{kind}");
        }
    }
}
