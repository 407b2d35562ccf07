//! Hashes of passwords: argon2id (RFC 9106) is made; those of the service that came before fit as well (`tables.md` 12).

use std::hint::black_box;

use argon2::{Algorithm, Argon2 as Hasher, Params, Version};
use async_trait::async_trait;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    ports::passwords::{HashError, PasswordCheck, PasswordHasher},
    secret::Password,
};

/// What a hash costs: 19 MiB, twice, one lane (OWASP's least for argon2id, 2026-11).
const COST: Cost = Cost { memory: 19 * 1024, rounds: 2, lanes: 1 };
/// How many bytes a hash has.
const HASH_BYTES: usize = 32;
/// What the work of a hash is done with where there is none.
const NOBODY: [u8; 16] = [0; 16];
/// So many rounds of PBKDF2 the hashes of the service before cost (`tables.md` 12).
const OLD_ROUNDS: u32 = 150_000;

/// More than this no stored hash may cost: memory in KiB, rounds, lanes; and rounds of PBKDF2.
const MOST: Cost = Cost { memory: 256 * 1024, rounds: 16, lanes: 16 };
const MOST_ITERATIONS: u32 = 5_000_000;

/// What a hash costs: KiB of memory, rounds over it, lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory: u32,
    rounds: u32,
    lanes: u32,
}

/// Argon2id. Needs about 20 ms and 19 MiB for each: not on a thread that others wait for.
///
/// A wrong password costs a hash of ours and one of the service before, whichever of them is kept, or none: how long the answer
/// takes says neither whether there is an account nor how old its hash is. A hash that costs more than both tells, as nobody
/// can know of it beforehand; neither service makes such.
#[derive(Debug, Clone, Copy, Default)]
pub struct Argon2;

#[async_trait]
impl PasswordHasher for Argon2 {
    async fn hash(&self, password: &Password, salt: [u8; 16]) -> Result<String, HashError> {
        let hash = argon2(password, &salt, COST, HASH_BYTES, Algorithm::Argon2id).ok_or(HashError)?;
        let Cost { memory, rounds, lanes } = COST;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(&*hash));
        Ok(format!("$argon2id$v=19$m={memory},t={rounds},p={lanes}${salt}${hash}"))
    }

    async fn check(&self, password: &Password, encoded: Option<&str>) -> PasswordCheck {
        let stored = encoded.and_then(Stored::parse);
        match stored.as_ref().filter(|it| it.fits(password)) {
            Some(stored) if stored.is_good_enough() => PasswordCheck::Right,
            Some(_) => PasswordCheck::RightButOld,
            None => {
                make_up(stored.as_ref(), password);
                PasswordCheck::Wrong
            }
        }
    }
}

/// Does the work that a wrong password has not cost yet.
fn make_up(stored: Option<&Stored>, password: &Password) {
    if !stored.is_some_and(Stored::is_good_enough) {
        black_box(argon2(password, &NOBODY, COST, HASH_BYTES, Algorithm::Argon2id));
    }
    let done = match stored {
        Some(Stored::Pbkdf2 { iterations, .. }) => *iterations,
        _ => 0,
    };
    let left = OLD_ROUNDS.saturating_sub(done);
    if left > 0 {
        black_box(pbkdf2(password, &NOBODY, left));
    }
}

/// A hash that was read.
enum Stored {
    Argon2 { algorithm: Algorithm, cost: Cost, salt: Vec<u8>, hash: Vec<u8> },
    Pbkdf2 { iterations: u32, salt: String, hash: Vec<u8> },
}

impl Stored {
    fn parse(encoded: &str) -> Option<Self> {
        match encoded.split_once('$')? {
            // ours begins with `$`, that of the service before with the name of its hasher
            ("" | "argon2", rest) => Self::parse_argon2(rest),
            ("pbkdf2_sha256", rest) => Self::parse_pbkdf2(rest),
            _ => None,
        }
    }

