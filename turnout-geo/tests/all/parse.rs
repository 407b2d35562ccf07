//! The parser on addresses whose parts are known.

use std::collections::BTreeMap;

use serde_json::Value;
use turnout_core::address::State;
use turnout_geo::{Kind, NumberForm, Parsed, PlaceKey, RawAddress, data::zips, parse, parse_fields};

use crate::support::{labels, read};

/// The text of a field, or nothing.
fn said<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

/// The address in its fields.
fn fields(row: &Value) -> RawAddress<'_> {
    RawAddress {
        street: said(row, "street"),
        unit: said(row, "unit"),
        city: said(row, "city"),
        state: said(row, "state"),
        zip: said(row, "zip"),
    }
}

/// How many rows were read right, and what was wrong with the others.
struct Score {
    rows: usize,
    right: usize,
    right_fields: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

impl Score {
    fn of<'a>(rows: impl IntoIterator<Item = (&'a str, Vec<(&'static str, String, String)>)>) -> Self {
        let mut score = Self { rows: 0, right: 0, right_fields: BTreeMap::new(), wrong: Vec::new() };
        for (input, fields) in rows {
            score.rows += 1;
            let mut wrong = Vec::new();
            for (field, found, expected) in fields {
                if found == expected {
                    *score.right_fields.entry(field).or_default() += 1;
                } else {
                    wrong.push(format!("{field} {found:?}, not {expected:?}"));
                }
            }
            if wrong.is_empty() {
                score.right += 1;
            } else {
                score.wrong.push(format!("{input}: {}", wrong.join("; ")));
            }
        }
        score
    }

    #[track_caller]
    fn is_at_least(&self, share: f64) {
        let found = self.right as f64 / self.rows as f64;
        println!("{} of {} rows, {:.2} %\n{}", self.right, self.rows, 100.0 * found, self.wrong.join("\n"));
        assert!(found >= share, "{:.2} % of the rows are right", 100.0 * found);
    }
}

fn zip(parsed: &Parsed<'_>) -> String {
    parsed.zip.map(|zip| zip.to_string()).unwrap_or_default()
}

fn state(parsed: &Parsed<'_>) -> String {
    parsed.state.map(|state| state.code().to_owned()).unwrap_or_default()
}

/// Compares what was read of each row with what is expected of it.
fn rrad(rows: &[(String, Value)], read: impl for<'a> Fn(&'a (String, Value)) -> Parsed<'a>) -> Score {
    Score::of(rows.iter().map(|row| {
        let (input, expected) = row;
        let parsed = read(row);
        let unit = parsed.unit.map(|unit| unit.text).unwrap_or_default();
        let fields = vec![
            ("street", parsed.line.to_owned(), said(expected, "street").to_owned()),
            ("unit", unit.to_owned(), said(expected, "unit").to_owned()),
            ("city", parsed.city.to_owned(), said(expected, "city").to_owned()),
            ("state", state(&parsed), said(expected, "state").to_owned()),
            ("zip", zip(&parsed), said(expected, "zip").to_owned()),
        ];
        (input.as_str(), fields)
    }))
}

fn whole(row: &(String, Value)) -> Parsed<'_> {
    parse(&row.0, &zips())
}

/// The rows with other texts, made of their parts.
fn rrad_written(write: impl Fn(&Value) -> String) -> Vec<(String, Value)> {
    let rows = labels("parse_rrad_components").into_iter();
    rows.map(|(_, expected)| (write(&expected), expected)).collect()
}

#[test]
fn addresses_of_sixteen_states_are_read_with_commas() {
    rrad(&labels("parse_rrad_components"), whole).is_at_least(0.999);
}

#[test]
fn addresses_of_sixteen_states_are_read_without_commas() {
    let rows = labels("parse_rrad_components").into_iter();
    let rows: Vec<_> = rows.map(|(input, expected)| (input.replace(',', ""), expected)).collect();
    rrad(&rows, whole).is_at_least(0.995);
}

#[test]
fn addresses_of_sixteen_states_are_read_without_zip_codes() {
    let mut rows = rrad_written(|row| {
        let said = |field| said(row, field);
        format!("{} {} {} {}", said("street"), said("unit"), said("city"), said("state"))
    });
    for (_, expected) in &mut rows {
        expected["zip"] = Value::Null;
    }
    rrad(&rows, whole).is_at_least(0.995);
}

#[test]
fn addresses_of_sixteen_states_are_read_with_units_that_no_word_announces() {
    let mut rows = rrad_written(|row| {
        let said = |field| said(row, field);
        format!("{} 4 {} {} {}", said("street"), said("city"), said("state"), said("zip"))
    });
    for (_, expected) in &mut rows {
        expected["unit"] = "4".into();
    }
    rrad(&rows, whole).is_at_least(0.99);
}

