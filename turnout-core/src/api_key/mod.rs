//! API keys: by one of them a partner's program shows whose it is (`http-api.md` 14).
//!
//! What a program shows is the key's id and a secret of 64 hex digits, which was printed once. Kept is only its hash,
//! under a pepper that is in no table. `hash.rs` has both, `authenticate.rs` looks at what a program shows, `manage.rs` makes keys and
//! ends them.

mod authenticate;
mod hash;
mod manage;

use chrono::{DateTime, Utc};

pub use authenticate::{AuthenticateError, Client, authenticate};
pub use hash::{SecretHash, secret_of_django};
pub use manage::{CreateError, Created, Deactivated, create, create_own, deactivate, deactivate_own};

use crate::ids::{ApiKeyId, SubscriberId, UserId};

/// A key of a partner's program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, the user's name of HTTP Basic.
    pub id: ApiKeyId,
    /// Whose program it is. A key without a subscriber opens nothing.
    pub subscriber: Option<SubscriberId>,
    /// What is kept of the secret.
    pub hash: SecretHash,
    /// What it is for, in the words of whoever made it.
    pub description: Option<String>,
    /// Who made it, where that is known.
    pub created_by: Option<UserId>,
    /// Who ended it, where that is known.
    pub deactivated_by: Option<UserId>,
    /// Since when it opens nothing any more.
    pub deactivated_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl ApiKey {
    /// What the log of changes calls it.
    pub const KIND: &'static str = "api_key";
}