    /// `argon2id$v=19$m=19456,t=2,p=1$salt$hash`
    fn parse_argon2(text: &str) -> Option<Self> {
        let mut parts = text.split('$');
        let algorithm = match parts.next()? {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            _ => return None,
        };
        (parts.next()? == "v=19").then_some(())?;
        let mut cost = parts.next()?.split(',');
        let mut number = |name: &str, most: u32| {
            let value: u32 = cost.next()?.strip_prefix(name)?.parse().ok()?;
            (value <= most).then_some(value)
        };
        let cost = Cost {
            memory: number("m=", MOST.memory)?,
            rounds: number("t=", MOST.rounds)?,
            lanes: number("p=", MOST.lanes)?,
        };
        let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
        let hash = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
        // a short hash would fit many passwords
        (parts.next().is_none() && (16..=64).contains(&hash.len())).then_some(())?;
        Some(Self::Argon2 { algorithm, cost, salt, hash })
    }

    /// `150000$salt$hash`, the salt as text
    fn parse_pbkdf2(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '$');
        let iterations: u32 = parts.next()?.parse().ok()?;
        let salt = parts.next()?.to_owned();
        let hash = STANDARD.decode(parts.next()?).ok()?;
        let is_sane = (1..=MOST_ITERATIONS).contains(&iterations) && hash.len() == HASH_BYTES;
        is_sane.then_some(Self::Pbkdf2 { iterations, salt, hash })
    }

    fn fits(&self, password: &Password) -> bool {
        let (made, hash) = match self {
            Self::Argon2 { algorithm, cost, salt, hash } => {
                let Some(made) = argon2(password, salt, *cost, hash.len(), *algorithm) else { return false };
                (made, hash)
            }
            Self::Pbkdf2 { iterations, salt, hash } => (pbkdf2(password, salt.as_bytes(), *iterations), hash),
        };
        made.ct_eq(hash).into()
    }

    /// Whether it costs what hashes cost that are made now.
    fn is_good_enough(&self) -> bool {
        matches!(self, Self::Argon2 { algorithm: Algorithm::Argon2id, cost, hash, .. }
            if *cost == COST && hash.len() == HASH_BYTES)
    }
}

fn argon2(
    password: &Password,
    salt: &[u8],
    cost: Cost,
    length: usize,
    algorithm: Algorithm,
) -> Option<Zeroizing<Vec<u8>>> {
    let params = Params::new(cost.memory, cost.rounds, cost.lanes, Some(length)).ok()?;
    let mut hash = Zeroizing::new(vec![0; length]);
    let hasher = Hasher::new(algorithm, Version::V0x13, params);
    hasher.hash_password_into(password.reveal().as_bytes(), salt, &mut hash).ok()?;
    #[cfg(test)]
    tests::note(u64::from(cost.memory * cost.rounds), 0);
    Some(hash)
}

