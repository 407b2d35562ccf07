//! Subscribers and their slugs.

macro_rules! select {
    () => {
        "SELECT c.uuid, c.name, c.url, c.email, c.privacy_policy, c.terms_of_service, c.sms_enabled, \
         c.sms_checkbox, c.sms_checkbox_default, c.sms_disclaimer, c.default_slug_id, c.status, \
         c.is_first_party, c.has_api_access, c.created_at, c.modified_at, c.language, c.sync_tmc, \
         c.sync_bluelink, s.plan FROM multi_tenant_client c \
         LEFT JOIN subscription_subscription s ON s.subscriber_id = c.uuid "
    };
}

pub(super) use select;

pub(crate) const COLUMNS: &str = "uuid, name, url, email, privacy_policy, terms_of_service, sms_enabled, \
    sms_checkbox, sms_checkbox_default, sms_disclaimer, default_slug_id, status, is_first_party, has_api_access, \
    created_at, modified_at, language, sync_tmc, sync_bluelink, plan";
pub(crate) const SLUG_COLUMNS: &str = "uuid, partner_id, slug, created_at";

statements! {
    BY_ID = concat!(select!(), "WHERE c.uuid = $1");
    BY_SLUG = concat!(select!(), "JOIN multi_tenant_partnerslug p ON p.partner_id = c.uuid WHERE p.slug = $1");
    DEFAULT = concat!(select!(), "ORDER BY c.created_at, c.uuid LIMIT 1");
    /// Held until the unit ends. In SQLite the unit holds everything.
    LOCK = concat!(select!(), "WHERE c.uuid = $1"),
        postgres concat!(select!(), "WHERE c.uuid = $1 FOR NO KEY UPDATE OF c");
    FIRST_NEWEST = concat!(select!(), "ORDER BY c.created_at DESC, c.uuid DESC LIMIT $1");
    NEWEST = concat!(
        select!(),
        "WHERE (c.created_at, c.uuid) < ($1, $2) ORDER BY c.created_at DESC, c.uuid DESC LIMIT $3"
    );
    SLUG = "SELECT uuid, partner_id, slug, created_at FROM multi_tenant_partnerslug WHERE uuid = $1";
    INSERT = "INSERT INTO multi_tenant_client (uuid, name, url, email, privacy_policy, terms_of_service, \
              sms_enabled, sms_checkbox, sms_checkbox_default, sms_disclaimer, default_slug_id, status, \
              is_first_party, has_api_access, modified_at, language, sync_tmc, sync_bluelink, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    /// The subscription has the subscriber's id: there is one at the most.
    SUBSCRIBE = "INSERT INTO subscription_subscription (uuid, subscriber_id, plan, created_at, modified_at) \
                 VALUES ($1, $1, $2, $3, $3)";
    UPDATE = "UPDATE multi_tenant_client SET name = $2, url = $3, email = $4, privacy_policy = $5, \
              terms_of_service = $6, sms_enabled = $7, sms_checkbox = $8, sms_checkbox_default = $9, \
              sms_disclaimer = $10, default_slug_id = $11, status = $12, is_first_party = $13, \
              has_api_access = $14, modified_at = $15, language = $16, sync_tmc = $17, sync_bluelink = $18 \
              WHERE uuid = $1";
    INSERT_SLUG = "INSERT INTO multi_tenant_partnerslug (uuid, partner_id, slug, created_at, modified_at) \
                   VALUES ($1, $2, $3, $4, $4)";
}
