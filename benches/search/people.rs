//! People as there are in the United States: few names that many have, and many that few have.

use rand::{Rng, RngExt as _, SeedableRng as _, rngs::StdRng};
use turnout_core::{person::PersonName, search::Terms};

/// The most frequent first names of the living, the most frequent first (Social Security Administration, births 1925 to
/// 2025), with some of later immigrants.
const FIRST: [&str; 64] = [
    "James",
    "Michael",
    "Mary",
    "Robert",
    "John",
    "Patricia",
    "David",
    "Jennifer",
    "William",
    "Linda",
    "Richard",
    "Elizabeth",
    "Joseph",
    "Barbara",
    "Thomas",
    "Susan",
    "Christopher",
    "Jessica",
    "Charles",
    "Karen",
    "Daniel",
    "Sarah",
    "Matthew",
    "Lisa",
    "Anthony",
    "Nancy",
    "Mark",
    "Sandra",
    "Steven",
    "Ashley",
    "Donald",
    "Emily",
    "Andrew",
    "Kimberly",
    "Joshua",
    "Margaret",
    "Paul",
    "Donna",
    "Kenneth",
    "Michelle",
    "Kevin",
    "Carol",
    "Brian",
    "Amanda",
    "Timothy",
    "Melissa",
    "Ronald",
    "Deborah",
    "Jason",
    "Stephanie",
    "George",
    "Rebecca",
    "Maria",
    "José",
    "Juan",
    "Zoë",
    "Luis",
    "Guadalupe",
    "Wei",
    "Mohammed",
    "Nguyệt",
    "Siobhán",
    "Xavier",
    "Quinn",
];
/// The most frequent last names (Census Bureau, 2010), with some of other scripts' customs.
const LAST: [&str; 64] = [
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Hernández",
    "Lopez",
    "González",
    "Wilson",
    "Anderson",
    "Thomas",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Pérez",
    "Thompson",
    "White",
    "Harris",
    "Sánchez",
    "Clark",
    "Ramirez",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Scott",
    "Torres",
    "Nguyễn",
    "Hill",
    "Flores",
    "Green",
    "Adams",
    "Nelson",
    "Baker",
    "Hall",
    "Rivera",
    "Campbell",
    "Mitchell",
    "Carter",
    "Roberts",
    "O'Brien",
    "Smith-Jones",
    "De la Cruz",
    "Müller",
    "Zuñiga",
    "Xiong",
    "Quezada",
    "Kowalski",
    "Chen",
    "Patel",
    "Kim",
    "Tran",
    "Zhang",
    "Yang",
];
const SYLLABLES: [&str; 40] = [
    "ka", "lo", "mi", "ra", "ton", "ber", "sha", "vel", "dor", "ny", "ette", "wick", "son", "ham", "ley",
    "ga", "fri", "ost", "pu", "zu", "qua", "xi", "hol", "man", "mar", "gar", "jo", "be", "del", "rin", "ow",
    "ski", "ez", "ali", "kwo", "san", "ther", "ing", "el", "ur",
];
const DOMAINS: [(&str, u32); 8] = [
    ("gmail.com", 55),
    ("yahoo.com", 15),
    ("hotmail.com", 8),
    ("aol.com", 5),
    ("icloud.com", 5),
    ("outlook.com", 5),
    ("comcast.net", 4),
    ("students.university.edu", 3),
];

/// Makes one after the other, always the same from one seed.
pub(crate) struct People(StdRng);

impl People {
    pub(crate) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// What the next person is found by.
    pub(crate) fn terms(&mut self) -> Terms {
        let (first, last) = (self.name(&FIRST), self.name(&LAST));
        let random = &mut self.0;
        let middle = match random.random_range(0..10) {
            0..4 => Some(char::from(random.random_range(b'A'..=b'Z')).to_string()),
            _ => None,
        };
        let number: u32 = random.random_range(1..10_000);
        let (given, family) = (first.replace(' ', ""), last.replace([' ', '\''], ""));
        let local = match random.random_range(0..10) {
            0..3 => format!("{given}.{family}{number}"),
            3..6 => format!("{given}{family}{number}"),
            6 | 7 => format!("{}{family}{number}", &given[..1]),
            8 => format!("{family}.{}{number}", &given[..1]),
            _ => format!("{}{}{number}", syllables(random), syllables(random)),
        };
        let email = format!("{local}@{}", domain(random));
        let name = PersonName { first: Some(first), middle, last: Some(last), ..PersonName::default() };
        Terms::of(&name, Some(&email))
    }

    /// Two thirds have one of the frequent names, the first ones more often.
    fn name(&mut self, frequent: &[&str]) -> String {
        let random = &mut self.0;
        if random.random_range(0..3) < 2 {
            let place: f64 = random.random::<f64>().powi(2) * frequent.len() as f64;
            return frequent[place as usize].to_owned();
        }
        let name = syllables(random);
        let (first, rest) = name.split_at(1);
        first.to_uppercase() + rest
    }
}

fn syllables(random: &mut impl Rng) -> String {
    (0..random.random_range(2..4)).map(|_| SYLLABLES[random.random_range(0..SYLLABLES.len())]).collect()
}

fn domain(random: &mut impl Rng) -> &'static str {
    let mut left: u32 = random.random_range(0..100);
    for (domain, percent) in DOMAINS {
        match left.checked_sub(percent) {
            Some(rest) => left = rest,
            None => return domain,
        }
    }
    DOMAINS[0].0
}
