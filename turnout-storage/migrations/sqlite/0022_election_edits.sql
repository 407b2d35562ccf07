-- Where facts come from and when they were checked, what is proposed for them, previews of signed forms, and the way to
-- ballot requests that went to an office at once.

ALTER TABLE election_stateinformation ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE election_stateinformation ADD COLUMN checked_on TEXT;

CREATE TABLE election_proposal (
    information_id BLOB NOT NULL PRIMARY KEY
        REFERENCES election_stateinformation (uuid) DEFERRABLE INITIALLY DEFERRED,
    uuid BLOB NOT NULL UNIQUE,
    text TEXT NOT NULL,
    notes TEXT NOT NULL,
    source TEXT NOT NULL,
    checked_on TEXT,
    proposed_by BLOB NOT NULL,
    proposed_at TEXT NOT NULL,
    base TEXT NOT NULL
) STRICT;

ALTER TABLE storage_storageitem ADD COLUMN preview_of_id BLOB
    REFERENCES storage_storageitem (uuid) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX storage_storageitem_preview_of ON storage_storageitem (preview_of_id) WHERE preview_of_id IS NOT NULL;

CREATE INDEX event_tracking_event_handed_over ON event_tracking_event (created_at, action_id)
    WHERE event_type IN ('FinishLEO', 'FinishLEOFaxPending');
