//! What taking over a list does, row by row and column by column, for people to look at before it is done.

use std::fmt;

use super::{Office, OfficeAddress, Region};

/// What a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A region.
    Region,
    /// An office.
    Office,
    /// An office's address.
    Address,
}

impl Subject {
    /// Several of them.
    #[must_use]
    pub fn many(self) -> &'static str {
        match self {
            Self::Region => "regions",
            Self::Office => "offices",
            Self::Address => "addresses",
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Region => "region",
            Self::Office => "office",
            Self::Address => "address",
        })
    }
}

/// A column that is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChange {
    /// The column.
    pub column: &'static str,
    /// What it held; empty where that was nothing.
    pub before: String,
    /// What it holds then.
    pub after: String,
}

/// What is done to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// It is new, or was gone.
    Added,
    /// These columns are others.
    Changed(Vec<ColumnChange>),
    /// The list does not have it any more.
    Gone,
}

/// A row that is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is of.
    pub subject: Subject,
    /// The supplier's number.
    pub id: i64,
    /// What people know it by: the region's name, or the first line of an address.
    pub name: String,
    /// What is done to it.
    pub how: How,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, id, name, how } = self;
        let sign = match how {
            How::Added => '+',
            How::Changed(_) => '~',
            How::Gone => '-',
        };
        write!(f, "{sign} {subject} {id} {name}")?;
        if let How::Changed(columns) = how {
            for ColumnChange { column, before, after } in columns {
                write!(f, "\n    {column}: {before:?} → {after:?}")?;
            }
        }
        Ok(())
    }
}

/// A row whose columns are compared.
pub(super) trait Compared {
    /// Its columns, each with what it holds; always the same ones in the same order.
    fn columns(&self) -> Vec<(&'static str, String)>;

    /// What it is of, its number, and what people know it by.
    fn named(&self) -> (Subject, i64, String);

    /// That it is new.
    fn added(&self) -> Difference {
        self.difference(How::Added)
    }

    /// That it is gone.
    fn gone(&self) -> Difference {
        self.difference(How::Gone)
    }

    /// What is different about it.
    fn changed(&self, before: &Self) -> Difference {
        let columns = before.columns().into_iter().zip(self.columns());
        let columns = columns.filter(|(before, after)| before != after);
        let columns = columns.map(|((column, before), (_, after))| ColumnChange { column, before, after });
        self.difference(How::Changed(columns.collect()))
    }

    /// That this happens to it.
    fn difference(&self, how: How) -> Difference {
        let (subject, id, name) = self.named();
        Difference { subject, id, name, how }
    }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

impl Compared for Region {
    fn columns(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", shown(self.name.as_ref())),
            ("county", shown(self.county.as_ref())),
            ("municipality", shown(self.municipality.as_ref())),
            ("municipality_type", shown(self.municipality_type.as_ref())),
            ("state", shown(self.state.map(|state| state.code()))),
            ("updated", shown(self.external_updated)),
        ]
    }

    fn named(&self) -> (Subject, i64, String) {
        let state = shown(self.state.map(|state| state.code()));
        let name = format!("{}, {state}", shown(self.name.as_ref()));
        (Subject::Region, self.id.0, name)
    }
}

impl Compared for Office {
    fn columns(&self) -> Vec<(&'static str, String)> {
        vec![
            ("region", shown(self.region)),
            ("hours", shown(self.hours.as_ref())),
            ("notes", shown(self.notes.as_ref())),
            ("updated", shown(self.external_updated)),
        ]
    }

    fn named(&self) -> (Subject, i64, String) {
        (Subject::Office, self.id.0, format!("of region {}", shown(self.region)))
    }
}

impl Compared for OfficeAddress {
    fn columns(&self) -> Vec<(&'static str, String)> {
        let place = self.location.map(|place| format!("{} {}", place.lat, place.lng));
        let number = |phone: &Option<crate::person::Phone>| shown(phone.as_ref().map(|it| it.e164()));
        vec![
            ("office", shown(self.office)),
            ("address", shown(self.address.as_ref())),
            ("address2", shown(self.address2.as_ref())),
            ("address3", shown(self.address3.as_ref())),
            ("city", shown(self.city.as_ref())),
            ("state", shown(self.state.map(|state| state.code()))),
            ("zipcode", shown(self.zipcode.as_ref())),
            ("website", shown(self.website.as_ref())),
            ("email", shown(self.email.as_ref())),
            ("phone", number(&self.phone)),
            ("fax", number(&self.fax)),
            ("place", shown(place)),
            ("is_physical", self.is_physical.to_string()),
            ("is_regular_mail", self.is_regular_mail.to_string()),
            ("takes registrations", self.process_domestic_registrations.to_string()),
            ("takes ballot requests", self.process_absentee_requests.to_string()),
            ("takes ballots", self.process_absentee_ballots.to_string()),
            ("takes requests from overseas", self.process_overseas_requests.to_string()),
            ("takes ballots from overseas", self.process_overseas_ballots.to_string()),
            ("updated", shown(self.external_updated)),
        ]
    }

    fn named(&self) -> (Subject, i64, String) {
        let id = self.id.map(|id| id.0).unwrap_or_default();
        (Subject::Address, id, self.lines().first().cloned().unwrap_or_default())
    }
}
