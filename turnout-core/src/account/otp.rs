//! Codes that are good for one time: six digits of a secret and the clock (RFC 4226 and RFC 6238, HMAC-SHA1).

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::{ConditionallySelectable, ConstantTimeEq};

/// How many seconds a code stands on the screen.
const SECONDS: i64 = 30;

/// How many bytes a secret has.
pub(super) const SECRET_BYTES: usize = 20;

/// Which of the steps of 30 seconds it is, counted from 1970.
pub(super) fn step_at(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(SECONDS)
}

/// The six digits of a step.
pub(super) fn code(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0xf);
    let word = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:06}", word % 1_000_000)
}

/// The last of these steps whose code was shown and that comes after `last`, the one that was taken before. Takes the same
/// time whichever it is.
pub(super) fn step_of(secret: &[u8], shown: &str, steps: RangeInclusive<i64>, last: i64) -> Option<i64> {
    let mut found = i64::MIN;
    for step in steps.filter(|step| *step > last) {
        found.conditional_assign(&step, code(secret, step).as_bytes().ct_eq(shown.as_bytes()));
    }
    (found != i64::MIN).then_some(found)
}

/// What was typed, without the blanks and hyphens that make it easier to read, in small letters.
pub(super) fn plain(shown: &str) -> String {
    let kept = shown.chars().filter(|it| !it.is_whitespace() && *it != '-');
    kept.map(|it| it.to_ascii_lowercase()).take(64).collect()
}

/// Base 32 (RFC 4648) without padding, in capital letters, as authenticator apps take secrets.
pub(super) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(buffer >> bits) as usize & 31]));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(buffer << (5 - bits)) as usize & 31]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the examples of RFC 4226, appendix D, and RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standards() {
        let of_rfc_4226 = ["755224", "287082", "359152", "969429", "338314", "254676"];
        for (step, right) in (0..).zip(of_rfc_4226) {
            assert_eq!(code(SECRET, step), right);
        }
        for (seconds, right) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = DateTime::from_timestamp(seconds, 0).expect("a moment");
            assert_eq!(code(SECRET, step_at(now)), right, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_in_its_steps_and_once() {
        let shown = code(SECRET, 100);
        assert_eq!(step_of(SECRET, &shown, 99..=101, 0), Some(100));
        assert_eq!(step_of(SECRET, &shown, 100..=102, 99), Some(100));
        assert_eq!(step_of(SECRET, &shown, 101..=103, 0), None);
        assert_eq!(step_of(SECRET, &shown, 97..=99, 0), None);
        assert_eq!(step_of(SECRET, &shown, 99..=101, 100), None, "it was taken before");
        assert_eq!(step_of(SECRET, &shown, 99..=101, 105), None);
        for wrong in ["", "0", "000000", &shown[1..], &format!("{shown}0")] {
            assert_eq!(step_of(SECRET, wrong, 99..=101, 0), None, "{wrong}");
        }
        assert_eq!(step_of(b"another secret", &shown, 99..=101, 0), None);
    }

    #[test]
    fn blanks_and_hyphens_do_not_count() {
        assert_eq!(plain(" 123 456\n"), "123456");
        assert_eq!(plain("ABCDE-fghij"), "abcdefghij");
        assert_eq!(plain(&"9".repeat(1_000)).len(), 64);
    }

    /// The examples of RFC 4648, section 10.
    #[test]
    fn base_32_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
