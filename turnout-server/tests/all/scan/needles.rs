//! What is looked for, and how: every value in every shape in which it may have been written.

use std::{collections::BTreeSet, fmt};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A value that stands in one field alone.
pub(super) struct Needle {
    pub(super) field: &'static str,
    pub(super) value: &'static str,
}

macro_rules! needles {
    ($($name:ident = $value:literal;)*) => {
        $(pub(super) const $name: &str = $value;)*
        /// All of them.
        pub(super) const NEEDLES: &[Needle] = &[$(Needle { field: stringify!($name), value: $value }),*];
    };
}

needles! {
    FIRST_NAME = "Zephyrinna";
    MIDDLE_NAME = "Quillomir";
    LAST_NAME = "O'Vanderquåx";
    PREVIOUS_FIRST_NAME = "Ombrelina";
    PREVIOUS_LAST_NAME = "Kestrovich";
    ADDRESS = "9317 Wyrmwood Terrace";
    ADDRESS2 = "Flat Brindlethorp";
    CITY = "Fluddleburg";
    PREVIOUS_ADDRESS = "4483 Grimbletooth Lane";
    MAILING_ADDRESS = "7719 Snodgrove \"Old\" Court";
    MAILING_CITY = "Mumblefordia";
    EMAIL = "zqneedle.voter@quornflux.example.org";
    OTHER_EMAIL = "wobblyhen@threadbarex.example.com";
    PHONE = "+16175558143";
    SHOWN_PHONE = "(614) 555-9786";
    TEXTER = "+12125556617";
    DATE_OF_BIRTH = "1961-07-23";
    US_DATE = "07/23/1961";
    STATE_ID = "QZ904172638";
    SOCIAL = "219-09-9761";
    FEDERAL_ID = "83-5592716";
    LICENSE = "83 614 905";
    TEXT = "bitterblossom karaoke wednesdayish";
    UTM = "utmgribblewick";
    SESSION = "feedface-beef-4bad-8bad-c0ffeeabcdef";
    EMBED = "https://embedzilla.example.org/frubjous?me=1";
    QUERY = "queryplumbago";
    AGENT = "Agentsnickerdoodle/7";
    PASSWORD = "Tr0mb0ne!hushhush";
    API_SECRET = "kumquatsecretvalue";
    STAFF_EMAIL = "staffneedle@mgmtwick.example.org";
    STAFF_NAME = "Barnabiggle";
    ORGANIZATION = "Snollygoster Grumbletons";
    FILE_NAME = "signaturewibble.png";
    PATH = "pathdweomercraft";
    METHOD = "METHODZOUNDS";
    HOST = "hostgallimaufry.example.org";
    IDEMPOTENCY = "idemfarthingale";
    REQUEST_ID = "reqidbumbershoot";
    VENDOR = "vendorsaystaradiddle";
    COOKIE = "cookiecodswallop";
    OFFICE_EMAIL = "clerkwumple@recorderfizz.example.org";
    OFFICE_PHONE = "+14195557283";
    OFFICE_FAX = "+14195556349";
    OFFICIAL = "Quibblethorne Pettigrewish";
    VENDOR_KEY = "vendorkeyflummadiddle";
    AMAZON_KEY = "AKIATURNOUT";
    SIGNED_LINK = "X-Amz-Signature";
    BUILD_HOOK = "hookwhippersnapper";
}

/// A sequence of bytes that must not be anywhere.
pub(super) struct Pattern {
    pub(super) bytes: Vec<u8>,
    pub(super) of: usize,
    pub(super) shape: Shape,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// As it is, in whatever case.
    Raw,
    /// One of its words.
    Word,
    Percent,
    Plus,
    Json,
    JsonInJson,
    JsonCodes,
    Hex,
    Base64(usize),
    /// Its digits without what stands between them.
    Digits,
    /// The last four of them, by themselves.
    LastFour,
}

