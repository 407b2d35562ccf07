//! The ballot request forms of all states, for every way that they go, from a request to the paper.

use std::collections::BTreeSet;

use turnout_core::{
    absentee::{BallotRequest, SubmissionType, form, sample_facts, sample_request, state_form::Answer},
    address::State,
    ports::forms::{FieldValue, Forms as _, PacketPage, Part},
    secret::StateIdNumber,
    settings::Origins,
};
use turnout_pdf::FormLibrary;

use crate::support::{boxes, forms, text, today, unsound};

const NUMBER: &str = "QX7261940";

fn number() -> Option<StateIdNumber> {
    Some(StateIdNumber::new(NUMBER.to_owned()))
}

fn library() -> FormLibrary {
    FormLibrary::open(Some(&forms())).unwrap()
}

fn states() -> impl Iterator<Item = State> {
    State::ALL.iter().copied().filter(|state| !state.is_territory())
}

/// A request that answers everything that its state asks.
fn answered(library: &FormLibrary, state: State) -> BallotRequest {
    let mut request = sample_request(state);
    let mut answers = serde_json::Map::new();
    if let Some(form) = library.questions(state) {
        for (slug, answer) in form.answers() {
            let value = match answer {
                Answer::Flag => true.into(),
                Answer::OneOf(values) => values[values.len() - 1].into(),
                Answer::Text => "some text".into(),
            };
            answers.insert(slug.to_owned(), value);
        }
    }
    request.state_fields = Some(answers.into());
    request
}

