//! Which state a telephone number's area code is of.

use crate::address::State;

/// The area codes of each state and territory: those of libphonenumber 9.0.43 (PyPI phonenumbers), November 2026.
const AREA_CODES: &[(State, &[u16])] = &[
    (State::Ak, &[907]),
    (State::Al, &[205, 251, 256, 334, 659, 938]),
    (State::Ar, &[327, 479, 501, 870]),
    (State::As, &[684]),
    (State::Az, &[480, 520, 602, 623, 928]),
    (
        State::Ca,
        &[
            209, 213, 279, 310, 323, 341, 350, 369, 408, 415, 424, 442, 510, 530, 559, 562, 619, 626, 628,
            650, 657, 661, 669, 707, 714, 738, 747, 760, 805, 818, 820, 831, 840, 858, 909, 916, 925, 949,
            951,
        ],
    ),
    (State::Co, &[303, 719, 720, 748, 970, 983]),
    (State::Ct, &[203, 475, 860, 959]),
    (State::Dc, &[202, 771]),
    (State::De, &[302]),
    (
        State::Fl,
        &[
            239, 305, 321, 324, 352, 386, 407, 448, 561, 645, 656, 689, 727, 728, 754, 772, 786, 813, 850,
            863, 904, 941, 954,
        ],
    ),
    (State::Ga, &[229, 404, 470, 478, 678, 706, 762, 770, 912, 943]),
    (State::Gu, &[671]),
    (State::Hi, &[808]),
    (State::Ia, &[319, 515, 563, 641, 712]),
    (State::Id, &[208, 986]),
    (State::Il, &[217, 224, 309, 312, 331, 447, 464, 618, 630, 708, 730, 773, 779, 815, 847, 872]),
    (State::In, &[219, 260, 317, 463, 574, 765, 812, 930]),
    (State::Ks, &[316, 620, 785, 913]),
    (State::Ky, &[270, 364, 502, 606, 859]),
    (State::La, &[225, 318, 337, 504, 985]),
    (State::Ma, &[339, 351, 413, 508, 617, 774, 781, 857, 978]),
    (State::Md, &[227, 240, 301, 410, 443, 667]),
    (State::Me, &[207]),
    (State::Mi, &[231, 248, 269, 313, 517, 586, 616, 734, 810, 906, 947, 989]),
    (State::Mn, &[218, 320, 507, 612, 651, 763, 952]),
    (State::Mo, &[235, 314, 417, 557, 573, 636, 660, 816, 975]),
    (State::Mp, &[670]),
    (State::Ms, &[228, 601, 662, 769]),
    (State::Mt, &[406]),
    (State::Nc, &[252, 336, 472, 704, 743, 828, 910, 919, 980, 984]),
    (State::Nd, &[701]),
    (State::Ne, &[308, 402, 531]),
    (State::Nh, &[603]),
    (State::Nj, &[201, 551, 609, 640, 732, 848, 856, 862, 908, 973]),
    (State::Nm, &[505, 575]),
    (State::Nv, &[702, 725, 775]),
    (
        State::Ny,
        &[
            212, 315, 329, 332, 347, 363, 516, 518, 585, 607, 631, 646, 680, 716, 718, 838, 845, 914, 917,
            929, 934,
        ],
    ),
    (State::Oh, &[216, 220, 234, 283, 326, 330, 380, 419, 440, 513, 567, 614, 740, 937]),
    (State::Ok, &[405, 539, 572, 580, 918]),
    (State::Or, &[458, 503, 541, 971]),
    (State::Pa, &[215, 223, 267, 272, 412, 445, 484, 570, 582, 610, 717, 724, 814, 835, 878]),
    (State::Pr, &[787, 939]),
    (State::Ri, &[401]),
    (State::Sc, &[803, 821, 839, 843, 854, 864]),
    (State::Sd, &[605]),
    (State::Tn, &[423, 615, 629, 731, 865, 901, 931]),
    (
        State::Tx,
        &[
            210, 214, 254, 281, 325, 346, 361, 409, 430, 432, 469, 512, 682, 713, 726, 737, 806, 817, 830,
            832, 903, 915, 936, 940, 945, 956, 972, 979,
        ],
    ),
    (State::Ut, &[385, 435, 801]),
    (State::Va, &[276, 434, 540, 571, 686, 703, 757, 804, 826, 948]),
    (State::Vi, &[340]),
    (State::Vt, &[802]),
    (State::Wa, &[206, 253, 360, 425, 509, 564]),
    (State::Wi, &[262, 274, 353, 414, 534, 608, 715, 920]),
    (State::Wv, &[304, 681]),
    (State::Wy, &[307]),
];

/// The state that an area code is of; nothing for those of no place, and of other countries.
#[must_use]
pub fn state_of(area_code: u16) -> Option<State> {
    AREA_CODES.iter().find(|(_, codes)| codes.contains(&area_code)).map(|(state, _)| *state)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_state_has_area_codes_and_no_two_the_same() {
        let states: BTreeSet<State> = AREA_CODES.iter().map(|(state, _)| *state).collect();
        assert_eq!(states.len(), State::ALL.len());
        let codes: Vec<u16> = AREA_CODES.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    }

    #[test]
    fn numbers_of_no_place_and_of_canada_are_of_no_state() {
        for (code, state) in [
            (212, Some(State::Ny)),
            (208, Some(State::Id)),
            (671, Some(State::Gu)),
            (939, Some(State::Pr)),
            (800, None),
            (416, None),
            (900, None),
            (0, None),
        ] {
            assert_eq!(state_of(code), state, "{code}");
        }
    }
}
