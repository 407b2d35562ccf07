-- Where facts come from and when they were checked, what is proposed for them, previews of signed forms, and the way to
-- ballot requests that went to an office at once.

ALTER TABLE election_stateinformation ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE election_stateinformation ADD COLUMN checked_on date;

CREATE TABLE election_proposal (
    information_id uuid NOT NULL PRIMARY KEY
        REFERENCES election_stateinformation (uuid) DEFERRABLE INITIALLY DEFERRED,
    uuid uuid NOT NULL UNIQUE,
    text text NOT NULL,
    notes text NOT NULL,
    source text NOT NULL,
    checked_on date,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    base timestamptz NOT NULL
);

ALTER TABLE storage_storageitem ADD COLUMN preview_of_id uuid
    REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX storage_storageitem_preview_of ON storage_storageitem (preview_of_id) WHERE preview_of_id IS NOT NULL;

CREATE INDEX event_tracking_event_handed_over ON event_tracking_event (created_at, action_id)
    WHERE event_type IN ('FinishLEO', 'FinishLEOFaxPending');
