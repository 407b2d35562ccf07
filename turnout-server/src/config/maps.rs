//! Who knows polling places, draws maps to them, and makes links short.

use url::Url;

use super::{
    geocoding::{Keyed, base, keyed},
    reader::Reader,
};

/// Who knows polling places, draws maps to them, and makes links short.
#[derive(Debug)]
pub struct Maps {
    /// Google's Civic Information API, with `CIVIC_KEY`.
    pub civic: Option<Keyed>,
    /// Where our own locator is, for the states in which the switch `locate_use_dnc_data` is on.
    pub locator: Option<Url>,
    /// Mapbox, with `MAPBOX_KEY`.
    pub mapbox: Option<Keyed>,
    /// i90, with `I90_KEY`.
    pub i90: Option<Keyed>,
}

impl Maps {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let maps = Self {
            civic: keyed(reader, "CIVIC_KEY", "CIVIC_BASE_URL"),
            locator: base(reader, "LOCATOR_BASE_URL"),
            mapbox: keyed(reader, "MAPBOX_KEY", "MAPBOX_BASE_URL"),
            i90: keyed(reader, "I90_KEY", "I90_URL"),
        };
        for name in ["CIVIC_KEY", "MAPBOX_KEY", "I90_KEY"] {
            if !cfg!(feature = "http-client") && reader.is_set(name) {
                reader.complaints.wrong(name, "needs a build with the feature http-client; unset it", "");
            }
        }
        maps
    }

    /// Rows of `config show`: what for, the vendor, and real or off.
    #[must_use]
    pub fn standings(&self) -> [(&'static str, &'static str, &'static str); 3] {
        let of = |role, vendor, is_set, off| match is_set {
            true => (role, vendor, "real"),
            false => (role, "none", off),
        };
        [
            of(
                "polling places",
                "civic",
                self.civic.is_some(),
                "off: CIVIC_KEY lets PPMAP and EVMAP be answered",
            ),
            of("maps", "mapbox", self.mapbox.is_some(), "off: MAPBOX_KEY adds a map to that answer"),
            of("short links", "i90", self.i90.is_some(), "off: I90_KEY makes links in texts short"),
        ]
    }
}
