//! Any text as an address, whole and in fields.
#![no_main]

use libfuzzer_sys::fuzz_target;
use turnout_geo::{Parsed, RawAddress, data::zips, parse, parse_fields};

/// Fields are apart by zeros.
fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let text = text.as_ref();
    check(&parse(text, &zips()), &[text]);
    let mut fields = text.split('\0');
    let mut next = || fields.next().unwrap_or_default();
    let raw = RawAddress { street: next(), unit: next(), city: next(), state: next(), zip: next() };
    check(&parse_fields(&raw, &zips()), &[raw.street, raw.unit, raw.city]);
});

/// Every text of the result is a piece of the input, and the standard form is not much longer.
fn check(parsed: &Parsed<'_>, inputs: &[&str]) {
    let mut pieces = vec![parsed.addressee, parsed.street.name, parsed.line, parsed.city];
    pieces.extend(parsed.number.map(|number| number.text));
    pieces.extend(parsed.cross_street.map(|street| street.name));
    pieces.extend(parsed.box_number);
    pieces.extend(parsed.unit.iter().flat_map(|unit| [unit.id, unit.text]));
    assert!(pieces.iter().all(|piece| inputs.iter().any(|input| input.contains(piece))));
    let length: usize = inputs.iter().map(|input| input.len()).sum();
    assert!(parsed.delivery_line().to_string().len() <= 3 * length + 100);
}
