//! The folder of forms: what it has to hold, what stands in for what it lacks, and what happens when it changes.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use turnout_core::{
    absentee::{SubmissionType, form, sample_facts, sample_request},
    address::State,
    ports::forms::{FilledForm, FormFields, Forms as _, FormsError, PacketName, Part},
    settings::Origins,
};
use turnout_pdf::{Error, FormLibrary};

use crate::support::{forms, text, today};

/// A folder with these files of the official ones.
fn folder(places: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for place in places {
        put(folder.path(), place, &official(place));
    }
    folder
}

fn official(place: &str) -> Vec<u8> {
    std::fs::read(forms().join(place)).unwrap()
}

fn put(folder: &Path, place: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(place);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

const FORM: &str = "register/eac-nvra.pdf";
const GEORGIA: [&str; 2] = ["absentee/states/GA.pdf", "absentee/states/GA.yml"];

async fn request(library: &FormLibrary, state: State, way: SubmissionType) -> Result<FilledForm, FormsError> {
    let facts = sample_facts(state, &Origins::default());
    form::fill(library, &sample_request(state), way, &facts, None, None, today()).await
}

fn packet(state: State, way: SubmissionType) -> PacketName {
    PacketName::BallotRequest { state, way, tracker: false }
}

#[tokio::test]
async fn a_folder_without_the_form_is_refused_and_a_broken_form_named() {
    let folder = tempfile::tempdir().unwrap();
    let complaint = FormLibrary::open(Some(folder.path())).unwrap_err().to_string();
    assert!(complaint.contains("eac-nvra.pdf") && complaint.contains("unset"), "{complaint}");
    assert!(FormLibrary::open(Some(&folder.path().join("no-such"))).is_err());
    put(folder.path(), FORM, b"<html>404</html>");
    let library = FormLibrary::open(Some(folder.path())).unwrap();
    let error = library.packet(PacketName::Registration).unwrap_err();
    assert!(matches!(&error, Error::Document { document, .. } if document == FORM), "{error}");
    assert_eq!(library.verify().unwrap_err().len(), 1);
    let error = library.fill(PacketName::Registration, FormFields::new(), Vec::new()).await.err().unwrap();
    assert!(matches!(error, FormsError::Unreadable(_)));
    // once the file is mended and looked at twice, the same library works
    put(folder.path(), FORM, &official(FORM));
    assert_eq!((library.refresh().unwrap(), library.refresh().unwrap()), (false, true));
    assert_eq!(library.packet(PacketName::Registration).unwrap().pages(), 3);
    assert!(library.verify().is_ok());
}

#[tokio::test]
async fn sheets_that_a_folder_lacks_are_ours_and_forms_that_it_lacks_are_missing() {
    let folder = folder(&[FORM, GEORGIA[0], GEORGIA[1]]);
    let library = FormLibrary::open(Some(folder.path())).unwrap();
    let filled = request(&library, State::Ga, SubmissionType::SelfPrint).await.unwrap();
    let text = text(&filled.pdf);
    assert!(
        text.contains("Your ballot request form is ready") && text.contains("Springfield Election Office")
    );
    assert!(!text.contains("SAMPLE"), "a sheet of ours beside an official form is no sample");
    for (way, pages) in [
        (SubmissionType::LeoEmail, 1),
        (SubmissionType::LeoFax, 2),
        (SubmissionType::SelfPrint, 3),
        (SubmissionType::PrintAndForward, 3),
    ] {
        assert_eq!(request(&library, State::Ga, way).await.unwrap().pages, pages, "{way:?}");
        assert!(matches!(request(&library, State::Tx, way).await, Err(FormsError::Missing)), "{way:?}");
    }
    let pages = library.pages(PacketName::RegistrationMail(State::Ga)).await.unwrap();
    let pages: Vec<_> = pages.iter().map(|page| (page.part, page.number)).collect();
    assert_eq!(
        pages,
        [(Part::Cover, 1), (Part::Form, 1), (Part::Form, 2), (Part::Blank, 1), (Part::Blank, 2)]
    );
    assert!(library.state_form(State::Ga).await.unwrap().unwrap().signatures.contains_key(&1));
    assert!(library.state_form(State::Tx).await.unwrap().is_none());
}

#[tokio::test]
async fn the_official_sheets_of_a_state_go_before_the_general_ones() {
    let library = FormLibrary::open(Some(&forms())).unwrap();
    // Texas has a letter of its own, Alabama the general one
    for state in [State::Tx, State::Al] {
        let filled = library.fill(PacketName::RegistrationMail(state), FormFields::new(), Vec::new()).await;
        assert_eq!(filled.unwrap().pages, 3, "{state}");
    }
    let size = |name| library.packet(name).unwrap().size();
    assert_ne!(size(PacketName::RegistrationMail(State::Tx)), size(PacketName::RegistrationMail(State::Al)));
    // the form for the mail house has one page, the other two
    let pages = |way| library.packet(packet(State::Ks, way)).unwrap().pages();
    assert_eq!((pages(SubmissionType::LeoEmail), pages(SubmissionType::PrintAndForward)), (2, 3));
}

#[tokio::test]
async fn without_a_folder_every_state_has_a_sample_and_no_territory_has() {
    let library = FormLibrary::open(None).unwrap();
    for state in State::ALL {
        let filled = request(&library, *state, SubmissionType::SelfPrint).await;
        assert_eq!(filled.is_err(), state.is_territory(), "{state}");
        assert_eq!(library.questions(*state).is_none(), state.is_territory(), "{state}");
    }
    assert!(!library.refresh().unwrap(), "samples do not change");
    assert!(library.verify().is_ok());
}

#[test]
fn metadata_with_mistakes_is_refused_with_all_of_them() {
    let folder = folder(&[FORM, GEORGIA[0]]);
    put(folder.path(), GEORGIA[1], b"pages: many\nsignatures: 7\n");
    let error = FormLibrary::open(Some(folder.path())).unwrap_err();
    let Error::Metadata { document, mistakes } = &error else { panic!("{error}") };
    assert_eq!((document.as_str(), mistakes.len()), (GEORGIA[1], 2));
    assert!(error.to_string().contains("GA.yml"), "{error}");
}

#[tokio::test]
async fn a_changed_folder_is_taken_at_the_second_look_and_a_broken_one_is_not() {
    let folder = folder(&[FORM]);
    let library = FormLibrary::open(Some(folder.path())).unwrap();
    let registration = library.packet(PacketName::Registration).unwrap();
    assert!(!library.refresh().unwrap(), "nothing has changed");
    let email = packet(State::Ga, SubmissionType::LeoEmail);
    assert!(matches!(library.packet(email), Err(Error::NoPacket)));

    // a form that is half copied is waited for
    put(folder.path(), GEORGIA[0], &official(GEORGIA[0])[..5_000]);
    assert!(!library.refresh().unwrap());
    put(folder.path(), GEORGIA[0], &official(GEORGIA[0])[..9_000]);
    assert!(!library.refresh().unwrap());
    // and one that stays so is reported, once
    let broken = library.refresh().unwrap_err();
    assert!(broken.iter().any(|error| error.to_string().contains(GEORGIA[0])), "{broken:?}");
    assert!(!library.refresh().unwrap());
    assert!(matches!(library.packet(email), Err(Error::NoPacket)), "the old folder is no longer in force");
    assert!(std::sync::Arc::ptr_eq(&registration, &library.packet(PacketName::Registration).unwrap()));

    put(folder.path(), GEORGIA[0], &official(GEORGIA[0]));
    put(folder.path(), GEORGIA[1], &official(GEORGIA[1]));
    assert_eq!((library.refresh().unwrap(), library.refresh().unwrap()), (false, true));
    assert_eq!(library.packet(email).unwrap().pages(), 1);
    assert!(library.questions(State::Ga).is_some());
    assert!(!library.refresh().unwrap());

    // a folder that is gone is reported once, and what was read stays
    let elsewhere = folder.path().with_extension("elsewhere");
    std::fs::rename(folder.path(), &elsewhere).unwrap();
    assert!(!library.refresh().unwrap());
    assert!(library.refresh().is_err());
    assert!(!library.refresh().unwrap());
    assert_eq!(library.packet(email).unwrap().pages(), 1);
    std::fs::rename(&elsewhere, folder.path()).unwrap();
    assert_eq!((library.refresh().unwrap(), library.refresh().unwrap()), (false, true));
}

#[test]
fn what_is_kept_is_bounded_and_comes_again() {
    let library = FormLibrary::open(Some(&forms())).unwrap().keeping(1);
    let first = library.packet(packet(State::Ga, SubmissionType::LeoEmail)).unwrap();
    let again = library.packet(packet(State::Ga, SubmissionType::LeoEmail)).unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &again));
    library.packet(packet(State::Il, SubmissionType::LeoEmail)).unwrap();
    let anew = library.packet(packet(State::Ga, SubmissionType::LeoEmail)).unwrap();
    assert!(!std::sync::Arc::ptr_eq(&first, &anew));
    let bytes = |packet: &turnout_pdf::Packet| packet.fill(&FormFields::new(), &[]).unwrap().pdf;
    assert!(bytes(&first) == bytes(&anew), "compiled anew it is another");
}

#[tokio::test]
async fn a_text_that_was_cut_before_it_came_to_a_field_is_reported() {
    let library = FormLibrary::open(None).unwrap();
    let mut fields = FormFields::new();
    fields.set_text("last_name", &"x".repeat(2_000));
    fields.set_text("nobody_has_this", &"x".repeat(2_000));
    let report = library.fill(PacketName::Registration, fields, Vec::new()).await.unwrap().report;
    assert_eq!(report.truncated, ["last_name"]);
    assert!(!report.is_complete());
}
