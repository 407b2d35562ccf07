//! From a value of the document to that of a column (`tables.md` 12).

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Number, Value, json};
use sha2::{Digest, Sha256};
use uuid::Builder;

use super::model::{Field, Kind};
use crate::{
    address::State,
    file::imported_token_hash,
    ids::{parse_small_uuid, parse_uuid, small_uuid},
    person::Phone,
    ports::store::Row,
    secret::hex,
};

/// A moment, as a row has it.
const MOMENT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// A point of WGS 84 in the extended binary form, the small end first: before its two numbers.
const POINT_IN_HEX: &str = "0101000020E6100000";

/// Reads a field into a row. What is wrong with it is said without its value.
pub(super) fn read(field: &Field, given: Option<&Value>, row: &mut Row) -> Result<(), &'static str> {
    let given = given.unwrap_or(&Value::Null);
    let is_nothing =
        given.is_null() || (given == "" && !matches!(field.kind, Kind::Text | Kind::Phone | Kind::Json));
    if is_nothing {
        return if field.null { Ok(()) } else { Err("may not be null") };
    }
    let value = match (field.kind, given) {
        (Kind::Point, Value::String(text)) => {
            let (lat, lng) = point(text).ok_or("is no point, as SRID=4326;POINT (-122.26 37.79)")?;
            row.insert("location_lat".into(), json!(lat));
            row.insert("location_lng".into(), json!(lng));
            return Ok(());
        }
        // the natural key of somebody whose account is not here
        (Kind::Person, Value::Array(_)) => return Ok(()),
        (Kind::Json, value) => json_without_nul(value)?,
        (Kind::Numbered(model), Value::Number(number)) if number.is_u64() => {
            Value::String(numbered(model, number))
        }
        (Kind::Numbered(_), _) => return Err("is no number of a row"),
        (Kind::Boolean, Value::Bool(_)) => given.clone(),
        (Kind::Integer, Value::Number(number)) if number.is_i64() => given.clone(),
        (Kind::Boolean, _) => return Err("is neither true nor false"),
        (Kind::Integer, _) => return Err("is no whole number"),
        (kind, Value::String(text)) => Value::String(of_text(kind, text)?),
        _ => return Err("is no text"),
    };
    row.insert(field.column.into(), value);
    Ok(())
}

fn of_text(kind: Kind, text: &str) -> Result<String, &'static str> {
    let read = match kind {
        Kind::Uuid | Kind::Person => return uuid(text).ok_or("is no UUID"),
        Kind::Token => return token(text).ok_or("is no token of 22 characters"),
        Kind::Hex => return bytes(text).ok_or("is no bytes in hex"),
        Kind::Moment => return moment(text).map(written).ok_or("is no moment, as 2020-10-02T03:04:05.678Z"),
        Kind::Day => day(text).ok_or("is no day, as 1980-02-29")?,
        Kind::State => State::parse(text).ok_or("is no postal code of a state")?.code().to_owned(),
        Kind::Choice(is_one) if !is_one(text) => return Err("is none of the values that it may have"),
        Kind::Phone if is_e164(text) => text.to_owned(),
        Kind::Phone => Phone::parse(text).map_or_else(|| text.to_owned(), |phone| phone.e164().to_owned()),
        _ => text.to_owned(),
    };
    if read.contains('\0') { Err("has a null character") } else { Ok(read) }
}

/// Whether a number is in the form in which numbers are kept; a database has nearly all of them so.
fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit())
}

fn uuid(text: &str) -> Option<String> {
    parse_uuid(text).map(|id| id.simple().to_string())
}

/// The id of a row that had a number: always the same one.
fn numbered(model: &str, number: &Number) -> String {
    let hash = Sha256::digest(format!("{model} {number}"));
    let bytes = std::array::from_fn(|at| hash[at]);
    Builder::from_custom_bytes(bytes).into_uuid().simple().to_string()
}

/// Bytes in hex, at least one.
fn bytes(text: &str) -> Option<String> {
    let is_hex = !text.is_empty() && text.len().is_multiple_of(2);
    (is_hex && text.bytes().all(|it| it.is_ascii_hexdigit())).then(|| text.to_ascii_lowercase())
}

/// What is kept of a token: the hash of its short form. More than 30 characters are the hex form.
fn token(text: &str) -> Option<String> {
    let id = if text.len() > 30 { parse_uuid(text) } else { parse_small_uuid(text) };
    id.map(|id| hex(&imported_token_hash(&small_uuid(id))))
}

/// A moment with its offset.
pub(super) fn moment(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.with_timezone(&Utc))
}

/// A moment as a row has it.
pub(super) fn written(moment: DateTime<Utc>) -> String {
    moment.format(MOMENT).to_string()
}

fn day(text: &str) -> Option<String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.format("%Y-%m-%d").to_string())
}

