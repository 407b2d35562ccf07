//! Which passwords are taken (`domain.md` 1): long ones that nobody guesses.

use crate::{
    input::{Input, Reader},
    problems::Problem,
    secret::Password,
};

/// The fewest characters of a password. There is a second factor beside it.
const SHORTEST: usize = 8;
/// The most characters of a password.
const LONGEST: usize = 200;
/// How many characters somebody would have to guess at least, beside what is known of the person or is a common word.
const UNKNOWN: usize = 5;
/// How many digits and signs around a common word change nothing: a year, and something behind it.
const AROUND: usize = 6;
/// The shortest part of a name that matters.
const SHORTEST_PART: usize = 3;

/// What is said beside the field for a new password.
pub const PASSWORD_RULES: &[&str] = &[
    "At least 8 characters; a few words that do not belong together are good.",
    "Not only digits.",
    "Not a common password, such as a single word with a number, or keys in a row.",
    "Not your name or e-mail address with a little added.",
];

/// Words that common passwords are made of, in small letters.
const COMMON: &[&str] = &[
    "abc",
    "access",
    "account",
    "admin",
    "administrator",
    "america",
    "amanda",
    "andrew",
    "angel",
    "ashley",
    "asdf",
    "august",
    "autumn",
    "baby",
    "babygirl",
    "bailey",
    "banana",
    "baseball",
    "basketball",
    "batman",
    "biteme",
    "blink",
    "buster",
    "butterfly",
    "changeme",
    "charlie",
    "cheese",
    "chelsea",
    "chicken",
    "chocolate",
    "computer",
    "cookie",
    "daniel",
    "december",
    "default",
    "diamond",
    "dragon",
    "election",
    "elephant",
    "february",
    "flower",
    "football",
    "forever",
    "freedom",
    "friend",
    "friends",
    "fuckyou",
    "george",
    "ginger",
    "google",
    "hannah",
    "harley",
    "heaven",
    "hello",
    "hockey",
    "hunter",
    "iloveyou",
    "internet",
    "jackson",
    "january",
    "jasmine",
    "jennifer",
    "jessica",
    "jesus",
    "jordan",
    "joshua",
    "justin",
    "killer",
    "kitty",
    "letmein",
    "liverpool",
    "login",
    "london",
    "lovely",
    "lovers",
    "maggie",
    "manager",
    "martin",
    "master",
    "matrix",
    "matthew",
    "melissa",
    "merlin",
    "michael",
    "michelle",
    "mickey",
    "money",
    "monday",
    "monkey",
    "mustang",
    "naruto",
    "nicole",
    "ninja",
    "november",
    "october",
    "orange",
    "pass",
    "passphrase",
    "passw",
    "password",
    "passwords",
    "pepper",
    "pokemon",
    "prince",
    "princess",
    "purple",
    "qazwsx",
    "qwer",
    "qwerty",
    "qwertyuiop",
    "robert",
    "samantha",
    "samsung",
    "secret",
    "secure",
    "september",
    "shadow",
    "silver",
    "soccer",
    "spring",
    "starwars",
    "summer",
    "sunday",
    "sunshine",
    "superman",
    "superuser",
    "system",
    "temp",
    "test",
    "tester",
    "testing",
    "thomas",
    "tigger",
    "trustno",
    "turnout",
    "user",
    "vote",
    "voteamerica",
    "voter",
    "welcome",
    "whatever",
    "winter",
    "zaq",
    "zxcvbn",
    "zxcvbnm",
];

/// Keys that lie in a row, or are counted off.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop[]",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl;",
    "zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "!@#$%^&*()",
];

/// A password that was typed, just as it was.
pub(super) fn typed(reader: &mut Reader<'_>, input: &Input, field: &str) -> Option<Password> {
    match input.value(field).and_then(|value| value.as_str()).filter(|it| !it.is_empty()) {
        Some(text) if text.chars().count() <= LONGEST => return Some(Password::new(text.to_owned())),
        Some(_) => reader.complain(field, Problem::TooLong(LONGEST)),
        None => reader.complain(field, Problem::Required),
    }
    None
}

/// A new password, typed twice, of a person of whom this is known.
pub(super) fn new_password(reader: &mut Reader<'_>, input: &Input, about: &[&str]) -> Option<Password> {
    let password = typed(reader, input, "password");
    let again = typed(reader, input, "password_again");
    let (Some(password), Some(again)) = (password, again) else { return None };
    if password.reveal() != again.reveal() {
        let what = "The two passwords are not the same.";
        reader.complain("password_again", Problem::Other("problem-password-again", what.to_owned()));
        return None;
    }
    let problems = against(password.reveal(), about);
    if problems.is_empty() {
        return Some(password);
    }
    for problem in problems {
        reader.complain("password", problem);
    }
    None
}

/// What is said of a password that is not the person's.
pub(super) fn wrong_password() -> Problem {
    Problem::Other("problem-password-wrong", "This is not your password.".into())
}

/// What speaks against a password of a person of whom this is known: names, an e-mail address.
fn against(password: &str, about: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |key, text: String| problems.push(Problem::Other(key, text));
    if password.chars().count() < SHORTEST {
        let what = format!("This password is too short. It must have at least {SHORTEST} characters.");
        add("problem-password-short", what);
    }
    if password.chars().all(|it| it.is_ascii_digit()) {
        add("problem-password-digits", "This password has only digits.".into());
    } else if is_common(password) {
        add("problem-password-common", "This password is too common.".into());
    }
    if is_like(password, about) {
        let what = "This password is too much like your name or e-mail address.";
        add("problem-password-like", what.into());
    }
    problems
}