#[test]
fn addresses_of_sixteen_states_are_read_in_fields() {
    fn in_fields((_, row): &(String, Value)) -> Parsed<'_> {
        parse_fields(&fields(row), &zips())
    }
    rrad(&labels("parse_rrad_components"), in_fields).is_at_least(0.999);
}

#[test]
fn addresses_of_santa_clara_are_read_in_every_field() {
    let rows = labels("oa_santa_clara");
    let score = Score::of(rows.iter().map(|(input, expected)| {
        let parsed = parse(input, &zips());
        let number = parsed.number.map(|number| number.text).unwrap_or_default();
        let street = parsed.line.strip_prefix(number).unwrap_or(parsed.line).trim_start();
        let fields = vec![
            ("number", number.to_owned(), said(expected, "number").to_owned()),
            ("street", street.to_owned(), said(expected, "street").to_owned()),
            (
                "unit",
                parsed.unit.map(|unit| unit.text).unwrap_or_default().to_owned(),
                said(expected, "unit").to_owned(),
            ),
            ("city", parsed.city.to_owned(), said(expected, "city").to_owned()),
            ("zip", zip(&parsed), said(expected, "zip").to_owned()),
        ];
        (input.as_str(), fields)
    }));
    score.is_at_least(0.99);
    for (field, right) in &score.right_fields {
        assert!(right * 100 >= score.rows * 99, "{field}: {right} of {}", score.rows);
    }
}

/// The parts as the parser of `parse-address` names them.
fn streetaddress(parsed: &Parsed<'_>) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    let mut put = |field, text: &str| {
        if !text.is_empty() {
            found.insert(field, text.to_lowercase());
        }
    };
    let number = match parsed.number {
        // theirs leaves the fraction out
        Some(number) if matches!(number.form, NumberForm::Fraction(_)) => {
            number.text.split(' ').next().unwrap()
        }
        Some(number) => number.text,
        None => "",
    };
    put("number", number);
    let streets = [Some(parsed.street), parsed.cross_street];
    let names: [[&'static str; 4]; 2] = if parsed.cross_street.is_some() {
        [["prefix1", "street1", "type1", "suffix1"], ["prefix2", "street2", "type2", "suffix2"]]
    } else {
        [["prefix", "street", "type", "suffix"], ["", "", "", ""]]
    };
    for (street, [prefix, name, suffix, post]) in streets.iter().flatten().zip(names) {
        put(prefix, street.pre_direction.map_or("", |direction| direction.abbreviation()));
        put(name, street.name);
        put(suffix, street.suffix.map_or("", |suffix| suffix.abbreviation()));
        put(post, street.post_direction.map_or("", |direction| direction.abbreviation()));
    }
    if let Some(unit) = parsed.unit {
        put("sec_unit_type", unit.kind.abbreviation());
        put("sec_unit_num", unit.id);
    }
    if let Some(number) = parsed.box_number {
        put("sec_unit_type", "po box");
        put("sec_unit_num", number);
    }
    put("city", parsed.city);
    put("state", &state(parsed));
    put("zip", &zip(parsed));
    put("plus4", &parsed.plus4.map(|plus4| format!("{plus4:04}")).unwrap_or_default());
    found
}

/// What `parse-address` says, in the abbreviations of Publication 28.
fn streetaddress_expected(expected: &Value) -> BTreeMap<&str, String> {
    let fields = expected.as_object().unwrap().iter().filter(|(_, value)| value.as_str() != Some(""));
    let fields = fields.map(|(field, value)| {
        let text = value.as_str().unwrap();
        let text = match field.as_str() {
            "type" | "type1" | "type2" => turnout_geo::Suffix::parse(text).unwrap().abbreviation(),
            "sec_unit_type" if text.to_lowercase().ends_with("box") => "po box",
            "sec_unit_type" => turnout_geo::UnitKind::parse(text).map_or(text, |kind| kind.abbreviation()),
            _ => text,
        };
        (field.as_str(), text.to_lowercase())
    });
    fields.collect()
}

