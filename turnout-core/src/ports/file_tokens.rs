//! The tokens that open files.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{file::StoredFile, secret::FileToken};

/// Issues, checks and renews the tokens that open files. The default is
/// [`DerivedTokens`](crate::file::DerivedTokens).
///
/// ```
/// use chrono::{DateTime, TimeDelta, Utc};
/// use turnout_core::{file::StoredFile, ports::file_tokens::FileTokens, secret::FileToken};
///
/// /// Tokens for an installation where files are never opened by link.
/// struct Sealed;
/// impl FileTokens for Sealed {
///     fn issue(&self, _: &StoredFile) -> FileToken { FileToken::new("sealed".into()) }
///     fn check(&self, _: &StoredFile, _: &str, _: DateTime<Utc>) -> bool { false }
///     fn renew(&self, _: &mut StoredFile, _: DateTime<Utc>) {}
///     fn lifetime(&self) -> TimeDelta { TimeDelta::zero() }
/// }
/// ```
pub trait FileTokens: Send + Sync {
    /// The token of the file's present generation.
    fn issue(&self, file: &StoredFile) -> FileToken;

    /// Whether `token` opens the file now: compared in constant time, not expired. The file's `purged` is not looked at.
    fn check(&self, file: &StoredFile, token: &str, now: DateTime<Utc>) -> bool;

    /// Makes all tokens issued so far wrong, and the next one valid from now on.
    fn renew(&self, file: &mut StoredFile, now: DateTime<Utc>);

    /// How long a token is valid from its issue or renewal.
    fn lifetime(&self) -> TimeDelta;
}