impl Shape {
    /// Whether case makes no difference to what is meant.
    fn is_folded(self) -> bool {
        !matches!(self, Self::Base64(_))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {:?}", NEEDLES[self.of].field, self.shape)
    }
}

fn percent(value: &str, blank: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b' ' => blank.to_owned(),
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

fn json(value: &str) -> String {
    let text = serde_json::to_string(value).unwrap();
    text[1..text.len() - 1].to_owned()
}

fn json_codes(value: &str) -> String {
    let code =
        |it: char| if it.is_ascii() { json(&it.to_string()) } else { format!("\\u{:04x}", u32::from(it)) };
    value.chars().map(code).collect()
}

/// What is sure to stand in the base64 of anything in which the value stands at that alignment.
fn base64(value: &str, alignment: usize) -> [String; 2] {
    let bytes = [vec![0; alignment], value.as_bytes().to_vec()].concat();
    let from = [0, 2, 3][alignment];
    let whole = bytes.len() / 3 * 4;
    [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)].map(|text| text[from..whole].to_owned())
}

fn of(index: usize, needle: &Needle) -> Vec<Pattern> {
    let value = needle.value;
    let mut all: Vec<(Shape, Vec<u8>)> = vec![
        (Shape::Raw, value.into()),
        (Shape::Percent, percent(value, "%20").into()),
        (Shape::Plus, percent(value, "+").into()),
        (Shape::Json, json(value).into()),
        (Shape::JsonInJson, json(&json(value)).into()),
        (Shape::JsonCodes, json_codes(value).into()),
        (Shape::Hex, hex::encode(value).into()),
    ];
    let is_wordy = |word: &&str| word.chars().filter(|it| it.is_alphabetic()).count() >= 6;
    all.extend(value.split(' ').filter(is_wordy).map(|word| (Shape::Word, word.into())));
    for (alignment, value) in
        (0..3).flat_map(|alignment| [value.to_owned(), value.to_lowercase()].map(|value| (alignment, value)))
    {
        all.extend(base64(&value, alignment).map(|text| (Shape::Base64(alignment), text.into())));
    }
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 8 {
        all.push((Shape::Digits, digits.clone().into()));
        if !value.contains(['-', '/']) || !value.contains("1961") {
            all.push((Shape::LastFour, digits.as_bytes()[digits.len() - 4..].into()));
        }
    }
    let folded = |(shape, bytes): (Shape, Vec<u8>)| {
        let bytes = if shape.is_folded() { bytes.to_ascii_lowercase() } else { bytes };
        (shape, bytes)
    };
    let mut seen = BTreeSet::new();
    all.into_iter()
        .map(folded)
        .filter(|(shape, bytes)| seen.insert((shape.is_folded(), bytes.clone())))
        .map(|(shape, bytes)| Pattern { bytes, of: index, shape })
        .collect()
}

/// Looks for all patterns at once.
pub(super) struct Scanner {
    pub(super) patterns: Vec<Pattern>,
    /// By the first two bytes, which patterns to compare.
    begins: Vec<Vec<u16>>,
}

impl Scanner {
    pub(super) fn new() -> Self {
        let patterns: Vec<Pattern> =
            NEEDLES.iter().enumerate().flat_map(|(index, needle)| of(index, needle)).collect();
        let mut begins = vec![Vec::new(); 1 << 16];
        for (number, pattern) in patterns.iter().enumerate() {
            assert!(pattern.bytes.len() >= 4, "{pattern} is too short to mean anything");
            begins[begin(&pattern.bytes)].push(u16::try_from(number).unwrap());
        }
        Self { patterns, begins }
    }

