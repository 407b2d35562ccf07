//! Subscriptions, wishes to subscribe, and what opens subscribers' accounts elsewhere.

macro_rules! columns {
    () => {
        "uuid, interest_id, product_id, plan, expires, primary_contact_first_name, primary_contact_last_name, \
         primary_contact_email, primary_contact_phone, ein, internal_notes, modified_at, subscriber_id, created_at"
    };
}
macro_rules! interest_columns {
    () => {
        "uuid, organization_name, website, first_name, last_name, email, phone, plan, ein, status, reject_reason, \
         sms_mode, nonprofit, product_id, modified_at, created_at"
    };
}
macro_rules! integration_columns {
    () => {
        "uuid, subscriber_id, external_tool, name, value, created_at, modified_at"
    };
}

pub(crate) const COLUMNS: &str = columns!();
pub(crate) const INTEREST_COLUMNS: &str = interest_columns!();
pub(crate) const PRODUCT_COLUMNS: &str = "uuid, months, cost, public, created_at, modified_at";

statements! {
    BY_SUBSCRIBER = concat!("SELECT ", columns!(), " FROM subscription_subscription WHERE subscriber_id = $1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!("SELECT ", columns!(), " FROM subscription_subscription WHERE subscriber_id = $1"),
        postgres concat!(
            "SELECT ", columns!(), " FROM subscription_subscription WHERE subscriber_id = $1 FOR NO KEY UPDATE"
        );
    INSERT = concat!(
        "INSERT INTO subscription_subscription (", columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    /// Numbered as in `INSERT`, whose first and last column do not change.
    UPDATE = "UPDATE subscription_subscription SET interest_id = $2, product_id = $3, plan = $4, expires = $5, \
              primary_contact_first_name = $6, primary_contact_last_name = $7, primary_contact_email = $8, \
              primary_contact_phone = $9, ein = $10, internal_notes = $11, modified_at = $12 \
              WHERE uuid = $1 AND subscriber_id = $13";
    INTEREST = concat!("SELECT ", interest_columns!(), " FROM subscription_interest WHERE uuid = $1");
    LOCK_INTEREST = concat!("SELECT ", interest_columns!(), " FROM subscription_interest WHERE uuid = $1"),
        postgres concat!(
            "SELECT ", interest_columns!(), " FROM subscription_interest WHERE uuid = $1 FOR NO KEY UPDATE"
        );
    FIRST_INTERESTS = concat!(
        "SELECT ", interest_columns!(), " FROM subscription_interest WHERE status = $1 \
         ORDER BY created_at DESC, uuid DESC LIMIT $2"
    );
    INTERESTS = concat!(
        "SELECT ", interest_columns!(), " FROM subscription_interest WHERE status = $1 \
         AND (created_at, uuid) < ($2, $3) ORDER BY created_at DESC, uuid DESC LIMIT $4"
    );
    INSERT_INTEREST = concat!(
        "INSERT INTO subscription_interest (", interest_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    );
    /// Numbered as in `INSERT_INTEREST`, whose last column does not change.
    UPDATE_INTEREST = "UPDATE subscription_interest SET organization_name = $2, website = $3, first_name = $4, \
                       last_name = $5, email = $6, phone = $7, plan = $8, ein = $9, status = $10, \
                       reject_reason = $11, sms_mode = $12, nonprofit = $13, product_id = $14, modified_at = $15 \
                       WHERE uuid = $1";
    PRODUCTS = "SELECT uuid, months, cost, public, created_at, modified_at FROM subscription_product \
                ORDER BY uuid LIMIT $1";
    KEY = "SELECT value FROM multi_tenant_subscriberintegrationproperty WHERE subscriber_id = $1 \
           AND external_tool = $2 AND name = $3 AND value <> '' ORDER BY created_at DESC, uuid DESC LIMIT 1";
    INSERT_KEY = concat!(
        "INSERT INTO multi_tenant_subscriberintegrationproperty (", integration_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    REMOVE_KEYS = "DELETE FROM multi_tenant_subscriberintegrationproperty WHERE subscriber_id = $1 \
                   AND external_tool = $2 AND name = $3";
}
