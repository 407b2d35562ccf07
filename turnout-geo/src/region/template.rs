//! How a state's regions are called, as a rule writes it: `{type} of {name}, {county} County`.

use serde::Deserialize;

use super::names::AreaType;
use crate::data::County;

/// The form of a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Template(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Name,
    Type,
    County,
    CountyType,
}

/// What a name is made of.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Option<AreaType>,
    pub(super) county: &'a County,
}

impl Template {
    /// `Autauga County`, as the Census writes it.
    pub(super) fn full_county_name() -> Self {
        Self(vec![Part::County, Part::Text(" ".to_owned()), Part::CountyType])
    }

    /// The name; none where it needs a type and there is none.
    pub(super) fn write(&self, parts: Parts<'_>) -> Option<String> {
        let mut name = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => name.push_str(text),
                Part::Name => name.push_str(parts.name),
                Part::Type => name.push_str(&parts.kind?.to_string()),
                Part::County => name.push_str(parts.county.name),
                Part::CountyType => name.push_str(parts.county.kind),
            }
        }
        name.truncate(name.trim_end().len());
        Some(name)
    }
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (field, after) =
                after.split_once('}').ok_or_else(|| format!("a field of {text:?} has no end"))?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(match field {
                "name" => Part::Name,
                "type" => Part::Type,
                "county" => Part::County,
                "county_type" => Part::CountyType,
                _ => return Err(format!("{field:?} is no field of a name")),
            });
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }
}