/// Degrees north and east, as a document has them or as PostGIS gives them: bytes in hex.
fn point(text: &str) -> Option<(f64, f64)> {
    if let Some(numbers) = text.strip_prefix(POINT_IN_HEX) {
        let degrees = |at: usize| {
            let hex = numbers.get(at..at + 16)?;
            u64::from_str_radix(hex, 16).ok().map(|bits| f64::from_bits(bits.swap_bytes()))
        };
        let (lng, lat) = (degrees(0)?, degrees(16)?);
        let on_earth = lat.abs() <= 90.0 && lng.abs() <= 180.0;
        return (on_earth && numbers.len() == 32).then_some((lat, lng));
    }
    let inner = text.strip_prefix("SRID=4326;")?.trim_start().strip_prefix("POINT")?;
    let inner = inner.trim().strip_prefix('(')?.strip_suffix(')')?;
    let mut numbers = inner.split_ascii_whitespace().map(|number| number.parse::<f64>().ok());
    let (lng, lat) = (numbers.next()??, numbers.next()??);
    let on_earth = lat.abs() <= 90.0 && lng.abs() <= 180.0;
    (on_earth && numbers.next().is_none()).then_some((lat, lng))
}

/// PostgreSQL keeps no text with a null character, wherever it stands.
fn json_without_nul(value: &Value) -> Result<Value, &'static str> {
    fn has_nul(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains('\0'),
            Value::Array(list) => list.iter().any(has_nul),
            Value::Object(map) => map.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
            _ => false,
        }
    }
    if has_nul(value) { Err("has a null character") } else { Ok(value.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(kind: Kind, value: &Value) -> Result<Row, &'static str> {
        let mut row = Row::new();
        read(&Field::new("f", kind), Some(value), &mut row).map(|()| row)
    }

    #[test]
    fn values_are_read_in_the_forms_of_a_document() {
        let id = "00112233445566778899aabbccddeeff";
        let hash = hex(&imported_token_hash("ABEiM0RVZneImaq7zN3u_w"));
        for (kind, given, kept) in [
            (Kind::Uuid, json!("00112233-4455-6677-8899-AABBCCDDEEFF"), json!(id)),
            (Kind::Token, json!("ABEiM0RVZneImaq7zN3u_w"), json!(hash)),
            (Kind::Token, json!("00112233-4455-6677-8899-aabbccddeeff"), json!(hash)),
            (Kind::Hex, json!("00fFa1"), json!("00ffa1")),
            (Kind::Numbered("a.b"), json!(7), json!("5d5d3d5300c48614b60024687d3a1df5")),
            (Kind::Moment, json!("2020-10-02T03:04:05.678Z"), json!("2020-10-02T03:04:05.678000Z")),
            (Kind::Moment, json!("2020-10-02T05:04:05+02:00"), json!("2020-10-02T03:04:05.000000Z")),
            (Kind::Day, json!("1980-02-29"), json!("1980-02-29")),
            (Kind::Phone, json!("(617) 555-1234"), json!("+16175551234")),
            (Kind::Phone, json!("ask Ann"), json!("ask Ann")),
            (Kind::Phone, json!("+16175551234"), json!("+16175551234")),
            (Kind::Phone, json!("+1 617 555 1234"), json!("+16175551234")),
            (Kind::State, json!("OH"), json!("OH")),
            (Kind::Text, json!(""), json!("")),
            (Kind::Json, json!({"a": [1, null]}), json!({"a": [1, null]})),
            (Kind::Integer, json!(430_001), json!(430_001)),
        ] {
            assert_eq!(read_as(kind, &given).map(|row| row["f"].clone()), Ok(kept), "{kind:?} {given}");
        }
        let point = read_as(Kind::Point, &json!("SRID=4326;POINT (-122.263 37.799)")).expect("a point");
        assert_eq!((&point["location_lat"], &point["location_lng"]), (&json!(37.799), &json!(-122.263)));
        // SELECT ST_SetSRID(ST_MakePoint(-122.25, 37.5), 4326)
        let point = read_as(Kind::Point, &json!("0101000020E61000000000000000905EC00000000000C04240"))
            .expect("a point");
        assert_eq!((&point["location_lat"], &point["location_lng"]), (&json!(37.5), &json!(-122.25)));
        for nothing in [json!(null), json!("")] {
            assert_eq!(read_as(Kind::Uuid, &nothing), Ok(Row::new()), "{nothing}");
        }
        assert_eq!(read_as(Kind::Person, &json!(["ann@example.org"])), Ok(Row::new()));
    }

    #[test]
    fn what_is_no_such_value_is_refused_without_being_repeated() {
        for (kind, given) in [
            (Kind::Uuid, json!("zz")),
            (Kind::Uuid, json!(5)),
            (Kind::Token, json!("zz")),
            (Kind::Hex, json!("0ff")),
            (Kind::Hex, json!("no")),
            (Kind::Numbered("a.b"), json!("7")),
            (Kind::Numbered("a.b"), json!(-7)),
            (Kind::Moment, json!("2020-10-02")),
            (Kind::Day, json!("2020-02-30")),
            (Kind::Boolean, json!("true")),
            (Kind::Integer, json!(1.5)),
            (Kind::State, json!("ZZ")),
            (Kind::Choice(|text| text == "a"), json!("b")),
            (Kind::Text, json!(["x"])),
            (Kind::Text, json!("a\0b")),
            (Kind::Json, json!({"a": ["\0"]})),
            (Kind::Point, json!("SRID=4326;POINT (200 1)")),
            (Kind::Point, json!("POINT (1 1)")),
            (Kind::Point, json!("0101000020E61000000000000000905EC0")),
        ] {
            assert!(read_as(kind, &given).is_err(), "{kind:?} {given}");
        }
        assert_eq!(
            read(&Field::new("f", Kind::Uuid).required(), None, &mut Row::new()),
            Err("may not be null")
        );
    }
}
