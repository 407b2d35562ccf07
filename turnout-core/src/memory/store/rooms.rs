//! The tables, and what all of them need.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};

use super::{jobs::KeptJob, named::AllBeside};
use crate::{
    absentee::{BallotRequest, ContactOverride, RegionLink},
    account::{
        Association, Authenticator, Invite, InviteAssociation, PhoneFactor, RecoveryCode, Session, User,
    },
    action::{Action, Event},
    address::State,
    api_key::ApiKey,
    blast::{Blast, Recipient},
    change::Change,
    consent::Entry,
    crm::{ContactLink, SyncRun},
    election::{FieldType, Proposal, StateInformation, StateProfile, webhooks::UpdateWebhook},
    fax::Fax,
    file::{SecureUpload, StoredFile},
    ids::{
        ActionId, ApiKeyId, AssociationId, AuthenticatorId, BallotRequestId, BlastId, ChangeId, ConsentId,
        ContactLinkId, DeliveryId, EndpointId, FaxId, FieldTypeId, FileId, InformationId, IntegrationId,
        InterestId, InviteId, JobId, LetterId, LookupId, MessageId, MoverLeadId, OfficeAddressId, OfficeId,
        PhoneFactorId, PollingPlaceLookupId, ProductId, ReceiptId, RecoveryCodeId, RecoverySetId, RegionId,
        RegistrationId, ReminderId, ReportId, SessionId, SlugId, SubscriberId, SyncRunId, UpdateWebhookId,
        UploadId, UserId, VoterId,
    },
    keyed_call::KeyedCall,
    letter::Letter,
    listing::Tool,
    mail::HeldMail,
    mover::MoverLead,
    official::{Gone, Office, OfficeAddress, Region},
    page::{Page, PageRequest},
    person::Phone,
    polling_place::PollingPlaceLookup,
    ports::store::{Carried, Listed, StoreError},
    register::Registration,
    reminder::ReminderRequest,
    report::Report,
    search::{ListKey, Terms, VoterList},
    sms::{Message, Number},
    subject::SignedReceipt,
    subscriber::{Slug, Subscriber},
    subscription::{Integration, Interest, Product, Subscription},
    suppression::{AddressKey, Suppression, SuppressionReason},
    switch::Setting,
    verifier::Lookup,
    voter::Voter,
    webhook::{Delivery, Endpoint},
};

/// A table by its key, shared until somebody writes to it.
pub(super) type Table<K, V> = Arc<BTreeMap<K, V>>;

