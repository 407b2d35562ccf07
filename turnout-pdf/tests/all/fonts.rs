//! What texts are set in: the fonts that forms ask for, and scripts of all kinds, as poppler reads them.

use std::path::Path;

use turnout_core::ports::forms::{FilledForm, FormFields, PacketName};
use turnout_pdf::{About, Error, FormLibrary, Mode, Packet, Section, Typeface, compile};

use crate::support::{forms, text, unsound};

fn font(name: &str) -> Typeface {
    Typeface::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fonts").join(name)).unwrap()
}

fn packet(form: &str, mode: Mode) -> Packet {
    let pdf = std::fs::read(forms().join(form)).unwrap();
    let section = Section { document: form, pdf: &pdf, mode };
    compile(&[section], &About { title: "A form", language: "en-US" }).unwrap()
}

fn filled(packet: &Packet, values: &[(&str, &str)]) -> FilledForm {
    let mut fields = FormFields::new();
    for (name, value) in values {
        fields.set_text(name, value);
    }
    let filled = packet.fill(&fields, &[]).unwrap();
    assert_eq!(unsound(&filled.pdf), None);
    filled
}

fn has(pdf: &[u8], word: &str) -> bool {
    pdf.windows(word.len()).any(|part| part == word.as_bytes())
}

#[test]
fn a_form_s_text_is_set_in_the_font_it_asks_for() {
    for (form, field, set_in, asked) in [
        ("absentee/states/CO.pdf", "full_name", "+TurnoutSans-Regular", "/Helv "),
        ("absentee/states/NV.pdf", "first_name", "+TurnoutSerif-Regular", "/TiRo "),
        ("absentee/states/MD.pdf", "first_name", "+TurnoutMono-Regular", "/Cour "),
        ("absentee/states/KS.pdf", "first_name", "+Arial", "/Helv "),
        ("absentee/print-and-forward-cover.pdf", "2020_state_deadline", "+OpenSans-Extrabold", "/T0 "),
    ] {
        for mode in [Mode::Flatten, Mode::Interactive] {
            let packet = packet(form, mode);
            assert!(packet.has(field), "{form} has {:?}", packet.names().collect::<Vec<_>>());
            let filled = filled(&packet, &[(field, "Zoë Quixote")]);
            assert!(filled.report.is_complete(), "{form}: {:?}", filled.report);
            assert!(has(&filled.pdf, set_in), "{form} {mode:?}");
            assert_eq!(
                has(&filled.pdf, &format!("/DA({asked}")),
                mode == Mode::Interactive,
                "{form} {mode:?}"
            );
            assert!(text(&filled.pdf).contains("Zoë Quixote"), "{form} {mode:?}");
        }
    }
}

#[test]
fn a_letter_that_a_form_s_font_lacks_comes_from_the_bundled_one_like_it() {
    let packet = packet("absentee/states/KS.pdf", Mode::Flatten);
    let filled = filled(&packet, &[("first_name", "Thị Hường"), ("last_name", "Дмитриев")]);
    assert!(filled.report.is_complete(), "{:?}", filled.report);
    assert!(has(&filled.pdf, "+TurnoutSans-Regular"));
    let text = text(&filled.pdf);
    assert!(text.contains("Thị Hường") && text.contains("Дмитриев"), "{text}");
}

/// Texts, and the font that has their letters beside the bundled ones.
const SCRIPTS: [(&str, &str); 10] = [
    ("", "Nguyễn Thị Ánh"),
    ("", "Ελένη Παπαδοπούλου"),
    ("", "Дмитрий Щёголев"),
    // marks that no letter is composed with
    ("", "Ọlábísí Gbém\u{329}ọ"),
    ("", "דוד כהן"),
    ("arabic.ttf", "محمد علي السلام"),
    ("arabic.ttf", "Ali محمد"),
    ("devanagari.ttf", "हिन्दी क्षत्रिय शर्मा"),
    ("chinese.ttf", "李明 Li Ming"),
    ("postscript.otf", "王小 Wang"),
];

#[test]
fn a_text_in_any_script_is_read_again_in_the_order_in_which_it_is_spoken() {
    let mut wrong = Vec::new();
    for form in ["absentee/states/CO.pdf", "absentee/states/MD.pdf"] {
        let field = if form.ends_with("CO.pdf") { "full_name" } else { "last_name" };
        for mode in [Mode::Flatten, Mode::Interactive] {
            let bare = packet(form, mode);
            for (name, value) in SCRIPTS {
                let packet = if name.is_empty() {
                    packet(form, mode)
                } else {
                    packet(form, mode).with_fonts(&[font(name)])
                };
                let done = filled(&packet, &[(field, value)]);
                assert_eq!(done.report.missing_glyph, [""; 0], "{value}");
                let found = text(&done.pdf);
                // poppler puts marks of direction around what is written from the right
                let plain: String = found.chars().filter(|c| !matches!(c, '\u{202A}'..='\u{202E}')).collect();
                if !plain.contains(value) {
                    let lines: Vec<&str> = plain
                        .lines()
                        .filter(|line| value.split(' ').any(|word| line.contains(word)))
                        .collect();
                    wrong.push(format!("{form} {mode:?}: {value} is read as {lines:#?}"));
                }
                if !name.is_empty() {
                    assert_eq!(filled(&bare, &[(field, value)]).report.missing_glyph, [field], "{value}");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_fonts_of_the_folder_are_used_and_a_broken_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for place in ["register", "fonts"] {
        std::fs::create_dir(folder.path().join(place)).unwrap();
    }
    let form = "register/eac-nvra.pdf";
    std::fs::copy(forms().join(form), folder.path().join(form)).unwrap();
    let own = folder.path().join("fonts/chinese.ttf");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fonts/chinese.ttf"), &own).unwrap();
    let library = FormLibrary::open(Some(folder.path())).unwrap();
    let done = filled(&library.packet(PacketName::Registration).unwrap(), &[("last_name", "李明")]);
    assert!(done.report.is_complete(), "{:?}", done.report);
    assert!(text(&done.pdf).contains("李明"));

    std::fs::write(own, "no font").unwrap();
    let error = FormLibrary::open(Some(folder.path())).unwrap_err();
    assert!(matches!(&error, Error::Document { document, .. } if document == "fonts/chinese.ttf"), "{error}");
}

#[test]
fn what_is_no_font_is_refused() {
    for bytes in [b"".to_vec(), b"OTTO".to_vec(), vec![0; 400], b"\0\x01\0\0\0\x0Aglyf".repeat(40)] {
        assert!(matches!(Typeface::read(bytes), Err(Error::Font)));
    }
    assert!(matches!(Typeface::open(Path::new("/no/such/font.ttf")), Err(Error::File { .. })));
}
