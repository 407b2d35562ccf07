//! Streets of a town's grid that are the border of two counties: the house number, or the number of a street, says on which
//! side of one an address is.
//!
//! Such a town counts its blocks from a base line, a hundred numbers for each, so that `7701 SW 104th St` is fifteen blocks
//! beyond a border at 89th Street. A street is listed where the Census has the county line along it (cb_2016_us_county_500k)
//! and addresses with points agree that no rule was made from: of those of PyPI random-address-extended 1.3.2, 172 are decided by a
//! border, 171 of them rightly, and one is in a third county, from which no border here divides it (2026-11-29).

use turnout_core::address::State;

use crate::{
    address::{HouseNumber, NumberForm, Parsed, Street},
    data::CountyGeoid,
    gazetteer::PlaceKey,
    parse::Direction,
};

/// A street that is the border of two counties in the grid of some places.
struct Border {
    state: State,
    places: &'static [&'static str],
    grid: Grid,
    /// Where it is: numbers to the north or east of the base line, below zero to the south or west.
    at: i32,
    /// How far from it the border is one, in numbers: a number farther off is of another town's grid, or of another side.
    reach: i32,
    /// The county that is wholly to the north or east of it there, as its number.
    beyond: u32,
    /// The one that is wholly to the south or west of it.
    before: u32,
}

/// How a grid's streets and houses are numbered.
#[derive(Clone, Copy, PartialEq)]
enum Grid {
    /// Streets from west to east have numbers to both sides of the base line, and a quarter: `SW 104th St`. Others have the
    /// north or the south before their names: `9805 S Youngs Ln`.
    Quarters,
    /// Streets from west to east have numbers to the north of the base line only: `E 16th Ave`. Others have the south before
    /// their names, or nothing to the north.
    Halves,
    /// Houses on numbered streets are counted to the west and east of the base line: `5055 W 58th Ave`.
    West,
}

const BORDERS: &[Border] = &[
    // 89th Street
    Border {
        state: State::Ok,
        places: &["Oklahoma City"],
        grid: Grid::Quarters,
        at: -8_900,
        reach: 4_500,
        beyond: 40_109,
        before: 40_027,
    },
    // Colfax Avenue
    Border {
        state: State::Co,
        places: &["Aurora"],
        grid: Grid::Halves,
        at: 1_500,
        reach: 6_000,
        beyond: 8_001,
        before: 8_005,
    },
    // Sheridan Boulevard
    Border {
        state: State::Co,
        places: &["Arvada", "Westminster"],
        grid: Grid::West,
        at: -5_200,
        reach: 4_500,
        beyond: 8_001,
        before: 8_059,
    },
];

/// The county of two in which the address cannot be, as a street of the grid is between them.
pub(super) fn excluded(address: &Parsed<'_>, state: State) -> Option<CountyGeoid> {
    // most states have none
    let is_of_place = |border: &&Border| {
        let place = PlaceKey::new(state, address.city);
        border.places.iter().any(|known| PlaceKey::new(state, known) == place)
    };
    let mut of_place = BORDERS.iter().filter(|border| border.state == state).filter(is_of_place);
    of_place.find_map(|border| border.excluded(address.number?, &address.street))
}

impl Border {
    fn excluded(&self, number: HouseNumber<'_>, street: &Street<'_>) -> Option<CountyGeoid> {
        let number = match number.form {
            NumberForm::Plain(number) | NumberForm::Suffixed(number) | NumberForm::Fraction(number) => number,
            NumberForm::Hyphen(..) | NumberForm::Range(..) | NumberForm::Grid | NumberForm::Other => {
                return None;
            }
        };
        let distance = i64::from(self.grid.place(i32::try_from(number).ok()?, street)?) - i64::from(self.at);
        // a street of the border's number is the border
        let is_border = distance == 0 && self.grid.is_across(street);
        if is_border || distance.abs() > i64::from(self.reach) {
            return None;
        }
        CountyGeoid::from_number(if distance < 0 { self.beyond } else { self.before })
    }
}

