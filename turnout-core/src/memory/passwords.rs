//! Hashes that take no time: for tests alone.

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use crate::{
    ports::passwords::{HashError, PasswordCheck, PasswordHasher},
    secret::{Password, hex},
};

/// Hashes passwords at once, so that tests are quick. Anybody can find out what such a hash was made of.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuickPasswords;

/// How a hash begins.
const NOW: &str = "quick$";
/// How one begins that should be made anew.
const OLD: &str = "slow$";

fn digest(salt: &str, password: &Password) -> String {
    hex(&Sha256::digest(format!("{salt}${}", password.reveal())))
}

impl QuickPasswords {
    /// A hash that fits and should be made anew.
    #[must_use]
    pub fn old(password: &Password) -> String {
        format!("{OLD}pepper${}", digest("pepper", password))
    }
}

#[async_trait]
impl PasswordHasher for QuickPasswords {
    async fn hash(&self, password: &Password, salt: [u8; 16]) -> Result<String, HashError> {
        let salt = hex(&salt);
        Ok(format!("{NOW}{salt}${}", digest(&salt, password)))
    }

    async fn check(&self, password: &Password, encoded: Option<&str>) -> PasswordCheck {
        let Some(encoded) = encoded else { return PasswordCheck::Wrong };
        let (right, rest) = match (encoded.strip_prefix(NOW), encoded.strip_prefix(OLD)) {
            (Some(rest), _) => (PasswordCheck::Right, rest),
            (None, Some(rest)) => (PasswordCheck::RightButOld, rest),
            (None, None) => return PasswordCheck::Wrong,
        };
        match rest.split_once('$') {
            Some((salt, hash)) if hash == digest(salt, password) => right,
            _ => PasswordCheck::Wrong,
        }
    }
}