#[test]
fn addresses_of_streetaddress_are_read_as_by_their_own_parser() {
    let mut wrong = Vec::new();
    for (input, expected) in labels("parse_streetaddress_us") {
        let parsed = parse(&input, &zips());
        let (found, expected) = (streetaddress(&parsed), streetaddress_expected(&expected));
        // the state of a ZIP code is ours to add
        let is_right = found.iter().all(|(field, text)| match expected.get(field) {
            // theirs spells directions out
            Some(expected) if *field == "city" => {
                PlaceKey::new(State::Ca, text) == PlaceKey::new(State::Ca, expected)
            }
            Some(expected) => expected == text,
            None => *field == "state",
        }) && expected.keys().all(|field| found.contains_key(field));
        if !is_right {
            wrong.push(format!("{input}\n  found    {found:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// The parts as libpostal names them; its several names of places are one here.
fn libpostal(parsed: &Parsed<'_>) -> Vec<String> {
    let number = parsed.number.map(|number| number.text).unwrap_or_default();
    let is_box = parsed.kind == Kind::PoBox;
    let road = parsed.line.strip_prefix(number).unwrap_or(parsed.line).trim_start();
    let zip = parsed.plus4.map_or(zip(parsed), |plus4| format!("{}-{plus4:04}", zip(parsed)));
    let parts = [
        ("house", parsed.addressee),
        ("house_number", number),
        (if is_box { "po_box" } else { "road" }, road),
        ("unit", parsed.unit.map(|unit| unit.text).unwrap_or_default()),
        ("city", parsed.city),
        ("postcode", &zip),
    ];
    let parts = parts.iter().filter(|(_, text)| !text.is_empty());
    parts.map(|(field, text)| format!("{field} {}", text.to_lowercase())).collect()
}

/// Rows that are no addresses but what people type into a map: libpostal has names for their parts, we have none.
const SEARCHES: &[&str] = &["book stores near me", "theatres in Fort Greene Brooklyn", "whole foods nyc"];

#[test]
fn addresses_of_libpostal_are_read_as_by_their_own_parser() {
    let mut wrong = Vec::new();
    let rows = labels("parse_libpostal_us").into_iter();
    for (input, expected) in rows.filter(|(input, _)| !SEARCHES.contains(&input.as_str())) {
        let parsed = parse(&input, &zips());
        let mut said: Option<State> = None;
        let mut parts = Vec::new();
        for part in expected.as_array().unwrap() {
            let (text, field) = (part[0].as_str().unwrap(), part[1].as_str().unwrap());
            match field {
                "state" => said = parse(&format!("x, {text}"), &zips()).state,
                "country" | "state_district" => {}
                "level" => parts.push(format!("unit {text}")),
                "suburb" | "city_district" | "city" => {
                    match parts.last_mut().filter(|last| last.starts_with("city ")) {
                        Some(last) => *last = format!("{last} {text}"),
                        None => parts.push(format!("city {text}")),
                    }
                }
                _ => parts.push(format!("{field} {text}")),
            }
        }
        let found = libpostal(&parsed);
        if found.join("|").replace(", ", " ") != parts.join("|")
            || said.is_some_and(|said| parsed.state != Some(said))
        {
            wrong.push(format!(
                "{input:?}\n  found    {found:?} {:?}\n  expected {parts:?} {said:?}",
                parsed.state
            ));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_kind_of_place_it_is_belongs_to_its_name() {
    for (text, line, city) in [
        ("6 Oak Street Town of Rockingham VT 05101", "6 Oak Street", "Town of Rockingham"),
        ("15625 Stafford St City of Industry CA 91744", "15625 Stafford St", "City of Industry"),
        ("1 House of Lords Ln Rockingham VT 05101", "1 House of Lords Ln", "Rockingham"),
        ("2 City of Refuge, Rockingham VT 05101", "2 City of Refuge", "Rockingham"),
    ] {
        let parsed = parse(text, &zips());
        assert_eq!((parsed.line, parsed.city), (line, city), "{text}");
    }
}

#[test]
fn what_is_no_address_has_neither_state_nor_number() {
    for text in SEARCHES {
        let parsed = parse(text, &zips());
        assert_eq!((parsed.number, parsed.state, parsed.zip, parsed.city), (None, None, None, ""), "{text}");
    }
}

#[test]
fn the_acceptance_addresses_are_read_from_their_fields_and_from_one_text() {
    for line in String::from_utf8(read("labels/region_points.jsonl")).unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let raw = fields(&row["address"]);
        let in_fields = parse_fields(&raw, &zips());
        let text = format!("{} {} {} {}", raw.street, raw.city, raw.state, raw.zip);
        let whole = parse(&text, &zips());
        assert_eq!(in_fields, whole, "{text}");
        assert_eq!(
            (in_fields.line, in_fields.city, zip(&in_fields).as_str()),
            (raw.street, raw.city, raw.zip)
        );
        assert!(in_fields.number.is_some() || in_fields.box_number.is_some());
    }
}

#[test]
fn every_kind_of_address_is_told_and_written_as_the_postal_service_wants() {
    for (text, kind, line, city) in [
        ("52A St Paul St, Brookline MA 02446", Kind::Street, "52A ST PAUL ST", "Brookline"),
        ("71-01 Parsons Blvd Fresh Meadows NY 11365", Kind::Street, "71-01 PARSONS BLVD", "Fresh Meadows"),
        (
            "8739-8799 N Helena Ave Kansas City MO 64154",
            Kind::Street,
            "8739-8799 N HELENA AVE",
            "Kansas City",
        ),
        ("W512 County Road B, Hudson WI 54016", Kind::Highway, "W512 COUNTY ROAD B", "Hudson"),
        ("N9450 Silver Court, Appleton, WI 54915", Kind::Street, "N9450 SILVER CT", "Appleton"),
        ("N165 W2123 Tartan Ct Jackson, WI 53037", Kind::Street, "N165 W2123 TARTAN CT", "Jackson"),
        ("4922 B South Cornell Avenue, Chicago 60615", Kind::Street, "4922 B S CORNELL AVE", "Chicago"),
        ("123 1/2 Main St Apt. No. 4, Hudson WI", Kind::Street, "123 1/2 MAIN ST APT 4", "Hudson"),
        ("48S 400E, Salt Lake City UT", Kind::Street, "48 S 400 E", "Salt Lake City"),
        ("30 5th Street N. E. 301, Atlanta GA 30308", Kind::Street, "30 5TH ST NE # 301", "Atlanta"),
        ("1105 Bolton Road, NW Atlanta, GA 30331", Kind::Street, "1105 BOLTON RD NW", "Atlanta"),
        ("Main Street, Hudson WI 54016", Kind::Street, "MAIN ST", "Hudson"),
        ("32 N. Dean St., Englewood, NJ 7631", Kind::Street, "32 N DEAN ST", "Englewood"),
        (
            "City Hall, 100 E Jackson St FL 2, Tampa, Florida, USA",
            Kind::Street,
            "100 E JACKSON ST FL 2",
            "Tampa",
        ),
        ("6805 State Road No. 101, Saint Joe IN 46785", Kind::Highway, "6805 STATE ROAD 101", "Saint Joe"),
        ("2802 I-95 North, Mexico Beach, FL 32456", Kind::Highway, "2802 INTERSTATE 95 N", "Mexico Beach"),
        ("P. O. Box 1, Kyle SD 57752", Kind::PoBox, "PO BOX 1", "Kyle"),
        ("Box # 63, Cordova, AK 99574", Kind::PoBox, "PO BOX 63", "Cordova"),
        ("RR # 1 Box 54 Loami IL 62661", Kind::RuralRoute, "RR 1 BOX 54", "Loami"),
        ("RR2 Box 18 Bingham ME 04920", Kind::RuralRoute, "RR 2 BOX 18", "Bingham"),
        ("Highway Contract Route 46 Box 9, Hudson WI", Kind::RuralRoute, "HC 46 BOX 9", "Hudson"),
        ("Fifth Ave & W 34th St, New York, NY", Kind::Intersection, "FIFTH AVE & W 34TH ST", "New York"),
        ("CWC8+R9 Mountain View, CA", Kind::PlusCode, "CWC8+R9", "Mountain View"),
        ("Hudson WI 54016", Kind::Place, "", "Hudson"),
    ] {
        let parsed = parse(text, &zips());
        assert_eq!((parsed.kind, parsed.city), (kind, city), "{text}: {parsed:?}");
        assert_eq!(parsed.delivery_line().to_string(), line, "{text}: {parsed:?}");
    }
}

#[test]
fn a_state_that_a_zip_code_contradicts_stays_as_it_was_written() {
    let parsed = parse("20 W 34th St, New York, NJ 10001", &zips());
    assert_eq!((parsed.state, zip(&parsed).as_str()), (Some(State::Nj), "10001"));
    // a court in Chicago is not in Connecticut
    let parsed = parse("100 W Hill Ct 60615", &zips());
    assert_eq!((parsed.state, parsed.line), (Some(State::Il), "100 W Hill Ct"));
}

#[test]
fn nothing_is_allocated() {
    let mut rows: Vec<String> = labels("parse_rrad_components").into_iter().map(|(input, _)| input).collect();
    rows.extend(labels("parse_libpostal_us").into_iter().map(|(input, _)| input));
    // the gazetteer is made at the first address
    assert_eq!(parse(&rows[0], &zips()).city, "Washington");
    let allocated = allocation_counter::measure(|| {
        for row in &rows {
            std::hint::black_box(parse(row, &zips()));
        }
    });
    assert_eq!(allocated.count_total, 0);
}