    /// The patterns that stand in a text, each with where.
    pub(super) fn find(&self, text: &[u8]) -> Vec<(&Pattern, usize)> {
        let folded = text.to_ascii_lowercase();
        let mut found = Vec::new();
        for (text, is_folded) in [(folded.as_slice(), true), (text, false)] {
            for (at, two) in text.windows(2).enumerate() {
                for number in &self.begins[begin(two)] {
                    let pattern = &self.patterns[usize::from(*number)];
                    if pattern.shape.is_folded() == is_folded && text[at..].starts_with(&pattern.bytes) {
                        let end = at + pattern.bytes.len();
                        if pattern.shape != Shape::LastFour || stands_alone(text, at, end) {
                            found.push((pattern, at));
                        }
                    }
                }
            }
        }
        found
    }
}

fn begin(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// What stands before a number that counts or times something: in metrics, in both forms of the log, and in what statsd gets.
const MEASURES: [&[u8]; 5] = [b"} ", b"\"ms\":", b" ms=", b"_seconds:", b"_total:"];

/// Whether neither a letter nor a digit stands beside it, nor a decimal point, and it is neither a group of an id nor a
/// measurement: of those there are so many that any four digits are in one sooner or later.
fn stands_alone(text: &[u8], from: usize, to: usize) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
    let before = from.checked_sub(1).and_then(|at| text.get(at));
    let is_alone = !before.is_some_and(is_part) && !text.get(to).is_some_and(u8::is_ascii_alphanumeric);
    let is_measure = MEASURES.into_iter().any(|it| text[..from].ends_with(it));
    is_alone && !is_measure && ![9, 14, 19].into_iter().any(|group| is_id(text, from.checked_sub(group)))
}

/// Whether an id begins there: hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_id(text: &[u8], from: Option<usize>) -> bool {
    let id = from.and_then(|from| text.get(from..from + 36));
    id.is_some_and(|id| {
        id.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

/// Every shape of every needle, as somebody careless would write it.
pub(super) fn planted() -> Vec<(Pattern, String)> {
    let whole = |pattern: Pattern, needle: &Needle| {
        let text = match pattern.shape {
            Shape::Base64(alignment) => {
                let text = String::from_utf8(pattern.bytes.clone()).unwrap();
                // in something longer, as it would be found
                let long = format!("{}{}zz", &"ab"[..alignment.min(2)], needle.value);
                let low = long.to_lowercase();
                [long, low]
                    .iter()
                    .flat_map(|it| [STANDARD_NO_PAD.encode(it), URL_SAFE_NO_PAD.encode(it)])
                    .find(|it| it.contains(&text))
                    .expect("what is sure to stand there does")
            }
            _ => String::from_utf8(pattern.bytes.clone()).unwrap(),
        };
        (pattern, text)
    };
    NEEDLES
        .iter()
        .enumerate()
        .flat_map(|(index, needle)| of(index, needle).into_iter().map(move |it| whole(it, needle)))
        .collect()
}

#[test]
fn every_shape_of_every_needle_is_found_and_nothing_else() {
    let scanner = Scanner::new();
    for (pattern, text) in planted() {
        let line = format!("{{\"message\":\"to {text} in vain\"}}");
        let found = scanner.find(line.as_bytes());
        let is_it = |(it, _): &(&Pattern, usize)| it.of == pattern.of && it.shape == pattern.shape;
        assert!(found.iter().any(is_it), "{pattern} is not found in {line}");
    }
    let number = |text: &str| scanner.find(text.as_bytes()).len();
    assert_eq!(number("12.8143 81430 a8143 ms=18143"), 0);
    assert_eq!(number("ends in 8143."), 1);
    assert_eq!(number(r#"{"ms":8143,"last":"8143"}"#), 1);
    assert_eq!(number("answered status=200 ms=8143 last=8143"), 1);
    assert_eq!(number("turnout_jobs_total{last=\"8143\"} 8143"), 1);
    assert_eq!(number("turnout.job_seconds:8143.2|ms|#last:8143"), 1);
    assert_eq!(number("a line of the log with route /v1/registration/register/ and 4711 words"), 0);
}
