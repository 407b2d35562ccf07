//! Subscribers, the people who work for them, and what they asked for.

use chrono::DateTime;
use uuid::Uuid;

use super::{Cell, Column, Named, columns, row_of};
use crate::{
    account::{
        Association, Authenticator, Invite, InviteAssociation, PhoneFactor, RecoveryCode, Session, User,
        UserZone,
    },
    api_key::{ApiKey, SecretHash},
    change::Change,
    ids::{
        ApiKeyId, AssociationId, AuthenticatorId, ChangeId, IntegrationId, InterestId, InviteId,
        PhoneFactorId, ProductId, RecoveryCodeId, RecoverySetId, ReportId, SessionId, SlugId, SubscriberId,
        SubscriptionId, UserId,
    },
    person::Phone,
    ports::store::Row,
    report::{Report, ReportStatus, ReportType},
    secret::IntegrationKey,
    subscriber::{Plan, Slug, SmsMode, Subscriber, SubscriberStatus},
    subscription::{
        Contact, ExternalTool, Integration, Interest, InterestStatus, KEY_NAME, Product, Subscription,
    },
    suppression::Suppression,
};

/// That an address is not mailed. Nothing here deletes or changes it.
pub(super) fn suppression(it: &Suppression) -> Row {
    row_of([
        ("address_key", it.address.0.value()),
        ("reason", it.reason.value()),
        ("source", it.source.value()),
        ("since", it.since.value()),
        ("lifted_at", it.lifted_at.value()),
        ("created_at", it.created_at.value()),
        ("modified_at", it.modified_at.value()),
    ])
}

impl Named for Subscriber {
    type Key = SubscriberId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        name: name,
        url: url,
        email: email,
        privacy_policy: privacy_policy,
        terms_of_service: terms_of_service,
        sms_enabled: sms_enabled,
        sms_checkbox: sms_checkbox,
        sms_checkbox_default: sms_checkbox_default,
        sms_disclaimer: sms_disclaimer,
        language: language,
        default_slug_id: default_slug,
        is_first_party: is_first_party,
        has_api_access: has_api_access,
        sync_tmc: sync_tmc,
        sync_bluelink: sync_bluelink,
        created_at: created_at,
        modified_at: modified_at;
        Column::new(
            "status",
            |it: &Self| it.status.value(),
            |it, to| {
                it.status = Option::read(to)?.unwrap_or(SubscriberStatus::Active);
                Some(())
            },
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: SubscriberId(Uuid::nil()),
            name: String::new(),
            url: String::new(),
            email: None,
            privacy_policy: None,
            terms_of_service: None,
            sms_enabled: None,
            sms_checkbox: None,
            sms_checkbox_default: None,
            sms_disclaimer: None,
            language: None,
            default_slug: None,
            status: SubscriberStatus::Active,
            is_first_party: false,
            has_api_access: false,
            sync_tmc: false,
            sync_bluelink: false,
            plan: Plan::Premium,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Slug {
    type Key = SlugId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        slug: slug,
        partner_id: subscriber,
        created_at: created_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: SlugId(Uuid::nil()),
            subscriber: SubscriberId(Uuid::nil()),
            slug: String::new(),
            created_at: DateTime::UNIX_EPOCH,
        })
    }
}

