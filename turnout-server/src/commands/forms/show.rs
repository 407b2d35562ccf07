//! `forms show`.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Args;
use turnout_core::{
    absentee::{
        StateForm, SubmissionType, form,
        state_form::{AutoField, Block, Fill, Scalar},
    },
    address::State,
    ports::forms::{PacketName, Part},
};
use turnout_pdf::{Document, Error, FieldFacts, FieldKind, FormLibrary, check::is_mapped};

use super::{From, counted, indented, state};

#[derive(Debug, Args)]
pub(in crate::commands) struct Show {
    /// The state, by its postal code.
    #[arg(value_parser = state)]
    state: State,
    #[command(flatten)]
    from: From,
}

impl Show {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let library = self.from.library()?;
        let text = described(&library, self.state)?;
        match io::stdout().lock().write_all(text.as_bytes()) {
            // whoever read us has seen enough: `forms show GA | head`
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What there is for a state, for a person to read.
fn described(library: &FormLibrary, state: State) -> anyhow::Result<String> {
    let kind = if library.is_official() { "official form" } else { "sample form" };
    let mut text = format!("{} ({state}), {kind}\n\nPackets\n", state.name());
    for way in SubmissionType::ALL {
        let name = PacketName::BallotRequest { state, way: *way, tracker: true };
        match library.packet(name) {
            Ok(packet) => {
                let pages = counted(packet.pages(), "page");
                writeln!(text, "  {:<20} {pages}: {}", way.label(), parts(*way))?;
            }
            Err(Error::NoPacket) => {
                text += "  none: there is no form for this state\n";
                return Ok(text);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let name = PacketName::BallotRequest { state, way: SubmissionType::LeoEmail, tracker: false };
    let packet = library.packet(name)?;
    let fields: Vec<FieldFacts> = packet.field_facts().collect();
    let questions = library.questions(state);
    if let Some(form) = &questions {
        signing(&mut text, form)?;
        asked(&mut text, form)?;
        automatic(&mut text, form)?;
    } else {
        text += "\nQuestions\n  none are known: the form cannot be signed online\n";
    }
    lists(&mut text, state, &fields, questions.as_deref())?;
    Ok(text)
}

fn parts(way: SubmissionType) -> String {
    let parts: &[Part] = match way {
        SubmissionType::LeoEmail => &[Part::Form],
        SubmissionType::LeoFax | SubmissionType::PrintAndForward => &[Part::Cover, Part::Form],
        SubmissionType::SelfPrint => &[Part::Cover, Part::Form, Part::Envelope],
    };
    let names = parts.iter().map(|part| match part {
        Part::Cover => "cover",
        Part::Form => "form",
        Part::Blank => "blank form",
        Part::Envelope => "envelope",
    });
    names.collect::<Vec<_>>().join(", ")
}

fn signing(text: &mut String, form: &StateForm) -> std::fmt::Result {
    if form.signatures.is_empty() {
        return Ok(());
    }
    text.push_str("\nSignature\n");
    for (page, place) in &form.signatures {
        let (x, y, width, height) = (place.x, place.y, place.width, place.height);
        writeln!(text, "  page {page}: {width} by {height} points at {x}, {y} of an A4 page laid over it")?;
    }
    if let Some(statement) = &form.signature_statement {
        indented(text, statement, 2, 0);
    }
    Ok(())
}

fn asked(text: &mut String, form: &StateForm) -> std::fmt::Result {
    text.push_str("\nQuestions\n");
    if form.sections.is_none() {
        text.push_str("  none: the form cannot be signed online\n");
    }
    for section in form.sections.iter().flatten() {
        writeln!(text, "  {}", section.label.as_deref().unwrap_or("(no heading)"))?;
        if let Some(note) = &section.note {
            indented(text, note, 4, 0);
        }
        for block in section.content.iter().flatten() {
            question(text, block, 4)?;
        }
    }
    Ok(())
}

fn question(text: &mut String, block: &Block, depth: usize) -> std::fmt::Result {
    let blanks = " ".repeat(depth);
    let heading = |text: &mut String, kind: &str, slug: Option<&str>, label: Option<&str>, required| {
        let slug = slug.map(|slug| format!(" {slug}")).unwrap_or_default();
        let required = if required { ", required" } else { "" };
        indented(text, &format!("[{kind}{slug}{required}] {}", label.unwrap_or_default()), depth, 2);
    };
    match block {
        Block::Radio(radio) => {
            heading(text, "one of", radio.slug.as_deref(), radio.label.as_deref(), radio.required);
            for option in &radio.options {
                let name = option.slug.as_deref().or(option.value.as_deref()).unwrap_or("nothing");
                let default = if option.default == Some(true) { ", chosen at first" } else { "" };
                let blocks = if option.blocks_esign == Some(true) { ", no signing online" } else { "" };
                indented(text, &format!("- {} ({name}{default}{blocks})", option.label), depth + 2, 2);
                for block in option.conditional.iter().flatten() {
                    question(text, block, depth + 4)?;
                }
            }
        }
        Block::Checkbox(checkbox) => {
            let label = Some(checkbox.label.as_str());
            heading(text, "check", checkbox.slug.as_deref(), label, checkbox.required);
            for block in checkbox.conditional.iter().flatten() {
                question(text, block, depth + 2)?;
            }
        }
        Block::Text(found) => {
            heading(text, "text", Some(&found.slug), found.label.as_deref(), found.required);
            if let Some(format) = &found.format {
                writeln!(text, "{blanks}  must match {format}")?;
            }
        }
        Block::ElectionDate(found) => {
            heading(text, "election date", Some(&found.slug), found.label.as_deref(), found.required);
        }
    }
    Ok(())
}

fn automatic(text: &mut String, form: &StateForm) -> std::fmt::Result {
    if form.auto_fields.is_empty() {
        return Ok(());
    }
    text.push_str("\nFilled by itself\n");
    let said = |value: &Scalar| match value {
        Scalar::Text(text) => format!("“{text}”"),
        Scalar::Flag(true) => "checked".to_owned(),
        Scalar::Flag(false) => "not checked".to_owned(),
    };
    for auto in &form.auto_fields {
        let what = match auto {
            AutoField::Today { .. } => "the day of the request".to_owned(),
            AutoField::Static { value, .. } => said(value),
            AutoField::Copy { field, .. } => format!("what {field} has"),
            AutoField::When { condition, value, fill, .. } => {
                let fill = match fill {
                    Fill::Value(value) => said(value),
                    Fill::From(field) => format!("what {field} has"),
                };
                format!("{fill}, if {condition} is {}", said(value))
            }
        };
        writeln!(text, "  {:<24} {what}", auto.slug())?;
    }
    Ok(())
}

/// The fields of the form, by who fills them.
fn lists(
    text: &mut String,
    state: State,
    fields: &[FieldFacts],
    form: Option<&StateForm>,
) -> std::fmt::Result {
    let ours = |name: &str| form::is_ours(name) || form::own_names(state).any(|(theirs, _)| theirs == name);
    let fillable =
        || fields.iter().filter(|field| field.kind != FieldKind::Other).map(|field| field.name.as_str());
    let filled: Vec<&str> = fillable().filter(|name| ours(name)).collect();
    let left: Vec<&str> =
        fillable().filter(|name| !is_mapped(Document::Request(state), form, name)).collect();
    for (heading, names) in [("Filled from the request", filled), ("Left to the voter", left)] {
        writeln!(text, "\n{heading} ({} of {})", names.len(), counted(fillable().count(), "field"))?;
        if !names.is_empty() {
            indented(text, &names.join(", "), 2, 0);
        }
    }
    Ok(())
}
