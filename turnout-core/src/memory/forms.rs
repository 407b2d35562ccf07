//! Forms on plain paper.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use zeroize::Zeroizing;

use super::{fails, locked};
use crate::ports::forms::{
    FieldValue, FillReport, FilledForm, FormFields, Forms, FormsError, PacketName, Stamp,
};

/// Writes each field on a line of its own, `name: value`, instead of filling a PDF; a checked box is `name: on`.
/// What went on paper is therefore what the file store has.
#[derive(Debug, Clone, Default)]
pub struct PaperForms {
    failures: Arc<Mutex<u32>>,
    report: Arc<Mutex<FillReport>>,
    filled: Arc<Mutex<u32>>,
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
        Ok(FilledForm { pdf, report: locked(&self.report).clone(), pages: 1 })
    }
}