/// PBKDF2-HMAC-SHA256 (RFC 8018, 5.2) of one block.
fn pbkdf2(password: &Password, salt: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
    let key = Hmac::<Sha256>::new_from_slice(password.reveal().as_bytes());
    let key = key.expect("HMAC takes a key of any length");
    let turn = |text: &[&[u8]]| -> [u8; HASH_BYTES] {
        let mut mac = key.clone();
        text.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    };
    let mut last = turn(&[salt, &1_u32.to_be_bytes()]);
    let mut all = last;
    for _ in 1..iterations {
        last = turn(&[&last]);
        all.iter_mut().zip(last).for_each(|(all, one)| *all ^= one);
    }
    #[cfg(test)]
    tests::note(0, u64::from(iterations));
    Zeroizing::new(all.to_vec())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// What was done on this thread: KiB that argon2 went over, and rounds of PBKDF2.
        static WORK: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
    }

    pub(super) fn note(argon2: u64, pbkdf2: u64) {
        WORK.with(|work| work.set((work.get().0 + argon2, work.get().1 + pbkdf2)));
    }

    async fn check(password: &str, encoded: &str) -> PasswordCheck {
        Argon2.check(&Password::new(password.into()), Some(encoded)).await
    }

    #[tokio::test]
    async fn a_hash_of_ours_fits_its_password_alone_and_differs_with_the_salt() {
        let password = || Password::new("correct horse battery".into());
        let one = Argon2.hash(&password(), [1; 16]).await.expect("a hash");
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$"), "{one}");
        assert_eq!(check("correct horse battery", &one).await, PasswordCheck::Right);
        assert_eq!(check("correct horse batterY", &one).await, PasswordCheck::Wrong);
        assert_eq!(check("", &one).await, PasswordCheck::Wrong);
        assert_ne!(Argon2.hash(&password(), [2; 16]).await.expect("a hash"), one);
    }

    /// Made with Python's `hashlib.pbkdf2_hmac`.
    const PBKDF2: &str = "pbkdf2_sha256$150000$kD3fZp0QxT7a$Z5zxKeNyiNkbF4p7hraF8ewGN14/qTOBnU8lmHg5hOg=";
    const PBKDF2_ONE_ROUND: &str =
        "pbkdf2_sha256$1$kD3fZp0QxT7a$fAg7jW36YqwZN6tT7oYKhHd8pVazkZ4WvEYKhV/fMx4=";
    /// Made with `argon2-cffi` 25, which is a binding of the reference implementation.
    const ARGON2: &str = "argon2$argon2i$v=19$m=512,t=2,p=2$a0QzZlpwMFF4VDdh$VmEA3Dbe0b6Kyl75ZeNLYw";

    #[tokio::test]
    async fn hashes_of_the_service_that_came_before_fit_and_are_to_be_made_anew() {
        for encoded in [PBKDF2, PBKDF2_ONE_ROUND, ARGON2] {
            assert_eq!(check("Sésame, öffne dich", encoded).await, PasswordCheck::RightButOld, "{encoded}");
            assert_eq!(check("sésame, öffne dich", encoded).await, PasswordCheck::Wrong, "{encoded}");
        }
    }

    #[tokio::test]
    async fn what_is_no_hash_fits_nothing() {
        let broken = PBKDF2.replace("150000", "0");
        let dear = PBKDF2.replace("150000", "4000000000");
        for encoded in [
            "",
            "!",
            "!kXf9sB2mQ",
            "$",
            "$argon2id$v=19$m=19456,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$",
            "$argon2id$v=19$m=19456,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$AAAA",
            "$argon2id$v=19$m=4294967295,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "pbkdf2_sha256$150000$salt",
            "pbkdf2_sha1$1$salt$AAAA",
            &broken,
            &dear,
        ] {
            assert_eq!(check("", encoded).await, PasswordCheck::Wrong, "{encoded}");
        }
        assert_eq!(Argon2.check(&Password::new(String::new()), None).await, PasswordCheck::Wrong);
    }
    /// Counted, not timed: what a machine does beside would decide otherwise.
    #[tokio::test]
    async fn a_wrong_password_costs_the_same_whatever_is_kept() {
        let password = Password::new("sésame".into());
        let ours = Argon2.hash(&password, [1; 16]).await.expect("a hash");
        let both = (u64::from(COST.memory * COST.rounds), u64::from(OLD_ROUNDS));
        for encoded in [None, Some("!unusable"), Some(ours.as_str()), Some(PBKDF2), Some(PBKDF2_ONE_ROUND)] {
            WORK.with(|work| work.set((0, 0)));
            let check = Argon2.check(&Password::new("wrong".into()), encoded).await;
            assert_eq!((check, WORK.with(Cell::get)), (PasswordCheck::Wrong, both), "{encoded:?}");
        }
        WORK.with(|work| work.set((0, 0)));
        assert_eq!(Argon2.check(&password, Some(&ours)).await, PasswordCheck::Right);
        assert_eq!(WORK.with(Cell::get), (both.0, 0), "the right one waits for nothing");
    }
}
