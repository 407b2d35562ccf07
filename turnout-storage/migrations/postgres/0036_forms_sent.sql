-- Forms that went to voters by letter are counted by region, among all that happened, by when that was.

CREATE INDEX event_tracking_event_mailed ON event_tracking_event (created_at, action_id)
    WHERE event_type = 'FinishLobConfirm';
