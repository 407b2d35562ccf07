//! The parts of an address.

use turnout_core::address::{Address, State};

use crate::{
    gazetteer::Zip5,
    parse::{Direction, Suffix, UnitKind},
};

/// An address in fields, as a form or a list has it. Fields that are not known are empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RawAddress<'a> {
    /// The street line: `52A St Paul St`, `PO Box 1`.
    pub street: &'a str,
    /// Apartment or suite, if it has a field of its own.
    pub unit: &'a str,
    /// City, town or village.
    pub city: &'a str,
    /// Postal code or name.
    pub state: &'a str,
    /// Five digits, or nine.
    pub zip: &'a str,
}

/// What a voter typed, as it stands.
impl<'a> From<&'a Address> for RawAddress<'a> {
    fn from(address: &'a Address) -> Self {
        let text = |field: &'a Option<String>| field.as_deref().unwrap_or_default();
        Self {
            street: text(&address.address1),
            unit: text(&address.address2),
            city: text(&address.city),
            state: address.state.map_or("", State::code),
            zip: text(&address.zipcode),
        }
    }
}

/// An address taken apart. Every text is a piece of what was parsed, as it was written; suffixes, directions, units and
/// states are read, and are written as Publication 28 wants them by their `abbreviation` and by [`Parsed::delivery_line`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parsed<'a> {
    /// What kind of address it is.
    pub kind: Kind,
    /// Who or what stands before the street line: a person, an office, a building.
    pub addressee: &'a str,
    /// The house number.
    pub number: Option<HouseNumber<'a>>,
    /// The street; the first of the two at an intersection.
    pub street: Street<'a>,
    /// The other street of an intersection.
    pub cross_street: Option<Street<'a>>,
    /// The number of a post office box, or of the box on a rural route.
    pub box_number: Option<&'a str>,
    /// Apartment, suite and the like.
    pub unit: Option<Unit<'a>>,
    /// The street line as written, without the unit: `1745 T Street Southeast`, `PO Box 1`.
    pub line: &'a str,
    /// City, town or village.
    pub city: &'a str,
    /// The state, as written or as the ZIP code says.
    pub state: Option<State>,
    /// The ZIP code.
    pub zip: Option<Zip5>,
    /// The four digits after the ZIP code.
    pub plus4: Option<u16>,
}

/// What kind of address it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No street: a place alone, or nothing that is an address.
    #[default]
    Place,
    /// A street with a name, with or without a house number.
    Street,
    /// A numbered road; its whole designation is the street's name: `County Road 43`.
    Highway,
    /// A post office box.
    PoBox,
    /// A rural or highway contract route; the street's name is the route: `RR 2`.
    RuralRoute,
    /// Where two streets meet.
    Intersection,
    /// An open location code, whole or short; it is the street's name: `8FVC9G8F+6X`.
    PlusCode,
}

/// A street: `N`, `Gravenstein`, `Hwy`, nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Street<'a> {
    /// The direction before the name.
    pub pre_direction: Option<Direction>,
    /// The name as written, without directions and suffix.
    pub name: &'a str,
    /// The suffix: street, avenue, …
    pub suffix: Option<Suffix>,
    /// The direction after the name or the suffix.
    pub post_direction: Option<Direction>,
}

/// A house number as written, and how it is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HouseNumber<'a> {
    /// As written: `52A`.
    pub text: &'a str,
    /// What it is made of.
    pub form: NumberForm,
}

/// What a house number is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberForm {
    /// `8881`.
    Plain(u32),
    /// `52A`, `2455-B`: the number.
    Suffixed(u32),
    /// `3813 1/2`: the number before the fraction.
    Fraction(u32),
    /// `71-01`, as in Queens: block and house.
    Hyphen(u32, u32),
    /// `8739-8799`: first and last.
    Range(u32, u32),
    /// `W512`, `N95W18855`: coordinates of a county's grid.
    Grid,
    /// Anything else that stands in the number's place: `One`, a number of more than nine digits.
    Other,
}

/// An apartment, a suite, …
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Unit<'a> {
    /// What it is.
    pub kind: UnitKind,
    /// Its number or letter without the word before; empty for a `lobby`.
    pub id: &'a str,
    /// As written: `#APT 3`.
    pub text: &'a str,
}
