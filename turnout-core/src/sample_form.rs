//! Official forms, filled for nobody: so that a person sees what voters would get, and what would not fit.

use bytes::Bytes;

use crate::{
    absentee::{SubmissionType, form, past::today_everywhere, sample_answers, sample_facts, sample_request},
    address::State,
    app::App,
    mover,
    person::demographics::choices,
    ports::forms::{FilledForm, FormsError, PacketName},
    register,
    secret::StateIdNumber,
};

choices! {
    /// A packet that voters get, or offices.
    SamplePacket {
        Registration = "registration", "Registration, to print at home";
        RegistrationMail = "registration_mail", "Registration, from the mail house";
        BlankForms = "blank_forms", "Blank registration forms, from the mail house to who moved";
        SelfPrint = "self_print", "Ballot request, to print at home";
        LeoEmail = "leo_email", "Ballot request, by e-mail to the office";
        LeoFax = "leo_fax", "Ballot request, by fax to the office";
        PrintAndForward = "print_and_forward", "Ballot request, from the mail house";
    }
}

impl SamplePacket {
    /// The packet for a voter of that state.
    #[must_use]
    pub fn of(self, state: State) -> PacketName {
        let request =
            |way| PacketName::BallotRequest { state, way, tracker: way == SubmissionType::PrintAndForward };
        match (self, self.way()) {
            (_, Some(way)) => request(way),
            (Self::RegistrationMail, None) => PacketName::RegistrationMail(state),
            (Self::BlankForms, None) => PacketName::BlankForms(state),
            (_, None) => PacketName::Registration,
        }
    }

    fn way(self) -> Option<SubmissionType> {
        match self {
            Self::SelfPrint => Some(SubmissionType::SelfPrint),
            Self::LeoEmail => Some(SubmissionType::LeoEmail),
            Self::LeoFax => Some(SubmissionType::LeoFax),
            Self::PrintAndForward => Some(SubmissionType::PrintAndForward),
            Self::Registration | Self::RegistrationMail | Self::BlankForms => None,
        }
    }
}

/// A packet filled for nobody, who answers everything that the state asks, and signs with that picture where the form is
/// signed.
///
/// # Errors
/// [`FormsError::Missing`] where the state has no such form; else when a form cannot be read.
pub async fn sample_form(
    app: &App,
    state: State,
    packet: SamplePacket,
    signature: Bytes,
) -> Result<FilledForm, FormsError> {
    if packet == SamplePacket::BlankForms {
        return app.forms.fill(packet.of(state), mover::sample_cover(state), Vec::new()).await;
    }
    let number = StateIdNumber::new("D1234567".to_owned());
    let Some(way) = packet.way() else {
        let (registration, facts) = register::form::sample(state);
        let name = packet.of(state);
        let fields = register::form::fields(&registration, &facts, name, Some(number));
        return app.forms.fill(name, fields, Vec::new()).await;
    };
    let mut request = sample_request(state);
    let facts = sample_facts(state, &app.settings.origins);
    request.state_fields = app.forms.state_form(state).await?.map(|questions| sample_answers(&questions));
    let today = today_everywhere(app.now());
    form::fill(app.forms.as_ref(), &request, way, &facts, Some(number), Some(signature), today).await
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::memory::world;

    #[tokio::test]
    async fn every_packet_is_filled_for_nobody() {
        let world = world();
        for packet in SamplePacket::ALL {
            let filled = sample_form(&world.app, State::Oh, *packet, Bytes::new()).await;
            let filled = filled.unwrap_or_else(|error| panic!("{packet:?}: {error}"));
            let paper = String::from_utf8_lossy(&filled.pdf).into_owned();
            assert!(paper.starts_with(&format!("{:?}\n", packet.of(State::Oh))), "{packet:?}: {paper}");
        }
        let none = sample_form(&world.app, State::Pr, SamplePacket::LeoFax, Bytes::new()).await;
        assert!(matches!(none, Err(FormsError::Missing)), "a territory has no form");
    }
}