/// A subscriber has one or none.
impl Named for Subscription {
    type Key = SubscriberId;
    const KEY: &'static str = "subscriber_id";
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        subscriber_id: subscriber,
        interest_id: interest,
        product_id: product,
        expires: expires,
        primary_contact_first_name: contact.first_name,
        primary_contact_last_name: contact.last_name,
        primary_contact_email: contact.email,
        primary_contact_phone: contact.phone,
        ein: ein,
        internal_notes: internal_notes,
        created_at: created_at,
        modified_at: modified_at;
        Column::new(
            "plan",
            |it: &Self| it.plan.value(),
            |it, to| {
                it.plan = Option::read(to)?.unwrap_or(Plan::Premium);
                Some(())
            },
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: SubscriptionId(Uuid::nil()),
            subscriber: SubscriberId(Uuid::nil()),
            interest: None,
            product: None,
            plan: Plan::Premium,
            expires: None,
            contact: Contact::default(),
            ein: None,
            internal_notes: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Interest {
    type Key = InterestId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        organization_name: organization_name,
        website: website,
        first_name: contact.first_name,
        last_name: contact.last_name,
        email: contact.email,
        phone: contact.phone,
        ein: ein,
        reject_reason: reject_reason,
        nonprofit: nonprofit,
        product_id: product,
        created_at: created_at,
        modified_at: modified_at;
        Column::new(
            "plan",
            |it: &Self| it.plan.value(),
            |it, to| {
                it.plan = Option::read(to)?.unwrap_or(Plan::Free);
                Some(())
            },
        ),
        Column::new(
            "status",
            |it: &Self| it.status.value(),
            |it, to| {
                it.status = Option::read(to)?.unwrap_or(InterestStatus::Pending);
                Some(())
            },
        ),
        Column::new(
            "sms_mode",
            |it: &Self| it.sms_mode.value(),
            |it, to| {
                it.sms_mode = Option::read(to)?.unwrap_or(SmsMode::BoxUnchecked);
                Some(())
            },
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: InterestId(Uuid::nil()),
            organization_name: None,
            website: None,
            contact: Contact::default(),
            plan: Plan::Free,
            ein: None,
            sms_mode: SmsMode::BoxUnchecked,
            status: InterestStatus::Pending,
            reject_reason: None,
            nonprofit: None,
            product: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Product {
    type Key = ProductId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        months: months,
        cost: cost,
        public: public,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: ProductId(Uuid::nil()),
            months: None,
            cost: None,
            public: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

/// What is known of an account elsewhere beside its key is in no room.
impl Named for Integration {
    type Key = IntegrationId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        subscriber_id: subscriber,
        external_tool: tool,
        created_at: created_at,
        modified_at: modified_at;
        Column::new(
            "name",
            |_: &Self| KEY_NAME.into(),
            |_, to| (to.as_str() == Some(KEY_NAME)).then_some(()),
        ),
        Column::new(
            "value",
            |it: &Self| it.key.reveal().into(),
            |it, to| {
                it.key = IntegrationKey::new(to.as_str()?.to_owned());
                Some(())
            },
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: IntegrationId(Uuid::nil()),
            subscriber: SubscriberId(Uuid::nil()),
            tool: ExternalTool::ActionNetwork,
            key: IntegrationKey::new(String::new()),
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for ApiKey {
    type Key = ApiKeyId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        partner_id: subscriber,
        secret_hash: hash,
        description: description,
        created_by_id: created_by,
        deactivated_by_id: deactivated_by,
        deactivated_at: deactivated_at,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: ApiKeyId(Uuid::nil()),
            subscriber: None,
            hash: SecretHash([0; 32]),
            description: None,
            created_by: None,
            deactivated_by: None,
            deactivated_at: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for User {
    type Key = UserId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        email: email,
        password: password,
        first_name: first_name,
        last_name: last_name,
        is_staff: is_staff,
        is_active: is_active,
        is_superuser: is_superuser,
        is_election_admin: is_election_admin,
        is_subscriber_admin: is_subscriber_admin,
        is_esign_admin: is_esign_admin,
        active_client_id: active_subscriber,
        last_login: last_login,
        generation: generation,
        reset_expires: reset_expires,
        created_at: created_at,
        modified_at: modified_at;
        Column::new(
            "timezone",
            |it: &Self| it.time_zone.value(),
            |it, to| {
                it.time_zone = Option::read(to)?.unwrap_or_default();
                Some(())
            },
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: UserId(Uuid::nil()),
            email: String::new(),
            password: None,
            first_name: String::new(),
            last_name: String::new(),
            is_staff: false,
            is_active: false,
            is_superuser: false,
            is_election_admin: false,
            is_subscriber_admin: false,
            is_esign_admin: false,
            time_zone: UserZone::default(),
            active_subscriber: None,
            last_login: None,
            generation: 0,
            reset_expires: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Association {
    type Key = AssociationId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        client_id: subscriber,
        user_id: user,
        created_at: created_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: AssociationId(Uuid::nil()),
            subscriber: SubscriberId(Uuid::nil()),
            user: UserId(Uuid::nil()),
            created_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Invite {
    type Key = InviteId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        email: email,
        imported_token_hash: imported_token_hash,
        generation: generation,
        expires: expires,
        consumed_at: consumed_at,
        user_id: user,
        primary_client_id: primary,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: InviteId(Uuid::nil()),
            email: String::new(),
            imported_token_hash: None,
            generation: 0,
            expires: DateTime::UNIX_EPOCH,
            consumed_at: None,
            user: None,
            primary: SubscriberId(Uuid::nil()),
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for InviteAssociation {
    type Key = AssociationId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        client_id: subscriber,
        user_id: invite,
        created_at: created_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: AssociationId(Uuid::nil()),
            subscriber: SubscriberId(Uuid::nil()),
            invite: InviteId(Uuid::nil()),
            created_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Authenticator {
    type Key = AuthenticatorId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        user_id: user,
        secret: secret,
        confirmed_at: confirmed_at,
        last_step: last_step,
        removed_at: removed_at,
        created_at: created_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: AuthenticatorId(Uuid::nil()),
            user: UserId(Uuid::nil()),
            secret: Vec::new(),
            confirmed_at: None,
            last_step: 0,
            removed_at: None,
            created_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for PhoneFactor {
    type Key = PhoneFactorId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        user_id: user,
        number: number,
        secret: secret,
        is_backup: is_backup,
        confirmed_at: confirmed_at,
        last_step: last_step,
        removed_at: removed_at,
        created_at: created_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: PhoneFactorId(Uuid::nil()),
            user: UserId(Uuid::nil()),
            number: Phone::from_stored(String::new()),
            secret: Vec::new(),
            is_backup: false,
            confirmed_at: None,
            last_step: 0,
            removed_at: None,
            created_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for RecoveryCode {
    type Key = RecoveryCodeId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        set_id: set,
        code_hash: hash,
        used_at: used_at,
        created_at: created_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: RecoveryCodeId(Uuid::nil()),
            set: RecoverySetId(Uuid::nil()),
            hash: Vec::new(),
            used_at: None,
            created_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Session {
    type Key = SessionId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        user_id: user,
        token_hash: token_hash,
        stage: stage,
        agent: agent,
        seen_at: seen_at,
        expires: expires,
        created_at: created_at,
    };
}

impl Named for Report {
    type Key = ReportId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        status: status,
        type: kind,
        author_id: author,
        partner_id: subscriber,
        result_item_id: file,
        rows_written: written,
        rows_total: total,
        made_since: since,
        made_before: before,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: ReportId(Uuid::nil()),
            kind: ReportType::ALL[0],
            status: ReportStatus::ALL[0],
            subscriber: SubscriberId(Uuid::nil()),
            author: None,
            file: None,
            since: None,
            before: None,
            written: 0,
            total: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Change {
    type Key = ChangeId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        at: at,
        by_id: by,
        subscriber_id: subscriber,
        kind: kind,
        subject: subject,
        act: act,
        comment: comment,
        before: before,
        after: after,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: ChangeId(Uuid::nil()),
            at: DateTime::UNIX_EPOCH,
            by: None,
            subscriber: None,
            kind: String::new(),
            subject: String::new(),
            act: String::new(),
            comment: String::new(),
            before: None,
            after: None,
        })
    }
}
