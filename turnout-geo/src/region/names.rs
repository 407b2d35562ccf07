//! Names of regions made comparable: without case, blanks, punctuation and abbreviations, and with the type apart.

use std::fmt;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What type of area a name says it is, or a source's code for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaType {
    /// A county; also a city and county in one.
    County,
    /// A county of Louisiana.
    Parish,
    /// A county of Alaska, or a municipality of Pennsylvania and New Jersey.
    Borough,
    /// A part of Alaska without a borough.
    CensusArea,
    /// A municipality of Alaska that is a county.
    Municipality,
    /// A county of Puerto Rico.
    Municipio,
    /// A city.
    City,
    /// A town.
    Town,
    /// A village.
    Village,
    /// A township.
    Township,
    /// A plantation of Maine.
    Plantation,
    /// A district.
    District,
    /// A Census designated place: a settlement without a government.
    DesignatedPlace,
}

/// How each type is written, longer ways before those that they end in.
const WRITTEN: &[(&str, AreaType)] = &[
    ("city and county", AreaType::County),
    ("city and borough", AreaType::Borough),
    ("county", AreaType::County),
    ("parish", AreaType::Parish),
    ("borough", AreaType::Borough),
    ("census area", AreaType::CensusArea),
    ("municipality", AreaType::Municipality),
    ("municipio", AreaType::Municipio),
    ("city", AreaType::City),
    // so in the supplier's list of Massachusetts
    ("ctiy", AreaType::City),
    ("town", AreaType::Town),
    ("village", AreaType::Village),
    ("charter township", AreaType::Township),
    ("township", AreaType::Township),
    ("plantation", AreaType::Plantation),
    ("district", AreaType::District),
    ("cdp", AreaType::DesignatedPlace),
];

/// The Census' codes of legal/statistical area descriptions (LSAD, 2019) of counties, their subdivisions and places.
const CODES: &[(&str, AreaType)] = &[
    ("03", AreaType::Borough),
    ("04", AreaType::Borough),
    ("05", AreaType::CensusArea),
    ("06", AreaType::County),
    ("12", AreaType::Municipality),
    ("13", AreaType::Municipio),
    ("15", AreaType::Parish),
    ("21", AreaType::Borough),
    ("25", AreaType::City),
    ("39", AreaType::Plantation),
    ("43", AreaType::Town),
    ("44", AreaType::Township),
    ("45", AreaType::Township),
    ("47", AreaType::Village),
    ("49", AreaType::Township),
    ("57", AreaType::DesignatedPlace),
];

impl AreaType {
    /// Reads a code of the Census, or the word itself in any case.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let known = |table: &[(&str, Self)]| {
            table.iter().find(|(written, _)| text.eq_ignore_ascii_case(written)).map(|(_, kind)| *kind)
        };
        known(CODES).or_else(|| known(WRITTEN))
    }

    /// Whether it is a county or what takes a county's place in its state.
    #[must_use]
    pub fn is_county(self) -> bool {
        matches!(
            self,
            Self::County
                | Self::Parish
                | Self::Borough
                | Self::CensusArea
                | Self::Municipality
                | Self::Municipio
        )
    }
}

impl fmt::Display for AreaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::County => "County",
            Self::Parish => "Parish",
            Self::Borough => "Borough",
            Self::CensusArea => "Census Area",
            Self::Municipality => "Municipality",
            Self::Municipio => "Municipio",
            Self::City => "City",
            Self::Town => "Town",
            Self::Village => "Village",
            Self::Township => "Township",
            Self::Plantation => "Plantation",
            Self::District => "District",
            Self::DesignatedPlace => "CDP",
        })
    }
}

/// What remains of a region's name when two spellings of it have to be equal.
///
/// ```
/// use turnout_geo::region::{AreaType, RegionKey};
///
/// for (one, other) in [
///     ("LeFlore County", "Le Flore County"),
///     ("Prince George's County", "Prince Georges County"),
///     ("St. Louis city", "Saint Louis City"),
///     ("Richmond city", "City of Richmond"),
///     ("Town of Drummond , Bayfield County", "Town of Drummond, Bayfield County"),
///     ("Honolulu, City and County", "Honolulu County"),
/// ] {
///     assert_eq!(RegionKey::of(one), RegionKey::of(other));
/// }
/// assert_ne!(RegionKey::of("St. Louis city"), RegionKey::of("St. Louis County"));
/// assert_eq!(RegionKey::of("Charles City County").kind, Some(AreaType::County));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionKey {
    /// The name without type: `saintlouis`.
    pub base: String,
    /// The type, where the name says one.
    pub kind: Option<AreaType>,
    /// The county after a comma: `ottawa` of `Grand Haven City, Ottawa County`.
    pub county: Option<String>,
}

