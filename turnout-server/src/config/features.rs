//! The file of first values of switches.

use turnout_core::switch::{self, SwitchName, SwitchValue};

use super::reader::Reader;

/// What nobody has set yet is set to this by whoever brings the database up to date.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<(SwitchName, SwitchValue)> {
    const NAME: &str = "TURNOUT_FEATURES";
    const EXAMPLE: &str = "/srv/turnout/features.toml";
    let Some(path) = reader.text(NAME) else { return Vec::new() };
    let Ok(text) = std::fs::read_to_string(&path) else {
        reader.complaints.wrong(NAME, "must be a text file that exists and may be read", EXAMPLE);
        return Vec::new();
    };
    let (first, wrong) = switch::parse_toml(&text);
    for error in wrong {
        if error.is_idle() {
            reader.complaints.odd(format!("{NAME}: {error}"));
        } else {
            reader.complaints.wrong(NAME, &format!("holds a mistake ({error})"), EXAMPLE);
        }
    }
    first
}
