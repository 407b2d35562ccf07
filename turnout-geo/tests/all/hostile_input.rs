//! Texts that are no addresses: the parser says little about them, and never panics.

use turnout_geo::{Kind, Parsed, data::zips, parse};

use crate::support::{Random, labels};

const PIECES: &[&str] = &[
    " ",
    ",",
    "#",
    "&",
    "/",
    "-",
    ".",
    "'",
    "½",
    "ñ",
    "\u{a0}",
    "\0",
    "\n",
    "+",
    "1/2",
    " PO Box ",
    " Apt ",
    " RR 2 Box ",
    " and ",
    " St ",
    " N ",
    " New York",
    " 10001",
    " CT ",
    "W512",
    " County Road ",
    "849VCWC8+R9",
    "#",
    "é",
    "Ⅻ",
    "🗳",
];

fn below(numbers: &mut Random, limit: usize) -> usize {
    numbers.below(limit as u64) as usize
}

fn mutated(text: &str, numbers: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=below(numbers, 6) {
        let at = below(numbers, letters.len() + 1);
        match below(numbers, 4) {
            0 if at < letters.len() => {
                letters.remove(at);
            }
            1 if at < letters.len() => letters.truncate(at.max(1)),
            2 => {
                let by = at % letters.len().max(1);
                letters.rotate_left(by);
            }
            _ => {
                let piece = PIECES[below(numbers, PIECES.len())];
                letters.splice(at..at, piece.chars());
            }
        }
    }
    letters.into_iter().collect()
}

#[test]
fn twenty_thousand_mutated_addresses_are_parsed_without_a_panic() {
    let mut rows = Vec::new();
    for name in [
        "parse_rrad_components",
        "parse_streetaddress_us",
        "parse_libpostal_us",
        "parse_usaddress_test_labeled",
    ] {
        rows.extend(labels(name).into_iter().map(|(input, _)| input));
    }
    let mut numbers = Random(20_241_105);
    for _ in 0..20_000 {
        let text = mutated(&rows[below(&mut numbers, rows.len())], &mut numbers);
        let parsed = parse(&text, &zips());
        assert!(parsed.delivery_line().to_string().len() < 2 * text.len() + 100);
    }
}

#[test]
fn a_text_of_too_many_words_is_no_address() {
    let text = "1 Main St ".repeat(30);
    assert_eq!(parse(&text, &zips()), Parsed::default());
}

#[test]
fn nothing_is_made_of_nothing() {
    for text in ["", " ", ",,,", "###", "&", "- - -", "\n\n", "'", "#", "...", "\u{a0}"] {
        let parsed = parse(text, &zips());
        assert_eq!((parsed.state, parsed.zip, parsed.number), (None, None, None), "{text:?}");
        assert!(matches!(parsed.kind, Kind::Place | Kind::Street), "{text:?}");
    }
}
