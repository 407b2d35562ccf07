-- What the record pages list: the newest wishes, subscriptions and products, and the regions of a state by number.

CREATE INDEX official_region_of ON official_region (state_id, external_id);
CREATE INDEX subscription_interest_newest ON subscription_interest (created_at, uuid);
CREATE INDEX subscription_product_newest ON subscription_product (created_at, uuid);
CREATE INDEX subscription_subscription_newest ON subscription_subscription (created_at, uuid);
