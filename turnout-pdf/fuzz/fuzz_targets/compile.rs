//! Any bytes as a form: compiling them may fail; what compiles is filled.
#![no_main]

use libfuzzer_sys::fuzz_target;
use turnout_core::ports::forms::FormFields;
use turnout_pdf::{About, Mode, Section, compile};
use turnout_pdf_fuzz::within_a_second;

fuzz_target!(|pdf: &[u8]| {
    for mode in [Mode::Flatten, Mode::Interactive] {
        within_a_second(|| tried(pdf, mode));
    }
});

fn tried(pdf: &[u8], mode: Mode) {
    let section = Section { document: "hostile", pdf, mode };
    let Ok(packet) = compile(&[section], &About { title: "A form", language: "en-US" }) else { return };
    let mut values = FormFields::new();
    for name in packet.names() {
        values.set_text(name, "José Nguyễn\n12 Elm Street");
    }
    packet.fill(&values, &[]).expect("values never fail");
}
