//! The packet that a voter gets: the cover sheet and the form, official and our own.

use turnout_core::ports::forms::{FilledForm, FormFields, Forms as _, PacketName};
use turnout_pdf::{About, FieldKind, FormLibrary, Mode, Section, compile};

use crate::support::{
    boxes, forms,
    paper::{Page, dots, pages},
    text, unsound, words,
};

/// Both libraries; the official one first.
fn libraries() -> [FormLibrary; 2] {
    [FormLibrary::open(Some(&forms())).unwrap(), FormLibrary::open(None).unwrap()]
}

const TEXTS: [(&str, &str); 31] = [
    ("last_name", "Nguyễn"),
    ("first_name", "José"),
    ("middle_name", "Łukasz"),
    ("address1", "12-B rue Saint-Honoré"),
    ("address2", "Apt #4 & 5"),
    ("city", "Дмитров"),
    ("state", "PA"),
    ("zipcode", "15222"),
    ("mailing_address1", "PO Box 7 <East>"),
    ("mailing_city", "Cañon"),
    ("mailing_state", "CO"),
    ("mailing_zipcode", "81212-1234"),
    ("date_of_birth", "05/04/1980"),
    ("phone_number", "(412) 555-0101"),
    ("state_id_number", "A-12(345)"),
    ("party", "Democratic"),
    ("race_ethnicity", "Multi-racial"),
    ("previous_last_name", "O’Brien"),
    ("previous_first_name", "Željko"),
    ("previous_middle_name", "Ødegård"),
    ("previous_address1", "9\\9 Elm"),
    ("previous_address2", "Lot 2"),
    ("previous_city", "Åby"),
    ("previous_state", "NV"),
    ("previous_zipcode", "89501"),
    ("mailto_line_1", "County of Allegheny"),
    ("mailto_line_2", "Division of Elections"),
    ("mailto_line_3", "542 Forbes Avenue"),
    ("mailto_line_4", "Suite 609"),
    ("2020_state_deadline_full", "Your form must be received 15 days before election day."),
    ("warnings_registration", "Bring a copy of your identification."),
];
const CHECKS: [&str; 5] = ["us_citizen", "is_18_or_over", "title_ms", "suffix_iii", "previous_title_mrs"];

fn values() -> FormFields {
    let mut values = FormFields::new();
    for (name, text) in TEXTS {
        values.set_text(name, text);
    }
    for name in CHECKS {
        values.set_on(name);
    }
    values
}

async fn filled(library: &FormLibrary, values: FormFields) -> FilledForm {
    library.fill(PacketName::Registration, values, Vec::new()).await.unwrap()
}

/// The documents of a packet, as the filler takes them.
fn sections<'a>(cover: &'a [u8], form: &'a [u8], mode: Mode) -> [Section<'a>; 2] {
    [Section { document: "cover", pdf: cover, mode }, Section { document: "form", pdf: form, mode }]
}

fn official() -> [Vec<u8>; 2] {
    ["register/cover.pdf", "register/eac-nvra.pdf"].map(|form| std::fs::read(forms().join(form)).unwrap())
}

#[tokio::test]
async fn the_filled_packet_is_a_sound_file_that_loses_nothing() {
    for library in libraries() {
        let form = filled(&library, values()).await;
        assert_eq!(unsound(&form.pdf), None);
        assert!(form.report.is_complete(), "{:?}", form.report);
        assert_eq!(form.report.unknown, Vec::<String>::new());
        assert_eq!(form.pages, 3);
        assert_eq!(pages(&form.pdf).len(), 3);
    }
}

