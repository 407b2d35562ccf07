//! The letter to who moved: a cover in the state's size of letters, and the national form twice, blank.

use turnout_core::{
    address::State,
    mover::{LETTERS, sample_cover},
    ports::forms::{Forms as _, PacketName, Part},
};
use turnout_pdf::FormLibrary;

use crate::support::{forms, text, unsound};

#[tokio::test]
async fn every_state_that_letters_go_to_has_a_sound_one() {
    for library in [FormLibrary::open(Some(&forms())).unwrap(), FormLibrary::open(None).unwrap()] {
        for rule in &LETTERS {
            let (state, name) = (rule.state, PacketName::BlankForms(rule.state));
            let filled = library.fill(name, sample_cover(state), Vec::new()).await.unwrap();
            assert!(filled.report.is_complete(), "{state}: {:?}", filled.report);
            let parts: Vec<Part> = library
                .pages(name)
                .await
                .unwrap()
                .iter()
                .filter(|page| page.number == 1)
                .map(|page| page.part)
                .collect();
            assert_eq!(parts, [Part::Cover, Part::Blank, Part::Blank], "{state}");
            let says = text(&filled.pdf);
            for line in [
                "SPRINGFIELD ELECTION OFFICE",
                "BOX 6 - ID NUMBER",
                "Leave blank.",
                "ostmarked 20 days before",
            ] {
                assert!(says.contains(line), "{state}: {line}: {says}");
            }
            assert!(!says.contains("**"), "{state}: {says}");
            assert_eq!(says.contains("PROOF OF RESIDENCE"), state == State::Wi, "{state}: {says}");
            assert_eq!(unsound(&filled.pdf), None, "{state}");
        }
    }
}

#[tokio::test]
async fn the_size_of_the_letters_is_the_states() {
    let library = FormLibrary::open(Some(&forms())).unwrap();
    let size = |state| library.packet(PacketName::BlankForms(state)).unwrap().size();
    assert_eq!(size(State::Al), size(State::Wi));
    assert_eq!(size(State::Fl), size(State::Mi));
    assert_eq!(size(State::Oh), size(State::Tx));
    assert!(
        size(State::Al) != size(State::Fl)
            && size(State::Fl) != size(State::Oh)
            && size(State::Al) != size(State::Oh)
    );
}
