//! Lists of addresses on standard input, one a line: text, or an object of JSON. One answer a line, in the same order.

use std::{
    borrow::Cow,
    io::{self, BufRead, BufReader, Read, Write},
};

use serde::{Deserialize, Deserializer, de::IgnoredAny};
use turnout_geo::{Gazetteer, GeoPoint, Parsed, RawAddress};

/// One line of a list. Fields that are missing, null or empty are not known.
#[derive(Debug, Default, Deserialize, PartialEq)]
pub(super) struct Address {
    /// The street line, or the whole address.
    #[serde(default, deserialize_with = "text")]
    street: String,
    #[serde(default, deserialize_with = "text")]
    unit: String,
    #[serde(default, deserialize_with = "text")]
    city: String,
    #[serde(default, deserialize_with = "text")]
    state: String,
    #[serde(default, deserialize_with = "zip")]
    zip: String,
    #[serde(default, deserialize_with = "degrees")]
    lat: Option<f64>,
    #[serde(default, deserialize_with = "degrees")]
    lng: Option<f64>,
}

impl Address {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// The line begins like an object of JSON and is none, or a field has another type.
    pub(super) fn read(line: &str) -> serde_json::Result<Self> {
        let line = line.trim();
        if line.starts_with('{') {
            return serde_json::from_str(line);
        }
        Ok(Self { street: line.to_owned(), ..Self::default() })
    }

    pub(super) fn parse<G: Gazetteer>(&self, gazetteer: &G) -> Parsed<'_> {
        let Self { street, unit, city, state, zip, .. } = self;
        turnout_geo::parse_fields(&RawAddress { street, unit, city, state, zip }, gazetteer)
    }

    /// The point, where both degrees are given and are a place on earth.
    pub(super) fn point(&self) -> Option<GeoPoint> {
        GeoPoint::from_degrees(self.lat?, self.lng?)
    }
}

/// Text or a number, as tables have them; nothing else counts as nothing.
#[derive(Deserialize)]
#[serde(untagged)]
enum Cell {
    Text(String),
    Number(u64),
    Nothing(Option<IgnoredAny>),
}

fn text<'de, D: Deserializer<'de>>(cell: D) -> Result<String, D::Error> {
    cell_of(cell, |number| number.to_string())
}

/// A ZIP code that a table took for a number has its zeros again.
fn zip<'de, D: Deserializer<'de>>(cell: D) -> Result<String, D::Error> {
    cell_of(cell, |number| format!("{number:05}"))
}

/// A number, or a text of one.
fn degrees<'de, D: Deserializer<'de>>(cell: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Degrees {
        Number(f64),
        Text(String),
        Nothing(Option<IgnoredAny>),
    }
    let wrong = || serde::de::Error::custom("no number of degrees");
    match Degrees::deserialize(cell)? {
        Degrees::Number(number) => Ok(Some(number)),
        Degrees::Text(text) if text.trim().is_empty() => Ok(None),
        Degrees::Text(text) => text.trim().parse().map(Some).map_err(|_| wrong()),
        Degrees::Nothing(None) => Ok(None),
        Degrees::Nothing(Some(IgnoredAny)) => Err(wrong()),
    }
}

fn cell_of<'de, D: Deserializer<'de>>(cell: D, number: impl Fn(u64) -> String) -> Result<String, D::Error> {
    match Cell::deserialize(cell)? {
        Cell::Text(text) => Ok(text),
        Cell::Number(found) => Ok(number(found)),
        Cell::Nothing(None) => Ok(String::new()),
        Cell::Nothing(Some(IgnoredAny)) => Err(serde::de::Error::custom("neither text nor a number")),
    }
}

/// The address of a line. A line that has none is answered with what is wrong with it.
///
/// # Errors
///
/// The output cannot be written.
pub(super) fn read_or_say(line: &str, json: bool, output: &mut Vec<u8>) -> io::Result<Option<Address>> {
    match Address::read(line) {
        Ok(address) => return Ok(Some(address)),
        Err(error) if json => {
            serde_json::to_writer(output, &serde_json::json!({ "error": error.to_string() }))?
        }
        Err(error) => write!(output, "error: {error}")?,
    }
    Ok(None)
}

