//! `forms signature-sample`: where a signature lands on a state's ballot request.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use clap::Args;
use turnout_core::{address::State, file::ImageKind};

use super::{From, Packet, counted, preview, state, write};

#[derive(Debug, Args)]
pub(in crate::commands) struct SignatureSample {
    /// The state, by its postal code.
    #[arg(value_parser = state)]
    state: State,
    /// The PDF to write; signature-sample-XX.pdf without it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A picture of a signature, PNG or JPEG; one of nobody's without it.
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// Says what would be written, and writes nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    from: From,
}

impl SignatureSample {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let signature = match &self.signature {
            Some(path) => {
                let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
                ensure!(ImageKind::of(&bytes).is_ok(), "{} is neither PNG nor JPEG", path.display());
                Bytes::from(bytes)
            }
            None => Bytes::from_static(preview::SIGNATURE),
        };
        let library = self.from.library()?;
        let filled = preview::filled_and_signed(&library, self.state, Packet::LeoEmail, true, signature);
        let filled = filled.with_context(|| {
            let code = self.state.code();
            format!(
                "no sample for {}: nothing is signed online there, or its form is not installed; `forms show {code}` says \
                 which",
                self.state.name()
            )
        })?;
        let name = || PathBuf::from(format!("signature-sample-{}.pdf", self.state.code()));
        let out = self.out.clone().unwrap_or_else(name);
        if !self.dry_run {
            write(&out, &filled.pdf)?;
        }
        let done = if self.dry_run { "would be written" } else { "written" };
        println!("{}: {}, signed by nobody; {done}", out.display(), counted(filled.pages, "page"));
        Ok(ExitCode::SUCCESS)
    }
}