#[tokio::test]
async fn each_value_stands_inside_the_box_of_its_field() {
    for library in libraries() {
        let form = filled(&library, values()).await;
        let words = words(&form.pdf);
        // the interactive boxes tell where they are; the cover's are told by the blank cover
        let mut places = boxes(&form.pdf);
        for found in &mut places {
            assert_ne!(found.page, 0, "the cover is flat");
        }
        if library.is_official() {
            let [cover, _] = official();
            places.extend(boxes(&cover));
        }
        let mut seen = 0;
        for (name, value) in TEXTS {
            for place in places.iter().filter(|place| place.name == name) {
                let [left, bottom, right, top] = place.rect;
                let mut inside: Vec<&crate::support::Word> = words
                    .iter()
                    .filter(|word| word.page == place.page)
                    .filter(|word| {
                        let (x, y) =
                            ((word.rect[0] + word.rect[2]) / 2.0, (word.rect[1] + word.rect[3]) / 2.0);
                        (left..right).contains(&x) && (bottom..top).contains(&y)
                    })
                    .collect();
                inside.sort_by(|a, b| {
                    b.rect[1].round().total_cmp(&a.rect[1].round()).then(a.rect[0].total_cmp(&b.rect[0]))
                });
                let read: Vec<&str> = inside.iter().map(|word| word.text.as_str()).collect();
                assert_eq!(read.join(" "), value, "{name} on page {} of {library:?}", place.page);
                for word in inside {
                    assert!(word.rect[0] >= left - 0.5 && word.rect[2] <= right + 0.5, "{name}: {word:?}");
                }
                seen += 1;
            }
        }
        assert!(seen >= TEXTS.len() - 2, "only {seen} values were looked for");
    }
}

#[tokio::test]
async fn the_form_stays_editable_and_the_cover_does_not() {
    for library in libraries() {
        let form = filled(&library, values()).await;
        let places = boxes(&form.pdf);
        assert!(places.iter().all(|place| place.page > 0));
        assert!(places.len() >= 53, "{}", places.len());
        assert!(places.iter().all(|place| place.flags & 1 == 0), "a box is read-only");
        let value =
            |name: &str| places.iter().find(|place| place.name == name).and_then(|place| place.value.clone());
        assert_eq!(value("last_name"), Some(utf16("Nguyễn")));
        assert_eq!(value("zipcode"), Some(lopdf::Object::string_literal("15222")));
        assert_eq!(value("us_citizen"), Some(lopdf::Object::Name(b"On".to_vec())));
        assert_ne!(value("us_citizen_no"), Some(lopdf::Object::Name(b"On".to_vec())));
        let mut names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "two fields have one name");
    }
}

fn utf16(text: &str) -> lopdf::Object {
    let bytes = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    lopdf::Object::String(bytes, lopdf::StringFormat::Hexadecimal)
}

#[tokio::test]
async fn names_with_accents_can_be_read_again_by_a_program() {
    for library in libraries() {
        for name in ["José", "Nguyễn", "Łukasz", "Дмитрий", "Ελένη", "ʻAkahi"] {
            let mut values = FormFields::new();
            values.set_text("last_name", name);
            values.set_text("mailto_line_1", name);
            let form = filled(&library, values).await;
            let text = text(&form.pdf);
            let expected = if library.is_official() { 2 } else { 3 };
            assert!(text.matches(name).count() >= expected, "{name} stands {expected} times in {text}");
        }
    }
}

#[tokio::test]
async fn the_same_values_give_the_same_bytes_and_others_do_not() {
    let [official, sample] = libraries();
    let again = FormLibrary::open(Some(&forms())).unwrap();
    let first = filled(&official, values()).await.pdf;
    assert!(first == filled(&official, values()).await.pdf);
    assert!(first == filled(&again, values()).await.pdf, "another compiling gives other bytes");
    assert!(first != filled(&sample, values()).await.pdf);
    let mut other = values();
    other.set_text("last_name", "Smith");
    assert!(first != filled(&official, other).await.pdf);
}

#[tokio::test]
async fn nothing_of_one_filling_is_left_in_the_next() {
    for library in libraries() {
        filled(&library, values()).await;
        let blank = filled(&library, FormFields::new()).await;
        let text = text(&blank.pdf);
        for (_, value) in TEXTS.iter().filter(|(_, value)| !value.is_ascii()) {
            assert!(!text.contains(value), "{value} is left");
        }
        assert!(
            boxes(&blank.pdf).iter().all(|place| !matches!(place.value, Some(lopdf::Object::String(..))))
        );
    }
}