/// Every table. A copy costs a pointer each.
#[derive(Debug, Clone, Default)]
pub(super) struct Rooms {
    pub(super) actions: Table<ActionId, Action>,
    pub(super) events: Arc<Vec<Event>>,
    pub(super) registrations: Table<RegistrationId, Registration>,
    pub(super) ballot_requests: Table<BallotRequestId, BallotRequest>,
    pub(super) contact_overrides: Table<RegionId, ContactOverride>,
    pub(super) region_links: Table<RegionId, RegionLink>,
    pub(super) faxes: Table<FaxId, Fax>,
    pub(super) letters: Table<LetterId, Letter>,
    pub(super) listed: Table<(VoterList, ListKey), Terms>,
    pub(super) subscribers: Table<SubscriberId, Subscriber>,
    pub(super) slugs: Table<SlugId, Slug>,
    pub(super) subscriptions: Table<SubscriberId, Subscription>,
    pub(super) interests: Table<InterestId, Interest>,
    pub(super) products: Table<ProductId, Product>,
    pub(super) integrations: Table<IntegrationId, Integration>,
    pub(super) states: Table<State, StateProfile>,
    pub(super) field_types: Table<FieldTypeId, FieldType>,
    pub(super) information: Table<InformationId, StateInformation>,
    pub(super) proposals: Table<InformationId, Proposal>,
    pub(super) update_webhooks: Table<UpdateWebhookId, UpdateWebhook>,
    pub(super) regions: Table<RegionId, Region>,
    pub(super) gone_regions: Table<RegionId, Gone>,
    pub(super) offices: Table<OfficeId, Office>,
    pub(super) addresses: Table<OfficeAddressId, OfficeAddress>,
    pub(super) files: Table<FileId, StoredFile>,
    /// Of which file another is a preview.
    pub(super) previews: Table<FileId, FileId>,
    pub(super) uploads: Table<UploadId, SecureUpload>,
    pub(super) lookups: Table<LookupId, Lookup>,
    pub(super) numbers: Table<Phone, Number>,
    pub(super) messages: Table<MessageId, Message>,
    pub(super) blasts: Table<BlastId, Blast>,
    pub(super) recipients: Table<MessageId, (BlastId, Recipient)>,
    pub(super) movers: Table<MoverLeadId, MoverLead>,
    /// Up to when everything that a source has was stored.
    pub(super) pulled_movers: Table<String, DateTime<Utc>>,
    pub(super) consents: Table<ConsentId, Entry>,
    pub(super) contact_links: Table<ContactLinkId, ContactLink>,
    /// By which key an address is found that may be on a list.
    pub(super) address_keys: Table<Listed, Option<AddressKey>>,
    pub(super) sync_runs: Table<SyncRunId, SyncRun>,
    pub(super) held_mails: Table<String, HeldMail>,
    pub(super) reminders: Table<ReminderId, ReminderRequest>,
    pub(super) polling_places: Table<PollingPlaceLookupId, PollingPlaceLookup>,
    pub(super) reports: Table<ReportId, Report>,
    /// How often a tool was used in all.
    pub(super) totals: Table<(SubscriberId, Tool), u64>,
    /// How often a tool was used on a day.
    pub(super) days: Table<(SubscriberId, NaiveDate, Tool), u64>,
    pub(super) counted_to: Option<DateTime<Utc>>,
    pub(super) voters: Table<VoterId, Voter>,
    /// The voter of an action.
    pub(super) voter_links: Table<ActionId, VoterId>,
    pub(super) suppressions: Table<(AddressKey, SuppressionReason), Suppression>,
    pub(super) switches: Table<(String, String), Setting>,
    pub(super) api_keys: Table<ApiKeyId, ApiKey>,
    pub(super) keyed_calls: Table<[u8; 32], KeyedCall>,
    pub(super) users: Table<UserId, User>,
    pub(super) associations: Table<AssociationId, Association>,
    pub(super) invites: Table<InviteId, Invite>,
    pub(super) invite_associations: Table<AssociationId, InviteAssociation>,
    pub(super) authenticators: Table<AuthenticatorId, Authenticator>,
    pub(super) phone_factors: Table<PhoneFactorId, PhoneFactor>,
    /// Whose codes they are.
    pub(super) recovery_sets: Table<RecoverySetId, UserId>,
    pub(super) recovery_codes: Table<RecoveryCodeId, RecoveryCode>,
    pub(super) sessions: Table<SessionId, Session>,
    pub(super) changes: Table<ChangeId, Change>,
    pub(super) endpoints: Table<EndpointId, Endpoint>,
    pub(super) deliveries: Table<DeliveryId, Delivery>,
    pub(super) jobs: Table<JobId, KeptJob>,
    /// How far the grants of a lane reach that were taken.
    pub(super) lanes: Table<&'static str, DateTime<Utc>>,
    pub(super) ticks: Arc<BTreeSet<(String, DateTime<Utc>)>>,
    pub(super) receipts: Table<ReceiptId, SignedReceipt>,
    /// What other services gave of rows beyond what the domain knows.
    pub(super) beside: AllBeside,
    /// How far a model was taken over from an origin.
    pub(super) carried: Table<(String, String), Carried>,
    /// Why a row of an origin's model could not be.
    pub(super) left_out: Table<(String, String, String), String>,
    /// Whether this unit enqueued a job that is due.
    pub(super) enqueued_due: bool,
}

/// The page of the rows, newest first; of the same moment, by id downwards.
pub(super) fn newest_first<T, I: Ord + Copy>(
    rows: impl Iterator<Item = T>,
    page: &PageRequest<(DateTime<Utc>, I)>,
    key: impl Fn(&T) -> (DateTime<Utc>, I),
) -> Page<T, (DateTime<Utc>, I)> {
    let mut rows: Vec<T> = rows.filter(|row| page.after.is_none_or(|after| key(row) < after)).collect();
    rows.sort_by_key(|row| Reverse(key(row)));
    Page::cut(rows, page.limit, key)
}

/// Adds a row. Conflict when its key is taken.
pub(super) fn insert<K: Ord + Clone, V: Clone>(
    table: &mut Table<K, V>,
    key: K,
    row: &V,
    entity: &'static str,
) -> Result<(), StoreError> {
    if table.contains_key(&key) {
        return Err(StoreError::Conflict { entity });
    }
    Arc::make_mut(table).insert(key, row.clone());
    Ok(())
}

/// The row of that key, to change. Other when there is none: an update is of a row that was read.
pub(super) fn row<'a, K: Ord + Clone, V: Clone>(
    table: &'a mut Table<K, V>,
    key: &K,
    entity: &'static str,
) -> Result<&'a mut V, StoreError> {
    Arc::make_mut(table)
        .get_mut(key)
        .ok_or_else(|| StoreError::Other(format!("there is no such {entity}").into()))
}
