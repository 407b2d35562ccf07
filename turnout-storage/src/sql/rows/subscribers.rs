//! Subscribers and their slugs.

use sqlx::FromRow;
use turnout_core::{
    ids::{SlugId, SubscriberId},
    language::Language,
    ports::store::StoreError,
    subscriber::{Plan, Slug, Subscriber, SubscriberStatus},
};
use uuid::Uuid;

use super::{optional, table};
use crate::sql::{
    dialect::Dialect, moment::Moment, session::Statement, statements::subscribers as statements,
};

#[derive(FromRow)]
pub(crate) struct SubscriberRow {
    uuid: Uuid,
    name: String,
    url: String,
    email: Option<String>,
    privacy_policy: Option<String>,
    terms_of_service: Option<String>,
    sms_enabled: Option<bool>,
    sms_checkbox: Option<bool>,
    sms_checkbox_default: Option<bool>,
    sms_disclaimer: Option<String>,
    default_slug_id: Option<Uuid>,
    status: Option<String>,
    is_first_party: bool,
    has_api_access: Option<bool>,
    created_at: Moment,
    modified_at: Moment,
    language: Option<String>,
    sync_tmc: Option<bool>,
    sync_bluelink: Option<bool>,
    plan: Option<String>,
}
table!(SubscriberRow, "multi_tenant_client", statements::COLUMNS, "subscriber");

impl TryFrom<SubscriberRow> for Subscriber {
    type Error = StoreError;

    fn try_from(row: SubscriberRow) -> Result<Self, StoreError> {
        let status = optional::<SubscriberRow, _>("status", row.status.as_deref(), SubscriberStatus::parse)?;
        let language = optional::<SubscriberRow, _>("language", row.language.as_deref(), Language::parse)?;
        let plan = optional::<SubscriberRow, _>("plan", row.plan.as_deref(), Plan::parse)?;
        Ok(Self {
            id: SubscriberId(row.uuid),
            name: row.name,
            url: row.url,
            email: row.email,
            privacy_policy: row.privacy_policy,
            terms_of_service: row.terms_of_service,
            sms_enabled: row.sms_enabled,
            sms_checkbox: row.sms_checkbox,
            sms_checkbox_default: row.sms_checkbox_default,
            sms_disclaimer: row.sms_disclaimer,
            language,
            default_slug: row.default_slug_id.map(SlugId),
            status: status.unwrap_or(SubscriberStatus::Active),
            is_first_party: row.is_first_party,
            has_api_access: row.has_api_access.unwrap_or(false),
            sync_tmc: row.sync_tmc.unwrap_or(false),
            sync_bluelink: row.sync_bluelink.unwrap_or(false),
            plan: plan.unwrap_or(Plan::Premium),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct SlugRow {
    uuid: Uuid,
    partner_id: Uuid,
    slug: String,
    created_at: Moment,
}
table!(SlugRow, "multi_tenant_partnerslug", statements::SLUG_COLUMNS, "slug");

impl TryFrom<SlugRow> for Slug {
    type Error = StoreError;

    fn try_from(row: SlugRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: SlugId(row.uuid),
            subscriber: SubscriberId(row.partner_id),
            slug: row.slug,
            created_at: row.created_at.0,
        })
    }
}

/// Binds what `INSERT` (all but the last) and `UPDATE` (all) take.
pub(crate) fn bind_subscriber<D: Dialect>(statement: Statement<D>, subscriber: &Subscriber) -> Statement<D> {
    statement
        .bind(subscriber.id.0)
        .bind(&subscriber.name)
        .bind(&subscriber.url)
        .bind(&subscriber.email)
        .bind(&subscriber.privacy_policy)
        .bind(&subscriber.terms_of_service)
        .bind(subscriber.sms_enabled)
        .bind(subscriber.sms_checkbox)
        .bind(subscriber.sms_checkbox_default)
        .bind(&subscriber.sms_disclaimer)
        .bind(subscriber.default_slug.map(|id| id.0))
        .bind(subscriber.status.wire())
        .bind(subscriber.is_first_party)
        .bind(subscriber.has_api_access)
        .bind(Moment(subscriber.modified_at))
        .bind(subscriber.language.as_ref().map(ToString::to_string))
        .bind(subscriber.sync_tmc)
        .bind(subscriber.sync_bluelink)
}
