//! What each packet is made of: the documents of the folder, and sheets of ours where it has none
//! (`pdf-forms.md` 3 and 8).

use std::sync::Arc;

use turnout_core::{
    absentee::SubmissionType,
    address::State,
    mover::cover_points,
    ports::forms::{PacketName, PacketPage, Part},
};

use crate::{
    About, Document, Error, Mode, Packet, Section,
    compile::compile_tagged,
    document::{self, Drawn, Kind},
    stock::Stock,
};

/// A document of a packet.
struct Piece {
    name: String,
    source: Source,
    mode: Mode,
}

/// Where its bytes come from.
enum Source {
    Folder(Arc<[u8]>),
    Drawn(Drawn),
}

/// Compiles a packet from a folder, or from samples of ours without one.
pub(crate) fn compiled(name: PacketName, folder: Option<&Stock>) -> Result<Packet, Error> {
    let pieces = match folder {
        Some(folder) => official(name, folder)?,
        None => samples(name)?,
    };
    let sections: Vec<_> = pieces
        .iter()
        .map(|piece| {
            let (pdf, tags): (&[u8], _) = match &piece.source {
                Source::Folder(pdf) => (pdf, None),
                Source::Drawn(drawn) => (&drawn.pdf, Some(&drawn.tags)),
            };
            (Section { document: &piece.name, pdf, mode: piece.mode }, tags)
        })
        .collect();
    let title = title(name, folder.is_none());
    compile_tagged(&sections, &About { title: &title, language: "en-US" })
}

fn title(name: PacketName, sample: bool) -> String {
    match (name, sample) {
        (PacketName::BallotRequest { state, .. }, false) => {
            format!("Ballot request form of {}", state.name())
        }
        (PacketName::BallotRequest { .. }, true) => "Sample ballot request form".to_owned(),
        (_, false) => "Voter registration form".to_owned(),
        (_, true) => "Sample voter registration form".to_owned(),
    }
}

/// The part that each section of a packet is, in order.
fn parts(name: PacketName) -> &'static [Part] {
    match name {
        PacketName::RegistrationMail(_) => &[Part::Cover, Part::Form, Part::Blank],
        PacketName::BlankForms(_) => &[Part::Cover, Part::Blank, Part::Blank],
        PacketName::BallotRequest { way, .. } => match way {
            SubmissionType::LeoEmail => &[Part::Form],
            SubmissionType::LeoFax | SubmissionType::PrintAndForward => &[Part::Cover, Part::Form],
            SubmissionType::SelfPrint => &[Part::Cover, Part::Form, Part::Envelope],
        },
        _ => &[Part::Cover, Part::Form],
    }
}

/// The pages of a compiled packet.
pub(crate) fn pages(name: PacketName, packet: &Packet) -> Vec<PacketPage> {
    let parts = parts(name);
    let mut pages: Vec<PacketPage> = Vec::new();
    let mut section = None;
    for facts in packet.page_facts() {
        let number = match pages.last() {
            Some(last) if section == Some(facts.section) => last.number + 1,
            _ => 1,
        };
        section = Some(facts.section);
        let part = parts.get(facts.section).copied().unwrap_or(Part::Form);
        pages.push(PacketPage { part, number, visible: facts.visible, turn: facts.turn });
    }
    pages
}

