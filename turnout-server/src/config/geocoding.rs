//! Who is asked where an address is.

use url::Url;

use super::{Secret, reader::Reader};

/// The geocoders that are asked; without any of them, ZIP codes and imported streets decide.
#[derive(Debug)]
pub struct Geocoding {
    /// geocod.io, with `GEOCODIO_KEY`.
    pub geocodio: Option<Keyed>,
    /// TargetSmart, with `TARGETSMART_KEY`.
    pub targetsmart: Option<Keyed>,
    /// Where the US Census Bureau is asked, with `TURNOUT_CENSUS_GEOCODER`. It needs no key, so somebody has to want it.
    pub census: Option<Url>,
}

/// A vendor that knows us by a key.
#[derive(Debug)]
pub struct Keyed {
    /// The key.
    pub key: Secret,
    /// Where it is.
    pub base: Url,
}

impl Geocoding {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let geocoding = Self {
            geocodio: keyed(reader, "GEOCODIO_KEY", "GEOCODIO_BASE_URL"),
            targetsmart: keyed(reader, "TARGETSMART_KEY", "TARGETSMART_BASE_URL"),
            census: base(reader, "CENSUS_BASE_URL").filter(|_| reader.flag("TURNOUT_CENSUS_GEOCODER")),
        };
        let names = ["GEOCODIO_KEY", "TARGETSMART_KEY", "TURNOUT_CENSUS_GEOCODER"];
        for name in names {
            if !cfg!(feature = "http-client") && reader.is_set(name) {
                reader.complaints.wrong(name, "needs a build with the feature http-client; unset it", "");
            }
        }
        geocoding
    }

    /// A row of `config show`: who is asked, and whether.
    #[must_use]
    pub fn standing(&self) -> (String, &'static str) {
        if !self.asks_somebody() {
            return (
                "none".to_owned(),
                "offline: GEOCODIO_KEY lets addresses be located, not ZIP codes alone",
            );
        }
        let asked = [
            (self.geocodio.is_some(), "geocodio"),
            (self.census.is_some(), "census"),
            (self.targetsmart.is_some(), "targetsmart"),
        ];
        let names: Vec<&str> =
            asked.iter().filter(|(is_asked, _)| *is_asked).map(|(_, name)| *name).collect();
        (names.join("+"), "real")
    }

    fn asks_somebody(&self) -> bool {
        self.geocodio.is_some() || self.targetsmart.is_some() || self.census.is_some()
    }
}

/// A key goes into a header or a query.
pub(super) fn keyed(reader: &mut Reader<'_>, key: &str, url: &str) -> Option<Keyed> {
    let (base, secret) = (base(reader, url)?, reader.text(key)?);
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        reader.complaints.wrong(
            key,
            "must be of letters, digits and signs without blanks",
            "0123456789abcdef",
        );
    }
    Some(Keyed { key: Secret::new(secret), base })
}

/// What is no address was complained about.
pub(super) fn base(reader: &mut Reader<'_>, name: &str) -> Option<Url> {
    Url::parse(&reader.origin(name)).ok()
}