impl RegionKey {
    /// The key of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let (head, tail) = name.split_once(',').unwrap_or((name, ""));
        let (head, tail) = (words(head), words(tail));
        match typed(&tail) {
            // `Honolulu, City and County`
            (Some(kind), []) if !head.is_empty() => {
                Self { base: head.concat(), kind: Some(kind), county: None }
            }
            // `Grand Haven City, Ottawa County`
            (Some(kind), county) if kind.is_county() && !head.is_empty() => {
                let (kind, base) = typed_name(&head);
                Self { base: base.concat(), kind, county: Some(county.concat()) }
            }
            // no comma, or one in the middle of a name
            _ => {
                let all: Vec<String> = head.into_iter().chain(tail).collect();
                let (kind, base) = typed_name(&all);
                Self { base: base.concat(), kind, county: None }
            }
        }
    }

    /// The base of a name that has no type, such as a place's in an address.
    #[must_use]
    pub fn base_of(name: &str) -> String {
        words(name).concat()
    }
}

/// Lower-case words without marks and apostrophes, abbreviations written out.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut next = |c: char| match words.last_mut() {
        Some(word) if c.is_alphanumeric() => word.extend(c.to_lowercase()),
        Some(word) if !word.is_empty() => words.push(String::new()),
        _ => {}
    };
    for c in text.nfd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’' | '`')) {
        match c {
            '&' => " and ".chars().for_each(&mut next),
            _ => next(c),
        }
    }
    words.retain(|word| !word.is_empty());
    for word in &mut words {
        let written_out = match word.as_str() {
            "st" | "ste" | "sainte" => "saint",
            "mt" => "mount",
            "ft" => "fort",
            _ => continue,
        };
        *word = written_out.to_owned();
    }
    words
}

/// The type that the words end with, and the words before it.
fn typed(words: &[String]) -> (Option<AreaType>, &[String]) {
    for (written, kind) in WRITTEN {
        let length = written.split(' ').count();
        if let Some((rest, end)) = words.split_at_checked(words.len().saturating_sub(length))
            && end.iter().eq(written.split(' '))
        {
            return (Some(*kind), rest);
        }
    }
    (None, words)
}

/// The type and the rest of `City of Richmond` or `Richmond City`; a name of nothing but a type is a name.
fn typed_name(words: &[String]) -> (Option<AreaType>, &[String]) {
    if let Some(of) = words.iter().position(|word| word == "of")
        && let (Some(kind), []) = typed(&words[..of])
        && of + 1 < words.len()
    {
        return (Some(kind), &words[of + 1..]);
    }
    match typed(words) {
        (Some(_), []) => (None, words),
        typed => typed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(base: &str, kind: Option<AreaType>, county: Option<&str>) -> RegionKey {
        RegionKey { base: base.to_owned(), kind, county: county.map(ToOwned::to_owned) }
    }

    #[test]
    fn a_name_is_base_type_and_county() {
        use AreaType::{City, County, Parish, Township, Village};
        for (name, expected) in [
            ("City of East Saint Louis", key("eastsaintlouis", Some(City), None)),
            ("Village of Shorewood Hills, Dane County", key("shorewoodhills", Some(Village), Some("dane"))),
            (
                "Grand Haven Charter Township, Ottawa County",
                key("grandhaven", Some(Township), Some("ottawa")),
            ),
            ("Georgia, Franklin County", key("georgia", None, Some("franklin"))),
            ("ST. JOHN THE BAPTIST PARISH", key("saintjohnthebaptist", Some(Parish), None)),
            ("James City County", key("jamescity", Some(County), None)),
            ("Doña Ana County", key("donaana", Some(County), None)),
            ("King & Queen County", key("kingandqueen", Some(County), None)),
            ("District of Columbia", key("columbia", Some(AreaType::District), None)),
            ("City", key("city", None, None)),
            ("", key("", None, None)),
            ("Jefferson County, Bessemer Division", key("jeffersoncountybessemerdivision", None, None)),
            ("Jefferson County, ", key("jefferson", Some(County), None)),
        ] {
            assert_eq!(RegionKey::of(name), expected, "{name}");
        }
    }

    #[test]
    fn types_are_read_as_codes_and_as_words() {
        for (text, kind) in [
            ("25", Some(AreaType::City)),
            ("Village", Some(AreaType::Village)),
            ("census area", Some(AreaType::CensusArea)),
            ("99", None),
            ("", None),
        ] {
            assert_eq!(AreaType::read(text), kind, "{text}");
        }
        for (_, kind) in WRITTEN {
            assert_eq!(AreaType::read(&kind.to_string()), Some(*kind));
        }
    }
}