impl Grid {
    /// Whether the street's own number says where it is.
    fn is_across(self, street: &Street<'_>) -> bool {
        self != Self::West && ordinal(street.name).is_some()
    }

    /// How far from the base line an address is, in numbers.
    fn place(self, house: i32, street: &Street<'_>) -> Option<i32> {
        use Direction::{East, North, Northeast, Northwest, South, Southeast, Southwest, West};
        let direction = street.pre_direction.or(street.post_direction);
        match (self, ordinal(street.name), direction) {
            (Self::Quarters, Some(block), Some(Northeast | Northwest)) => Some(block * 100),
            (Self::Quarters, Some(block), Some(Southeast | Southwest)) => Some(block * -100),
            (Self::Quarters, None, Some(North)) => Some(house),
            (Self::Quarters | Self::Halves, None, Some(South)) => Some(-house),
            (Self::Halves, Some(block), Some(East | West)) => Some(block * 100),
            (Self::Halves, None, Some(North) | None) => Some(house),
            (Self::West, Some(_), Some(West)) => Some(-house),
            (Self::West, Some(_), Some(East)) => Some(house),
            _ => None,
        }
    }
}

/// The number of a numbered street: 104 of `104th`.
fn ordinal(name: &str) -> Option<i32> {
    let digits = name.find(|sign: char| !sign.is_ascii_digit())?;
    let (number, ending) = name.split_at(digits);
    let is_ending = ["st", "nd", "rd", "th"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    // a street of more digits is none of a grid
    if is_ending && digits <= 3 { number.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::zips, parse::parse};

    fn not_in(text: &str) -> Option<u32> {
        let address = parse(text, &zips());
        excluded(&address, address.state.expect("a state")).map(CountyGeoid::number)
    }

    #[test]
    fn a_border_is_between_its_sides() {
        for (address, county) in [
            ("7701 SW 104th St, Oklahoma City, OK 73169", 40_109),
            ("1217 Southwest 91st Street, OKLAHOMA CITY, OK 73139", 40_109),
            ("9805 S Youngs Ln, Oklahoma City, OK 73159", 40_109),
            ("8901 S Youngs Ln, Oklahoma City, OK 73159", 40_109),
            ("8899 S Youngs Ln, Oklahoma City, OK 73159", 40_027),
            ("516 SW 60th Ter Apt 2, Oklahoma City, OK 73139", 40_027),
            ("1613 Ensenada Way, Aurora, CO 80011", 8_005),
            ("18601 E 16th Ave, Aurora, CO 80011", 8_005),
            ("1401 Ensenada Way, Aurora, CO 80011", 8_001),
            ("401 S Ensenada Way, Aurora, CO 80011", 8_001),
            ("5055 W 58th Ave, Arvada, CO 80002", 8_059),
            ("5255 W 58th Ave, Arvada, CO 80002", 8_001),
        ] {
            assert_eq!(not_in(address), Some(county), "{address}");
        }
    }

    #[test]
    fn where_the_grid_says_nothing_no_county_is_excluded() {
        for address in [
            // the border itself
            "1217 SW 89th St, Oklahoma City, OK 73139",
            "12000 E 15th Ave, Aurora, CO 80011",
            // counted along the border
            "2245 SW Binkley St, Oklahoma City, OK 73119",
            "15000 E Colfax Ave, Aurora, CO 80011",
            // no direction
            "10632 Admiral Ct, Oklahoma City, OK 73162",
            "6100 Wolff St, Arvada, CO 80003",
            // another town's grid
            "328 S Ranchwood Manor Dr, Oklahoma City, OK 73139",
            "1009 NW 5th St, Moore, OK 73160",
            // counted from west to east, without its direction
            "15102 Hampden Cir, Aurora, CO 80014",
            "50-55 W 58th Ave, Arvada, CO 80002",
            "PO Box 5055, Arvada, CO 80002",
        ] {
            assert_eq!(not_in(address), None, "{address}");
        }
    }
}