#[test]
fn a_flattened_form_has_no_field_and_keeps_its_pages() {
    let [cover, form] = official();
    let packet =
        compile(&sections(&cover, &form, Mode::Flatten), &About { title: "T", language: "en-US" }).unwrap();
    let filled = packet.fill(&values(), &[]).unwrap();
    assert_eq!(unsound(&filled.pdf), None);
    assert_eq!(boxes(&filled.pdf).len(), 0);
    let document = lopdf::Document::load_mem(&filled.pdf).unwrap();
    assert!(document.catalog().unwrap().get(b"AcroForm").is_err());
    let expected: Vec<Page> = [&cover, &form].into_iter().flat_map(|pdf| pages(pdf)).collect();
    assert_eq!(pages(&filled.pdf), expected);
    // a text of several lines is broken between its words
    let text = text(&filled.pdf);
    for (name, value) in TEXTS {
        assert!(value.split(' ').all(|word| text.contains(word)), "{name} is not on the paper");
    }
}

#[test]
fn two_editable_documents_keep_the_values_of_fields_of_one_name() {
    let [cover, form] = official();
    let packet =
        compile(&sections(&cover, &form, Mode::Interactive), &About { title: "T", language: "en-US" })
            .unwrap();
    let filled = packet.fill(&values(), &[]).unwrap();
    assert_eq!(unsound(&filled.pdf), None);
    let places = boxes(&filled.pdf);
    for name in ["mailto_line_1", "mailto_line_1_2"] {
        let place = places.iter().find(|place| place.name == name).unwrap();
        assert_eq!(place.value, Some(lopdf::Object::string_literal("County of Allegheny")), "{name}");
    }
}

#[tokio::test]
async fn what_does_not_go_onto_the_paper_as_given_is_reported_by_name() {
    let [library, _] = libraries();
    let mut values = FormFields::new();
    values.set_text("no_such_field", "x");
    values.set_text("last_name", "李明");
    values.set_text("state", &"Wyoming ".repeat(20));
    values.set_text("us_citizen", "perhaps");
    values.set_on("city");
    let report = filled(&library, values).await.report;
    assert_eq!(report.unknown, ["no_such_field"]);
    assert_eq!(report.missing_glyph, ["last_name"]);
    assert_eq!(report.overflow, ["state"]);
    assert_eq!(report.bad_state, ["city", "us_citizen"]);
    assert!(!report.is_complete());
}

#[tokio::test]
async fn each_page_of_the_sample_says_that_it_is_one_and_none_of_the_official_does() {
    let [official, sample] = libraries();
    let pages = |pdf: &[u8]| -> Vec<bool> {
        text(pdf)
            .trim_end_matches('\u{C}')
            .split('\u{C}')
            .map(|page| page.contains("SAMPLE – not an official form"))
            .collect()
    };
    assert_eq!(pages(&filled(&sample, values()).await.pdf), [true; 3]);
    assert_eq!(pages(&filled(&official, values()).await.pdf), [false; 3]);
    assert!(official.is_official() && !sample.is_official());
}

#[tokio::test]
async fn the_sample_speaks_to_a_screen_reader() {
    let [_, sample] = libraries();
    let form = filled(&sample, values()).await;
    let document = lopdf::Document::load_mem(&form.pdf).unwrap();
    assert_eq!(document.catalog().unwrap().get(b"Lang").unwrap().as_str().unwrap(), b"en-US");
    let info = document.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let title = document.get_dictionary(info).unwrap().get(b"Title").unwrap().as_str().unwrap();
    assert_eq!(title, b"Sample voter registration form");
    let widgets = document.objects.values().filter_map(|object| object.as_dict().ok());
    let mut count = 0;
    for widget in widgets
        .filter(|entries| entries.get(b"Subtype").is_ok_and(|kind| kind.as_name().unwrap() == b"Widget"))
    {
        assert!(!widget.get(b"TU").unwrap().as_str().unwrap().is_empty());
        count += 1;
    }
    assert!(count >= 53);
}

#[test]
fn the_sample_has_the_fields_of_the_official_form() {
    let [official, sample] = libraries().map(|library| {
        let packet = library.packet(PacketName::Registration).unwrap();
        packet.names().map(str::to_owned).collect::<Vec<_>>()
    });
    assert_eq!(official, sample);
}

