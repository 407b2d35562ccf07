-- A region that no list has any more stays, as registrations point to it; another may have taken its place.
ALTER TABLE official_region ADD COLUMN gone_at timestamptz;
ALTER TABLE official_region ADD COLUMN replaced_by bigint
    REFERENCES official_region (external_id) DEFERRABLE INITIALLY DEFERRED;