/// Answers the address that these words are, or without words every line of standard input.
///
/// # Errors
///
/// As of [`answer_lines`].
pub(super) fn answer_all(
    words: &[String],
    answer: impl FnMut(&str, &mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    if words.is_empty() {
        return answer_lines(io::stdin().lock(), io::stdout().lock(), answer);
    }
    answer_lines(words.join(" ").as_bytes(), io::stdout().lock(), answer)
}

/// Answers each line of `input` with one line. What is written goes out before more input is waited for, so that a program
/// can write one address and read its answer.
///
/// # Errors
///
/// The input cannot be read or the output cannot be written. A reader that has gone away is no error.
fn answer_lines(
    input: impl Read,
    mut output: impl Write,
    mut answer: impl FnMut(&str, &mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let (mut line, mut answers) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? > 0 {
            let text: Cow<'_, str> = String::from_utf8_lossy(&line);
            answer(text.trim_end_matches(['\r', '\n']), &mut answers)?;
            answers.push(b'\n');
        }
        if input.buffer().is_empty() {
            let written = output.write_all(&answers).and_then(|()| output.flush());
            match written {
                // whoever read us has seen enough: `… | head`
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                written => written?,
            }
            answers.clear();
        }
        if line.is_empty() {
            return Ok(());
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_text_or_an_object() {
        let address = Address::read(" 52A St Paul St, Brookline MA 02446 ").unwrap();
        assert_eq!(address.street, "52A St Paul St, Brookline MA 02446");
        let line = r#"{"street": "52A St Paul St", "unit": null, "city": "Brookline", "zip": 2446, "lat": 42.3, "lng": -71.1}"#;
        let address = Address::read(line).unwrap();
        assert_eq!(
            (address.city.as_str(), address.zip.as_str(), address.unit.as_str()),
            ("Brookline", "02446", "")
        );
        assert_eq!(address.point(), GeoPoint::from_degrees(42.3, -71.1));
        let degrees = |line| Address::read(line).unwrap().point();
        assert_eq!(degrees(r#"{"lat": "42.3", "lng": "-71.1"}"#), GeoPoint::from_degrees(42.3, -71.1));
        for line in [r#"{"lat": 42.3}"#, r#"{"lat": 142.3, "lng": 0}"#, r#"{"lat": "", "lng": null}"#] {
            assert_eq!(degrees(line), None, "{line}");
        }
    }

    #[test]
    fn broken_objects_and_fields_of_other_types_are_refused() {
        for line in [
            r#"{"street": "1 Main St""#,
            r#"{"street": ["1 Main St"]}"#,
            r#"{"zip": true}"#,
            r#"{"lat": "north"}"#,
        ] {
            assert!(Address::read(line).is_err(), "{line}");
        }
    }

    #[test]
    fn every_line_has_its_answer_in_order_and_the_last_needs_no_end() {
        let mut output = Vec::new();
        let count = |line: &str, answer: &mut Vec<u8>| write!(answer, "{}", line.len());
        answer_lines(&b"a\r\n\nabc"[..], &mut output, count).unwrap();
        assert_eq!(output, b"1\n0\n3\n");
    }

    #[test]
    fn an_answer_goes_out_before_the_next_line_is_waited_for() {
        struct OneByOne<'a>(std::slice::Iter<'a, &'a [u8]>, &'a std::cell::RefCell<Vec<u8>>);
        impl Read for OneByOne<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                assert_eq!(self.1.borrow().len(), 2 * (2 - self.0.len()), "all lines before are answered");
                let Some(line) = self.0.next() else { return Ok(0) };
                buffer[..line.len()].copy_from_slice(line);
                Ok(line.len())
            }
        }
        struct Shared<'a>(&'a std::cell::RefCell<Vec<u8>>);
        impl Write for Shared<'_> {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.borrow_mut().write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let output = std::cell::RefCell::new(Vec::new());
        let lines: [&[u8]; 2] = [b"a\n", b"b\n"];
        answer_lines(OneByOne(lines.iter(), &output), Shared(&output), |_, answer| answer.write_all(b"x"))
            .unwrap();
        assert_eq!(output.into_inner(), b"x\nx\n");
    }
}
