//! `forms preview`: a form filled for nobody.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use bytes::Bytes;
use clap::Args;
use futures_util::FutureExt as _;
use turnout_core::{
    absentee::{form, past::today_everywhere, sample_answers, sample_facts, sample_request},
    address::State,
    mover::sample_cover,
    ports::{
        clock::Clock as _,
        forms::{FilledForm, Forms as _, FormsError, PacketName},
    },
    register,
    secret::StateIdNumber,
    settings::Origins,
};
use turnout_pdf::FormLibrary;

use crate::system::SystemClock;

use super::{From, Packet, counted, state, write};

#[derive(Debug, Args)]
pub(in crate::commands) struct Preview {
    /// The state, by its postal code.
    #[arg(value_parser = state)]
    state: State,
    /// The PDF to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Which packet to fill.
    #[arg(long, value_enum, default_value = "self-print")]
    packet: Packet,
    /// Fills the mail house's letter as for a state without a ballot tracker.
    #[arg(long)]
    no_tracker: bool,
    #[command(flatten)]
    from: From,
}

impl Preview {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let library = self.from.library()?;
        let filled = filled(&library, self.state, self.packet, !self.no_tracker);
        let filled = filled.with_context(|| format!("no preview for {}", self.state.name()))?;
        write(&self.out, &filled.pdf)?;
        let what = if library.is_official() { "official form" } else { "sample form" };
        println!(
            "{}: {} of the {what}, filled for nobody",
            self.out.display(),
            counted(filled.pages, "page")
        );
        print!("{}", remarks(&filled));
        Ok(ExitCode::SUCCESS)
    }
}

/// What did not go onto the paper as given, for a person to read.
fn remarks(filled: &FilledForm) -> String {
    let report = &filled.report;
    let lists = [
        ("set smaller to fit", &report.shrunk),
        ("too long for the field", &report.overflow),
        ("cut at the field's greatest length", &report.truncated),
        ("with a letter that no font has", &report.missing_glyph),
        ("given what the field does not know", &report.bad_state),
    ];
    let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
    lists.map(|(what, names)| format!("  {what}: {}\n", names.join(", "))).collect()
}

/// A signature of nobody's.
pub(super) const SIGNATURE: &[u8] = include_bytes!("signature.png");

/// A packet, filled for nobody, who answers everything that the state asks.
pub(super) fn filled(
    library: &FormLibrary,
    state: State,
    packet: Packet,
    tracker: bool,
) -> Result<FilledForm, FormsError> {
    filled_and_signed(library, state, packet, tracker, Bytes::from_static(SIGNATURE))
}

/// The same, with that picture where the form is signed.
pub(super) fn filled_and_signed(
    library: &FormLibrary,
    state: State,
    packet: Packet,
    tracker: bool,
    signature: Bytes,
) -> Result<FilledForm, FormsError> {
    let number = StateIdNumber::new("D1234567".to_owned());
    if packet == Packet::BlankForms {
        return now(library.fill(PacketName::BlankForms(state), sample_cover(state), Vec::new()));
    }
    let Some(way) = packet.way() else {
        let (registration, facts) = register::form::sample(state);
        let name = match packet {
            Packet::RegistrationMail => PacketName::RegistrationMail(state),
            _ => PacketName::Registration,
        };
        let fields = register::form::fields(&registration, &facts, name, Some(number));
        return now(library.fill(name, fields, Vec::new()));
    };
    let mut request = sample_request(state);
    let mut facts = sample_facts(state, &Origins::default());
    if !tracker {
        facts.tracker_url.clear();
    }
    request.state_fields = library.questions(state).map(|questions| sample_answers(&questions));
    let today = today_everywhere(SystemClock.now());
    now(form::fill(library, &request, way, &facts, Some(number), Some(signature), today))
}

/// The library works at once and waits for nobody.
fn now<T>(work: impl Future<Output = T>) -> T {
    work.now_or_never().expect("the library never waits")
}
