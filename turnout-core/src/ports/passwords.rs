//! Hashes of passwords.

use async_trait::async_trait;

use super::Disabled;
use crate::secret::Password;

/// Whether a password is the one that a hash was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordCheck {
    /// It is not.
    Wrong,
    /// It is.
    Right,
    /// It is, and should be hashed anew, as hashes are made better now.
    RightButOld,
}

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
#[error("no password can be hashed")]
pub struct HashError;

/// Makes hashes of passwords, and compares. Both take their time on purpose, and must not hold up what else there is to do.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{
///     ports::passwords::{HashError, PasswordCheck, PasswordHasher},
///     secret::Password,
/// };
///
/// /// Nobody has the right password.
/// struct Closed;
/// #[async_trait]
/// impl PasswordHasher for Closed {
///     async fn hash(&self, _password: &Password, _salt: [u8; 16]) -> Result<String, HashError> {
///         Err(HashError)
///     }
///     async fn check(&self, _password: &Password, _encoded: Option<&str>) -> PasswordCheck {
///         PasswordCheck::Wrong
///     }
/// }
/// ```
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A hash to keep, with everything that is needed to compare. No two passwords have the same salt.
    async fn hash(&self, password: &Password, salt: [u8; 16]) -> Result<String, HashError>;

    /// Compares. Wrong where there is no hash, or one that nothing fits. What is wrong takes the same time whatever is kept: a
    /// hash of ours, one of the service before, or none.
    async fn check(&self, password: &Password, encoded: Option<&str>) -> PasswordCheck;
}

#[async_trait]
impl PasswordHasher for Disabled {
    async fn hash(&self, _password: &Password, _salt: [u8; 16]) -> Result<String, HashError> {
        Err(HashError)
    }

    async fn check(&self, _password: &Password, _encoded: Option<&str>) -> PasswordCheck {
        PasswordCheck::Wrong
    }
}