/// Whether it is a common word with little else, keys in a row, or the same again and again.
fn is_common(password: &str) -> bool {
    let small = password.to_lowercase();
    let is_word = |word: &str| {
        let is_known = COMMON.contains(&word) || is_two_words(word);
        is_known && small.chars().count() <= word.chars().count() + AROUND
    };
    let bare = |text: &str| text.trim_matches(|it: char| !it.is_alphabetic()).to_owned();
    let letters = |text: &str| text.chars().map(as_letter).collect::<String>();
    let word = bare(&small);
    [word.clone(), letters(&word), bare(&letters(&small))].iter().any(|word| is_word(word))
        || in_rows(&small)
        || repeats(&small)
}

fn is_two_words(text: &str) -> bool {
    let cuts = text.char_indices().map(|(at, _)| at).skip(1);
    cuts.map(|at| text.split_at(at)).any(|(one, other)| COMMON.contains(&one) && COMMON.contains(&other))
}

/// The letter that a digit or sign often stands for.
fn as_letter(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    }
}

/// Whether it consists of pieces of rows, each of three keys at least, and little else.
fn in_rows(small: &str) -> bool {
    let signs: Vec<char> = small.chars().collect();
    let (mut at, mut unknown) = (0, 0);
    while at < signs.len() {
        let longest = (at + 3..=signs.len()).rev().find(|end| is_row(&signs[at..*end]));
        match longest {
            Some(end) => at = end,
            None => (at, unknown) = (at + 1, unknown + 1),
        }
    }
    unknown < UNKNOWN
}

fn is_row(signs: &[char]) -> bool {
    let (forth, back): (String, String) = (signs.iter().collect(), signs.iter().rev().collect());
    ROWS.iter().any(|row| row.contains(&forth) || row.contains(&back))
}

/// Whether it is up to four signs again and again, or has fewer than five different ones.
fn repeats(small: &str) -> bool {
    let signs: Vec<char> = small.chars().collect();
    let again = |length: usize| signs.iter().enumerate().all(|(at, it)| *it == signs[at % length]);
    let mut different = signs.clone();
    different.sort_unstable();
    different.dedup();
    different.len() < 5 || (1..=4).any(|length| length < signs.len() && again(length))
}

/// Whether what is known of the person leaves little of it to guess.
fn is_like(password: &str, about: &[&str]) -> bool {
    let small = password.to_lowercase();
    let known: Vec<String> = about.iter().map(|it| it.to_lowercase()).collect();
    let whole = known.iter().map(String::as_str);
    let parts = known.iter().flat_map(|it| it.split(|sign: char| !sign.is_alphanumeric()));
    let mut parts: Vec<&str> = whole.chain(parts).filter(|it| it.chars().count() >= SHORTEST_PART).collect();
    parts.sort_by_key(|it| std::cmp::Reverse(it.len()));
    let rest = parts.iter().fold(small.clone(), |rest, part| rest.replace(part, ""));
    let is_part = parts.iter().any(|part| part.contains(&small));
    is_part || (rest.len() < small.len() && rest.chars().count() < UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(password: &str) -> Vec<&'static str> {
        let about = ["Annabel", "O'Connor-Lee", "annabel.lee@votenow.example.org"];
        against(password, &about).iter().map(Problem::key).collect()
    }

    #[test]
    fn good_passwords_are_taken() {
        for good in [
            "correct horse battery staple",
            "Zwölf Boxkämpfer",
            "x9$Kq2!vT",
            "mustang-lantern-7-quilt",
            "annabel rides to Oregon",
            "密码是很长的一句话吧",
            "tr0mbone Gasket",
        ] {
            assert_eq!(keys(good), Vec::<&str>::new(), "{good}");
        }
    }

    #[test]
    fn common_ones_are_not() {
        for bad in [
            "password",
            "Password1",
            "P@ssw0rd!",
            "passw0rd2026",
            "qwerty123",
            "qwertyuiop",
            "1q2w3e4r5t",
            "zaq12wsx",
            "abcd1234",
            "12345abc",
            "aaaaaaaa",
            "abababab",
            "letmein!!",
            "welcome2026",
            "iloveyou1",
            "asdfghjkl;",
            "asdfasdf",
            "fdsafdsa",
            "Summer2026!",
            "monkeydragon",
            "testtest",
            "!@#$%^&*",
            "qazwsxedc",
            "aabbaabb",
        ] {
            assert_eq!(keys(bad), ["problem-password-common"], "{bad}");
        }
    }

    #[test]
    fn each_rule_says_so_itself() {
        assert_eq!(keys("x9$Kq2!"), ["problem-password-short"]);
        assert_eq!(keys("58209384765"), ["problem-password-digits"]);
        assert_eq!(keys("1234567"), ["problem-password-short", "problem-password-digits"]);
        for like in
            ["annabel2026", "Annabel.Lee1", "oconnor-lee", "annabel.lee@votenow.example.org", "xconnorx"]
        {
            assert_eq!(keys(like), ["problem-password-like"], "{like}");
        }
    }

    #[test]
    fn it_is_typed_twice_the_same_and_blanks_count() {
        let read = |one: &str, other: &str| {
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let input = Input::form([pair("password", one), pair("password_again", other)]);
            let mut reader = Reader::whole(&input);
            let password = new_password(&mut reader, &input, &[]);
            (password.map(|it| it.reveal().to_owned()), reader.into_problems())
        };
        assert_eq!(read(" x9$Kq2!v ", " x9$Kq2!v ").0.as_deref(), Some(" x9$Kq2!v "));
        let (none, problems) = read(" x9$Kq2!v", "x9$Kq2!v");
        assert!(none.is_none() && problems.has("password_again"));
        let (none, problems) = read("", "");
        assert!(none.is_none() && problems.has("password") && problems.has("password_again"));
        let long = "x9$Kq2!v".repeat(26);
        assert!(read(&long, &long).1.has("password"));
    }
}
