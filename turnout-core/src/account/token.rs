//! The texts that open an invitation, or set a new password: derived, never stored (decision 22).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::Mac;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{Invite, User};
use crate::{
    app::App,
    file::imported_token_hash,
    ids::{InviteId, UserId, parse_small_uuid, small_uuid},
    secret::SecretKey,
};

/// What the tokens of invitations are for.
const INVITE: &str = "turnout.invite";
/// What the tokens of links to a new password are for.
const RESET: &str = "turnout.password_reset";

/// The characters of an id in its short form, and of a token's secret part.
const HALF: usize = 22;

/// The first 16 bytes of HMAC-SHA256 over id and generation, under a key of that purpose.
fn derive(secret: &SecretKey, purpose: &str, id: Uuid, generation: i64) -> String {
    let mut mac = SecretKey::of_purpose(secret.bytes(), purpose).mac(id.as_bytes());
    mac.update(&generation.to_be_bytes());
    URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..16])
}

/// Whether that text was derived so, under the present secret or the one before it. Takes the same time either way.
fn fits(app: &App, purpose: &str, id: Uuid, generation: i64, shown: &str) -> bool {
    let is = |secret: &SecretKey| {
        bool::from(derive(secret, purpose, id, generation).as_bytes().ct_eq(shown.as_bytes()))
    };
    is(&app.secret) | app.previous_secret.as_deref().is_some_and(is)
}

/// Where an invitation is accepted.
pub(super) fn accept_url(app: &App, invite: &Invite) -> String {
    let token = derive(&app.secret, INVITE, invite.id.0, invite.generation);
    format!("{}/account/register/{}{token}/", app.settings.origins.primary, small_uuid(invite.id.0))
}

/// What a link to an invitation says: whose it is, or what is kept of the text that another service issued.
pub(super) enum InviteToken<'a> {
    /// One of ours: the invitation, and what proves the right to it.
    Own(InviteId, &'a str),
    /// One of another service's: its hash.
    Imported(Vec<u8>),
}

impl<'a> InviteToken<'a> {
    /// Reads the last part of the address.
    pub(super) fn parse(text: &'a str) -> Self {
        match text.split_at_checked(HALF) {
            Some((id, proof)) if proof.len() == HALF => match parse_small_uuid(id) {
                Some(id) => Self::Own(InviteId(id), proof),
                None => Self::Imported(imported_token_hash(text)),
            },
            _ => Self::Imported(imported_token_hash(text)),
        }
    }
}

/// Whether this opens the invitation.
pub(super) fn opens(app: &App, invite: &Invite, token: &InviteToken<'_>) -> bool {
    match token {
        InviteToken::Own(id, proof) => {
            *id == invite.id && fits(app, INVITE, invite.id.0, invite.generation, proof)
        }
        InviteToken::Imported(hash) => {
            invite.imported_token_hash.as_ref().is_some_and(|kept| kept.ct_eq(hash).into())
        }
    }
}

/// Where somebody sets a new password: the address names them, and holds what proves the right to do so.
pub(super) fn reset_url(app: &App, user: &User) -> String {
    let token = derive(&app.secret, RESET, user.id.0, user.generation);
    let (origin, id) = (&app.settings.origins.primary, small_uuid(user.id.0));
    format!("{origin}/manage/password_reset_confirm/{id}/{token}/")
}

/// Whom an address for a new password names.
pub(super) fn reset_id(uid: &str) -> Option<UserId> {
    parse_small_uuid(uid).map(UserId)
}

/// Whether that text lets somebody set a new password, as long as the link is good.
pub(super) fn resets(app: &App, user: &User, token: &str) -> bool {
    fits(app, RESET, user.id.0, user.generation, token)
}