#[tokio::test]
async fn every_state_s_form_is_filled_for_every_way_it_goes() {
    let library = library();
    let mut complaints = Vec::new();
    for state in states() {
        for way in SubmissionType::ALL {
            let request = answered(&library, state);
            let facts = sample_facts(state, &Origins::default());
            let filled = form::fill(&library, &request, *way, &facts, number(), None, today()).await.unwrap();
            let mut complain = |what: String| complaints.push(format!("{state} {way:?}: {what}"));
            if let Some(complaint) = unsound(&filled.pdf) {
                complain(complaint);
            }
            let report = &filled.report;
            if !report.missing_glyph.is_empty() || !report.bad_state.is_empty() || !report.overflow.is_empty()
            {
                complain(format!("{report:?}"));
            }
            let pages = library.pages(form::packet(&request, *way, &facts).unwrap()).await.unwrap();
            if pages.len() != filled.pages {
                complain(format!("{} pages, {} told", filled.pages, pages.len()));
            }
            let parts: Vec<Part> =
                pages.iter().filter(|page| page.number == 1).map(|page| page.part).collect();
            let expected: &[Part] = match way {
                SubmissionType::LeoEmail => &[Part::Form],
                SubmissionType::SelfPrint => &[Part::Cover, Part::Form, Part::Envelope],
                SubmissionType::LeoFax | SubmissionType::PrintAndForward => &[Part::Cover, Part::Form],
            };
            if parts != expected {
                complain(format!("{parts:?}"));
            }
            // only the form stays editable, and not when the mail house prints it
            let editable =
                |page: &PacketPage| page.part == Part::Form && *way != SubmissionType::PrintAndForward;
            if let Some(found) = boxes(&filled.pdf).iter().find(|found| !editable(&pages[found.page])) {
                complain(format!("{} is editable on page {}", found.name, found.page));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The value of an interactive box, as text.
fn value(found: &crate::support::Box) -> String {
    match found.value.as_ref() {
        Some(lopdf::Object::String(bytes, _)) if bytes.starts_with(&[0xFE, 0xFF]) => {
            let units = bytes[2..].chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
        }
        Some(lopdf::Object::String(bytes, _) | lopdf::Object::Name(bytes)) => {
            String::from_utf8(bytes.clone()).unwrap()
        }
        _ => String::new(),
    }
}

/// How many fields of each state's form are filled: all that `pdf-forms.md` 11.2 lists, the states' own questions and
/// automatic fields but for days of elections that are over, the box of Maryland's suffix, and North Carolina's fields of
/// other names.
const FILLED: [(State, usize); 51] = [
    (State::Ak, 17),
    (State::Al, 12),
    (State::Ar, 11),
    (State::Az, 9),
    (State::Ca, 13),
    (State::Co, 13),
    (State::Ct, 10),
    (State::Dc, 8),
    (State::De, 15),
    (State::Fl, 15),
    (State::Ga, 16),
    (State::Hi, 17),
    (State::Ia, 16),
    (State::Id, 14),
    (State::Il, 11),
    (State::In, 11),
    (State::Ks, 16),
    (State::Ky, 1),
    (State::La, 8),
    (State::Ma, 8),
    (State::Md, 20),
    (State::Me, 8),
    (State::Mi, 15),
    (State::Mn, 16),
    (State::Mo, 10),
    (State::Ms, 3),
    (State::Mt, 14),
    (State::Nc, 17),
    (State::Nd, 18),
    (State::Ne, 18),
    (State::Nh, 23),
    (State::Nj, 16),
    (State::Nm, 8),
    (State::Nv, 18),
    (State::Ny, 17),
    (State::Oh, 16),
    (State::Ok, 13),
    (State::Or, 12),
    (State::Pa, 19),
    (State::Ri, 10),
    (State::Sc, 1),
    (State::Sd, 14),
    (State::Tn, 26),
    (State::Tx, 15),
    (State::Ut, 15),
    (State::Va, 18),
    (State::Vt, 14),
    (State::Wa, 10),
    (State::Wi, 18),
    (State::Wv, 17),
    (State::Wy, 17),
];

#[tokio::test]
async fn every_field_of_every_state_s_form_holds_what_was_prepared_for_it() {
    let library = library();
    let mut counts = Vec::new();
    for state in states() {
        let (mut whole, mut at_home) = (answered(&library, state), answered(&library, state));
        whole.mailing_address.address2 = Some("Box 7".into());
        at_home.mailing_address = turnout_core::address::Address::default();
        let mut facts = sample_facts(state, &Origins::default());
        facts.contact.address.as_mut().unwrap().address3 = Some("Floor 2".into());
        let state_form = library.questions(state).map(|form| form.as_of(today()));
        let mut names = BTreeSet::new();
        for request in [&mut whole, &mut at_home] {
            for choice in ["state_id_number_opt_1", "state_id_number_opt_2"] {
                request.state_fields.as_mut().unwrap()[choice] = true.into();
                let prepared = form::fields(request, &facts, state_form.as_ref(), 1, number());
                let way = SubmissionType::LeoEmail;
                let filled =
                    form::fill(&library, request, way, &facts, number(), None, today()).await.unwrap();
                for found in boxes(&filled.pdf) {
                    let (name, value) = (&found.name, value(&found));
                    match prepared.get(name) {
                        Some(FieldValue::Text(text)) if filled.report.truncated.contains(name) => {
                            assert!(text.starts_with(&value) && !value.is_empty(), "{state} {name}: {value}");
                        }
                        Some(FieldValue::Text(text)) => assert_eq!(value, **text, "{state} {name}"),
                        Some(FieldValue::On) => {
                            assert!(value != "Off" && !value.is_empty(), "{state} {name}: {value}");
                        }
                        None => continue,
                    }
                    names.insert(name.clone());
                }
                request.state_fields.as_mut().unwrap()[choice] = false.into();
            }
        }
        counts.push((state, names.len()));
    }
    assert_eq!(counts, FILLED);
}

#[tokio::test]
async fn the_fax_cover_counts_the_pages_of_the_pdf() {
    let library = library();
    for (state, pages) in [(State::Ga, 2), (State::Oh, 3), (State::Pa, 4)] {
        let facts = sample_facts(state, &Origins::default());
        let way = SubmissionType::LeoFax;
        let filled =
            form::fill(&library, &sample_request(state), way, &facts, None, None, today()).await.unwrap();
        assert_eq!(filled.pages, pages);
        let text = text(&filled.pdf);
        let first = text.split('\u{C}').next().unwrap();
        assert!(first.lines().any(|line| line.ends_with(&format!(" {pages}"))), "{first}");
        assert!(first.contains("José Quincy Sample") && first.contains("(413) 555-0101"), "{first}");
    }
}

#[tokio::test]
async fn the_mail_house_s_letter_names_a_tracker_only_where_there_is_one() {
    let library = library();
    let mut facts = sample_facts(State::Ga, &Origins::default());
    let way = SubmissionType::PrintAndForward;
    let with =
        form::fill(&library, &sample_request(State::Ga), way, &facts, None, None, today()).await.unwrap();
    facts.tracker_url = " ".into();
    let without =
        form::fill(&library, &sample_request(State::Ga), way, &facts, None, None, today()).await.unwrap();
    assert!(text(&with.pdf).contains("https://tracker.example.org/"));
    assert!(!text(&without.pdf).contains("tracker"));
    assert_eq!((with.pages, without.pages), (3, 3));
    for filled in [with, without] {
        assert!(text(&filled.pdf).contains("SPRINGFIELD ELECTION OFFICE"));
    }
}

#[tokio::test]
async fn a_territory_has_no_form() {
    let facts = sample_facts(State::Pr, &Origins::default());
    let request = sample_request(State::Pr);
    for library in [library(), FormLibrary::open(None).unwrap()] {
        let way = SubmissionType::SelfPrint;
        let filled = form::fill(&library, &request, way, &facts, None, None, today()).await;
        assert!(matches!(filled, Err(turnout_core::ports::forms::FormsError::Missing)));
    }
}

#[cfg(feature = "images")]
#[tokio::test]
async fn a_signature_stands_in_the_box_of_each_state_that_takes_one() {
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, 40, 10);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(&[0; 400]).unwrap();
    let picture = bytes::Bytes::from(picture);

    let library = library();
    let mut signed = Vec::new();
    for state in states() {
        let Some(state_form) = library.questions(state).filter(|form| !form.signatures.is_empty()) else {
            continue;
        };
        let facts = sample_facts(state, &Origins::default());
        for way in SubmissionType::ALL {
            let fill = |picture| {
                let (library, request) = (&library, sample_request(state));
                let facts = &facts;
                async move {
                    form::fill(library, &request, *way, facts, None, picture, today()).await.unwrap().pdf
                }
            };
            let (bare, signed) = (fill(None).await, fill(Some(picture.clone())).await);
            if !matches!(way, SubmissionType::LeoEmail | SubmissionType::LeoFax) {
                assert!(bare == signed, "{state} {way:?} bears a signature");
                continue;
            }
            let name = form::packet(&sample_request(state), *way, &facts).unwrap();
            let pages = library.pages(name).await.unwrap();
            for stamp in form::stamps(&state_form, &pages, &picture) {
                let dots = |pdf: &[u8]| crate::support::paper::dots(pdf, stamp.page);
                let (before, after) = (dots(&bare), dots(&signed));
                let changed = before.differing(&after, 60).into_iter();
                let changed: Vec<(f32, f32)> = changed.map(|at| before.place(at)).collect();
                let [left, bottom, wide, high] = stamp.rect;
                assert!(changed.len() > 300, "{state}: {} dots", changed.len());
                let is_in = |(x, y): &(f32, f32)| {
                    (left - 1.0..left + wide + 1.0).contains(x)
                        && (bottom - 1.0..bottom + high + 2.0).contains(y)
                };
                assert!(changed.iter().all(is_in), "{state}: the signature leaves its box");
            }
        }
        signed.push(state.code());
    }
    assert_eq!(signed, ["GA", "IL", "KS", "MA", "ND", "NE", "NH", "TN", "WY"]);
}

#[tokio::test]
async fn no_form_bears_the_day_of_an_election_that_is_over() {
    let library = library();
    for (state, day) in [
        (State::Ga, "01/05/2021"),
        (State::Ks, "11/03/2020"),
        (State::La, "11/3/2020"),
        (State::Mo, "11/03/2020"),
        (State::Ne, "November 3 2020"),
    ] {
        let facts = sample_facts(state, &Origins::default());
        let request = sample_request(state);
        let words = async |today: &str| {
            let way = SubmissionType::LeoEmail;
            let today = today.parse().unwrap();
            let filled = form::fill(&library, &request, way, &facts, None, None, today).await.unwrap();
            text(&filled.pdf).split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let (before, after) = (words("2020-11-02").await, words("2026-11-28").await);
        for part in day.split_whitespace() {
            let (before, after) = (before.matches(part).count(), after.matches(part).count());
            assert!(before > after, "{state} {part}: {before}, then {after}");
        }
    }
}
