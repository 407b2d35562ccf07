//! Where a county says which region it is (`address-matching.md` 4.1, 8).

use crate::address::State;

/// States whose offices are those of counties, or in Louisiana of parishes (`address-matching.md` 4.1, 2026-11).
const BY_COUNTY: &[State] = &[
    State::Ar,
    State::Az,
    State::Ca,
    State::Co,
    State::Dc,
    State::De,
    State::Fl,
    State::Ga,
    State::Id,
    State::In,
    State::Ks,
    State::Ky,
    State::La,
    State::Mn,
    State::Ms,
    State::Mt,
    State::Nc,
    State::Nd,
    State::Ne,
    State::Nj,
    State::Nm,
    State::Nv,
    State::Oh,
    State::Ok,
    State::Or,
    State::Sc,
    State::Sd,
    State::Tn,
    State::Tx,
    State::Ut,
    State::Wa,
    State::Wv,
    State::Wy,
];

/// Whether the county alone decides the region there.
pub(crate) fn decides(state: State) -> bool {
    BY_COUNTY.contains(&state)
}

/// Whether a region has the name of a county, with or without its type, however it is spelled: `DeKalb`, `De Kalb
/// County`, `St. Johns`, `Saint Johns County`.
pub(crate) fn is_named(region: &str, county: &str) -> bool {
    bare(region) == bare(county)
}

/// Its letters without its type.
fn bare(name: &str) -> String {
    let name = name.to_lowercase();
    let name = name.trim();
    let name = name.strip_suffix(" county").or_else(|| name.strip_suffix(" parish")).unwrap_or(name);
    let name = name
        .strip_prefix("st. ")
        .or_else(|| name.strip_prefix("st "))
        .map_or_else(|| name.to_owned(), |rest| format!("saint {rest}"));
    let letters: String = name.chars().filter(|c| c.is_alphabetic()).collect();
    // renamed in 2015
    if letters == "shannon" { "oglalalakota".to_owned() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_county_is_known_in_every_spelling() {
        for (region, county) in [
            ("De Kalb County", "DeKalb"),
            ("La Salle County", "lasalle county"),
            ("Saint Johns County", "St. Johns"),
            ("Oglala Lakota County", "Shannon County"),
            ("Acadia Parish", "Acadia"),
            ("Doña Ana County", "DOÑA ANA"),
        ] {
            assert!(is_named(region, county), "{region} {county}");
        }
        for (region, county) in [("Lake County", "Salt Lake"), ("Allen County", "Al"), ("Wood County", "")] {
            assert!(!is_named(region, county), "{region} {county}");
        }
    }

    #[test]
    fn where_towns_have_offices_a_county_decides_nothing() {
        assert!(decides(State::Oh) && decides(State::La));
        assert!(!decides(State::Mi) && !decides(State::Ny) && !decides(State::Va));
    }
}
