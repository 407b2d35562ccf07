//! Values that must not travel: no `Debug`, no `Serialize`, no `Clone`.
//!
//! ```compile_fail
//! let number = turnout_core::secret::StateIdNumber::new("D1234567".into());
//! println!("{number:?}");
//! ```
//! ```compile_fail
//! let number = turnout_core::secret::StateIdNumber::new("D1234567".into());
//! serde_json::to_string(&number).ok();
//! ```
//! ```compile_fail
//! let number = turnout_core::secret::StateIdNumber::new("D1234567".into());
//! let copy = number.clone();
//! ```

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::ports::forms::FormFields;

/// The number that identifies a voter to the state: a license number or part of a Social Security number.
///
/// It reaches the printed form, or the registrar of the voter's state, and nothing else (`domain.md` 7, invariant 3): it is
/// never stored, logged or queued.
pub struct StateIdNumber(Zeroizing<String>);

impl StateIdNumber {
    /// Takes the number as the voter typed it.
    #[must_use]
    pub fn new(number: String) -> Self {
        Self(Zeroizing::new(number))
    }

    /// Whether there is nothing in it but blanks.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Gives the number away to a state's registrar, who writes it into the one request and forgets it.
    #[must_use]
    pub fn hand_over(self) -> Zeroizing<String> {
        self.0
    }

    /// Prints the number on the voter's form and forgets it.
    pub fn write_onto(self, form: &mut FormFields) {
        form.set_text("state_id_number", self.0.as_str());
    }

    /// Prints the number on the voter's form, also in the field that the voter chose for it, and forgets it.
    pub fn write_onto_also(self, form: &mut FormFields, field: &str) {
        form.set_text(field, self.0.as_str());
        self.write_onto(form);
    }
}

/// A key that signs or derives something. Wiped from memory when dropped.
pub struct SecretKey(Zeroizing<Vec<u8>>);

impl SecretKey {
    /// Takes the bytes of the key.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// A key of one purpose alone, derived from the secret of all.
    #[must_use]
    pub fn of_purpose(secret: &[u8], purpose: &str) -> Self {
        Self::new(Self::new(secret).mac(purpose.as_bytes()).finalize().into_bytes().to_vec())
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// HMAC-SHA256 under this key, over `text` and whatever follows.
    pub(crate) fn mac(&self, text: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(text);
        mac
    }
}

/// Bytes as signatures are written: two lower-case digits each.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a String takes every text");
    }
    text
}

/// A password as somebody typed it.
///
/// ```compile_fail
/// let password = turnout_core::secret::Password::new("hush".into());
/// println!("{password:?}");
/// ```
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the text, blanks and all.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one who takes its hash.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What a partner's program shows beside the id of its API key. Printed once, when the key is made.
pub struct ApiSecret(Zeroizing<String>);

impl ApiSecret {
    /// Takes the text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one who prints it or takes its hash.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What opens an account of a subscriber's at somebody else's service. It is kept, so it may be copied; it is shown to
/// nobody, and no record of what was changed has it.
///
/// ```compile_fail
/// let key = turnout_core::secret::IntegrationKey::new("hush".into());
/// serde_json::to_string(&key).ok();
/// ```
#[derive(Clone)]
pub struct IntegrationKey(Zeroizing<String>);

impl IntegrationKey {
    /// Takes the text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one who shows it to that service, or keeps it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Nothing of it.
impl std::fmt::Debug for IntegrationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IntegrationKey")
    }
}

/// The text that opens a file: 22 characters of URL-safe base64. Only ever compared in constant time.
pub struct FileToken(Zeroizing<String>);

impl FileToken {
    /// Takes a token's text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for a link in a message.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this token, compared in constant time.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        use subtle::ConstantTimeEq;
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}
