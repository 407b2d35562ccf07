//! Identifiers: a type for each kind of thing, and the short text form of a UUID.
//!
//! Ids are random version 4 UUIDs (decision 18) and come from the [`IdSource`](crate::ports::ids::IdSource);
//! the offices' ids are the data supplier's numbers.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads a UUID with or without hyphens, in any case.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                parse_uuid(text).map(Self)
            }
        }

        /// Hyphenated, lower case.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

uuid_ids! {
    /// A voter's use of one tool.
    ActionId;
    /// A registration.
    RegistrationId;
    /// A ballot request.
    BallotRequestId;
    /// A voter's question to the voter roll.
    LookupId;
    /// A voter's request to be reminded of elections.
    ReminderId;
    /// What a locator of polling places answered.
    PollingPlaceLookupId;
    /// A picture that a voter uploaded: a signature.
    UploadId;
    /// Somebody whom the voter rolls know.
    VoterId;
    /// An organization that uses Turnout, and sees only its own voters.
    SubscriberId;
    /// One of the names a subscriber is known by in a URL.
    SlugId;
    /// Something that happened to an action.
    EventId;
    /// A file made for a person, offered under a link.
    FileId;
    /// A document on its way to a fax machine.
    FaxId;
    /// A text message.
    MessageId;
    /// Text messages that are sent to many at once.
    BlastId;
    /// A yes or no to being written to.
    ConsentId;
    /// A form on its way to a voter by mail.
    LetterId;
    /// Somebody who moved.
    MoverLeadId;
    /// That an action was passed on to a contact list.
    ContactLinkId;
    /// A look at all actions that are on no contact list.
    SyncRunId;
    /// A job.
    JobId;
    /// A kind of fact about states.
    FieldTypeId;
    /// One fact about one state.
    InformationId;
    /// What a fact is to say once somebody else publishes it.
    ProposalId;
    /// A site that is built anew when facts change.
    UpdateWebhookId;
    /// An export that somebody asked for.
    ReportId;
    /// A key of a partner's program.
    ApiKeyId;
    /// A person with an account.
    UserId;
    /// What an organization subscribes to.
    SubscriptionId;
    /// An organization that asked to become a subscriber.
    InterestId;
    /// Something that was sold once.
    ProductId;
    /// What opens an account of a subscriber's at somebody else's service.
    IntegrationId;
    /// That a person belongs to a subscriber.
    AssociationId;
    /// An invitation to have an account.
    InviteId;
    /// An authenticator app of a person.
    AuthenticatorId;
    /// A telephone that gets codes for a person.
    PhoneFactorId;
    /// Codes that were printed for a person at one time.
    RecoverySetId;
    /// One of those codes.
    RecoveryCodeId;
    /// That a person is signed in somewhere.
    SessionId;
    /// An address at which a subscriber wants to be called.
    EndpointId;
    /// A message to such an address.
    DeliveryId;
    /// An entry of the log of who did what.
    ChangeId;
    /// What was done for a person who asked for all there is of them, or to be forgotten.
    ReceiptId;
}

macro_rules! number_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

number_ids! {
    /// A region, by the data supplier's number.
    RegionId;
    /// An election office, by the data supplier's number.
    OfficeId;
    /// An office's address, by the data supplier's number.
    OfficeAddressId;
}

/// Reads a UUID as `http-api.md` 1.5 accepts it: 32 hex digits, hyphens optional, any case.
#[must_use]
pub fn parse_uuid(text: &str) -> Option<Uuid> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    if digits.len() != 32 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    std::str::from_utf8(&digits).ok().and_then(|digits| Uuid::try_parse(digits).ok())
}

/// The short text form of a UUID: 22 characters, the 16 bytes in URL-safe base64 without padding.
#[must_use]
pub fn small_uuid(id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(id.as_bytes())
}

/// Reads a UUID in its short form ([`small_uuid`]).
#[must_use]
pub fn parse_small_uuid(text: &str) -> Option<Uuid> {
    if text.len() != 22 {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| Uuid::from_slice(&bytes).ok())
}

impl FileId {
    /// Reads a UUID or its short form, as `/download/` and `/v1/storage/reset/` accept them.
    #[must_use]
    pub fn parse_any(text: &str) -> Option<Self> {
        parse_small_uuid(text).or_else(|| parse_uuid(text)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_is_that_of_the_contract() {
        let id = Uuid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);
        assert_eq!(small_uuid(id), "ABEiM0RVZneImaq7zN3u_w");
        assert_eq!(parse_small_uuid("ABEiM0RVZneImaq7zN3u_w"), Some(id));
    }

    #[test]
    fn a_uuid_is_read_in_any_spelling() {
        let id = Uuid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);
        for text in ["00112233-4455-6677-8899-AABBCCDDEEFF", "00112233445566778899aabbccddeeff"] {
            assert_eq!(parse_uuid(text), Some(id), "{text}");
        }
        for text in ["", "zz", "{00112233-4455-6677-8899-aabbccddeeff}", "00112233"] {
            assert_eq!(parse_uuid(text), None, "{text}");
        }
    }
}
