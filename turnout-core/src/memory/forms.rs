//! Forms on plain paper.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use zeroize::Zeroizing;

use super::{fails, locked};
use crate::{
    absentee::{StateForm, SubmissionType},
    address::State,
    ports::forms::{
        FieldValue, FillReport, FilledForm, FormFields, Forms, FormsError, PacketName, PacketPage, Part,
        Stamp,
    },
};

/// Writes each field on a line of its own, `name: value`, instead of filling a PDF; a checked box is `name: on`.
/// What went on paper is therefore what the file store has.
#[derive(Debug, Clone, Default)]
pub struct PaperForms {
    failures: Arc<Mutex<u32>>,
    report: Arc<Mutex<FillReport>>,
    filled: Arc<Mutex<u32>>,
    state_forms: Arc<Mutex<HashMap<State, Arc<StateForm>>>>,
}

impl PaperForms {
    /// A stack of paper.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next `times` forms cannot be read.
    pub fn fail_next(&self, times: u32) {
        *locked(&self.failures) = times;
    }

    /// What the report of every form says from now on.
    pub fn report(&self, report: FillReport) {
        *locked(&self.report) = report;
    }

    /// What that state asks from now on.
    pub fn state_form(&self, state: State, form: StateForm) {
        locked(&self.state_forms).insert(state, Arc::new(form));
    }

    /// How many forms were filled.
    #[must_use]
    pub fn filled(&self) -> u32 {
        *locked(&self.filled)
    }
}

#[async_trait]
impl Forms for PaperForms {
    async fn fill(
        &self,
        packet: PacketName,
        fields: FormFields,
        stamps: Vec<Stamp>,
    ) -> Result<FilledForm, FormsError> {
        if fails(&self.failures) {
            return Err(FormsError::Unreadable("told to fail".into()));
        }
        let mut paper = Zeroizing::new(format!("{packet:?}\n"));
        for (name, value) in fields.iter() {
            let value = match value {
                FieldValue::Text(text) => text.as_str(),
                FieldValue::On => "on",
            };
            for part in [name, ": ", value, "\n"] {
                paper.push_str(part);
            }
        }
        for stamp in stamps {
            paper.push_str(&format!("stamp on page {}: {} bytes\n", stamp.page, stamp.image.len()));
        }
        *locked(&self.filled) += 1;
        let pdf = Bytes::copy_from_slice(paper.as_bytes());
        Ok(FilledForm { pdf, report: locked(&self.report).clone(), pages: parts(packet)?.len() })
    }

    async fn pages(&self, packet: PacketName) -> Result<Vec<PacketPage>, FormsError> {
        let page = |part| PacketPage { part, number: 1, visible: [0.0, 0.0, 612.0, 792.0], turn: 0 };
        Ok(parts(packet)?.iter().copied().map(page).collect())
    }

    async fn state_form(&self, state: State) -> Result<Option<Arc<StateForm>>, FormsError> {
        Ok(locked(&self.state_forms).get(&state).cloned())
    }
}

/// What a packet is made of: each part is one page. Territories have no ballot request form.
fn parts(packet: PacketName) -> Result<&'static [Part], FormsError> {
    use Part::{Blank, Cover, Envelope, Form};
    Ok(match packet {
        PacketName::Registration => &[Cover, Form],
        PacketName::RegistrationMail(_) => &[Cover, Form, Blank],
        PacketName::BlankForms(_) => &[Cover, Blank, Blank],
        PacketName::BallotRequest { state, .. } if state.is_territory() => return Err(FormsError::Missing),
        PacketName::BallotRequest { way, .. } => match way {
            SubmissionType::LeoEmail => &[Form],
            SubmissionType::LeoFax | SubmissionType::PrintAndForward => &[Cover, Form],
            SubmissionType::SelfPrint => &[Cover, Form, Envelope],
        },
    })
}