/// The documents of a folder.
fn official(name: PacketName, folder: &Stock) -> Result<Vec<Piece>, Error> {
    // the first of the documents that the folder has
    let first = |documents: &[Document], mode| {
        let document = documents.iter().find(|document| folder.has(**document)).ok_or(Error::NoPacket)?;
        let pdf = folder.document(*document)?.ok_or(Error::NoPacket)?;
        Ok(Piece { name: document.to_string(), source: Source::Folder(pdf), mode })
    };
    // the same, or a sheet of ours
    let sheet = |documents: &[Document], ours: fn(Kind) -> Drawn| match first(documents, Mode::Flatten) {
        Err(Error::NoPacket) => Ok(drawn(ours(Kind::Sheet), Mode::Flatten)),
        found => found,
    };
    Ok(match name {
        PacketName::Registration => vec![
            sheet(&[Document::RegistrationCover], document::registration_cover)?,
            first(&[Document::RegistrationForm], Mode::Interactive)?,
        ],
        PacketName::RegistrationMail(state) => {
            let letters = [Document::RegistrationLetterOf(state), Document::RegistrationLetter];
            let forms = [Document::RegistrationMailForm, Document::RegistrationForm];
            vec![
                sheet(&letters, document::registration_letter)?,
                first(&forms, Mode::Flatten)?,
                first(&forms, Mode::Blank)?,
            ]
        }
        PacketName::BlankForms(state) => {
            let covers = [cover_points(state), 10].map(Document::BlankFormsCover);
            let forms = [Document::RegistrationMailForm, Document::RegistrationForm];
            vec![
                sheet(&covers, document::blank_forms_letter)?,
                first(&forms, Mode::Blank)?,
                first(&forms, Mode::Blank)?,
            ]
        }
        PacketName::BallotRequest { state, way, tracker } => {
            let form = || first(&[Document::Request(state)], Mode::Interactive);
            match way {
                SubmissionType::LeoEmail => vec![form()?],
                SubmissionType::LeoFax => {
                    vec![sheet(&[Document::FaxCover], document::fax_cover)?, form()?]
                }
                SubmissionType::SelfPrint => vec![
                    sheet(&[Document::RequestCover], document::request_cover)?,
                    form()?,
                    sheet(&[Document::Envelope], document::envelope)?,
                ],
                SubmissionType::PrintAndForward => {
                    let forms = [Document::RequestMailForm(state), Document::Request(state)];
                    let letter = match tracker {
                        true => {
                            sheet(&[Document::RequestLetter], |kind| document::request_letter(kind, true))
                        }
                        false => sheet(&[Document::RequestLetterNoTracker], |kind| {
                            document::request_letter(kind, false)
                        }),
                    };
                    vec![letter?, first(&forms, Mode::Flatten)?]
                }
            }
        }
        _ => return Err(Error::NoPacket),
    })
}

/// Samples of ours. Territories have no ballot request form.
fn samples(name: PacketName) -> Result<Vec<Piece>, Error> {
    let sheet = |ours: Drawn| drawn(ours, Mode::Flatten);
    let sample = Kind::Sample;
    Ok(match name {
        PacketName::Registration => vec![
            sheet(document::registration_cover(sample)),
            drawn(document::registration_form(), Mode::Interactive),
        ],
        PacketName::RegistrationMail(_) => vec![
            sheet(document::registration_letter(sample)),
            drawn(document::registration_form(), Mode::Flatten),
            drawn(document::registration_form(), Mode::Blank),
        ],
        PacketName::BlankForms(_) => vec![
            sheet(document::blank_forms_letter(sample)),
            drawn(document::registration_form(), Mode::Blank),
            drawn(document::registration_form(), Mode::Blank),
        ],
        PacketName::BallotRequest { state, .. } if state.is_territory() => return Err(Error::NoPacket),
        PacketName::BallotRequest { way, tracker, .. } => match way {
            SubmissionType::LeoEmail => vec![drawn(document::request_form(true), Mode::Interactive)],
            SubmissionType::LeoFax => vec![
                sheet(document::fax_cover(sample)),
                drawn(document::request_form(true), Mode::Interactive),
            ],
            SubmissionType::SelfPrint => vec![
                sheet(document::request_cover(sample)),
                drawn(document::request_form(false), Mode::Interactive),
                sheet(document::envelope(sample)),
            ],
            SubmissionType::PrintAndForward => vec![
                sheet(document::request_letter(sample, tracker)),
                drawn(document::request_form(false), Mode::Flatten),
            ],
        },
        _ => return Err(Error::NoPacket),
    })
}

fn drawn(drawn: Drawn, mode: Mode) -> Piece {
    Piece { name: "a sheet of our own".to_owned(), source: Source::Drawn(drawn), mode }
}

/// The way of a packet as it is kept: a tracker is nothing to any way but the mail house's.
pub(crate) fn kept_as(name: PacketName) -> PacketName {
    match name {
        PacketName::BallotRequest { state, way, .. } if way != SubmissionType::PrintAndForward => {
            PacketName::BallotRequest { state, way, tracker: false }
        }
        name => name,
    }
}

/// Whether our samples stand for a state's form.
pub(crate) fn has_sample(state: State) -> bool {
    !state.is_territory()
}
