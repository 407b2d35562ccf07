//! Election officials: regions, their offices and the offices' addresses, numbered by the data supplier.

mod contact;
pub(crate) mod county;
pub mod differences;
mod draft;
pub mod gaps;
pub mod generated;
pub mod jobs;
pub mod losses;
mod supplied;
pub mod sync;

use chrono::{DateTime, Utc};

pub use contact::{Contact, Purpose, best_address, directory_url};
pub use draft::{COLUMNS, Complaint, ListDraft, NEEDED_COLUMNS, OfficeList, Record};
pub use supplied::Supplied;

use crate::{
    address::State,
    ids::{OfficeAddressId, OfficeId, RegionId},
    person::Phone,
};

/// Where the numbers of generated regions begin: this and the Census' number of the area. A supplier's are far below.
pub const GENERATED: i64 = 9_000_000_000;

/// The area that one election office serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The supplier's number.
    pub id: RegionId,
    /// Its name.
    pub name: Option<String>,
    /// The county it is or lies in.
    pub county: Option<String>,
    /// The municipality it is.
    pub municipality: Option<String>,
    /// What kind of municipality.
    pub municipality_type: Option<String>,
    /// The state it lies in.
    pub state: Option<State>,
    /// Whether lists leave it out.
    pub hidden: bool,
    /// When the supplier last changed it.
    pub external_updated: Option<DateTime<Utc>>,
}

impl Region {
    /// Whether it was made of the Census' names, as there was no supplier's list.
    #[must_use]
    pub fn is_generated(&self) -> bool {
        self.id.0 >= GENERATED
    }
}

/// A region as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRegion {
    /// The region.
    pub region: Region,
    /// Whether no list has it any more.
    pub gone: Option<Gone>,
}

/// That a region is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Since when.
    pub at: DateTime<Utc>,
    /// The region that took its place.
    pub successor: Option<RegionId>,
}

/// An election office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// The supplier's number.
    pub id: OfficeId,
    /// The region it serves.
    pub region: Option<RegionId>,
    /// Opening hours.
    pub hours: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
    /// When the supplier last changed it.
    pub external_updated: Option<DateTime<Utc>>,
}

/// A place on earth, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
}

/// One of an office's addresses, and what it is for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfficeAddress {
    /// The supplier's number.
    pub id: Option<OfficeAddressId>,
    /// The office.
    pub office: Option<OfficeId>,
    /// First line.
    pub address: Option<String>,
    /// Second line.
    pub address2: Option<String>,
    /// Third line.
    pub address3: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State.
    pub state: Option<State>,
    /// ZIP code.
    pub zipcode: Option<String>,
    /// Web site, a URL.
    pub website: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Fax.
    pub fax: Option<Phone>,
    /// Where it is.
    pub location: Option<Location>,
    /// Whether voters can go there.
    pub is_physical: bool,
    /// Whether it takes ordinary mail.
    pub is_regular_mail: bool,
    /// Whether it takes registrations.
    pub process_domestic_registrations: bool,
    /// Whether it takes ballot requests.
    pub process_absentee_requests: bool,
    /// Whether it takes ballots.
    pub process_absentee_ballots: bool,
    /// Whether it takes requests from overseas.
    pub process_overseas_requests: bool,
    /// Whether it takes ballots from overseas.
    pub process_overseas_ballots: bool,
    /// When the supplier last changed it.
    pub external_updated: Option<DateTime<Utc>>,
}

/// An office with its addresses, in the order of their numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficeWithAddresses {
    /// The office.
    pub office: Office,
    /// Its addresses.
    pub addresses: Vec<OfficeAddress>,
}
