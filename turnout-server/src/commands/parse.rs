//! `parse`: addresses taken apart.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Args;
use serde::Serialize;
use turnout_geo::{Parsed, data::zips};

use super::addresses::{answer_all, read_or_say};

#[derive(Debug, Args)]
pub(super) struct Parse {
    /// The parts as JSON, one object a line; without it the address in the form of USPS Publication 28.
    #[arg(long)]
    json: bool,
    /// An address; without one, addresses are read from standard input, one a line: text, or an object with any of
    /// street, unit, city, state, zip.
    address: Vec<String>,
}

impl Parse {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        answer_all(&self.address, |line, output| self.answer(line, output))?;
        Ok(ExitCode::SUCCESS)
    }

    fn answer(&self, line: &str, output: &mut Vec<u8>) -> io::Result<()> {
        let Some(address) = read_or_say(line, self.json, output)? else { return Ok(()) };
        let parsed = address.parse(&zips());
        if self.json {
            serde_json::to_writer(output, &Parts::of(&parsed))?;
            return Ok(());
        }
        let state = parsed.state.map(|state| state.code().to_owned());
        let zip = parsed.zip.map(|zip| zip.to_string());
        let last_line: Vec<String> = [Some(parsed.city.to_uppercase()), state, zip]
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect();
        let lines = [parsed.delivery_line().to_string(), last_line.join(" ")];
        let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
        output.write_all(lines.join(", ").as_bytes())
    }
}

/// The parts of an address. Texts are as written; directions, suffix and state are abbreviations of the postal service.
#[derive(Debug, Serialize)]
struct Parts<'a> {
    number: Option<&'a str>,
    pre_direction: Option<&'static str>,
    street_name: Option<&'a str>,
    suffix: Option<&'static str>,
    post_direction: Option<&'static str>,
    unit: Option<&'a str>,
    street: Option<&'a str>,
    city: Option<&'a str>,
    state: Option<&'static str>,
    zip: Option<String>,
}

impl<'a> Parts<'a> {
    fn of(parsed: &Parsed<'a>) -> Self {
        let some = |text: &'a str| (!text.is_empty()).then_some(text);
        let street = &parsed.street;
        Self {
            number: parsed.number.map(|number| number.text),
            pre_direction: street.pre_direction.map(|direction| direction.abbreviation()),
            street_name: some(street.name),
            suffix: street.suffix.map(|suffix| suffix.abbreviation()),
            post_direction: street.post_direction.map(|direction| direction.abbreviation()),
            unit: parsed.unit.map(|unit| unit.text),
            street: some(parsed.line),
            city: some(parsed.city),
            state: parsed.state.map(|state| state.code()),
            zip: parsed.zip.map(|zip| zip.to_string()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn answer(json: bool, line: &str) -> String {
        let mut output = Vec::new();
        Parse { json, address: Vec::new() }.answer(line, &mut output).unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn the_parts_are_json() {
        assert_eq!(
            answer(true, "1745 T Street Southeast Apt. 3, Washington, DC 20020"),
            r#"{"number":"1745","pre_direction":null,"street_name":"T","suffix":"ST","post_direction":"SE","unit":"Apt. 3","street":"1745 T Street Southeast","city":"Washington","state":"DC","zip":"20020"}"#
        );
    }

    #[test]
    fn fields_are_read_like_one_text() {
        let fields = r#"{"street": "1745 T Street Southeast", "unit": "Apt. 3", "city": "Washington", "state": "DC", "zip": "20020"}"#;
        let text = "1745 T Street Southeast Apt. 3 Washington DC 20020";
        assert_eq!(answer(true, fields), answer(true, text));
    }

    #[test]
    fn without_json_an_address_is_in_standard_form() {
        assert_eq!(
            answer(false, "52a St Paul Street #2, Brookline, Mass. 02446"),
            "52A ST PAUL ST # 2, BROOKLINE MA 02446"
        );
    }

    #[test]
    fn a_line_that_is_broken_says_so_in_its_place() {
        assert!(answer(true, r#"{"street": "#).starts_with(r#"{"error":"#));
        assert!(answer(false, r#"{"street": 1.5}"#).starts_with("error: "));
        assert!(answer(true, "").starts_with(r#"{"number":null,"#));
    }
}