#[cfg(feature = "images")]
#[tokio::test]
async fn a_signature_is_put_into_its_rectangle_and_nowhere_else() {
    use turnout_core::ports::forms::Stamp;

    // a black bar on a transparent ground, twice as wide as high
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, 20, 10);
    encoder.set_color(png::ColorType::GrayscaleAlpha);
    encoder.set_depth(png::BitDepth::Eight);
    let row = |y| (0..20).flat_map(move |_| if (4..6).contains(&y) { [0, 255] } else { [0, 0] });
    let pixels: Vec<u8> = (0..10).flat_map(row).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();

    let [library, _] = libraries();
    let stamp = |page| Stamp { page, rect: [310.0, 470.0, 200.0, 30.0], image: picture.clone().into() };
    let fill = |stamps| library.fill(PacketName::Registration, FormFields::new(), stamps);
    let (bare, signed) = (fill(Vec::new()).await.unwrap(), fill(vec![stamp(1)]).await.unwrap());
    assert_eq!(unsound(&signed.pdf), None);
    let (before, after) = (dots(&bare.pdf, 1), dots(&signed.pdf, 1));
    let changed: Vec<(f32, f32)> =
        before.differing(&after, 60).into_iter().map(|at| before.place(at)).collect();
    assert!(changed.len() > 200, "{}", changed.len());
    // 60 by 30 points in the middle of the rectangle, the bar in the middle of that
    for place in changed {
        assert!(crate::support::paper::is_in([379.0, 480.0, 442.0, 490.0], 0.0, place), "{place:?}");
    }
    let error = fill(vec![stamp(3)]).await.err().unwrap();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("no page 3"));
}

#[test]
fn a_blank_document_stays_blank_whatever_the_values() {
    let [cover, form] = official();
    let [first, second] = sections(&cover, &form, Mode::Flatten);
    let blank = Section { mode: Mode::Blank, ..second };
    let packet = compile(&[first, second, blank], &About { title: "T", language: "en-US" }).unwrap();
    let filled = packet.fill(&values(), &[]).unwrap();
    assert_eq!(unsound(&filled.pdf), None);
    assert_eq!(boxes(&filled.pdf).len(), 0);
    assert!(filled.report.is_complete(), "{:?}", filled.report);
    let alone = compile(&[blank], &About { title: "T", language: "en-US" }).unwrap();
    assert_eq!(alone.names().count(), 0);
    for (page, at) in [(3, 0), (4, 1)] {
        let (again, own) = (dots(&filled.pdf, page), dots(&form, at));
        let different = again.differing(&own, 60).len();
        assert!(different < 20, "{different} dots of page {at} differ from the form as published");
        assert!(!again.differing(&dots(&filled.pdf, page - 2), 0).is_empty());
    }
}

#[test]
fn pages_and_fields_are_known_without_filling() {
    let [cover, form] = official();
    let packet =
        compile(&sections(&cover, &form, Mode::Interactive), &About { title: "T", language: "en-US" })
            .unwrap();
    let pages: Vec<_> = packet.page_facts().collect();
    assert_eq!(pages.iter().map(|page| page.section).collect::<Vec<_>>(), [0, 1, 1]);
    assert!(pages.iter().all(|page| page.visible == [0.0, 0.0, 612.0, 792.0] && page.turn == 0));
    let kind = |name: &str| packet.field_facts().find(|field| field.name == name).unwrap().kind;
    assert_eq!(kind("us_citizen"), FieldKind::Button { states: vec!["On".into()] });
    assert_eq!(kind("last_name"), FieldKind::Text { multiline: false, max_len: None });
    let turned = std::fs::read(forms().join("absentee/states/TX-print-and-forward.pdf")).unwrap();
    let turned = Section { document: "TX", pdf: &turned, mode: Mode::Flatten };
    let packet = compile(&[turned], &About { title: "T", language: "en-US" }).unwrap();
    let page = packet.page_facts().next().unwrap();
    assert_eq!(page.turn, 90);
    assert!(page.visible[2] > page.visible[0] && page.visible[3] > page.visible[1]);
}
