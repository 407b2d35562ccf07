//! Values of the domain as columns have them, in JSON: ids, moments and days as texts, bytes in hex.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    api_key::SecretHash,
    asked::Choice,
    decision::Rule,
    ids::{
        ActionId, ApiKeyId, AssociationId, AuthenticatorId, BallotRequestId, BlastId, ChangeId, ConsentId,
        ContactLinkId, DeliveryId, EndpointId, EventId, FaxId, FieldTypeId, FileId, InformationId,
        IntegrationId, InterestId, InviteId, LetterId, LookupId, MessageId, MoverLeadId, OfficeAddressId,
        OfficeId, PhoneFactorId, PollingPlaceLookupId, ProductId, RecoveryCodeId, RecoverySetId, RegionId,
        RegistrationId, ReminderId, ReportId, SessionId, SlugId, SubscriberId, SubscriptionId,
        UpdateWebhookId, UploadId, UserId, VoterId, parse_uuid,
    },
    language::Language,
    person::Phone,
    secret::hex,
};

/// What a column holds.
pub(super) trait Cell: Sized {
    /// Whether the empty text stands for none, where there may be none.
    const EMPTY_IS_NONE: bool = true;

    /// As it is written.
    fn value(&self) -> Value;

    /// Reads it; nothing when it is none of these.
    fn read(value: &Value) -> Option<Self>;
}

/// A moment as all rows have it: so written, moments compare as texts.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

impl<T: Cell> Cell for Option<T> {
    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Cell::value)
    }

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            Value::String(text) if text.is_empty() && T::EMPTY_IS_NONE => Some(None),
            value => T::read(value).map(Some),
        }
    }
}

/// One of a closed world, by its name on the wire.
impl<T: Choice> Cell for T {
    fn value(&self) -> Value {
        self.spellings()[0].into()
    }

    fn read(value: &Value) -> Option<Self> {
        let text = value.as_str()?;
        T::EVERY.iter().copied().find(|it| it.spellings()[0] == text)
    }
}

impl Cell for Value {
    const EMPTY_IS_NONE: bool = false;

    fn value(&self) -> Value {
        self.clone()
    }

    fn read(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl Cell for String {
    const EMPTY_IS_NONE: bool = false;

    fn value(&self) -> Value {
        self.as_str().into()
    }

    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

/// What is not known is not so.
impl Cell for bool {
    fn value(&self) -> Value {
        (*self).into()
    }

    fn read(value: &Value) -> Option<Self> {
        if value.is_null() { Some(false) } else { value.as_bool() }
    }
}

impl Cell for DateTime<Utc> {
    fn value(&self) -> Value {
        moment(*self).into()
    }

    fn read(value: &Value) -> Option<Self> {
        Some(DateTime::parse_from_rfc3339(value.as_str()?).ok()?.with_timezone(&Utc))
    }
}

impl Cell for NaiveDate {
    fn value(&self) -> Value {
        self.to_string().into()
    }

    fn read(value: &Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

impl Cell for Vec<u8> {
    const EMPTY_IS_NONE: bool = false;

    fn value(&self) -> Value {
        hex(self).into()
    }

    fn read(value: &Value) -> Option<Self> {
        let digits = value.as_str()?.as_bytes();
        let pairs = digits.len().is_multiple_of(2).then(|| digits.chunks(2))?;
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
    }
}

impl Cell for SecretHash {
    fn value(&self) -> Value {
        hex(&self.0).into()
    }

    fn read(value: &Value) -> Option<Self> {
        Some(Self(Vec::read(value)?.try_into().ok()?))
    }
}

impl Cell for Phone {
    fn value(&self) -> Value {
        self.e164().into()
    }

    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(|text| Self::from_stored(text.to_owned()))
    }
}

impl Cell for Language {
    fn value(&self) -> Value {
        self.to_string().into()
    }

    fn read(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?)
    }
}

impl Cell for Rule {
    fn value(&self) -> Value {
        self.id().into()
    }

    fn read(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?)
    }
}

impl Cell for Uuid {
    fn value(&self) -> Value {
        self.to_string().into()
    }

    fn read(value: &Value) -> Option<Self> {
        parse_uuid(value.as_str()?)
    }
}

macro_rules! ids {
    ($($id:ident of $inner:ty),* $(,)?) => {$(
        impl Cell for $id {
            fn value(&self) -> Value {
                self.0.value()
            }

            fn read(value: &Value) -> Option<Self> {
                <$inner>::read(value).map(Self)
            }
        }
    )*};
}

ids! {
    ActionId of Uuid, ApiKeyId of Uuid, AssociationId of Uuid, AuthenticatorId of Uuid, BallotRequestId of Uuid,
    BlastId of Uuid, ChangeId of Uuid, ConsentId of Uuid, ContactLinkId of Uuid, DeliveryId of Uuid,
    EndpointId of Uuid, EventId of Uuid, FaxId of Uuid, FieldTypeId of Uuid, FileId of Uuid,
    InformationId of Uuid, IntegrationId of Uuid, InterestId of Uuid, InviteId of Uuid, LetterId of Uuid,
    LookupId of Uuid, MessageId of Uuid, MoverLeadId of Uuid, OfficeAddressId of i64, OfficeId of i64,
    PhoneFactorId of Uuid, PollingPlaceLookupId of Uuid, ProductId of Uuid, RecoveryCodeId of Uuid,
    RecoverySetId of Uuid, RegionId of i64, RegistrationId of Uuid, ReminderId of Uuid, ReportId of Uuid,
    SessionId of Uuid, SlugId of Uuid, SubscriberId of Uuid, SubscriptionId of Uuid, UpdateWebhookId of Uuid,
    UploadId of Uuid, UserId of Uuid, VoterId of Uuid,
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Cell for $number {
            fn value(&self) -> Value {
                (*self).into()
            }

            fn read(value: &Value) -> Option<Self> {
                value.as_i64()?.try_into().ok()
            }
        }
    )*};
}

numbers!(i64, i32, u32, u64);
