//! Subscriptions, wishes to subscribe, and what was sold once.

use sqlx::FromRow;
use turnout_core::{
    ids::{InterestId, ProductId, SubscriberId, SubscriptionId},
    ports::store::StoreError,
    subscriber::{Plan, SmsMode},
    subscription::{Contact, Interest, InterestStatus, Product, Subscription},
};
use uuid::Uuid;

use super::{officials::stored_phone, optional, table};
use crate::sql::{
    dialect::Dialect,
    moment::{Day, Moment},
    session::Statement,
    statements::subscriptions as statements,
};

#[derive(FromRow)]
pub(crate) struct SubscriptionRow {
    uuid: Uuid,
    interest_id: Option<Uuid>,
    product_id: Option<Uuid>,
    plan: Option<String>,
    expires: Option<Day>,
    primary_contact_first_name: Option<String>,
    primary_contact_last_name: Option<String>,
    primary_contact_email: Option<String>,
    primary_contact_phone: Option<String>,
    ein: Option<String>,
    internal_notes: Option<String>,
    modified_at: Moment,
    subscriber_id: Uuid,
    created_at: Moment,
}
table!(SubscriptionRow, "subscription_subscription", statements::COLUMNS, "subscription");

impl TryFrom<SubscriptionRow> for Subscription {
    type Error = StoreError;

    fn try_from(row: SubscriptionRow) -> Result<Self, StoreError> {
        let plan = optional::<SubscriptionRow, _>("plan", row.plan.as_deref(), Plan::parse)?;
        Ok(Self {
            id: SubscriptionId(row.uuid),
            subscriber: SubscriberId(row.subscriber_id),
            interest: row.interest_id.map(InterestId),
            product: row.product_id.map(ProductId),
            // as where there is no subscription at all
            plan: plan.unwrap_or(Plan::Premium),
            expires: row.expires.map(|day| day.0),
            contact: Contact {
                first_name: row.primary_contact_first_name,
                last_name: row.primary_contact_last_name,
                email: row.primary_contact_email,
                phone: stored_phone(row.primary_contact_phone),
            },
            ein: row.ein,
            internal_notes: row.internal_notes,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT` (all but the last) and `UPDATE` (all) take.
pub(crate) fn bind_subscription<D: Dialect>(statement: Statement<D>, it: &Subscription) -> Statement<D> {
    statement
        .bind(it.id.0)
        .bind(it.interest.map(|id| id.0))
        .bind(it.product.map(|id| id.0))
        .bind(it.plan.wire())
        .bind(it.expires.map(Day))
        .bind(&it.contact.first_name)
        .bind(&it.contact.last_name)
        .bind(&it.contact.email)
        .bind(it.contact.phone.as_ref().map(|phone| phone.e164()))
        .bind(&it.ein)
        .bind(&it.internal_notes)
        .bind(Moment(it.modified_at))
        .bind(it.subscriber.0)
}

#[derive(FromRow)]
pub(crate) struct InterestRow {
    uuid: Uuid,
    organization_name: Option<String>,
    website: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    plan: Option<String>,
    ein: Option<String>,
    status: Option<String>,
    reject_reason: Option<String>,
    sms_mode: Option<String>,
    nonprofit: Option<bool>,
    product_id: Option<Uuid>,
    modified_at: Moment,
    created_at: Moment,
}
table!(InterestRow, "subscription_interest", statements::INTEREST_COLUMNS, "interest");

impl TryFrom<InterestRow> for Interest {
    type Error = StoreError;

    fn try_from(row: InterestRow) -> Result<Self, StoreError> {
        let plan = optional::<InterestRow, _>("plan", row.plan.as_deref(), Plan::parse)?;
        let status = optional::<InterestRow, _>("status", row.status.as_deref(), InterestStatus::parse)?;
        let sms_mode = optional::<InterestRow, _>("sms_mode", row.sms_mode.as_deref(), SmsMode::parse)?;
        Ok(Self {
            id: InterestId(row.uuid),
            organization_name: row.organization_name,
            website: row.website,
            contact: Contact {
                first_name: row.first_name,
                last_name: row.last_name,
                email: row.email,
                phone: stored_phone(row.phone),
            },
            plan: plan.unwrap_or(Plan::Free),
            ein: row.ein,
            sms_mode: sms_mode.unwrap_or(SmsMode::BoxUnchecked),
            status: status.unwrap_or(InterestStatus::Pending),
            reject_reason: row.reject_reason,
            nonprofit: row.nonprofit,
            product: row.product_id.map(ProductId),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Binds what `INSERT_INTEREST` (all but the last) and `UPDATE_INTEREST` (all) take.
pub(crate) fn bind_interest<D: Dialect>(statement: Statement<D>, it: &Interest) -> Statement<D> {
    statement
        .bind(it.id.0)
        .bind(&it.organization_name)
        .bind(&it.website)
        .bind(&it.contact.first_name)
        .bind(&it.contact.last_name)
        .bind(&it.contact.email)
        .bind(it.contact.phone.as_ref().map(|phone| phone.e164()))
        .bind(it.plan.wire())
        .bind(&it.ein)
        .bind(it.status.wire())
        .bind(&it.reject_reason)
        .bind(it.sms_mode.wire())
        .bind(it.nonprofit)
        .bind(it.product.map(|id| id.0))
        .bind(Moment(it.modified_at))
}

#[derive(FromRow)]
pub(crate) struct ProductRow {
    uuid: Uuid,
    months: Option<i64>,
    cost: Option<i64>,
    public: Option<bool>,
    created_at: Moment,
    modified_at: Moment,
}
table!(ProductRow, "subscription_product", statements::PRODUCT_COLUMNS, "product");

impl TryFrom<ProductRow> for Product {
    type Error = StoreError;

    fn try_from(row: ProductRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProductId(row.uuid),
            months: row.months,
            cost: row.cost,
            public: row.public,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}
